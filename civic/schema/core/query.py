"""The fields that every schema has: finding nodes by their ids."""

import strawberry

from civic.errors import N_, InvalidInput
from civic.schema.core.connections import MOST
from civic.schema.core.ids import Node, load_node


@strawberry.type
class Query:
    @strawberry.field(description="Anything with a global id; null when there is none for this reader.")
    async def node(self, info: strawberry.Info, id: strawberry.ID) -> Node | None:
        found: Node | None = await load_node(info.context, id)
        return found

    @strawberry.field(description="Several things by their ids, in the same order, at most 100.")
    async def nodes(self, info: strawberry.Info, ids: list[strawberry.ID]) -> list[Node | None]:
        if len(ids) > MOST:
            raise InvalidInput(
                N_("Ask for 1 to %(limit)s at a time."), field="ids", reason="page_size", limit=MOST
            )
        return [await load_node(info.context, id) for id in ids]
