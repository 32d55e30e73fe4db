"""Lists of charters, one of them, and what a form offers."""

from __future__ import annotations

import strawberry
from tortoise.expressions import Q

from civic import clock
from civic.acts.memberships import current
from civic.models import Area as AreaRow
from civic.models import Charter as CharterRow
from civic.models import Clause as ClauseRow
from civic.models import ClauseAnswer, Membership
from civic.models import Signature as SignatureRow
from civic.schema.charters.types import Charter
from civic.schema.core.connections import Connection, page_of
from civic.schema.core.ids import decode_int, encode, register_node, whole
from civic.schema.obligations.sides import Side, choices
from civic.schema.parties import Info
from civic.schema.search import matching

PUBLIC = ("negotiation", "signing", "in_force", "superseded", "ended")


async def _mine(info: Info) -> list[int]:
    """The parties for which the viewer acts today."""
    viewer = info.context.viewer
    if viewer is None:
        return []
    rows = Membership.filter(current(clock.today()), person_id=viewer.id)
    return [int(key) for key in await rows.values_list("party_id", flat=True)]  # type: ignore[call-overload]


async def one(info: Info, key: int) -> Charter | None:
    """A charter that the viewer may see: a draft, and one ended as such, only its convener's people."""
    row = await CharterRow.get_or_none(id=key).select_related("area", "convener")
    if row is None or (row.opened_at is None and row.convener_id not in await _mine(info)):
        return None
    return (await Charter.of_many([row]))[0]


@strawberry.type(description="A duty that answers a right: who owes it, by which clause of the same charter.")
class AnsweringDuty:
    number: int
    holder: Side


@strawberry.type(
    description="Rights and interests that a party has, and duties, by clause of charters in force."
)
class HeldClause:
    charter: strawberry.ID
    title: str
    number: int
    kind: str
    text: str
    counterpart: Side | None
    answered_by: list[int]
    owed_by: list[AnsweringDuty] = strawberry.field(description="Of a right: from whom it may be demanded.")


@strawberry.type
class Query:
    @strawberry.field(description="One charter; a draft only for those who act for its convener.")
    async def charter(self, info: Info, id: strawberry.ID) -> Charter | None:
        return await one(info, decode_int(id, "Charter"))

    @strawberry.field(description="Charters since their negotiation opened, the newest first.")
    async def charters(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        state: str | None = None,
        area: str | None = None,
        party: strawberry.ID | None = None,
        q: str | None = None,
    ) -> Connection[Charter]:
        rows = CharterRow.filter(opened_at__isnull=False, state__in=(state,) if state in PUBLIC else PUBLIC)
        if area:
            rows = rows.filter(area__around__ancestor__code=area)
        if q and q.strip():
            rows = rows.filter(id__in=await matching("charter", q))
        if party:
            key = decode_int(party, "Party", field="party")
            named = ClauseRow.filter(Q(holder_id=key) | Q(counterpart_id=key)).values_list(
                "charter_id", flat=True
            )
            rows = rows.filter(Q(convener_id=key) | Q(id__in=sorted(set(await named))))
        found = await page_of(first, after, last, before).rows(
            rows.select_related("area", "convener"), [("id", "desc")]
        )
        nodes = {node.row.id: node for node in await Charter.of_many(found.rows)}
        return found.connection(node=lambda row: nodes[row.id], total=rows.count)

    @strawberry.field(
        description="Charters that the viewer's parties are drafting; none for who is not signed in."
    )
    async def my_charter_drafts(self, info: Info) -> list[Charter]:
        rows = CharterRow.filter(state="draft", convener_id__in=await _mine(info))
        return await Charter.of_many(await rows.select_related("area", "convener").order_by("-id").limit(50))

    @strawberry.field(
        description="Charters whose newest text the viewer, a manager, has not signed for a party named."
    )
    async def charters_to_sign(self, info: Info) -> list[Charter]:
        viewer = info.context.signed_in()
        roles = Membership.filter(
            current(clock.today()), person_id=viewer.id, role="manager", party__state="active"
        )
        mine: set[int] = set(await roles.values_list("party_id", flat=True))  # type: ignore[arg-type]
        if not mine:
            return []
        parts = ClauseRow.filter(charter__state="signing")
        parts = parts.filter(Q(holder_id__in=mine) | Q(counterpart_id__in=mine))
        named: dict[int, set[int]] = {}
        for charter, *sides in await parts.values_list("charter_id", "holder_id", "counterpart_id"):
            named.setdefault(charter, set()).update(side for side in sides if side in mine)
        rows = await CharterRow.filter(id__in=list(named)).select_related("area", "convener").order_by("id")
        signed = SignatureRow.filter(party_id__in=mine, version__charter_id__in=list(named))
        done = set(await signed.values_list("version__charter_id", "version__number", "party_id"))
        waiting = [row for row in rows if any((row.id, row.version, p) not in done for p in named[row.id])]
        return await Charter.of_many(waiting)

    @strawberry.field(
        description="Who may be named in a charter of an area: its active parties, and blocs within it."
    )
    async def sides(self, area: str, q: str | None = None) -> list[Side]:
        place = await AreaRow.get_or_none(code=area)
        if place is None:
            return []
        return await choices(place, q or "")

    @strawberry.field(description="What a party holds by charters in force: rights, duties and interests.")
    async def held_clauses(self, party: strawberry.ID) -> list[HeldClause]:
        key = decode_int(party, "Party", field="party")
        rows = ClauseRow.filter(holder_id=key, charter__state="in_force").order_by("charter_id", "number")
        related = rows.select_related("charter", "counterpart", "counterpart_area")
        found = await related.limit(500)
        pairs = ClauseAnswer.filter(right_id__in=[row.id for row in found]).order_by("duty__number")
        duties: dict[int, list[AnsweringDuty]] = {}
        for pair in await pairs.select_related("duty__holder", "duty__holder_area"):
            duty = pair.duty
            holder = Side.of(duty.holder, duty.holder_bloc, duty.holder_area)
            if holder is not None:
                duties.setdefault(pair.right_id, []).append(AnsweringDuty(number=duty.number, holder=holder))
        return [
            HeldClause(
                charter=encode("Charter", row.charter_id), title=row.charter.title, number=row.number,
                kind=row.kind, text=row.text,
                counterpart=Side.of(row.counterpart, row.counterpart_bloc, row.counterpart_area),
                answered_by=[duty.number for duty in duties.get(row.id, [])], owed_by=duties.get(row.id, []),
            )
            for row in found
        ]  # fmt: skip


async def _node(context: object, key: str) -> Charter | None:
    class Asking:
        pass

    asking = Asking()
    asking.context = context  # type: ignore[attr-defined]
    return await one(asking, number) if (number := whole(key)) else None  # type: ignore[arg-type]


register_node("Charter", _node)
