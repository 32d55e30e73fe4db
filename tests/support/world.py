"""A small world for tests: areas, people and parties as rows, where the story is not about how they came to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from secrets import token_hex
from typing import Any

from civic import clock, db
from civic.acts.core import Actor
from civic.models import (
    AccessToken,
    Area,
    AreaWithin,
    JointMeeting,
    LedgerEntry,
    Membership,
    Party,
    Person,
    Residency,
)


@dataclass
class World:
    """``city`` > ``district`` > ``street`` > ``community``; ``elsewhere`` is another district of the city."""

    city: Area
    district: Area
    street: Area
    community: Area
    elsewhere: Area
    steward: Person
    official: Person
    department: Party
    made: list[Person] = field(default_factory=list)

    @classmethod
    async def make(cls) -> World:
        city = await area("310000", "上海市（测试）", "city", None)
        district = await area("310104", "徐汇区（测试）", "district", city)
        street = await area("310104003", "天平街道（测试）", "street", district)
        community = await area("310104003001", "测试居委会", "community", street)
        elsewhere = await area("310101", "黄浦区（测试）", "district", city)
        steward = await person("平台管理员", steward=True)
        official = await person("测试公务员")
        department = await party("government", "测试区政务办", district)
        await member(department, official, "manager")
        return cls(city, district, street, community, elsewhere, steward, official, department)

    @property
    def as_official(self) -> Actor:
        return Actor(self.official, party=self.department)

    @property
    def as_steward(self) -> Actor:
        return Actor(self.steward)

    async def guest(self, name: str = "未认证用户") -> Person:
        """Somebody with an account and no verified residency."""
        return await person(name)

    async def resident(self, name: str = "测试居民", where: Area | None = None) -> Person:
        """Somebody whose residency in ``where`` (the community) is verified."""
        somebody = await person(name)
        place = where or self.community

        async def write() -> None:
            await Residency.create(
                person=somebody, area=place, state="verified", method="counter", claimed_at=clock.now(),
                decided_at=clock.now(), expires_at=clock.now() + timedelta(days=365), current=somebody.id,
            )  # fmt: skip

        await db.write(write)
        return somebody

    async def residents(self, number: int) -> list[Person]:
        return [await self.resident(f"居民{i}") for i in range(number)]

    async def delegate(self, kind: str = "enterprise", role: str = "manager") -> Actor:
        """Somebody who acts for a new, active party of this kind in the district."""
        somebody = await person(f"{kind} 代表")
        organisation = await party(kind, f"测试{kind}", self.district)
        await member(organisation, somebody, role)
        return Actor(somebody, party=organisation)

    async def token(self, somebody: Person, *scopes: str) -> str:
        """A personal access token of a person, for requests; by default it may read and write."""
        token = "civic_" + token_hex(16)

        async def write() -> None:
            await AccessToken.create(
                person=somebody, hash=sha256(token.encode()).hexdigest(), label="test",
                scopes=list(scopes or ("read", "write")), created_at=clock.now(),
            )  # fmt: skip

        await db.write(write)
        return token

    async def recorded(self, act: str) -> list[dict[str, Any]]:
        """The payloads of the ledger's entries of an act, oldest first, as parsed JSON."""
        import json

        return [json.loads(e.payload) for e in await LedgerEntry.filter(act=act).order_by("id")]


async def area(code: str, name: str, level: str, parent: Area | None) -> Area:
    async def write() -> Area:
        made = await Area.create(code=code, name=name, level=level, parent=parent)
        await AreaWithin.create(ancestor=made, descendant=made, depth=0)
        if parent is not None:
            for above in await AreaWithin.filter(descendant_id=parent.id):
                await AreaWithin.create(ancestor_id=above.ancestor_id, descendant=made, depth=above.depth + 1)
        return made

    return await db.write(write)


async def person(name: str, *, steward: bool = False) -> Person:
    async def write() -> Person:
        return await Person.create(
            pseudonym=token_hex(8), name=name, email=f"{token_hex(6)}@example.org", steward=steward,
            created_at=clock.now(),
        )  # fmt: skip

    return await db.write(write)


async def party(kind: str, name: str, where: Area, state: str = "active") -> Party:
    async def write() -> Party:
        return await Party.create(kind=kind, name=name, area=where, state=state, created_at=clock.now())

    return await db.write(write)


async def member(organisation: Party, somebody: Person, role: str) -> Membership:
    async def write() -> Membership:
        return await Membership.create(
            party=organisation, person=somebody, role=role, from_day=clock.today() - timedelta(days=1)
        )

    return await db.write(write)


async def meeting(world: World, chair: Person, secretary: Person) -> JointMeeting:
    """A joint meeting of the department in session, which has nothing but its officers."""
    now = clock.now()

    async def write() -> JointMeeting:
        return await JointMeeting.create(
            title="测试联席会议", about="测试", salt=b"0" * 16, state="in_session", area=world.district, place="会议室",
            convener=world.department, author=world.official, chair=chair, secretary=secretary, starts_at=now,
            items_until=now, created_at=now, convened_at=now, opened_at=now,
        )  # fmt: skip

    return await db.write(write)
