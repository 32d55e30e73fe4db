"""Coming, going, larger rooms, the door and cancellation interleaved at random, one by one and at the same instant.

A model that was written apart from the platform's rules says after each step who is inside and who waits, in order.
Where several act at once it cannot know who was first; then the record's turns say it, and the model follows them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import anyio.from_thread
import anyio.to_thread
import orjson
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from civic.acts.core import Actor
from civic.acts.open_days import door, editions, places
from civic.errors import CivicError, InvalidState
from civic.models import LedgerEntry, OpenDay, OpenDaySlot, Registration
from tests.support import open_days as made
from tests.support.deadlocks import deadlocks
from tests.support.open_days import consistent
from tests.support.world import World

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(600)]
SIZES = st.integers(0, 4)


@dataclass
class Model:
    """Who is inside, who waits in order, who has come in: registration -> people."""

    capacity: int
    inside: dict[int, int] = field(default_factory=dict)
    line: list[tuple[int, int]] = field(default_factory=list)
    came: set[int] = field(default_factory=set)

    @property
    def free(self) -> int:
        return self.capacity - sum(self.inside.values())

    def come(self, key: int, people: int) -> None:
        if people <= self.free:
            self.inside[key] = people
        else:
            self.line.append((key, people))

    def go(self, key: int) -> None:
        self.inside.pop(key, None)
        self.line = [(k, n) for k, n in self.line if k != key]
        self.move()

    def grow(self, more: int) -> None:
        self.capacity += more
        self.move()

    def move(self) -> None:
        while lucky := next(((k, n) for k, n in self.line if n <= self.free), None):
            self.line.remove(lucky)
            self.inside[lucky[0]] = lucky[1]


def machine(world: World, run: Callable[[Coroutine[Any, Any, Any]], Any]) -> type[RuleBasedStateMachine]:
    host = world.as_official

    class OpenDayMachine(RuleBasedStateMachine):
        day: OpenDay
        slot: OpenDaySlot
        cancelled = False

        @initialize(capacity=st.integers(3, 9))
        def announce(self, capacity: int) -> None:
            self.day = run(made.announced(host, world.community, capacity))
            self.slot = run(made.slots_of(self.day))[0]
            self.model = Model(capacity)
            self.owners: dict[int, Actor] = {}
            self.turn = 0

        def standing(self) -> list[int]:
            return [
                k for k in self.owners if k in self.model.inside or any(k == w for w, _ in self.model.line)
            ]

        def leaving(self, which: int, number: int = 1) -> list[int]:
            """Some who can still give back what they have."""
            found = [k for k in self.standing() if k not in self.model.came]
            return [found[(which + n) % len(found)] for n in range(min(number, len(found)))]

        async def register(self, people: int) -> Registration:
            actor = Actor(await world.resident())
            row = await places.register(actor, self.slot.id, companions=people - 1)
            self.owners[row.id] = actor
            return row

        async def leave(self, key: int) -> None:
            await places.leave(self.owners[key], self.slot.id, registration=key)

        def follow(self) -> None:
            """Let the model see what happened since, in the order of the turns on record."""
            for payload in sorted(run(self.turns()), key=lambda p: p["turn"]):
                self.turn += 1
                assert payload["turn"] == self.turn, "no turn is left out or given twice"
                if "capacity" in payload:
                    self.model.grow(payload["capacity"] - self.model.capacity)
                elif payload["state"] == "cancelled":
                    self.model.go(payload["registration"])
                elif payload["registration"] not in [*self.model.inside, *(k for k, _ in self.model.line)]:
                    self.model.come(payload["registration"], payload["size"])
                else:
                    assert payload["registration"] in self.model.inside, "somebody moved up out of turn"

        async def turns(self) -> list[dict[str, Any]]:
            rows = await LedgerEntry.filter(kind="open_day", subject_id=str(self.day.id))
            found = [orjson.loads(row.payload)["payload"] for row in rows]
            return [payload for payload in found if payload.get("turn", 0) > self.turn]

        @precondition(lambda self: not self.cancelled)
        @rule(companions=SIZES)
        def one_comes(self, companions: int) -> None:
            row = run(self.register(companions + 1))
            fits = companions + 1 <= self.model.free
            assert row.state == ("confirmed" if fits else "waitlisted")
            self.follow()

        @precondition(lambda self: not self.cancelled and self.leaving(0))
        @rule(which=st.integers(0, 99))
        def one_goes(self, which: int) -> None:
            run(self.leave(self.leaving(which)[0]))
            self.follow()

        @precondition(lambda self: not self.cancelled)
        @rule(more=st.integers(1, 4))
        def the_room_grows(self, more: int) -> None:
            run(editions.set_capacity(host, self.day, position=1, capacity=self.model.capacity + more))
            self.follow()

        @precondition(lambda self: not self.cancelled and self.leaving(0))
        @rule(which=st.integers(0, 99))
        def one_is_let_in(self, which: int) -> None:
            key = self.leaving(which)[0]
            row = run(_row(key))
            if key in self.model.inside:
                assert run(door.check_in(host, self.day, code=row.code)).registration.state == "attended"
                self.model.came.add(key)
            else:
                with pytest.raises(CivicError, match="waits in line"):
                    run(door.check_in(host, self.day, code=row.code))

        @precondition(lambda self: not self.cancelled)
        @rule(
            coming=st.lists(SIZES, min_size=1, max_size=4),
            which=st.integers(0, 99),
            going=st.integers(0, 3),
            more=st.integers(0, 3),
        )
        def all_at_once(self, coming: list[int], which: int, going: int, more: int) -> None:
            async def together() -> None:
                work: list[Coroutine[Any, Any, Any]] = [self.register(n + 1) for n in coming]
                if going:
                    work += [self.leave(key) for key in self.leaving(which, going)]
                if more:
                    wanted = self.model.capacity + more
                    work.append(editions.set_capacity(host, self.day, position=1, capacity=wanted))
                await asyncio.gather(*work)

            run(together())
            self.follow()

        @precondition(lambda self: not self.cancelled and len(self.owners) > 3)
        @rule(coming=st.integers(1, 3))
        def it_is_cancelled_while_they_come(self, coming: int) -> None:
            async def together() -> list[Any]:
                late = [self.register(1) for _ in range(coming)]
                return await asyncio.gather(
                    *late, editions.cancel(host, self.day, reason="台风"), return_exceptions=True
                )

            done = run(together())
            assert all(isinstance(one, Registration | OpenDay | CivicError) for one in done), done
            self.cancelled = True

        @precondition(lambda self: self.cancelled)
        @rule()
        def nobody_comes_to_what_is_cancelled(self) -> None:
            with pytest.raises(InvalidState):
                run(self.register(1))

        @invariant()
        def the_database_agrees(self) -> None:
            if not hasattr(self, "model"):
                return
            rows = run(_rows(self.slot.id))
            if self.cancelled:
                assert {row.state for row in rows} <= {"cancelled", "attended"}
                return
            inside = {row.id: row.size for row in rows if row.state in ("confirmed", "attended")}
            assert inside == self.model.inside
            assert [(r.id, r.size) for r in rows if r.state == "waitlisted"] == self.model.line
            assert {row.id for row in rows if row.state == "attended"} == self.model.came
            assert sum(inside.values()) <= self.model.capacity == run(consistent(self.slot.id)).capacity

    return OpenDayMachine


async def _row(key: int) -> Registration:
    return await Registration.get(id=key)


async def _rows(slot: int) -> list[Registration]:
    return await Registration.filter(slot_id=slot).order_by("id")


async def test_no_place_is_lost_or_given_twice(
    connected: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = deadlocks(monkeypatch)

    def run(work: Coroutine[Any, Any, Any]) -> Any:
        async def wait() -> Any:
            return await work

        return anyio.from_thread.run(wait)

    def play() -> None:
        run_state_machine_as_test(
            machine(world, run),
            settings=settings(
                max_examples=12,
                stateful_step_count=20,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )

    await anyio.to_thread.run_sync(play)
    assert not found
