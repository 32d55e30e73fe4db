"""What can be asked about joint meetings."""

from __future__ import annotations

from typing import Any

import strawberry
from tortoise.expressions import Q

from civic.acts.permissions import roles_in
from civic.models import JointMeeting as MeetingRow
from civic.models import Membership
from civic.schema.core.connections import Connection, page_of
from civic.schema.core.context import Context
from civic.schema.core.ids import decode_int, register_node
from civic.schema.joint_meetings.meeting import JointMeeting
from civic.schema.parties import Info
from civic.schema.search import matching

PUBLIC = ("convened", "in_session", "adjourned", "minutes_review", "closed", "cancelled")


async def one(context: Context, key: int) -> JointMeeting | None:
    """A meeting that this reader may see: what was never convened only for those who act for the convener."""
    whole = MeetingRow.get_or_none(id=key)
    row = await whole.select_related("area", "convener", "chair", "secretary", "scenario")
    if row is None:
        return None
    if row.convened_at is None:
        viewer = context.viewer
        if viewer is None or not {"manager", "delegate"} & await roles_in(viewer, row.convener_id):
            return None
    return JointMeeting.of(row, whole=True)


async def _load(context: Context, key: str) -> JointMeeting | None:
    return await one(context, int(key)) if key.isdecimal() and len(key) < 19 else None


register_node("JointMeeting", _load)


@strawberry.type
class Meetings:
    @strawberry.field(description="One joint meeting; drafts only for those who act for the convener.")
    async def joint_meeting(self, info: Info, id: strawberry.ID) -> JointMeeting | None:
        return await one(info.context, decode_int(id, "JointMeeting"))

    @strawberry.field(description="Joint meetings from the call on, the latest first.")
    async def joint_meetings(
        self,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        area: str | None = None,
        state: str | None = None,
        q: str | None = None,
    ) -> Connection[JointMeeting]:
        # A draft that was cancelled has never been public.
        rows = MeetingRow.filter(convened_at__isnull=False)
        rows = rows.filter(state=state) if state in PUBLIC else rows
        if area:
            rows = rows.filter(area__around__ancestor__code=area)
        if q and q.strip():
            rows = rows.filter(id__in=await matching("meeting", q))
        page = page_of(first, after, last, before)
        found = await page.rows(
            rows.select_related("area", "convener"), [("starts_at", "desc"), ("id", "desc")]
        )
        return found.connection(node=JointMeeting.of, total=rows.count)

    @strawberry.field(
        description="The viewer's meetings that are not over: as delegate, officer, author, or manager of a seated party."
    )
    async def my_joint_meetings(self, info: Info) -> list[JointMeeting]:
        person = info.context.signed_in()
        managed = Membership.filter(person_id=person.id, role__in=["manager", "delegate"], until_day=None)
        parties: list[Any] = list(await managed.values_list("party_id", flat=True)) or [-1]
        mine = Q(seats__person_id=person.id) | Q(chair_id=person.id) | Q(secretary_id=person.id)
        theirs = Q(seats__party_id__in=parties) | Q(convener_id__in=parties)
        keys = (
            await MeetingRow.filter(mine | theirs)
            .exclude(state__in=["closed", "cancelled"])
            .values_list("id", flat=True)
        )
        rows = MeetingRow.filter(id__in=list(set(keys)) or [-1]).select_related("area", "convener")
        return [
            JointMeeting.of(row)
            for row in await rows.order_by("starts_at").limit(50)
            if row.state != "draft" or row.convener_id in parties
        ]
