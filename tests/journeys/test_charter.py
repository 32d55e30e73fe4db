"""A charter from draft to kept and broken promises, as people do it: in a browser, each in their own.

Three parties of a pocket park: the office convenes, the firm builds, the residents' committee looks after it. Time
passes by moving the dates of obligations back, for a server's clock cannot be moved from outside.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from civic import clock, db
from civic.acts import people
from civic.models import Obligation, Person
from civic.settings import settings
from tests.support import world as rows
from tests.support.axe import assert_accessible
from tests.support.server import ROOT, Server
from tests.support.world import World

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"
NAMES = {"office": "示例街道办（测试）", "firm": "示例园林公司（测试）", "committee": "示例居委会（测试）"}
KINDS = {"office": "政府部门", "firm": "企业", "committee": "居民代表"}


def run(work: Callable[[], Awaitable[Any]]) -> Any:
    """Do this with the database, in a thread of its own: Playwright has a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(_with_database(work))).result()


async def _with_database(work: Callable[[], Awaitable[Any]]) -> Any:
    await db.start()
    try:
        return await work()
    finally:
        await db.stop()


async def settle_in() -> dict[str, Any]:
    """Accounts with passwords, the three parties, and a steward."""
    world = await World.make()
    made: dict[str, Any] = {"area": world.district.code}
    for key, kind in (("office", "government"), ("firm", "enterprise"), ("committee", "residents")):
        person = await people.sign_up(name=f"{key}的负责人", email=f"{key}@example.org", password=PASSWORD)
        party = await rows.party(kind, NAMES[key], world.district)
        await rows.member(party, person, "manager")
        made[key] = party.id
    steward = await people.sign_up(name="管理员", email="steward@example.org", password=PASSWORD)

    async def promote() -> None:
        await Person.filter(id=steward.id).update(steward=True)

    await db.write(promote)
    return made


@dataclass
class Somebody:
    """One of them at their own browser."""

    page: Any
    url: str

    def go(self, path: str) -> None:
        answer = self.page.goto(self.url + path)
        assert answer.status == 200, (path, answer.status)

    def press(self, label: str, nth: int = 0) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=label, exact=True).nth(nth).click()

    def says(self, *texts: str) -> None:
        shown = self.page.locator("main").inner_text()
        for text in texts:
            assert text in shown, (text, shown[:3000])

    def sign_in(self, key: str) -> None:
        self.go("/sign-in")
        self.page.fill("[name=email]", f"{key}@example.org")
        self.page.fill("[name=password]", PASSWORD)
        with self.page.expect_navigation():
            self.page.locator("form:has([name=password]) button[type=submit]").click()

    def choose(self, name: str, key: str) -> None:
        self.page.select_option(f"[name={name}]", label=f"{KINDS[key]} · {NAMES[key]}")


@dataclass
class Cast:
    server: Server
    area: str
    parties: dict[str, int]
    somebody: dict[str, Somebody] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Somebody:
        return self.somebody[key]


@pytest.fixture
def cast(database: str, browser: Any) -> Iterator[Cast]:
    made = run(settle_in)
    server = Server(settings().data_dir, settings().database_url)
    server.start()
    found = Cast(server, made["area"], {key: made[key] for key in NAMES})
    contexts = []
    try:
        for key in (*NAMES, "steward"):
            context = browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
            contexts.append(context)
            found.somebody[key] = Somebody(context.new_page(), server.url)
            found[key].sign_in(key)
        yield found
    finally:
        for context in contexts:
            context.close()
        server.stop()


def in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def write_clause(
    who: Somebody,
    kind: str,
    holder: str,
    text: str,
    counterpart: str = "",
    answers: int = 0,
    evidence: str = "",
) -> None:
    """Fill the fields of a clause; a duty is due in thirty days."""
    page = who.page
    who.choose("holder", holder)
    if counterpart:
        who.choose("counterpart", counterpart)
    page.fill("[name=text]", text)
    if kind == "duty":
        if answers:
            page.check(f"[name=answers][value='{answers}']")
        page.check("[name=dueKind][value=day]")
        page.fill("[name=dueOn]", in_days(30))
        page.fill("[name=evidence]", evidence)


def move(change: dict[str, Any], **which: Any) -> None:
    """Time passes for these obligations."""

    async def write() -> None:
        await Obligation.filter(**which).update(**change)

    run(lambda: db.write(write))


def wait_for(who: Somebody, path: str, text: str) -> None:
    """Look again until the platform's clock has done its work."""
    for _ in range(40):
        who.go(path)
        if text in who.page.locator("main").inner_text():
            return
        who.page.wait_for_timeout(250)
    who.says(text)


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (30, 20), "green").save(out, "PNG")
    return out.getvalue()


def test_a_charter_from_draft_to_kept_and_broken_promises(cast: Cast, tmp_path: Path) -> None:
    office, firm, committee, steward = cast["office"], cast["firm"], cast["committee"], cast["steward"]

    # The office drafts. A right that nobody answers, and a duty that nothing would show, are named.
    office.go("/charters/new")
    office.page.fill("[name=title]", "口袋公园共治清单（示例）")
    office.page.fill("[name=area]", cast.area)
    office.press("建立草案")
    draft = re.search(r"/charters/(\d+)/edit", office.page.url)
    assert draft, office.page.url
    here = f"/charters/{draft[1]}"
    for kind, holder, text, counterpart, answers, evidence in (
        ("right", "committee", "了解施工安排", "", 0, ""),
        ("duty", "office", "公布施工安排", "committee", 1, ""),
        ("right", "firm", "按时取得施工许可", "", 0, ""),
        ("duty", "firm", "按图施工", "office", 0, "竣工照片"),
        ("interest", "office", "投诉减少", "", 0, ""),
        ("duty", "firm", "每日清扫", "committee", 0, "照片"),
        ("duty", "office", "设置围挡", "committee", 0, "照片"),
        ("duty", "firm", "给居民让路", "committee", 0, "照片"),
    ):
        office.go(f"{here}/edit?kind={kind}")
        write_clause(office, kind, holder, text, counterpart, answers, evidence)
        office.press("保存条款")
        office.says("条款已写入。")
    # A rule that never ends is refused beside its field, and what was typed stays.
    office.go(f"{here}/edit?kind=duty")
    write_clause(office, "duty", "office", "永远通报", "committee", 0, "公告")
    office.page.check("[name=dueKind][value=recurrence]")
    office.page.locator("details:has([name=rule]) summary").click()
    office.page.fill("[name=rule]", "FREQ=DAILY")
    office.press("保存条款")
    office.says("这条规则没有尽头")
    assert office.page.input_value("[name=text]") == "永远通报"
    assert_accessible(office.page)
    firm.page.goto(f"{firm.url}{here}")
    assert "口袋公园" not in firm.page.content()  # a draft is its convener's
    office.go(here)
    office.press("进入协商")
    office.says("协商中", "第 3 条的权利没有任何责任与之对应", "第 2 条没有写明用什么证明", "还不能签署")
    assert office.page.get_by_role("button", name="交付签署").count() == 0

    # The others propose; the comparison shows what changes; the office takes it in.
    committee.go(f"{here}/negotiation?kind=duty")
    write_clause(committee, "duty", "committee", "配合施工并维持秩序", "firm", 3, "签到表")
    committee.page.fill("[name=reason]", "各方都要出力。")
    committee.press("提出修改")
    firm.go(f"{here}/negotiation?number=2")
    firm.page.check("[name=dueKind][value=recurrence]")
    firm.page.fill("[name=dueOn]", in_days(1))
    firm.page.select_option("[name=every]", "weekly")
    firm.page.fill("[name=times]", "4")
    firm.page.fill("[name=text]", "每周公布施工安排")
    firm.page.fill("[name=evidence]", "公告")
    firm.page.fill("[name=reason]", "一次不够。")
    firm.press("提出修改")
    office.go(f"{here}/negotiation")
    added = office.page.locator("ins").all_inner_texts()
    assert any("配合施工并维持秩序" in text for text in added) and any("每周" in text for text in added)
    assert_accessible(office.page)
    for _ in range(2):
        office.press("采纳并写入")
        office.says("修改已写入文本")
    office.go(here)
    office.says("完整。每项权利都有他方的责任来落实")
    office.press("交付签署")

    # One signs with a reservation; then a word changes, and signing begins anew.
    firm.go(f"{here}/sign")
    stale = firm.page.context.new_page()
    stale.goto(f"{firm.url}{here}/sign")
    shown = firm.page.locator("#text-hash").inner_text()
    firm.page.fill("[name=reservation]", "台风天顺延。")
    firm.press("签署第 3 版")
    firm.says("签署已记录在案。", "保留意见", "台风天顺延。")
    committee.go(f"{here}/negotiation?number=4")
    committee.page.fill("[name=text]", "按图施工，夜间停工")
    committee.page.fill("[name=reason]", "夜里要睡觉。")
    committee.press("提出修改")
    office.go(f"{here}/negotiation")
    office.press("采纳并写入")
    with stale.expect_navigation():
        stale.get_by_role("button", name="签署第 3 版").click()
    assert "您读过之后文本已有改动" in stale.locator("main").inner_text()
    stale.close()
    firm.go(f"{here}/versions")
    firm.says("这些签署已失效")
    firm.go(f"{here}/sign")
    assert firm.page.locator("#text-hash").inner_text() != shown
    firm.page.fill("[name=reservation]", "台风天顺延。")
    for who in (firm, committee, office):
        who.go(f"{here}/sign")
        assert_accessible(who.page)
        if who is firm:
            who.page.fill("[name=reservation]", "台风天顺延。")
        who.press("签署第 4 版")
    office.says("生效中")

    # What each owes stands on its desk.
    firm.go("/desk/obligations")
    firm.says("按图施工，夜间停工", "每日清扫", "给居民让路")
    office.go("/desk/obligations")
    office.says("每周公布施工安排", "设置围挡")
    assert_accessible(office.page)

    def open_(who: Somebody, text: str) -> str:
        who.go("/obligations?view=ALL")
        who.page.get_by_role("link", name=text).first.click()
        who.page.wait_for_url(re.compile(r"/obligations/\d+"))
        return "/" + who.page.url.split("/", 3)[3]

    # Reported with a file (a forbidden one is refused) and confirmed; nobody confirms their own.
    path = open_(firm, "按图施工，夜间停工")
    firm.page.fill("[name=account]", "已竣工。")
    firm.page.set_input_files(
        "[name=file]", {"name": "账.exe", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00" + b"\0" * 99}
    )
    firm.press(f"代表“{NAMES['firm']}”报告")
    firm.says("不接受这类文件")
    assert firm.page.input_value("[name=account]") == "已竣工。"
    firm.page.set_input_files(
        "[name=file]", {"name": "竣工.png", "mimeType": "image/png", "buffer": picture()}
    )
    firm.press(f"代表“{NAMES['firm']}”报告")
    firm.says("报告已提交", "竣工.png")
    assert firm.page.get_by_role("button", name="确认已履行").count() == 0
    office.go(path)
    assert_accessible(office.page)
    office.press("确认已履行")
    office.says("已确认履行。", "相对方已确认履行。")

    # Silence confirms, and that is said.
    path = open_(committee, "配合施工并维持秩序")
    committee.page.fill("[name=account]", "已配合。")
    committee.press(f"代表“{NAMES['committee']}”报告")
    move({"confirm_by": clock.now() - timedelta(minutes=1)}, text="配合施工并维持秩序")
    wait_for(committee, path, "视为确认")

    # Disputed, and settled by somebody on neither side: the office convened, but is no party to this duty.
    path = open_(firm, "每日清扫")
    firm.page.fill("[name=account]", "每天都扫了。")
    firm.press(f"代表“{NAMES['firm']}”报告")
    committee.go(path)
    committee.page.get_by_text("对报告提出异议").click()
    committee.page.fill("[name=reason]", "周三没有扫。")
    committee.press("提出异议")
    committee.says("异议已提交")
    steward.go(path)
    steward.page.check("[name=kept][value=false]")
    steward.page.fill("[name=reason]", "照片缺周三。")
    steward.press("作出裁定")
    steward.says("裁定：未履行", "照片缺周三。")

    # Overdue, for all to see; waived by the counterpart; and the recurring one falls due again.
    move({"due_on": clock.today() - timedelta(days=3)}, text="设置围挡")
    path = open_(committee, "给居民让路")
    committee.page.get_by_text("免除：我方不再要求履行").click()
    committee.page.fill("[name=reason]", "已改道。")
    committee.press("免除这项责任")
    committee.says("已免除", "已改道。")
    move({"due_on": clock.today() - timedelta(days=2), "again_on": clock.today()}, text="每周公布施工安排")
    wait_for(office, "/obligations?view=OVERDUE", "设置围挡")
    wait_for(office, "/obligations?view=PENDING", "第 2 次")
    assert_accessible(office.page)

    # All parties at once, and a stranger who checks the record.
    steward.go(f"{here}/matrix")
    steward.says("了解施工安排", "每周公布施工安排", "已履行", "未履行")
    assert_accessible(steward.page)
    steward.go(f"{here}/text")
    steward.says("台风天顺延。")
    done = subprocess.run(
        [sys.executable, "-m", "civic", "verify", cast.server.url], cwd=ROOT, capture_output=True, text=True
    )
    assert f"charter {draft[1]}: in force since" in done.stdout, done.stdout + done.stderr
