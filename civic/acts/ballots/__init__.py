"""Ballots from draft to certificate."""

from civic.acts.ballots.counting import (
    certify,
    name_scrutineer,
    recounted,
    tally,
    void,
)
from civic.acts.ballots.drafting import NewOption, Terms, announce, create, edit, frozen_terms
from civic.acts.ballots.issuing import issue_token
from civic.acts.ballots.voting import cast, cast_with_token, close, has_a_sheet, open_, review, why_not

__all__ = [
    "NewOption",
    "Terms",
    "announce",
    "cast",
    "cast_with_token",
    "certify",
    "close",
    "create",
    "edit",
    "frozen_terms",
    "has_a_sheet",
    "issue_token",
    "name_scrutineer",
    "open_",
    "recounted",
    "review",
    "tally",
    "void",
    "why_not",
]
