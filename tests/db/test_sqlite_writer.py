"""How SQLite is told to write: a commit waits for the disk, and what a savepoint may undo lies in memory."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from civic import db
from civic.db.sqlite_writer import PATIENCE, Queue, named
from civic.models import Area
from civic.settings import settings

pytestmark = pytest.mark.anyio
FULL, IN_MEMORY = 2, 2


def open_files() -> list[str]:
    found = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(link.readlink()))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_commit_waits_for_the_disk_and_a_savepoint_makes_no_file(connected: str) -> None:
    queue: Any = db._backend
    assert isinstance(queue, Queue)
    assert queue.raw.execute("PRAGMA synchronous").fetchone()[0] == FULL
    assert queue.raw.execute("PRAGMA temp_store").fetchone()[0] == IN_MEMORY
    before, within = open_files(), []

    async def write() -> None:
        await Area.bulk_create([Area(code=f"{n:04}", name="甲" * 60, level="city") for n in range(2000)])
        await Area.all().update(name="乙" * 60)
        within.extend(open_files())

    await db.write(write)
    assert await Area.all().count() == 2000
    assert [name for name in within if "deleted" in name and name not in before] == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_another_process_that_writes_is_waited_for_aside(connected: str) -> None:
    other = sqlite3.connect(settings().sqlite_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ours = asyncio.create_task(db.write(lambda: Area.create(code="1", name="甲", level="city")))
    for _ in range(50):  # the event loop goes on: nothing here would be reached if it waited itself
        await asyncio.sleep(0.002)
    assert not ours.done()
    other.execute("INSERT INTO area (code, name, name_en, level) VALUES ('2', '乙', '', 'city')")
    other.execute("COMMIT")
    other.close()
    await ours
    assert await Area.all().order_by("code").values_list("code", flat=True) == ["1", "2"]
    queue: Any = db._backend
    assert queue.raw.execute("PRAGMA busy_timeout").fetchone()[0] == PATIENCE


def test_rows_become_dictionaries_by_column() -> None:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    rows = connection.execute("SELECT 1 AS a, 'x' AS b, NULL AS c UNION SELECT 2, 'y', x'00'").fetchall()
    assert (
        named(rows)
        == [dict(row) for row in rows]
        == [{"a": 1, "b": "x", "c": None}, {"a": 2, "b": "y", "c": b"\0"}]
    )
    assert named([]) == []
    connection.close()
