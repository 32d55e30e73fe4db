"""A charter with three parties, for tests: a department, an enterprise, and the residents' committee."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from civic import clock
from civic.acts import charters, parties, people
from civic.acts.core import SYSTEM, Actor
from civic.models import Charter, Clause, Motion, Obligation
from civic.rules.charters import Clause as Text
from civic.rules.charters import Due, Side
from civic.rules.credit_code import check_character
from civic.rules.joint_meetings import Bloc
from tests.support.world import World, person


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

    async def resolution(self, *clauses: tuple[Actor, Actor | None, str, str]) -> int:
        """The three meet, and a motion with these duties (who owes it, to whom, text, evidence; in thirty days) passes."""
        return await resolution(self.world.district.code, (self.office, self.firm, self.committee), clauses)

    async def obligation(self, charter: Charter, number: int, occurrence: int = 1) -> Obligation:
        clause = await Clause.get(charter_id=charter.id, number=number)
        return await Obligation.get(clause_id=clause.id, occurrence=occurrence)


async def resolution(
    area: str, parties: tuple[Actor, ...], clauses: Iterable[tuple[Actor, Actor | None, str, str]]
) -> int:
    """A meeting that the first party convenes, each with a seat, adopts a motion; the number of the motion."""
    from civic.acts.joint_meetings import agenda, motions, planning, seats, session, votes
    from civic.acts.joint_meetings import clauses as named

    host = parties[0]
    plan = planning.Plan(
        "口袋公园联席会议（示例）", "谁来建，谁来管。", "会议室", clock.now() + timedelta(days=3)
    )
    meeting = await planning.create(host, area=area, plan=plan)
    blocs = [Bloc(actor.party.kind, 1, 2) for actor in parties if actor.party]
    await planning.set_seats(
        host,
        meeting,
        blocs=blocs,
        seats=[planning.Seats(1, actor.party.id) for actor in parties if actor.party],
    )
    chair, secretary = await person("会议主席（示例）"), await person("会议秘书（示例）")
    await planning.name_officers(host, meeting, chair=chair.pseudonym, secretary=secretary.pseudonym)
    await agenda.add_item(host, meeting, title="建与管")
    await planning.convene(host, meeting)
    for number, actor in enumerate(parties, 1):
        assert actor.person is not None
        await seats.name_delegate(actor, meeting, number, person=actor.person.pseudonym)
        await seats.confirm(actor, meeting)
        await session.check_in(Actor(secretary), meeting, number)
    await session.open_(Actor(chair), meeting)
    await session.call_item(Actor(chair), meeting)
    motion = await motions.move(parties[0], meeting, text="建一座口袋公园，各方分工写入清单。")
    for holder, to, text, evidence in clauses:
        assert holder.party is not None
        await named.name_clause(
            parties[0], meeting, motion.number, party=holder.party.id, text=text, due_on=day(30),
            counterpart=to.party.id if to and to.party else None, evidence=evidence,
        )  # fmt: skip
    await motions.second(parties[1], meeting, motion.number)
    await votes.open_vote(Actor(chair), meeting, motion.number)
    for actor in parties:
        await votes.vote(actor, meeting.id, motion.number, choice="yes")
    await votes.close_vote(Actor(chair), meeting)
    assert (await Motion.get(id=motion.id)).state == "adopted"
    return motion.id


def day(days: int) -> date:
    return clock.today() + timedelta(days=days)
