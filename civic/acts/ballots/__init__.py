"""Ballots from draft to certificate."""

from civic.acts.ballots import due
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
from civic.acts.ballots.issuing import issue_token
from civic.acts.ballots.reruns import rerun
from civic.acts.ballots.voting import cast, cast_with_token, close, has_a_sheet, open_, review, why_not

__all__ = [
    "NewOption",
    "Terms",
    "announce",
    "answer_complaint",
    "cast",
    "cast_with_token",
    "certify",
    "close",
    "complain",
    "create",
    "due",
    "edit",
    "finish",
    "frozen_terms",
    "has_a_sheet",
    "issue_token",
    "name_scrutineer",
    "open_",
    "recounted",
    "rerun",
    "review",
    "tally",
    "void",
    "why_not",
]
