"""What a request may not ask for, each refused with a typed error; and that a known document costs nothing again."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from graphql import validate as graphql_validate

from civic import schema
from civic.schema.core import execute, limits
from civic.schema.core.context import Context
from civic.settings import settings
from civic.web import graphql_request
from tests.web import tiny

pytestmark = pytest.mark.anyio
MODERN = {"Accept": "application/graphql-response+json"}


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Any]:
    async with tiny.client(tiny.make_app(tmp_path)) as client:
        yield client


async def refused(client: Any, body: Any, status: int, reason: str) -> None:
    answer = await client.post("/graphql", json=body, headers=MODERN)
    assert answer.status_code == status, answer.text
    told = [error["extensions"].get("reason", "") for error in answer.json()["errors"]]
    assert reason in told and "data" not in answer.json(), told


async def test_a_known_document_is_not_judged_again(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[int] = []

    def counting(*args: Any, **kwargs: Any) -> Any:
        judged.append(1)
        return graphql_validate(*args, **kwargs)

    monkeypatch.setattr(execute, "validate", counting)
    measured: list[int] = []
    own = limits.Limits.judge

    def judge(self: Any, operation: Any) -> None:
        measured.append(1)
        own(self, operation)

    monkeypatch.setattr(limits.Limits, "judge", judge)
    for number in range(5):
        body = {
            "query": "query Q($n: Int = 5) { notes(first: $n) { title } }",
            "variables": {"n": number + 1},
        }
        assert (await client.post("/graphql", json=body)).status_code == 200
    assert (len(judged), len(measured)) == (1, 1)
    too_deep = {"query": "{ a " * 20 + "}" * 20}
    for _ in range(2):  # what was refused is not kept, so that nobody fills the store with it
        await refused(client, too_deep, 400, "depth")
    assert len(judged) == 3


async def test_the_store_of_documents_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = tiny.engine()
    monkeypatch.setattr(execute, "KEPT", 10)
    for number in range(40):
        engine.document(f"query Q{number} {{ notes {{ id }} }}")
    assert len(engine.documents) <= 10


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (
            "{ proposals(first: 100) { nodes { comments { id body stance author { name } replies { id } } } } }",
            "",
        ),
        (
            "{ proposals(first: 100) { nodes { area { children { areas: children { id name code } } } } } }",
            "",
        ),
        (
            "query($n: Int) { ballots(first: $n) { nodes { area { name } } edges { node { host { "
            + " ".join(f"a{i}: name b{i}: id c{i}: kind" for i in range(9))
            + " area { name code level } } options { key label about } } } } "
            "more: ballots(first: $n) { edges { node { " + "id " * 55 + " } } nodes { " + "id " * 55 + "} } "
            "again: ballots(first: $n) { edges { node { "
            + "id " * 55
            + " } } nodes { "
            + "id " * 55
            + "} } }",
            "size",
        ),
    ],
)
async def test_lists_within_lists_are_counted(query: str, reason: str) -> None:
    document = schema.engine().document(query)
    told = [(error.extensions or {}).get("reason", "") for error in document.errors]
    assert (reason in told) if reason else not [t for t in told if t == "size"]


async def test_a_list_has_at_most_a_hundred(app: Any, graphql: Any) -> None:
    for wrong in ("first: 101", "first: 0", "first: -1", "last: 1000"):
        answer = await graphql(f"{{ proposals({wrong}) {{ nodes {{ id }} }} }}")
        extensions = answer["errors"][0]["extensions"]
        assert extensions["code"] in ("INVALID_INPUT", "BAD_REQUEST"), answer


async def test_bodies_are_bounded(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    large = {"query": "{ me }", "variables": {"x": "y" * graphql_request.MAX_JSON}}
    answer = await client.post("/graphql", json=large)
    assert answer.status_code == 413 and answer.json()["errors"][0]["extensions"]["reason"] == "body_size"
    monkeypatch.setenv("CIVIC_BODY_MAX_BYTES", "1000")
    settings.cache_clear()
    try:
        announced = await client.post(
            "/graphql", content=b"x" * 2000, headers={"Content-Type": "application/json"}
        )
        assert announced.status_code == 413

        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(20):
                yield b"x" * 100

        unannounced = await client.post(
            "/graphql", content=pieces(), headers={"Content-Type": "application/json"}
        )
        assert unannounced.status_code == 413
    finally:
        settings.cache_clear()


async def test_what_is_no_single_request(client: Any) -> None:
    await refused(client, [{"query": "{ me }"}, {"query": "{ me }"}], 400, "not_an_object")
    two = "query A { notes { id } } query B { notes { id } }"
    answer = await client.post("/graphql", json={"query": two}, headers=MODERN)
    assert answer.status_code == 400 and "operation name" in answer.json()["errors"][0]["message"]
    named = await client.post("/graphql", json={"query": two, "operationName": "B"}, headers=MODERN)
    assert named.status_code == 200 and "data" in named.json()
    unknown = await client.post("/graphql", json={"query": two, "operationName": "C"}, headers=MODERN)
    assert unknown.status_code == 400
    change = 'mutation { rename(input: {id: "x", title: "y"}) { note { id } } }'
    by_get = await client.get("/graphql", params={"query": change})
    assert (by_get.status_code, by_get.headers["allow"]) == (405, "POST")


async def test_introspection_is_open_but_bounded(client: Any) -> None:
    from graphql import get_introspection_query

    whole = await client.post("/graphql", json={"query": get_introspection_query()}, headers=MODERN)
    assert whole.status_code == 200 and whole.json()["data"]["__schema"]["types"]
    deep = "{ __schema { types { " + "fields { type { " * 8 + "name" + " } }" * 8 + " } } }"
    assert (await client.post("/graphql", json={"query": deep}, headers=MODERN)).status_code == 400


async def test_fragments_do_not_hide_anything(client: Any) -> None:
    circle = "{ notes { ...A } } fragment A on Note { ...B } fragment B on Note { ...A }"
    answer = await client.post("/graphql", json={"query": circle}, headers=MODERN)
    assert answer.status_code == 400
    spread = "fragment F on Note { " + " ".join(f"a{i}: id" for i in range(20)) + " } "
    await refused(client, {"query": "{ x: notes { ...F } y: notes { ...F } } " + spread}, 400, "aliases")


async def test_real_documents_fit_the_limits() -> None:
    """Every page's own document, too, stays within what clients may ask."""
    from civic import paths

    for path in (paths.templates() / "pages").rglob("*.graphql"):
        text = path.read_text("utf-8")
        if text.strip() and not all(line.startswith("#") for line in text.split("\n") if line.strip()):
            assert not schema.engine().document(text).errors, path
    assert (await schema.engine().run(schema.engine().document("{ __typename }"), Context())).ok
