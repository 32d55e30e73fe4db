"""The page at /graphql in a real browser: every example gives an answer, and nothing leaves this machine."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.axe import violations
from tests.support.server import Server

pytestmark = pytest.mark.browser
STARTS = re.compile(r"^\s*\{")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_examples_run_in_the_browser(server: Server, browser: Any, language: str) -> None:
    context = browser.new_context(locale=language, viewport={"width": 390, "height": 844})
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(server.url + "/graphql")
    assert page.locator("html").get_attribute("lang") == ("zh-Hans" if language == "zh-CN" else "en")
    links = page.locator("a[data-query]")
    assert links.count() >= 5
    for number in range(links.count()):
        with page.expect_response(lambda response: response.request.method == "POST") as got:
            links.nth(number).click()
        got.value.finished()
        expect(page.locator("#answer")).to_have_text(STARTS)
        answer = json.loads(page.locator("#answer").text_content())
        assert "errors" not in answer, (links.nth(number).text_content(), answer)
    page.fill("#f-query", "{ nothing }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer")).to_contain_text("BAD_REQUEST")
    page.fill("#f-variables", "{broken")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer")).to_contain_text("SyntaxError")
    assert {url.split("/")[2] for url in asked} == {server.url.split("/")[2]}
    assert not [text for text in said if "Content Security Policy" in text or "Refused to" in text]
    assert violations(page) == []
    context.close()


def test_the_examples_open_without_a_script(server: Server, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.url + "/graphql")
    page.locator("a[data-query]").first.click()
    assert '"proposals"' in page.content()
    page.go_back()
    page.locator("#explorer button").click()
    assert '"proposals"' in page.content()
    context.close()
