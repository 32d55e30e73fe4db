"""Counting boxes from the database: ten thousand to a million papers, each method, beside NumPy over arrays in memory.

Ours reads the published papers as the act does (grouped by the database), counts exactly and makes the whole result; NumPy
only counts what lies ready in an array (first choices, approvals), so its figure is the least that a count can cost.
"""

from __future__ import annotations

import asyncio
import csv
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy
import rfc8785

from bench.support import data_dir, migrate, show, use
from civic import clock, db
from civic.acts.ballots import counting
from civic.models import Ballot, ClosedBox
from civic.rules.tallies import Details
from civic.settings import settings
from tests.support.postgres import Cluster
from tests.support.world import World

ROUNDS = 5
EIGHT = [str(i) for i in range(1, 9)]
HUNDRED = [str(i) for i in range(1, 101)]
COSTS = {key: 1_000_000 + 470_000 * int(key) for key in HUNDRED}
MONEY: Details = {"budget": 500_000_000, "costs": COSTS}
# Method, options, what it needs more, how many papers, and how long it may take (seconds; None: only shown).
CASES: list[tuple[str, list[str], Details, int, float | None]] = [
    ("single", EIGHT, {}, 10_000, None),
    ("single", EIGHT, {}, 100_000, None),
    ("single", EIGHT, {}, 1_000_000, 1.0),
    ("runoff", EIGHT, {}, 10_000, None),
    ("runoff", EIGHT, {}, 100_000, None),
    ("runoff", EIGHT, {}, 1_000_000, 3.0),
    ("stv", EIGHT, {"seats": 3}, 1_000_000, 3.0),
    ("schulze", EIGHT, {}, 1_000_000, 3.0),
    ("budget_greedy", HUNDRED, MONEY, 100_000, None),
    ("budget_shares", HUNDRED, MONEY, 100_000, 10.0),
]


def choices(method: str, options: list[str], papers: int) -> Iterator[tuple[str, list[int]]]:
    """Papers at random: the choice's text, and the options it counts for at first, as numbers."""
    rng = random.Random(papers)
    likes = [rng.random() ** 2 for _ in options]
    for _ in range(papers):
        if method == "single":
            chosen = rng.choices(options, likes)
        elif method.startswith("budget"):
            chosen = sorted(set(rng.choices(options, likes, k=rng.randint(1, 10))), key=options.index)
        else:
            chosen = sorted(options, key=lambda key: rng.random() * int(key))[: rng.randint(1, len(options))]
        first = chosen if method.startswith("budget") else chosen[:1]
        text = ("," if method.startswith("budget") else ">").join(chosen)
        yield text, [options.index(key) for key in first]


async def ballot_of(method: str, options: list[str], details: Details, papers: int, world: World) -> Ballot:
    """A closed ballot; its papers are laid beside it afterwards."""
    now = clock.now()

    async def write() -> Ballot:
        made = await Ballot.create(
            title="计票测量（示例）", question="？", method=method, passing="plurality", area=world.district,
            host=world.department, author=world.official, state="closed", opens_at=now - timedelta(days=2),
            closes_at=now - timedelta(days=1), created_at=now, eligible=papers, cast=papers,
        )  # fmt: skip
        head: dict[str, Any] = {
            "ballot": str(made.id), "method": method, "passing": "plurality", "quorum": None, "eligible": papers,
            "max_choices": None, "seed": "", "details": dict(details),
            "options": [{"id": key, "label": key} for key in options],
        }  # fmt: skip
        await ClosedBox.create(ballot=made, head=rfc8785.dumps(head).decode(), papers=papers, sha256="0" * 64)
        return made

    return await db.write(write)


def lay_out(ballot: int, rows: list[tuple[str, list[int]]], cluster: Cluster | None, database: str) -> None:
    """The papers, in the order of their trackers, by the database's own fastest way."""
    papers = ((f"{ballot:08x}{number:016x}", ballot, 1, text) for number, (text, _) in enumerate(rows))
    if cluster is None:
        connection = sqlite3.connect(settings().sqlite_path)
        connection.executemany(
            "INSERT INTO paper (tracker, ballot_id, version, choice) VALUES (?, ?, ?, ?)", papers
        )
        connection.commit()
        connection.close()
        return
    with tempfile.NamedTemporaryFile("w", newline="", suffix=".csv", dir=cluster.folder) as file:
        csv.writer(file).writerows(papers)
        file.flush()
        Path(file.name).chmod(0o644)
        cluster.sql(f"\\copy paper (tracker, ballot_id, version, choice) FROM '{file.name}' CSV", database)
        cluster.sql("ANALYZE paper", database)


async def _timed(work: Callable[[], Any]) -> float:
    took = []
    for turn in range(ROUNDS + 1):
        began = time.perf_counter()
        done = work()
        if asyncio.iscoroutine(done):
            await done
        if turn:
            took.append(time.perf_counter() - began)
    return median(took)


async def measure(cluster: Cluster | None = None, database: str = "") -> list[list[str]]:
    """A row for each case, on the database in use."""
    await db.start()
    try:
        world = await World.make()
        found = []
        for method, options, details, papers, most in CASES:
            if cluster is not None and method != "single":
                continue
            rows = list(choices(method, options, papers))
            ballot = await ballot_of(method, options, details, papers, world)
            lay_out(ballot.id, rows, cluster, database)
            first = numpy.array([key for _, keys in rows for key in keys], dtype=numpy.int16)
            ours = await _timed(partial(counting.recounted, ballot, "00"))
            theirs = await _timed(partial(numpy.bincount, first, minlength=len(options)))
            found.append(
                [f"{'PostgreSQL' if cluster else 'SQLite'}: {method}", f"{papers:,}", f"{ours:.3f}",
                 f"{most:.0f}" if most else "", f"{theirs * 1000:.2f}", f"{ours / theirs:,.0f}"]
            )  # fmt: skip
        return found
    finally:
        await db.stop()


def main() -> None:
    """Print how long each count takes, and how that grows."""
    with data_dir():
        rows = asyncio.run(measure())
    cluster = Cluster()
    try:
        with tempfile.TemporaryDirectory(prefix="civic-bench-") as folder:
            url = cluster.create("tally")
            migrate(Path(folder), url)
            use(Path(folder), url)
            rows += asyncio.run(measure(cluster, "tally"))
    finally:
        cluster.stop()
    head = ["case", "papers", "seconds", "at most", "NumPy ms", "ratio"]
    show("Counting from the database", head, rows)
