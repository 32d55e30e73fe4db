"""Acts that many people do at the same moment share a transaction: one commit, and a few statements for all of them.

    @act_together("ballot.cast", may=signed_in)
    async def _cast(calls: list[Call[Wish]]) -> list[Outcome[Receipt]]:
        ...

What waits while a transaction runs goes into the next one, and before that begins, who is at the door may come in: those
who were just answered and go on. A lonely call waits a few empty turns of the event loop for them. Each call is allowed or
refused, recorded and told for itself: the body gives for each a `Done` or the refusal. Should anything else go wrong, all of
the group is undone and each call is tried alone. Within another act the call joins that act's transaction, alone.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from functools import wraps
from secrets import token_bytes
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from civic import db, events, measures
from civic.acts import core
from civic.acts.core import Actor, May, Record
from civic.errors import CivicError

W = TypeVar("W")
R = TypeVar("R")
T = TypeVar("T")
MOST = 64
TURNS = 5  # of the event loop, in which requests that have arrived become calls, before a transaction begins
LANES = 4  # transactions at a time on PostgreSQL, so that some are filled while others are being committed


@dataclass(frozen=True, slots=True)
class Call(Generic[W]):
    """Who calls, and what they wish."""

    actor: Actor
    wish: W


@dataclass(frozen=True, slots=True)
class Done(Generic[R]):
    """A call that was carried out, and its record."""

    result: R
    record: Record


Outcome = Done[R] | CivicError
Body = Callable[[list[Call[W]]], Awaitable[list[Outcome[R]]]]
Answer = tuple[Call[W], "asyncio.Future[R]"]


@dataclass(slots=True)
class _Queue(Generic[W, R]):
    """What waits in one event loop, and the tasks that take it away."""

    waiting: list[Answer[W, R]] = field(default_factory=list)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)


def act_together(
    name: str, *, may: May
) -> Callable[[Body[W, R]], Callable[[Actor, W], Coroutine[Any, Any, R]]]:
    """Declare an act whose calls at the same moment share a transaction; ``may(actor, None)`` is asked for each."""

    def declare(body: Body[W, R]) -> Callable[[Actor, W], Coroutine[Any, Any, R]]:
        core._register(name, may, body)
        queues: WeakKeyDictionary[asyncio.AbstractEventLoop, _Queue[W, R]] = WeakKeyDictionary()

        async def carry_out(calls: list[Call[W]]) -> list[Outcome[R]]:
            """Within a transaction: ask for permission, run the body, put on record what was done."""
            outcomes: list[Outcome[R] | None] = []
            for call in calls:
                try:
                    await may(call.actor, None)
                    outcomes.append(None)
                except CivicError as error:
                    outcomes.append(error)
            allowed = [place for place, outcome in enumerate(outcomes) if outcome is None]
            if allowed:
                for place, outcome in zip(allowed, await body([calls[p] for p in allowed]), strict=True):
                    outcomes[place] = outcome
            done = [(calls[p].actor, o.record) for p, o in enumerate(outcomes) if isinstance(o, Done)]
            await core.append_all(name, shuffled(done))  # the order of calls is nobody's business
            return [outcome for outcome in outcomes if outcome is not None]

        async def run(group: list[Answer[W, R]]) -> None:
            """Carry out a group and answer it."""
            calls = [call for call, _ in group]
            try:
                outcomes = await db.write(lambda: carry_out(calls))
            except Exception as error:
                if len(group) > 1:
                    for one in group:
                        await run([one])
                elif not group[0][1].done():
                    group[0][1].set_exception(error)
                return
            await _tell(name, outcomes)
            for (_, answer), outcome in zip(group, outcomes, strict=True):
                if answer.done():
                    continue  # who asked has gone
                if isinstance(outcome, Done):
                    answer.set_result(outcome.result)
                else:
                    answer.set_exception(outcome)

        async def come_in(queue: _Queue[W, R]) -> None:
            """Let those join whose requests are here; else two halves alternate, in twice as many transactions."""
            for _ in range(TURNS):
                if len(queue.waiting) >= MOST:
                    break
                await asyncio.sleep(0)

        async def work(queue: _Queue[W, R]) -> None:
            task = asyncio.current_task()
            try:
                while queue.waiting:
                    await come_in(queue)
                    group, queue.waiting = queue.waiting[:MOST], queue.waiting[MOST:]
                    if group:  # else another lane was quicker
                        await run(group)
            finally:  # at once, not by a callback: whoever comes next must see that nobody works any more
                if task is not None:
                    queue.tasks.discard(task)

        @wraps(body)
        async def call(actor: Actor, wish: W) -> R:
            if core.within_act():
                outcome = (await carry_out([Call(actor, wish)]))[0]
                if isinstance(outcome, Done):
                    core.will_tell(name, outcome.record)
                    return outcome.result
                raise outcome
            loop = asyncio.get_running_loop()
            queue = queues.get(loop)
            if queue is None:
                queue = queues[loop] = _Queue()
            answer: asyncio.Future[R] = loop.create_future()
            queue.waiting.append((Call(actor, wish), answer))
            if len(queue.tasks) < (LANES if db.on_postgres() else 1):
                queue.tasks.add(loop.create_task(work(queue), context=contextvars.copy_context()))
            return await answer

        return call

    return declare


def shuffled(many: list[T]) -> list[T]:
    """The same in an order that nobody can foretell, by the system's own random bytes, fetched at once."""
    keys = token_bytes(16 * len(many))
    order = sorted(range(len(many)), key=lambda place: keys[16 * place : 16 * place + 16])
    return [many[place] for place in order]


async def _tell(name: str, outcomes: list[Outcome[Any]]) -> None:
    """Count what happened, and tell listeners of each subject once."""
    topics: dict[tuple[str, str], None] = {}
    carried_out = sum(isinstance(outcome, Done) for outcome in outcomes)
    if carried_out:
        measures.ACTS.labels(name).inc(carried_out)
    for outcome in outcomes:
        if isinstance(outcome, Done):
            topics[f"{outcome.record.kind}:{outcome.record.id}", name] = None
        else:
            measures.REFUSALS.labels(name, outcome.code).inc()
    for topic, act in topics:
        events.publish(topic, act)
    if topics:
        await db.tell(list(topics), set())
