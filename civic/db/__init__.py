"""The database. Only this package knows SQLite from PostgreSQL.

Reading: Tortoise's query sets, or `fetch`. Writing: only inside `write`, which acts open. On SQLite readers have
a connection that cannot write, and all writes of the process share one connection and its commits.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from tortoise import Tortoise
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection

from civic.db import tables
from civic.db.configuration import config
from civic.db.tables import touched_tables, versions
from civic.settings import settings

__all__ = ["execute", "fetch", "on_postgres", "start", "stop", "touched_tables", "versions", "write"]

T = TypeVar("T")
_within: ContextVar[bool] = ContextVar("civic_within_write", default=False)
_backend: Any = None


async def start() -> None:
    """Connect. Call once, at the start of a process or a test; RuntimeError when migrations are missing."""
    global _backend
    EXECUTOR_CACHE.clear()  # holds statements in the dialect of an earlier start
    await Tortoise.init(config=config(), _enable_global_fallback=True)
    for name in Tortoise.apps["models"].values():
        versions.setdefault(name._meta.db_table, 0)
    if settings().on_postgres:
        from civic.db import postgres as backend
    else:
        from civic.db import sqlite_writer as backend  # type: ignore[no-redef]
    try:
        _backend = await backend.open()
    except BaseException:
        await Tortoise.close_connections()
        raise


async def stop() -> None:
    """Finish what is being written and disconnect."""
    global _backend
    backend, _backend = _backend, None
    try:
        if backend is not None:
            await backend.close()
    finally:
        await Tortoise.close_connections()


def started() -> bool:
    """Whether `start` has been called."""
    return _backend is not None


def queued() -> int:
    """How many writes wait for their turn in this process: on SQLite behind each other, on PostgreSQL none."""
    return int(_backend.queued()) if _backend is not None else 0


def on_postgres() -> bool:
    """Whether this process runs on PostgreSQL."""
    return settings().on_postgres


async def write(fn: Callable[[], Awaitable[T]]) -> T:
    """Run ``fn`` in a transaction; answered when it is durable. Within another write it joins that one.

    What ``fn`` raises undoes all that it wrote. ``fn`` may be run again after a deadlock on PostgreSQL, so it
    has no effects outside the database.
    """
    if _within.get():
        return await fn()
    if _backend is None:
        raise RuntimeError("the database is not started")

    async def run() -> T:
        _within.set(True)
        return await fn()

    result: T = await _backend.write(run)
    return result


async def tell(events: list[tuple[str, str]], changed: set[str]) -> None:
    """After a commit: count the changed tables and, on PostgreSQL, tell other processes. Never fails."""
    tables.bump(changed)
    if _backend is not None:
        _backend.tell(events, changed)


def numbered(sql: str) -> str:
    """``?`` places as this database wants them."""
    if not on_postgres():
        return sql
    parts = sql.split("?")
    return "".join(f"{part}${i}" for i, part in enumerate(parts[:-1], 1)) + parts[-1]


async def fetch(sql: str, *params: Any) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries. ``?`` marks the place of a parameter on both databases."""
    rows: list[dict[str, Any]] = await get_connection("default").execute_query_dict(
        numbered(sql), list(params)
    )
    return rows


async def look_up(sql: str, *params: Any) -> list[dict[str, Any]]:
    """`fetch` for a few rows by their keys, outside of a write: on SQLite without the hop to a thread, which costs more."""
    if on_postgres() or _backend is None or _within.get():
        return await fetch(sql, *params)
    rows: list[dict[str, Any]] = _backend.look_up(sql, params)
    return rows


async def execute(sql: str, *params: Any) -> int:
    """Run a statement inside a write; the number of rows it changed."""
    return (await get_connection("default").execute_query(numbered(sql), list(params)))[0]


async def execute_many(sql: str, rows: list[list[Any]]) -> None:
    """Run a statement inside a write once for each row of parameters, in one go."""
    await get_connection("default").execute_many(numbered(sql), rows)


async def pause() -> None:
    """Let others run: long work inside one process calls it between steps."""
    await asyncio.sleep(0)


async def checkpoint_log() -> None:
    """On SQLite, move the write-ahead log into the file and empty it; elsewhere nothing."""
    if _backend is not None and not on_postgres():
        await _backend.checkpoint()


@asynccontextmanager
async def hurried() -> AsyncIterator[None]:
    """On SQLite, commits do not wait for the disk within the block; all is on the disk after it.

    Only for a database that is thrown away when this process dies within the block: a demonstration being built.
    """
    if _backend is None or on_postgres():
        yield
        return
    await _backend.hurry(True)
    try:
        yield
    finally:
        await _backend.hurry(False)
        await checkpoint_log()
