"""Uploading a roll: ten thousand to a million lines, beside the database's own fastest way to take the same rows.

Ours reads the file (every number checked and made into a key), looks for duplicates, writes in small steps that nobody
sees, hashes, and puts the roll in place; meanwhile somebody else writes again and again, and how long they waited at most
is shown.
The bare side only inserts the finished keys in order: one `executemany` in one transaction, or COPY.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from bench.support import data_dir, fresh_peak, memory, migrate, show, use
from civic import clock, db, jobs
from civic.acts import ballots
from civic.models import Ballot
from civic.rules.person_key import resident_check
from civic.rules.rolls import RollFile
from civic.settings import settings
from tests.support.postgres import Cluster
from tests.support.world import World

SIZES = (10_000, 100_000, 1_000_000)
MOST_WAIT = 1.0  # seconds that somebody else may have to wait
TABLE = (
    "CREATE TABLE bare (ballot_id BIGINT NOT NULL, edition INT NOT NULL, person_key VARCHAR(64) NOT NULL, "
    "weight BIGINT NOT NULL, PRIMARY KEY (ballot_id, edition, person_key))"
)


def document(number: int) -> str:
    """A number that is formally right, each number another one."""
    day, serial = divmod(number, 1000)
    year, day = divmod(day, 336)
    first = f"310104{1930 + year:04}{1 + day // 28:02}{1 + day % 28:02}{serial:03}"
    return first + resident_check(first)


def content(lines: int) -> bytes:
    """A file with weights, in no order."""
    rng = random.Random(lines)
    numbers = list(range(lines))
    rng.shuffle(numbers)
    rows = (f"{document(n)},{45 + n % 120}.5" for n in numbers)
    return ("证件号码,权重\r\n" + "\r\n".join(rows) + "\r\n").encode()


class Other:
    """Somebody else who writes all the time; ``most`` is how long they waited at most, in seconds."""

    def __init__(self) -> None:
        self.most, self.over = 0.0, False

    async def write(self) -> None:
        async def touch() -> None:
            await db.execute("UPDATE ballot SET max_choices = max_choices WHERE id = -1")

        while not self.over:
            began = time.perf_counter()
            await db.write(touch)
            self.most = max(self.most, time.perf_counter() - began)
            await asyncio.sleep(0.005)


def bare(file: RollFile, cluster: Cluster | None, database: str) -> float:
    """Seconds that the same rows take by the database's own way."""
    rows = ((1, 1, key, weight) for key, weight in file.lines())
    if cluster is None:
        connection = sqlite3.connect(settings().sqlite_path)
        connection.execute(TABLE + " WITHOUT ROWID")
        began = time.perf_counter()
        connection.executemany("INSERT INTO bare VALUES (?, ?, ?, ?)", rows)
        connection.commit()
        took = time.perf_counter() - began
        connection.execute("DROP TABLE bare")
        connection.close()
        return took
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", dir=cluster.folder) as out:
        out.writelines("\t".join(map(str, row)) + "\n" for row in rows)
        out.flush()
        Path(out.name).chmod(0o644)
        cluster.sql(TABLE, database)
        began = time.perf_counter()
        cluster.sql(f"\\copy bare FROM '{out.name}'", database)
        took = time.perf_counter() - began
        cluster.sql("DROP TABLE bare", database)
        return took


async def measure(
    sizes: tuple[int, ...], cluster: Cluster | None = None, database: str = ""
) -> list[list[str]]:
    """A row for each size, on the database in use."""
    await db.start()
    try:
        world = await World.make()
        found = []
        for lines in sizes:
            now = clock.now()
            draft = await ballots.create(
                world.as_official, title="名册测量（示例）", question="？", area=world.district.code, secret=False,
                electorate="roll", opens_at=now + timedelta(hours=1), closes_at=now + timedelta(hours=2),
            )  # fmt: skip
            data = content(lines)
            fresh_peak()
            other = Other()
            writing = asyncio.create_task(other.write())
            began = time.perf_counter()
            file = await ballots.examine(data)
            read = time.perf_counter() - began
            await ballots.upload(world.as_official, draft, file=file)
            wrote = time.perf_counter() - began - read
            await ballots.announce(world.as_official, draft.id)
            before = time.perf_counter()
            with clock.shift(timedelta(minutes=90)):
                await jobs.run_once()
            opened = time.perf_counter() - before
            other.over = True
            await writing
            most = memory("VmHWM")
            peak = "?" if most is None else f"{most:.0f}"
            assert (await Ballot.get(id=draft.id)).eligible == lines
            theirs = bare(file, cluster, database)
            found.append(
                ["PostgreSQL" if cluster else "SQLite", f"{lines:,}", f"{len(data) / 1e6:.1f}", f"{read:.2f}",
                 f"{wrote:.2f}", f"{opened:.2f}", f"{other.most:.2f}", peak, f"{theirs:.2f}",
                 f"{wrote / theirs:.1f}"]
            )  # fmt: skip
        return found
    finally:
        await db.stop()


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Print how long each step takes, and how that grows."""
    with data_dir():
        rows = asyncio.run(measure(sizes))
    cluster = Cluster(durable=True)
    try:
        with tempfile.TemporaryDirectory(prefix="civic-bench-") as folder:
            url = cluster.create("roll")
            migrate(Path(folder), url)
            use(Path(folder), url)
            rows += asyncio.run(measure(sizes, cluster, "roll"))
    finally:
        cluster.stop()
    head = [
        "database",
        "lines",
        "file MB",
        "read s",
        "write s",
        "open s",
        "others waited s",
        "peak MB",
        "bare s",
        "write ratio",
    ]
    show("A roll, from the file to the opening", head, rows, f"Others should wait {MOST_WAIT:.0f} s at most.")
