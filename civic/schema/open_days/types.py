"""What an open day looks like."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from civic import clock
from civic.acts.open_days.hosts import any_host, clerk, host
from civic.acts.permissions import roles_in
from civic.errors import NotAllowed, NotSignedIn
from civic.models import Membership as MembershipRow
from civic.models import Obligation as ObligationRow
from civic.models import OpenDay as OpenDayRow
from civic.models import OpenDayFeedback, OpenDayHost, Registration
from civic.models import OpenDayQuestion as QuestionRow
from civic.models import OpenDaySeries as SeriesRow
from civic.models import OpenDaySlot as SlotRow
from civic.rules import open_days as rules
from civic.schema.areas import Area
from civic.schema.core.context import Context
from civic.schema.core.ids import Node, decode_int, encode, register_node
from civic.schema.open_days import questions
from civic.schema.open_days.places import OpenDayRegistration, OpenDaySlot
from civic.schema.open_days.questions import OpenDayQuestion
from civic.schema.open_days.series import OpenDaySeries
from civic.schema.parties import Party

Info = strawberry.Info[Context, None]
UNITS = 1_000_000  # of a degree
MOST_QUESTIONS = 200
MOST_ON_LIST = 5000


@strawberry.type(description="How those who came rate the day.")
class OpenDayRating:
    count: int
    stars: list[int] = strawberry.field(description="How many gave one to five stars.")
    words: list[str] = strawberry.field(description="What they wrote, the newest first.")


@strawberry.type(description="A promise that followed from an open day.")
class FollowUp:
    id: strawberry.ID = strawberry.field(description="Of the obligation.")
    text: str
    due_on: date
    state: str


@strawberry.type(description="What the viewer may do at this open day.")
class OpenDayRights:
    manage: bool = strawberry.field(description="Announce, change, cancel and report.")
    door: bool = strawberry.field(description="Check in, and register people at the counter.")
    answer: bool = strawberry.field(description="Answer questions.")
    as_party: strawberry.ID | None = strawberry.field(description="The hosting party that they act for.")


@strawberry.type(description="A public open day: one edition.")
class OpenDay(Node):
    id: strawberry.ID
    title: str
    about: str = strawberry.field(description="Markdown.")
    place: str
    access: str = strawberry.field(description="How to get in, for everybody.")
    online_url: str
    latitude: float | None = strawberry.field(description="Degrees.")
    longitude: float | None = strawberry.field(description="Degrees.")
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime = strawberry.field(description="Registration opens.")
    closes_at: datetime = strawberry.field(description="Registration closes.")
    state: str = strawberry.field(description="draft, discarded, announced, held, cancelled, reported.")
    cancel_reason: str
    report: str = strawberry.field(description="The host's account, Markdown.")
    reported_at: datetime | None
    registered: int = strawberry.field(description="People with a place.")
    waiting: int = strawberry.field(description="People in the line.")
    attended: int = strawberry.field(description="People who came.")
    registration_open: bool
    under_way: bool = strawberry.field(description="It goes on just now.")
    asking_open: bool = strawberry.field(description="Whether questions are taken now.")
    host: Party
    area: Area
    row: strawberry.Private[OpenDayRow]
    loaded: strawberry.Private[list[SlotRow] | None] = (
        None  # its slots, where a list read those of all at once
    )

    @classmethod
    def of(cls, row: OpenDayRow) -> OpenDay:
        now = clock.now()
        return cls(
            id=encode("OpenDay", row.id), title=row.title, about=row.about, place=row.place, access=row.access,
            online_url=row.online_url,
            latitude=None if row.latitude is None else row.latitude / UNITS,
            longitude=None if row.longitude is None else row.longitude / UNITS,
            starts_at=row.starts_at, ends_at=row.ends_at, opens_at=row.opens_at, closes_at=row.closes_at,
            state=row.state, cancel_reason=row.cancel_reason, report=row.report, reported_at=row.reported_at,
            registered=row.registered, waiting=row.waiting, attended=row.attended,
            registration_open=row.state == "announced" and row.opens_at <= now < row.closes_at,
            under_way=row.state == "announced" and row.starts_at <= now < row.ends_at,
            asking_open=rules.may_ask(row.state, now, row.ends_at),
            host=Party.of(row.host), area=Area.of(row.area), row=row,
        )  # fmt: skip

    @strawberry.field
    async def slots(self) -> list[OpenDaySlot]:
        rows = self.loaded
        if rows is None:
            rows = await SlotRow.filter(open_day_id=self.row.id).order_by("position")
        return [OpenDaySlot.of(row) for row in rows]

    @strawberry.field
    async def co_hosts(self) -> list[Party]:
        rows = OpenDayHost.filter(open_day_id=self.row.id).select_related("party").order_by("id")
        return [Party.of(row.party) for row in await rows]

    @strawberry.field
    async def series(self) -> OpenDaySeries | None:
        if self.row.series_id is None:
            return None
        return OpenDaySeries.of(await SeriesRow.get(id=self.row.series_id).select_related("host", "area"))

    @strawberry.field(description="The viewer's own registration that stands, or the last one.")
    async def mine(self, info: Info) -> OpenDayRegistration | None:
        viewer = info.context.viewer
        if viewer is None:
            return None
        rows = Registration.filter(open_day_id=self.row.id, person_id=viewer.id)
        row = await rows.select_related("slot", "party").order_by("-current", "-id").first()
        if row is None:
            return None
        return await _placed(row)

    @strawberry.field(description="Questions, the most supported first.")
    async def questions(self, info: Info) -> list[OpenDayQuestion]:
        rows = (
            await QuestionRow.filter(open_day_id=self.row.id)
            .select_related("author", "answered_by")
            .order_by("-supports", "id")
            .limit(MOST_QUESTIONS)
        )
        return await questions.shown(info, rows)

    @strawberry.field
    async def rating(self) -> OpenDayRating:
        rows = await OpenDayFeedback.filter(open_day_id=self.row.id).order_by("-id").values("stars", "text")
        stars = [sum(1 for row in rows if row["stars"] == n) for n in range(1, 6)]
        return OpenDayRating(
            count=len(rows), stars=stars, words=[row["text"] for row in rows if row["text"]][:50]
        )

    @strawberry.field(description="What the host promised in its account.")
    async def follow_ups(self) -> list[FollowUp]:
        rows = ObligationRow.filter(source_kind="open_day", source_id=self.row.id).order_by("due_on", "id")
        return [
            FollowUp(id=encode("Obligation", row.id), text=row.text, due_on=row.due_on, state=row.state)
            for row in await rows
        ]

    @strawberry.field
    async def rights(self, info: Info) -> OpenDayRights:
        return await _rights(info, self.row)

    @strawberry.field(
        description="Everybody registered, by slot: who has places by name, then the line in its order. For the hosts."
    )
    async def registrations(self, info: Info) -> list[OpenDayRegistration]:
        if not (await _rights(info, self.row)).door:
            return []
        rows = (
            Registration.filter(open_day_id=self.row.id)
            .exclude(state="cancelled")
            .select_related("slot", "party")
        )
        found = await rows.order_by("slot_id", "id").limit(MOST_ON_LIST)
        inside = sorted(
            (r for r in found if r.state != "waitlisted"), key=lambda r: (r.slot_id, r.name, r.id)
        )
        line = [r for r in found if r.state == "waitlisted"]
        ahead: dict[int, int] = {}
        told = [OpenDayRegistration.of(row) for row in inside]
        for row in line:
            told.append(OpenDayRegistration.of(row, ahead.setdefault(row.slot_id, 0)))
            ahead[row.slot_id] += 1
        return told

    @strawberry.field(description="One registration: for whoever registered, and for the hosts.")
    async def registration(self, info: Info, id: strawberry.ID) -> OpenDayRegistration | None:
        viewer = info.context.viewer
        key = decode_int(id, "OpenDayRegistration")
        row = await Registration.get_or_none(id=key, open_day_id=self.row.id).select_related("slot", "party")
        if viewer is None or row is None:
            return None
        own = row.person_id is not None and row.person_id == viewer.id
        return await _placed(row) if own or (await _rights(info, self.row)).door else None


async def _placed(row: Registration) -> OpenDayRegistration:
    """A registration with its place in the line, if it stands in it."""
    ahead = None
    if row.state == "waitlisted":
        line = Registration.filter(slot_id=row.slot_id, state="waitlisted", id__lt=row.id)
        ahead = await line.count()
    return OpenDayRegistration.of(row, ahead)


async def _rights(info: Info, row: OpenDayRow) -> OpenDayRights:
    """What the viewer may do, for the hosting party for which they may do most."""
    viewer = info.context.viewer
    nothing = OpenDayRights(manage=False, door=False, answer=False, as_party=None)
    if viewer is None:
        return nothing

    async def find() -> OpenDayRights:
        from civic.acts.core import Actor
        from civic.models import Party as PartyRow

        hosts = [
            row.host_id,
            *await OpenDayHost.filter(open_day_id=row.id).values_list("party_id", flat=True),
        ]
        mine = await MembershipRow.filter(person_id=viewer.id, party_id__in=hosts).values_list(
            "party_id", flat=True
        )
        for key in sorted({int(str(key)) for key in mine}, key=lambda key: key != row.host_id):
            party = await PartyRow.get(id=key)
            if not await roles_in(viewer, party.id):
                continue
            actor = Actor(viewer, party=party)
            manage, door = await _allowed(host, actor, row), await _allowed(clerk, actor, row)
            if manage or door:
                answer = await _allowed(any_host, actor, row)
                return OpenDayRights(
                    manage=manage, door=door, answer=answer, as_party=encode("Party", party.id)
                )
        return nothing

    return await info.context.once(("open_day_rights", row.id), find)  # type: ignore[no-any-return]


async def _allowed(may: object, actor: object, row: OpenDayRow) -> bool:
    try:
        await may(actor, row)  # type: ignore[operator]
    except (NotAllowed, NotSignedIn):
        return False
    return True


async def one(info: Info, key: int) -> OpenDay | None:
    """An open day; drafts only for those who may manage them."""
    row = await OpenDayRow.get_or_none(id=key).select_related("host", "area")
    if row is None or (row.state not in rules.PUBLIC and not (await _rights(info, row)).manage):
        return None
    return OpenDay.of(row)


async def _load(context: Context, key: str) -> OpenDay | None:
    if not key.isdecimal():
        return None
    row = await OpenDayRow.get_or_none(id=int(key)).select_related("host", "area")
    return OpenDay.of(row) if row is not None and row.state in rules.PUBLIC else None


register_node("OpenDay", _load)
