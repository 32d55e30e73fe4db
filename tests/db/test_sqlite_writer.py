"""How SQLite is told to write: commits wait for the disk, savepoints undo from memory, and a fault ends nothing."""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tortoise.exceptions import OperationalError

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


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_nothing_of_the_threads_work_holds_up_the_next_write(connected: str) -> None:
    kept: list[Any] = []

    class Keeping(ThreadPoolExecutor):
        """Its results live on for a while, as they do when the event loop is quicker than the thread."""

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            future = super().submit(fn, *args, **kwargs)
            kept.append(future)
            return future

    queue: Any = db._backend
    queue.thread.shutdown()
    queue.thread = Keeping(1)
    for code in ("1", "2"):
        await db.write(partial(Area.create, code=code, name="甲", level="city"))
        await db.checkpoint_log()
    assert len(kept) == 4 and await Area.all().count() == 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_write_that_cannot_begin_is_refused_and_the_next_one_goes_on(connected: str) -> None:
    queue: Any = db._backend
    pending = queue.raw.execute("PRAGMA wal_checkpoint(PASSIVE)")  # no savepoint opens beside it
    with pytest.raises(OperationalError, match="in progress"):
        await db.write(lambda: Area.create(code="1", name="甲", level="city"))
    pending.close()
    await db.write(lambda: Area.create(code="2", name="乙", level="city"))
    assert await Area.all().values_list("code", flat=True) == ["2"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_full_disk_loses_nothing_that_was_answered(connected: str) -> None:
    """SQLite then undoes all of a group by itself; whoever was in it is told, and the next write goes on."""
    queue: Any = db._backend

    async def create(code: str, name: str) -> None:
        sql = "INSERT INTO area (code, name, name_en, level) VALUES (?, ?, '', 'city')"
        await db.execute(sql, code, name)

    def most(pages: int) -> None:
        queue.raw.execute(f"PRAGMA max_page_count={pages}").fetchall()

    most(queue.raw.execute("PRAGMA page_count").fetchone()[0])
    wishes = [("a", "甲"), ("b", "乙" * 50_000), ("c", "丙"), ("d", "丁" * 50_000)]
    results = await asyncio.gather(
        *(db.write(partial(create, *wish)) for wish in wishes), return_exceptions=True
    )
    answered = [code for (code, _), result in zip(wishes, results, strict=True) if result is None]
    assert "full" in str(results[1]) and all(isinstance(r, OperationalError) for r in results if r)
    assert await Area.all().order_by("code").values_list("code", flat=True) == answered
    most(2**30)
    await db.write(lambda: create("e", "戊" * 50_000))
    assert [*answered, "e"] == await Area.all().order_by("code").values_list("code", flat=True)


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
