"""What follows from several tables: the chair's next step, and the draw."""

from __future__ import annotations

from typing import Any

from civic.acts.joint_meetings.minutes import newest, standing
from civic.errors import InvalidState
from civic.models import AgendaItem as ItemRow
from civic.models import JointMeeting as MeetingRow
from civic.models import Motion as MotionRow
from civic.models import Seat as SeatRow
from civic.models import Sortition as SortitionRow
from civic.models import Speaker as SpeakerRow
from civic.models import Volunteer
from civic.rules.joint_meetings.steps import Facts
from civic.schema.joint_meetings.parts import DrawnVolunteer, Sortition

MOST_VOLUNTEERS = 1000


async def facts(row: MeetingRow, there: bool) -> Facts:
    """What decides on the chair's next step."""
    items = ItemRow.filter(meeting_id=row.id, state="accepted", done_at=None).exclude(
        id=row.current_item or 0
    )
    ready = MotionRow.filter(meeting_id=row.id, state="seconded", item_id=row.current_item or 0)
    drafted = answered = False
    if row.state in ("adjourned", "minutes_review"):
        try:
            drafted = (await newest(row)).submitted_at is None
            version = await newest(row, submitted=True)
            answered = "awaiting" not in (await standing(row, version)).values()
        except InvalidState:
            pass
    return Facts(
        state=row.state, voting=row.open_vote is not None, current_item=row.current_item is not None,
        items_left=await items.count(),
        waiting_speakers=await SpeakerRow.filter(meeting_id=row.id, state="waiting").count(),
        votable=there and await ready.exists(), drafted=drafted, answered=answered,
    )  # fmt: skip


async def sortition_of(row: SortitionRow, seats: dict[int, SeatRow], viewer: Any) -> Sortition:
    rows = Volunteer.filter(meeting_id=row.meeting_id)
    found: list[DrawnVolunteer] = []
    if row.state != "open":
        order = ("rank", "id") if row.state == "drawn" else ("person__pseudonym",)
        found = [
            DrawnVolunteer(pseudonym=v.person.pseudonym, rank=v.rank, declined=v.declined)
            for v in await rows.select_related("person").order_by(*order).limit(MOST_VOLUNTEERS)
        ]
    return Sortition(
        state=row.state, area=row.area.name, closes_at=row.closes_at,
        seats=sum(s.filled_by == "sortition" for s in seats.values()), count=await rows.count(), size=row.size,
        seed=row.seed, list_hash=row.list_hash, volunteers=found,
        volunteered=viewer is not None and await rows.filter(person_id=viewer.id).exists(),
    )  # fmt: skip
