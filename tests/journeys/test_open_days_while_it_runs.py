"""A week that is under way: somebody asks, others want to know too, and those who came say how it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.conftest import DESKTOP, PHONE
from tests.support.somebody import Somebody
from tests.support.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


def test_a_question_during_the_day_and_what_those_who_came_say(town: Town, visit: Callable[..., Any]) -> None:
    mei = Somebody(visit(town.url, "zh-Hans", PHONE, script=False), "zh-Hans")
    grace = Somebody(visit(town.url, "en", DESKTOP), "en")
    host = Somebody(visit(town.url, "zh-Hans", PHONE), "zh-Hans")
    for who, key in ((mei, "resident"), (grace, "neighbour"), (host, "street")):
        who.sign_in(key, town.password)

    # Nobody registers for a day that is over, and the page says so.
    mei.go("/open-days?past=true").page.get_by_role("link", name="社区食堂开放日：晚餐场").click()
    mei.page.wait_for_load_state()
    mei.reads("This day is over. Read below what came of it.")
    assert mei.page.locator("main input[name=slot], main #f-companions").count() == 0

    # The week goes on: Mei takes a place and asks; Grace wants to know that too.
    mei.go("/open-days").page.get_by_role("link", name="排水泵站开放周").first.click()
    mei.page.wait_for_load_state()
    week = mei.path
    mei.write(companions="1").press("Register")
    code = mei.page.locator("#ticket-code").inner_text()
    mei.go(week).write(body="雨下到多大，几台泵会一起开？").press("Ask")
    asked = grace.go(week).page.locator("article.question", has_text="几台泵会一起开")
    assert "0 support it" in asked.inner_text()
    grace.press("I want to know that too", asked)
    assert "1 supports it" in grace.page.locator("article.question", has_text="几台泵会一起开").inner_text()

    # At the door her code is typed. Before the week is over nobody is asked how it was.
    host.go(f"{week}/door").write(code=code)
    host.page.locator("#check-in button[type=submit]").click()
    host.page.wait_for_selector(".door-line.door-kept")
    assert not mei.go(week).sees("How was it?")

    # The clock ends the week. Who came is asked, and may think better of it; who did not come is not asked.
    town.later(days=6)
    mei.sign_in("resident", town.password).waits(week, lambda m: m.sees("How was it?"))
    mei.write(stars="2", text="泵房太吵。").press("Send")
    mei.go(week).write(stars="4", text="泵房比想的安静。").press("Send")
    grace.sign_in("neighbour", town.password).go(week)
    assert not grace.sees("How was it?")
    grace.reads("This day is over. Read below what came of it.", "What those who came think")
    said = grace.page.inner_text("main")
    assert "泵房比想的安静。" in said and "泵房太吵" not in said
