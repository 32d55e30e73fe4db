"""Who may do what, as a table: one row for every act, tried by every role. See tests/acts/test_permissions.py."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from civic.acts.core import SYSTEM, Actor
from civic.models import Party, Person
from tests.support import world as rows
from tests.support.world import World

# Every role that a row is tried with. The department covers the district, in which everything happens.
ROLES = (
    "guest",  # nobody is signed in
    "unverified",  # an account without a verified residence
    "resident",  # verified in the community
    "resident_elsewhere",  # verified in another district
    "manager",  # of an enterprise in the district
    "delegate",  # of the same enterprise
    "clerk",  # of the same enterprise
    "host",  # a manager of the department
    "host_clerk",  # a clerk of the department
    "official_elsewhere",  # a manager of a department of another district
    "chair",  # of a joint meeting of the department; has no other part in anything
    "secretary",  # of the same meeting
    "steward",
    "system",  # the platform itself
)
PEOPLE = tuple(role for role in ROLES if role not in ("guest", "system"))

Attempt = Callable[[Actor], Awaitable[Any]]
SetUp = Callable[["Cast"], Awaitable[Attempt]]


@dataclass(frozen=True)
class Cast:
    """The people of a row: ``cast["resident"]`` is an Actor, ``cast.person("resident")`` its person."""

    world: World
    actors: dict[str, Actor]

    def __getitem__(self, role: str) -> Actor:
        return self.actors[role]

    def person(self, role: str) -> Person:
        person = self.actors[role].person
        assert person is not None
        return person

    def party(self, role: str) -> Party:
        party = self.actors[role].party
        assert party is not None
        return party

    @classmethod
    async def make(cls, world: World) -> Cast:
        enterprise = await rows.party("enterprise", "测试企业", world.district)
        other = await rows.party("government", "测试他区政务办", world.elsewhere)

        async def acting(role: str, party: Party) -> Actor:
            person = await rows.person(role)
            await rows.member(party, person, role)
            return Actor(person, party=party)

        chair, secretary = await rows.person("chair"), await rows.person("secretary")
        await rows.meeting(world, chair, secretary)
        actors = {
            "guest": Actor(),
            "unverified": Actor(await world.guest()),
            "resident": Actor(await world.resident()),
            "resident_elsewhere": Actor(await world.resident(where=world.elsewhere)),
            "manager": await acting("manager", enterprise),
            "delegate": await acting("delegate", enterprise),
            "clerk": await acting("clerk", enterprise),
            "host": world.as_official,
            "host_clerk": await acting("clerk", world.department),
            "official_elsewhere": await acting("manager", other),
            "chair": Actor(chair),
            "secretary": Actor(secretary),
            "steward": world.as_steward,
            "system": SYSTEM,
        }
        assert tuple(actors) == ROLES
        return cls(world, actors)


@dataclass(frozen=True)
class Row:
    """An act, who may do it, and what must be there before."""

    act: str
    allowed: tuple[str, ...]
    set_up: SetUp
    not_now: tuple[str, ...] = ()
    committed: bool = False


ROWS: dict[str, list[Row]] = {}


def row(
    act: str, *allowed: str, not_now: tuple[str, ...] = (), committed: bool = False
) -> Callable[[SetUp], SetUp]:
    """Declare a row; the function makes what is needed and gives the attempt. An act may have several rows.

    not_now: roles that may, but not in this set-up: their refusal is not about who they are.
    committed: what is set up must be committed (sealed, say), so the row is not tried in a transaction that is undone.
    """
    unknown = {*allowed, *not_now} - set(ROLES)
    if unknown:
        raise ValueError(f"{act}: there is no role {', '.join(sorted(unknown))}")

    def declare(set_up: SetUp) -> SetUp:
        ROWS.setdefault(act, []).append(Row(act, allowed, set_up, not_now, committed))
        return set_up

    return declare
