"""What people do with charters."""

from __future__ import annotations

from datetime import date

import strawberry

from civic.acts import charters
from civic.models import Charter as CharterRow
from civic.models import ClauseChange as ChangeRow
from civic.rules import charters as rules
from civic.schema.core.ids import decode_int, encode
from civic.schema.obligations.mutations import ObligationPayload
from civic.schema.obligations.sides import side_of
from civic.schema.parties import Info

# How often a duty recurs, as forms offer it.
EVERY = {
    "weekly": "FREQ=WEEKLY",
    "monthly": "FREQ=MONTHLY",
    "quarterly": "FREQ=MONTHLY;INTERVAL=3",
    "half_yearly": "FREQ=MONTHLY;INTERVAL=6",
    "yearly": "FREQ=YEARLY",
}


@strawberry.input
class CreateCharterInput:
    as_party: strawberry.ID
    title: str
    area: str = strawberry.field(description="Code of the area.")
    purpose: str = ""
    scenario: strawberry.ID | None = None
    meeting: strawberry.ID | None = strawberry.field(
        default=None, description="The joint meeting from which it comes; instead of a scenario."
    )
    resolution: strawberry.ID | None = strawberry.field(
        default=None,
        description="The resolution from which it is drafted: it begins with the duties named there, and belongs to what "
        "its meeting was about; instead of a scenario or a meeting.",
    )
    supersedes: strawberry.ID | None = None


@strawberry.input
class EditCharterInput:
    charter: strawberry.ID
    as_party: strawberry.ID
    title: str
    purpose: str = ""


@strawberry.input
class CharterInput:
    charter: strawberry.ID
    as_party: strawberry.ID


@strawberry.input(
    description="What a clause says. The parts about being due and evidence are for duties only."
)
class ClauseContent:
    kind: str = strawberry.field(default="", description="right, duty or interest.")
    holder: strawberry.ID | None = strawberry.field(
        default=None, description="A `Party`, or a `Bloc`; see `sides`."
    )
    counterpart: strawberry.ID | None = None
    text: str = ""
    basis: str = ""
    due_kind: str = strawberry.field(default="", description="day, recurrence or trigger.")
    due_on: date | None = strawberry.field(default=None, description="The day, or the first of a recurrence.")
    every: str = strawberry.field(
        default="", description="weekly, monthly, quarterly, half_yearly or yearly; or give `rule`."
    )
    times: int | None = strawberry.field(default=None, description="How often it recurs; with `every`.")
    rule: str = strawberry.field(default="", description="RFC 5545 RRULE with COUNT or UNTIL.")
    roll: bool = False
    trigger: str = ""
    declarer: strawberry.ID | None = None
    days: int = 0
    evidence: str = ""
    answers: list[int] = strawberry.field(default_factory=list)

    def value(self) -> rules.Clause:
        """As a plain value. What it lacks is for the act to refuse."""
        due = None
        if self.due_kind:
            rule = self.rule
            if not rule and self.every in EVERY:
                rule = EVERY[self.every] + (f";COUNT={self.times}" if self.times is not None else "")
            declarer = side_of(self.declarer, "declarer") if self.declarer else None
            due = rules.Due(self.due_kind, self.due_on, rule, self.roll, self.trigger, declarer, self.days)
        return rules.Clause(
            0, self.kind, side_of(self.holder, "holder") if self.holder else rules.Side(),
            side_of(self.counterpart, "counterpart") if self.counterpart else None, self.text, self.basis, due,
            self.evidence, tuple(self.answers),
        )  # fmt: skip


@strawberry.input
class AddClauseInput(ClauseContent):
    charter: strawberry.ID
    as_party: strawberry.ID


@strawberry.input
class ChangeClauseInput(ClauseContent):
    charter: strawberry.ID
    as_party: strawberry.ID
    number: int


@strawberry.input
class RemoveClauseInput:
    charter: strawberry.ID
    as_party: strawberry.ID
    number: int


@strawberry.input
class ProposeChangeInput(ClauseContent):
    charter: strawberry.ID
    as_party: strawberry.ID
    number: int | None = strawberry.field(default=None, description="Of the clause; null to add one.")
    reason: str


@strawberry.input
class ProposeRemovalInput:
    charter: strawberry.ID
    as_party: strawberry.ID
    number: int
    reason: str


@strawberry.input
class DecideChangeInput:
    change: strawberry.ID
    as_party: strawberry.ID
    answer: str = ""


@strawberry.input
class WithdrawChangeInput:
    change: strawberry.ID
    as_party: strawberry.ID


@strawberry.input
class SignCharterInput:
    charter: strawberry.ID
    as_party: strawberry.ID
    text_hash: str = strawberry.field(description="SHA-256 of the text that was read.")
    reservation: str = ""


@strawberry.input
class DeclareTriggerInput:
    clause: strawberry.ID
    as_party: strawberry.ID
    happened_on: date
    account: str


@strawberry.input
class EndCharterInput:
    charter: strawberry.ID
    as_party: strawberry.ID | None = None
    reason: str


@strawberry.type
class CharterPayload:
    id: strawberry.ID
    state: str
    version: int
    clause: int | None = strawberry.field(default=None, description="Number of the clause that was written.")

    @classmethod
    def of(cls, row: CharterRow, clause: int | None = None) -> CharterPayload:
        return cls(id=encode("Charter", row.id), state=row.state, version=row.version, clause=clause)

    @classmethod
    async def with_key(cls, key: int, clause: int | None = None) -> CharterPayload:
        return cls.of(await CharterRow.get(id=key), clause)


@strawberry.type
class ClauseChangePayload:
    id: strawberry.ID
    state: str

    @classmethod
    def of(cls, row: ChangeRow) -> ClauseChangePayload:
        return cls(id=encode("ClauseChange", row.id), state=row.state)


def _charter(global_id: strawberry.ID) -> int:
    return decode_int(global_id, "Charter", field="charter")


def _change(global_id: strawberry.ID) -> int:
    return decode_int(global_id, "ClauseChange", field="change")


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Begin a charter as a draft.")
    async def create_charter(self, info: Info, input: CreateCharterInput) -> CharterPayload:
        subject = None
        if input.resolution:
            subject = ("resolution", decode_int(input.resolution, "Resolution", field="resolution"))
        elif input.scenario:
            subject = ("scenario", decode_int(input.scenario, "Scenario", field="scenario"))
        elif input.meeting:
            subject = ("meeting", decode_int(input.meeting, "JointMeeting", field="meeting"))
        old = decode_int(input.supersedes, "Charter", field="supersedes") if input.supersedes else None
        row = await charters.create(
            await info.context.actor(input.as_party), title=input.title, area=input.area, purpose=input.purpose,
            subject=subject, supersedes=old, language=info.context.language,
        )  # fmt: skip
        return CharterPayload.of(row)

    @strawberry.mutation(description="Change title and purpose of a draft.")
    async def edit_charter(self, info: Info, input: EditCharterInput) -> CharterPayload:
        actor = await info.context.actor(input.as_party)
        row = await charters.edit(actor, _charter(input.charter), title=input.title, purpose=input.purpose)
        return CharterPayload.of(row)

    @strawberry.mutation(description="Add a clause to a draft.")
    async def add_clause(self, info: Info, input: AddClauseInput) -> CharterPayload:
        key, actor = _charter(input.charter), await info.context.actor(input.as_party)
        row = await charters.add_clause(actor, key, clause=input.value())
        return await CharterPayload.with_key(key, row.number)

    @strawberry.mutation(description="Change a clause of a draft.")
    async def change_clause(self, info: Info, input: ChangeClauseInput) -> CharterPayload:
        key, actor = _charter(input.charter), await info.context.actor(input.as_party)
        await charters.change_clause(actor, key, number=input.number, clause=input.value())
        return await CharterPayload.with_key(key, input.number)

    @strawberry.mutation(description="Remove a clause from a draft.")
    async def remove_clause(self, info: Info, input: RemoveClauseInput) -> CharterPayload:
        actor = await info.context.actor(input.as_party)
        return CharterPayload.of(
            await charters.remove_clause(actor, _charter(input.charter), number=input.number)
        )

    @strawberry.mutation(description="Open a draft for negotiation.")
    async def open_charter(self, info: Info, input: CharterInput) -> CharterPayload:
        actor = await info.context.actor(input.as_party)
        return CharterPayload.of(await charters.open_(actor, _charter(input.charter)))

    @strawberry.mutation(description="Propose a new clause, or what a clause shall say.")
    async def propose_change(self, info: Info, input: ProposeChangeInput) -> ClauseChangePayload:
        key, actor = _charter(input.charter), await info.context.actor(input.as_party)
        row = await charters.propose_change(
            actor, key, reason=input.reason, number=input.number, clause=input.value()
        )
        return ClauseChangePayload.of(row)

    @strawberry.mutation(description="Propose that a clause be removed.")
    async def propose_removal(self, info: Info, input: ProposeRemovalInput) -> ClauseChangePayload:
        key, actor = _charter(input.charter), await info.context.actor(input.as_party)
        return ClauseChangePayload.of(
            await charters.propose_change(actor, key, reason=input.reason, number=input.number)
        )

    @strawberry.mutation(description="Take a proposed change into the text: a new version.")
    async def accept_change(self, info: Info, input: DecideChangeInput) -> ClauseChangePayload:
        actor = await info.context.actor(input.as_party)
        return ClauseChangePayload.of(
            await charters.accept_change(actor, _change(input.change), answer=input.answer)
        )

    @strawberry.mutation(description="Decline a proposed change, with the reason.")
    async def decline_change(self, info: Info, input: DecideChangeInput) -> ClauseChangePayload:
        actor = await info.context.actor(input.as_party)
        return ClauseChangePayload.of(
            await charters.decline_change(actor, _change(input.change), answer=input.answer)
        )

    @strawberry.mutation(description="Withdraw a change that one's party proposed.")
    async def withdraw_change(self, info: Info, input: WithdrawChangeInput) -> ClauseChangePayload:
        actor = await info.context.actor(input.as_party)
        return ClauseChangePayload.of(await charters.withdraw_change(actor, _change(input.change)))

    @strawberry.mutation(description="Put the text out for signature; refused while something is missing.")
    async def start_signing(self, info: Info, input: CharterInput) -> CharterPayload:
        actor = await info.context.actor(input.as_party)
        return CharterPayload.of(await charters.start_signing(actor, _charter(input.charter)))

    @strawberry.mutation(description="Go back from signing to negotiation.")
    async def reopen_charter(self, info: Info, input: CharterInput) -> CharterPayload:
        actor = await info.context.actor(input.as_party)
        return CharterPayload.of(await charters.reopen(actor, _charter(input.charter)))

    @strawberry.mutation(description="Sign one exact text for one's party, with or without a reservation.")
    async def sign_charter(self, info: Info, input: SignCharterInput) -> CharterPayload:
        key, actor = _charter(input.charter), await info.context.actor(input.as_party)
        row = await charters.sign(actor, key, text_hash=input.text_hash, reservation=input.reservation)
        return CharterPayload.of(row)

    @strawberry.mutation(description="Declare that what a duty waits for has happened.")
    async def declare_trigger(self, info: Info, input: DeclareTriggerInput) -> ObligationPayload:
        key = decode_int(input.clause, "Clause", field="clause")
        actor = await info.context.actor(input.as_party)
        row = await charters.declare_trigger(actor, key, happened_on=input.happened_on, account=input.account)
        return ObligationPayload.of(row)

    @strawberry.mutation(description="End a charter, with a public reason.")
    async def end_charter(self, info: Info, input: EndCharterInput) -> CharterPayload:
        actor = await info.context.actor(input.as_party)
        return CharterPayload.of(await charters.end(actor, _charter(input.charter), reason=input.reason))
