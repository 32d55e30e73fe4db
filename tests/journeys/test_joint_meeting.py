"""A joint meeting from call to minutes: twelve people at their own browsers, the room's screen, a visitor, a stranger."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.support.axe import assert_accessible
from tests.support.server import ROOT, Server
from tests.support.sitting import SCREEN, Sitting, Town, aside, list_is_over, local, press, sent, volunteer

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1200)]
VOLUNTEERS = 200
DRAWN = ("resident1", "resident2", "resident3")
PRESENT = ("official", "substitute", "association", "member", *DRAWN)


def test_a_meeting_from_call_to_minutes(server: Server, visit: Callable[..., Any], tmp_path: Path) -> None:
    town = aside(lambda: Town.make(VOLUNTEERS))
    sitting = Sitting(server.url, visit, dict(town.codes))
    for who in town.codes:
        sitting.enter(who, DESKTOP if who in ("official", "secretary") else PHONE)
    scenario = the_call(sitting)
    visitor = visit(server.url)
    the_draw(sitting, town, visitor)
    the_seats(sitting)
    room = visit(server.url, size=SCREEN)
    the_opening(sitting, room)
    the_vote_that_fails(sitting, room, visitor)
    the_vote_that_passes(sitting, room, visitor)
    the_lost_line(sitting, room)
    the_minutes(sitting, room)
    afterwards(sitting, visitor, scenario)
    a_stranger_checks_it(server, tmp_path / "out")


def the_call(sitting: Sitting) -> str:
    """From the scenario that it is about, step by step; gives the scenario's address."""
    official = sitting.pages["official"]
    official.goto("/scenarios/new")
    official.fill("#f-title", "错时停车一码通")
    official.fill("#f-summary", "扫码就知道哪里有空位。")
    official.fill("#f-modules", "预约\n支付")
    press(official, "提出")
    assert_accessible(official)
    scenario = str(official.url)
    official.get_by_role("link", name="就此召集会议").click()
    official.wait_for_url("**/meetings/new?*")
    official.fill("#f-title", "错时停车联席会议")
    official.fill("#f-about", "讨论单位车位夜间向居民开放。")
    official.fill("#f-startsAt", local(2))
    official.fill("#f-place", "街道会议室")
    press(official, "保存并继续")
    assert_accessible(official)
    for row, seats in (("示例停车公司", "1"), ("示例物业协会", "2"), ("测试区政务办", "1")):
        official.locator("tr", has_text=row).locator("input[type=number]").fill(seats)
    official.fill("#r-sortition", "3")
    press(official, "保存并继续")
    official.fill("#f-chair", sitting.codes["official"])
    official.fill("#f-secretary", sitting.codes["secretary"])
    press(official, "保存并继续")
    official.fill("#f-title", "试点方案")
    press(official, "列入议程")
    official.get_by_role("link", name="核对并召集").last.click()
    assert_accessible(official)
    press(official, "召集会议")
    sitting.base = re.sub(r"[?#].*", "", official.url)
    return scenario


def the_draw(sitting: Sitting, town: Town, visitor: Any) -> None:
    """Three seats among two hundred: the list closes by the clock, the lots are drawn, one declines, all is repeated."""
    official = sitting.at("official", "/plan?step=fill")
    official.fill("#f-closesAt", local(1))
    press(official, "征集报名")
    sitting.codes["neighbour"] = town.residents[0]
    neighbour = sitting.enter("neighbour", PHONE)
    neighbour.goto(sitting.base)
    press(neighbour, "报名参加抽签")
    expect(neighbour.locator("main")).to_contain_text("已报名")
    aside(lambda: volunteer(town.residents[1:]))
    visitor.goto(sitting.base)
    expect(visitor.locator("main")).to_contain_text("200")
    expect(visitor.locator(".draw")).to_have_count(0)  # before the list closes nobody sees who is on it
    aside(list_is_over)
    for _ in range(60):
        visitor.goto(sitting.base)
        if visitor.get_by_text("已在200名报名者中抽签").count():
            break
        visitor.wait_for_timeout(500)
    expect(visitor.locator("main")).to_contain_text("已在200名报名者中抽签")

    # Whoever reads the page repeats the draw with a line of arithmetic.
    order = visitor.locator(".draw li code").all_text_contents()
    seed = bytes.fromhex(visitor.locator(".hash").text_content().strip())
    assert order == sorted(town.residents, key=lambda code: sha256(seed + b"\0" + code.encode()).digest())
    expect(visitor.locator(".draw .is-drawn")).to_have_count(3)

    # The second of the drawn declines, and the first of the reserve is invited.
    sitting.codes |= dict(zip((DRAWN[0], "declined", DRAWN[1], DRAWN[2]), order, strict=False))
    for who in (DRAWN[0], "declined", DRAWN[1]):
        sitting.enter(who, PHONE)
    sitting.seat("declined", "谢绝席位")
    sitting.enter(DRAWN[2], PHONE)
    for who in DRAWN:
        sitting.seat(who, "确认席位")
    visitor.goto(sitting.base)
    expect(visitor.locator(".draw li").nth(1)).to_contain_text("已谢绝")


def the_seats(sitting: Sitting) -> None:
    """Parties name delegates, who confirm; one sends a substitute; a party asks for an item."""
    for manager, number, delegate in (
        ("enterprise", 0, "delegate"), ("association", 0, "association"), ("association", 1, "member"),
        ("official", 0, "official"),
    ):  # fmt: skip
        seat = sitting.at(manager, "/seat").locator("article.motion").nth(number)
        seat.locator("select").select_option(sitting.codes[delegate])
        sent(sitting.pages[manager], seat.get_by_role("button", name="发出邀请"))
        sitting.seat(delegate, "确认席位")
    sitting.fill_in("delegate", "我不能到会", "派人替补", person=sitting.codes["substitute"])
    sitting.seat("substitute", "确认席位")
    sitting.fill_in(
        "association", "提请列入议题", "提请", title="收费标准", body="协会希望先说清收费由谁定。"
    )
    official = sitting.at("official", "/chair")
    official.get_by_role("link", name="收费标准").click()
    press(official, "列入议程")
    expect(official.locator("ol.agenda")).to_contain_text("收费标准")


def the_opening(sitting: Sitting, room: Any) -> None:
    """The room's screen shows each bloc as it comes, and who speaks; it is never loaded again and has no controls."""
    room.goto(sitting.base + "/room")
    room.evaluate("window.loadedOnce = true")
    live = room.locator("#live")
    expect(live).to_contain_text("未达法定人数")
    residents = room.locator(".bar", has_text="居民")
    expect(residents).to_contain_text("0 席到会")
    for who in PRESENT[:-2]:
        sitting.seat(who, "签到")
    expect(residents).to_contain_text("1 席到会")
    expect(live).to_contain_text("未达法定人数")  # all other blocs are there; the residents are one short
    official = sitting.at("official", "/chair")
    for number in (6, 7):  # the secretary's desk checks in who has no phone at hand
        sent(official, official.get_by_role("button", name=f"签到 {number}", exact=True))
    expect(residents).to_contain_text("3 席到会")
    expect(live).to_contain_text("已达法定人数")
    sitting.chair("宣布开会")
    press(official, "进入此议题")
    expect(live).to_contain_text("试点方案")
    official = sitting.at("official", "/chair")
    sitting.seat("resident1", "要求发言")
    sitting.seat("member", "要求发言")
    chair = official.locator("#live")
    expect(chair.locator("ol.agenda").first).to_contain_text("钱会员")
    press(official, "请其发言")
    first = room.locator(".room-name")
    expect(first).to_contain_text("居民")
    expect(room.locator(".room-waiting")).to_contain_text("钱会员")
    sitting.seat("resident1", "发言完毕")
    sitting.chair("请其发言")
    expect(first).to_contain_text("钱会员")
    sitting.seat("member", "发言完毕")
    assert room.evaluate("window.loadedOnce") is True
    assert room.locator("button, input, a, summary").count() == 0


def the_vote_that_fails(sitting: Sitting, room: Any, visitor: Any) -> None:
    """An enterprise's motion, seconded by a resident, with a duty; five to two in favour, but not in every bloc."""
    page = sitting.fill_in(
        "substitute", "就本议题提出动议", "提出动议", text="自四月起夜间开放车位，试行一年。"
    )
    expect(page.get_by_role("button", name="附议")).to_have_count(0)
    sitting.seat("resident1", "附议")
    sitting.fill_in(
        "substitute", "列出责任", "写入动议",
        party="示例停车公司", text="安排夜间安保并公示名单", dueOn=local(90)[:10], evidence="排班表",
    )  # fmt: skip
    sitting.fill_in("member", "声明利害关系", "回避", interest="本人持有该停车场的股份")
    said = dict.fromkeys(PRESENT, "赞成") | {"resident2": "反对", "resident3": "反对"}
    del said["member"]
    sitting.chair("开始表决")
    for who, choice in said.items():
        sitting.vote(who, choice, "没有写明夜间安保由谁负责。" if who == "resident2" else "")
    expect(room.locator(".room-figure")).to_contain_text("7")
    expect(room.locator("#live")).not_to_contain_text("反对")  # how they voted is not shown yet
    expect(sitting.at("member", "/seat").locator("#live")).to_contain_text("您已对此回避")
    sitting.chair("结束表决")
    expect(room.locator(".room-result")).to_contain_text("有必须到会的一方未过半数赞成")
    expect(room.locator(".room-counts")).to_contain_text("赞成 4")
    sitting.fill_in("resident3", "记录我的理由", "记录在案", reasons="一年太长，先试半年。")
    visitor.goto(sitting.base)
    motion = visitor.locator("#motion-1")
    expect(motion).to_contain_text("赞成4，反对2，弃权0，回避1")
    for reasons in ("没有写明夜间安保由谁负责", "一年太长"):
        expect(motion.locator(".dissent", has_text=reasons)).to_be_visible()
    expect(motion).to_contain_text("本人持有该停车场的股份")


def the_vote_that_passes(sitting: Sitting, room: Any, visitor: Any) -> None:
    """An amendment brings the motion back; it passes and its duty falls due."""
    sitting.fill_in(
        "resident2", "提出修正案", "提出修正案", strike="试行一年", insert="试行半年，夜间安保由停车公司负责"
    )
    sitting.seat("association", "附议")
    sitting.roll(dict.fromkeys(PRESENT, "赞成"))
    sitting.roll({who: "赞成" for who in PRESENT if who != "member"})
    expect(room.locator("#live")).to_contain_text("试行半年")
    visitor.goto(sitting.base)
    expect(visitor.locator(".resolution").first).to_contain_text("试行半年，夜间安保由停车公司负责")
    visitor.locator("#motion-1 .clause a").first.click()
    visitor.wait_for_url("**/obligations/*")
    expect(visitor.locator("main")).to_contain_text("安排夜间安保并公示名单")


def the_lost_line(sitting: Sitting, room: Any) -> None:
    """The line is lost, the screen says so, and what happened meanwhile is there when it comes back."""
    room.context.set_offline(True)
    expect(room.locator("[data-live-stale]")).to_be_visible(timeout=30_000)
    sitting.chair("进入此议题")
    expect(room.locator("#live")).not_to_contain_text("收费标准")
    room.context.set_offline(False)
    expect(room.locator("[data-live-stale]")).to_be_hidden(timeout=30_000)
    expect(room.locator("#live")).to_contain_text("收费标准")


def the_minutes(sitting: Sitting, room: Any) -> None:
    """Two versions, an objection that stays, signatures, published."""
    sitting.chair("宣布散会")
    expect(room.locator("#live")).to_contain_text("会议已散会")
    secretary = sitting.at("secretary", "/chair")
    press(secretary, "生成纪要初稿")
    draft = "\n".join(x.input_value() for x in secretary.locator("textarea[lang=zh-Hans]").all())
    for known in (
        "周替补（示例停车公司）",
        "声明利害关系并回避：钱会员",
        "反对2",
        "一年太长",
        "决议1",
        "吴秘书记录",
    ):
        assert known in draft, known
    press(sitting.at("secretary", "/chair"), "送各席位签署")
    sitting.fill_in("resident3", "提出异议", "提出异议", objection="我的发言没有写全。")
    secretary = sitting.at("secretary", "/minutes/edit")
    item = secretary.locator("textarea[lang=zh-Hans]").nth(2)
    item.fill(item.input_value() + "\n\n居民代表要求公示安保名单。")
    secretary.fill("#f-reason", "补充居民代表的发言")
    press(secretary, "存为第2版")
    press(sitting.at("secretary", "/chair"), "送各席位签署")
    for who in PRESENT:
        sitting.seat(who, "签署纪要")
    press(sitting.at("secretary", "/chair"), "公布纪要")


def afterwards(sitting: Sitting, visitor: Any, scenario: str) -> None:
    """Somebody who missed it follows all of it on one page, from the scenario, and prints what there is to print."""
    visitor.goto(scenario)
    visitor.get_by_role("link", name="错时停车联席会议").click()
    visitor.wait_for_url(sitting.base)
    main = visitor.locator("main")
    for told in (
        "讨论单位车位夜间向居民开放", "试点方案", "收费标准", "示例物业协会", "钱会员", "（替孙代表）", "决议1",
        "本人持有该停车场的股份", "没有写明夜间安保由谁负责", "一年太长", "已在200名报名者中抽签",
        "我的发言没有写全", "签署7席", "已公布第2版",
    ):  # fmt: skip
        expect(main).to_contain_text(told)
    assert_accessible(visitor)
    visitor.goto(sitting.base + "/minutes")
    expect(main).to_contain_text("公示安保名单")
    assert_accessible(visitor)
    visitor.goto(sitting.base + "/minutes?version=1")
    expect(main).to_contain_text("我的发言没有写全")
    visitor.goto(sitting.base + "/roll-call")
    expect(main).to_contain_text("示例停车公司")


def a_stranger_checks_it(server: Server, folder: Path) -> None:
    """From the export alone, by the command, knowing nothing of the platform's data or settings."""
    civic = [sys.executable, "-m", "civic"]
    subprocess.run(
        [*civic, "export", str(folder)], cwd=ROOT, env=server.environment, check=True, capture_output=True
    )
    found = subprocess.run(
        [*civic, "verify", str(folder)], cwd=folder, env={"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr
    assert "7 quorums and 3 results derived again, 3 residents drawn again from 200" in found.stdout
