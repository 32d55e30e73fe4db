"""Areas in the API: the tree, and search by name."""

from __future__ import annotations

from collections.abc import Sequence

import strawberry
from tortoise.expressions import Q

from civic import db
from civic.models import Area as AreaRow
from civic.models import AreaWithin
from civic.rules.thresholds import inherit
from civic.schema.core.connections import Connection, page_of
from civic.schema.core.context import Context
from civic.schema.core.ids import Node, encode, register_node, whole
from civic.schema.core.lookahead import selection
from civic.settings import settings

LONGEST_QUERY = 120


@strawberry.type(description="A node of the tree of areas.")
class Area(Node):
    id: strawberry.ID
    code: str = strawberry.field(description="National code; stands in the page's address.")
    name: str
    level: str = strawberry.field(
        description="country, province, city, district, street, community, grid or building."
    )
    key: strawberry.Private[int] = 0
    up: strawberry.Private[list[AreaRow] | None] = None

    @classmethod
    def of(cls, row: AreaRow) -> Area:
        return cls(id=encode("Area", row.id), code=row.code, name=row.name, level=row.level, key=row.id)

    @strawberry.field(description="The areas above, the highest first.")
    async def above(self) -> list[Area]:
        if self.up is None:
            self.up = (await paths([self.key]))[self.key]
        return [Area.of(row) for row in self.up]

    @strawberry.field(description="The areas directly below, by their codes.")
    async def children(
        self,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Area]:
        below = AreaRow.filter(parent_id=self.key)
        found = await page_of(first, after, last, before).rows(below, [("code", "asc"), ("id", "asc")])
        return found.connection(node=Area.of, total=below.count)

    @strawberry.field(description="How many supports qualify a proposal here.")
    async def support_threshold(self) -> int:
        around = AreaWithin.filter(descendant_id=self.key).order_by("depth")
        set_there = await around.values_list("ancestor__support_threshold", flat=True)
        return inherit(list(set_there), settings().support_threshold)  # type: ignore[arg-type]

    @strawberry.field(description="People whose residence here is verified now.")
    async def resident_count(self) -> int:
        rows = await db.fetch(
            "SELECT count(*) AS n FROM residency r JOIN area_within w ON w.descendant_id = r.area_id "
            "WHERE w.ancestor_id = ? AND r.state = 'verified'",
            self.key,
        )
        return int(rows[0]["n"])


async def paths(keys: Sequence[int]) -> dict[int, list[AreaRow]]:
    """For each of these areas those above it, the highest first; one query whatever their number."""
    found: dict[int, list[AreaRow]] = {key: [] for key in keys}
    rows = AreaWithin.filter(descendant_id__in=list(keys), depth__gt=0).order_by("-depth")
    for row in await rows.select_related("ancestor"):
        found[row.descendant_id].append(row.ancestor)
    return found


async def _load(context: Context, key: str) -> Area | None:
    row = await AreaRow.get_or_none(id=whole(key))
    return Area.of(row) if row else None


register_node("Area", _load)


@strawberry.type
class Query:
    @strawberry.field(description="The area with this national code.")
    async def area(self, code: str) -> Area | None:
        row = await AreaRow.get_or_none(code=code)
        return Area.of(row) if row else None

    @strawberry.field(
        description="Areas at the top; with `q` those whose name contains it, or whose code begins with it."
    )
    async def areas(
        self,
        info: strawberry.Info[Context, None],
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        q: str | None = None,
        within: str | None = None,
    ) -> Connection[Area]:
        word = (q or "").strip()[:LONGEST_QUERY]
        rows = AreaRow.filter(
            Q(name__icontains=word) | Q(code__startswith=word.upper()) if word else Q(parent_id=None)
        )
        if within:
            rows = rows.filter(around__ancestor__code=within)
        found = await page_of(first, after, last, before).rows(rows, [("code", "asc"), ("id", "asc")])
        wanted = selection(info).nodes
        up = await paths([row.id for row in found.rows]) if "above" in wanted and found.rows else {}

        def node(row: AreaRow) -> Area:
            area = Area.of(row)
            area.up = up.get(row.id)
            return area

        return found.connection(node=node, total=rows.count)
