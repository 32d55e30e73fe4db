"""Reading proposals."""

from __future__ import annotations

import strawberry

from civic.models import Area as AreaRow
from civic.schema.core.connections import Connection, page_of
from civic.schema.core.context import Context
from civic.schema.core.ids import decode_int, register_node, whole
from civic.schema.core.lookahead import Everything, Selection, selection
from civic.schema.people import Info
from civic.schema.proposals.listing import (
    ProposalBy,
    ProposalOrder,
    Where,
    asked,
    count,
    page_rows,
    rows,
)
from civic.schema.proposals.similar import similar
from civic.schema.proposals.types import Proposal, Similar, of_rows


async def one(context: Context, key: int, wanted: Selection | None = None) -> Proposal | None:
    """A proposal as this reader may see it: drafts for their author only, hidden ones without their text."""
    found = await rows("p.id = ?", [key], True)
    if not found:
        return None
    row, viewer = found[0], context.viewer
    own = viewer is not None and str(row["author_id"]) == str(viewer.id)
    if row["published_at"] is None and not own:
        return None
    shown = (await of_rows(viewer, found, wanted or Everything()))[key]
    if row["state"] == "hidden" and not own and not (viewer is not None and viewer.steward):
        shown.title, shown.body, shown.veiled = "", "", True
    return shown


async def _load(context: Context, key: str) -> Proposal | None:
    return await one(context, number) if (number := whole(key)) else None


register_node("Proposal", _load)


async def area_key(text: str | None) -> int | None:
    """The area that a filter names, by its code or its whole name; -1, which nothing is in, when there is none."""
    if not text or not text.strip():
        return None
    name = text.strip()
    row = await AreaRow.get_or_none(code=name) if name.isdecimal() else None
    row = row or await AreaRow.filter(name=name).order_by("code").first()
    return row.id if row else -1


@strawberry.type
class Query:
    @strawberry.field(description="One proposal; drafts only for their author.")
    async def proposal(self, info: Info, id: strawberry.ID) -> Proposal | None:
        return await one(info.context, decode_int(id, "Proposal"), selection(info))

    @strawberry.field(
        description="Published proposals. `q`: words of the text; `area`: code or name, with all within it."
    )
    async def proposals(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        q: str | None = None,
        area: str | None = None,
        within: bool = True,
        state: str | None = None,
        answered: bool | None = None,
        by: ProposalBy | None = None,
        scenario: strawberry.ID | None = None,
        sort: ProposalOrder = ProposalOrder.NEWEST,
        party: strawberry.ID | None = None,
    ) -> Connection[Proposal]:
        wanted = selection(info).nodes
        key = decode_int(scenario, "Scenario", field="scenario") if scenario else None
        own = decode_int(party, "Party", field="party") if party else None
        where = asked(q, await area_key(area), within, state, answered, by, key, sort, own)
        found = await page_rows(page_of(first, after, last, before), where, sort, "body" in wanted)
        nodes = await of_rows(info.context.viewer, found.rows, wanted)
        return found.connection(node=lambda row: nodes[row["id"]], total=lambda: count(where))

    @strawberry.field(description="The viewer's own proposals, drafts too.")
    async def my_proposals(self, info: Info) -> list[Proposal]:
        viewer, where = info.context.signed_in(), Where()
        where.add("p.author_id = ?", str(viewer.id))
        found = await rows(f"{where.sql} ORDER BY p.id DESC LIMIT 50", where.params, True)
        return list((await of_rows(viewer, found, selection(info))).values())

    @strawberry.field(description="What is there already that is like this: support that instead.")
    async def similar_proposals(self, title: str, body: str = "") -> list[Similar]:
        return await similar(title, body)
