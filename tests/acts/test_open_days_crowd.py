"""Places under a crowd: never one too many, never one lost, in whatever order things happen."""

import asyncio
from typing import Any

import pytest

from civic.acts.core import Actor
from civic.acts.open_days import door, editions, places
from civic.errors import CivicError, Conflict
from civic.ledger import sequencer
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.models import OpenDay, OpenDaySlot, Registration
from tests.support import open_days as made
from tests.support.deadlocks import deadlocks
from tests.support.open_days import consistent
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_five_hundred_at_the_same_instant_for_thirty_places(
    connected: str, world: World, tmp_path: Any
) -> None:
    """open_day.register: thirty are confirmed, the others wait in the order in which they were taken.

    Who comes first is decided by who holds the slot's lock first; the rows' ids and the record's turns are given out
    under it, so both tell that order, and the two must agree.
    """
    day = await made.announced(world.as_official, world.community, 30)
    slot = (await made.slots_of(day))[0]
    people = await world.residents(500)
    done = await asyncio.gather(*(places.register(Actor(person), slot.id) for person in people))
    assert sum(r.state == "confirmed" for r in done) == 30
    rows = await Registration.filter(slot_id=slot.id).order_by("id")
    assert [r.state for r in rows] == ["confirmed"] * 30 + ["waitlisted"] * 470
    taken = await world.recorded("open_day.register")
    turns = sorted((entry["payload"]["turn"], entry["payload"]["registration"]) for entry in taken)
    assert turns == [(turn, row.id) for turn, row in enumerate(rows, 1)]
    await consistent(slot.id)
    # Ten give back at the same instant as ten of those who wait leave: the first of the line move up.
    leaving = [*rows[:10], *rows[30:40]]
    owners = {person.id: person for person in people}
    await asyncio.gather(
        *(places.leave(Actor(owners[r.person_id]), slot.id, registration=r.id) for r in leaving)
    )
    await consistent(slot.id)
    after = await Registration.filter(slot_id=slot.id).order_by("id")
    assert [r.id for r in after if r.state == "confirmed"] == [r.id for r in (*rows[10:30], *rows[40:50])]
    assert [r.id for r in after if r.state == "waitlisted"] == [r.id for r in rows[50:]]
    await sequencer.seal()
    await export(tmp_path / "out")
    report = verify(str(tmp_path / "out"))
    assert report.ok, report.wrong
    assert any("500 registrations played again" in line for line in report.good)


async def test_one_person_at_the_same_instant_has_one_registration(connected: str, world: World) -> None:
    day = await made.announced(world.as_official, world.community, 30)
    slot = (await made.slots_of(day))[0]
    person = Actor(await world.resident())
    done = await asyncio.gather(
        *(places.register(person, slot.id) for _ in range(40)), return_exceptions=True
    )
    assert sum(isinstance(r, Registration) for r in done) == 1
    assert sum(isinstance(r, Conflict) for r in done) == 39
    assert (await consistent(slot.id)).taken == 1


async def test_host_and_guests_wait_for_each_other_in_turn(
    connected: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Coming, giving back, the door, a larger room and a cancellation at once, in two slots: nobody waits in a circle."""
    host, found = world.as_official, deadlocks(monkeypatch)
    people = [Actor(person) for person in await world.residents(12)]
    for _ in range(6):
        day = await made.announced(host, world.community, 5, 5)
        slots = await made.slots_of(day)
        here = [await places.register(person, slots[n % 2].id) for n, person in enumerate(people[:6])]
        done = await asyncio.gather(
            *(places.register(person, slots[n % 2].id) for n, person in enumerate(people[6:])),
            *(places.leave(people[n], slots[n % 2].id, registration=here[n].id) for n in range(3)),
            *(door.check_in(host, day, code=row.code) for row in here[2:]),
            *(editions.set_capacity(host, day, position=n, capacity=8) for n in (1, 2)),
            return_exceptions=True,
        )
        assert all(not isinstance(one, BaseException) or isinstance(one, CivicError) for one in done), done
        for slot in slots:
            await consistent(slot.id)
        gone = [row for row in here[3:] if (await Registration.get(id=row.id)).state == "confirmed"]
        done = await asyncio.gather(
            *(places.register(people[n], slots[n % 2].id) for n in range(2)),
            *(places.leave(people[3 + n], row.slot_id, registration=row.id) for n, row in enumerate(gone)),
            editions.cancel(host, day, reason="台风"),
            return_exceptions=True,
        )
        assert isinstance(done[-1], OpenDay), done
        states = await Registration.filter(open_day_id=day.id).values_list("state", flat=True)
        assert set(states) <= {"cancelled", "attended"}
    assert not found


async def test_the_database_itself_refuses_one_too_many(connected: str, world: World) -> None:
    from tortoise.exceptions import IntegrityError

    from civic import db

    day = await made.announced(world.as_official, world.community, 3)
    slot = (await made.slots_of(day))[0]

    async def cheat() -> None:
        await OpenDaySlot.filter(id=slot.id).update(taken=4)

    with pytest.raises(IntegrityError):
        await db.write(cheat)
