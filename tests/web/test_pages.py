"""The page engine, on a tiny set of pages."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from civic import db
from civic.schema.core.ids import encode
from civic.web.pages import site
from civic.web.sessions import cookie_name
from tests.web import tiny

pytestmark = pytest.mark.anyio


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    async def viewer(context: Any) -> Any:
        return {"name": context.viewer.name} if context.viewer else None

    monkeypatch.setattr(site, "viewer", viewer)
    return tiny.make_app(tmp_path)


@pytest.fixture
async def client(app: Any) -> AsyncIterator[Any]:
    async with tiny.client(app) as client:
        yield client


async def fields(client: Any, path: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    html = (await client.get(path)).text
    return dict(re.findall(r'<input type="hidden" name="(_op|_csrf|_once)" value="([^"]*)"', html))


async def test_a_page_shows_what_its_query_gives(client: Any) -> None:
    answer = await client.get("/?tone=calm&first=")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")
    assert "<a href='/notes/n1'>First</a>" in answer.text and "12,345" in answer.text
    assert "/?tone=calm&amp;after=b" in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "First" not in (await client.get("/?tone=loud")).text
    assert "About" in (await client.get("/about")).text


async def test_addresses_that_lead_nowhere(client: Any) -> None:
    assert (await client.get("/nowhere")).status_code == 404
    assert (await client.get("/notes/none")).status_code == 404
    assert (await client.get("/?first=many")).status_code == 400
    assert (await client.get("/?tone=shrill")).status_code == 400
    assert (await client.put("/about")).status_code == 405
    slash = await client.get("/about/")
    assert (slash.status_code, slash.headers["location"]) == (308, "/about")
    crash = await client.get("/crash")
    assert crash.status_code == 500 and "secret" not in crash.text and "ZeroDivision" not in crash.text


async def test_the_language_follows_the_reader(client: Any) -> None:
    assert 'lang="zh-Hans"' in (await client.get("/", headers={"Accept-Language": "zh-CN"})).text
    assert '<html lang="en"' in (await client.get("/")).text


async def test_visitors_get_kept_pages_until_something_changes(app: Any, client: Any) -> None:
    first = await client.get("/about")
    assert first.headers["cache-control"] == "public, no-cache"
    again = await client.get("/about", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content
    (app.state.pages.routes.templates / "pages" / "about.html").write_text("Changed")
    app.state.pages.routes.next_look = 0.0
    assert (await client.get("/about", headers={"If-None-Match": first.headers["etag"]})).text == "Changed"


async def test_a_kept_page_ends_with_its_tables(
    app: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tiny.shown

    def reads(key: str) -> Any:
        touched = db.touched_tables.get()
        if touched is not None:
            touched.add("note")
        return real(key)

    monkeypatch.setattr(tiny, "shown", reads)
    first = await client.get("/")
    tiny.NOTES["n1"]["title"] = "Second"
    assert (await client.get("/")).headers["etag"] == first.headers["etag"]
    monkeypatch.setitem(db.versions, "note", db.versions.get("note", 0) + 1)
    assert "Second" in (await client.get("/")).text


async def test_pages_with_forms_and_of_people_are_not_shared(client: Any) -> None:
    assert (await client.get("/notes/new")).headers["cache-control"] == "private, no-store"
    mine = await client.get("/mine", headers={"Cookie": f"{cookie_name()}=lin"})
    assert "Lin" in mine.text and mine.headers["cache-control"] == "private, no-store"
    elsewhere = await client.get("/mine?a=b")
    assert (elsewhere.status_code, elsewhere.headers["location"]) == (303, "/sign-in?next=/mine%3Fa%3Db")
    assert (await client.get("/me")).headers["location"] == "/sign-in?next=/me"


async def test_htmx_gets_the_block_only(client: Any) -> None:
    for answer in (
        await client.get("/", headers={"HX-Request": "true", "HX-Target": "list"}),
        await client.get("/?_block=list"),
    ):
        assert "First" in answer.text and "<html" not in answer.text
    assert "<html" in (await client.get("/?_block=none")).text


async def test_a_form_is_carried_out_once(client: Any) -> None:
    form = {**await fields(client, "/notes/new"), "title": "New", "agreed": "on", "tags": ["a", "b"]}
    form |= {"place.street": "Long", "place.number": "3", "options.1.label": "x", "options.0.label": "y"}
    form |= {"tone": "loud", "at": "2026-03-18T10:00"}
    answer = await client.post("/notes/new", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/notes/n2#end")
    (sent, _) = tiny.SENT[0]
    assert (sent.title, sent.tags, sent.tone.name, sent.agreed) == ("New", ["a", "b"], "LOUD", True)
    assert (sent.place.street, sent.place.number, sent.sure) == ("Long", 3, False)
    assert [option.label for option in sent.options] == ["y", "x"]
    assert sent.at.isoformat() == "2026-03-18T10:00:00+08:00"
    again = await client.post("/notes/new", data=form)
    assert (again.status_code, again.headers["location"], len(tiny.SENT)) == (303, "/notes/n2#end", 1)
    after = await client.get("/about")
    assert "Saved." in after.text and "Saved." not in (await client.get("/about")).text


async def test_a_refused_form_keeps_what_was_typed(client: Any) -> None:
    form = {**await fields(client, "/notes/new"), "title": "", "place.street": "<b>", "password": "hush"}
    answer = await client.post("/notes/new", data=form)
    assert answer.status_code == 422
    assert 'id="e-title"' in answer.text and "Write a title." in answer.text
    assert 'value="&lt;b&gt;"' in answer.text and "hush" not in answer.text
    form = {**await fields(client, "/notes/new"), "title": "x", "place.street": "y", "place.number": "many"}
    answer = await client.post("/notes/new", data=form)
    assert answer.status_code == 422 and "Please write a whole number." in answer.text and not tiny.SENT
    form = {**await fields(client, "/notes/new"), "title": "taken"}
    assert (await client.post("/notes/new", data=form)).status_code == 409


async def test_path_variables_fill_the_input(client: Any) -> None:
    form = {**await fields(client, "/notes/n1"), "title": "Renamed", "_next": "/about"}
    answer = await client.post("/notes/n1", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/about")
    assert tiny.NOTES["n1"]["title"] == "Renamed"
    form = {
        **await fields(client, "/notes/n1"),
        "title": "Again",
        "_next": "//evil.example",
        "id": encode("Note", "n1"),
    }
    assert (await client.post("/notes/n1", data=form)).headers["location"] == "/notes/n1"


async def test_a_file_comes_with_a_form(client: Any) -> None:
    form = {**await fields(client, "/notes/new"), "title": "With a file"}
    answer = await client.post("/notes/new", data=form, files={"file": ("a.txt", b"hello", "text/plain")})
    assert answer.status_code == 303 and tiny.SENT[0][1] == "hello"
    form = {**await fields(client, "/notes/new"), "title": "Without"}
    answer = await client.post("/notes/new", data=form, files={"file": ("", b"", "text/plain")})
    assert answer.status_code == 303 and tiny.SENT[1][1] is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_a_forged_form_is_refused(client: Any, headers: dict[str, str]) -> None:
    form = {**await fields(client, "/notes/new"), "title": "Forged"}
    assert (await client.post("/notes/new", data=form, headers=headers)).status_code == 403
    assert (await client.post("/preferences", data={"mode": "senior"}, headers=headers)).status_code == 403
    assert (await client.post("/sign-out", headers=headers)).status_code == 403
    assert not tiny.SENT


async def test_a_form_without_its_secret_is_refused(client: Any) -> None:
    form = {**await fields(client, "/notes/new"), "title": "Old"}
    answer = await client.post("/notes/new", data={**form, "_csrf": "0" * 32})
    assert answer.status_code == 403 and 'value="Old"' in answer.text and not tiny.SENT
    other = await client.post("/notes/new", data=form, headers={"Cookie": "civic_form=" + "x" * 32})
    assert other.status_code == 403
    assert (await client.post("/notes/new", data={**form, "_op": "None"})).status_code == 400
    assert (await client.post("/notes/new", json={"title": "x"})).status_code == 400


async def test_preferences_are_remembered(client: Any) -> None:
    chosen = {"mode": "senior", "lang": "zh-Hans", "theme": "dark", "next": "/about?x=1"}
    answer = await client.post("/preferences", data=chosen)
    assert (answer.status_code, answer.headers["location"]) == (303, "/about?x=1")
    html = (await client.get("/about")).text
    assert 'data-theme="dark" data-mode="senior"' in html and '<html lang="zh-Hans"' in html
    answer = await client.post("/preferences", data={"mode": "loud", "next": "https://evil.example"})
    assert answer.headers["location"] == "/" and "set-cookie" not in answer.headers


async def test_sign_out_ends_the_session(app: Any, client: Any) -> None:
    client.cookies.set(cookie_name(), "lin")
    assert (await client.get("/mine")).status_code == 200
    assert (await client.post("/sign-out")).status_code == 303
    assert (await client.get("/mine", headers={"Cookie": f"{cookie_name()}=lin"})).status_code == 303


async def test_large_bodies_are_refused(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from civic.settings import settings

    monkeypatch.setattr(settings(), "body_max_bytes", 1000)
    form = {**await fields(client, "/notes/new"), "title": "x" * 2000}
    assert (await client.post("/notes/new", data=form)).status_code == 413

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b"x" * 500

    headers = {"Content-Type": "application/json"}
    assert (await client.post("/graphql", content=pieces(), headers=headers)).status_code == 413


async def test_assets_carry_their_hash(client: Any) -> None:
    html = (await client.get("/about")).text
    match = re.search(r'href="(/assets/css/civic\.[0-9a-f]{12}\.css)"', html)
    assert match
    answer = await client.get(match[1], headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["cache-control"] and answer.headers["content-encoding"] == "gzip"
    assert (
        "immutable" not in (await client.get("/assets/css/civic.000000000000.css")).headers["cache-control"]
    )
    assert (await client.get("/assets/../layout/base.html")).status_code == 404
    assert (await client.get("/assets/%2e%2e/layout/base.html")).status_code == 404


async def test_a_form_sent_twice_at_once(client: Any) -> None:
    form = {**await fields(client, "/notes/new"), "title": "Twice"}
    answers = await asyncio.gather(*(client.post("/notes/new", data=form) for _ in range(5)))
    assert {(a.status_code, a.headers["location"]) for a in answers} == {(303, "/notes/n2#end")}
    assert len(tiny.SENT) == 1
    form = {**await fields(client, "/notes/new"), "title": ""}
    answers = await asyncio.gather(*(client.post("/notes/new", data=form) for _ in range(3)))
    assert {a.status_code for a in answers} == {422}
