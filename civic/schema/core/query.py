"""The fields that every schema has: finding a node by its id."""

import strawberry

from civic.schema.core.ids import Node, load_node


@strawberry.type
class Query:
    @strawberry.field(description="Anything with a global id; null when there is none for this reader.")
    async def node(self, info: strawberry.Info, id: strawberry.ID) -> Node | None:
        found: Node | None = await load_node(info.context, id)
        return found
