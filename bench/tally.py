"""Counting boxes from the database: each method, in three sizes, beside the same count by NumPy over arrays in memory.

Ours reads the published papers as the act does (grouped by the database), counts exactly and makes the whole result
with its rounds; NumPy only finds the winners (`bench.numpy_counts`), and they have to be ours. Each count runs in a
fresh process; its memory is the peak of that process during its first count above what it had before. On PostgreSQL
the server groups: neither its memory nor its processor time is in the figures. The exponent is the slope of the seconds
between smallest and largest size: 1 is linear.
"""

from __future__ import annotations

import asyncio
import csv
import math
import multiprocessing
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import numpy
import rfc8785

from bench.numpy_counts import ARRAYS, MOST_SCORE, texts
from bench.support import data_dir, fresh_peak, memory, migrate, show, use
from civic import clock, db
from civic.acts.ballots import counting
from civic.models import Ballot, ClosedBox
from civic.rules.tallies import Details
from civic.settings import settings
from tests.support.postgres import Cluster
from tests.support.world import World

MILLION = (10_000, 100_000, 1_000_000)
BUDGET = (1_000, 10_000, 100_000)
EIGHT = [str(i) for i in range(1, 9)]
HUNDRED = [str(i) for i in range(1, 101)]
MONEY: Details = {
    "budget": 500_000_000,
    "costs": {key: 1_000_000 + 470_000 * ((37 * int(key)) % 101) for key in HUNDRED},
}


@dataclass(frozen=True, slots=True)
class Case:
    """A method, what it is counted with, and how long the largest may take (seconds; None: only shown)."""

    method: str
    sizes: tuple[int, ...]
    options: list[str]
    details: Details
    most: float | None = None


CASES = [
    Case("single", MILLION, EIGHT, {}, 1),
    Case("approval", MILLION, EIGHT, {}),
    Case("score", MILLION, EIGHT, {"max_score": MOST_SCORE}),
    Case("runoff", MILLION, EIGHT, {}, 3),
    Case("stv", MILLION, EIGHT, {"seats": 3}, 3),
    Case("schulze", MILLION, EIGHT, {}, 3),
    Case("budget_greedy", BUDGET, HUNDRED, MONEY),
    Case("budget_shares", BUDGET, HUNDRED, MONEY, 10),
]
ON_POSTGRES = ("single", "runoff", "budget_shares")


async def ballot_of(case: Case, papers: int, world: World) -> Ballot:
    """A closed ballot; its papers are laid beside it afterwards."""
    now = clock.now()

    async def write() -> Ballot:
        made = await Ballot.create(
            title="计票测量（示例）", question="？", method=case.method, passing="plurality", area=world.district,
            host=world.department, author=world.official, state="closed", opens_at=now - timedelta(days=2),
            closes_at=now - timedelta(days=1), created_at=now, eligible=papers, cast=papers,
        )  # fmt: skip
        head: dict[str, Any] = {
            "ballot": str(made.id), "method": case.method, "passing": "plurality", "quorum": None,
            "eligible": papers, "max_choices": None, "seed": "", "details": dict(case.details),
            "options": [{"id": key, "label": key} for key in case.options],
        }  # fmt: skip
        await ClosedBox.create(ballot=made, head=rfc8785.dumps(head).decode(), papers=papers, sha256="0" * 64)
        return made

    return await db.write(write)


def lay_out(ballot: int, choices: list[str], cluster: Cluster | None, database: str) -> None:
    """The papers in place of all others, in the order of their trackers, by the database's own fastest way."""
    papers = ((f"{number:020x}", ballot, 1, text) for number, text in enumerate(choices))
    if cluster is None:
        connection = sqlite3.connect(settings().sqlite_path)
        connection.execute("DELETE FROM paper")
        connection.executemany(
            "INSERT INTO paper (tracker, ballot_id, version, choice) VALUES (?, ?, ?, ?)", papers
        )
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return
    cluster.sql("TRUNCATE paper", database)
    with tempfile.NamedTemporaryFile("w", newline="", suffix=".csv", dir=cluster.folder) as file:
        csv.writer(file).writerows(papers)
        file.flush()
        Path(file.name).chmod(0o644)
        cluster.sql(f"\\copy paper (tracker, ballot_id, version, choice) FROM '{file.name}' CSV", database)
        cluster.sql("VACUUM ANALYZE paper", database)


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of both sides, seconds of processor time of ours, and its memory in MB."""

    ours: float
    numpy: float
    processor: float
    peak: float | None


def in_a_process(case: Case, ballot: int, papers: int, array: Path) -> Measured:
    """Both counts, in turn. Raises RuntimeError when they do not name the same winners."""
    return asyncio.run(_both(case, ballot, papers, array))


async def _both(case: Case, number: int, papers: int, array: Path) -> Measured:
    await db.start()
    try:
        ballot = await Ballot.get(id=number)
        fresh_peak()
        before = memory("VmRSS")
        result = await counting.recounted(ballot)
        after = memory("VmHWM")
        peak = None if before is None or after is None else after - before
        if result["tie"] is not None or not result["winners"]:
            raise RuntimeError(f"{case.method}: nobody won")
        names, count = [case.options.index(key) for key in result["winners"]], ARRAYS[case.method][2]
        laid = numpy.load(array)
        ours, theirs, worked = [], [], []
        for _ in range(3 if papers >= 100_000 else 7):
            began, worked_before = time.perf_counter(), time.process_time()
            await counting.recounted(ballot)
            ours.append(time.perf_counter() - began)
            worked.append(time.process_time() - worked_before)
            began = time.perf_counter()
            found = count(laid, len(case.options), case.details)
            theirs.append(time.perf_counter() - began)
            if found != names:
                raise RuntimeError(f"{case.method}, {papers} papers: ours {names}, NumPy {found}")
        return Measured(median(ours), median(theirs), median(worked), peak)
    finally:
        await db.stop()


async def ballots(cases: list[Case]) -> dict[tuple[str, int], int]:
    """A closed ballot for each method and size."""
    await db.start()
    try:
        world = await World.make()
        return {(c.method, n): (await ballot_of(c, n, world)).id for c in cases for n in c.sizes}
    finally:
        await db.stop()


def measure(
    cases: list[Case], folder: Path, cluster: Cluster | None = None, database: str = ""
) -> Iterator[list[str]]:
    """A row for each case and size, on the database in use."""
    where = "PostgreSQL" if cluster else "SQLite"
    numbers = asyncio.run(ballots(cases))
    for case in cases:
        make, laid, _ = ARRAYS[case.method]
        first: Measured | None = None
        for papers in case.sizes:
            ballot = numbers[case.method, papers]
            array = make(papers, len(case.options))
            choices = texts(case.method, array, case.options)
            lay_out(ballot, choices, cluster, database)
            numpy.save(folder / "array.npy", laid(array))
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
                now = process.submit(in_a_process, case, ballot, papers, folder / "array.npy").result()
            first, last = first or now, papers == case.sizes[-1]
            growth = math.log(papers / case.sizes[0])
            yield [
                f"{where}: {case.method}", f"{papers:,}", f"{len(set(choices)):,}", f"{now.ours:.3f}",
                f"{now.processor:.3f}",
                f"{case.most:.0f}" if case.most and last else "",
                f"{math.log(now.ours / first.ours) / growth:.2f}" if last else "",
                "?" if now.peak is None else f"{now.peak:.0f}", f"{now.numpy * 1000:.2f}",
                f"{now.ours / now.numpy:,.0f}",
            ]  # fmt: skip


def main(methods: tuple[str, ...] = ()) -> None:
    """Print how long each count takes, how that grows, and in how much memory."""
    cases = [case for case in CASES if not methods or case.method in methods]
    with data_dir() as data:
        rows = list(measure(cases, data))
    cluster = Cluster()
    try:
        with tempfile.TemporaryDirectory(prefix="civic-bench-") as name:
            folder, url = Path(name), cluster.create("tally")
            migrate(folder, url)
            use(folder, url)
            rows += measure([case for case in cases if case.method in ON_POSTGRES], folder, cluster, "tally")
    finally:
        cluster.stop()
    head = [
        "case", "papers", "different", "seconds", "of processor", "at most", "exponent", "peak MB", "NumPy ms", "ratio",
    ]  # fmt: skip
    show("Counting from the database", head, rows)
