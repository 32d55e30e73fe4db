"""A vote with the keyboard alone: every step can be reached, is seen when it has the focus, and is pressed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.conftest import DESKTOP
from tests.support.keyboard import FOCUS, enter, tab_to
from tests.support.server import Server
from tests.support.somebody import Somebody

pytestmark = [pytest.mark.browser, pytest.mark.slow]


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
