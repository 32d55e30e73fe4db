"""Acts that share a transaction: each is answered, refused, recorded and told for itself."""

import asyncio
from typing import Any

import pytest

from civic import db, events
from civic.acts.core import ACTS, SYSTEM, Actor, Record, act, note
from civic.acts.permissions import anybody, signed_in
from civic.acts.together import MOST, Call, Done, Outcome, act_together, shuffled
from civic.errors import InvalidInput, NotSignedIn
from civic.models import Area, LedgerEntry
from tests.support.world import World

pytestmark = pytest.mark.anyio
groups: list[int] = []


@act_together("test.plant", may=anybody)
async def plant(calls: list[Call[str]]) -> list[Outcome[str]]:
    """Plant something in each area."""
    groups.append(len(calls))
    outcomes: list[Outcome[str]] = []
    for call in calls:
        if call.wish == "weed":
            outcomes.append(InvalidInput("no weeds", reason="weed"))
        elif call.wish == "bomb":
            raise ZeroDivisionError
        else:
            area = await Area.create(code=call.wish, name="甲", level="city")
            outcomes.append(Done(f"planted {call.wish}", Record("area", area.id, {"code": call.wish})))
    return outcomes


@act_together("test.private", may=signed_in)
async def private(calls: list[Call[str]]) -> list[Outcome[str]]:
    """For people only."""
    return [Done(call.wish, Record("area", 1)) for call in calls]


@act("test.garden", may=anybody)
async def garden(actor: Actor, *wishes: str) -> list[str]:
    """Plant several within one act."""
    done = [await plant(actor, wish) for wish in wishes]
    note(Record("area", 0))
    return done


async def test_calls_at_the_same_moment_share_a_transaction(connected: str) -> None:
    groups.clear()
    results: list[Any] = await asyncio.gather(
        *(plant(SYSTEM, "weed" if n % 10 == 3 else str(n)) for n in range(300)), return_exceptions=True
    )
    assert sum(groups) == 300 and len(groups) < 60 and max(groups) <= MOST
    for number, result in enumerate(results):
        if number % 10 == 3:
            assert isinstance(result, InvalidInput) and result.reason == "weed"
        else:
            assert result == f"planted {number}"
    assert await Area.all().count() == await LedgerEntry.filter(act="test.plant").count() == 270


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_two_halves_find_together(connected: str) -> None:
    """Else one half would be writing its answers and reading requests while the other's transaction runs, for ever."""
    groups.clear()

    async def go_on(name: str) -> None:
        for turn in range(6):
            await plant(SYSTEM, f"{name}-{turn}")
            for _ in range(2):  # an answer is written, the next request is read
                await asyncio.sleep(0)

    async def half(name: str) -> None:
        await asyncio.gather(*(go_on(f"{name}{n}") for n in range(8)))

    first = asyncio.create_task(half("a"))
    for _ in range(1000):
        if not groups:
            await asyncio.sleep(0)
    await asyncio.gather(first, half("b"))
    assert sum(groups) == 96 and groups.count(16) >= 4, groups


async def test_a_crash_spoils_only_its_own_call(connected: str) -> None:
    wishes = ["a", "b", "bomb", "c", "a"]  # the second "a" breaks a rule of the database
    results: list[Any] = await asyncio.gather(*(plant(SYSTEM, w) for w in wishes), return_exceptions=True)
    assert [r if isinstance(r, str) else type(r).__name__ for r in results] == [
        "planted a", "planted b", "ZeroDivisionError", "planted c", "IntegrityError",
    ]  # fmt: skip
    assert await Area.all().count() == await LedgerEntry.all().count() == 3


async def test_a_caller_who_goes_away_holds_up_nobody(connected: str) -> None:
    tasks = [asyncio.create_task(plant(SYSTEM, str(n))) for n in range(30)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    results: list[Any] = await asyncio.gather(*tasks, return_exceptions=True)
    assert [r for r in results if isinstance(r, str)] == [f"planted {n}" for n in range(1, 30, 2)]
    assert await plant(SYSTEM, "later") == "planted later"


async def test_permission_is_asked_for_each(connected: str, world: World) -> None:
    person = Actor(await world.guest())
    results = await asyncio.gather(
        private(person, "x"), private(Actor(), "y"), private(person, "z"), return_exceptions=True
    )
    assert (results[0], results[2]) == ("x", "z") and isinstance(results[1], NotSignedIn)
    assert [p["actor"] for p in await world.recorded("test.private")] == [person.person.pseudonym] * 2  # type: ignore[union-attr]


async def test_listeners_are_told_after_the_commit(connected: str) -> None:
    first = await Area.all().count()
    with events.listening("area:1") as told:
        await plant(SYSTEM, "one")
        area = await Area.get(code="one")
        assert first == 0 and (told.get_nowait() == "test.plant") is (area.id == 1)


async def test_within_another_act_it_joins_that_one(connected: str) -> None:
    assert await garden(SYSTEM, "1", "2") == ["planted 1", "planted 2"]
    with pytest.raises(InvalidInput):
        await garden(SYSTEM, "3", "weed")
    assert await Area.all().count() == 2
    before = db.versions["area"]
    with events.listening("area:3") as told:
        await garden(SYSTEM, "3")
        assert {told.get_nowait() for _ in range(told.qsize())} <= {"test.plant"}
    assert db.versions["area"] > before
    assert ACTS["test.plant"].says == "Plant something in each area."


def test_the_order_of_records_is_any() -> None:
    many = list(range(8))
    seen = {tuple(shuffled(many)) for _ in range(400)}
    assert len(seen) > 390 and all(sorted(order) == many for order in seen)
    assert {order[0] for order in seen} == {order[-1] for order in seen} == set(many)
    assert shuffled([1]) == [1] and shuffled([]) == []
