"""A joint meeting through the pages: its people, each at a browser of their own, and what they do there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import expect

from civic import clock, db
from civic.acts import people
from civic.acts.core import Actor
from civic.acts.joint_meetings import sortition
from civic.models import JointMeeting, Person, Sortition
from civic.settings import settings
from tests.support import world as rows
from tests.support.world import World

expect.set_options(timeout=20_000)  # twelve browsers share the machine
PASSWORD = "correct horse battery"
SCREEN = {"width": 1920, "height": 1080}
DESKS = ("official", "chair", "secretary")
PARTIES = {
    "enterprise": ("示例停车公司", {"enterprise": "李经理", "delegate": "孙代表", "substitute": "周替补"}),
    "association": ("示例物业协会", {"association": "赵会长", "member": "钱会员"}),
}


def aside(work: Callable[[], Awaitable[Any]]) -> Any:
    """Run acts or reads beside the browser, whose own loop lives in this thread."""

    async def connected() -> Any:
        await db.start()
        try:
            return await work()
        finally:
            await db.stop()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(connected())).result()


def local(days: int) -> str:
    """A day from now as ``datetime-local`` takes it, in the platform's zone."""
    return (datetime.now(settings().zone) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def sent(page: Any, button: Any) -> None:
    """Press what sends a form, and wait for the page that it leads to."""
    with page.expect_navigation(timeout=60_000):
        button.click()


def press(page: Any, name: str, within: str = "main") -> None:
    sent(page, page.locator(within).get_by_role("button", name=name, exact=True).first)


def open_up(page: Any, summary: str) -> Any:
    """Open the first details with this summary; gives it."""
    found = page.locator("details", has=page.locator("summary", has_text=summary)).first
    if found.get_attribute("open") is None:
        found.locator("summary").first.click()
    return found


@dataclass
class Town:
    """Codes of the people of the story by their short names, and those of the residents who will volunteer."""

    codes: dict[str, str]
    residents: list[str] = field(default_factory=list)

    @classmethod
    async def make(cls, residents: int) -> Town:
        """A department with a secretary, an enterprise with three people, an association with two, and residents."""
        world = await World.make()
        found: dict[str, Person] = {"official": world.official, "secretary": await rows.person("吴秘书")}
        await rows.member(world.department, found["secretary"], "clerk")
        for kind, (name, people_of_it) in PARTIES.items():
            party = await rows.party(kind, name, world.district)
            for short, called in people_of_it.items():
                found[short] = await rows.person(called)
                await rows.member(party, found[short], "manager" if short == kind else "delegate")
        volunteers = await world.residents(residents)
        secret = await people.hash_password(PASSWORD)

        async def can_sign_in() -> None:
            for person in [*found.values(), *volunteers]:
                address = f"{person.pseudonym}@example.org"
                await Person.filter(id=person.id).update(email=address, password_hash=secret)

        await db.write(can_sign_in)
        return cls({name: p.pseudonym for name, p in found.items()}, [p.pseudonym for p in volunteers])


async def volunteer(codes: list[str]) -> None:
    """These residents put their names into the draw of the only meeting there is."""
    meeting = await JointMeeting.get()
    for person in await Person.filter(pseudonym__in=codes):
        await sortition.volunteer(Actor(person), meeting)


async def list_is_over() -> None:
    """The hour at which the list closes has come."""

    async def write() -> None:
        await Sortition.all().update(closes_at=clock.now() - timedelta(seconds=1))

    await db.write(write)


@dataclass
class Sitting:
    """The browsers of the people of one meeting. ``base`` is its address, once it is planned.

    One delegate after the other has the phone in hand: a page of a meeting that nobody looks at is closed, as each would
    fetch itself again at every step of the meeting. The desks of chair and secretary and the room's screen stay as they are.
    """

    url: str
    visit: Callable[..., Any]
    codes: dict[str, str]
    base: str = ""
    pages: dict[str, Any] = field(default_factory=dict)
    in_hand: str = ""

    def enter(self, who: str, size: dict[str, int]) -> Any:
        """Somebody signs in at a browser of their own."""
        page = self.pages[who] = self.visit(self.url, size=size)
        page.set_default_timeout(60_000)
        page.goto("/sign-in")
        page.fill("#f-email", f"{self.codes[who]}@example.org")
        page.fill("#f-password", PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url("**/desk")
        return page

    def at(self, who: str, path: str) -> Any:
        """Somebody opens a page of the meeting."""
        if who not in DESKS:
            if self.in_hand not in ("", who):
                self.pages[self.in_hand].goto("/healthz")
            self.in_hand = who
        self.pages[who].goto(self.base + path)
        return self.pages[who]

    def seat(self, who: str, button: str) -> Any:
        """Somebody presses a button of their seat's page."""
        page = self.at(who, "/seat")
        press(page, button)
        return page

    def chair(self, button: str) -> Any:
        """The chair presses a button of the chair's page."""
        page = self.at("official", "/chair")
        press(page, button)
        return page

    def fill_in(self, who: str, summary: str, button: str, **given: str) -> Any:
        """Somebody opens a part of their seat's page, fills its fields in and sends it."""
        page = self.at(who, "/seat")
        form = open_up(page, summary)
        for name, text in given.items():
            found = form.locator(f"[name={name}]")
            if found.evaluate("e => e.tagName") == "SELECT":
                found.select_option(label=text)
            else:
                found.fill(text)
        sent(page, form.get_by_role("button", name=button, exact=True))
        return page

    def vote(self, who: str, choice: str, reasons: str = "") -> None:
        page = self.at(who, "/seat")
        page.get_by_label(choice, exact=True).check()
        if reasons:
            page.fill("#f-reasons", reasons)
        press(page, "投票")
        expect(page.locator("#live")).to_contain_text("您投了" + choice + "票")

    def roll(self, said: dict[str, str], reasons: dict[str, str] | None = None) -> None:
        """The chair opens the next vote, everybody named votes, the chair closes it."""
        self.chair("开始表决")
        for who, choice in said.items():
            self.vote(who, choice, (reasons or {}).get(who, ""))
        self.chair("结束表决")
