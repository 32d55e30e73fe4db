"""Ballots from draft to certificate."""

from civic.acts.ballots import due
from civic.acts.ballots.challenges import challenge, decide
from civic.acts.ballots.complaints import answer as answer_complaint
from civic.acts.ballots.complaints import complain, finish
from civic.acts.ballots.counting import (
    certify,
    name_scrutineer,
    recounted,
    tally,
    void,
)
from civic.acts.ballots.drafting import NewOption, Terms, announce, create, edit, frozen_terms
from civic.acts.ballots.electorates import listed, standing, why_not
from civic.acts.ballots.issuing import issue_token
from civic.acts.ballots.reruns import rerun
from civic.acts.ballots.roll_lines import weights as on_rolls
from civic.acts.ballots.rolls import check_draft, correct, examine, preview, send, take, upload
from civic.acts.ballots.voting import cast, cast_with_token, close, has_a_sheet, open_, review

__all__ = [
    "NewOption",
    "Terms",
    "announce",
    "answer_complaint",
    "cast",
    "cast_with_token",
    "certify",
    "challenge",
    "check_draft",
    "close",
    "complain",
    "correct",
    "create",
    "decide",
    "due",
    "edit",
    "examine",
    "finish",
    "frozen_terms",
    "has_a_sheet",
    "issue_token",
    "listed",
    "name_scrutineer",
    "on_rolls",
    "open_",
    "preview",
    "recounted",
    "rerun",
    "review",
    "send",
    "standing",
    "take",
    "tally",
    "upload",
    "void",
    "why_not",
]
