"""The one connection that writes on SQLite, and group commit.

Writes queue up. One task takes them in turn, each within a savepoint, until the queue is empty or the group is
large; then one COMMIT makes them all durable, and only then each is answered. Statements run in the event
loop's own thread, because a hop to another costs more than the statement; COMMIT, which waits for the disk, and a
BEGIN that has to wait for another process run in a thread.
"""

from __future__ import annotations

import asyncio
import contextvars
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any

from tortoise.backends.base.client import TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionWrapper
from tortoise.connection import get_connection, get_connections
from tortoise.exceptions import IntegrityError, OperationalError

from civic.db import tables
from civic.settings import settings

MOST = 256  # writes in one commit
POLL = 0.5  # seconds between looks for changes by other processes
PATIENCE = 10_000  # milliseconds to wait for another process that writes


class Savepoint(TransactionContext):
    """``in_transaction()`` within a write."""

    _numbers = count()

    client: Writer

    def __init__(self, client: Writer) -> None:
        self.client = client
        self.connection_name = client.connection_name

    async def __aenter__(self) -> Any:
        self.name = f"inner_{next(self._numbers)}"
        self.client.run(f"SAVEPOINT {self.name}")
        return self.client

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        if exc_type:
            self.client.run(f"ROLLBACK TO {self.name}")
        self.client.run(f"RELEASE {self.name}")


class Writer(SqliteTransactionWrapper):
    """A Tortoise client over a plain `sqlite3` connection, without a thread."""

    def __init__(self, raw: sqlite3.Connection, name: str) -> None:
        self.raw = raw
        self.connection_name = name
        self.capabilities = SqliteClient.capabilities
        self.log = get_connection(name).log
        self.fetch_inserted = True
        self._finalized = False

    def run(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        try:
            return self.raw.execute(sql, values)
        except sqlite3.IntegrityError as error:
            raise IntegrityError(error) from error
        except sqlite3.Error as error:
            raise OperationalError(error) from error

    def _in_transaction(self) -> TransactionContext:
        return Savepoint(self)

    async def execute_insert(self, query: str, values: list[Any]) -> int:
        tables.note(query)
        return self.run(query, values).lastrowid or 0

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        tables.note(query)
        try:
            self.raw.executemany(query, values)
        except sqlite3.IntegrityError as error:
            raise IntegrityError(error) from error
        except sqlite3.Error as error:
            raise OperationalError(error) from error

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, Any]:
        tables.note(query)
        before = self.raw.total_changes
        rows = self.run(query, values or ()).fetchall()
        return (self.raw.total_changes - before) or len(rows), rows

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        return named((await self.execute_query(query, values))[1])

    async def execute_script(self, query: str) -> None:
        raise OperationalError("scripts belong in migrations")


@dataclass(slots=True)
class Job:
    """A write that waits for its turn."""

    fn: Callable[[], Awaitable[Any]]
    context: contextvars.Context
    answer: asyncio.Future[Any]
    changed: set[str]


class Queue:
    """Takes writes and commits them in groups."""

    def __init__(self) -> None:
        self.raw = sqlite3.connect(
            settings().sqlite_path, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        self.raw.row_factory = sqlite3.Row
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={PATIENCE}",
            "secure_delete=ON",
            "wal_autocheckpoint=4000",
            "temp_store=MEMORY",  # savepoints keep what they may undo there, not in a file
        ):
            self.raw.execute(f"PRAGMA {pragma}")
        self.client = Writer(self.raw, "default")
        self.reader = sqlite3.connect(settings().sqlite_path, isolation_level=None, cached_statements=512)
        self.reader.row_factory = sqlite3.Row
        self.reader.execute("PRAGMA query_only=ON")
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="civic-commit")
        self.jobs: asyncio.Queue[Job | None] = asyncio.Queue()
        self.lock = asyncio.Lock()
        self.data_version = self.raw.execute("PRAGMA data_version").fetchone()[0]
        self.tasks = [asyncio.create_task(self.work()), asyncio.create_task(self.watch())]

    async def write(self, fn: Callable[[], Awaitable[Any]]) -> Any:
        context = contextvars.copy_context()
        changed: set[str] = set()
        context.run(get_connections().set, "default", self.client)
        context.run(tables.changed_tables.set, changed)
        context.run(tables.touched_tables.set, None)
        job = Job(fn, context, asyncio.get_running_loop().create_future(), changed)
        self.jobs.put_nowait(job)
        return await asyncio.shield(job.answer)

    async def work(self) -> None:
        while (job := await self.jobs.get()) is not None:
            async with self.lock:
                await self.group(job)

    async def group(self, job: Job) -> None:
        """Run a group of writes that starts with ``job``, and commit it."""
        loop = asyncio.get_running_loop()
        done: list[tuple[Job, Any]] = []
        try:
            if not self.began():
                await loop.run_in_executor(self.thread, self.raw.execute, "BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            return self.refuse([job], error)
        try:
            while True:
                await self.one(job, done)
                if len(done) >= MOST or self.jobs.empty():
                    break
                following = self.jobs.get_nowait()
                if following is None:  # closing: first commit
                    self.jobs.put_nowait(None)
                    break
                job = following
            await loop.run_in_executor(self.thread, self.raw.execute, "COMMIT")
        except sqlite3.Error as error:
            if self.raw.in_transaction:
                self.raw.execute("ROLLBACK")
            return self.refuse([j for j, _ in done], error)
        for finished, result in done:
            tables.bump(finished.changed)
            if not finished.answer.done():
                finished.answer.set_result(result)

    def began(self) -> bool:
        """Begin a transaction; False when another process is writing, which takes waiting in the thread."""
        self.raw.execute("PRAGMA busy_timeout=0")
        try:
            self.raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        finally:
            self.raw.execute(f"PRAGMA busy_timeout={PATIENCE}")
        return True

    async def one(self, job: Job, done: list[tuple[Job, Any]]) -> None:
        """Run one write within a savepoint; a failure undoes just that one.

        sqlite3.Error where SQLite itself has undone the whole group, as it does when the disk is full.
        """
        try:
            self.raw.execute("SAVEPOINT act")
            result = await asyncio.create_task(_run(job.fn), context=job.context)
            self.raw.execute("RELEASE act")
        except BaseException as error:
            self.refuse([job], error)
            self.raw.execute("ROLLBACK TO act")
            self.raw.execute("RELEASE act")
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
        else:
            done.append((job, result))

    def refuse(self, jobs: list[Job], error: BaseException) -> None:
        for job in jobs:
            if not job.answer.done():
                job.answer.set_exception(
                    OperationalError(error) if isinstance(error, sqlite3.Error) else error
                )

    async def watch(self) -> None:
        """Notice what other processes (a command, say) have changed."""
        while True:
            await asyncio.sleep(POLL)
            async with self.lock:
                version = self.raw.execute("PRAGMA data_version").fetchone()[0]
            if version != self.data_version:
                self.data_version = version
                tables.bump_all()

    def look_up(self, sql: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        """A few committed rows by their keys."""
        tables.note(sql)
        return named(self.reader.execute(sql, values).fetchall())

    async def checkpoint(self) -> None:
        """Move the log into the file and empty it."""

        def move() -> None:  # a row that nobody takes would hold up the next write
            self.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

        async with self.lock:
            await asyncio.get_running_loop().run_in_executor(self.thread, move)

    async def hurry(self, on: bool) -> None:
        """Whether commits do without the disk."""
        async with self.lock:
            self.raw.execute(f"PRAGMA synchronous={'OFF' if on else 'FULL'}")

    def queued(self) -> int:
        return self.jobs.qsize()

    def tell(self, events: list[tuple[str, str]], changed: set[str]) -> None:
        """Nobody else: SQLite has one serving process."""

    async def close(self) -> None:
        self.jobs.put_nowait(None)
        await self.tasks[0]
        self.tasks[1].cancel()
        self.thread.shutdown()
        self.reader.close()
        self.raw.close()


def named(rows: Sequence[sqlite3.Row]) -> list[dict[str, Any]]:
    """Rows as dictionaries, whose columns have different names. `dict(row)` would search all of these for each value."""
    names = rows[0].keys() if rows else ()
    return [dict(zip(names, row, strict=True)) for row in rows]


async def _run(fn: Callable[[], Awaitable[Any]]) -> Any:
    return await fn()


async def open() -> Queue:
    """Start writing."""
    return Queue()
