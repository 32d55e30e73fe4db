"""An act is one transaction: permission, change, record, news."""

import asyncio
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from civic import db, events
from civic.acts import core
from civic.acts.core import SYSTEM, Actor, Record, act, act_on, note
from civic.acts.permissions import anybody, signed_in
from civic.errors import InvalidInput, NotFound, NotSignedIn
from civic.models import Area, LedgerEntry

pytestmark = pytest.mark.anyio


@act("test.make", may=anybody)
async def make(actor: Actor, code: str, fail: bool = False) -> Area:
    """Make an area."""
    area = await Area.create(code=code, name="甲", level="city")
    note(Record("area", area.id, {"code": code}))
    if fail:
        raise InvalidInput("no")
    return area


@act("test.forget", may=anybody)
async def forget(actor: Actor) -> None:
    """Notes nothing."""
    await Area.create(code="x", name="甲", level="city")


@act_on(Area, "test.rename", may=signed_in)
async def rename(actor: Actor, area: Area, name: str) -> Area:
    """Rename an area."""
    area.name = name
    await area.save()
    note(Record("area", area.id))
    return area


@act("test.twice", may=anybody)
async def twice(actor: Actor, second: str) -> None:
    """An act of two acts."""
    await make(actor, "1")
    await make(actor, second)
    note(Record("area", 0))


async def count() -> tuple[int, int]:
    return await Area.all().count(), await LedgerEntry.all().count()


async def test_the_change_and_its_record_commit_together(connected: str) -> None:
    with events.listening("area:1") as told:
        area = await make(SYSTEM, "310000")
        assert told.get_nowait() == "test.make"
    assert await count() == (1, 1)
    entry = await LedgerEntry.get()
    assert (entry.act, entry.kind, entry.subject_id, entry.seq) == ("test.make", "area", str(area.id), None)
    assert '"payload":{"code":"310000"}' in entry.payload


async def test_a_refusal_undoes_all(connected: str) -> None:
    with pytest.raises(InvalidInput):
        await make(SYSTEM, "310000", fail=True)
    with pytest.raises(RuntimeError, match="noted nothing"):
        await forget(SYSTEM)
    with pytest.raises(IntegrityError):
        await twice(SYSTEM, "1")
    assert await count() == (0, 0)
    await twice(SYSTEM, "2")
    assert await count() == (2, 3)


async def test_permission_is_asked_first(connected: str) -> None:
    area = await make(SYSTEM, "1")
    with pytest.raises(NotSignedIn):
        await rename(SYSTEM, area, "乙")
    with pytest.raises(NotFound):
        await rename(SYSTEM, 999, "乙")


async def test_one_failure_in_a_burst_spoils_no_other(connected: str) -> None:
    results: list[Any] = await asyncio.gather(
        *(make(SYSTEM, str(i // 2)) for i in range(40)), return_exceptions=True
    )
    assert sum(isinstance(r, Area) for r in results) == 20
    assert sum(isinstance(r, IntegrityError) for r in results) == 20
    assert await count() == (20, 20)


async def test_nothing_is_written_outside_an_act_on_sqlite(connected: str) -> None:
    if connected == "postgres":
        return
    with pytest.raises(OperationalError, match="readonly"):
        await Area.create(code="1", name="甲", level="city")


async def test_changes_are_counted_for_each_table(connected: str) -> None:
    before = dict(db.versions)
    token = db.touched_tables.set(set())
    await Area.filter(code="1").exists()
    assert db.touched_tables.get() == {"area"}
    db.touched_tables.reset(token)
    await make(SYSTEM, "1")
    assert db.versions["area"] > before["area"]
    assert db.versions["ledger_entry"] > before["ledger_entry"]
    assert db.versions["proposal"] == before["proposal"]


def test_the_table_of_acts_names_them() -> None:
    assert "| `test.make` | Make an area. | anybody |" in core.table()
