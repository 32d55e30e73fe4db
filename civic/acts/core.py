"""What an act is: permission, transaction, record and news, in one place.

    @act("proposal.create", may=signed_in)
    async def create(actor: Actor, *, title: str) -> Proposal:
        ...
        note(Record("proposal", proposal.id, {"title": digest}))
        return proposal

    @act_on(Proposal, "proposal.publish", may=author)
    async def publish(actor: Actor, proposal: Proposal) -> Proposal: ...

The body runs in a transaction. What it notes goes to the ledger in the same transaction; after the commit,
listeners to its subjects are told. An act that notes nothing is a mistake and fails. Acts may call acts.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from tortoise.models import Model

from civic import clock, db, events, measures
from civic.errors import N_, CivicError, NotFound
from civic.ledger import entries
from civic.models import Party, Person

P = ParamSpec("P")
T = TypeVar("T")
M = TypeVar("M", bound=Model)
May = Callable[["Actor", Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, for themself or for a party; at a counter on behalf of somebody; or the platform."""

    person: Person | None = None
    party: Party | None = None
    on_behalf_of: Person | None = None
    system: bool = False


SYSTEM = Actor(system=True)


@dataclass(frozen=True, slots=True)
class Record:
    """What the ledger says of an act: its subject, and a payload without personal data.

    anonymous: neither who acted nor when within the day is said (votes).
    """

    kind: str
    id: object
    payload: dict[str, Any] = field(default_factory=dict)
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Description:
    """An act as the table of acts shows it."""

    name: str
    may: str
    says: str

    @property
    def title(self) -> str:
        """What is done, in a few words: a text that the catalogue has in Chinese."""
        return title_of(self.says)


def title_of(says: str) -> str:
    """``Support a proposal, once.`` without its full stop and what follows a colon or semicolon."""
    return re.split(r"[:;.](?:\s|$)", says, maxsplit=1)[0]


ACTS: dict[str, Description] = {}


@dataclass(slots=True)
class _Unit:
    """One outermost act while it runs."""

    events: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Running:
    name: str
    records: list[Record] = field(default_factory=list)


_unit: ContextVar[_Unit | None] = ContextVar("civic_unit", default=None)
_running: ContextVar[_Running | None] = ContextVar("civic_act", default=None)


def note(record: Record) -> None:
    """Put this on the record of the act that is running. RuntimeError outside of one."""
    running = _running.get()
    if running is None:
        raise RuntimeError("only acts are recorded")
    running.records.append(record)


def _register(name: str, may: May, body: Callable[..., Any]) -> None:
    if name in ACTS:
        raise RuntimeError(f"two acts are called {name}")
    says = (body.__doc__ or "").strip().splitlines()
    ACTS[name] = Description(
        name, (may.__doc__ or may.__name__).strip().splitlines()[0], says[0] if says else ""
    )


async def _perform(name: str, actor: Actor, body: Callable[[], Awaitable[T]]) -> T:
    """Run ``body`` as the act ``name`` in a transaction and record it."""
    outer = _unit.get()
    told: list[tuple[str, str]] = []

    async def run() -> T:
        unit = outer or _Unit()
        _unit.set(unit)
        before = _running.get()
        running = _Running(name)
        _running.set(running)
        try:
            result = await body()
        finally:
            _running.set(before)
        if not running.records:
            raise RuntimeError(f"{name} noted nothing for the record")
        await append_all(name, [(actor, record) for record in running.records])
        unit.events += [(f"{record.kind}:{record.id}", name) for record in running.records]
        if outer is None:
            told[:] = unit.events
        return result

    try:
        result = await db.write(run)
    except CivicError as error:
        measures.REFUSALS.labels(name, error.code).inc()
        raise
    for _, done in told:
        measures.ACTS.labels(done).inc()
    for topic, act_name in dict.fromkeys(told):
        events.publish(topic, act_name)
    if told:
        await db.tell(told, set())
    return result


async def append_all(name: str, done: list[tuple[Actor, Record]]) -> None:
    """Write the records of an act, for each with who acted, within its transaction."""
    await entries.append_rows([_entry(name, actor, record) for actor, record in done])


def _entry(name: str, actor: Actor, record: Record) -> entries.Row:
    payload = record.payload
    if actor.on_behalf_of is not None and not record.anonymous:
        payload = {**payload, "on_behalf_of": actor.on_behalf_of.pseudonym}
    return entries.row(
        name,
        at=clock.now(),
        actor=actor.person.pseudonym if actor.person else None,
        party=actor.party.id if actor.party else None,
        kind=record.kind,
        subject=str(record.id),
        payload=payload,
        anonymous=record.anonymous,
    )


def within_act() -> bool:
    """Whether an act is running, whose transaction an inner one joins."""
    return _unit.get() is not None


def will_tell(name: str, record: Record) -> None:
    """Tell listeners of ``record`` when the outermost act has been committed."""
    unit = _unit.get()
    if unit is not None:
        unit.events.append((f"{record.kind}:{record.id}", name))


def act(
    name: str, *, may: May
) -> Callable[
    [Callable[Concatenate[Actor, P], Awaitable[T]]], Callable[Concatenate[Actor, P], Coroutine[Any, Any, T]]
]:
    """Declare an act without a subject of its own. ``may(actor, None)`` raises when it is not allowed."""

    def declare(
        body: Callable[Concatenate[Actor, P], Awaitable[T]],
    ) -> Callable[Concatenate[Actor, P], Coroutine[Any, Any, T]]:
        _register(name, may, body)

        @wraps(body)
        async def call(actor: Actor, *args: P.args, **kwargs: P.kwargs) -> T:
            async def run() -> T:
                await may(actor, None)
                return await body(actor, *args, **kwargs)

            return await _perform(name, actor, run)

        return call  # type: ignore[return-value]

    return declare


def act_on(
    model: type[M], name: str, *, may: May, first: Callable[[Any], Awaitable[None]] | None = None
) -> Callable[
    [Callable[Concatenate[Actor, M, P], Awaitable[T]]],
    Callable[Concatenate[Actor, M | int | UUID, P], Coroutine[Any, Any, T]],
]:
    """Declare an act on one row of ``model``, given itself or by its key.

    The row is read again and locked within the transaction, so the body sees it as it is now; NotFound when it
    is gone. ``may(actor, row)`` raises when it is not allowed. ``first(key)`` locks what comes before the row where
    rows are locked in an order.
    """

    def declare(
        body: Callable[Concatenate[Actor, M, P], Awaitable[T]],
    ) -> Callable[Concatenate[Actor, M | int | UUID, P], Coroutine[Any, Any, T]]:
        _register(name, may, body)

        @wraps(body)
        async def call(actor: Actor, subject: M | int | UUID, *args: P.args, **kwargs: P.kwargs) -> T:
            key = subject.pk if isinstance(subject, Model) else subject

            async def run() -> T:
                if first is not None:
                    await first(key)
                row = await model.select_for_update().get_or_none(pk=key)
                if row is None:
                    raise NotFound(N_("This does not exist, or no longer."), reason="gone")
                await may(actor, row)
                return await body(actor, row, *args, **kwargs)

            return await _perform(name, actor, run)

        return call  # type: ignore[return-value]

    return declare


def every_act() -> dict[str, Description]:
    """All acts by name, their modules loaded."""
    from importlib import import_module
    from pkgutil import iter_modules

    import civic.acts

    for module in iter_modules(civic.acts.__path__):
        import_module(f"civic.acts.{module.name}")
    return ACTS


def table() -> str:
    """All acts as a Markdown document: name, what it does, who may."""
    every_act()
    lines = ["# Acts", "", "Every change is one of these. Made by `make docs`.", ""]
    lines += ["| act | what it does | who may |", "|---|---|---|"]
    lines += [f"| `{d.name}` | {d.says} | {d.may} |" for d in sorted(ACTS.values(), key=lambda d: d.name)]
    return "\n".join(lines) + "\n"
