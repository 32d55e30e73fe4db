"""What is public is found by its words: meetings, open days and charters; two characters are enough."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from tortoise import connections

from civic import clock, db
from civic.acts import ballots, charters, scenarios
from civic.acts.core import Actor
from civic.acts.joint_meetings import planning
from civic.acts.open_days import editions
from civic.models import SearchDocument
from tests.support import open_days as made
from tests.support.charters import Three
from tests.support.meetings import Room
from tests.support.world import World

pytestmark = pytest.mark.anyio
LISTS = """query($q: String) { jointMeetings(q: $q) { totalCount } openDays(q: $q) { totalCount }
  charters(q: $q) { totalCount } }"""


async def forget(*kinds: str) -> None:
    """As it was before there was an index of these."""

    async def delete() -> None:
        await SearchDocument.filter(kind__in=kinds).delete()

    await db.write(delete)


async def migrate(name: str) -> None:
    """Make what was public before that migration found."""

    async def run() -> None:
        forwards = import_module(f"civic.migrations.{name}").forwards
        await forwards(None, SimpleNamespace(client=connections.get("default")))

    await db.write(run)


async def test_meetings_open_days_and_charters_are_found_once_they_are_public(
    app: Any, world: World, graphql: Any
) -> None:
    async def found(q: str) -> tuple[int, ...]:
        data = (await graphql(LISTS, {"q": q}))["data"]
        return tuple(data[name]["totalCount"] for name in ("jointMeetings", "openDays", "charters"))

    host, three = world.as_official, await Three.make(world)
    room, day, charter = await Room.draft(world), await made.draft(host, world.community), await three.draft()
    assert [await found(q) for q in ("停车", "养老", "公园")] == [(0, 0, 0)] * 3, (
        "drafts are nobody's business"
    )
    await planning.convene(host, room.meeting)
    await editions.announce(host, day)
    await charters.open_(host, charter)
    assert [await found(q) for q in ("停车", "养老", "公园")] == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    assert await found("没有这样的词") == (0, 0, 0)
    assert (await found(""), await found('" OR "')) == ((1, 1, 1), (0, 0, 0)), "no operator can be typed"
    await editions.edit(host, day, words=editions.Words(title="托幼开放日", place="二楼"))
    assert [await found(q) for q in ("养老", "托幼")] == [(0, 0, 0), (0, 1, 0)]

    await forget("meeting", "open_day")
    assert await found("停车") == (0, 0, 0)
    await migrate("0016_find_gatherings")
    assert [await found(q) for q in ("错时", "开放日")] == [(1, 0, 0), (0, 1, 0)]


async def test_votes_and_scenarios_are_found_once_they_are_public(
    app: Any, world: World, graphql: Any
) -> None:
    query = "query($q: String) { ballots(q: $q) { totalCount } scenarios(q: $q) { totalCount } }"

    async def found(q: str) -> tuple[int, int]:
        data = (await graphql(query, {"q": q}))["data"]
        return data["ballots"]["totalCount"], data["scenarios"]["totalCount"]

    host, now = world.as_official, clock.now()
    scenario = await scenarios.propose(
        Actor(host.person, world.department), title="一件事：新生儿出生", title_en="A birth", area=world.district.code,
        summary="少跑几趟", modules=["出生证明"],
    )  # fmt: skip
    draft = await ballots.create(
        host, title="车位怎么排", question="是否同意错时共享？", area=world.district.code,
        opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2),
    )  # fmt: skip
    assert [await found(q) for q in ("车位", "错时", "birth", "出生证明")] == [(0, 0), (0, 0), (0, 1), (0, 1)]
    await ballots.announce(host, draft)
    assert [await found(q) for q in ("车位", "错时", "少跑")] == [(1, 0), (1, 0), (0, 1)]
    await scenarios.edit(
        Actor(host.person, world.department), scenario, title="一件事：入学", summary="一次办", modules=[]
    )
    assert [await found(q) for q in ("出生证明", "入学")] == [(0, 0), (0, 1)]

    await forget("ballot", "scenario")
    assert await found("车位") == (0, 0)
    await migrate("0019_find_ballots")
    assert [await found(q) for q in ("错时", "入学")] == [(1, 0), (0, 1)]
