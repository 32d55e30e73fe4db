"""Areas: the tree a page at a time, search by name or code, and where each lies."""

from typing import Any

import pytest

from civic import db
from civic.acts import areas
from civic.acts.core import SYSTEM
from civic.models import Area
from civic.rules.area_files import AreaLine
from tests.support.world import World

pytestmark = pytest.mark.anyio
LIST = """query($q: String, $after: String, $within: String) { areas(first: 50, q: $q, after: $after, within: $within) {
  totalCount pageInfo { hasNextPage endCursor } nodes { code name level above { name } } } }"""


async def many(world: World, number: int) -> None:
    lines = [
        AreaLine(i, f"310104003{i:03}", f"示例{i}居委会", "community", "310104003")
        for i in range(100, 100 + number)
    ]
    await areas.import_areas(SYSTEM, lines=lines)


async def test_the_top_and_the_way_up(client: Any, graphql: Any, world: World) -> None:
    top = (await graphql(LIST))["data"]["areas"]
    assert [a["code"] for a in top["nodes"]] == ["310000"] and top["nodes"][0]["above"] == []
    found = (await graphql(LIST, {"q": "居委会"}))["data"]["areas"]["nodes"]
    assert [a["name"] for a in found] == ["测试居委会"]
    assert [a["name"] for a in found[0]["above"]] == [
        "上海市（测试）",
        "徐汇区（测试）",
        "天平街道（测试）",
    ]


async def test_search_by_code_and_within(client: Any, graphql: Any, world: World) -> None:
    by_code = (await graphql(LIST, {"q": "310104"}))["data"]["areas"]["nodes"]
    assert [a["level"] for a in by_code] == ["district", "street", "community"]
    inside = (await graphql(LIST, {"q": "测试", "within": "310104003"}))["data"]["areas"]["nodes"]
    assert [a["code"] for a in inside] == ["310104003", "310104003001"]
    assert (await graphql(LIST, {"q": "没有这里"}))["data"]["areas"]["nodes"] == []


@pytest.mark.parametrize("hostile", ["%", "_", "'; DROP TABLE area; --", "x" * 5000, "\u0000", "（"])
async def test_hostile_searches_are_only_text(client: Any, graphql: Any, world: World, hostile: str) -> None:
    answer = await graphql(LIST, {"q": hostile})
    assert "errors" not in answer
    assert await Area.all().count() == 5


async def test_all_pages_give_each_area_once(client: Any, graphql: Any, world: World) -> None:
    await many(world, 130)
    seen: list[str] = []
    after = None
    while True:
        page = (await graphql(LIST, {"q": "示例", "after": after}))["data"]["areas"]
        seen += [a["code"] for a in page["nodes"]]
        assert page["totalCount"] == 130
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) == 130 and seen == sorted(seen)
    query = """{ area(code: "310104003") { supportThreshold residentCount
      children(first: 60) { totalCount pageInfo { hasNextPage } nodes { code } } } }"""
    street = (await graphql(query))["data"]["area"]
    assert street["children"]["totalCount"] == 131 and street["children"]["pageInfo"]["hasNextPage"]
    assert street["supportThreshold"] == 50 and street["residentCount"] == 0


async def test_what_is_set_above_holds_below(client: Any, graphql: Any, world: World) -> None:
    await areas.set_threshold(world.as_official, world.district, supports=7)
    await world.resident()
    query = '{ area(code: "310104003001") { supportThreshold residentCount } }'
    assert (await graphql(query))["data"]["area"] == {"supportThreshold": 7, "residentCount": 1}


async def test_the_pages_page(client: Any, world: World) -> None:
    await many(world, 130)
    first = await client.get("/areas/310104003", headers={"Accept-Language": "en"})
    assert first.status_code == 200 and first.text.count('href="/areas/3101040031') == 59
    assert 'rel="next"' in first.text and "Xuhui" not in first.text
    found = await client.get("/areas?q=测试居委会", headers={"Accept-Language": "en"})
    assert "上海市（测试） › 徐汇区（测试） › 天平街道（测试）" in found.text
    assert 'lang="zh-Hans"' in found.text
    assert (await client.get("/areas/nowhere")).status_code == 404
    assert db.started()
