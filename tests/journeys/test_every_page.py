"""Every page of the site, in both languages and both themes, on a phone and on a desktop: it answers, it is
accessible, it keeps to its policy, it asks nobody else, nothing hangs over the edge, and it says its language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import DESKTOP, PHONE
from tests.support.axe import SCRIPT, TAGS
from tests.support.pages import addresses, patterns
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
Site = tuple[Server, dict[str, Any]]
# Pages that only those concerned find; everybody else gets the page that says there is nothing (404).
RESERVED = {
    "/parties/[id]/manage": "steward",
    "/desk/platform": "steward",
    "/open-days/[id]/door": "street",
    "/open-days/[id]/list": "street",
    "/open-days/[id]/manage": "street",
    "/open-days/[id]/ticket": "neighbour",
    "/open-days/[id]/tickets/[registration]": "street",
}
# What the page says of itself, gathered in one go.
LOOK = """() => {
  const headings = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].filter(h => h.closest('[hidden]') === null).map(h => +h.tagName[1]);
  const faults = [];
  if (headings.filter(n => n === 1).length !== 1) faults.push('h1 x ' + headings.filter(n => n === 1).length);
  headings.reduce((before, now) => { if (now > before + 1) faults.push('h' + before + ' to h' + now); return now; }, 1);
  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (over > 0) faults.push('hangs over by ' + over + ' px: ' + [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !e.closest('.wrap, .code, .sections, .prose table')).slice(0, 3).map(e => e.tagName + '.' + e.className).join(' '));
  return faults;
}"""
# Words in the other language than the page or the piece says.
WORDS = """() => {
  const han = /[\\u3400-\\u9fff]/, found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), parent = walker.currentNode.parentElement;
    if (!han.test(text) || parent.closest('script, style, code, pre, textarea, option')) continue;
    const lang = parent.closest('[lang]').lang;
    if (lang !== 'zh-Hans') found.push(lang + ': ' + text.slice(0, 30));
  }
  return [...new Set(found)];
}"""


class Watched:
    """A page with everything that goes wrong in it written down."""

    def __init__(self, page: Any, url: str) -> None:
        self.page, self.there = page, False
        self.faults: list[str] = []
        page.on(
            "console",
            lambda said: self.faults.append(said.text) if said.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on(
            "request",
            lambda asked: (
                None if asked.url.startswith((url, "data:")) else self.faults.append("asks " + asked.url)
            ),
        )

    def look(self, path: str, *, axe: bool = True, missing: bool = False) -> list[str]:
        """What is wrong with a page. ``missing``: it need not be there for this reader."""
        self.faults.clear()
        answer = self.page.goto(path)
        self.there = answer.status == 200
        found = (
            [] if answer.status == 200 or (missing and answer.status == 404) else [f"answers {answer.status}"]
        )
        if missing and answer.status == 404:
            self.faults.clear()  # the browser itself notes the status
        found += self.page.evaluate(LOOK)
        if "lang=en" in path or self.page.evaluate("document.documentElement.lang") == "en":
            found += self.page.evaluate(WORDS)
        if axe:
            self.page.evaluate(SCRIPT.read_text("utf-8") + "\n;0")
            broken = self.page.evaluate(
                "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(r => r.violations)",
                TAGS,
            )
            found += [f"{r['id']}: {[n['html'][:100] for n in r['nodes'][:2]]}" for r in broken]
        return found + self.faults


def sign_in(page: Any, about: dict[str, Any], who: str) -> None:
    page.goto("/sign-in")
    page.fill("#f-email", f"{who}@demo.example")
    page.fill("#f-password", about["password"])
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/desk")


def report(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{place}\n    " + "\n    ".join(faults) for place, faults in found.items() if faults)


@pytest.mark.skipif(not SCRIPT.exists(), reason="run: make npm")
@pytest.mark.parametrize(
    ("language", "theme", "size", "whom"),
    [
        ("zh-Hans", "light", PHONE, ("anonymous", "resident")),
        ("en", "dark", PHONE, ("resident",)),
        ("zh-Hans", "dark", DESKTOP, ("anonymous",)),
        ("en", "light", DESKTOP, ("resident",)),
    ],
    ids=["zh-light-phone", "en-dark-phone", "zh-dark-desktop", "en-light-desktop"],
)  # fmt: skip
def test_every_page(
    demo: Path,
    demo_site: Site,
    visit: Callable[..., Any],
    language: str,
    theme: str,
    size: dict[str, int],
    whom: tuple[str, ...],
) -> None:
    server, about = demo_site
    readers = {who: Watched(visit(server.url, language, size, theme=theme), server.url) for who in whom}
    if "resident" in readers:
        sign_in(readers["resident"].page, about, "resident")
    found: dict[str, list[str]] = {}
    for pattern, paths in addresses(demo).items():
        for who, watched in readers.items():
            # What differs by state is looked at once; elsewhere one address of each page is enough.
            for path in paths[:3] if who == "anonymous" and theme == "light" else paths[:1]:
                found[f"{path} ({who})"] = watched.look(path, missing=pattern in RESERVED)
    assert not any(found.values()), report(found)


def test_the_crawl_reaches_every_page(demo: Path) -> None:
    reached = addresses(demo)
    assert {pattern for pattern in patterns() if not reached[pattern]} == set()


@pytest.mark.parametrize("who", ["official", "clerk", "steward", "cafe", "newcomer", "street", "neighbour"])
def test_the_desks_of_others(demo: Path, demo_site: Site, visit: Callable[..., Any], who: str) -> None:
    server, about = demo_site
    watched = Watched(visit(server.url, "en"), server.url)
    sign_in(watched.page, about, who)
    found = {
        path: watched.look(path, missing=RESERVED.get(pattern, who) != who)
        for pattern, (path, *_) in addresses(demo).items()
        if pattern in ("/", "/account", "/notifications") or pattern.startswith("/desk")
    }
    for pattern in (p for p, concerned in RESERVED.items() if concerned == who):
        there = 0
        for path in addresses(demo)[pattern]:
            found[path] = watched.look(path, missing=True)
            there += watched.there
        assert there, f"{pattern} is there for nobody"
    assert not any(found.values()), report(found)


@pytest.mark.parametrize(("width", "mode"), [(320, "standard"), (320, "senior"), (640, "standard")])
def test_nothing_hangs_over_on_a_narrow_screen(
    demo: Path, demo_site: Site, visit: Callable[..., Any], width: int, mode: str
) -> None:
    """320 px is the smallest phone, and what 200 % makes of 640."""
    server, _ = demo_site
    watched = Watched(visit(server.url, "en", {"width": width, "height": 800}, mode=mode), server.url)
    found = {
        path: watched.look(path, axe=False, missing=pattern in RESERVED)
        for pattern, paths in addresses(demo).items()
        for path in paths[:1]
    }
    assert not any(found.values()), report(found)


def test_the_head_keeps_to_one_line_and_its_name_whole(demo_site: Site, visit: Callable[..., Any]) -> None:
    """Signed in, with unread news: the name stands whole beside the mark, or the mark stands alone."""
    server, about = demo_site
    for language in ("zh-Hans", "en"):
        for mode in ("standard", "senior"):
            page = visit(server.url, language, PHONE, mode=mode)
            page.goto("/sign-in")
            page.fill("[name=email]", "cafe@demo.example")
            page.fill("[name=password]", about["password"])
            with page.expect_navigation():
                page.locator("form:has([name=password]) button[type=submit]").click()
            for width in (390, 360, 320):
                page.set_viewport_size({"width": width, "height": 800})
                page.goto("/ballots")
                assert page.locator(".tools .count").is_visible()
                size = page.evaluate("document.documentElement.scrollWidth")
                mark, brand, name = (
                    page.locator(part).bounding_box() for part in (".brand .mark", ".brand", ".brand span")
                )
                assert size == width and mark["width"] >= 24, (language, mode, width)
                assert name["height"] <= brand["height"], "one line"
                beside = abs(name["y"] - mark["y"]) < 2 and name["x"] > mark["x"]
                assert beside or name["y"] >= brand["y"] + brand["height"], "whole, or out of sight"
                if mode == "standard":
                    assert page.locator(".mast-top").bounding_box()["height"] < 60, "one row"


def test_the_first_view_is_light(demo_site: Site, visit: Callable[..., Any]) -> None:
    """Under 100 KB over the wire, without pictures; and the text is there before any script."""
    server, _ = demo_site
    for path in ("/", "/proposals", "/proposals/1", "/ballots/1", "/areas/310104"):
        page = visit(server.url)
        client = page.context.new_cdp_session(page)
        client.send("Network.enable")
        sizes: list[float] = []
        client.on(
            "Network.loadingFinished", lambda event, sizes=sizes: sizes.append(event["encodedDataLength"])
        )
        page.goto(path, wait_until="networkidle")
        assert 0 < sum(sizes) < 100_000, (path, sizes)
        plain = visit(server.url, script=False)
        plain.goto(path)
        assert plain.inner_text("main") == page.inner_text("main"), path
