"""The screens of a joint meeting: the room's and the chair's when the line is lost, and what is printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from civic import db
from civic.acts import people
from civic.acts.core import Actor
from civic.acts.joint_meetings import minutes, session
from civic.models import JointMeeting, Person
from tests.journeys.conftest import DESKTOP
from tests.support.axe import assert_accessible
from tests.support.meetings import ALL_YES, Room
from tests.support.server import Server
from tests.support.sitting import PASSWORD, SCREEN, Sitting, aside, sent
from tests.support.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]
PAPERS = {
    "agenda": ("议程", "Agenda", ("试点方案", "收费标准")),
    "attendance": ("签到表", "Attendance list", ("签名", "Signature")),
    "roll-call": ("表决记录", "Roll-calls", ("赞成7，反对0，弃权1", "7 yes, 0 no, 1 abstained")),
    "minutes": ("会议纪要", "Minutes", ("决议1", "Resolution 1")),
}
# Nobody can press paper, nor find their way by it.
CONTROLS = "button, nav, form, input, summary, .tools, .footer, .search"


async def in_session() -> dict[str, str]:
    """A meeting in session; its key, and the codes of its chair and its secretary, who can sign in."""
    room = await Room.in_session(await World.make())
    secret = await people.hash_password(PASSWORD)
    found = {"meeting": str(room.meeting.id)}
    for name, actor in (("chair", room.chair), ("secretary", room.secretary)):
        assert actor.person is not None
        found[name] = actor.person.pseudonym

    async def can_sign_in() -> None:
        for name in ("chair", "secretary"):
            address = f"{found[name]}@example.org"
            await Person.filter(pseudonym=found[name]).update(email=address, password_hash=secret)

    await db.write(can_sign_in)
    return found


async def closed() -> int:
    """A meeting with a resolution and published minutes; its key."""
    room = await Room.in_session(await World.make())
    await room.moved()
    await room.roll(1, {**ALL_YES, 8: "abstain"})
    await room.submitted()
    for delegate in room.delegates.values():
        await minutes.sign(delegate, room.meeting, 1)
    await minutes.publish(room.secretary, room.meeting)
    return room.meeting.id


async def next_item() -> None:
    """The chair calls the next item, wherever the server is."""
    meeting = await JointMeeting.get().select_related("chair")
    await session.call_item(Actor(meeting.chair), meeting)


def test_both_screens_say_that_they_are_stale_and_recover(server: Server, visit: Callable[..., Any]) -> None:
    """The server dies; both screens say so and since when; it starts again, and they show what happened meanwhile."""
    given = aside(in_session)
    sitting = Sitting(server.url, visit, given, f"{server.url}/meetings/{given['meeting']}")
    sitting.enter("chair", DESKTOP)
    chair = sitting.at("chair", "/chair")
    room = visit(server.url, size=SCREEN)
    room.goto(sitting.base + "/room")
    screens = (chair, room)
    for screen in screens:
        expect(screen.locator("#live")).to_contain_text("试点方案")
        expect(screen.locator("[data-live-stale]")).to_be_hidden()
        screen.evaluate("window.loadedOnce = true")
    server.kill()
    for screen in screens:
        notice = screen.locator("[data-live-stale]")
        expect(notice).to_be_visible(timeout=30_000)
        expect(notice).to_contain_text("连接已断开")
        assert any(c.isdigit() for c in notice.locator("[data-live-since]").inner_text())
        expect(screen.locator("#live")).to_contain_text("试点方案")  # what was last known stays readable
    assert_accessible(chair)
    aside(next_item)
    server.start()
    for screen in screens:
        expect(screen.locator("[data-live-stale]")).to_be_hidden(timeout=60_000)
        assert screen.evaluate("window.loadedOnce") is True
    expect(room.locator(".room-item")).to_contain_text("收费标准")
    expect(chair.locator("ol.agenda li", has_text="收费标准")).to_contain_text("正在进行")


def test_the_room_without_a_script(server: Server, visit: Callable[..., Any]) -> None:
    """Nothing to press, everything said, and it loads itself again."""
    key = aside(in_session)["meeting"]
    page = visit(server.url, size=DESKTOP, script=False)
    page.goto(f"/meetings/{key}/room")
    expect(page.locator("#live")).to_contain_text("试点方案")
    assert page.locator("button, input, a").count() == 0
    assert page.locator("meta[http-equiv=refresh]").count() == 1


def test_what_is_printed_is_a_paper(server: Server, visit: Callable[..., Any]) -> None:
    """Title, date and place on each; no navigation, nothing to press; rows stay whole and heads repeat."""
    key = aside(closed)
    for number, language in enumerate(("zh-Hans", "en")):
        page = visit(server.url, language)
        for path, (*names, telling) in PAPERS.items():
            page.goto(f"/meetings/{key}/{path}")
            page.emulate_media(media="print")
            main = page.locator("body")
            told = main.inner_text()
            for text in ("错时停车联席会议", "街道会议室", names[number]):
                assert text in told, (path, language, text)
            assert any(text in told for text in telling), (path, language, told)
            assert "年" in told if number == 0 else " 20" in told, "the date in the reader's way"
            seen = page.locator(CONTROLS).filter(visible=True)
            assert seen.count() == 0, (path, seen.first.evaluate("e => e.outerHTML")[:200])
            for row in page.locator("tr, .agenda-print > li, .dissent").all():
                assert row.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
            for head in page.locator("thead").all():
                assert head.evaluate("e => getComputedStyle(e).display") == "table-header-group"
            assert page.pdf(format="A4").startswith(b"%PDF")
            page.emulate_media(media="screen")
    page.goto(f"/meetings/{key}/attendance")
    page.emulate_media(media="print")
    heads = page.locator("thead th").all()
    tops = {round(head.bounding_box()["y"]) for head in heads}
    assert len(heads) == 6 and len(tops) == 1, "the column for signatures stands in the table like the others"


def test_nothing_is_replaced_under_a_finger(server: Server, visit: Callable[..., Any]) -> None:
    """What happens while the chair presses a button waits until the finger is lifted, so that the press counts."""
    given = aside(in_session)
    sitting = Sitting(server.url, visit, given, f"{server.url}/meetings/{given['meeting']}")
    for who in ("chair", "secretary"):
        sitting.enter(who, DESKTOP)
    chair, secretary = sitting.at("chair", "/chair"), sitting.at("secretary", "/chair")
    figure = chair.locator(".bar", has_text="居民")
    expect(figure).to_contain_text("2 席到会")
    chair.get_by_role("button", name="进入此议题").first.hover()
    chair.mouse.down()
    sent(secretary, secretary.get_by_role("button", name="签退 8", exact=True))
    expect(secretary.locator(".bar", has_text="居民")).to_contain_text("1 席到会")
    with chair.expect_navigation():
        chair.mouse.up()
    expect(chair.locator("ol.agenda li", has_text="收费标准")).to_contain_text("正在进行")
    # And without a press the same page follows by itself.
    sent(secretary, secretary.get_by_role("button", name="签到 8", exact=True))
    expect(figure).to_contain_text("2 席到会")
