"""What an open day, its slots, registrations and questions look like."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from civic import clock
from civic.acts.open_days.hosts import clerk, host
from civic.acts.permissions import roles_in
from civic.errors import NotAllowed, NotSignedIn
from civic.models import Deadline, OpenDayFeedback, OpenDayHost, QuestionSupport, Registration
from civic.models import Membership as MembershipRow
from civic.models import Obligation as ObligationRow
from civic.models import OpenDay as OpenDayRow
from civic.models import OpenDayQuestion as QuestionRow
from civic.models import OpenDaySeries as SeriesRow
from civic.models import OpenDaySlot as SlotRow
from civic.rules import open_days as rules
from civic.schema.areas import Area
from civic.schema.core.context import Context
from civic.schema.core.ids import Node, encode, register_node
from civic.schema.parties import Party
from civic.schema.people import Person
from civic.settings import settings

Info = strawberry.Info[Context, None]
UNITS = 1_000_000  # of a degree
MOST_QUESTIONS = 200
MOST_ON_LIST = 5000


@strawberry.type(description="A time within an open day. Numbers count people.")
class OpenDaySlot:
    id: strawberry.ID
    position: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    waiting: int
    free: int

    @classmethod
    def of(cls, row: SlotRow) -> OpenDaySlot:
        return cls(
            id=encode("OpenDaySlot", row.id), position=row.position, starts_at=row.starts_at, ends_at=row.ends_at,
            capacity=row.capacity, taken=row.taken, waiting=row.waiting, free=row.capacity - row.taken,
        )  # fmt: skip


@strawberry.type(description="Places taken by somebody; shown to them and to the hosts.")
class OpenDayRegistration:
    id: strawberry.ID
    name: str
    size: int = strawberry.field(description="People, companions included.")
    state: str = strawberry.field(description="confirmed, waitlisted, cancelled, attended, no_show.")
    code: str = strawberry.field(description="Of the ticket, in two groups of five signs.")
    at: datetime
    checked_in_at: datetime | None
    at_counter: bool
    party: Party | None
    slot: OpenDaySlot
    ahead: int | None = strawberry.field(description="Groups in front of it in the line.")
    day: strawberry.Private[int]

    @strawberry.field(
        description="The ticket as a QR code: an SVG drawing of the address that the door opens."
    )
    def qr(self) -> str:
        import segno

        address = f"{settings().origin}/open-days/{self.day}/door?code={self.code.replace('-', '')}"
        code = segno.make(address, error="m", micro=False)
        return code.svg_inline(
            omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None, border=4
        )

    @classmethod
    def of(cls, row: Registration, ahead: int | None = None) -> OpenDayRegistration:
        return cls(
            id=encode("OpenDayRegistration", row.id), name=row.name, size=row.size, state=row.state,
            code=rules.shown_code(row.code), at=row.at, checked_in_at=row.checked_in_at,
            at_counter=row.clerk_id is not None, party=Party.of(row.party) if row.party else None,
            slot=OpenDaySlot.of(row.slot), ahead=ahead, day=row.open_day_id,
        )  # fmt: skip


@strawberry.type(description="A question to the hosts.")
class OpenDayQuestion:
    id: strawberry.ID
    author: Person | None
    body: str = strawberry.field(description="Empty when hidden.")
    state: str = strawberry.field(description="open, answered or hidden.")
    supports: int
    supported: bool = strawberry.field(description="Whether the viewer supports it.")
    mine: bool
    answer: str = strawberry.field(description="Markdown.")
    answered_at: datetime | None
    answered_by: Party | None
    due_at: datetime | None = strawberry.field(description="Until when the hosts owe an answer.")
    hidden_reason: str
    proposal: strawberry.ID | None = strawberry.field(description="The proposal that it was carried into.")
    at: datetime


@strawberry.type(description="How those who came rate the day.")
class OpenDayRating:
    count: int
    stars: list[int] = strawberry.field(description="How many gave one to five stars.")
    words: list[str] = strawberry.field(description="What they wrote, the newest first.")


@strawberry.type(description="A promise that followed from an open day.")
class FollowUp:
    text: str
    due_on: date
    state: str


@strawberry.type(description="What the viewer may do at this open day.")
class OpenDayRights:
    manage: bool = strawberry.field(description="Announce, change, cancel and report.")
    door: bool = strawberry.field(description="Check in, and register people at the counter.")
    as_party: strawberry.ID | None = strawberry.field(description="The hosting party that they act for.")


@strawberry.type(description="Open days that recur.")
class OpenDaySeries:
    id: strawberry.ID
    title: str
    about: str
    place: str
    rule: str = strawberry.field(description="RFC 5545 RRULE.")
    first_on: date
    state: str
    host: Party
    area: Area

    @classmethod
    def of(cls, row: SeriesRow) -> OpenDaySeries:
        return cls(
            id=encode("OpenDaySeries", row.id), title=row.title, about=row.about, place=row.place, rule=row.rule,
            first_on=row.first_on, state=row.state, host=Party.of(row.host), area=Area.of(row.area),
        )  # fmt: skip


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
    state: str = strawberry.field(description="draft, announced, held, cancelled, reported.")
    cancel_reason: str
    report: str = strawberry.field(description="The host's account, Markdown.")
    reported_at: datetime | None
    registered: int = strawberry.field(description="People with a place.")
    waiting: int = strawberry.field(description="People in the line.")
    attended: int = strawberry.field(description="People who came.")
    registration_open: bool
    asking_open: bool = strawberry.field(description="Whether questions are taken now.")
    host: Party
    area: Area
    row: strawberry.Private[OpenDayRow]

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
            asking_open=rules.may_ask(row.state, now, row.ends_at),
            host=Party.of(row.host), area=Area.of(row.area), row=row,
        )  # fmt: skip

    @strawberry.field
    async def slots(self) -> list[OpenDaySlot]:
        rows = SlotRow.filter(open_day_id=self.row.id).order_by("position")
        return [OpenDaySlot.of(row) for row in await rows]

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
        ahead = None
        if row.state == "waitlisted":
            line = Registration.filter(slot_id=row.slot_id, state="waitlisted", id__lt=row.id)
            ahead = await line.count()
        return OpenDayRegistration.of(row, ahead)

    @strawberry.field(description="Questions, the most supported first.")
    async def questions(self, info: Info) -> list[OpenDayQuestion]:
        rows = (
            await QuestionRow.filter(open_day_id=self.row.id)
            .select_related("author", "answered_by")
            .order_by("-supports", "id")
            .limit(MOST_QUESTIONS)
        )
        return await _questions(info, rows)

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
        return [FollowUp(text=row.text, due_on=row.due_on, state=row.state) for row in await rows]

    @strawberry.field
    async def rights(self, info: Info) -> OpenDayRights:
        return await _rights(info, self.row)

    @strawberry.field(
        description="Everybody registered, by slot and name: for the hosts' door and printed list."
    )
    async def registrations(self, info: Info) -> list[OpenDayRegistration]:
        if not (await _rights(info, self.row)).door:
            return []
        rows = (
            Registration.filter(open_day_id=self.row.id)
            .exclude(state="cancelled")
            .select_related("slot", "party")
        )
        found = await rows.order_by("slot_id", "name", "id").limit(MOST_ON_LIST)
        return [OpenDayRegistration.of(row) for row in found]


async def _rights(info: Info, row: OpenDayRow) -> OpenDayRights:
    """What the viewer may do, for the hosting party for which they may do most."""
    viewer = info.context.viewer
    nothing = OpenDayRights(manage=False, door=False, as_party=None)
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
                return OpenDayRights(manage=manage, door=door, as_party=encode("Party", party.id))
        return nothing

    return await info.context.once(("open_day_rights", row.id), find)  # type: ignore[no-any-return]


async def _allowed(may: object, actor: object, row: OpenDayRow) -> bool:
    try:
        await may(actor, row)  # type: ignore[operator]
    except (NotAllowed, NotSignedIn):
        return False
    return True


async def _questions(info: Info, rows: list[QuestionRow]) -> list[OpenDayQuestion]:
    viewer = info.context.viewer
    keys = [row.id for row in rows]
    supported: set[int] = set()
    if viewer is not None and keys:
        found = QuestionSupport.filter(person_id=viewer.id, question_id__in=keys)
        supported = set(await found.values_list("question_id", flat=True))  # type: ignore[arg-type]
    deadlines = Deadline.filter(kind="question", subject_id__in=keys) if keys else None
    due = dict(await deadlines.values_list("subject_id", "due_at")) if deadlines else {}
    return [
        OpenDayQuestion(
            id=encode("OpenDayQuestion", row.id), author=Person.of(row.author) if row.author else None,
            body="" if row.state == "hidden" else row.body, state=row.state, supports=row.supports,
            supported=row.id in supported, mine=viewer is not None and row.author_id == viewer.id,
            answer=row.answer, answered_at=row.answered_at,
            answered_by=Party.of(row.answered_by) if row.answered_by else None, due_at=due.get(row.id),
            hidden_reason=row.hidden_reason,
            proposal=encode("Proposal", row.proposal_id) if row.proposal_id else None, at=row.at,
        )
        for row in rows
    ]  # fmt: skip


async def one(info: Info, key: int) -> OpenDay | None:
    """An open day; drafts only for those who may manage them."""
    row = await OpenDayRow.get_or_none(id=key).select_related("host", "area")
    if row is None or (row.state == "draft" and not (await _rights(info, row)).manage):
        return None
    return OpenDay.of(row)


async def _load(context: Context, key: str) -> OpenDay | None:
    if not key.isdecimal():
        return None
    row = await OpenDayRow.get_or_none(id=int(key)).select_related("host", "area")
    return OpenDay.of(row) if row is not None and row.state != "draft" else None


register_node("OpenDay", _load)
