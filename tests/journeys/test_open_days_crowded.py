"""Open days that are full, in senior mode, on paper, and refused: through the pages of a real browser."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_open_days import at, sign_in
from tests.support.axe import assert_accessible
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]
Site = tuple[Server, dict[str, Any]]


def announce(host: Any, title: str, *capacities: int) -> str:
    """The host drafts an edition with these slots through the page and announces it; its path."""
    host.goto("/open-days/new")
    fields = [("title", title), ("area", "310104003"), ("place", "三楼会议室"), ("access", "有电梯")]
    for n, capacity in enumerate(capacities):
        fields += [
            (f"slots\\.{n}\\.startsAt", at(4, 10 + 3 * n)),
            (f"slots\\.{n}\\.endsAt", at(4, 12 + 3 * n)),
        ]
        fields += [(f"slots\\.{n}\\.capacity", str(capacity))]
    for field, value in [*fields, ("opensAt", at(-1, 9)), ("closesAt", at(4, 9))]:
        host.fill(f"#f-{field}", value)
    host.locator("main form button[type=submit]").last.click()
    host.wait_for_url("**/manage")
    host.get_by_role("button", name="发布开放日公告").click()
    host.wait_for_url(re.compile(r"/open-days/\d+$"))
    return str(re.sub(r"^https?://[^/]+", "", host.url))


def register(page: Any, path: str, companions: int, slot: int = 0) -> str:
    """Take places on the edition's page; what the ticket's page says."""
    page.goto(path)
    page.locator("input[name=slot]").nth(slot).check()
    page.fill("#f-companions", str(companions))
    page.locator(".todo form button[type=submit]").last.click()
    page.wait_for_url("**/ticket")
    return str(page.inner_text("main"))


def mails_to(server: Server, who: str) -> list[str]:
    """Subjects of the mails that wait or went to somebody."""
    file = Path(server.environment["CIVIC_DATA_DIR"]) / "civic.db"
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute('SELECT subject FROM mail WHERE "to" = ?', [f"{who}@demo.example"])
        return [row[0] for row in rows]


def test_thirty_places_the_thirty_first_waits_and_the_first_who_fits_moves_up(
    demo_site: Site, visit: Callable[..., Any]
) -> None:
    server, about = demo_site
    pages: dict[str, Any] = {}

    def of(who: str, language: str = "zh-Hans") -> Any:
        if who not in pages:
            pages[who] = visit(server.url, language, PHONE, script=False)
            sign_in(pages[who], about, who)
        return pages[who]

    host = visit(server.url, "zh-Hans", DESKTOP)
    sign_in(host, about, "street")
    path = announce(host, "三十个名额（示例）", 30, 30)
    groups = {
        "resident": 4,
        "cafe": 4,
        "builders": 4,
        "residents_tp": 4,
        "elder": 4,
        "official": 2,
        "clerk": 1,
    }
    assert sum(n + 1 for n in groups.values()) == 30
    for who, companions in groups.items():
        assert re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", register(of(who), path, companions)), who
    # Thirty are inside. Four more come, then two: both wait, and each is told how many groups are before them.
    assert "前面还有 0 组" in register(of("newcomer"), path, 3)
    assert "前面还有 1 组" in register(of("steward"), path, 1)
    grace = of("neighbour", "en")
    grace.goto(path)
    says = grace.inner_text("main")
    assert "Full. 6 people wait; you would join the line" in says and "30 places free" in says
    assert "Full: all 30 places are taken · 6 people wait in line" in says
    # A group of two leaves: it does not make room for four, so the two behind them move up, and are told.
    before = mails_to(server, "steward")
    of("clerk").goto(path)
    of("clerk").get_by_role("button", name="退还我的名额").click()
    of("clerk").wait_for_load_state()
    of("steward").goto(path + "/ticket")
    assert of("steward").locator(".ticket-code svg").is_visible()
    of("newcomer").goto(path + "/ticket")
    assert "前面还有 0 组" in of("newcomer").inner_text("main")
    of("steward").goto("/notifications")
    assert "三十个名额" in of("steward").inner_text("main")
    new = mails_to(server, "steward")[len(before) :]
    assert len(new) == 1 and "三十个名额" in new[0]
    assert not any("三十个名额" in subject for subject in mails_to(server, "newcomer"))

    # Another opens the form twice, sends both: the second is refused where it stands, in the reader's language.
    other = grace.context.new_page()
    other.goto(path)
    other.locator("input[name=slot]").nth(1).check()
    assert re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", register(grace, path, 0, slot=1))
    other.locator(".todo form button[type=submit]").last.click()
    expect(other.locator(".error-summary")).to_contain_text("You are registered for this open day already")
    # Beyond four companions, and for an edition that is cancelled meanwhile.
    clerk = of("clerk")
    clerk.goto(path)
    clerk.fill("#f-companions", "5")
    clerk.locator(".todo form button[type=submit]").last.click()
    expect(clerk.locator("#e-companions")).to_contain_text("最多")
    clerk.goto(path)
    host.goto(path + "/manage")
    host.fill("#f-reason", "台风")
    host.get_by_role("button", name="取消本次开放日").click()
    host.wait_for_url(re.compile(r"/open-days/\d+$"))
    clerk.locator(".todo form button[type=submit]").last.click()
    expect(clerk.locator(".error-summary")).to_contain_text("状态")
    assert any("三十个名额" in subject for subject in mails_to(server, "newcomer")), "whoever waited is told"


def test_an_older_resident_registers_in_senior_mode(demo_site: Site, visit: Callable[..., Any]) -> None:
    """One question a screen, nothing to type, no menu to open, no script; large enough to hit."""
    server, about = demo_site
    host = visit(server.url, "zh-Hans", DESKTOP)
    sign_in(host, about, "street")
    path = announce(host, "长者参观日（示例）", 30, 30)
    elder = visit(server.url, "zh-Hans", PHONE, mode="senior", script=False)
    sign_in(elder, about, "resident", path)
    asked = []
    assert elder.locator(".todo :is(input:not([type=hidden]), select, textarea, summary)").count() == 0
    elder.get_by_role("link", name="一步一步登记").click()
    for answer in ("10:00", "我带 1 个人"):
        (question,) = elder.locator("main h2").all_inner_texts()
        asked.append(question)
        main = elder.locator("main")
        assert main.locator(":is(input, select, textarea, summary):visible").count() == 0
        box = main.locator(".answer").first.bounding_box()
        assert box is not None and box["height"] >= 48 and box["width"] >= 280
        elder.get_by_role("link", name=answer).first.click()
        elder.wait_for_load_state()
    (question,) = elder.locator("main h2").all_inner_texts()
    assert [*asked, question] == ["您想什么时候来？", "您带几个人一起来？", "请核对，对不对？"]
    assert "三楼会议室" in elder.inner_text("main") and "2 人" in elder.inner_text("main")
    elder.get_by_role("button", name="对，登记").click()
    elder.wait_for_url("**/ticket")
    assert elder.locator(".ticket-code svg").is_visible()
    with_script = visit(server.url, "en", PHONE, mode="senior")
    sign_in(with_script, about, "neighbour", path + "/register")
    assert_accessible(with_script)
    with_script.locator(".answer").first.click()
    assert_accessible(with_script)
    with_script.locator(".answer").first.click()
    assert_accessible(with_script)


def test_at_the_door_without_a_script_and_what_it_refuses(demo_site: Site, visit: Callable[..., Any]) -> None:
    """Typed codes where there is no camera and no script; a used, a foreign, a forged ticket; and from the printed list."""
    server, about = demo_site
    host = visit(server.url, "zh-Hans", PHONE, script=False)
    sign_in(host, about, "street")
    path, other = announce(host, "门口一（示例）", 5), announce(host, "门口二（示例）", 5)
    codes = []
    for who, where in (("resident", path), ("cafe", path), ("resident", other)):
        page = visit(server.url, "zh-Hans", PHONE, script=False)
        sign_in(page, about, who)
        register(page, where, 0)
        codes.append(page.inner_text("#ticket-code"))
    ours, second, foreign = codes

    def enter(code: str) -> Any:
        host.goto(path + "/door")
        host.fill("#f-code", code)
        host.locator("#check-in button[type=submit]").click()
        host.wait_for_load_state()
        return host.locator("main")

    expect(enter(ours)).to_contain_text("林小满")
    assert host.locator(".big-figure b").inner_text() == "1"
    for code, says in (
        (ours, "此前已签到"), (foreign, "另一场开放日"), ("00000-00000", "没有"), ("forged", "号码"),
    ):  # fmt: skip
        expect(enter(code).locator("#e-code")).to_contain_text(says)
    host.goto(path + "/door")
    assert host.locator(".big-figure b").inner_text() == "1", "nobody else was let in"
    # Later, from the printed list.
    host.goto(path + "/list")
    row = host.locator("tbody tr").filter(has_text=second)
    row.get_by_role("button", name="签到").click()
    host.wait_for_load_state()
    assert host.locator("tbody tr").filter(has_text=second).locator(".tick").inner_text() == "☑"


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_what_is_printed_holds_what_paper_needs_and_no_controls(
    demo_site: Site, visit: Callable[..., Any], language: str
) -> None:
    server, about = demo_site
    host = visit(server.url, language, DESKTOP)
    sign_in(host, about, "street", "/open-days")
    file = Path(server.environment["CIVIC_DATA_DIR"]) / "civic.db"
    with closing(sqlite3.connect(file)) as connection:
        full = connection.execute(
            "SELECT max(id) FROM open_day WHERE waiting > 20 AND state = 'announced'"
        ).fetchone()[0]
        names = connection.execute(
            "SELECT name, code FROM registration WHERE open_day_id = ? AND state = 'confirmed'", [full]
        )
        people = names.fetchall()
        counter = connection.execute(
            "SELECT open_day_id, id, code FROM registration WHERE clerk_id IS NOT NULL AND state = 'confirmed'"
        ).fetchone()
    controls = ":is(button, input, select, textarea, nav, .buttons, .footer, .sections, .demo-bar):visible"
    host.emulate_media(media="print")
    host.goto(f"/open-days/{full}/list")
    assert host.locator(controls).count() == 0
    text = host.inner_text("body")
    for name, code in people:
        assert name in text and f"{code[:5]}-{code[5:]}" in text
    assert host.locator(".only-print-row:visible").count() == 12, "empty lines for whoever is not on the list"
    assert f"{server.url}/open-days/{full}/list" in text and host.locator(".tick:visible").count() >= len(
        people
    )
    assert len(host.pdf(format="A4")) > 20_000
    host.goto(f"/open-days/{counter[0]}/tickets/{counter[1]}")
    assert host.locator(controls).count() == 0 and host.locator(".ticket-code svg").is_visible()
    assert f"{counter[2][:5]}-{counter[2][5:]}" in host.inner_text("body")
    assert host.locator(".ticket").bounding_box()["width"] < 500
