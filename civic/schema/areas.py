"""Areas in the API."""

from __future__ import annotations

import strawberry

from civic.models import Area as AreaRow
from civic.schema.core.ids import Node, encode, register_node


@strawberry.type(description="A node of the tree of areas.")
class Area(Node):
    id: strawberry.ID
    code: str = strawberry.field(description="National code; stands in the page's address.")
    name: str
    level: str = strawberry.field(description="city, district, street, community, grid or building.")
    key: strawberry.Private[int] = 0

    @classmethod
    def of(cls, row: AreaRow) -> Area:
        return cls(id=encode("Area", row.id), code=row.code, name=row.name, level=row.level, key=row.id)

    @strawberry.field(description="The areas above, the highest first.")
    async def above(self) -> list[Area]:
        rows = await AreaRow.filter(inside__descendant_id=self.key, inside__depth__gt=0).order_by(
            "-inside__depth"
        )
        return [Area.of(row) for row in rows]

    @strawberry.field(description="The areas directly below.")
    async def children(self) -> list[Area]:
        return [Area.of(row) for row in await AreaRow.filter(parent_id=self.key).order_by("code").limit(1000)]


async def _load(context: object, key: str) -> Area | None:
    row = await AreaRow.get_or_none(id=int(key)) if key.isdecimal() else None
    return Area.of(row) if row else None


register_node("Area", _load)


@strawberry.type
class Query:
    @strawberry.field(description="The area with this national code.")
    async def area(self, code: str) -> Area | None:
        row = await AreaRow.get_or_none(code=code)
        return Area.of(row) if row else None

    @strawberry.field(description="Areas at the top, or those whose name contains `q` (at most 50).")
    async def areas(self, q: str | None = None) -> list[Area]:
        rows = (
            AreaRow.filter(name__icontains=q.strip()) if q and q.strip() else AreaRow.filter(parent_id=None)
        )
        return [Area.of(row) for row in await rows.order_by("code").limit(50)]
