"""An open day through the pages: planned and announced, registered for, asked, entered at the door, accounted for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.support.axe import assert_accessible
from tests.support.browser import ARGUMENTS, executable
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
Site = tuple[Server, dict[str, Any]]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def sign_in(page: Any, about: dict[str, Any], who: str, back: str = "/desk") -> None:
    page.goto(f"/sign-in?next={back}")
    page.fill("#f-email", f"{who}@demo.example")
    page.fill("#f-password", about["password"])
    page.locator("#f-password").press("Enter")
    page.wait_for_url(f"**{back}")


def at(days: int, hour: int) -> str:
    """A time as ``datetime-local`` takes it, in the platform's zone."""
    moment = datetime.now(SHANGHAI) + timedelta(days=days)
    return moment.replace(hour=hour, minute=0).strftime("%Y-%m-%dT%H:%M")


@contextmanager
def before_the_camera(browser: Browser, folder: Path, picture: bytes) -> Iterator[Any]:
    """A page of a browser whose camera sees nothing but this picture, on a white sheet."""
    seen = Image.open(BytesIO(picture)).convert("L")
    seen.thumbnail((400, 400))
    sheet = Image.new("L", (640, 480), 255)
    sheet.paste(seen, (120, 40))
    frame = b"FRAME\n" + sheet.tobytes() + bytes([128]) * (640 * 480 // 2)
    film = folder / "ticket.y4m"
    film.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420\n" + frame * 2)
    flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    flags += [f"--use-file-for-fake-video-capture={film}"]
    with_camera = browser.browser_type.launch(executable_path=executable(), args=[*ARGUMENTS, *flags])
    try:
        yield with_camera.new_context(viewport=PHONE, permissions=["camera"]).new_page()
    finally:
        with_camera.close()


def test_an_open_day_from_plan_to_door(demo_site: Site, visit: Callable[..., Any], tmp_path: Path) -> None:
    server, about = demo_site
    host = visit(server.url, "zh-Hans", DESKTOP)
    sign_in(host, about, "street")

    # Lu Ping plans a series and sees the dates while he types; a rule that never ends is refused beside its field.
    host.goto("/open-days/series/new")
    host.fill("#f-firstOn", at(40, 9)[:10])
    host.fill("#f-rule", "FREQ=MONTHLY;BYDAY=2SA;COUNT=3")
    expect(host.locator("#dates li")).to_have_count(3)
    for field, value in (
        ("title", "每月一看（示例）"), ("area", "310104003"), ("place", "一楼"), ("rule", "FREQ=DAILY"),
        ("slots\\.0\\.at", "10:00"), ("slots\\.0\\.minutes", "60"), ("slots\\.0\\.capacity", "20"),
    ):  # fmt: skip
        host.fill(f"#f-{field}", value)
    host.locator("#series button[type=submit]").last.click()
    assert "永不结束" in host.locator("#e-rule").inner_text() or host.locator("#e-rule").is_visible()
    assert host.input_value("#f-title") == "每月一看（示例）", "what was typed is kept"
    host.fill("#f-rule", "FREQ=DAILY;COUNT=1000000")
    expect(host.locator("#dates")).to_contain_text("请提前结束日期")
    host.locator("#series button[type=submit]").last.click()
    expect(host.locator("#e-rule")).to_contain_text("请提前结束日期")
    host.fill("#f-rule", "FREQ=MONTHLY;BYDAY=2SA;COUNT=3")
    host.locator("#series button[type=submit]").last.click()
    host.wait_for_url(re.compile(r"/open-days/series/\d+$"))
    assert host.locator("h1").inner_text() == "每月一看（示例）"
    assert host.locator(".dates li").count() == 3
    assert_accessible(host)

    # He drafts a small one for two people and announces it.
    host.goto("/open-days/new")
    for field, value in (
        ("title", "小厨房开放日（示例）"), ("area", "310104003"), ("place", "二楼小厨房"),
        ("slots\\.0\\.startsAt", at(3, 10)), ("slots\\.0\\.endsAt", at(3, 12)), ("slots\\.0\\.capacity", "2"),
        ("opensAt", at(-1, 9)), ("closesAt", at(3, 9)),
    ):  # fmt: skip
        host.fill(f"#f-{field}", value)
    host.locator("main form button[type=submit]").last.click()
    host.wait_for_url("**/manage")
    assert_accessible(host)
    host.get_by_role("button", name="发布开放日公告").click()
    host.wait_for_url("**/open-days/*")
    address = host.url.removeprefix(server.url)

    # Xiaoman on her phone takes both places, without any script.
    resident = visit(server.url, "zh-Hans", PHONE, script=False)
    resident.goto(address)
    resident.get_by_role("link", name="登录").last.click()
    sign_in(resident, about, "resident", address)
    resident.fill("#f-companions", "1")
    resident.get_by_role("button", name="登记", exact=True).click()
    resident.wait_for_url("**/ticket")
    code = resident.locator("#ticket-code").inner_text()
    assert len(code) == 11 and resident.locator(".ticket-code svg").is_visible()

    # Grace reads English; there is no place left, so she waits, and asks something.
    neighbour = visit(server.url, "en", PHONE)
    sign_in(neighbour, about, "neighbour", address)
    assert "you would be the first in line" in neighbour.locator("main").inner_text().lower()
    assert "0 places free" not in neighbour.locator("main").inner_text()
    neighbour.get_by_role("button", name="Join the line").click()
    neighbour.wait_for_url("**/ticket")
    assert "wait in line" in neighbour.locator("main").inner_text()
    neighbour.goto(address)
    neighbour.fill("#f-body", "Is there a vegetarian dish?")
    neighbour.get_by_role("button", name="Ask", exact=True).click()
    neighbour.wait_for_selector("text=Is there a vegetarian dish?")

    # Xiaoman gives hers back; Grace moves up, is told, and has a ticket.
    resident.goto(address)
    resident.get_by_role("button", name="退还我的名额").click()
    neighbour.goto("/notifications")
    assert "小厨房开放日" in neighbour.locator("main").inner_text()
    neighbour.goto(address + "/ticket")
    code = neighbour.locator("#ticket-code").inner_text()
    ticket = neighbour.locator(".ticket-code").screenshot()

    # The answer, and what Grace makes of it.
    host.goto(address)
    host.get_by_text("回答这个问题").click()
    host.locator("article textarea").first.fill("有，每天两道素菜。")
    host.get_by_role("button", name="发布答复").click()
    host.wait_for_selector("text=每天两道素菜")
    neighbour.goto(address)
    neighbour.get_by_text("Make a proposal of it").click()
    neighbour.fill("#f-title", "Two vegetarian dishes a day, and say so on the menu")
    neighbour.get_by_role("button", name="Begin the proposal").click()
    neighbour.wait_for_url("**/proposals/*")

    # At the door: a drop of the network, a code typed meanwhile, and an elder without a phone.
    door = host
    door.goto(address + "/door")
    assert_accessible(door)
    door.context.set_offline(True)
    door.fill("#f-code", code)
    door.locator("#check-in button[type=submit]").click()
    door.wait_for_selector(".door-soon")
    door.context.set_offline(False)
    door.wait_for_selector("text=暂存的号码已全部上传", timeout=15_000)
    door.fill("#f-code", code.lower())
    door.locator("#check-in button[type=submit]").click()
    door.wait_for_selector("text=此前已签到")
    assert "核对名单" in door.locator(".door-soon").first.inner_text()
    door.fill("#f-code", "00000-00000")
    door.locator("#check-in button[type=submit]").click()
    door.wait_for_selector(".door-over")
    door.reload()
    door.get_by_text("没有手机或入场券的人").click()
    door.fill("#f-name", "王奶奶（示例）")
    door.get_by_role("button", name="为此人登记").click()
    door.wait_for_url("**/tickets/*")
    assert "王奶奶" in door.locator("main").inner_text() and door.locator(".ticket-code svg").is_visible()
    assert_accessible(door)
    door.goto(address + "/list")
    rows = door.locator("tbody tr:visible")
    assert rows.count() == 2 and "☑" in door.locator("tbody").inner_text()
    assert "王奶奶" in door.locator("tbody").inner_text()

    # Grace comes back from the yard; the clerk holds the phone's camera over her ticket.
    cookies = door.context.cookies()
    with before_the_camera(door.context.browser, tmp_path, ticket) as camera:
        camera.context.add_cookies(cookies)
        broken: list[str] = []
        camera.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
        camera.goto(server.url + address + "/door")
        assert not camera.evaluate("'BarcodeDetector' in window"), "this browser reads codes by itself"
        camera.get_by_role("button", name="用摄像头扫码").click()
        camera.wait_for_selector(".door-soon", timeout=30_000)
        line = camera.locator(".door-soon").first.inner_text()
        assert line.startswith("此前已签到") and "Grace" in line, line
        assert broken == [], "the policy let the reader in"


def test_the_host_accounts_for_a_day_that_was_held(demo_site: Site, visit: Callable[..., Any]) -> None:
    server, about = demo_site
    host = visit(server.url, "zh-Hans", PHONE)
    sign_in(host, about, "street", "/open-days?past=true")
    host.get_by_role("link", name="社区食堂开放日：晚餐场").click()
    host.get_by_role("link", name="管理").click()
    host.fill("#f-text", "来了二十多位，晚餐场坐不下。")
    host.fill("#f-followUps\\.0\\.text", "晚餐增加两张桌")
    host.fill("#f-followUps\\.0\\.dueOn", at(20, 9)[:10])
    host.get_by_role("button", name="发布总结").click()
    host.wait_for_selector("text=晚餐增加两张桌")
    assert "已举办并总结" in host.locator("main").inner_text()
    assert_accessible(host)
