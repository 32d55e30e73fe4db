"""What the API takes about paper ballots."""

from __future__ import annotations

import strawberry


@strawberry.input
class FindPaperVoterInput:
    ballot: strawberry.ID
    as_party: strawberry.ID
    voter: str = strawberry.field(description="A document number or an e-mail address; it is not stored.")


@strawberry.input
class PaperVoterInput:
    ballot: strawberry.ID
    as_party: strawberry.ID
    voter: str = strawberry.field(description="The pseudonym, as `findPaperVoter` gave it.")


@strawberry.input
class OfferPaperInput:
    ballot: strawberry.ID
    as_party: strawberry.ID


@strawberry.input
class CompletePaperInput:
    ballot: strawberry.ID
    as_party: strawberry.ID
    reason: str = strawberry.field(default="", description="Why sheets are missing, if any are; public.")


@strawberry.input
class OpenPaperBatchInput:
    ballot: strawberry.ID
    as_party: strawberry.ID
    sheets: int


@strawberry.input
class SheetInput:
    number: int
    text: str = strawberry.field(
        default="",
        description="Numbers of options as on the sheet: 3; 1 4; ranked, the best first: 3 1 2; scores: 1=5 4=2; "
        "0 for a blank sheet, * for a spoilt one, # for an abstention.",
    )


@strawberry.input
class EnterPaperBatchInput:
    batch: strawberry.ID
    as_party: strawberry.ID
    sheets: list[SheetInput]


@strawberry.input
class SettlePaperBatchInput:
    batch: strawberry.ID
    sheets: list[SheetInput]
    reason: str


@strawberry.input
class DiscardPaperBatchInput:
    batch: strawberry.ID
    as_party: strawberry.ID
    reason: str
