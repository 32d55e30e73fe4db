"""A first version's database comes forward with every row, and becomes what a new one is; both are what the models say."""

import asyncio
import json
import os
import re
import sqlite3
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tortoise import Tortoise

from civic.db import migrations, standing
from civic.db.configuration import config
from civic.migrations import Step
from civic.settings import settings
from tests.conftest import DATABASES
from tests.support.server import ROOT

pytestmark = pytest.mark.timeout(400)  # migrations are many
FIRST = "0002_search"
# A box that is open cannot be carried over and says so; codes were never written by the first version.
NOT_FILLED = {"box_entry", "closed_box", "one_time_code", "tortoise_migrations"}
# Tables to which later versions add rows, and how many: the ballot and the scenario are found by their words since.
NUMBERED = {"search_document": 2}
PAYLOAD = {
    "act": "proposal.publish", "actor": "a", "party": 1, "payload": {}, "subject": {"id": "1", "kind": "proposal"},
    "time": "2026-03-18T02:00:00Z", "v": 1,
}  # fmt: skip
TEXTS = {"payload": json.dumps(PAYLOAD), "day": "2026-03-18", "state": "active", "kind": "government"}


def tortoise(*arguments: str) -> None:
    """Tortoise's own command on the database of the settings."""
    run = [sys.executable, "-m", "tortoise", "-c", "civic.db.configuration.TORTOISE_ORM", *arguments]
    done = subprocess.run(run, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


class Tables:
    """The tables of a SQLite file: columns, and what they point to."""

    def __init__(self, path: Path) -> None:
        connection = sqlite3.connect(path)
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        self.names = [
            n for (n,) in rows if not n.startswith(("sqlite_", "search_index")) and n not in NOT_FILLED
        ]
        self.columns = {n: connection.execute(f'PRAGMA table_info("{n}")').fetchall() for n in self.names}
        keys = {n: connection.execute(f'PRAGMA foreign_key_list("{n}")').fetchall() for n in self.names}
        self.points = {n: {row[3]: row[2] for row in keys[n]} for n in self.names}
        connection.close()

    def statements(self) -> list[tuple[str, str]]:
        """Table and INSERT of one row for each, those that are pointed to first; texts fit every database."""
        done: dict[str, str] = {}
        made: list[tuple[str, str]] = []
        while len(done) < len(self.names):
            ready = [
                n for n in self.names
                if n not in done and all(t in done or t == n for t in self.points[n].values())
            ]  # fmt: skip
            assert ready, set(self.names) - set(done)
            for name in ready:
                values = {c[1]: self.value(name, c[1], str(c[2]), done) for c in self.columns[name]}
                key = next((c[1] for c in self.columns[name] if c[5]), "id")
                done[name] = values[key] or "1"
                texts = ["NULL" if v is None else "'" + v.replace("'", "''") + "'" for v in values.values()]
                columns = ", ".join(f'"{c}"' for c in values)
                made.append((name, f'INSERT INTO "{name}" ({columns}) VALUES ({", ".join(texts)})'))
        return made

    def value(self, table: str, column: str, kind: str, done: dict[str, str]) -> str | None:
        target = self.points[table].get(column)
        if target == table:
            return None
        if target:
            return done[target]
        kind = kind.upper()
        if column in TEXTS:
            return TEXTS[column][:40] if "CHAR" in kind else TEXTS[column]
        for part, text in (
            ("INT", "1"), ("BOOL", "1"), ("TIMESTAMP", "2026-03-18 02:00:00+00:00"), ("DATE", "2026-03-18"), ("JSON", "{}"),
            ("BLOB", "x"), ("REAL", "1"), ("DECIMAL", "1"), ("CHAR(36)", "00000000-0000-0000-0000-000000000001"),
        ):  # fmt: skip
            if part in kind:
                return text
        return "x"


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An empty database in the settings; gives a function that runs a statement and returns its rows as texts."""
    monkeypatch.setenv("CIVIC_DATA_DIR", str(tmp_path))
    url, name = "", f"upgrade_{uuid4().hex}"
    if request.param == "postgres":
        cluster = request.getfixturevalue("cluster")
        url = cluster.create(name)
    monkeypatch.setenv("CIVIC_DATABASE_URL", url)
    settings.cache_clear()

    def run(statement: str) -> list[list[str]]:
        if url:
            return [line.split("|") for line in cluster.sql(statement, name).splitlines()]
        connection = sqlite3.connect(settings().sqlite_path)
        connection.execute("PRAGMA foreign_keys = ON")
        with connection:
            rows = connection.execute(statement).fetchall()
        connection.close()
        return [["" if v is None else str(v) for v in row] for row in rows]

    yield run
    settings.cache_clear()


TABLES: list[Tables] = []  # of the first version, once they are known


def first_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tables:
    """Bring the settings' database to the first version; its tables as SQLite has them."""
    tortoise("migrate", "models", FIRST)
    if not settings().on_postgres:
        TABLES[:] = [Tables(settings().sqlite_path)]
    if TABLES:
        return TABLES[0]
    with monkeypatch.context() as other:
        other.setenv("CIVIC_DATABASE_URL", "")
        other.setenv("CIVIC_DATA_DIR", str(tmp_path / "like"))
        settings.cache_clear()
        settings().data_dir.mkdir()
        tortoise("migrate", "models", FIRST)
        tables = Tables(settings().sqlite_path)
    settings.cache_clear()
    return tables


def test_a_first_version_comes_forward_with_every_row(
    empty: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = first_version(tmp_path, monkeypatch)
    filled = tables.statements()
    assert len(filled) > 25
    for name, statement in filled:
        empty(statement)
        if settings().on_postgres and name in NUMBERED:
            empty(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 1)")
    before = {n: empty(f'SELECT {", ".join(chr(34) + c[1] + chr(34) for c in tables.columns[n])} FROM "{n}"')
              for n in tables.names}  # fmt: skip
    assert all(len(rows) == 1 for rows in before.values())
    said: list[str] = []
    asyncio.run(migrations.migrate(said.append))
    for name in tables.names:
        here = "1" if not settings().on_postgres else "to_regclass('" + name + "')::text"
        assert empty(f"SELECT {here}") != [[""]], f"{name} is gone"
        after = empty(f'SELECT * FROM "{name}"')
        assert len(after) == 1 + NUMBERED.get(name, 0), name
        kept = set(before[name][0]) - {""}
        assert any(kept <= set(row) for row in after), (name, before[name], after)
    assert empty("SELECT day, party_id FROM ledger_entry") == [["2026-03-18", "1"]]
    copies = list(tmp_path.glob("civic.before-*.db"))
    assert len(copies) == (0 if settings().on_postgres else 1)
    assert "steps" in said[-1]
    said.clear()
    asyncio.run(migrations.migrate(said.append))
    assert said == ["nothing to do"] and list(tmp_path.glob("civic.before-*.db")) == copies
    upgraded = whole(empty)
    erase(empty)
    said.clear()
    asyncio.run(migrations.migrate(said.append))
    assert said == ["a new database", "nothing to do"]
    assert whole(empty) == upgraded, "run: make snapshot"


def test_every_step_looks_back_only_where_it_must() -> None:
    """A draft by ``make migrations`` has Tortoise's own base, which takes twice as long."""
    for name in sorted(standing.known()):
        bases = import_module(f"civic.migrations.{name}").Migration.__bases__
        # By name: Tortoise loads the package anew, and with it the class.
        assert [base.__qualname__ for base in bases] == [Step.__qualname__], name


def erase(run: Any) -> None:
    """Leave nothing in the database."""
    if settings().on_postgres:
        run("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    else:
        settings().sqlite_path.unlink()


def whole(run: Any) -> list[list[str]]:
    """Everything that a database is but its rows, and the steps it has had."""
    if not settings().on_postgres:
        made = run("SELECT type, name, tbl_name, sql FROM sqlite_master")
    else:
        here = "relnamespace = 'public'::regnamespace"
        made = [
            row
            for statement in (
                f"SELECT relname, relkind FROM pg_class WHERE {here}",
                "SELECT attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, "
                "pg_get_expr(adbin, adrelid) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid "
                f"LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE {here} AND attnum > 0 "
                "AND NOT attisdropped",
                "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE connamespace = 'public'::regnamespace",
                f"SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE {here}",
                "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
                "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
            )
            for row in run(statement)
        ]
    assert len(made) > 100
    return sorted([*made, *run("SELECT app, name FROM tortoise_migrations")])


BY_HAND = {"box_entry", "paper", "closed_box", "paper_voter", "roll_line"}


def described(run: Any) -> dict[str, dict[str, Any]]:
    """Every table's columns (type, may be null) and indexes (unique, columns)."""
    if settings().on_postgres:
        columns = run(
            "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable "
            "FROM information_schema.columns WHERE table_schema = 'public'"
        )
        indexes = run(
            "SELECT t.relname, i.indisunique, array_to_string(ARRAY(SELECT a.attname FROM unnest(i.indkey) WITH ORDINALITY "
            "k(n, o) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.n ORDER BY k.o), ',') FROM pg_index i "
            "JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace s ON s.oid = t.relnamespace WHERE s.nspname = 'public'"
        )
    else:
        names = [n for (n,) in run("SELECT name FROM sqlite_master WHERE type = 'table'")]
        # An integer is an integer there, whatever it is called, and no text's length is looked at.
        columns = [
            [n, c[1], re.sub(r"CHAR\(\d+\)", "CHAR", c[2].upper().replace("BIGINT", "INTEGER")), "", c[3]]
            for n in names for c in run(f'PRAGMA table_info("{n}")')
        ]  # fmt: skip
        indexes = [
            [n, i[2], ",".join(c[2] for c in run(f'PRAGMA index_info("{i[1]}")'))]
            for n in names for i in run(f'PRAGMA index_list("{n}")') if i[3] != "pk"
        ]  # fmt: skip
    tables: dict[str, dict[str, Any]] = {}
    for name, column, *kind in columns:
        tables.setdefault(name, {"columns": {}, "indexes": set()})["columns"][column] = tuple(kind)
    for name, unique, over in indexes:
        tables.setdefault(name, {"columns": {}, "indexes": set()})["indexes"].add((unique, over))
    return tables


async def models_only() -> None:
    await Tortoise.init(config=config(plain=True))
    await Tortoise.generate_schemas()
    await Tortoise.close_connections()


def test_a_new_database_is_what_the_models_say(empty: Any) -> None:
    asyncio.run(migrations.migrate())
    made = described(empty)
    erase(empty)
    asyncio.run(models_only())
    fresh = described(empty)
    assert set(fresh) <= set(made)
    for name in set(fresh) - BY_HAND:
        assert made[name]["columns"] == fresh[name]["columns"], name
        assert fresh[name]["indexes"] <= made[name]["indexes"], name


def test_a_new_database_is_whole_or_not_at_all(
    empty: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A snapshot with a fault leaves nothing behind, so that the next start begins anew."""
    name = "postgres.sql" if settings().on_postgres else "sqlite.sql"
    text = (standing.SNAPSHOTS / name).read_text("utf-8")
    (tmp_path / name).write_text(text + "CREATE TABLE area (id INTEGER);", "utf-8")
    with monkeypatch.context() as broken:
        broken.setattr(standing, "SNAPSHOTS", tmp_path)
        with pytest.raises(Exception, match="already exists"):
            asyncio.run(migrations.migrate())
    assert asyncio.run(standing.standing()) is None
    asyncio.run(migrations.migrate())
    steps = asyncio.run(standing.standing())
    assert steps is not None and standing.finished(steps)


def test_an_interrupted_upgrade_is_finished(empty: Any) -> None:
    """The indexes after the last migration are made when the process ended just before them."""
    asyncio.run(migrations.migrate())
    before = whole(empty)
    empty("DELETE FROM tortoise_migrations WHERE app = 'indexes'")
    empty("DROP INDEX idx_party_kind_972552")
    assert whole(empty) != before
    said: list[str] = []
    asyncio.run(migrations.migrate(said.append))
    assert said[-1] == "0 steps" and whole(empty) == before
