"""GraphQL over HTTP and WebSocket: answers, refusals and limits, on the tiny schema."""

import asyncio
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
import uvicorn
import websockets

from civic import db, events
from civic.schema.core import limits
from civic.schema.core.ids import encode
from civic.web import graphql_ws
from civic.web.sessions import cookie_name
from tests.web import tiny

pytestmark = pytest.mark.anyio
NPM = Path(__file__).resolve().parents[1] / "npm"
MODERN = {"Accept": "application/graphql-response+json"}


@pytest.fixture
def app(tmp_path: Path) -> Any:
    return tiny.make_app(tmp_path)


@pytest.fixture
async def client(app: Any) -> AsyncIterator[Any]:
    async with tiny.client(app) as client:
        yield client


async def ask(client: Any, query: str, variables: Any = None, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.post("/graphql", json={"query": query, "variables": variables}, headers=named)


def first(answer: Any) -> tuple[str, str]:
    extensions = answer.json()["errors"][0]["extensions"]
    return extensions["code"], extensions.get("reason", "")


async def test_public_answers_are_kept_with_an_etag(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def reads(key: str) -> Any:
        touched = db.touched_tables.get()
        if touched is not None:
            touched.add("note")
        return real(key)

    real = tiny.shown
    monkeypatch.setattr(tiny, "shown", reads)
    parameters = {"query": "{ notes { title } }"}
    one = await client.get("/graphql", params=parameters)
    assert one.json() == {"data": {"notes": [{"title": "First"}]}}
    again = await client.get("/graphql", params=parameters, headers={"If-None-Match": one.headers["etag"]})
    assert again.status_code == 304
    tiny.NOTES["n1"]["title"] = "Second"
    assert (await client.get("/graphql", params=parameters)).json() == one.json()
    monkeypatch.setitem(db.versions, "note", 10**6)
    fresh = await client.get("/graphql", params=parameters, headers={"If-None-Match": one.headers["etag"]})
    assert fresh.json() == {"data": {"notes": [{"title": "Second"}]}}


async def test_answers_of_people_are_not_kept(client: Any) -> None:
    cookie = f"{cookie_name()}=lin"
    mine = await ask(client, "{ me }", Cookie=cookie)
    assert mine.json() == {"data": {"me": "Lin"}}
    assert mine.headers["cache-control"] == "private, no-store" and "etag" not in mine.headers
    assert first(await ask(client, "{ me }")) == ("NOT_SIGNED_IN", "sign_in")


async def test_refusals_and_failures_have_codes(client: Any) -> None:
    crash = await ask(client, "{ crash }")
    assert first(crash)[0] == "INTERNAL" and "secret" not in crash.text
    write = "mutation($i: NoteInput!) { writeNote(input: $i) { note { id } } }"
    error = (await ask(client, write, {"i": {"title": "", "agreed": True}})).json()["errors"][0]
    assert error["extensions"] == {"code": "INVALID_INPUT", "reason": "empty", "field": "title"}
    unknown = await ask(client, '{ node(id: "zzz") { id } }')
    assert unknown.json() == {"data": {"node": None}}


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (
            "{ notes { " + " ".join(f"a{i}: id" for i in range(limits.MAX_ALIASES + 1)) + " } }",
            "aliases",
        ),
        ("{ notes { " + " ".join(["id"] * (limits.MAX_BREADTH + 1)) + " } }", "breadth"),
        ("{ " + " ".join(["me"] * (limits.MAX_TOKENS + 1)) + " }", "tokens"),
        ("{ me } #" + "x" * limits.MAX_CHARACTERS, "document_size"),
        (
            "mutation { "
            + " ".join(f'a{i}: rename(input: {{id: "x", title: "y"}}) {{ note {{ id }} }}' for i in range(4))
            + " }",
            "mutations",
        ),
        ("{ __schema { types { " + "fields { type { " * 8 + "name" + " } }" * 8 + " } } }", ""),
    ],
)
async def test_documents_that_ask_for_too_much(client: Any, query: str, reason: str) -> None:
    answer = await client.post("/graphql", json={"query": query}, headers=MODERN)
    assert answer.status_code == 400
    assert reason in [error["extensions"].get("reason", "") for error in answer.json()["errors"]]


async def test_too_deep(client: Any) -> None:
    for levels in (limits.MAX_DEPTH + 1, 400):
        deep = "{ a " * levels + "}" * levels
        answer = await client.post("/graphql", json={"query": deep}, headers=MODERN)
        assert "depth" in [error["extensions"].get("reason") for error in answer.json()["errors"]]


async def test_requests_from_other_sites(client: Any) -> None:
    cookie = {"Cookie": f"{cookie_name()}=lin"}
    forged = await client.post(
        "/graphql", json={"query": "{ me }"}, headers={**cookie, "Origin": "https://evil.example"}
    )
    assert (forged.status_code, first(forged)) == (403, ("BAD_REQUEST", "cross_site"))
    text = await client.post(
        "/graphql", content='{"query":"{me}"}', headers={**cookie, "Content-Type": "text/plain"}
    )
    assert text.status_code == 415
    form = {"operations": '{"query":"{me}"}', "map": "{}"}
    sent = await client.post("/graphql", data=form, files={"0": b""}, headers=cookie)
    assert (sent.status_code, first(sent)[1]) == (403, "cross_site")
    by_get = await client.get(
        "/graphql", params={"query": 'mutation { rename(input: {id: "x", title: "y"}) { note { id } } }'}
    )
    assert by_get.status_code == 405


async def test_head_is_get_without_a_body(client: Any) -> None:
    renamed = 'mutation { rename(input: {id: "x", title: "y"}) { note { id } } }'
    for query, status in (("{ me }", 200), ("{ nobody }", 400), (renamed, 405)):
        asked = {"params": {"query": query}, "headers": MODERN}
        by_get, by_head = await client.get("/graphql", **asked), await client.head("/graphql", **asked)
        assert by_get.status_code == by_head.status_code == status
        assert by_head.headers["content-length"] == by_get.headers["content-length"]


async def test_access_tokens_have_scopes(client: Any) -> None:
    assert (await ask(client, "{ me }", Authorization="Bearer reader")).json() == {"data": {"me": "Lin"}}
    rename = f'mutation {{ rename(input: {{id: "{encode("Note", "n1")}", title: "x"}}) {{ note {{ id }} }} }}'
    assert first(await ask(client, rename, Authorization="Bearer reader")) == ("NOT_ALLOWED", "token_scope")
    wrong = await ask(client, "{ me }", Authorization="Bearer nobody")
    assert (wrong.status_code, first(wrong)[1]) == (401, "bad_token")


async def test_files_by_the_multipart_specification(client: Any) -> None:
    write = "mutation($i: NoteInput!) { writeNote(input: $i) { note { title } } }"
    variables = {"i": {"title": "Up", "agreed": True, "file": None}}
    form = {
        "operations": orjson.dumps({"query": write, "variables": variables}).decode(),
        "map": '{"0": ["variables.i.file"]}',
    }
    headers = {"Origin": "http://127.0.0.1:8000"}
    answer = await client.post("/graphql", data=form, files={"0": ("a.txt", b"content")}, headers=headers)
    assert (
        answer.json() == {"data": {"writeNote": {"note": {"title": "Up"}}}} and tiny.SENT[0][1] == "content"
    )
    bad = await client.post(
        "/graphql", data={**form, "map": '{"0": ["query"]}'}, files={"0": b"x"}, headers=headers
    )
    assert bad.status_code == 400


async def test_the_explorer_is_ours_alone(client: Any) -> None:
    page = await client.get("/graphql", headers={"Accept": "text/html"})
    assert (
        "/assets/js/explorer." in page.text and "script-src 'self'" in page.headers["content-security-policy"]
    )


async def test_health_and_metrics(client: Any) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).status_code == 503
    assert "civic_requests_total" in (await client.get("/metrics")).text


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[int]:
    """The application on a free port, without its lifespan."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error"))
        task = asyncio.create_task(server.serve([sock]))
        while not server.started:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        try:
            yield sock.getsockname()[1]
        finally:
            server.should_exit = True
            await task


@asynccontextmanager
async def connected(port: int, **options: Any) -> AsyncIterator[Any]:
    url = f"ws://127.0.0.1:{port}/graphql"
    async with websockets.connect(url, subprotocols=[graphql_ws.PROTOCOL], **options) as ws:  # type: ignore[list-item]
        yield ws


async def say(ws: Any, **message: Any) -> None:
    await ws.send(orjson.dumps(message).decode())


async def hear(ws: Any) -> Any:
    return orjson.loads(await asyncio.wait_for(ws.recv(), 5))


async def closed(ws: Any) -> int:
    with pytest.raises(websockets.ConnectionClosed) as caught:
        await hear(ws)
    assert caught.value.rcvd
    return caught.value.rcvd.code


async def test_a_subscription_over_websocket(app: Any) -> None:
    async with serving(app) as port:
        async with connected(port) as ws:
            await say(ws, type="connection_init")
            assert (await hear(ws))["type"] == "connection_ack"
            await say(ws, type="ping")
            assert (await hear(ws))["type"] == "pong"
            await say(ws, type="subscribe", id="1", payload={"query": "subscription { ticks(count: 2) }"})
            got = [await hear(ws) for _ in range(3)]
            assert [m.get("payload") for m in got] == [{"data": {"ticks": 0}}, {"data": {"ticks": 1}}, None]
            await say(ws, type="subscribe", id="2", payload={"query": "{ notes { title } }"})
            assert (await hear(ws))["payload"] == {"data": {"notes": [{"title": "First"}]}}
            assert (await hear(ws)) == {"id": "2", "type": "complete"}
            await say(ws, type="subscribe", id="3", payload={"query": "subscription { none }"})
            assert (await hear(ws))["type"] == "error"
            await say(ws, type="subscribe", id="4", payload={"query": "subscription { news }"})
            await asyncio.sleep(0.1)
            events.publish("note:1", "note.rename")
            assert (await hear(ws))["payload"] == {"data": {"news": "note.rename"}}
            await say(ws, type="complete", id="4")
        await asyncio.sleep(0.1)
        assert not events._listeners.get("note:1")


async def test_websocket_refusals(app: Any) -> None:
    news = {"query": "subscription { news }"}
    async with serving(app) as port:
        async with connected(port) as ws:
            await say(ws, type="subscribe", id="1", payload=news)
            assert await closed(ws) == 4401
        async with connected(port) as ws:
            await say(ws, type="connection_init")
            await hear(ws)
            await say(ws, type="connection_init")
            assert await closed(ws) == 4429
        async with connected(port) as ws:
            await ws.send("nonsense")
            assert await closed(ws) == 4400
        async with connected(port) as ws:
            await say(ws, type="connection_init")
            await hear(ws)
            await say(ws, type="subscribe", id="1", payload=news)
            await say(ws, type="subscribe", id="1", payload=news)
            assert await closed(ws) == 4409
        async with connected(port) as ws:
            await say(ws, type="connection_init")
            await hear(ws)
            for number in range(graphql_ws.MOST_OPERATIONS + 1):
                await say(ws, type="subscribe", id=str(number), payload=news)
            assert await closed(ws) == graphql_ws.TOO_MANY
        async with connected(port) as ws:
            await say(ws, type="connection_init", payload={"authorization": "Bearer nobody"})
            assert await closed(ws) == 4403
        with pytest.raises(websockets.InvalidStatus):
            async with connected(port, origin="https://evil.example"):
                pass


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is missing: apt-get install nodejs npm")
@pytest.mark.skipif(not (NPM / "node_modules" / "graphql-ws").is_dir(), reason="run: make npm")
async def test_the_reference_client_understands_us(app: Any) -> None:
    script = """
import { createClient } from "graphql-ws";
import WebSocket from "ws";
const client = createClient({ url: process.argv[2], webSocketImpl: WebSocket, retryAttempts: 0 });
const got = [];
for await (const result of client.iterate({ query: "subscription { ticks(count: 3) }" })) got.push(result.data.ticks);
console.log(JSON.stringify(got));
await client.dispose();
"""
    async with serving(app) as port:
        command = ["node", "--input-type=module", "-", f"ws://127.0.0.1:{port}/graphql"]
        done = await asyncio.to_thread(
            subprocess.run, command, cwd=NPM, input=script, capture_output=True, text=True, timeout=30
        )
    assert (done.stdout.strip(), done.stderr) == ("[0,1,2]", "")
