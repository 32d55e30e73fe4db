"""Joint meetings: one closed, one whose minutes are under review, one in session this hour, one convened for next week."""

from __future__ import annotations

from datetime import datetime, timedelta

from civic.acts import files
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
from civic.demo.areas import LONGHUA, TIANLIN, TIANPING
from civic.demo.stage import Scene, Stage
from civic.models import JointMeeting
from civic.rules.joint_meetings import Bloc

BLOCS = ("government", "enterprise", "institution", "residents")


class Room:
    """A meeting with a seat for each party named, and two for residents, who are nominated or drawn by lot."""

    def __init__(self, stage: Stage, host: str, area: str, parties: dict[str, str]) -> None:
        """``parties``: party and who sits for it; the convener's own comes first."""
        self.stage, self.host, self.area, self.parties = stage, host, area, parties
        self.meeting: JointMeeting | None = None
        self.delegates: dict[int, Actor] = {}
        self.chair, self.secretary = stage, stage  # replaced when it is planned

    @property
    def convener(self) -> Actor:
        return self.stage.as_(self.stage.leads[self.host], self.host)

    @property
    def it(self) -> JointMeeting:
        assert self.meeting is not None
        return self.meeting

    async def plan(self, plan: Plan, items: list[tuple[str, str]], residents: str = "nomination") -> None:
        stage = self.stage
        self.meeting = await planning.create(self.convener, area=self.area, plan=plan)
        groups = [Seats(1, stage.parties[party].id) for party in self.parties]
        await planning.set_seats(
            self.convener, self.it, blocs=[Bloc(bloc, 1, 2) for bloc in BLOCS],
            seats=[*groups, Seats(2, filled_by=residents)],
        )  # fmt: skip
        await planning.name_officers(
            self.convener, self.it, chair=stage.people["official"].pseudonym,
            secretary=stage.people["clerk"].pseudonym,
        )  # fmt: skip
        for title, body in items:
            await agenda.add_item(self.convener, self.it, title=title, body=body)
        await planning.convene(self.convener, self.it)

    async def seat(self) -> None:
        stage = self.stage
        for number, (party, person) in enumerate(self.parties.items(), 1):
            actor = stage.as_(person, party)
            await seats.name_delegate(actor, self.it, number, person=stage.people[person].pseudonym)
            self.delegates[number] = actor
        for number, resident in enumerate(stage.residents(self.area)[:2], len(self.parties) + 1):
            await seats.name_delegate(self.convener, self.it, number, person=resident.pseudonym)
            self.delegates[number] = Actor(resident)
        for delegate in self.delegates.values():
            await seats.confirm(delegate, self.it)

    async def begin(self) -> None:
        for number in self.delegates:
            await session.check_in(self.stage.as_("clerk"), self.it, number)
        await session.open_(self.stage.as_("official"), self.it)
        await session.call_item(self.stage.as_("official"), self.it)

    async def speak(self, number: int) -> None:
        await session.ask_to_speak(self.delegates[number], self.it)
        await session.give_floor(self.stage.as_("official"), self.it)
        await session.end_speech(self.stage.as_("official"), self.it)


def scenes(stage: Stage) -> list[Scene]:
    now = stage.now

    def ago(minutes: int) -> datetime:
        return now - timedelta(minutes=minutes)

    past = Room(
        stage, "tianping", TIANPING,
        {"tianping": "street", "cafe": "cafe", "school": "school", "residents_tp": "residents_tp"},
    )  # fmt: skip
    present = Room(
        stage, "longhua", LONGHUA,
        {"longhua": "longhua", "bike": "bike", "delivery": "delivery", "elder": "elder"},
    )  # fmt: skip
    lately = Room(
        stage, "tianlin", TIANLIN,
        {"tianlin": "tianlin", "property": "property", "elder": "elder", "residents_tl": "residents_tl"},
    )  # fmt: skip
    coming = Room(
        stage, "tianlin", TIANLIN,
        {"tianlin": "tianlin", "property": "property", "elder": "elder", "residents_tl": "residents_tl"},
    )  # fmt: skip

    async def plan_past() -> None:
        await past.plan(
            Plan(
                "步行街时段与送货联席会议", "商定步行街的时段、送货和值守。", "示例天平社区中心二楼",
                starts_at=stage.on(-70, 14), proposals=(stage.proposals["school_street"],),
            ),
            [("上下学时段怎么定", "学校、商户、居民各说各的难处。"), ("值守由谁来排", "")],
        )  # fmt: skip
        await past.seat()

    async def hold_past() -> None:
        await past.begin()
        for number in (2, 3, 5):
            await past.speak(number)
        motion = await motions.move(
            past.delegates[3],
            past.it,
            text="上学七点二十至八点、放学十五点半至十六点十分，校门前二百米只许步行和骑车；送货在七点前、十六点半后。",
        )
        await motions.second(past.delegates[2], past.it, motion.number)
        await votes.open_vote(stage.as_("official"), past.it, motion.number)
        for number, delegate in past.delegates.items():
            choice = "abstain" if number == 6 else "yes"
            await votes.vote(delegate, past.it.id, motion.number, choice=choice)
        await votes.close_vote(stage.as_("official"), past.it)
        await session.adjourn(stage.as_("official"), past.it)

    async def minutes_past() -> None:
        await minutes.draft(stage.as_("clerk"), past.it)
        version = await minutes.submit(stage.as_("clerk"), past.it)
        for number in (1, 2, 3, 4, 5):
            said = "第二项没有讨论完，请列入下次会议。" if number == 2 else ""
            await minutes.sign(past.delegates[number], past.it, version.number, objection=said)

    async def plan_present() -> None:
        await present.plan(
            Plan(
                "滨江步道分时通行联席会议", "跑步、骑车、送货怎样错开。", "示例滨江驿站",
                starts_at=ago(60), items_until=stage.on(-1, 17), live_choices=True,
            ),
            [("早晚高峰的通行时段", "附近三年的事故数字见附件。"), ("停放点挪到哪里", ""), ("试行多久、看什么数字", "")],
        )  # fmt: skip
        numbers = "年份,碰撞,受伤\n2023,31,12\n2024,27,9\n2025,24,7\n（演示用的虚构数字）\n"
        file = await files.store("近三年事故数字（示例）.txt", numbers.encode())
        await agenda.attach(present.convener, present.it, 1, file=file)
        await present.seat()

    async def open_present() -> None:
        await present.begin()
        await present.speak(2)
        await session.ask_to_speak(present.delegates[3], present.it)
        await session.ask_to_speak(present.delegates[5], present.it)
        await session.give_floor(stage.as_("official"), present.it)

    async def move_present() -> None:
        motion = await motions.move(
            present.delegates[5],
            present.it,
            text="早六点到八点、晚七点到九点，江边三米只许步行和跑步，先试一个月并公布数字。",
        )
        await motions.second(present.delegates[4], present.it, motion.number)

    async def plan_lately() -> None:
        await lately.plan(
            Plan(
                "楼道堆物与消防通道联席会议", "通道怎么清、清了怎么不再堆，各方各担一份。", "示例田林街道会议室",
                starts_at=stage.on(-4, 14), review_days=10,
            ),
            [("清理办法", "先公示，后清理，给每户留出时间。"), ("清完以后谁来看", "")],
        )  # fmt: skip
        await lately.seat()

    async def hold_lately() -> None:
        chair = stage.as_("official")
        await lately.begin()
        for number in (4, 2):
            await lately.speak(number)
        motion = await motions.move(
            lately.delegates[4], lately.it, text="公示十四天后统一清理，逾期物品集中存放三十天，可以领回。"
        )
        await motions.second(lately.delegates[2], lately.it, motion.number)
        await clauses.name_clause(
            chair, lately.it, motion.number, party=stage.parties["property"].id, due_on=stage.on(40, 9).date(),
            text="清理后每月巡查一次通道，并在楼栋门口公布结果。", evidence="巡查记录",
        )  # fmt: skip
        await votes.open_vote(chair, lately.it, motion.number)
        for number, delegate in lately.delegates.items():
            reasons = "三十天太短，外出打工的住户赶不回来。" if number == 6 else ""
            choice = "no" if reasons else "yes"
            await votes.vote(delegate, lately.it.id, motion.number, choice=choice, reasons=reasons)
        await votes.close_vote(chair, lately.it)
        await session.call_item(chair, lately.it)
        await lately.speak(3)
        await session.adjourn(chair, lately.it)

    async def minutes_lately() -> None:
        await minutes.draft(stage.as_("clerk"), lately.it)
        version = await minutes.submit(stage.as_("clerk"), lately.it)
        for number in (1, 3, 6):
            said = "请写明存放的地点。" if number == 6 else ""
            await minutes.sign(lately.delegates[number], lately.it, version.number, objection=said)

    async def plan_coming() -> None:
        await coming.plan(
            Plan(
                "充电车棚改造联席会议", "钱从哪里来，谁来管，先改哪一个。", "示例田林街道会议室",
                starts_at=stage.on(6, 14), proposals=(stage.proposals["charging"],),
            ),
            [("改造方案和费用", ""), ("日常管理", "")],
            residents="sortition",
        )  # fmt: skip
        await sortition.call_volunteers(coming.convener, coming.it, closes_at=stage.on(4, 18))
        for resident in stage.residents(TIANLIN)[2:14]:
            await sortition.volunteer(Actor(resident), coming.it)
        asks = stage.as_("property", "property")
        await agenda.request_item(asks, coming.it, title="电价由谁定", body="物业希望先说清充电电价。")

    return [
        Scene(stage.on(-79, 10), plan_past),
        Scene(stage.on(-70, 14, 5), hold_past),
        Scene(stage.on(-68, 10), minutes_past),
        Scene(stage.on(-8, 10), plan_present),
        Scene(ago(55), open_present),
        Scene(ago(25), move_present),
        Scene(stage.on(-12, 10), plan_lately),
        Scene(stage.on(-4, 14, 5), hold_lately),
        Scene(stage.on(-2, 10), minutes_lately),
        Scene(stage.on(-3, 16), plan_coming),
    ]
