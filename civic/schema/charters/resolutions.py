"""Resolutions of joint meetings, as what charters are drafted from."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import strawberry
from tortoise.expressions import Q

from civic import clock
from civic.acts.memberships import current
from civic.models import Charter as CharterRow
from civic.models import Membership, MotionClause, Seat
from civic.models import Resolution as ResolutionRow
from civic.schema.areas import Area
from civic.schema.core.ids import decode_int, encode
from civic.schema.obligations.sides import Side
from civic.schema.parties import Info

MOST = 20


@strawberry.type(description="A duty that a resolution names.")
class ResolvedDuty:
    holder: Side
    counterpart: Side
    text: str
    due_on: date
    evidence: str


@strawberry.type(description="A resolution from which a charter is drafted.")
class CharterSource:
    id: strawberry.ID = strawberry.field(description="Of the `Resolution`.")
    number: int
    motion: int = strawberry.field(description="Number of the motion in its meeting.")
    text: str
    meeting: strawberry.ID
    meeting_title: str
    area: Area
    duties: list[ResolvedDuty] = strawberry.field(description="What it names; the draft begins with them.")

    @classmethod
    async def of_many(cls, rows: list[ResolutionRow]) -> list[CharterSource]:
        """All of them (`RELATED` fetched), with the duties that they name: one query more."""
        duties: dict[int, list[ResolvedDuty]] = defaultdict(list)
        areas = {row.motion_id: row.meeting.area for row in rows}
        if rows:
            named = MotionClause.filter(motion_id__in=list(areas)).select_related("party", "counterpart")
            for clause in await named.order_by("motion_id", "number"):
                area = areas[clause.motion_id]
                to = Side.of(clause.counterpart, "residents", area)
                assert to is not None
                duties[clause.motion_id].append(
                    ResolvedDuty(
                        holder=Side.of_party(clause.party), counterpart=to, text=clause.text,
                        due_on=clause.due_on, evidence=clause.wanted,
                    )
                )  # fmt: skip
        return [
            cls(
                id=encode("Resolution", row.motion_id), number=row.number, motion=row.motion.number, text=row.text,
                meeting=encode("JointMeeting", row.meeting_id), meeting_title=row.meeting.title,
                area=Area.of(row.meeting.area), duties=duties.get(row.motion_id, []),
            )
            for row in rows
        ]  # fmt: skip


RELATED = ("motion", "meeting__area")


async def source_of(charter: CharterRow) -> CharterSource | None:
    """The resolution that a charter was drafted from."""
    if charter.subject_kind != "resolution":
        return None
    rows = await ResolutionRow.filter(motion_id=charter.subject_id).select_related(*RELATED)
    return (await CharterSource.of_many(rows))[0] if rows else None


@strawberry.type
class Query:
    @strawberry.field(
        description="Resolutions from which the viewer may draft a charter: those of meetings in which one of the "
        "viewer's parties has a seat or that it convened, the newest first, at most 20; or just the one with this id."
    )
    async def charter_sources(self, info: Info, id: strawberry.ID | None = None) -> list[CharterSource]:
        viewer = info.context.signed_in()
        if id is not None:
            rows = ResolutionRow.filter(motion_id=decode_int(id, "Resolution"))
        else:
            roles = Membership.filter(current(clock.today()), person_id=viewer.id, party__state="active")
            mine: list[int] = list(await roles.values_list("party_id", flat=True))  # type: ignore[arg-type]
            seated = Seat.filter(party_id__in=mine).values_list("meeting_id", flat=True)
            rows = ResolutionRow.filter(
                Q(meeting__convener_id__in=mine) | Q(meeting_id__in=sorted(set(await seated)))
            )
        found = rows.order_by("-adopted_at", "-motion_id").limit(MOST).select_related(*RELATED)
        return await CharterSource.of_many(await found)
