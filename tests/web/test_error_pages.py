"""Every error is a calm page in the reader's language, on every route, that says what to do."""

import re
from secrets import token_hex
from typing import Any

import pytest

from civic import i18n
from civic.settings import settings
from civic.web.pages.problems import SAID, Problem

pytestmark = pytest.mark.anyio
HTML = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
ORIGIN = "http://127.0.0.1:8000"


async def page(client: Any, method: str, path: str, language: str, **options: Any) -> tuple[int, str, Any]:
    headers = {**HTML, "Accept-Language": language, **options.pop("headers", {})}
    answer = await client.request(method, path, headers=headers, **options)
    return answer.status_code, answer.text, answer


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize(
    ("method", "path", "status", "options"),
    [
        ("GET", "/proposals?sort=SHRILL", 400, {}),
        ("POST", "/proposals/new", 400, {"content": b"x", "headers": {"Content-Type": "text/plain"}}),
        ("GET", "/proposals", 401, {"headers": {"Authorization": "Bearer nobody"}}),
        ("GET", "/files/1/x", 404, {}),
        ("GET", "/files/1/x", 404, {"headers": {"Authorization": "Bearer nobody"}}),
        ("POST", "/sign-in", 403, {"data": {"_op": "x"}, "headers": {"Sec-Fetch-Site": "cross-site"}}),
        ("GET", "/nowhere", 404, {}),
        ("GET", "/proposals/999", 404, {}),
        ("GET", "/areas/" + "9" * 300, 404, {}),
        ("GET", "/areas/%00", 404, {}),
        ("GET", "/" + "x" * 3000, 404, {}),
        ("PUT", "/proposals", 405, {}),
        ("GET", "/preferences", 404, {}),
        ("POST", "/sign-in", 413, {"data": {"_op": "x", "email": "x" * 3000}}),
    ],
)
async def test_the_page_of_each_error(
    app: Any, client: Any, monkeypatch: pytest.MonkeyPatch, language: str, method: str, path: str, status: int,
    options: dict[str, Any],
) -> None:  # fmt: skip
    if status == 413:
        monkeypatch.setenv("CIVIC_BODY_MAX_BYTES", "2000")
        settings.cache_clear()
    got, text, answer = await page(client, method, path, language, **options)
    settings.cache_clear()
    assert got == status, text[:500]
    assert f'<html lang="{language}"' in text and text.count("<h1") == 1
    assert re.search(r'<main.*<a class="button', text, re.S), "it says nothing of what to do"
    assert "Traceback" not in text and "None" not in text
    assert answer.headers["cache-control"] == "private, no-store"
    assert "script-src 'self'" in answer.headers["content-security-policy"]


async def test_a_failure_has_a_page_too(app: Any, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fall(*_: Any) -> Any:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(app.state.pages, "show", fall)
    for language, words in (("en", "Something went wrong on our side"), ("zh-Hans", "编号")):
        status, text, _ = await page(client, "GET", "/proposals", language)
        assert status == 500 and words in text and "secret" not in text and "ZeroDivision" not in text


async def test_a_failure_outside_of_pages(app: Any, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fall(*_: Any) -> Any:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(app.state.sessions, "context", fall)
    status, text, answer = await page(client, "POST", "/sign-out", "en")
    assert status == 500 and "<h1" in text and "secret" not in text
    assert answer.headers["x-content-type-options"] == "nosniff"
    plain = await client.post("/sign-out", headers={"Accept-Language": "zh-Hans", "Accept": "*/*"})
    assert plain.status_code == 500 and plain.headers["content-type"].startswith("text/plain")
    assert "secret" not in plain.text and "已记录" in plain.text


async def test_too_many_attempts_are_told_on_the_page(app: Any, client: Any) -> None:
    statuses = set()
    account = f"{token_hex(6)}@example.org"  # nobody has tried it before in this process
    for _ in range(12):
        html = (await client.get("/sign-in")).text
        fields = dict(re.findall(r'<input type="hidden" name="(_op|_csrf|_once)" value="([^"]*)"', html))
        form = {**fields, "email": account, "password": "wrong password"}
        answer = await client.post("/sign-in", data=form, headers={"Accept-Language": "zh-Hans"})
        statuses.add(answer.status_code)
    assert statuses == {401, 429} and "请" in answer.text and "秒" in answer.text


def test_every_status_has_its_words_in_chinese() -> None:
    for status in (400, 401, 403, 404, 405, 409, 413, 429, 500):
        assert Problem(status).status == status
        for words in SAID[status]:
            assert i18n.gettext(words, "zh-Hans") != i18n.gettext(words, "en")
