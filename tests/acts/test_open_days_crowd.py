"""Places under a crowd: never one too many, never one lost, in whatever order things happen."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic.acts.core import Actor
from civic.acts.open_days import places
from civic.errors import Conflict, NotFound
from civic.ledger import sequencer
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.models import OpenDay, OpenDaySlot, Registration
from tests.support import open_days as made
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def consistent(slot_id: int) -> OpenDaySlot:
    """The counters of a slot are the sums of its registrations; nobody who fits waits."""
    slot = await OpenDaySlot.get(id=slot_id)
    rows = await Registration.filter(slot_id=slot_id).order_by("id")
    taken = sum(r.size for r in rows if r.state in ("confirmed", "attended"))
    line = [r for r in rows if r.state == "waitlisted"]
    assert (slot.taken, slot.waiting) == (taken, sum(r.size for r in line))
    assert 0 <= taken <= slot.capacity
    assert all(r.size > slot.capacity - taken for r in line)
    day = await OpenDay.get(id=slot.open_day_id)
    assert (day.registered, day.waiting) == (slot.taken, slot.waiting)
    return slot


async def test_five_hundred_at_the_same_instant_for_thirty_places(
    connected: str, world: World, tmp_path: Any
) -> None:
    """open_day.register: thirty are confirmed, the others wait in the order in which they were taken."""
    day = await made.announced(world.as_official, world.community, 30)
    slot = (await made.slots_of(day))[0]
    people = await world.residents(500)
    done = await asyncio.gather(*(places.register(Actor(person), slot.id) for person in people))
    assert sum(r.state == "confirmed" for r in done) == 30
    rows = await Registration.filter(slot_id=slot.id).order_by("id")
    assert [r.state for r in rows] == ["confirmed"] * 30 + ["waitlisted"] * 470
    await consistent(slot.id)
    # Ten give back at the same instant as ten of those who wait leave: the first of the line move up.
    leaving = [r for r in rows if r.state == "confirmed"][:10] + rows[30:40]
    owners = {person.id: person for person in people}
    await asyncio.gather(
        *(places.leave(Actor(owners[r.person_id]), slot.id, registration=r.id) for r in leaving)
    )
    await consistent(slot.id)
    await sequencer.seal()
    await export(tmp_path / "out")
    assert verify(str(tmp_path / "out")).ok


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


async def test_the_database_itself_refuses_one_too_many(connected: str, world: World) -> None:
    from tortoise.exceptions import IntegrityError

    from civic import db

    day = await made.announced(world.as_official, world.community, 3)
    slot = (await made.slots_of(day))[0]

    async def cheat() -> None:
        await OpenDaySlot.filter(id=slot.id).update(taken=4)

    with pytest.raises(IntegrityError):
        await db.write(cheat)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("come"), st.integers(0, 4)),
        st.tuples(st.just("go"), st.integers(0, 60)),
        st.tuples(st.just("grow"), st.integers(1, 3)),
        st.tuples(st.just("crowd"), st.integers(2, 5)),
    ),
    min_size=3,
    max_size=25,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=steps)
async def test_any_order_of_coming_and_going(
    connected: str, world: World, story: list[tuple[str, int]]
) -> None:
    """Registrations, cancellations and larger rooms interleaved at random, some of them at the same instant."""
    from civic.acts.open_days import editions

    host = world.as_official
    day = await made.announced(host, world.community, 6)
    slot = (await made.slots_of(day))[0]
    standing: list[Registration] = []

    async def come(companions: int) -> None:
        standing.append(await places.register(Actor(await world.resident()), slot.id, companions=companions))

    async def go(which: int) -> None:
        row = standing.pop(which % len(standing))
        await places.leave(Actor(await row.person), slot.id, registration=row.id)

    for what, number in story:
        if what == "come":
            await come(number)
        elif what == "go" and standing:
            await go(number)
        elif what == "grow":
            capacity = (await OpenDaySlot.get(id=slot.id)).capacity
            await editions.set_capacity(host, day, position=1, capacity=capacity + number)
        elif what == "crowd":
            people = [Actor(await world.resident()) for _ in range(number)]
            leaving = standing[: number // 2]
            del standing[: number // 2]
            owners = [Actor(await row.person) for row in leaving]
            done = await asyncio.gather(
                *(places.register(p, slot.id, companions=i % 3) for i, p in enumerate(people)),
                *(places.leave(o, slot.id, registration=r.id) for o, r in zip(owners, leaving, strict=True)),
            )
            standing += done[:number]
        await consistent(slot.id)
    with pytest.raises(NotFound):
        await places.leave(host, slot.id, registration=10**9)
