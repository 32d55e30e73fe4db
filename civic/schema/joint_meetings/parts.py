"""What a joint meeting consists of, as types."""

from __future__ import annotations

from datetime import datetime

import strawberry

from civic.models import AgendaItem as ItemRow
from civic.models import Seat as SeatRow
from civic.models import Speaker as SpeakerRow
from civic.rules.joint_meetings import Presence
from civic.schema.core.ids import encode
from civic.schema.parties import Party
from civic.schema.people import Person


@strawberry.type(description="How a bloc stands against its quorum.")
class BlocPresence:
    bloc: str
    required: bool
    seats: int = strawberry.field(description="All of its seats, vacant ones too.")
    present: int
    needed: int = strawberry.field(description="So many must be present; 0 where the bloc is not required.")
    met: bool

    @classmethod
    def of(cls, row: Presence) -> BlocPresence:
        return cls(
            bloc=row.bloc, required=row.required, seats=row.seats, present=row.present, needed=row.needed,
            met=row.met,
        )  # fmt: skip

    @classmethod
    def recorded(cls, row: dict[str, list[int]] | None) -> list[BlocPresence]:
        """From the record: bloc -> present, needed, seats."""
        return [
            cls(bloc=bloc, required=True, seats=seats, present=here, needed=least, met=here >= least)
            for bloc, (here, least, seats) in (row or {}).items()
        ]


@strawberry.type(description="A bloc that must be present with a share of its seats.")
class RequiredBloc:
    bloc: str
    numerator: int
    denominator: int


@strawberry.type(description="A seat and who sits in it.")
class Seat:
    id: strawberry.ID
    number: int
    bloc: str
    party: Party | None
    filled_by: str = strawberry.field(description="party, nomination, ballot or sortition.")
    state: str = strawberry.field(description="vacant, invited or confirmed.")
    present: bool
    delegate: Person | None = strawberry.field(
        description="Shown when confirmed; before, to the delegate, the convener and the officers."
    )
    replaced: Person | None = strawberry.field(description="Whose substitute the delegate is.")
    mine: bool

    @classmethod
    def of(cls, row: SeatRow, viewer: object, steering: bool) -> Seat:
        """``row`` with party, person and replaced joined."""
        mine = viewer is not None and row.person_id == viewer.id  # type: ignore[attr-defined]
        shown = row.state == "confirmed" or mine or steering
        return cls(
            id=encode("Seat", row.id), number=row.number, bloc=row.bloc,
            party=Party.of(row.party) if row.party else None, filled_by=row.filled_by, state=row.state,
            present=row.present, delegate=Person.of(row.person) if row.person and shown else None,
            replaced=Person.of(row.replaced) if row.replaced and shown else None, mine=mine,
        )  # fmt: skip


@strawberry.type(description="A delegate as they stood up: their seat, bloc, name and party.")
class Delegate:
    seat: int
    bloc: str
    name: str
    party: str = strawberry.field(description="Empty for residents who sit for nobody but themselves.")

    @classmethod
    def of(cls, seat: SeatRow, person: object) -> Delegate:
        """``seat`` with party joined; ``person`` who sat there then."""
        who = Person.of(person).name if person is not None else ""  # type: ignore[arg-type]
        return cls(seat=seat.number, bloc=seat.bloc, name=who, party=seat.party.name if seat.party else "")


@strawberry.type(description="Somebody came, and maybe left.")
class AttendanceEntry:
    who: Delegate
    came_at: datetime
    left_at: datetime | None


@strawberry.type(description="A document of an agenda item.")
class MeetingDocument:
    name: str
    path: str = strawberry.field(description="Where it can be fetched, on this site.")
    size: int
    media_type: str


@strawberry.type(description="An item of the agenda.")
class AgendaItem:
    id: strawberry.ID
    number: int
    title: str
    body: str = strawberry.field(description="Markdown.")
    state: str = strawberry.field(description="requested, accepted or refused.")
    reason: str
    requested_by: Party | None
    current: bool
    done_at: datetime | None
    documents: list[MeetingDocument]

    @classmethod
    def of(cls, row: ItemRow, current: bool, documents: list[MeetingDocument]) -> AgendaItem:
        """``row`` with requested_by joined."""
        return cls(
            id=encode("AgendaItem", row.id), number=row.position, title=row.title, body=row.body, state=row.state,
            reason=row.reason, requested_by=Party.of(row.requested_by) if row.requested_by else None,
            current=current, done_at=row.done_at, documents=documents,
        )  # fmt: skip


@strawberry.type(description="A place on the speakers' list.")
class Speaker:
    who: Delegate
    state: str = strawberry.field(description="waiting, speaking, done or withdrawn.")
    item: int | None = strawberry.field(description="Number of the item.")
    asked_at: datetime
    began_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, row: SpeakerRow) -> Speaker:
        """``row`` with seat__party, person and item joined."""
        return cls(
            who=Delegate.of(row.seat, row.person), state=row.state, item=row.item.position if row.item else None,
            asked_at=row.asked_at, began_at=row.began_at, ended_at=row.ended_at,
        )  # fmt: skip


@strawberry.type(description="A volunteer in the draw, by the public pseudonym.")
class DrawnVolunteer:
    pseudonym: str
    rank: int | None = strawberry.field(description="Place in the order of the draw, from 1.")
    declined: bool


@strawberry.type(
    description="The draw of residents' seats: anybody can repeat it from the list and the seed."
)
class Sortition:
    state: str = strawberry.field(description="open, closed or drawn.")
    area: str
    closes_at: datetime
    seats: int
    count: int
    size: int | None = strawberry.field(description="Size of the checkpoint whose root is the seed.")
    seed: str = strawberry.field(description="Root hash (hex) of that checkpoint.")
    list_hash: str
    volunteers: list[DrawnVolunteer] = strawberry.field(
        description="From the closing of the list on: by rank, or by pseudonym before the draw. The first thousand."
    )
    volunteered: bool = strawberry.field(description="Whether the viewer's name is in the draw.")
