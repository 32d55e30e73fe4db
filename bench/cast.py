"""castVote through the API, with full durability, against the bare statements.

On SQLite the other side is a Python loop over `sqlite3` that runs the statements of one vote as one transaction each,
also with ``synchronous=FULL``. On PostgreSQL it is pgbench running them with a ledger that is a hash chain: each
transaction locks the chain's head, as it would without the separate sequencer. Each side has a copy of the same
database, with an open ballot and its voters, to itself.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from secrets import token_hex
from typing import Any
from uuid import uuid4

import orjson

from bench.support import Load, Requests, alternate, data_dir, load, migrate, serving, show, use
from civic import clock, db, jobs
from civic.acts import ballots
from civic.rules import sealing
from civic.schema.core.ids import encode
from tests.support.postgres import Cluster
from tests.support.world import World

VOTERS, CONNECTIONS, SECONDS, ROUNDS = 60_000, 32, 3.0, 3
CHOICES = ("yes", "no", "abstain")
QUERY = """mutation Cast($input: CastVoteInput!) {
  castVote(input: $input) { receipt { tracker version commitment salt signature } } }"""
_BOOTH = "SELECT state, closes_at, secret, method, max_choices, frozen FROM ballot WHERE id = ?"
_LISTED = "SELECT 1 FROM roll_entry WHERE ballot_id = ? AND person_id = ?"
_ADD = "INSERT INTO box_entry (tag, ballot_id, sealed) VALUES (?, ?, ?) ON CONFLICT (tag) DO NOTHING RETURNING tag"
_LEDGER = (
    "INSERT INTO ledger_entry (act, kind, subject_id, day, payload) "
    "VALUES ('ballot.cast', 'ballot', ?, '2026-11-24', ?)"
)
_PAYLOAD = (
    '{{"act":"ballot.cast","actor":null,"party":null,"payload":{{"ballot":"{ballot}","commitment":"{hash}"}},'
    '"subject":{{"id":"{ballot}","kind":"ballot"}},"time":"2026-11-24","v":1}}'
)
# One vote with a chained ledger, as pgbench runs it.
CHAINED = """\\set voter random(1, {voters})
BEGIN;
SELECT pg_advisory_xact_lock_shared(1, {ballot});
SELECT state, closes_at, secret, method, max_choices, frozen FROM ballot WHERE id = {ballot};
SELECT 1 FROM roll_entry r JOIN bench_voter v ON v.person_id = r.person_id
  WHERE r.ballot_id = {ballot} AND v.id = :voter;
INSERT INTO box_entry (tag, ballot_id, sealed)
  VALUES (md5(random()::text || :voter::text), {ballot}, decode(repeat('5a', {sealed}), 'hex'))
  ON CONFLICT (tag) DO NOTHING RETURNING tag;
SELECT head FROM bench_chain WHERE id = 1 FOR UPDATE;
INSERT INTO ledger_entry (act, kind, subject_id, day, payload, xid)
  SELECT 'ballot.cast', 'ballot', '{ballot}', '2026-11-24',
    replace(payload, '%', md5(random()::text) || md5(random()::text)), pg_current_xact_id()::text::bigint
    FROM bench_payload;
UPDATE bench_chain SET head = encode(sha256((head || :voter::text)::bytea), 'hex') WHERE id = 1;
COMMIT;
"""


async def fill() -> tuple[int, list[str]]:
    """An open ballot and its voters' access tokens."""
    await db.start()
    try:
        world = await World.make()
        people = [(str(uuid4()), token_hex(8), token_hex(16)) for _ in range(VOTERS)]
        now = clock.now()
        at: Any = now if db.on_postgres() else now.isoformat(" ")

        async def write() -> None:
            from tortoise.connection import get_connection

            many = get_connection("default").execute_many
            await many(
                db.numbered(
                    "INSERT INTO person (id, pseudonym, name, language, steward, created_at) "
                    "VALUES (?, ?, ?, ?, ?, ?)"
                ),
                [[key, pseudonym, "voter", "en", False, at] for key, pseudonym, _ in people],
            )  # fmt: skip
            await many(
                db.numbered(
                    "INSERT INTO access_token (person_id, hash, label, scopes, created_at) "
                    "VALUES (?, ?, ?, ?, ?)"
                ),
                [[key, sha256(f"civic_{token}".encode()).hexdigest(), "", '["read", "write"]', at]
                 for key, _, token in people],
            )  # fmt: skip

        await db.write(write)
        draft = await ballots.create(
            world.as_official, title="bench", question="?", area=world.district.code,
            opens_at=now + timedelta(seconds=5), closes_at=now + timedelta(hours=9),
        )  # fmt: skip
        ballot = await ballots.announce(world.as_official, draft)
        with clock.shift(timedelta(seconds=6)):
            await jobs.run_once()

        async def enrol() -> None:
            await db.execute(
                "INSERT INTO roll_entry (ballot_id, person_id) SELECT b.id, p.id FROM ballot b, person p "
                "WHERE p.name = 'voter'"
            )

        await db.write(enrol)
        return ballot.id, [token for _, _, token in people]
    finally:
        await db.stop()


def votes(ballot: int, tokens: list[str]) -> Requests:
    """A vote by the next voter, as an HTTP request."""
    made = []
    for number, token in enumerate(tokens):
        choice = CHOICES[number % 3]
        body = orjson.dumps(
            {
                "query": QUERY,
                "variables": {"input": {"ballot": encode("Ballot", ballot), "choices": [choice]}},
            }
        )
        head = (
            "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer civic_{token}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    turn = cycle(made)
    return lambda: next(turn)


def api(port: int, requests: Requests, seen: list[Load]) -> Callable[[], float]:
    def run() -> float:
        seen.append(load(port, requests, connections=CONNECTIONS, seconds=SECONDS))
        if seen[-1].failed:
            raise RuntimeError(f"{seen[-1].failed} votes were not answered with 200")
        return seen[-1].rate

    return run


def bare(path: Path, ballot: int) -> Callable[[], float]:
    """The statements of a vote, one transaction each, in a loop."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    voters = [row[0] for row in connection.execute("SELECT person_id FROM roll_entry LIMIT 5000")]
    paper = sealing.Paper(1, sealing.new_tracker(), "yes")
    sealed = sealing.seal(bytes(32), "0" * 32, paper, sealing.room(["yes", "no", "abstain"]))

    def run() -> float:
        count, end, began = 0, time.perf_counter() + SECONDS, time.perf_counter()
        turn = cycle(voters)
        while time.perf_counter() < end:
            payload = _PAYLOAD.format(ballot=ballot, hash=token_hex(32))
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_BOOTH, (ballot,)).fetchall()
            connection.execute(_LISTED, (ballot, next(turn))).fetchall()
            connection.execute(_ADD, (token_hex(16), ballot, sealed)).fetchall()
            connection.execute(_LEDGER, (str(ballot), payload))
            connection.execute("COMMIT")
            count += 1
        return count / (time.perf_counter() - began)

    return run


def pgbench(cluster: Cluster, database: str, ballot: int) -> Callable[[], float]:
    """The same with a chained ledger, by pgbench at as many connections."""
    cluster.sql("CREATE TABLE bench_chain (id int PRIMARY KEY, head text)", database)
    cluster.sql("INSERT INTO bench_chain VALUES (1, '')", database)
    payload = _PAYLOAD.format(ballot=ballot, hash="%")
    cluster.sql(f"CREATE TABLE bench_payload AS SELECT '{payload}'::text AS payload", database)
    cluster.sql(
        "CREATE TABLE bench_voter AS SELECT row_number() OVER () AS id, person_id FROM roll_entry", database
    )
    cluster.sql("CREATE UNIQUE INDEX ON bench_voter (id)", database)
    cluster.sql("ANALYZE", database)
    sealed = sealing.NONCE_SIZE + 16 + 5 + 16 + 2 + sealing.room(["yes", "no", "abstain"])
    script = cluster.folder / "vote.sql"
    script.write_text(
        CHAINED.format(
            voters=VOTERS, ballot=ballot, sealed=sealed, payload=_PAYLOAD.format(ballot=ballot, hash="%")
        )
    )
    script.chmod(0o644)
    command = [
        str(cluster.bin / "pgbench"), "-h", str(cluster.folder), "-U", "postgres", "-n", "-M", "prepared",
        "-c", str(CONNECTIONS), "-j", "2", "-T", str(int(SECONDS)), "-f", str(script), database,
    ]  # fmt: skip

    def run() -> float:
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=cluster.folder)
        line = next(line for line in done.stdout.splitlines() if line.startswith("tps"))
        return float(line.split()[2])

    return run


def measured(other: Callable[[], float], port: int, requests: Requests) -> tuple[float, float, Load]:
    """Rates of the other side and of the API, and the API's median load."""
    seen: list[Load] = []
    rates = alternate({"other": other, "api": api(port, requests, seen)}, rounds=ROUNDS)
    middle = sorted(seen[1:], key=lambda one: one.p99)[len(seen[1:]) // 2]
    return rates["other"], rates["api"], middle


def on_sqlite() -> tuple[float, float, Load]:
    with data_dir() as data:
        ballot, tokens = asyncio.run(fill())
        copy = data / "copy.db"
        shutil.copy(data / "civic.db", copy)
        with serving("civic.app:create_app", data) as port:
            return measured(bare(copy, ballot), port, votes(ballot, tokens))


def on_postgres() -> tuple[float, float, Load]:
    cluster = Cluster(durable=True)
    try:
        with tempfile.TemporaryDirectory(prefix="civic-bench-") as folder:
            data, url = Path(folder), cluster.create("votes")
            migrate(data, url)
            use(data, url)
            ballot, tokens = asyncio.run(fill())
            cluster.create("chained", "votes")
            with serving("civic.app:create_app", data, url) as port:
                return measured(pgbench(cluster, "chained", ballot), port, votes(ballot, tokens))
    finally:
        cluster.stop()


SIDES: dict[str, tuple[str, float, Callable[[], tuple[float, float, Load]]]] = {
    "SQLite": ("bare loop, one transaction each", 0.4, on_sqlite),
    "PostgreSQL": ("pgbench, chained ledger", 1.0, on_postgres),
}


def main() -> None:
    """Print rates, ratios and latencies."""
    rows = []
    for name, (other, wanted, run) in SIDES.items():
        theirs, ours, seen = run()
        rows.append([f"{name}: {other}", f"{theirs:,.0f}", "", "", "", ""])
        rows.append(
            [f"{name}: castVote by the API", f"{ours:,.0f}", f"{ours / theirs:.2f}", f"{wanted:.1f}",
             f"{seen.p50:.1f}", f"{seen.p99:.1f}"]
        )  # fmt: skip
    show(
        "castVote with full durability",
        ["side", "votes/s", "ratio", "wanted", "p50 ms", "p99 ms"],
        rows,
        f"One worker, {CONNECTIONS} connections from this process on the same machine; p99 wanted below 150 ms.",
    )
