"""What an operator watches: health, readiness, metrics and a log without personal data."""

import json
import subprocess
import sys
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from civic import db
from civic.acts import proposals
from civic.acts.core import Actor
from civic.db.migrations import missing
from civic.errors import CivicError
from civic.ledger import sequencer
from civic.settings import settings
from civic.web import health
from tests.support.records import append
from tests.support.server import ROOT, Server
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_it_is_ready_only_with_every_migration(client: Any) -> None:
    assert (await client.get("/readyz")).json() == {"status": "ready"}

    async def forget() -> None:
        await db.execute("DELETE FROM tortoise_migrations WHERE name = '0002_search'")

    await db.write(forget)
    assert await missing() == {"0002_search"}
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "migrations missing"})


async def test_it_is_not_ready_when_nobody_seals(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing() -> int:
        return 0

    monkeypatch.setattr(sequencer, "seal", nothing)
    now = [100.0]
    monkeypatch.setattr(health, "sealing", health.Sealing())
    monkeypatch.setattr(health, "monotonic", lambda: now[0])
    await append(2)
    assert (await client.get("/readyz")).status_code == 200
    now[0] += health.PATIENCE + 1
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "ledger behind"})
    monkeypatch.undo()


async def test_metrics_count_acts_refusals_and_the_ledger(client: Any, world: World) -> None:
    person = (await world.residents(1))[0]
    draft = await proposals.create(Actor(person), title="秘密标题", body="乙", area=world.community.code)
    with pytest.raises(CivicError):
        await proposals.publish(world.as_steward, draft)
    await sequencer.seal()
    await client.get("/healthz")
    text = (await client.get("/metrics")).text
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(values['civic_acts_total{act="proposal.create"}']) >= 1
    assert float(values['civic_refusals_total{act="proposal.publish",code="NOT_ALLOWED"}']) >= 1
    assert float(values["civic_ledger_sealed"]) >= 1 and float(values["civic_ledger_waiting"]) == 0
    assert "civic_write_queue" in values
    assert any(name.startswith('civic_requests_total{method="GET",route="/healthz"') for name in values)
    assert person.pseudonym not in text and "秘密标题" not in text


async def test_metrics_are_for_this_machine_or_for_who_has_the_token(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await client.get("/metrics")).status_code == 200
    assert (await client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"})).status_code == 404
    monkeypatch.setattr(settings(), "metrics_token", "s3cret")
    assert (await client.get("/metrics")).status_code == 404
    assert (await client.get("/metrics", headers={"Authorization": "Bearer wrong"})).status_code == 404
    far = {"Authorization": "Bearer s3cret", "X-Forwarded-For": "192.0.2.1"}
    assert (await client.get("/metrics", headers=far)).status_code == 200


SECRETS = {
    "name": "欧阳测试人", "email": "ouyang.secret@example.org", "password": "Tr0ub4dor-secret",
    "title": "隐私标题甲乙丙", "body": "隐私正文甲乙丙", "search": "隐私搜索词", "document": "11010519491231002X",
}  # fmt: skip


def test_the_log_holds_no_personal_data(server: Server) -> None:
    """Sign up, sign in well and badly, write, search, break things: the log has a line for each and none of it."""
    cookies: list[str] = []

    def send(path: str, body: bytes | None = None, kind: str = "application/json") -> str:
        headers = {"Content-Type": kind, "Cookie": "; ".join(cookies), "X-Forwarded-For": "198.51.100.77"}
        try:
            with urlopen(Request(server.url + path, body, headers)) as answer:
                cookies.extend(c.split(";")[0] for c in answer.headers.get_all("Set-Cookie") or [])
                return str(answer.read().decode())
        except HTTPError as error:
            return str(error.read().decode())

    def graphql(document: str, **given: Any) -> str:
        return send("/graphql", json.dumps({"query": document, "variables": given}).encode())

    account = {k: SECRETS[k] for k in ("name", "email", "password")}
    sign_up = "mutation($i: SignUpInput!) { signUp(input: $i) { __typename } }"
    assert "errors" not in json.loads(graphql(sign_up, i=account))
    assert "errors" in json.loads(graphql(sign_up, i=account))
    sign_in = "mutation($i: SignInInput!) { signIn(input: $i) { __typename } }"
    wrong = {"email": SECRETS["email"], "password": SECRETS["password"] + "x"}
    assert "errors" in json.loads(graphql(sign_in, i=wrong))
    assert "errors" not in json.loads(graphql(sign_in, i={**wrong, "password": SECRETS["password"]}))
    create = "mutation($i: CreateProposalInput!) { createProposal(input: $i) { __typename } }"
    graphql(create, i={"title": SECRETS["title"], "body": SECRETS["body"], "area": "310104"})
    graphql("query($q: String) { proposals(q: $q) { totalCount } }", q=SECRETS["search"])
    graphql("{ broken(" + SECRETS["title"])
    graphql("mutation($i: VerifyResidencyInput!) { verifyResidency(input: $i) { __typename } }",
            i={"residency": "x", "documentNumber": SECRETS["document"]})  # fmt: skip
    from urllib.parse import quote, urlencode

    send("/proposals?q=" + quote(SECRETS["search"]))
    send("/" + quote(SECRETS["title"]))
    send("/sign-in", urlencode({"_op": "SignIn", "email": SECRETS["email"]}).encode(),
         "application/x-www-form-urlencoded")  # fmt: skip
    send("/graphql", b'{"query": "\xff' + SECRETS["title"].encode())
    server.stop()
    log = server.log.read_text("utf-8")
    lines = [json.loads(line) for line in log.splitlines()]  # every line is JSON
    assert sum(line["event"] == "request" for line in lines) >= 10
    found = [name for name, secret in SECRETS.items() if secret in log or quote(secret) in log
             or json.dumps(secret).strip('"') in log]  # fmt: skip
    assert found == []
    assert "198.51.100" not in log and "127.0.0.1" not in log
    assert not any(cookie.partition("=")[2] in log for cookie in cookies)


LIBRARIES = """
import logging
from civic.web import logs
logs.set_up()
try:
    raise ValueError("Key (email)=(ouyang.secret@example.org) already exists")
except ValueError:
    logging.getLogger("asyncio").exception("Task %s", "ouyang.secret@example.org")
logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
"""


def test_what_libraries_log_has_the_same_form_and_quotes_nothing() -> None:
    """In a process of its own, since loggers are a process's and other tests set them up too."""
    done = subprocess.run(
        [sys.executable, "-c", LIBRARIES], cwd=ROOT, capture_output=True, text=True, check=True
    )
    first, second = (json.loads(line) for line in done.stderr.splitlines())
    assert (first["logger"], first["kind"], first["level"]) == ("asyncio", "ValueError", "error")
    assert "ouyang" not in json.dumps(first)
    assert second["pattern"] == "Invalid HTTP request received."
