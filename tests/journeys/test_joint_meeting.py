"""A joint meeting from call to minutes, by four people and the room's projector, through the pages."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from civic import clock, db
from civic.acts import people
from civic.ledger import sequencer
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.models import Person, Sortition
from civic.settings import settings
from tests.journeys.conftest import DESKTOP, PHONE
from tests.support import world as rows
from tests.support.axe import assert_accessible
from tests.support.server import Server
from tests.support.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]
PASSWORD = "correct horse battery"
WHO = ("official", "enterprise", "association", "resident")


@dataclass
class Cast:
    """Codes of the people, and the key of the meeting."""

    codes: dict[str, str]
    area: str


async def connected(work: Callable[[], Any]) -> Any:
    await db.start()
    try:
        return await work()
    finally:
        await db.stop()


def aside(work: Callable[[], Any]) -> Any:
    """Run acts or reads beside the browser, whose own loop lives in this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(connected(work))).result()


async def people_and_parties() -> Cast:
    world = await World.make()
    secret = await people.hash_password(PASSWORD)
    found = {"official": world.official, "resident": await world.resident("王居民")}
    for kind in ("enterprise", "association"):
        found[kind] = await rows.person({"enterprise": "李企业", "association": "赵协会"}[kind])
        party = await rows.party(
            kind, {"enterprise": "示例停车公司", "association": "示例物业协会"}[kind], world.district
        )
        await rows.member(party, found[kind], "manager")

    async def can_sign_in() -> None:
        for name, person in found.items():
            await Person.filter(id=person.id).update(email=f"{name}@example.org", password_hash=secret)

    await db.write(can_sign_in)
    return Cast({name: person.pseudonym for name, person in found.items()}, world.district.code)


async def list_is_over() -> None:
    """The hour at which the list closes has come."""

    async def write() -> None:
        await Sortition.all().update(closes_at=clock.now() - timedelta(seconds=1))

    await db.write(write)


def local(days: int) -> str:
    return (datetime.now(settings().zone) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def press(page: Any, name: str, within: str = "main") -> None:
    page.locator(within).get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def open_up(page: Any, summary: str) -> Any:
    """Open the first details with this summary; gives it."""
    found = page.locator("details", has=page.locator("summary", has_text=summary)).first
    if found.get_attribute("open") is None:
        found.locator("summary").first.click()
    return found


def test_a_meeting_from_call_to_minutes(server: Server, visit: Callable[..., Any], tmp_path: Path) -> None:
    cast: Cast = aside(people_and_parties)
    pages = {who: visit(server.url, size=DESKTOP if who == "official" else PHONE) for who in WHO}
    for who, page in pages.items():
        page.goto("/sign-in")
        page.fill("#f-email", f"{who}@example.org")
        page.fill("#f-password", PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url("**/desk")
    official = pages["official"]

    # The call, step by step, from the scenario that it is about.
    official.goto("/scenarios/new")
    official.fill("#f-title", "错时停车一码通")
    official.fill("#f-summary", "扫码就知道哪里有空位。")
    official.fill("#f-modules", "预约\n支付")
    press(official, "提出")
    assert_accessible(official)
    scenario = official.url
    official.get_by_role("link", name="就此召集会议").click()
    official.wait_for_url("**/meetings/new?*")
    official.fill("#f-title", "错时停车联席会议")
    official.fill("#f-about", "讨论单位车位夜间向居民开放。")
    official.fill("#f-startsAt", local(2))
    official.fill("#f-place", "街道会议室")
    press(official, "保存并继续")
    assert_accessible(official)
    for row, seats in (("示例停车公司", "1"), ("示例物业协会", "1"), ("测试区政务办", "1")):
        official.locator("tr", has_text=row).locator("input[type=number]").fill(seats)
    official.fill("#r-sortition", "1")
    press(official, "保存并继续")
    official.fill("#f-chair", cast.codes["official"])
    press(official, "保存并继续")
    official.fill("#f-title", "试点方案")
    press(official, "列入议程")
    official.get_by_role("link", name="核对并召集").last.click()
    press(official, "召集会议")
    base = re.sub(r"[?#].*", "", official.url)

    # A resident is drawn.
    official.goto(base + "/plan?step=fill")
    official.fill("#f-closesAt", local(1))
    press(official, "征集报名")
    resident = pages["resident"]
    resident.goto(base)
    press(resident, "报名参加抽签")
    aside(list_is_over)
    expect(resident.locator("main")).to_contain_text("已报名")
    for _ in range(20):
        resident.goto(base)
        if resident.get_by_role("button", name="确认席位").count():
            break
        resident.wait_for_timeout(500)
    expect(resident.locator("main")).to_contain_text("已在1名报名者中抽签")
    press(resident, "确认席位")

    # Parties name their delegates, who confirm and check in.
    for who, number in (("enterprise", "2"), ("association", "1"), ("official", "3")):
        page = pages[who]
        page.goto(base + "/seat")
        seat = page.locator("article.motion").first
        seat.locator("select").select_option(cast.codes[who])
        seat.get_by_role("button", name="邀请").click()
        press(page, "确认席位")
        assert number
    for who in WHO:
        pages[who].goto(base + "/seat")
        press(pages[who], "签到")

    # The projector follows.
    room = visit(server.url, size={"width": 1920, "height": 1080})
    room.goto(base + "/room")
    expect(room.locator("#live")).to_contain_text("已达法定人数")
    chair = base + "/chair"
    official.goto(chair)
    press(official, "宣布开会")
    press(official, "进入此议题")
    expect(room.locator("#live")).to_contain_text("试点方案")
    resident.goto(base + "/seat")
    press(resident, "要求发言")
    expect(official.locator("#live")).to_contain_text("王居民")
    press(official, "请其发言")
    expect(room.locator(".room-name")).to_contain_text("王居民")
    resident.goto(base + "/seat")
    press(resident, "发言完毕")

    # A motion; the same bloc cannot second; three quarters are in favour, one bloc is not.
    enterprise = pages["enterprise"]
    enterprise.goto(base + "/seat")
    form = open_up(enterprise, "就本议题提出动议")
    form.locator("textarea").fill("自四月起夜间开放车位，试行一年。")
    form.get_by_role("button", name="提出动议").click()
    expect(enterprise.get_by_role("button", name="附议")).to_have_count(0)
    resident.goto(base + "/seat")
    press(resident, "附议")
    official.goto(chair)
    press(official, "开始表决")
    for who in WHO:
        vote(
            pages[who],
            base,
            "反对" if who == "resident" else "赞成",
            "没有写明夜间安保由谁负责。" if who == "resident" else "",
        )
    expect(room.locator(".room-figure")).to_contain_text("4")
    expect(room.locator("#live")).not_to_contain_text("反对")  # how they voted is not shown yet
    official.goto(chair)
    press(official, "结束表决")
    expect(room.locator(".room-result, .room-text").first).to_be_visible()
    visitor = visit(server.url)
    visitor.goto(base)
    expect(visitor.locator("#motion-1")).to_contain_text("有必须到会的一方未过半数赞成")
    expect(visitor.locator(".dissent").first).to_contain_text("夜间安保")

    # An amendment brings it back, and it passes.
    resident.goto(base + "/seat")
    form = open_up(resident, "提出修正案")
    form.locator("textarea[name=strike]").fill("试行一年")
    form.locator("textarea[name=insert]").fill("试行半年，夜间安保由停车公司负责")
    form.get_by_role("button", name="提出修正案").click()
    pages["association"].goto(base + "/seat")
    press(pages["association"], "附议")
    for _ in ("amendment", "motion"):
        official.goto(chair)
        press(official, "开始表决")
        for who in WHO:
            vote(pages[who], base, "赞成")
        official.goto(chair)
        press(official, "结束表决")
    visitor.goto(base)
    expect(visitor.locator("#resolutions ~ article, .resolution").first).to_contain_text("试行半年")
    assert_accessible(visitor)

    # The line is lost and comes back.
    room.context.set_offline(True)
    expect(room.locator("[data-live-stale]")).to_be_visible(timeout=30_000)
    room.context.set_offline(False)
    expect(room.locator("[data-live-stale]")).to_be_hidden(timeout=30_000)

    # Minutes: two versions, an objection that stays, signatures, published.
    official.goto(chair)
    press(official, "宣布散会")
    expect(room.locator("#live")).to_contain_text("会议已散会")
    official.goto(chair)
    press(official, "生成纪要初稿")
    official.goto(chair)
    press(official, "送各席位签署")
    resident.goto(base + "/seat")
    form = open_up(resident, "提出异议")
    form.locator("textarea").fill("我的发言没有写全。")
    form.get_by_role("button", name="提出异议").click()
    official.goto(base + "/minutes/edit")
    official.locator("textarea[lang=zh-Hans]").nth(2).fill("王居民要求公示安保名单。\n\n动议经修正后通过。")
    official.fill("#f-reason", "补充居民代表的发言")
    press(official, "存为第2版")
    official.goto(chair)
    press(official, "送各席位签署")
    for who in WHO:
        pages[who].goto(base + "/seat")
        press(pages[who], "签署纪要")
    official.goto(chair)
    press(official, "公布纪要")
    visitor.goto(base + "/minutes")
    expect(visitor.locator("main")).to_contain_text("公示安保名单")
    assert_accessible(visitor)
    visitor.goto(base)
    expect(visitor.locator("main")).to_contain_text("我的发言没有写全")
    visitor.goto(base + "/roll-call")
    expect(visitor.locator("main")).to_contain_text("示例停车公司")
    visitor.goto(scenario)
    visitor.get_by_role("link", name="错时停车联席会议").click()
    visitor.wait_for_url(base)

    async def checked() -> None:
        await sequencer.seal()
        await export(tmp_path / "out")

    aside(checked)
    found = verify(str(tmp_path / "out"))
    assert found.ok, found.wrong
    assert any("7 quorums and 3 results" in line and "drawn again" in line for line in found.good), found.good


def vote(page: Any, base: str, choice: str, reasons: str = "") -> None:
    page.goto(base + "/seat")
    page.get_by_label(choice, exact=True).check()
    if reasons:
        page.fill("#f-reasons", reasons)
    press(page, "投票")
    expect(page.locator("#live")).to_contain_text("您投了" + choice + "票")


def test_the_room_without_a_script(server: Server, visit: Callable[..., Any]) -> None:
    """Nothing to press, everything said, and it loads itself again."""
    from tests.support.meetings import Room

    async def make() -> int:
        return (await Room.in_session(await World.make())).meeting.id

    key = aside(make)
    page = visit(server.url, size=DESKTOP, script=False)
    page.goto(f"/meetings/{key}/room")
    expect(page.locator("#live")).to_contain_text("试点方案")
    assert page.locator("button, input, a").count() == 0
    assert page.locator("meta[http-equiv=refresh]").count() == 1
