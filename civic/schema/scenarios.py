"""Application scenarios in the API, with everything that hangs on one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry
from tortoise.expressions import Q

from civic.acts import scenarios
from civic.acts.permissions import roles_in
from civic.models import Charter as CharterRow
from civic.models import JointMeeting as MeetingRow
from civic.models import OpenDay as OpenDayRow
from civic.models import Proposal as ProposalRow
from civic.models import Resolution as ResolutionRow
from civic.models import Scenario as ScenarioRow
from civic.rules.open_days import PUBLIC
from civic.schema.areas import Area
from civic.schema.core.connections import Connection, page_of
from civic.schema.core.ids import Node, decode_int, encode, register_node, whole
from civic.schema.parties import Info, Party
from civic.schema.search import matching

MOST = 50  # of each kind on a timeline


@strawberry.type(description="Something that concerns a scenario, with the moment at which it began.")
class ScenarioEvent:
    kind: str = strawberry.field(description="proposal, meeting, open_day or charter.")
    id: strawberry.ID
    title: str
    state: str
    at: datetime


@strawberry.type(
    description="An application scenario: a digital-government application, from the first idea on."
)
class Scenario(Node):
    id: strawberry.ID
    title: str
    title_en: str
    summary: str = strawberry.field(description="Markdown.")
    state: str
    area: Area
    lead: Party = strawberry.field(description="The department that leads it.")
    created_at: datetime
    modules: list[str] = strawberry.field(description="The names of its parts.")
    row: strawberry.Private[ScenarioRow]

    @classmethod
    def of(cls, row: ScenarioRow) -> Scenario:
        """``row`` as `_whole` reads it."""
        return cls(
            id=encode("Scenario", row.id), title=row.title, title_en=row.title_en, summary=row.summary,
            state=row.state, area=Area.of(row.area), lead=Party.of(row.lead), created_at=row.created_at, row=row,
            modules=[module.title for module in sorted(row.modules, key=lambda module: module.id)],
        )  # fmt: skip

    @strawberry.field(description="Whether the viewer may speak for the department that leads it.")
    async def leading(self, info: Info) -> bool:
        viewer = info.context.viewer
        return bool(viewer and {"manager", "delegate"} & set(await roles_in(viewer, self.row.lead_id)))

    @strawberry.field(
        description="Proposals, meetings, open days and charters on it that are public, the first one first."
    )
    async def timeline(self) -> list[ScenarioEvent]:
        mine = {"scenario_id": self.row.id}
        decided = await ResolutionRow.filter(meeting__scenario_id=self.row.id).values_list(
            "motion_id", flat=True
        )
        meant = Q(subject_kind="scenario", subject_id=self.row.id) | Q(
            subject_kind="resolution", subject_id__in=list(decided)
        )
        kinds: list[tuple[str, str, Any, str]] = [
            ("proposal", "Proposal", ProposalRow.filter(**mine).exclude(state__in=("draft", "hidden")), "created_at"),
            ("meeting", "JointMeeting", MeetingRow.filter(**mine, convened_at__isnull=False), "starts_at"),
            ("open_day", "OpenDay", OpenDayRow.filter(**mine, state__in=PUBLIC), "created_at"),
            ("charter", "Charter", CharterRow.filter(meant, opened_at__isnull=False), "opened_at"),
        ]  # fmt: skip
        found = [
            ScenarioEvent(
                kind=kind, id=encode(name, row.id), title=row.title, state=row.state, at=getattr(row, at)
            )
            for kind, name, rows, at in kinds
            for row in await rows.order_by("id").limit(MOST)
        ]
        return sorted(found, key=lambda event: event.at)


def _whole(rows: Any) -> Any:
    """A query, with what `Scenario.of` needs."""
    return rows.select_related("area", "lead").prefetch_related("modules")


async def one(key: int) -> Scenario | None:
    row = await _whole(ScenarioRow.filter(id=key)).first()
    return Scenario.of(row) if row else None


async def _node(_context: object, key: str) -> Scenario | None:
    number = whole(key)
    return await one(number) if number is not None else None


register_node("Scenario", _node)


@strawberry.type
class Query:
    @strawberry.field(description="One scenario.")
    async def scenario(self, id: strawberry.ID) -> Scenario | None:
        return await one(decode_int(id, "Scenario"))

    @strawberry.field(description="Scenarios, the newest first.")
    async def scenarios(
        self,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        area: str | None = None,
        q: str | None = None,
    ) -> Connection[Scenario]:
        rows = ScenarioRow.filter(area__around__ancestor__code=area) if area else ScenarioRow.all()
        if q and q.strip():
            rows = rows.filter(id__in=await matching("scenario", q))
        found = await page_of(first, after, last, before).rows(_whole(rows), [("id", "desc")])
        return found.connection(node=Scenario.of, total=rows.count)


@strawberry.input
class ProposeScenarioInput:
    as_party: strawberry.ID
    title: str
    area: str = strawberry.field(description="Code of the area.")
    summary: str = strawberry.field(description="Markdown.")
    title_en: str = ""
    modules: str = strawberry.field(default="", description="Names of its parts, one on each line.")


@strawberry.input
class EditScenarioInput:
    scenario: strawberry.ID
    as_party: strawberry.ID
    title: str
    summary: str
    title_en: str = ""
    modules: str = strawberry.field(default="", description="All of them, one on each line.")


@strawberry.type
class ScenarioPayload:
    id: strawberry.ID
    state: str

    @classmethod
    def of(cls, row: ScenarioRow) -> ScenarioPayload:
        return cls(id=encode("Scenario", row.id), state=row.state)


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Propose an application scenario, for the department that leads it.")
    async def propose_scenario(self, info: Info, input: ProposeScenarioInput) -> ScenarioPayload:
        row = await scenarios.propose(
            await info.context.actor(input.as_party), title=input.title, area=input.area, summary=input.summary,
            title_en=input.title_en, modules=input.modules.splitlines(),
        )  # fmt: skip
        return ScenarioPayload.of(row)

    @strawberry.mutation(description="Say anew what a proposed scenario is, and of which parts it consists.")
    async def edit_scenario(self, info: Info, input: EditScenarioInput) -> ScenarioPayload:
        row = await scenarios.edit(
            await info.context.actor(input.as_party), decode_int(input.scenario, "Scenario", field="scenario"),
            title=input.title, summary=input.summary, title_en=input.title_en, modules=input.modules.splitlines(),
        )  # fmt: skip
        return ScenarioPayload.of(row)
