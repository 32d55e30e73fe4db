"""Voting passes in a real browser: made, signed blindly, carried away, used without a name, counted, checked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import orjson
import pytest

from civic import clock, db, jobs
from civic.acts import ballots, receipts
from civic.acts.ballots import NewOption
from civic.ledger import boxes
from civic.models import Ballot, Session
from civic.rules import tokens as rules
from civic.settings import settings
from civic.web.sessions import cookie_name, digest
from tests.support.axe import assert_accessible
from tests.support.keyboard import tab_to
from tests.support.qr import read_qr
from tests.support.ranking import Mouse, edge, grip, ranked
from tests.support.server import Server
from tests.support.somebody import Somebody
from tests.support.world import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]
OPTIONS = [NewOption("梧桐"), NewOption("香樟"), NewOption("银杏")]
KINDS: dict[str, dict[str, Any]] = {
    "yes_no": {},
    "runoff": {"method": "runoff", "options": OPTIONS},
    "schulze": {"method": "schulze", "options": OPTIONS, "max_choices": 1},
    "score": {"method": "score", "options": OPTIONS, "max_score": 5},
    "approval": {"method": "approval", "options": OPTIONS, "max_choices": 2},
    "budget_shares": {
        "method": "budget_shares",
        "budget": 100_000,
        "options": [NewOption("长椅", cost=60_000), NewOption("路灯", cost=30_050)],
    },
}


def elsewhere(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run with the database, in a thread: Playwright's loop runs in this one."""

    async def run() -> Any:
        await db.start()
        try:
            return await work()
        finally:
            await db.stop()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()


async def fill() -> dict[str, int]:
    world = await World.make()
    voters = await world.residents(2)
    now, found = clock.now(), {}
    for kind, changes in KINDS.items():
        terms: dict[str, Any] = {
            "title": f"要不要加长椅 {kind}", "question": "加吗？", "area": world.district.code, "anonymous": True,
            "opens_at": now + timedelta(seconds=5), "closes_at": now + timedelta(hours=9), **changes,
        }  # fmt: skip
        draft = await ballots.create(world.as_official, **terms)
        found[kind] = (await ballots.announce(world.as_official, draft)).id

    async def sign_in() -> None:
        for number, voter in enumerate(voters):
            await Session.create(
                hash=digest(f"voter-{number}"), person=voter, started_at=now, seen_at=now, ends_at=now + timedelta(days=9)
            )  # fmt: skip

    await db.write(sign_in)
    with clock.shift(timedelta(minutes=1)):
        await jobs.run_once()
    return found


@pytest.fixture
def site(database: str) -> Iterator[tuple[Server, dict[str, int]]]:
    found = elsewhere(fill)
    server = Server(settings().data_dir, settings().database_url)
    server.start(60)
    yield server, found
    server.stop()


class Voter(Somebody):
    """A browser, signed in or not, and every request to the API that it makes."""

    def __init__(self, page: Any, url: str, number: int | None, language: str = "en") -> None:
        super().__init__(page, language)
        self.requests: list[Any] = []
        self.wrong: list[str] = []
        if number is not None:
            page.context.add_cookies([{"name": cookie_name(), "value": f"voter-{number}", "url": url}])
        page.on("request", lambda request: self.requests.append(request))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)

    @property
    def asked(self) -> list[tuple[str, dict[str, str]]]:
        """Body and headers of what was sent to the API."""
        sent = [request for request in self.requests if request.url.endswith("/graphql")]
        return [(request.post_data, request.all_headers()) for request in sent]

    def seen(self, selector: str) -> Voter:
        self.page.locator(selector).wait_for(state="visible")
        return self


def test_a_vote_without_a_name(site: tuple[Server, dict[str, int]], visit: Callable[..., Any]) -> None:
    server, found = site
    key = found["yes_no"]
    path = f"/ballots/{key}/pass"
    me = Voter(visit(server.url, "en"), server.url, 0)
    # From the ballot's page, also by way of the old address of voting.
    me.go(f"/ballots/{key}/vote").press("Vote with a voting pass").seen("#pass-get")
    assert_accessible(me.page)
    # The answer to the first request is lost; the next one is the same and gets it.
    me.page.route("**/graphql", lambda route: (route.fetch(), route.abort()))
    me.page.click("#pass-get")
    me.seen("#pass-problem").reads(
        "There was no answer. Nothing is lost: check your connection and press again."
    )
    me.page.unroute("**/graphql")
    me.go(path).press("It was on this device, but the answer got lost: try again").seen("#pass-form")
    issuing = [headers for body, headers in me.asked if "issueToken" in body]
    assert len(issuing) == 2 and all("cookie" in headers for headers in issuing)
    assert len({body for body, _ in me.asked}) == 1, "the same blinded message again"
    assert_accessible(me.page)
    # The pass outlives the page and the session.
    me.page.context.clear_cookies()
    me.go(path).press("Read it over").seen("#pass-problem").reads("Choose an option, or abstain.")
    me.page.check("input[value=yes]")
    me.press("Read it over").seen("#pass-cast")
    assert me.page.inner_text("#pass-reviewed li") == "Yes"
    assert_accessible(me.page)
    # Signed in again, and still the vote goes without a cookie and without the page's address.
    me.page.context.add_cookies([{"name": cookie_name(), "value": "voter-0", "url": server.url}])
    me.page.click("#pass-cast")
    me.seen("#receipt-text")
    assert_accessible(me.page)
    body, headers = me.asked[-1]
    assert "castWithToken" in body and "cookie" not in headers and "referer" not in headers
    sent = json.loads(body)["variables"]["input"]
    blinded = json.loads(me.asked[0][0])["variables"]["input"]["blinded"]
    assert blinded not in body and not any(part in me.asked[0][0] for part in sent["token"].split(".")[1:])
    first = me.page.inner_text("#receipt-text")
    assert orjson.loads(first)["version"] == 1 and read_qr(me.page, "#pass-qr") == first
    # The pass is carried to another device, where nobody is signed in, and the vote is replaced there.
    me.page.click("#pass-again")
    carried = me.page.text_content("#pass-text")
    other = Voter(visit(server.url, "zh-Hans"), server.url, None, "zh-Hans")
    other.go(path).press("I have a pass from another device")
    start, sign = sent["token"][:29], sent["token"][29]
    other.page.fill("#pass-pasted", carried.replace(start + sign, start + ("A" if sign == "B" else "B")))
    other.press("Use this pass here").seen("#pass-problem").reads(
        "This is no voting pass for this ballot. Copy all of its text."
    )
    other.page.fill("#pass-pasted", carried)
    other.press("Use this pass here").seen("#pass-form")
    other.page.check("input[value=no]")
    other.press("Read it over").seen("#pass-cast").page.click("#pass-cast")
    other.seen("#receipt-text").reads("It replaces your earlier vote; only this one counts.")
    second = other.page.inner_text("#receipt-text")
    # The first device, which does not know of that, replaces it once more.
    me.page.check("input[value=abstain]")
    me.press("Read it over").seen("#pass-cast").page.click("#pass-cast")
    me.seen("#receipt-text")
    last = me.page.inner_text("#receipt-text")
    assert orjson.loads(last)["version"] > orjson.loads(second)["version"] == 2
    assert not other.wrong and [line for line in me.wrong if "ERR_FAILED" not in line] == []
    # A second pass: not on another device of the same voter.
    again = Voter(visit(server.url, "en"), server.url, 0).go(path)
    again.reads("First: your voting pass").press("It was on this device, but the answer got lost: try again")
    again.page.locator("#pass-problem").wait_for(state="visible")
    again.reads(
        "You were given your voting pass for this ballot already, and there is only one. Open the ballot on the device "
        "that got it."
    )
    # Without a script the page says which mode this is, and what to do.
    plain = Voter(visit(server.url, "zh-Hans", script=False), server.url, 1, "zh-Hans").go(path)
    plain.reads("This ballot is held with voting passes")
    assert (
        not plain.page.locator("#pass-get").is_visible() and not plain.page.locator("#pass-form").is_visible()
    )

    log = server.log.read_text("utf-8")
    for secret in (orjson.loads(last)["tracker"], orjson.loads(last)["commitment"], sent["token"], blinded):
        assert secret not in log
    server.stop()

    async def close() -> None:
        with clock.shift(timedelta(hours=30)):
            await jobs.run_once()
        result: Any = (await Ballot.get(id=key)).result
        assert {o["option"]: o["count"] for o in result["counts"]} == {"yes": 0, "no": 0, "abstain": 1}
        assert (await receipts.check(first)).fate == "replaced"
        assert (await receipts.check(last)).fate == "counted"

    elsewhere(close)


def test_every_kind_of_choice_is_written_as_the_box_writes_it(
    site: tuple[Server, dict[str, int]], visit: Callable[..., Any]
) -> None:
    server, found = site
    me = Voter(visit(server.url, "en"), server.url, 1)

    def start(kind: str) -> None:
        me.go(f"/ballots/{found[kind]}/pass").press("Get my voting pass").seen("#pass-form")

    def cast() -> None:
        me.press("Read it over").seen("#pass-cast").page.click("#pass-cast")
        me.seen("#receipt-text")

    # As in the booth: ranked by buttons, with the mouse and with the keyboard.
    start("runoff")
    assert_accessible(me.page)
    assert not me.page.locator("[data-ready]").is_visible(), "nothing is ranked yet"
    me.page.get_by_role("button", name="Rank “梧桐” next").click()
    me.page.locator("#choose").evaluate("e => e.scrollIntoView()")
    Mouse(me.page).drag(grip(me, "银杏"), edge(me, "梧桐", "top"))
    assert ranked(me) == ["银杏", "梧桐"]
    me.page.get_by_role("button", name="Rank “香樟” next").focus()
    me.page.keyboard.press("Enter")
    tab_to(me.page, lambda f: f["name"] == "Move “香樟” up")
    me.page.keyboard.press("Enter")
    assert ranked(me) == ["银杏", "香樟", "梧桐"]
    assert me.page.locator(".ranking-live [role=status]").inner_text() == "“香樟” is number 2 of 3."
    me.page.get_by_role("button", name="Take “香樟” out").click()
    assert_accessible(me.page)
    me.press("Read it over").seen("#pass-cast")
    assert me.page.locator("#pass-reviewed li").all_inner_texts() == ["1. 银杏", "2. 梧桐"]
    me.press("Change my choice").seen("#pass-form")
    assert ranked(me) == ["银杏", "梧桐"], "what was chosen is still there"
    cast()
    start("schulze")
    me.page.get_by_role("button", name="Rank “香樟” next").click()
    assert me.page.get_by_role("button", name="Rank “银杏” next").count() == 0, (
        "no more than one may be ranked"
    )
    me.press("Abstain").seen("#pass-cast")
    assert me.page.locator("#pass-reviewed li").all_inner_texts() == ["Abstain"]
    assert_accessible(me.page)
    me.page.click("#pass-cast")
    me.seen("#receipt-text")
    start("score")
    me.page.select_option("#f-place-3", "5")
    me.page.select_option("#f-place-2", "5")
    me.page.check("#f-abstain")
    me.press("Read it over").seen("#pass-problem").reads("One either abstains or chooses; not both.")
    me.page.uncheck("#f-abstain")
    cast()
    start("approval")
    for value in ("1", "2", "3"):
        me.page.check(f"input[value='{value}']")
    me.press("Read it over").seen("#pass-problem").reads("That is more than may be chosen here.")
    me.page.uncheck("input[value='1']")
    cast()
    start("budget_shares")
    me.page.check("input[value='1']")
    me.page.check("input[value='2']")
    assert "900.50" in me.page.inner_text("#pass-sum") and "1,000" in me.page.inner_text("#pass-sum")
    cast()
    server.stop()

    async def close() -> dict[str, str]:
        with clock.shift(timedelta(hours=30)):
            await jobs.run_once()
        written = {}
        for kind, key in found.items():
            for paper in orjson.loads(await boxes.content(key) or b"")["ballots"]:
                token, signature = rules.read_proof(paper["token"])
                assert rules.is_vote(token, paper["version"], paper["choice"], signature)
                written[kind] = paper["choice"]
        return written

    assert elsewhere(close) == {
        "runoff": "3>1",
        "schulze": "abstain",
        "score": "2:5,3:5",
        "approval": "2,3",
        "budget_shares": "1,2",
    }
