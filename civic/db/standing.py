"""How far the settings' database has come, read without Tortoise: it takes seconds to say the same.

A database that has had every migration, and the indexes made after them, holds a row that says so. A new one is made
from the snapshot in `snapshots/`: what all migrations make, one after the other (``make snapshot``).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from civic.db.configuration import config
from civic.settings import settings

SNAPSHOTS = Path(__file__).parent / "snapshots"
APPLIED = "SELECT app, name FROM tortoise_migrations"
FINISHED = (
    "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('indexes', '{}', CURRENT_TIMESTAMP)"
)


def known() -> set[str]:
    """The migrations that this version has."""
    from civic import migrations

    return {found.name for found in iter_modules(migrations.__path__)}


async def standing() -> set[tuple[str, str]] | None:
    """The recorded steps as app and name; None of a database without tables."""
    if not settings().on_postgres:
        with closing(sqlite3.connect(settings().sqlite_path)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            if "tortoise_migrations" not in tables:
                return set() if tables else None
            return {(app, name) for app, name in connection.execute(APPLIED)}
    connection = await _connect()
    try:
        tables = {
            row["tablename"]
            for row in await connection.fetch(
                "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            )
        }
        if "tortoise_migrations" not in tables:
            return set() if tables else None
        return {(row["app"], row["name"]) for row in await connection.fetch(APPLIED)}
    finally:
        await connection.close()


def finished(steps: set[tuple[str, str]]) -> bool:
    """Whether these are all of this version, with what is done after the last."""
    names = known()
    return {("models", name) for name in names} | {("indexes", max(names))} <= steps


async def finish() -> None:
    """Record that the indexes after the newest migration are made."""
    steps = await standing() or set()
    if ("indexes", max(known())) not in steps:
        await _execute(FINISHED.format(max(known())))


async def begin() -> None:
    """Fill a database without tables from the snapshot, whole or not at all."""
    name = "postgres.sql" if settings().on_postgres else "sqlite.sql"
    await _execute((SNAPSHOTS / name).read_text("utf-8"))


async def _connect() -> Any:
    import asyncpg  # not on SQLite

    credentials = dict(config(plain=True)["connections"]["default"]["credentials"])
    del credentials["minsize"], credentials["maxsize"]
    return await asyncpg.connect(**credentials)


async def _execute(script: str) -> None:
    if not settings().on_postgres:
        with closing(sqlite3.connect(settings().sqlite_path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(f"BEGIN;\n{script};\nCOMMIT;")
        return
    connection = await _connect()
    try:
        async with connection.transaction():
            await connection.execute(script)
    finally:
        await connection.close()
