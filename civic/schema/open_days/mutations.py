"""What people do at open days."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from civic.acts.open_days import door, editions, places, questions, reports, series
from civic.acts.open_days.editions import Words
from civic.acts.responses.answering import Commitment
from civic.errors import N_, NotFound
from civic.models import OpenDay as OpenDayRow
from civic.models import Registration
from civic.rules.open_days import Pattern, Slot, minutes_of
from civic.schema.core.ids import decode_int, encode
from civic.schema.open_days.places import OpenDayRegistration
from civic.schema.open_days.types import UNITS, Info
from civic.schema.responses.mutations import CommitmentInput


@strawberry.input
class SlotInput:
    starts_at: datetime
    ends_at: datetime
    capacity: int


@strawberry.input
class PatternInput:
    at: str = strawberry.field(description="When it begins, as 14:30, in the platform's zone.")
    minutes: int
    capacity: int


@strawberry.input
class CreateOpenDayInput:
    as_party: strawberry.ID
    title: str
    area: str = strawberry.field(description="Code of the area.")
    place: str
    slots: list[SlotInput]
    opens_at: datetime = strawberry.field(description="Registration opens.")
    closes_at: datetime
    about: str = ""
    access: str = ""
    online_url: str = ""
    latitude: float | None = None
    longitude: float | None = None
    co_hosts: list[strawberry.ID] = strawberry.field(default_factory=list)


@strawberry.input
class EditOpenDayInput:
    open_day: strawberry.ID
    as_party: strawberry.ID
    title: str
    place: str
    about: str = ""
    access: str = ""
    online_url: str = ""
    latitude: float | None = None
    longitude: float | None = None
    closes_at: datetime | None = None


@strawberry.input
class OpenDayInput:
    open_day: strawberry.ID
    as_party: strawberry.ID


@strawberry.input
class CancelOpenDayInput:
    open_day: strawberry.ID
    as_party: strawberry.ID
    reason: str


@strawberry.input
class SetCapacityInput:
    open_day: strawberry.ID
    as_party: strawberry.ID
    position: int
    capacity: int


@strawberry.input
class ReportOpenDayInput:
    open_day: strawberry.ID
    as_party: strawberry.ID
    text: str
    follow_ups: list[CommitmentInput] = strawberry.field(default_factory=list)


@strawberry.input
class PlanSeriesInput:
    as_party: strawberry.ID
    title: str
    area: str
    place: str
    rule: str = strawberry.field(
        description="RFC 5545 RRULE that ends, such as FREQ=MONTHLY;BYDAY=2SA;COUNT=12."
    )
    first_on: date
    slots: list[PatternInput]
    about: str = ""
    access: str = ""
    announce_days: int = 21


@strawberry.input
class SeriesInput:
    series: strawberry.ID
    as_party: strawberry.ID


@strawberry.input
class RegisterInput:
    slot: strawberry.ID
    companions: int = 0
    as_party: strawberry.ID | None = strawberry.field(
        default=None, description="For a delegation of this party."
    )


@strawberry.input
class RegisterForInput:
    slot: strawberry.ID
    as_party: strawberry.ID
    name: str
    companions: int = 0


@strawberry.input
class LeaveInput:
    registration: strawberry.ID
    as_party: strawberry.ID | None = None


@strawberry.input
class CheckInInput:
    open_day: strawberry.ID
    as_party: strawberry.ID
    code: str = strawberry.field(description="As typed from the ticket, or what its QR code holds.")
    attempt: str = strawberry.field(
        default="",
        description="A mark of this one scan: sent again with it, when an answer was lost, nothing changes and all is well. "
        "Another scan of a used ticket is refused.",
    )


@strawberry.input
class AskInput:
    open_day: strawberry.ID
    body: str


@strawberry.input
class QuestionInput:
    question: strawberry.ID


@strawberry.input
class AnswerQuestionInput:
    question: strawberry.ID
    as_party: strawberry.ID
    body: str


@strawberry.input
class CarryQuestionInput:
    question: strawberry.ID
    title: str
    body: str = ""


@strawberry.input
class HideQuestionInput:
    question: strawberry.ID
    reason: str


@strawberry.input
class RateOpenDayInput:
    registration: strawberry.ID
    stars: int
    text: str = ""


@strawberry.type
class OpenDayPayload:
    id: strawberry.ID
    state: str

    @classmethod
    def of(cls, row: OpenDayRow) -> OpenDayPayload:
        return cls(id=encode("OpenDay", row.id), state=row.state)


@strawberry.type
class SeriesPayload:
    id: strawberry.ID
    state: str


@strawberry.type
class RegistrationPayload:
    registration: OpenDayRegistration
    open_day: strawberry.ID

    @classmethod
    async def of(cls, row: Registration) -> RegistrationPayload:
        await row.fetch_related("slot", "party")
        return cls(registration=OpenDayRegistration.of(row), open_day=encode("OpenDay", row.open_day_id))


@strawberry.type
class CheckInPayload:
    registration: OpenDayRegistration
    again: bool = strawberry.field(description="This same scan had let them in already.")
    attended: int = strawberry.field(description="People who are here by now.")


@strawberry.type
class QuestionPayload:
    id: strawberry.ID
    supports: int


@strawberry.type
class CarriedPayload:
    proposal: strawberry.ID


def _millionths(degrees: float | None) -> int | None:
    return None if degrees is None else round(degrees * UNITS)


def _words(input: CreateOpenDayInput | EditOpenDayInput) -> Words:
    return Words(
        title=input.title, place=input.place, about=input.about, access=input.access,
        online_url=input.online_url, latitude=_millionths(input.latitude), longitude=_millionths(input.longitude),
    )  # fmt: skip


def _key(id: strawberry.ID) -> int:
    return decode_int(id, "OpenDay", field="open_day")


def _question(id: strawberry.ID) -> int:
    return decode_int(id, "OpenDayQuestion", field="question")


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Draft an open day.")
    async def create_open_day(self, info: Info, input: CreateOpenDayInput) -> OpenDayPayload:
        done = await editions.create(
            await info.context.actor(input.as_party), words=_words(input), area=input.area,
            slots=[Slot(s.starts_at, s.ends_at, s.capacity) for s in input.slots], opens_at=input.opens_at,
            closes_at=input.closes_at,
            co_hosts=[decode_int(key, "Party", field="co_hosts") for key in input.co_hosts],
        )  # fmt: skip
        return OpenDayPayload.of(done)

    @strawberry.mutation(description="Change what an open day says; those registered are told.")
    async def edit_open_day(self, info: Info, input: EditOpenDayInput) -> OpenDayPayload:
        actor = await info.context.actor(input.as_party)
        done = await editions.edit(
            actor, _key(input.open_day), words=_words(input), closes_at=input.closes_at
        )
        return OpenDayPayload.of(done)

    @strawberry.mutation(description="Announce an open day.")
    async def announce_open_day(self, info: Info, input: OpenDayInput) -> OpenDayPayload:
        actor = await info.context.actor(input.as_party)
        return OpenDayPayload.of(await editions.announce(actor, _key(input.open_day)))

    @strawberry.mutation(description="Cancel an open day; everybody registered is told.")
    async def cancel_open_day(self, info: Info, input: CancelOpenDayInput) -> OpenDayPayload:
        actor = await info.context.actor(input.as_party)
        return OpenDayPayload.of(await editions.cancel(actor, _key(input.open_day), reason=input.reason))

    @strawberry.mutation(description="Change how many people a slot holds; the line moves up.")
    async def set_open_day_capacity(self, info: Info, input: SetCapacityInput) -> OpenDayPayload:
        actor = await info.context.actor(input.as_party)
        done = await editions.set_capacity(
            actor, _key(input.open_day), position=input.position, capacity=input.capacity
        )
        return OpenDayPayload.of(done)

    @strawberry.mutation(description="Close an open day with the host's account.")
    async def report_open_day(self, info: Info, input: ReportOpenDayInput) -> OpenDayPayload:
        actor = await info.context.actor(input.as_party)
        follow_ups = [Commitment(c.text, c.due_on) for c in input.follow_ups]
        return OpenDayPayload.of(
            await reports.report(actor, _key(input.open_day), text=input.text, follow_ups=follow_ups)
        )

    @strawberry.mutation(description="Plan open days that recur.")
    async def plan_open_day_series(self, info: Info, input: PlanSeriesInput) -> SeriesPayload:
        done = await series.plan(
            await info.context.actor(input.as_party), title=input.title, area=input.area, place=input.place,
            rule=input.rule, first_on=input.first_on, about=input.about, access=input.access,
            slots=[Pattern(minutes_of(s.at), s.minutes, s.capacity) for s in input.slots], announce_days=input.announce_days,
        )  # fmt: skip
        return SeriesPayload(id=encode("OpenDaySeries", done.id), state=done.state)

    @strawberry.mutation(description="End a series; its editions stay.")
    async def end_open_day_series(self, info: Info, input: SeriesInput) -> SeriesPayload:
        key = decode_int(input.series, "OpenDaySeries", field="series")
        done = await series.end(await info.context.actor(input.as_party), key)
        return SeriesPayload(id=input.series, state=done.state)

    @strawberry.mutation(description="Take places; who does not fit waits in line.")
    async def register_for_open_day(self, info: Info, input: RegisterInput) -> RegistrationPayload:
        key = decode_int(input.slot, "OpenDaySlot", field="slot")
        actor = await info.context.actor(input.as_party)
        return await RegistrationPayload.of(await places.register(actor, key, companions=input.companions))

    @strawberry.mutation(description="Take places for somebody at the counter.")
    async def register_somebody_for_open_day(
        self, info: Info, input: RegisterForInput
    ) -> RegistrationPayload:
        key = decode_int(input.slot, "OpenDaySlot", field="slot")
        actor = await info.context.actor(input.as_party)
        done = await places.register_for(actor, key, name=input.name, companions=input.companions)
        return await RegistrationPayload.of(done)

    @strawberry.mutation(description="Give places back; the line moves up.")
    async def leave_open_day(self, info: Info, input: LeaveInput) -> RegistrationPayload:
        key = decode_int(input.registration, "OpenDayRegistration", field="registration")
        row = await Registration.get_or_none(id=key)
        if row is None:
            raise NotFound(N_("There is no such registration."), reason="gone")
        actor = await info.context.actor(input.as_party)
        return await RegistrationPayload.of(await places.leave(actor, row.slot_id, registration=key))

    @strawberry.mutation(description="Let in whoever holds a ticket, once.")
    async def check_in(self, info: Info, input: CheckInInput) -> CheckInPayload:
        actor = await info.context.actor(input.as_party)
        done = await door.check_in(actor, _key(input.open_day), code=input.code, attempt=input.attempt)
        shown = await RegistrationPayload.of(done.registration)
        here = await OpenDayRow.get(id=done.registration.open_day_id)
        return CheckInPayload(registration=shown.registration, again=done.again, attended=here.attended)

    @strawberry.mutation(description="Ask the hosts something.")
    async def ask_open_day(self, info: Info, input: AskInput) -> QuestionPayload:
        done = await questions.ask(await info.context.actor(), _key(input.open_day), body=input.body)
        return QuestionPayload(id=encode("OpenDayQuestion", done.id), supports=done.supports)

    @strawberry.mutation(description="Support a question.")
    async def support_question(self, info: Info, input: QuestionInput) -> QuestionPayload:
        done = await questions.support(await info.context.actor(), _question(input.question))
        return QuestionPayload(id=input.question, supports=done.supports)

    @strawberry.mutation(description="Answer a question in public.")
    async def answer_question(self, info: Info, input: AnswerQuestionInput) -> QuestionPayload:
        actor = await info.context.actor(input.as_party)
        done = await questions.answer(actor, _question(input.question), body=input.body)
        return QuestionPayload(id=input.question, supports=done.supports)

    @strawberry.mutation(description="Carry one's question on into a proposal, as a draft.")
    async def carry_question(self, info: Info, input: CarryQuestionInput) -> CarriedPayload:
        actor = await info.context.actor()
        done = await questions.carry(actor, _question(input.question), title=input.title, body=input.body)
        return CarriedPayload(proposal=encode("Proposal", done.id))

    @strawberry.mutation(description="Hide a question, with a public reason.")
    async def hide_question(self, info: Info, input: HideQuestionInput) -> QuestionPayload:
        done = await questions.hide(
            await info.context.actor(), _question(input.question), reason=input.reason
        )
        return QuestionPayload(id=input.question, supports=done.supports)

    @strawberry.mutation(description="Say what one thinks of the day, having been there.")
    async def rate_open_day(self, info: Info, input: RateOpenDayInput) -> OpenDayPayload:
        key = decode_int(input.registration, "OpenDayRegistration", field="registration")
        done = await reports.rate(await info.context.actor(), key, stars=input.stars, text=input.text)
        return OpenDayPayload.of(await OpenDayRow.get(id=done.open_day_id))
