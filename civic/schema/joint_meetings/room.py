"""The room as it is now: for the projector, the chair's screen and everybody who follows from elsewhere."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime

import strawberry

from civic import clock, events
from civic.models import AgendaItem as ItemRow
from civic.models import JointMeeting as MeetingRow
from civic.models import MeetingBloc as BlocRow
from civic.models import Motion as MotionRow
from civic.models import MotionVote as VoteRow
from civic.models import RollCall as RollRow
from civic.models import Seat as SeatRow
from civic.models import Speaker as SpeakerRow
from civic.rules.joint_meetings import CHOICES, Bloc, quorate
from civic.rules.joint_meetings.quorum import presences
from civic.schema.core.ids import decode_int
from civic.schema.joint_meetings.motions import RollCounts, becoming
from civic.schema.joint_meetings.parts import BlocPresence, Delegate
from civic.schema.parties import Info

PENDING = ("moved", "seconded", "voting")
PAUSE = 0.2  # seconds that a burst of news has to gather in


@strawberry.type(description="How many seats of a bloc have voted.")
class BlocTurnout:
    bloc: str
    present: int
    cast: int


@strawberry.type(description="The vote that is open, or the last one that was closed.")
class RoomVote:
    motion: int
    amends: int | None
    number: int
    text: str
    rule: str
    state: str
    present: int
    cast: int = strawberry.field(description="Seats that have voted or are recused.")
    blocs: list[BlocTurnout]
    counts: RollCounts | None = strawberry.field(description="Null while the figures are not shown.")
    passed: bool | None
    why: str
    against: list[str] = strawberry.field(description="Required blocs without a majority, once it is closed.")


@strawberry.type(description="A motion that waits for a seconder or for its vote.")
class RoomMotion:
    number: int
    amends: int | None
    state: str
    text: str = strawberry.field(
        description="Of an amendment: the motion as it would read, or its own words."
    )
    mover: Delegate


@strawberry.type(description="The room as it is now.")
class Room:
    at: datetime = strawberry.field(description="When this was so.")
    title: str
    state: str
    blocs: list[BlocPresence]
    quorate: bool
    item_number: int | None
    item: str
    speaker: Delegate | None
    waiting: list[Delegate]
    motions: list[RoomMotion] = strawberry.field(description="Of the item under discussion, not decided yet.")
    vote: RoomVote | None


async def room_of(key: int) -> Room | None:
    """The room of a meeting; None when there is none. A fixed number of queries."""
    meeting = await MeetingRow.get_or_none(id=key, convened_at__isnull=False)
    if meeting is None:
        return None
    seats = {s.id: s for s in await SeatRow.filter(meeting_id=key).select_related("party").order_by("number")}
    required = [Bloc(b.bloc, b.numerator, b.denominator) for b in await BlocRow.filter(meeting_id=key)]
    blocs = presences(required, [(s.bloc, s.present) for s in seats.values()])
    item = await ItemRow.get_or_none(id=meeting.current_item) if meeting.current_item else None
    live = SpeakerRow.filter(meeting_id=key, state__in=["waiting", "speaking"]).order_by("id")
    speakers = [
        (r.state, Delegate.of(seats[r.seat_id], r.person)) for r in await live.select_related("person")
    ]
    return Room(
        at=clock.now(), title=meeting.title, state=meeting.state, blocs=[BlocPresence.of(b) for b in blocs],
        quorate=quorate(blocs), item_number=item.position if item else None, item=item.title if item else "",
        speaker=next((who for state, who in speakers if state == "speaking"), None),
        waiting=[who for state, who in speakers if state == "waiting"],
        motions=await _motions(meeting, seats), vote=await _vote(meeting, seats),
    )  # fmt: skip


async def _motions(meeting: MeetingRow, seats: dict[int, SeatRow]) -> list[RoomMotion]:
    rows = MotionRow.filter(meeting_id=meeting.id, item_id=meeting.current_item or 0, state__in=PENDING)
    return [
        RoomMotion(
            number=m.number, amends=m.parent.number if m.parent else None, state=m.state,
            text=becoming(m.parent.text, m) or m.insert or m.strike if m.parent else m.text,
            mover=Delegate.of(seats[m.mover_id], m.mover_person),
        )
        for m in await rows.select_related("parent", "mover_person").order_by("number")
    ]  # fmt: skip


async def _vote(meeting: MeetingRow, seats: dict[int, SeatRow]) -> RoomVote | None:
    rows = VoteRow.filter(motion__meeting_id=meeting.id).select_related("motion__parent").order_by("-id")
    vote = await (rows.filter(id=meeting.open_vote) if meeting.open_vote else rows).first()
    if vote is None:
        return None
    said = [
        (seats[s].bloc, c) for s, c in await RollRow.filter(vote_id=vote.id).values_list("seat_id", "choice")
    ]
    cast, present = Counter(b for b, _ in said), Counter(s.bloc for s in seats.values() if s.present)
    result = vote.result or {}
    shown = vote.state != "open" or meeting.live_choices
    counts = Counter(c for _, c in said)
    return RoomVote(
        motion=vote.motion.number, amends=vote.motion.parent.number if vote.motion.parent else None,
        number=vote.number, text=vote.text, rule=vote.rule, state=vote.state, present=sum(present.values()),
        cast=len(said), blocs=[BlocTurnout(bloc=b, present=present[b], cast=cast[b]) for b in present | cast],
        counts=RollCounts.of([counts[c] for c in CHOICES]) if shown else None, passed=result.get("passed"),
        why=result.get("why", ""), against=list(result.get("against", ())),
    )  # fmt: skip


@strawberry.type
class RoomQuery:
    @strawberry.field(description="The room of a meeting as it is now.")
    async def joint_meeting_room(self, id: strawberry.ID) -> Room | None:
        return await room_of(decode_int(id, "JointMeeting"))


@strawberry.type
class Subscription:
    @strawberry.subscription(
        description="The room of a meeting, at once and whenever something happens in it. After a lost connection "
        "subscribe again: the first answer is the room as it is then."
    )
    async def joint_meeting_room(self, info: Info, id: strawberry.ID) -> AsyncIterator[Room]:
        key = decode_int(id, "JointMeeting")
        with events.listening(f"joint_meeting:{key}") as heard:
            while True:
                room = await room_of(key)
                if room is None:
                    return
                yield room
                await heard.get()
                await asyncio.sleep(PAUSE)
                while not heard.empty():
                    heard.get_nowait()
