"""What the API takes about ballots, and what it gives back."""

from __future__ import annotations

from datetime import datetime

import strawberry

from civic.acts.ballots import NewOption, Terms
from civic.acts.box import Receipt as ReceiptOfAct
from civic.acts.receipts import text_of
from civic.rules.electorate import read_quorum
from civic.rules.money import minor
from civic.schema.core.ids import decode_int


@strawberry.input
class OptionInput:
    label: str
    about: str = ""
    cost: str = strawberry.field(default="", description="Of a project, in yuan.")
    category: str = ""


@strawberry.input
class LimitInput:
    category: str
    amount: str = strawberry.field(description="The most that may be spent in it, in yuan.")


@strawberry.input
class CreateBallotInput:
    as_party: strawberry.ID
    title: str
    question: str
    area: str
    opens_at: datetime
    closes_at: datetime
    method: str = "yes_no"
    passing: str = "majority"
    options: list[OptionInput] = strawberry.field(default_factory=list)
    quorum_percent: int = 0
    quorum: str = strawberry.field(
        default="", description="The same where it is no whole percentage, such as 2/3; it goes before."
    )
    max_choices: int | None = None
    secret: bool = True
    anonymous: bool = strawberry.field(
        default=False, description="Votes come with blind-signed tokens, without a name."
    )
    proposal: strawberry.ID | None = None
    seats: int | None = strawberry.field(default=None, description="How many are to be elected (stv).")
    max_score: int | None = None
    budget: str = strawberry.field(default="", description="In yuan.")
    limits: list[LimitInput] = strawberry.field(default_factory=list)
    shuffled: bool = strawberry.field(
        default=False, description="Each voter sees the options in an order drawn for them."
    )
    electorate: str | None = strawberry.field(
        default=None,
        description="residents of the area (so by default), blocs (delegates of parties), or roll (uploaded to the draft). "
        "Left out of a change, it stays as it is.",
    )
    blocs: list[str] = strawberry.field(default_factory=list, description="Whose delegates vote.")

    def terms(self) -> Terms:
        terms: Terms = {
            "title": self.title,
            "question": self.question,
            "area": self.area,
            "opens_at": self.opens_at,
            "closes_at": self.closes_at,
            "method": self.method,
            "passing": self.passing,
            "options": [
                NewOption(
                    o.label, o.about, minor(o.cost, field="options") if o.cost.strip() else None, o.category
                )
                for o in self.options
                if o.label.strip()
            ],
            "quorum": read_quorum(self.quorum) if self.quorum.strip() else (self.quorum_percent, 100),
            "max_choices": self.max_choices,
            "seats": self.seats,
            "max_score": self.max_score,
            "budget": minor(self.budget, field="budget") if self.budget.strip() else None,
            "limits": {
                c.category: minor(c.amount, field="limits") for c in self.limits if c.category.strip()
            },
            "shuffled": self.shuffled,
            "secret": self.secret,
            "anonymous": self.anonymous,
            "proposal": decode_int(self.proposal, "Proposal", field="proposal") if self.proposal else None,
        }
        if self.electorate:
            terms["electorate"] = self.electorate
        if self.electorate or self.blocs:
            terms["blocs"] = self.blocs
        return terms


@strawberry.input
class EditBallotInput(CreateBallotInput):
    ballot: strawberry.ID


@strawberry.input
class BallotInput:
    ballot: strawberry.ID
    as_party: strawberry.ID | None = None


@strawberry.input
class VoidBallotInput:
    ballot: strawberry.ID
    reason: str
    as_party: strawberry.ID | None = strawberry.field(
        default=None, description="The host, before voting begins; a steward leaves it out."
    )


@strawberry.input
class FileComplaintInput:
    ballot: strawberry.ID
    reason: str
    as_party: strawberry.ID | None = strawberry.field(
        default=None, description="A party of the area; voters and scrutineers leave it out."
    )


@strawberry.input
class AnswerComplaintInput:
    ballot: strawberry.ID
    as_party: strawberry.ID
    number: int
    upheld: bool = strawberry.field(description="An upheld complaint keeps the result from becoming final.")
    text: str


@strawberry.input
class RerunBallotInput:
    ballot: strawberry.ID
    as_party: strawberry.ID
    opens_at: datetime
    closes_at: datetime


@strawberry.input
class NameScrutineerInput:
    ballot: strawberry.ID
    as_party: strawberry.ID
    membership: strawberry.ID = strawberry.field(description="Who, and for which party: a candidate's.")


@strawberry.input
class CastVoteInput:
    ballot: strawberry.ID
    choices: list[str] = strawberry.field(description="Keys of options.")


@strawberry.input
class CheckReceiptInput:
    receipt: str = strawberry.field(description="The whole text of a receipt.")


@strawberry.type(description="What the voter keeps. Only they have it: the salt is stored nowhere.")
class Receipt:
    ballot: str
    tracker: str = strawberry.field(description="The number of the vote in the published box.")
    version: int
    commitment: str
    salt: str
    signature: str
    public_key: str
    receipt: strawberry.Private[ReceiptOfAct]

    @classmethod
    def of(cls, done: ReceiptOfAct) -> Receipt:
        return cls(
            ballot=done.ballot, tracker=done.tracker, version=done.version, commitment=done.commitment,
            salt=done.salt, signature=done.signature, public_key=done.public_key, receipt=done,
        )  # fmt: skip

    @strawberry.field(description="The whole receipt as text, to be kept and checked.")
    def text(self) -> str:
        return text_of(self.receipt)

    @strawberry.field(description="The text as a QR code: an SVG drawing, dark on white.")
    def qr(self) -> str:
        import segno

        code = segno.make(text_of(self.receipt), error="m", micro=False)
        return code.svg_inline(
            omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None, border=4
        )


@strawberry.type
class BallotPayload:
    id: strawberry.ID
    state: str


@strawberry.type
class CastVotePayload:
    receipt: Receipt
