"""Every page of the site, in both languages and both themes, on a phone and on a desktop: it answers, it is
accessible, it keeps to its policy, it asks nobody else, nothing hangs over the edge, and it says its language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.journeys.conftest import DESKTOP, PHONE
from tests.support.axe import SCRIPT, TAGS
from tests.support.pages import addresses, patterns
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
Site = tuple[Server, dict[str, Any]]
Seen = dict[str, set[str]]
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
# Those that send a visitor who is not signed in away to do so.
SIGN_IN = "/sign-in"
# What the page says of itself, gathered in one go; in English also Chinese words that are not said to be Chinese.
LOOK = """() => {
  const headings = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].filter(h => h.closest('[hidden]') === null).map(h => +h.tagName[1]);
  const faults = [];
  if (headings.filter(n => n === 1).length !== 1) faults.push('h1 x ' + headings.filter(n => n === 1).length);
  headings.reduce((before, now) => { if (now > before + 1) faults.push('h' + before + ' to h' + now); return now; }, 1);
  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (over > 0) faults.push('hangs over by ' + over + ' px: ' + [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !e.closest('.wrap, .code, .sections, .prose table')).slice(0, 3).map(e => e.tagName + '.' + e.className).join(' '));
  if (document.documentElement.lang !== 'en') return faults;
  const han = /[\\u3400-\\u9fff]/, found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), parent = walker.currentNode.parentElement;
    if (!han.test(text) || parent.closest('script, style, code, pre, textarea, option')) continue;
    const lang = parent.closest('[lang]').lang;
    if (lang !== 'zh-Hans') found.push(lang + ': ' + text.slice(0, 30));
  }
  return [...faults, ...new Set(found)];
}"""
# The kind of everything on the page: it with all that it stands in, as style sheets and axe tell them apart.
OF_KINDS = """(() => {
  const told = ['class', 'role', 'type', 'lang', 'aria-current', 'aria-pressed', 'disabled', 'open'];
  const kinds = new Map([[document.documentElement, '']]);
  for (const e of document.querySelectorAll('body, body *:not(svg *)')) {
    const own = [...e.attributes].map(a => told.includes(a.name) ? a.name + '=' + a.value : a.name.startsWith('aria-') ? a.name : '').join(' ');
    kinds.set(e, kinds.get(e.parentElement) + '>' + e.localName + ' ' + own.trim());
  }
  return kinds;
})()"""
# Those of what is to be seen.
KINDS = f"() => [...new Set([...{OF_KINDS}].filter(([e, kind]) => kind && e.checkVisibility()).map(([, kind]) => kind))]"
# Within the outermost things of the kinds asked for; all of the page when none are asked for, or they have gone meanwhile.
AXE = (
    f"([rules, asked]) => {{ const of = new Set(asked), kinds = of.size ? {OF_KINDS} : new Map();"
    """
  const within = [...kinds].filter(([e, kind]) => of.has(kind) && !of.has(kinds.get(e.parentElement))).map(([e]) => e);
  const options = {runOnly: rules, resultTypes: ['violations']};
  return axe.run(within.length ? {include: within} : document, options).then(r => r.violations);
}"""
)
# What of axe's rules depends on the colours and the size; the others say the same in every one.
OF_THE_VIEW = ["color-contrast", "target-size"]


class Watched:
    """A page with everything that goes wrong in it written down."""

    def __init__(self, page: Any, url: str, view: str, seen: Seen) -> None:
        self.page, self.view, self.seen = page, view, seen
        self.there = self.sent_away = self.loaded = False
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

    def look(self, path: str, *, axe: bool | None = None, missing: bool = False) -> list[str]:
        """What is wrong with a page. ``missing``: it need not be there for this reader.

        ``axe``: on all of it unless one is sent away, never, or by default on what is of a kind not seen in this view yet.
        """
        self.faults.clear()
        answer = self.page.goto(path)
        self.loaded, self.there = False, answer.status == 200
        self.sent_away = urlsplit(self.page.url).path == SIGN_IN != urlsplit(path).path
        found = (
            [] if answer.status == 200 or (missing and answer.status == 404) else [f"answers {answer.status}"]
        )
        if missing and answer.status == 404:
            self.faults.clear()  # the browser itself notes the status
        found += self.page.evaluate(LOOK)
        if axe is not False:
            new = self.new()
            whole = bool(axe) and not self.sent_away
            found += self.axe(TAGS, None if whole else new) if whole or new else []
        return found + self.faults

    def again(self, size: dict[str, int], theme: str = "", *, axe: bool = False) -> list[str]:
        """What is wrong with the same page in another size and theme: with ``axe`` of what is new in them."""
        self.faults.clear()
        self.page.set_viewport_size(size)
        if theme:
            self.page.emulate_media(color_scheme=theme)
        found = self.page.evaluate(LOOK)
        if axe and (kinds := self.new(f"{theme} {size['width']}")):
            found += self.axe(OF_THE_VIEW, kinds)
        return [f"{theme} {size['width']} px: {fault}" for fault in [*found, *self.faults]]

    def new(self, view: str = "") -> set[str]:
        """The kinds of things that the page shows and no page has shown in this view; now they are seen."""
        seen = self.seen.setdefault(view or self.view, set())
        new = set(self.page.evaluate(KINDS)) - seen
        seen |= new
        return new

    def axe(self, rules: list[str], kinds: set[str] | None = None) -> list[str]:
        """What breaks these rules, on the whole page or within things of these kinds."""
        if not self.loaded:
            self.page.evaluate(SCRIPT.read_text("utf-8") + "\n;0")
            self.loaded = True
        broken = self.page.evaluate(AXE, [rules, list(kinds or ())])
        return [f"{r['id']}: {[n['html'][:100] for n in r['nodes'][:2]]}" for r in broken]


@pytest.fixture(scope="module")
def seen() -> Seen:
    """By view, the kinds of things that axe has looked at."""
    return {}


def sign_in(page: Any, about: dict[str, Any], who: str) -> None:
    page.goto("/sign-in")
    page.fill("#f-email", f"{who}@demo.example")
    page.fill("#f-password", about["password"])
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/desk")


def report(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{place}\n    " + "\n    ".join(faults) for place, faults in found.items() if faults)


@pytest.mark.skipif(not SCRIPT.exists(), reason="run: make npm")
def test_every_page_in_chinese(demo: Path, demo_site: Site, visit: Callable[..., Any], seen: Seen) -> None:
    """On a phone in light, as a visitor and as a resident; a visitor's pages on a desktop in dark as well."""
    server, about = demo_site
    visitor, resident = (Watched(visit(server.url), server.url, "light 390", seen) for _ in range(2))
    sign_in(resident.page, about, "resident")
    found: dict[str, list[str]] = {}
    for pattern, paths in addresses(demo).items():
        missing, first = pattern in RESERVED, paths[0]
        found[first] = visitor.look(first, axe=True, missing=missing)
        away = visitor.sent_away
        found[first + " (resident)"] = resident.look(first, axe=away or None, missing=missing)
        if not away:
            found[first] += visitor.again(DESKTOP, "dark", axe=True)
            visitor.again(PHONE, "light")
        # What differs by state is looked at once; elsewhere one address of each page is enough.
        for path in () if away else paths[1:3]:
            found[path] = visitor.look(path, missing=missing)
    assert not any(found.values()), report(found)


@pytest.mark.skipif(not SCRIPT.exists(), reason="run: make npm")
def test_every_page_in_english(demo: Path, demo_site: Site, visit: Callable[..., Any], seen: Seen) -> None:
    """As a resident: on a phone in dark, on narrow screens, and on a desktop in light; axe where something is new in them."""
    server, about = demo_site
    resident = Watched(visit(server.url, "en", theme="dark"), server.url, "dark 390", seen)
    sign_in(resident.page, about, "resident")
    found: dict[str, list[str]] = {}
    for pattern, (path, *_) in addresses(demo).items():
        found[path] = resident.look(path, missing=pattern in RESERVED)
        found[path] += resident.again(DESKTOP, "light", axe=True)
        for width in (320, 640):
            found[path] += resident.again({"width": width, "height": 800}, "dark")
        resident.page.set_viewport_size(PHONE)
    assert not any(found.values()), report(found)


def test_the_crawl_reaches_every_page(demo: Path) -> None:
    reached = addresses(demo)
    assert {pattern for pattern in patterns() if not reached[pattern]} == set()


@pytest.mark.parametrize("who", ["official", "clerk", "steward", "cafe", "newcomer", "street", "neighbour"])
def test_the_desks_of_others(
    demo: Path, demo_site: Site, visit: Callable[..., Any], seen: Seen, who: str
) -> None:
    server, about = demo_site
    watched = Watched(visit(server.url, "en"), server.url, "light 390", seen)
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


@pytest.mark.parametrize(("mode", "wider"), [("standard", [640]), ("senior", [])])
def test_nothing_hangs_over_on_a_narrow_screen(
    demo: Path, demo_site: Site, visit: Callable[..., Any], seen: Seen, mode: str, wider: list[int]
) -> None:
    """320 px is the smallest phone, and what 200 % makes of 640."""
    server, _ = demo_site
    narrow = {"width": 320, "height": 800}
    watched = Watched(visit(server.url, "en", narrow, mode=mode), server.url, "", seen)
    found: dict[str, list[str]] = {}
    for pattern, (path, *_) in addresses(demo).items():
        found[path] = watched.look(path, axe=False, missing=pattern in RESERVED)
        for width in wider:
            found[path] += watched.again({"width": width, "height": 800})
        watched.page.set_viewport_size(narrow)
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
