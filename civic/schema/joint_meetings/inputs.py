"""What is sent to a joint meeting, and what it answers."""

from __future__ import annotations

from datetime import date, datetime

import strawberry
from strawberry.file_uploads import Upload

from civic.models import JointMeeting as MeetingRow
from civic.schema.core.ids import decode_int, encode

ID = strawberry.ID


def key_of(meeting: strawberry.ID) -> int:
    """The key of the meeting that an input names. Raises NotFound."""
    return decode_int(meeting, "JointMeeting", field="meeting")


@strawberry.type(description="The meeting after the act.")
class JointMeetingPayload:
    id: strawberry.ID
    state: str

    @classmethod
    def of(cls, row: MeetingRow) -> JointMeetingPayload:
        return cls(id=encode("JointMeeting", row.id), state=row.state)


@strawberry.type(
    description="The number of what was made or changed in the meeting: an item, a motion, a seat, a version."
)
class NumberPayload:
    id: strawberry.ID = strawberry.field(description="Of the meeting.")
    number: int
    state: str


def numbered(meeting: strawberry.ID, number: int, state: str = "") -> NumberPayload:
    return NumberPayload(id=meeting, number=number, state=state)


@strawberry.input
class MeetingPlanInput:
    as_party: ID
    title: str
    about: str
    place: str
    starts_at: datetime
    link: str = ""
    items_until: datetime | None = strawberry.field(
        default=None, description="Parties may ask for items so long; else until the day before."
    )
    scenario: ID | None = None
    proposals: list[ID] = strawberry.field(default_factory=list)
    rule: str = strawberry.field(
        default="concurrent", description="simple, two_thirds, concurrent or consensus."
    )
    live_choices: bool = False
    review_days: int = 7


@strawberry.input
class CreateJointMeetingInput(MeetingPlanInput):
    area: str = strawberry.field(default="", description="Code of the area.")


@strawberry.input
class EditJointMeetingInput(MeetingPlanInput):
    meeting: ID = strawberry.field(default=ID(""))


@strawberry.input
class BlocShareInput:
    bloc: str
    numerator: int = 1
    denominator: int = 2


@strawberry.input
class PartySeatsInput:
    party: ID
    seats: int


@strawberry.input
class ResidentSeatsInput:
    filled_by: str = strawberry.field(description="nomination, ballot or sortition.")
    seats: int


@strawberry.input
class SetMeetingSeatsInput:
    meeting: ID
    as_party: ID
    blocs: list[BlocShareInput] = strawberry.field(default_factory=list)
    parties: list[PartySeatsInput] = strawberry.field(default_factory=list)
    residents: list[ResidentSeatsInput] = strawberry.field(default_factory=list)


@strawberry.input
class NameOfficersInput:
    meeting: ID
    as_party: ID
    chair: str = strawberry.field(description="Pseudonym.")
    secretary: str = strawberry.field(description="Pseudonym.")


@strawberry.input
class MeetingInput:
    meeting: ID
    as_party: ID | None = None


@strawberry.input
class ReasonInput:
    meeting: ID
    as_party: ID
    reason: str


@strawberry.input
class AgendaItemInput:
    meeting: ID
    title: str
    body: str = ""
    as_party: ID | None = None


@strawberry.input
class AttachToItemInput:
    meeting: ID
    item: int
    file: Upload
    as_party: ID | None = None


@strawberry.input
class MoveItemInput:
    meeting: ID
    item: int
    to: int
    as_party: ID | None = None


@strawberry.input
class DecideItemInput:
    meeting: ID
    item: int
    accept: bool
    reason: str = ""


@strawberry.input
class NameDelegateInput:
    meeting: ID
    seat: int
    person: str = strawberry.field(description="Pseudonym.")
    as_party: ID | None = None


@strawberry.input
class SeatElectedInput:
    meeting: ID
    seat: int
    ballot: ID
    option: str = strawberry.field(description="Key of an option that won.")
    person: str = strawberry.field(description="Pseudonym.")
    as_party: ID


@strawberry.input
class CallVolunteersInput:
    meeting: ID
    as_party: ID
    closes_at: datetime
    area: str = strawberry.field(
        default="", description="Code of an area within the meeting's; empty: all of it."
    )


@strawberry.input
class SeatInput:
    meeting: ID
    seat: int | None = strawberry.field(default=None, description="Null: one's own, or the next in line.")


@strawberry.input
class ItemInput:
    meeting: ID
    item: int | None = strawberry.field(default=None, description="Null: the next on the agenda.")


@strawberry.input
class MoveMotionInput:
    meeting: ID
    text: str


@strawberry.input
class AmendInput:
    meeting: ID
    motion: int
    strike: str = strawberry.field(default="", description="Words of the motion that go.")
    insert: str = strawberry.field(default="", description="Words that come in their place, or at the end.")
    why: str = ""


@strawberry.input
class MotionInput:
    meeting: ID
    motion: int


@strawberry.input
class FixRuleInput:
    meeting: ID
    motion: int
    rule: str


@strawberry.input
class NameClauseInput:
    meeting: ID
    motion: int
    party: ID = strawberry.field(description="Who owes it: a party with a seat.")
    counterpart: ID | None = strawberry.field(
        default=None, description="To whom: a party with a seat; null: the residents of the meeting's area."
    )
    text: str
    due_on: date
    evidence: str = ""


@strawberry.input
class RecuseInput:
    meeting: ID
    motion: int
    interest: str


@strawberry.input
class SeatVoteInput:
    meeting: ID
    motion: int
    choice: str = strawberry.field(description="yes, no or abstain.")
    reasons: str = ""


@strawberry.input
class DissentInput:
    meeting: ID
    motion: int
    reasons: str


@strawberry.input
class SectionInput:
    key: str
    zh: str
    en: str


@strawberry.input
class ReviseMinutesInput:
    meeting: ID
    sections: list[SectionInput] = strawberry.field(
        description="All of them, in the order that they shall have."
    )
    reason: str


@strawberry.input
class SignMinutesInput:
    meeting: ID
    version: int
    objection: str = strawberry.field(default="", description="Empty: signed.")
