"""A joint meeting as a type. What belongs to many of them is fetched in one query a level."""

from __future__ import annotations

from datetime import datetime

import strawberry

from civic.acts.permissions import roles_in
from civic.models import AgendaItem as ItemRow
from civic.models import Attachment, MeetingProposal, Membership
from civic.models import Attendance as AttendanceRow
from civic.models import JointMeeting as MeetingRow
from civic.models import MeetingBloc as BlocRow
from civic.models import RollCall as RollRow
from civic.models import Seat as SeatRow
from civic.models import Sortition as SortitionRow
from civic.models import Speaker as SpeakerRow
from civic.rules.joint_meetings import Bloc, quorate
from civic.rules.joint_meetings.quorum import presences
from civic.rules.joint_meetings.steps import next_step
from civic.schema.areas import Area
from civic.schema.core.ids import Node, encode
from civic.schema.core.lookahead import selection
from civic.schema.joint_meetings.derived import facts, sortition_of
from civic.schema.joint_meetings.minutes import Minutes, minutes_of
from civic.schema.joint_meetings.motions import Motion, Resolution, motions_of, resolutions_of
from civic.schema.joint_meetings.parts import (
    AgendaItem,
    AttendanceEntry,
    BlocPresence,
    Delegate,
    MeetingDocument,
    RequiredBloc,
    Seat,
    Sortition,
    Speaker,
)
from civic.schema.parties import Info, Party
from civic.schema.people import Person


@strawberry.type(description="What the meeting is about.")
class MeetingSubject:
    id: strawberry.ID
    title: str


@strawberry.type(description="What one's own seat has said.")
class MyVote:
    motion: int
    choice: str


@strawberry.type(description="A meeting of parties and residents that deliberates and decides.")
class JointMeeting(Node):
    id: strawberry.ID
    title: str
    about: str = strawberry.field(description="Markdown.")
    language: str
    state: str
    area: Area
    convener: Party
    place: str
    link: str
    starts_at: datetime
    items_until: datetime = strawberry.field(description="Seated parties may ask for items so long.")
    review_days: int
    rule: str = strawberry.field(description="The decision rule where the chair fixes no other.")
    live_choices: bool = strawberry.field(
        description="Whether the figures of a vote are shown before it closes."
    )
    created_at: datetime
    convened_at: datetime | None
    opened_at: datetime | None
    adjourned_at: datetime | None
    review_until: datetime | None
    closed_at: datetime | None
    cancel_reason: str
    row: strawberry.Private[MeetingRow]
    whole: strawberry.Private[bool]

    @classmethod
    def of(cls, row: MeetingRow, whole: bool = False) -> JointMeeting:
        """``row`` with area and convener joined; ``whole``: with chair, secretary and scenario too."""
        return cls(
            id=encode("JointMeeting", row.id), title=row.title, about=row.about, language=row.language,
            state=row.state, area=Area.of(row.area), convener=Party.of(row.convener), place=row.place, link=row.link,
            starts_at=row.starts_at, items_until=row.items_until, review_days=row.review_days, rule=row.rule,
            live_choices=row.live_choices, created_at=row.created_at, convened_at=row.convened_at,
            opened_at=row.opened_at, adjourned_at=row.adjourned_at, review_until=row.review_until,
            closed_at=row.closed_at, cancel_reason=row.cancel_reason, row=row, whole=whole,
        )  # fmt: skip

    async def seat_rows(self, info: Info) -> dict[int, SeatRow]:
        """The seats by key, fetched once in a request."""

        async def load() -> dict[int, SeatRow]:
            rows = SeatRow.filter(meeting_id=self.row.id).order_by("number")
            return {s.id: s for s in await rows.select_related("party", "person", "replaced")}

        found: dict[int, SeatRow] = await info.context.once(("seats", self.row.id), load)
        return found

    async def required(self, info: Info) -> list[Bloc]:
        async def load() -> list[Bloc]:
            rows = await BlocRow.filter(meeting_id=self.row.id).order_by("id")
            return [Bloc(r.bloc, r.numerator, r.denominator) for r in rows]

        found: list[Bloc] = await info.context.once(("blocs", self.row.id), load)
        return found

    async def join(self, name: str) -> None:
        if not self.whole:
            await self.row.fetch_related(name)

    async def steering(self, info: Info) -> bool:
        """Whether the viewer is an officer or acts for the convener."""
        viewer = info.context.viewer
        if viewer is None:
            return False
        if viewer.id in (self.row.chair_id, self.row.secretary_id):
            return True
        return bool(await self.is_convener(info))

    @strawberry.field(description="What it is about.")
    async def scenario(self) -> MeetingSubject | None:
        if self.row.scenario_id is None:
            return None
        await self.join("scenario")
        return MeetingSubject(id=encode("Scenario", self.row.scenario_id), title=self.row.scenario.title)

    @strawberry.field(description="The proposals that it is about.")
    async def proposals(self) -> list[MeetingSubject]:
        rows = MeetingProposal.filter(meeting_id=self.row.id).select_related("proposal").order_by("id")
        return [
            MeetingSubject(id=encode("Proposal", r.proposal_id), title=r.proposal.title)
            for r in await rows
            if r.proposal.state not in ("draft", "hidden")
        ]

    @strawberry.field
    async def chair(self) -> Person | None:
        await self.join("chair")
        return Person.of(self.row.chair) if self.row.chair else None

    @strawberry.field
    async def secretary(self) -> Person | None:
        await self.join("secretary")
        return Person.of(self.row.secretary) if self.row.secretary else None

    @strawberry.field(description="The blocs that must be present, with their shares.")
    async def required_blocs(self, info: Info) -> list[RequiredBloc]:
        return [
            RequiredBloc(bloc=b.bloc, numerator=b.numerator, denominator=b.denominator)
            for b in await self.required(info)
        ]

    @strawberry.field(
        description="How each bloc stands now; from the adjournment on, how it stood at the opening."
    )
    async def blocs(self, info: Info) -> list[BlocPresence]:
        if self.row.adjourned_at is not None:
            return BlocPresence.recorded(self.row.quorum_at_opening)
        seats = (await self.seat_rows(info)).values()
        found = presences(await self.required(info), [(s.bloc, s.present) for s in seats])
        return [BlocPresence.of(p) for p in found]

    @strawberry.field(description="Whether every required bloc is there now.")
    async def quorate(self, info: Info) -> bool:
        seats = (await self.seat_rows(info)).values()
        return quorate(presences(await self.required(info), [(s.bloc, s.present) for s in seats]))

    @strawberry.field(description="All seats by number.")
    async def seats(self, info: Info) -> list[Seat]:
        steering = await self.steering(info)
        return [Seat.of(s, info.context.viewer, steering) for s in (await self.seat_rows(info)).values()]

    @strawberry.field(description="The viewer's own seat.")
    async def my_seat(self, info: Info) -> Seat | None:
        viewer = info.context.viewer
        rows = (await self.seat_rows(info)).values() if viewer else ()
        return next((Seat.of(s, viewer, True) for s in rows if s.person_id == viewer.id), None)

    @strawberry.field(description="What the viewer's seat has said in the vote that is open.")
    async def my_vote(self, info: Info) -> MyVote | None:
        seat = await self.my_seat_row(info)
        if seat is None or self.row.open_vote is None:
            return None
        said = RollRow.filter(vote_id=self.row.open_vote, seat_id=seat.id).select_related("vote__motion")
        row = await said.first()
        return MyVote(motion=row.vote.motion.number, choice=row.choice) if row else None

    @strawberry.field(description="Who came and went.")
    async def attendance(self, info: Info) -> list[AttendanceEntry]:
        seats = await self.seat_rows(info)
        rows = AttendanceRow.filter(seat__meeting_id=self.row.id).select_related("person").order_by("id")
        return [
            AttendanceEntry(who=Delegate.of(seats[r.seat_id], r.person), came_at=r.came_at, left_at=r.left_at)
            for r in await rows
        ]

    @strawberry.field(description="The agenda in its order, with what parties ask for.")
    async def agenda(self) -> list[AgendaItem]:
        rows = list(
            await ItemRow.filter(meeting_id=self.row.id).order_by("position").select_related("requested_by")
        )
        files: dict[int, list[MeetingDocument]] = {}
        attached = Attachment.filter(kind="agenda_item", subject_id__in=[r.id for r in rows] or [-1])
        for a in await attached.select_related("file").order_by("id"):
            files.setdefault(a.subject_id, []).append(
                MeetingDocument(
                    name=a.file.name, path=f"/files/{a.file_id}/{a.file.name}", size=a.file.size,
                    media_type=a.file.media_type,
                )
            )  # fmt: skip
        return [AgendaItem.of(r, r.id == self.row.current_item, files.get(r.id, [])) for r in rows]

    @strawberry.field(description="The speakers' list of the whole session, in the order of asking.")
    async def speakers(self) -> list[Speaker]:
        rows = SpeakerRow.filter(meeting_id=self.row.id).order_by("id")
        return [Speaker.of(r) for r in await rows.select_related("seat__party", "person", "item")]

    @strawberry.field(description="Motions and amendments by number.")
    async def motions(self, info: Info) -> list[Motion]:
        required = {b.bloc for b in await self.required(info)}
        return await motions_of(self.row, await self.seat_rows(info), required)

    @strawberry.field
    async def resolutions(self, info: Info) -> list[Resolution]:
        return await resolutions_of(self.row, info.context, selection(info))

    @strawberry.field(
        description="Versions of the minutes: drafts for the officers, under review for the seats, then for everybody."
    )
    async def minutes(self, info: Info, version: int | None = None) -> list[Minutes]:
        officer = await self.is_officer(info)
        seated = officer or await self.my_seat_row(info) is not None
        if not seated and self.row.state != "closed":
            return []
        found = await minutes_of(self.row, await self.seat_rows(info), drafts=officer)
        return [v for v in found if version is None or v.number == version]

    async def my_seat_row(self, info: Info) -> SeatRow | None:
        viewer = info.context.viewer
        rows = (await self.seat_rows(info)).values() if viewer else ()
        return next((s for s in rows if s.person_id == viewer.id), None)

    @strawberry.field(description="The draw of residents' seats; null where there is none.")
    async def sortition(self, info: Info) -> Sortition | None:
        row = await SortitionRow.get_or_none(meeting_id=self.row.id).select_related("area")
        return await sortition_of(row, await self.seat_rows(info), info.context.viewer) if row else None

    @strawberry.field(description="Whether the viewer is in the chair.")
    async def is_chair(self, info: Info) -> bool:
        viewer = info.context.viewer
        return viewer is not None and viewer.id == self.row.chair_id

    @strawberry.field(description="Whether the viewer is the chair or the secretary.")
    async def is_officer(self, info: Info) -> bool:
        viewer = info.context.viewer
        return viewer is not None and viewer.id in (self.row.chair_id, self.row.secretary_id)

    @strawberry.field(description="Whether the viewer is a manager or delegate of the convener.")
    async def is_convener(self, info: Info) -> bool:
        viewer = info.context.viewer
        return viewer is not None and bool(
            {"manager", "delegate"} & await roles_in(viewer, self.row.convener_id)
        )

    @strawberry.field(
        description="Seated parties that the viewer manages: they name delegates and substitutes."
    )
    async def managed_parties(self, info: Info) -> list[Party]:
        viewer = info.context.viewer
        if viewer is None:
            return []
        parties = {s.party_id: s.party for s in (await self.seat_rows(info)).values() if s.party_id}
        rows = Membership.filter(
            person_id=viewer.id, party_id__in=list(parties) or [-1], role="manager", until_day=None
        )
        keys = dict.fromkeys(await rows.order_by("id").values_list("party_id", flat=True))
        return [Party.of(parties[key]) for key in keys]  # type: ignore[index]

    @strawberry.field(
        description="What the chair or the secretary does next: open, next_item, give_floor, open_vote, close_vote, "
        "adjourn, draft_minutes, submit_minutes, publish_minutes, wait or none."
    )
    async def next_step(self, info: Info) -> str:
        return next_step(await facts(self.row, await self.quorate(info)))
