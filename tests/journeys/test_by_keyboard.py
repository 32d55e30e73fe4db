"""A vote with the keyboard alone: every step can be reached, is seen when it has the focus, and is pressed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.conftest import DESKTOP
from tests.support.server import Server
from tests.support.somebody import Somebody

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# What has the focus: its words, and whether an outline of some width shows it.
FOCUS = """() => {
  const here = document.activeElement, frame = here.closest('.choice') || here;
  const style = getComputedStyle(here), around = getComputedStyle(frame);
  const seen = s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
  const box = frame.getBoundingClientRect();
  return {words: (here.innerText || here.value || '').trim(), seen: seen(style) || seen(around), tag: here.tagName,
    value: here.value || '', on: box.bottom > 0 && box.top < innerHeight};
}"""


def tab_to(page: Any, wanted: Callable[[dict[str, Any]], bool], most: int = 120) -> dict[str, Any]:
    """Press Tab until the focus is where it should be; every stop on the way is visible."""
    for _ in range(most):
        page.keyboard.press("Tab")
        found: dict[str, Any] = page.evaluate(FOCUS)
        assert found["tag"] == "BODY" or (found["seen"] and found["on"]), f"the focus is not seen: {found}"
        if wanted(found):
            return found
    raise AssertionError("the keyboard does not get there")


def enter(page: Any) -> None:
    """Press what has the focus, and wait for the page to which it leads."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_voting_with_the_keyboard_alone(
    demo_site: tuple[Server, dict[str, Any]], visit: Callable[..., Any]
) -> None:
    server, about = demo_site
    me = Somebody(visit(server.url, "en", DESKTOP), "en")
    page = me.page
    me.go("/")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["words"] == "Skip to the content"
    page.keyboard.press("Enter")
    tab_to(page, lambda f: f["words"] == "Vote")
    enter(page)
    tab_to(page, lambda f: f["words"] == "Sign in to vote")
    enter(page)
    tab_to(page, lambda f: f["tag"] == "INPUT" and page.evaluate("document.activeElement.name") == "email")
    page.keyboard.type("resident@demo.example")
    page.keyboard.press("Tab")
    page.keyboard.type(about["password"])
    enter(page)
    tab_to(page, lambda f: page.evaluate("document.activeElement.name") == "choices")
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.checked")
    tab_to(page, lambda f: f["words"] == "Read it over")
    enter(page)
    tab_to(page, lambda f: f["words"] == "Cast my vote")
    enter(page)
    me.reads("Your vote is in the box")
