"""Voting on paper beside the vote online: who has a sheet, and what the sheets say."""

from civic.acts.paper_ballots.batches import complete, discard, enter, in_dispute, open_batch, settle
from civic.acts.paper_ballots.sheets import (
    Voter,
    clerk,
    find,
    hand_out,
    is_entering,
    is_handing_out,
    offer,
    replace,
    take_back,
)

__all__ = [
    "Voter",
    "clerk",
    "complete",
    "discard",
    "enter",
    "find",
    "hand_out",
    "in_dispute",
    "is_entering",
    "is_handing_out",
    "offer",
    "open_batch",
    "replace",
    "settle",
    "take_back",
]
