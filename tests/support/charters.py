"""A charter with three parties, for tests: a department, an enterprise, and the residents' committee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from civic import clock
from civic.acts import charters, parties, people
from civic.acts.core import SYSTEM, Actor
from civic.models import Charter, Clause, Obligation
from civic.rules.charters import Clause as Text
from civic.rules.charters import Due, Side
from civic.rules.credit_code import check_character
from tests.support.world import World


@dataclass
class Three:
    """``office`` convenes and is party to it; ``firm`` and ``committee`` are the others."""

    world: World
    office: Actor
    firm: Actor
    committee: Actor

    @classmethod
    async def make(cls, world: World) -> Three:
        return cls(
            world, world.as_official, await world.delegate("enterprise"), await world.delegate("residents")
        )

    @classmethod
    async def on_record(cls, world: World) -> Three:
        """The same, but each party and who acts for it came about by acts, so that strangers can follow it."""
        steward = await people.make_steward(SYSTEM, world.steward)
        area, by = world.district.code, Actor(steward)
        chief, boss, neighbour = await world.guest("主任"), await world.guest("经理"), await world.resident()
        office = await parties.register(by, name="测试街道办", area=area, manager=chief.pseudonym)
        first = "91310104MA1FL4Y8X"
        firm = await parties.apply(
            Actor(boss),
            kind="enterprise",
            name="测试园林公司",
            area=area,
            credit_code=first + check_character(first),
        )
        committee = await parties.apply(
            Actor(neighbour), kind="residents", name="测试居民小组", area=world.community.code
        )
        firm, committee = await parties.approve(by, firm), await parties.approve(by, committee)
        return cls(world, Actor(chief, office), Actor(boss, firm), Actor(neighbour, committee))

    def side(self, actor: Actor) -> Side:
        assert actor.party is not None
        return Side(actor.party.id)

    @property
    def residents(self) -> Side:
        return Side(0, "residents", self.world.district.code)

    def duty(self, holder: Actor, to: Actor | Side, text: str, *answers: int, **more: Any) -> Text:
        due = more.pop("due", Due("day", clock.today() + timedelta(days=30)))
        side = to if isinstance(to, Side) else self.side(to)
        evidence = more.pop("evidence", "照片")
        return Text(0, "duty", self.side(holder), side, text, due=due, evidence=evidence, answers=answers)

    def right(self, holder: Actor | Side, text: str) -> Text:
        return Text(0, "right", holder if isinstance(holder, Side) else self.side(holder), text=text)

    async def draft(self, **more: Any) -> Charter:
        """Complete: 1, 3, 5 are rights, answered by the duties 2, 4, 6."""
        given = {
            "title": "口袋公园共治清单（示例）",
            "area": self.world.district.code,
            "purpose": "谁做什么。",
        }
        charter = await charters.create(self.office, **{**given, **more})
        for clause in (
            self.right(self.committee, "了解施工安排的权利"),
            self.duty(self.office, self.committee, "公布施工安排", 1),
            self.right(self.firm, "按时取得施工许可的权利"),
            self.duty(self.committee, self.firm, "配合施工并维持秩序", 3),
            self.right(self.office, "要求按图施工的权利"),
            self.duty(self.firm, self.office, "按图施工", 5),
        ):
            await charters.add_clause(self.office, charter, clause=clause)
        return charter

    async def negotiated(self, **more: Any) -> Charter:
        return await charters.open_(self.office, await self.draft(**more))

    async def signing(self, **more: Any) -> Charter:
        return await charters.start_signing(self.office, await self.negotiated(**more))

    async def sign_all(self, charter: Charter) -> Charter:
        charter = await Charter.get(id=charter.id)
        for actor in (self.office, self.firm, self.committee):
            charter = await charters.sign(actor, charter, text_hash=charter.text_hash)
        return charter

    async def in_force(self, **more: Any) -> Charter:
        return await self.sign_all(await self.signing(**more))

    async def obligation(self, charter: Charter, number: int, occurrence: int = 1) -> Obligation:
        clause = await Clause.get(charter_id=charter.id, number=number)
        return await Obligation.get(clause_id=clause.id, occurrence=occurrence)


def day(days: int) -> date:
    return clock.today() + timedelta(days=days)
