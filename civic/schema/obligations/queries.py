"""Lists of obligations, one of them, a desk, and a party's register."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum
from typing import Any

import strawberry
from tortoise.expressions import Q
from tortoise.functions import Count

from civic import clock
from civic.acts.memberships import current
from civic.models import AreaWithin, Membership
from civic.models import Obligation as ObligationRow
from civic.models import Party as PartyRow
from civic.models import Proposal as ProposalRow
from civic.rules import obligations as rules
from civic.schema.core.connections import Connection, page_of
from civic.schema.core.ids import decode_int, register_node, whole
from civic.schema.obligations.types import RELATED, Obligation
from civic.schema.parties import Info
from civic.settings import settings

MOST = 200


@strawberry.enum(description="Which obligations.")
class ObligationView(Enum):
    ALL = "all"
    SOON = "soon"
    OVERDUE = "overdue"
    PENDING = "pending"
    WAITING = "waiting"
    KEPT = "kept"
    BROKEN = "broken"
    WAIVED = "waived"


def chosen(view: ObligationView) -> tuple[Q, list[tuple[str, str]]]:
    """The condition of a view, and its order: what is open by its day, what is over the newest first."""
    today, by_day, newest = (
        clock.today(),
        [("due_on", "asc"), ("id", "asc")],
        [("due_on", "desc"), ("id", "desc")],
    )
    return {
        ObligationView.ALL: (Q(), newest),
        ObligationView.SOON: (
            Q(state="pending", due_on__gte=today, due_on__lte=today + timedelta(days=rules.SOON)),
            by_day,
        ),
        # The clock says "overdue" within a second; what it has not yet reached is shown as what it is.
        ObligationView.OVERDUE: (Q(state="overdue") | Q(state="pending", due_on__lt=today), by_day),
        ObligationView.PENDING: (Q(state="pending"), by_day),
        ObligationView.WAITING: (Q(state__in=("reported", "disputed")), by_day),
        ObligationView.KEPT: (Q(state="confirmed"), newest),
        ObligationView.BROKEN: (Q(state="broken"), newest),
        ObligationView.WAIVED: (Q(state="waived"), newest),
    }[view]


async def find(query: Any, *order: str) -> list[Obligation]:
    rows = await query.select_related(*RELATED).order_by(*order).limit(MOST)
    return await Obligation.of_many(rows)


@strawberry.type(description="How the share of promises kept stood at the end of a day.")
class KeptPoint:
    day: date
    due: int = strawberry.field(description="Due by then, and not waived.")
    kept: int
    broken: int


@strawberry.type(description="Obligations counted by where they stand.")
class ObligationCounts:
    soon: int
    overdue: int
    pending: int
    waiting: int
    kept: int
    broken: int
    waived: int


async def counted(**conditions: Any) -> ObligationCounts:
    """Counts under these conditions: three queries whatever their number."""
    today, rows = clock.today(), ObligationRow.filter(**conditions)
    grouped = rows.annotate(number=Count("id")).group_by("state").values_list("state", "number")
    by_state = {str(state): int(number) for state, number in await grouped}
    late = await rows.filter(state="pending", due_on__lt=today).count()
    soon = await rows.filter(chosen(ObligationView.SOON)[0]).count()
    return ObligationCounts(
        soon=soon,
        overdue=by_state.get("overdue", 0) + late,
        pending=by_state.get("pending", 0) - late,
        waiting=by_state.get("reported", 0) + by_state.get("disputed", 0),
        kept=by_state.get("confirmed", 0),
        broken=by_state.get("broken", 0),
        waived=by_state.get("waived", 0),
    )


@strawberry.type(
    description="What one party may demand, must do and gains, from charters in force and promises."
)
class Register:
    party_id: strawberry.Private[int]

    @strawberry.field(
        description="What it owes, open ones first by their day, then the newest that are over."
    )
    async def owes(self) -> list[Obligation]:
        open_ = await find(ObligationRow.filter(party_id=self.party_id, state__in=rules.OPEN), "due_on", "id")
        over = ObligationRow.filter(party_id=self.party_id, state__in=rules.SETTLED)
        return open_ + (await find(over, "-due_on", "-id"))[:50]

    @strawberry.field(description="What others owe it, open ones by their day.")
    async def is_owed(self) -> list[Obligation]:
        return await find(
            ObligationRow.filter(counterpart_id=self.party_id, state__in=rules.OPEN), "due_on", "id"
        )

    @strawberry.field(description="Counts of what it owes.")
    async def counts(self) -> ObligationCounts:
        return await counted(party_id=self.party_id)

    @strawberry.field(description="The share of its promises kept, at the end of each of the last months.")
    async def kept_over_time(self) -> list[KeptPoint]:
        rows = ObligationRow.filter(party_id=self.party_id)
        zone = settings().zone
        fates = [
            rules.Fate(due, state, settled.astimezone(zone).date() if settled else None)
            for due, state, settled in await rows.values_list("due_on", "state", "settled_at")
        ]
        points = rules.kept_over_time(fates, clock.today())
        return [KeptPoint(day=p.day, due=p.due, kept=p.kept, broken=p.broken) for p in points]


@strawberry.type(description="What concerns the parties for which the viewer acts.")
class ObligationDesk:
    owed_by_us: list[Obligation] = strawberry.field(description="To be done, overdue ones first.")
    owed_to_us: list[Obligation]
    to_confirm: list[Obligation] = strawberry.field(description="Reported to us: confirm or dispute.")
    awaiting: list[Obligation] = strawberry.field(description="Reported by us, or in dispute.")
    to_settle: list[Obligation] = strawberry.field(description="Disputes that the viewer may settle.")


@strawberry.type
class Query:
    @strawberry.field(description="One obligation.")
    async def obligation(self, id: strawberry.ID) -> Obligation | None:
        return await load(decode_int(id, "Obligation"))

    @strawberry.field(
        description="Obligations: promises in answers, duties of charters, resolutions, follow-ups."
    )
    async def obligations(
        self,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        view: ObligationView = ObligationView.ALL,
        party: strawberry.ID | None = None,
        charter: strawberry.ID | None = None,
        area: str | None = None,
    ) -> Connection[Obligation]:
        condition, order = chosen(view)
        rows = ObligationRow.filter(condition)
        if party:
            rows = rows.filter(party_id=decode_int(party, "Party", field="party"))
        if charter:
            rows = rows.filter(charter_id=decode_int(charter, "Charter", field="charter"))
        if area:
            rows = rows.filter(party__area__around__ancestor__code=area)
        found = await page_of(first, after, last, before).rows(rows.select_related(*RELATED), order)
        nodes = {node.key: node for node in await Obligation.of_many(found.rows)}
        return found.connection(node=lambda row: nodes[row.id], total=rows.count)

    @strawberry.field(description="All obligations counted by where they stand.")
    async def obligation_counts(self) -> ObligationCounts:
        return await counted()

    @strawberry.field(description="What a party may demand, must do, and gains.")
    async def register(self, party: strawberry.ID) -> Register | None:
        key = decode_int(party, "Party", field="party")
        return Register(party_id=key) if await PartyRow.filter(id=key).exists() else None

    @strawberry.field(description="Obligations that concern the viewer's parties.")
    async def obligation_desk(self, info: Info) -> ObligationDesk:
        viewer = info.context.signed_in()
        members = Membership.filter(current(clock.today()), person_id=viewer.id, party__state="active")
        parties = [member.party for member in await members.select_related("party")]
        mine = [party.id for party in parties]
        ours, others = Q(party_id__in=mine), ~Q(party_id__in=mine)
        to_us = Q(counterpart_id__in=mine)
        for party in parties:
            above = await AreaWithin.filter(descendant_id=party.area_id).values_list("ancestor_id", flat=True)
            to_us |= Q(counterpart_bloc=party.kind, counterpart_area_id__in=list(above))
        asked = await ProposalRow.filter(author_id=viewer.id).values_list("id", flat=True)
        if asked:
            to_us |= Q(response__deadline__kind="proposal", response__deadline__subject_id__in=list(asked))
        to_us &= others
        settle = Q(charter__convener_id__in=mine)
        if viewer.steward:
            settle |= Q(id__gt=0)
        settle &= others & (Q(counterpart_id__isnull=True) | ~Q(counterpart_id__in=mine))
        return ObligationDesk(
            owed_by_us=await find(
                ObligationRow.filter(ours, state__in=("pending", "overdue")), "due_on", "id"
            ),
            owed_to_us=await find(
                ObligationRow.filter(to_us, state__in=("pending", "overdue")), "due_on", "id"
            ),
            to_confirm=await find(ObligationRow.filter(to_us, state="reported"), "confirm_by", "id"),
            awaiting=await find(
                ObligationRow.filter(ours, state__in=("reported", "disputed")), "confirm_by", "id"
            ),
            to_settle=await find(ObligationRow.filter(settle, state="disputed"), "due_on", "id"),
        )


async def load(key: int) -> Obligation | None:
    rows = await ObligationRow.filter(id=key).select_related(*RELATED)
    return (await Obligation.of_many(rows))[0] if rows else None


async def _node(context: object, key: str) -> Obligation | None:
    return await load(number) if (number := whole(key)) else None


register_node("Obligation", _node)
