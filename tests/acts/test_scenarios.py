"""Scenarios: "scenario.propose" and "scenario.edit", and everything that hangs on one."""

from datetime import timedelta
from typing import Any

import pytest

from civic import clock, db
from civic.acts import charters, proposals, scenarios
from civic.acts.core import Actor
from civic.acts.joint_meetings import planning
from civic.errors import InvalidInput, InvalidState, NotAllowed
from civic.models import LedgerEntry, Module, Scenario
from tests.support.meetings import refusal
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_a_department_proposes_a_scenario_and_says_it_anew(connected: str, world: World) -> None:
    made = await scenarios.propose(
        world.as_official, title="一码停车", title_en="One code", area=world.district.code, summary="**扫码**停车",
        modules=["支付", "", "投诉"],
    )  # fmt: skip
    assert (made.state, made.lead_id) == ("proposed", world.department.id)
    assert await Module.filter(scenario_id=made.id).order_by("id").values_list("title", flat=True) == [
        "支付",
        "投诉",
    ]
    edited = await scenarios.edit(
        world.as_official, made.id, title="一码停车", summary="丙", modules=["支付"]
    )
    assert (edited.title_en, edited.summary) == ("", "丙")
    assert await Module.filter(scenario_id=made.id).count() == 1
    acts = await LedgerEntry.filter(kind="scenario").order_by("id").values_list("act", "payload")
    assert [act for act, _ in acts] == ["scenario.propose", "scenario.edit"]
    assert not any("停车" in payload for _, payload in acts), "its words are not in the ledger"


async def test_what_is_refused(connected: str, world: World) -> None:
    good: dict[str, Any] = {"title": "甲", "area": world.district.code, "summary": "乙"}
    for reason, wrong in (
        ("unknown_area", {"area": "999999"}),
        ("too_many", {"modules": [str(n) for n in range(31)]}),
        ("same_name", {"modules": ["a", "A"]}),
        ("too_long", {"title": "甲" * 121}),
    ):
        await refusal(InvalidInput, reason, scenarios.propose(world.as_official, **{**good, **wrong}))
    with pytest.raises(InvalidInput):
        await scenarios.propose(world.as_official, **{**good, "summary": " "})
    with pytest.raises(NotAllowed):
        await scenarios.propose(world.as_official, **{**good, "area": world.elsewhere.code})
    assert await Scenario.all().count() == 0
    made = await scenarios.propose(world.as_official, **good)

    async def live() -> None:
        await Scenario.filter(id=made.id).update(state="live")

    await db.write(live)
    with pytest.raises(InvalidState):
        await scenarios.edit(world.as_official, made.id, title="甲", summary="乙")


async def test_what_hangs_on_it_stands_on_its_page(client: Any, world: World, graphql: Any) -> None:
    made = await scenarios.propose(
        world.as_official, title="一码停车", area=world.district.code, summary="扫码"
    )
    resident = Actor(await world.resident())
    draft = await proposals.create(
        resident, title="要能开票", body="乙", area=world.community.code, scenario=made.id
    )
    await proposals.create(resident, title="草稿", body="乙", area=world.community.code, scenario=made.id)
    await proposals.publish(resident, draft)
    plan = planning.Plan("停车会", "谈", "会议室", clock.now() + timedelta(days=9), scenario=made.id)
    await planning.create(world.as_official, area=world.district.code, plan=plan)
    await charters.create(
        world.as_official, title="未公开", area=world.district.code, subject=("scenario", made.id)
    )
    query = """{ scenarios(first: 5) { totalCount nodes { id title modules lead { name }
      timeline { kind title state } } } }"""
    found = (await graphql(query))["data"]["scenarios"]
    assert found["totalCount"] == 1
    assert found["nodes"][0]["timeline"] == [{"kind": "proposal", "title": "要能开票", "state": "published"}]
    key = found["nodes"][0]["id"]
    assert (await graphql("query($id: ID!) { node(id: $id) { id } }", {"id": key}))["data"]["node"][
        "id"
    ] == key
    page = await client.get(f"/scenarios/{made.id}")
    assert page.status_code == 200 and "要能开票" in page.text and "未公开" not in page.text
    assert "草稿" not in page.text and "停车会" not in page.text
    assert (await client.get("/scenarios")).status_code == 200
    assert (await client.get("/scenarios/99")).status_code == 404
