"""Requests that no friend sends: malformed, oversized, forged; and the headers that every answer carries."""

import re
from datetime import timedelta
from typing import Any

import orjson
import pytest

from civic import clock
from civic.settings import settings
from civic.web.sessions import cookie_name, digest
from tests.support.world import World

pytestmark = pytest.mark.anyio
MODERN = {"Accept": "application/graphql-response+json"}
JSON = {"Content-Type": "application/json"}
HEADERS = {
    "content-security-policy", "x-content-type-options", "referrer-policy", "cross-origin-opener-policy",
    "cross-origin-resource-policy", "permissions-policy",
}  # fmt: skip
ROUTES = [
    ("GET", "/", 200), ("GET", "/proposals", 200), ("GET", "/sign-in", 200), ("GET", "/nowhere", 404), ("PUT", "/", 405),
    ("GET", "/graphql", 200), ("DELETE", "/graphql", 405), ("GET", "/healthz", 200), ("GET", "/readyz", 200),
    ("GET", "/metrics", 200), ("GET", "/files/1/x", 404), ("GET", "/assets/none.css", 404),
    ("GET", "/assets/css/civic.css", 200), ("POST", "/preferences", 303), ("POST", "/sign-out", 303),
    ("GET", "/ledger/checkpoint", None), ("GET", "/sign-in/oidc", None),
]  # fmt: skip


async def test_every_answer_has_the_headers(app: Any, client: Any) -> None:
    for method, path, status in ROUTES:
        answer, sent = await client.request(method, path, headers={"Accept": "text/html"}), f"{method} {path}"
        assert status is None or answer.status_code == status, sent
        assert {name for name in HEADERS if name not in answer.headers} == set(), sent
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe-eval" not in policy, sent
        assert "frame-ancestors 'none'" in policy and "script-src 'unsafe" not in policy, sent
        assert "server" not in answer.headers and "x-powered-by" not in answer.headers, sent


async def test_cookies_cannot_be_read_by_scripts_or_sent_by_other_sites(
    app: Any, client: Any, graphql: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_up = "mutation($i: SignUpInput!) { signUp(input: $i) { person { name } } }"
    monkeypatch.setenv("CIVIC_SECURE_COOKIES", "true")
    settings.cache_clear()
    body = {
        "query": sign_up,
        "variables": {"i": {"name": "甲", "email": "c@example.org", "password": "correct horse"}},
    }
    made = await client.post("/graphql", json=body)
    form = await client.get("/sign-in")
    settings.cache_clear()
    for cookie in [*made.headers.get_list("set-cookie"), *form.headers.get_list("set-cookie")]:
        assert cookie.startswith("__Host-civic"), cookie
        assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= {
            part.strip() for part in cookie.split(";")
        }
        assert "Domain" not in cookie
    assert made.headers.get_list("set-cookie") and form.headers.get_list("set-cookie")
    assert "strict-transport-security" in form.headers


BODIES = [
    (b"", 400, "json"), (b"{", 400, "json"), (b"[]", 400, "not_an_object"), (b"null", 400, "not_an_object"),
    (b'"x"', 400, "not_an_object"), (b'{"query": 1}', 400, "query"), (b'{"query": ""}', 400, "query"),
    (b'{"query": "{a}", "variables": []}', 400, "variables"),
    (b'{"query": "{a}", "operationName": 1}', 400, "operation_name"),
    (b'{"query": "{a}", "extensions": 1}', 400, "extensions"), (b'{"query": "\xff\xfe"}', 400, "json"),
    (b'{"query": "{ \\ud800 }"}', 400, "json"), (b"[" * 100_000, 400, "json"), (b'{"a":' * 50_000, 400, "json"),
    (b"\x00" * 100, 400, "json"), (b'{"query": "{ viewer { name } }", "query": "{', 400, "json"),
]  # fmt: skip


async def test_bodies_that_are_no_request(app: Any, client: Any) -> None:
    for body, status, reason in BODIES:
        answer = await client.post("/graphql", content=body, headers={**JSON, **MODERN})
        assert answer.status_code == status, body[:60]
        extensions = answer.json()["errors"][0]["extensions"]
        assert extensions == {"code": "BAD_REQUEST", "reason": reason}, body[:60]


async def test_content_types_that_are_not_ours(app: Any, client: Any) -> None:
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/graphql",
        "",
        "application/json; charset=utf-16",
    ):
        answer = await client.post(
            "/graphql", content=b'{"query": "{ viewer { name } }"}', headers={"Content-Type": kind}
        )
        assert answer.status_code == 415, kind
        assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST", kind


GOOD = {"operations": '{"query": "{ viewer { name } }"}', "map": "{}"}
FORMS: list[tuple[Any, Any]] = [
    ({}, {"0": b"x"}),
    ({"operations": "{"}, {"0": b"x"}),
    ({**GOOD, "map": "["}, {"0": b"x"}),
    ({**GOOD, "map": "[]"}, {"0": b"x"}),
    ({**GOOD, "operations": "[]"}, {"0": b"x"}),
    ({**GOOD, "map": '{"0": ["variables.x"]}'}, {"0": b"x"}),
    ({**GOOD, "map": '{"0": "variables"}'}, {"0": b"x"}),
    ({**GOOD, "map": '{"9": ["variables.x"]}'}, {"0": b"x"}),
    ({**GOOD, "map": '{"0": ["query"]}'}, {"0": b"x"}),
    ({**GOOD, "map": '{"0": ["variables.__class__.x"]}'}, {"0": b"x"}),
    (GOOD, {str(n): b"x" for n in range(40)}),
    ({**GOOD, **{f"f{n}": "x" for n in range(100)}}, {"0": b"x"}),
    ({"operations": "x" * 1_500_000, "map": "{}"}, {"0": b"x"}),
]


async def test_multipart_requests_that_are_none(app: Any, client: Any) -> None:
    headers = {"GraphQL-Require-Preflight": "1", **MODERN}
    for number, (data, files) in enumerate(FORMS):
        answer = await client.post("/graphql", data=data, files=files, headers=headers)
        assert answer.status_code in (400, 413), (number, answer.text[:200])
        assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST", number


BROKEN_OFF = [
    b"", b"--x", b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n",
    b'--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{}', b"\xff" * 5000,
    b'--x\r\nContent-Disposition: form-data; name="' + b"a" * 20_000 + b'"\r\n\r\n1\r\n--x--\r\n',
    b"--x\r\n" + b"X-Many: 1\r\n" * 500 + b"\r\n1\r\n--x--\r\n",
]  # fmt: skip


async def test_multipart_bodies_that_break_off(app: Any, client: Any) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x", "X-Requested-With": "x", **MODERN}
    for body in BROKEN_OFF:
        for path in ("/graphql", "/sign-in"):
            answer = await client.post(path, content=body, headers=headers)
            assert answer.status_code in (400, 403, 413), (
                path,
                body[:60],
                answer.status_code,
                answer.text[:200],
            )
        no_boundary = await client.post(
            "/graphql", content=body, headers={**headers, "Content-Type": "multipart/form-data"}
        )
        assert no_boundary.status_code == 400, body[:60]


async def signed_in(app: Any, client: Any, world: World) -> None:
    person = await world.resident()
    await app.state.sessions.store.start(person, digest("secret"), clock.now() + timedelta(days=1))
    client.cookies.set(cookie_name(), "secret")


FORGED = [
    ({"Sec-Fetch-Site": "cross-site"}, False), ({"Sec-Fetch-Site": "same-site"}, False), ({"Sec-Fetch-Site": "none"}, True),
    ({"Sec-Fetch-Site": "same-origin"}, True), ({"Origin": "https://evil.example"}, False), ({"Origin": "null"}, False),
    ({"Referer": "https://evil.example/x"}, False), ({"Origin": "http://127.0.0.1:8000.evil.example"}, False),
    ({"Origin": "http://127.0.0.1:8000"}, True), ({"Origin": "http://127.0.0.1:8001"}, False),
]  # fmt: skip


async def test_posts_from_other_sites_do_nothing(app: Any, client: Any, world: World) -> None:
    await signed_in(app, client, world)
    html = (await client.get("/proposals/new")).text
    fields = dict(re.findall(r'<input type="hidden" name="(_op|_csrf|_once)" value="([^"]*)"', html))
    query = {"query": "{ viewer { name } }"}
    form = {"operations": orjson.dumps(query).decode(), "map": "{}"}
    for headers, allowed in FORGED:
        by_api = await client.post("/graphql", json=query, headers=headers)
        assert (by_api.status_code == 200) is allowed, headers
        by_form = await client.post("/graphql", data=form, files={"0": b"x"}, headers=headers)
        assert (by_form.status_code == 200) is allowed, (headers, by_form.text)
        page = await client.post("/proposals/new", data={**fields, "_op": "None"}, headers=headers)
        assert page.status_code == (400 if allowed else 403), headers
    # Last, and those that may after those that may not, since signing out ends the session.
    for headers, allowed in sorted(FORGED, key=lambda one: one[1]):
        for path in ("/preferences", "/sign-out"):
            answer = await client.post(path, headers=headers)
            assert (answer.status_code == 303) is allowed, (path, headers)
            client.cookies.set(cookie_name(), "secret")


async def test_a_form_without_its_secret_changes_nothing(app: Any, client: Any, world: World) -> None:
    await signed_in(app, client, world)
    html = (await client.get("/proposals/new")).text
    fields = dict(re.findall(r'<input type="hidden" name="(_op|_csrf|_once)" value="([^"]*)"', html))
    good = {"title": "甲", "body": "乙", "area": world.community.code}
    from civic.models import Proposal

    for wrong in ({}, {"_csrf": ""}, {"_csrf": "0" * 32}, {"_csrf": "é"}, {"_csrf": fields["_csrf"][:-1]}):
        given = {k: v for k, v in fields.items() if k != "_csrf"} | wrong | good
        answer = await client.post("/proposals/new", data=given)
        assert answer.status_code == 403 and "甲" in answer.text
    assert await Proposal.all().count() == 0


async def test_sessions_end(app: Any, client: Any, world: World) -> None:
    await signed_in(app, client, world)
    ask = {"query": "{ viewer { name } }"}
    assert (await client.post("/graphql", json=ask)).json()["data"]["viewer"]
    with clock.shift(timedelta(days=2)):
        app.state.sessions.forget()
        assert (await client.post("/graphql", json=ask)).json()["data"]["viewer"] is None
        answer = await client.get("/proposals/new", headers={"Accept": "text/html"})
        assert answer.status_code in (200, 303)
    for odd in ("x" * 5000, "é", '"', "a b", "\x01"):
        header = {"Cookie": f"{cookie_name()}={odd}".encode("utf-8", "replace")}
        client.cookies.clear()
        assert (await client.post("/graphql", json=ask, headers=header)).status_code == 200


async def test_headers_that_are_huge_or_odd(app: Any, client: Any) -> None:
    for name, value in (
        ("Accept", "a," * 20_000), ("Accept-Language", "zh;q=" * 20_000), ("If-None-Match", '"' * 50_000),
        ("Authorization", "Bearer " + "x" * 50_000), ("Content-Length", "-1"), ("HX-Target", "../" * 9000),
        ("Cookie", "=;" * 20_000), ("Accept-Language", "\xff\xfe"), ("X-Forwarded-For", "x" * 50_000),
    ):  # fmt: skip
        for path in ("/", "/graphql?query={checkpoint{size}}"):
            answer = await client.get(path, headers={name: value.encode("latin-1")})
            assert answer.status_code < 500, (name, path, answer.text[:200])


ODD_ADDRESSES = [
    "/%00", "/%ff", "/proposals/%00", "/proposals/-1", "/proposals/9" + "9" * 40, "/areas/%F0%9F%92%A9",
    "/..%2f..%2fetc%2fpasswd", "/assets/..%2f..%2fpyproject.toml", "/assets/%00", "/files/%00/x", "/files/-1/x",
    "/proposals?after=%00", "/proposals?after=W10", "/proposals?q=" + "%25" * 2000, "/?_block=__class__",
    "/proposals?sort=%00", "/ledger/entries/x", "/ledger/entries/-1", "/ledger/entries/99999999999999999999",
    "//evil.example", "/%2f%2fevil.example", "/proposals/1/../2", "/\\evil", "/ledger/tile/0/x000",
    "/ledger/tile/-1/000",
    "/ledger/tile/0/" + "9" * 100, "/ballots/1/receipt?tracker=%00",
]  # fmt: skip


async def test_odd_addresses(app: Any, client: Any) -> None:
    for path in ODD_ADDRESSES:
        answer = await client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code < 500, (path, answer.text[:300])
        if answer.status_code in (301, 302, 303, 307, 308):
            location = answer.headers["location"]
            assert location.startswith("/") and not location.startswith("//"), (path, location)
