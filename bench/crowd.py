"""Five thousand voters in ten seconds: each votes once, through the API, and every receipt must be in the final box.

Not a rate but a promise, so it ends with an error when one acknowledged vote is missing, altered or there twice.
"""

from __future__ import annotations

import asyncio
import math
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson

from bench import cast
from bench.support import Client, data_dir, migrate, serving, show, use
from civic import clock, db, jobs
from civic.models import Ballot, Paper
from civic.rules.receipts import opens_receipt
from tests.support.postgres import Cluster

VOTERS, CONNECTIONS, WANTED = 5000, 64, 10.0


class Voters(Client):
    """One connection, on which one voter after the other casts a vote, as long as there are any."""

    def __init__(self, waiting: list[tuple[str, bytes]]) -> None:
        super().__init__(lambda: b"", math.inf)
        self.waiting = waiting
        self.receipts: list[tuple[dict[str, Any], str]] = []

    def send(self) -> None:
        if not self.waiting:
            self.transport.close()
            return
        self.choice, request = self.waiting.pop()
        self.sent = time.perf_counter()
        self.transport.write(request)

    def answered(self, body: bytes) -> None:
        self.receipts.append((orjson.loads(body)["data"]["castVote"]["receipt"], self.choice))


async def crowd(port: int, ballot: int, tokens: list[str]) -> tuple[float, list[tuple[dict[str, Any], str]]]:
    """Everybody votes; how long it took, and each receipt with what was chosen."""
    requests = cast.votes(ballot, tokens[:VOTERS])
    waiting = [(cast.CHOICES[number % 3], requests()) for number in range(VOTERS)]
    connections = [Voters(waiting) for _ in range(CONNECTIONS)]
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    for one in connections:
        await loop.create_connection(lambda one=one: one, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*(one.done for one in connections))
    return time.perf_counter() - began, [vote for one in connections for vote in one.receipts]


async def judge(ballot: int, receipts: list[tuple[dict[str, Any], str]]) -> None:
    """Close and count, then look every receipt up. RuntimeError when one does not hold."""
    await db.start()
    try:
        with clock.shift(timedelta(hours=10)):
            for _ in range(2):
                await jobs.run_once()
        row = await Ballot.get(id=ballot)
        papers = {paper.tracker: paper for paper in await Paper.filter(ballot_id=ballot)}
        good = sum(
            (paper := papers.get(receipt["tracker"])) is not None
            and paper.choice == choice
            and opens_receipt(
                receipt["commitment"], str(ballot), receipt["tracker"], receipt["version"], choice,
                bytes.fromhex(receipt["salt"]),
            )
            for receipt, choice in receipts
        )  # fmt: skip
        if not (row.state == "tallied" and good == len(papers) == len(receipts) == VOTERS):
            raise RuntimeError(f"{row.state}: {len(receipts)} receipts, {len(papers)} papers, {good} agree")
    finally:
        await db.stop()


def measured(data: Path, url: str = "") -> float:
    """How many seconds the crowd took."""
    ballot, tokens = asyncio.run(cast.fill())
    with serving("civic.app:create_app", data, url) as port:
        seconds, receipts = asyncio.run(crowd(port, ballot, tokens))
    asyncio.run(judge(ballot, receipts))
    return seconds


def main() -> None:
    """Print how long the crowd took on each database."""
    rows = []
    with data_dir() as data:
        rows.append(["SQLite", *_line(measured(data))])
    cluster = Cluster(durable=True)
    try:
        with tempfile.TemporaryDirectory(prefix="civic-bench-") as folder:
            url = cluster.create("crowd")
            migrate(Path(folder), url)
            use(Path(folder), url)
            rows.append(["PostgreSQL", *_line(measured(Path(folder), url))])
    finally:
        cluster.stop()
    show(
        f"{VOTERS:,} voters at once",
        ["database", "seconds", "wanted", "votes/s"],
        rows,
        f"{CONNECTIONS} connections, one worker; after closing every receipt was found in the box, none twice.",
    )


def _line(seconds: float) -> list[str]:
    return [f"{seconds:.1f}", f"{WANTED:.0f}", f"{VOTERS / seconds:,.0f}"]
