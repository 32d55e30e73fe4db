"""Scripts in every text that pages show, looked at with a real browser: nothing runs, nothing is even tried.

A page that let markup through would be saved by the content security policy, and the browser would say so: hence no
violation of it may be reported either.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from civic import clock, db
from civic.models import (
    Area,
    AreaWithin,
    Ballot,
    Comment,
    Deadline,
    Option,
    Party,
    Person,
    Proposal,
    ProposalVersion,
    Response,
)
from civic.settings import settings
from tests.support.hostile import naughty, scripts
from tests.support.server import Server
from tests.support.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600), naughty]
TOGETHER = 12  # texts in one body
TEXTS = scripts()


async def fill() -> dict[str, list[Any]]:
    """A thing of every kind for every dozen of texts, with the texts in all its places."""
    await db.start()
    keys: dict[str, list[Any]] = {"proposals": [], "ballots": [], "areas": [], "parties": []}
    try:
        world = await World.make()
        await db.write(lambda: write(world, keys))
    finally:
        await db.stop()
    return keys


async def write(world: World, keys: dict[str, list[Any]]) -> None:
    now = clock.now()
    for number in range(0, len(TEXTS), TOGETHER):
        some = TEXTS[number : number + TOGETHER]
        first, last = some[0], some[-1]
        person = await Person.create(id=uuid4(), pseudonym=f"p{number:08}", name=first[:80], created_at=now)
        area = await Area.create(
            code=f"31010400{number:04}", name=last[:60], level="community", parent=world.street
        )
        for depth, above in enumerate((area, world.street, world.district, world.city)):
            await AreaWithin.create(ancestor=above, descendant=area, depth=depth)
        party = await Party.create(
            kind="enterprise",
            name=first[:120],
            area=area,
            about="\n\n".join(some),
            state="active",
            created_at=now,
        )
        times = {"created_at": now, "published_at": now}
        proposal = await Proposal.create(
            title=last[:200], body="\n\n".join(some), salt=b"s", state="decided", version=2, author=person, area=area,
            party=party, hidden_reason="", **times,
        )  # fmt: skip
        for version in (1, 2):
            await ProposalVersion.create(
                proposal=proposal, number=version, title=some[version][:200], body="\n\n".join(some[version:]),
                reason=first[:500], author=person, at=now,
            )  # fmt: skip
        for text in some:
            await Comment.create(proposal=proposal, author=person, stance="for", body=text, salt=b"s", at=now)
        deadline = await Deadline.create(
            kind="proposal", subject_id=proposal.id, department=world.department, started_at=now, answered_at=now,
            due_at=now + timedelta(days=9), working_days=9, extension_reason=last[:500],
        )  # fmt: skip
        await Response.create(
            deadline=deadline,
            verdict="accepted",
            reasons="\n\n".join(some),
            salt=b"s",
            author=person,
            published_at=now,
        )
        ballot = await Ballot.create(
            title=first[:200], question="\n\n".join(some), method="single", passing="plurality", state="open",
            area=area, host=party, author=person, opens_at=now - timedelta(hours=1),
            closes_at=now + timedelta(days=3), created_at=now,
        )  # fmt: skip
        for position, text in enumerate(some):
            await Option.create(
                ballot=ballot, key=str(position + 1), position=position, label=text[:200], about=text[:200]
            )
        for name, row in (("proposals", proposal), ("ballots", ballot), ("parties", party)):
            keys[name].append(row.pk)
        keys["areas"].append(area.code)


@pytest.fixture
def site(database: str) -> Iterator[tuple[Server, dict[str, list[Any]]]]:
    with ThreadPoolExecutor(1) as elsewhere:  # Playwright's loop runs in this thread already
        keys = elsewhere.submit(asyncio.run, fill()).result()
    chosen = settings()
    server = Server(chosen.data_dir, chosen.database_url)
    server.start(60)
    yield server, keys
    server.stop()


class Watched:
    """A page of a browser, and everything that should not happen in it."""

    def __init__(self, context: Any, server: Server) -> None:
        self.server, self.page, self.wrong = server, context.new_page(), []
        self.page.on("dialog", self.dialog)
        self.page.on("console", self.console)
        self.page.on("pageerror", lambda error: self.wrong.append(f"{self.page.url}: {error}"))
        self.page.on("request", self.request)
        self.page.on("framenavigated", self.moved)
        self.going = ""

    def dialog(self, dialog: Any) -> None:
        self.wrong.append(f"{self.page.url}: a dialog says {dialog.message!r}")
        dialog.dismiss()

    def console(self, message: Any) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.wrong.append(f"{self.page.url}: {message.text[:200]}")

    def request(self, request: Any) -> None:
        if not request.url.startswith((self.server.url, "data:")):
            self.wrong.append(f"{self.page.url}: asked for {request.url}")

    def moved(self, frame: Any) -> None:
        if not frame.url.startswith((self.server.url, "about:blank")):
            self.wrong.append(f"{self.going}: went to {frame.url}")

    def visit(self, path: str) -> int:
        self.going = path
        answer = self.page.goto(self.server.url + path)
        assert answer is not None and answer.status < 500, f"{path}: {answer.status}"
        return int(answer.status)


def test_no_text_runs_on_any_page(
    site: tuple[Server, dict[str, list[Any]]], database: str, browser: Any
) -> None:
    server, keys = site
    context = browser.new_context()
    watched = Watched(context, server)
    shown(watched, keys)
    assert not watched.wrong, "\n".join(watched.wrong[:20])
    # Each database gets texts of its own.
    typed(watched, TEXTS[(0 if database == "sqlite" else 3) :: 6])
    assert not watched.wrong, "\n".join(watched.wrong[:20])
    context.close()


def shown(watched: Watched, keys: dict[str, list[Any]]) -> None:
    """Every page that shows texts, of everything there is."""
    for path in (
        "/",
        "/proposals",
        "/ballots",
        "/responses",
        "/parties",
        "/ledger",
        "/search?q=script",
        "/areas/310104",
    ):
        watched.visit(path)
        for _ in range(30):  # every page of the list
            following = watched.page.locator("a[rel=next]")
            if not following.count():
                break
            watched.visit(following.first.get_attribute("href"))
    for kind, found in keys.items():
        for key in found[::3] if kind == "areas" else found:  # of an area only the name is anybody's text
            assert watched.visit(f"/{kind}/{key}") == 200, (kind, key)
    for key in keys["proposals"][::4]:
        watched.visit(f"/proposals/{key}/versions")
    title = TEXTS[TOGETHER - 1][:200].strip()
    watched.visit(f"/proposals/{keys['proposals'][0]}")
    assert re.sub(r"\s+", " ", title) in re.sub(r"\s+", " ", watched.page.locator("h1").inner_text())


def typed(watched: Watched, texts: list[str]) -> None:
    """What is typed into a search, into an address or a refused form comes back as text."""
    for number, text in enumerate(texts):
        watched.visit(f"/search?q={quote(text)}")
        for field in ("#site-search", "#filter-q"):
            assert watched.page.locator(field).input_value() == re.sub(r"[\r\n]", "", text), text
        if number % 2:
            watched.visit("/" + quote(text[:80], safe=""))
        elif number % 4 == 0:
            watched.visit("/sign-in")
            watched.page.fill("#f-email", text[:200])
            watched.page.fill("#f-password", "x")
            with watched.page.expect_navigation():
                watched.page.keyboard.press("Enter")
