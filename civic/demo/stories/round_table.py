"""A joint meeting with residents drawn by lot, from the call to minutes with an objection: the café's charter rests on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from civic.acts.core import Actor
from civic.acts.joint_meetings import (
    agenda,
    clauses,
    minutes,
    motions,
    planning,
    seats,
    session,
    sortition,
    votes,
)
from civic.acts.joint_meetings.planning import Plan, Seats
from civic.demo.areas import TIANPING
from civic.demo.stage import Scene, Stage
from civic.models import JointMeeting, Person, Seat
from civic.rules.joint_meetings import Bloc
from civic.rules.joint_meetings.minutes import Section

# Seat numbers of the parties, in this order; two residents drawn by lot come after them.
PARTIES = (("tianping", "street"), ("cafe", "cafe"), ("property", "property"), ("builders", "builders"),
           ("residents_tp", "residents_tp"))  # fmt: skip
LOTS = (6, 7)
HALF = [Bloc(bloc, 1, 2) for bloc in ("government", "enterprise", "association", "residents")]


class Table:
    """One meeting by short names."""

    def __init__(
        self, stage: Stage, title: str, about: str, items: tuple[tuple[str, str], ...], day: int
    ) -> None:
        self.stage, self.title, self.about, self.items, self.day = stage, title, about, items, day
        self.key = 0
        self.drawn: dict[int, Person] = {}

    @property
    def host(self) -> Actor:
        return self.stage.as_("official", "district")

    @property
    def chair(self) -> Actor:
        return self.stage.as_("official")

    @property
    def secretary(self) -> Actor:
        return self.stage.as_("clerk")

    def at(self, seat: int) -> Actor:
        """Who sits in a seat."""
        if seat in self.drawn:
            return Actor(self.drawn[seat])
        party, who = PARTIES[seat - 1]
        return self.stage.as_(who, party)

    async def call(self) -> None:
        stage = self.stage
        plan = Plan(
            self.title,
            self.about,
            "天平路街道党群服务中心二楼（示例）",
            stage.on(self.day, 9) + timedelta(minutes=1),
            scenario=stage.scenarios.get("terrace"),
        )
        self.key = (await planning.create(self.host, area=TIANPING, plan=plan)).id
        groups = [Seats(1, stage.parties[party].id) for party, _ in PARTIES]
        await planning.set_seats(
            self.host, self.key, blocs=HALF, seats=[*groups, Seats(2, filled_by="sortition")]
        )
        codes = {name: stage.people[name].pseudonym for name in ("official", "clerk")}
        await planning.name_officers(self.host, self.key, chair=codes["official"], secretary=codes["clerk"])
        for title, body in self.items:
            await agenda.add_item(self.host, self.key, title=title, body=body)
        await planning.convene(self.host, self.key)
        closes = stage.on(self.day - 5, 18)
        await sortition.call_volunteers(self.host, self.key, closes_at=closes)

    async def volunteer(self) -> None:
        for person in self.stage.residents(TIANPING)[:30]:
            await sortition.volunteer(Actor(person), self.key)

    async def confirm(self) -> None:
        for seat in range(1, len(PARTIES) + 1):
            actor = self.at(seat)
            assert actor.person is not None
            await seats.name_delegate(actor, self.key, seat, person=actor.person.pseudonym)
            await seats.confirm(actor, self.key)
        for row in await Seat.filter(meeting_id=self.key, number__in=LOTS).select_related("person"):
            self.drawn[row.number] = row.person
            await seats.confirm(Actor(row.person), self.key)

    async def open(self) -> None:
        for seat in range(1, LOTS[-1] + 1):
            await session.check_in(self.secretary, self.key, seat)
        await session.open_(self.chair, self.key)
        await session.call_item(self.chair, self.key)

    async def speak(self, seat: int) -> None:
        await session.ask_to_speak(self.at(seat), self.key)
        await session.give_floor(self.chair, self.key)
        await session.end_speech(self.at(seat), self.key)

    async def roll(self, motion: int, said: dict[int, tuple[str, str]]) -> None:
        await votes.open_vote(self.chair, self.key, motion)
        await self.vote(motion, said)
        await votes.close_vote(self.chair, self.key)

    async def vote(self, motion: int, said: dict[int, tuple[str, str]]) -> None:
        for seat, (choice, reasons) in said.items():
            await votes.vote(self.at(seat), self.key, motion, choice=choice, reasons=reasons)


YES, NO = ("yes", ""), ("no", "")


async def decide_terrace(table: Table) -> None:
    """Lost because the residents are against, though most are in favour; won after an amendment."""
    key = table.key
    await table.open()
    await table.speak(2)
    await table.speak(6)
    motion = await motions.move(
        table.at(2), key, text="沿街店家可在门前外摆，每店不超过六平方米，每晚十点前收回，试行半年。"
    )
    await motions.second(table.at(5), key, motion.number)
    await motions.recuse(table.at(3), key, motion.number, interest="本公司受托管理沿街铺面。")
    quiet = "十点收摆太晚，楼上有老人和上学的孩子。"
    await table.roll(motion.number, {1: YES, 2: YES, 4: YES, 5: YES, 6: ("no", quiet), 7: NO})
    change = await motions.amend_(
        table.at(6), key, motion.number, strike="每晚十点前收回", insert="每晚九点半起劝离、十点前全部收回，店家每周公布收摆记录",
        why="把收摆写具体，居民看得到。",
    )  # fmt: skip
    await motions.second(table.at(1), key, change.number)
    await table.roll(change.number, {1: YES, 2: YES, 3: YES, 4: YES, 5: YES, 6: YES, 7: YES})
    due = table.stage.today + timedelta(days=-30)
    await clauses.name_clause(
        table.at(2), key, motion.number, party=table.stage.parties["cafe"].id, text="召集沿街店家，商定并公布收摆值日表。",
        due_on=due, evidence="值日表照片",
    )  # fmt: skip
    await table.roll(motion.number, {1: YES, 2: YES, 4: YES, 5: YES, 6: YES, 7: ("abstain", "")})
    await session.call_item(table.chair, key)
    await table.speak(4)
    await session.adjourn(table.chair, key)


async def write_terrace(table: Table) -> None:
    await minutes.draft(table.secretary, table.key)
    await minutes.submit(table.secretary, table.key)


async def object_terrace(table: Table) -> None:
    await minutes.sign(table.at(1), table.key, 1)
    await minutes.sign(table.at(7), table.key, 1, objection="我弃权的理由没有写：试行期满应当再开一次会。")


async def revise_terrace(table: Table) -> None:
    first = await minutes.newest(await JointMeeting.get(id=table.key))
    parts = [Section(**part) for part in first.sections]
    index = next(i for i, part in enumerate(parts) if part.key == "item-1")
    part = parts[index]
    parts[index] = Section(
        part.key, f"{part.zh}\n\n一位居民代表说明弃权理由：试行期满应当再开一次会。",
        f"{part.en}\n\nA resident explained the abstention: another meeting should be held when the trial is over.",
    )  # fmt: skip
    await minutes.revise(table.secretary, table.key, sections=parts, reason="补写弃权理由")
    await minutes.submit(table.secretary, table.key)


async def sign_terrace(table: Table) -> None:
    for seat in (1, 2, 4, 5, 7):
        await minutes.sign(table.at(seat), table.key, 2)


def scenes(stage: Stage) -> list[Scene]:
    terrace = Table(
        stage, "武康路外摆联席会议（示例）", "咖啡外摆带来人气，也带来噪声。街道、店家、协会和居民坐下来，商量**摆不摆、怎么摆、谁来管**。",
        (("外摆怎么管", "面积、时间、噪声，一项一项谈。"), ("装修垃圾临时堆放", "")), -84,
    )  # fmt: skip

    def then(table: Table, what: Callable[[Table], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        return lambda: what(table)

    on = stage.on
    return [
        Scene(on(-96), terrace.call),
        Scene(on(-95), terrace.volunteer),
        Scene(on(-86), terrace.confirm),
        Scene(on(-84, 9, 5), then(terrace, decide_terrace)),
        Scene(on(-82), then(terrace, write_terrace)),
        Scene(on(-81), then(terrace, object_terrace)),
        Scene(on(-80), then(terrace, revise_terrace)),
        Scene(on(-79), then(terrace, sign_terrace)),
    ]
