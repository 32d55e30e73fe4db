"""Write civic/db/snapshots/: what all migrations make, for new databases. Run it after each new migration.

Needs PostgreSQL (``scripts/system.sh``); takes some minutes, since every step is run on both databases.
"""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from civic.db import migrations
from civic.db.standing import SNAPSHOTS
from civic.settings import settings
from tests.support.postgres import Cluster

HEAD = "-- What all migrations make. Written by scripts/snapshot.py.\n"
RECORDED = "SELECT app, name FROM tortoise_migrations ORDER BY id"


def migrated(folder: Path, url: str) -> None:
    os.environ |= {"CIVIC_DATA_DIR": str(folder), "CIVIC_DATABASE_URL": url}
    settings.cache_clear()
    asyncio.run(migrations.migrate(by_steps=True))


def records(rows: list[tuple[str, str]]) -> str:
    into = "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES"
    return f"{into}\n" + ",\n".join(f"('{a}', '{n}', CURRENT_TIMESTAMP)" for a, n in rows) + ";\n"


def sqlite(folder: Path) -> str:
    migrated(folder, "")
    with closing(sqlite3.connect(settings().sqlite_path)) as connection:
        statements = [
            sql
            for name, sql in connection.execute("SELECT name, sql FROM sqlite_master ORDER BY rowid")
            # SQLite's own, and the tables in which its search keeps itself.
            if sql and not name.startswith(("sqlite_", "search_index_"))
        ]
        return HEAD + ";\n".join(statements) + ";\n" + records(connection.execute(RECORDED).fetchall())


def postgres(folder: Path) -> str:
    cluster = Cluster()
    try:
        migrated(folder, cluster.create("whole"))
        dump = folder / "dump.sql"
        cluster.dump("whole", dump, "--schema-only", "--no-privileges")
        rows = [tuple(line.split("|")) for line in cluster.sql(RECORDED, "whole").splitlines()]
    finally:
        cluster.stop()
    # Without its remarks, its settings and psql's own commands; in whichever schema the connection uses.
    lines = [
        line for line in dump.read_text("utf-8").splitlines() if not line.startswith(("--", "\\", "SET "))
    ]
    text = "\n".join(line for line in lines if line and not line.startswith("SELECT pg_catalog.set_config"))
    return HEAD + re.sub(r"\bpublic\.", "", text) + "\n" + records([(a, n) for a, n in rows])


def main() -> None:
    SNAPSHOTS.mkdir(exist_ok=True)
    for name, make in (("sqlite", sqlite), ("postgres", postgres)):
        with TemporaryDirectory() as folder:
            (SNAPSHOTS / f"{name}.sql").write_text(make(Path(folder)), "utf-8")


if __name__ == "__main__":
    main()
