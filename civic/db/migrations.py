"""Migrations, by Tortoise's tool, made safe.

Tortoise rebuilds tables on SQLite by dropping them, which with foreign keys on deletes the rows that point
there; so keys are off meanwhile, and checked afterwards. Indexes it forgets are made by ``generate_schemas``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime

from tortoise import Tortoise
from tortoise.migrations.api import migrate as run

from civic import db
from civic.db.configuration import config
from civic.db.standing import begin, finish, finished, known, standing
from civic.settings import settings


async def migrate(say: Callable[[str], None] = lambda _: None, *, by_steps: bool = False) -> None:
    """Bring the database to the newest migration. A SQLite file with data is copied first.

    A database without tables is made at once from the snapshot; ``by_steps``: through every migration.
    """
    chosen = settings()
    chosen.data_dir.mkdir(parents=True, exist_ok=True)
    steps = await standing()
    if steps is None and not by_steps:
        await begin()
        say("a new database")
        steps = await standing()
    if steps is not None and finished(steps):
        say("nothing to do")
        return
    copy = None
    if not chosen.on_postgres and steps is not None:
        copy = chosen.sqlite_path.with_suffix(f".before-{datetime.now(UTC):%Y%m%d%H%M%S}.db")
        source, target = sqlite3.connect(chosen.sqlite_path), sqlite3.connect(copy)
        source.backup(target)
        source.close()
        target.close()
        say(f"copied to {copy.name}")
    applied: list[str] = []
    try:
        await run(
            config=config(plain=True),
            direction="forward",
            progress=lambda *step: applied.append(" ".join(map(str, step))),
        )
        await Tortoise.generate_schemas(safe=True)
    finally:
        await Tortoise.close_connections()
    if not chosen.on_postgres:
        check(chosen.sqlite_path.as_posix())
    await finish()
    if copy is not None and not applied:
        copy.unlink()
    say(f"{len(applied)} steps")


async def missing() -> set[str]:
    """Migrations of this version that the connected database has not had."""
    rows = await db.fetch("SELECT name FROM tortoise_migrations WHERE app = 'models'")
    return known() - {row["name"] for row in rows}


def check(path: str) -> None:
    """RuntimeError when a row points to one that is not there."""
    connection = sqlite3.connect(path)
    try:
        lost = connection.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        connection.close()
    if lost:
        raise RuntimeError(f"{len(lost)} rows point to missing ones, first in table {lost[0][0]}")
