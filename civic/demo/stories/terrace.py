"""Chairs in the street: a charter negotiated, signed, and half kept; and another one still being negotiated."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

from civic.acts import charters, obligations, scenarios
from civic.acts.core import Actor
from civic.acts.obligations import Report
from civic.demo.areas import TIANLIN, TIANPING
from civic.demo.stage import Scene, Stage
from civic.errors import InvalidState
from civic.models import Charter, Clause, ClauseChange, Obligation
from civic.rules.charters import Clause as Text
from civic.rules.charters import Due, Side

TITLE = "武康路咖啡外摆共治清单（示例）"
PURPOSE = """武康路的咖啡外摆带来人气，也带来噪声和占道。街道、店家和居民坐下来，把**谁可以要求什么、谁必须做什么、谁得到什么**一条条写清楚，签字，逐项跟踪。

本清单由居民议事小组提出，试行六个月。（示例）"""
SCENARIO = """每个外摆点贴一个二维码：居民扫码看得到**谁批的、摆多大、几点收**，也能当场投诉；店家扫码打卡收摆；街道巡查记在同一页上。

想先听听大家的意见：哪些该公开，哪些不该收集？（示例）"""
NOTICE = """外摆区域划定公告（示例）

一、武康路西侧 12 至 40 号门前，每店不超过 6 平方米。
二、每晚 22:00 前收回。
三、标识编号 001 至 009，贴于门侧。
"""


class Terrace:
    """The story's people and papers by short names."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.charter = 0
        self.other = 0

    @property
    def street(self) -> Actor:
        return self.stage.as_("street", "tianping")

    @property
    def cafe(self) -> Actor:
        return self.stage.as_("cafe", "cafe")

    @property
    def group(self) -> Actor:
        return self.stage.as_("residents_tp", "residents_tp")

    def side(self, party: str) -> Side:
        return Side(self.stage.parties[party].id)

    def day(self, days: int) -> Due:
        return Due("day", self.stage.today + timedelta(days=days))

    def clauses(self) -> list[Text]:
        """As first drafted: clause 1 is answered by nobody yet, and clause 6 shows no evidence."""
        everybody = Side(0, "residents", TIANPING)
        street, cafe, group = self.side("tianping"), self.side("cafe"), self.side("residents_tp")
        weekly = Due("recurrence", self.stage.today - timedelta(days=50), "FREQ=WEEKLY;COUNT=26")
        complaint = Due("trigger", trigger="收到居民的噪声投诉", declarer=group, days=3, roll=True)
        return [
            Text(1, "right", everybody, cafe, "每晚十点以后安静休息。", "《噪声污染防治法》第六十五条"),
            Text(2, "duty", street, cafe, "划定外摆区域，公告并发放编号标识。", due=self.day(-40), evidence="公告与标识清单"),
            Text(3, "right", cafe, street, "在划定区域内按时使用外摆位，不被随意收回。"),
            Text(4, "duty", cafe, everybody, "每晚十点前收回全部外摆桌椅，每周公布收摆记录。", due=weekly, evidence="一周的收摆照片"),
            Text(5, "right", street, cafe, "查看外摆区的卫生与通行情况。"),
            Text(6, "duty", cafe, street, "接受一次现场检查，并按要求整改。", due=self.day(-30), answers=(5,)),
            Text(7, "duty", group, cafe, "组织一次邻里意见会，把意见整理给店家。", due=self.day(-35), evidence="会议记录"),
            Text(8, "interest", cafe, text="多出十八个座位，经营稳定。"),
            Text(9, "interest", street, text="街面投诉减少，路口通行更安全。"),
            Text(10, "interest", group, text="居民的意见当月就有回应。"),
            Text(11, "duty", street, everybody, "在路口加装隔离护栏。", due=self.day(-12), evidence="现场照片"),
            Text(12, "duty", cafe, street, "更换为统一样式的遮阳伞。", due=self.day(-25), evidence="照片"),
            Text(13, "duty", cafe, group, "三日内书面答复噪声投诉，并说明怎么改。", due=complaint, evidence="书面答复"),
        ]  # fmt: skip

    async def scenario(self) -> None:
        made = await scenarios.propose(
            self.street, title="外摆一码共管（示例）", title_en="Street seating, one code for all (demo)", area=TIANPING,
            summary=SCENARIO, modules=("申请与公示", "收摆打卡", "噪声投诉", "巡查与整改"),
        )  # fmt: skip
        self.stage.scenarios["terrace"] = made.id

    async def draft(self) -> None:
        made = await charters.create(
            self.street, title=TITLE, area=TIANPING, purpose=PURPOSE, subject=("scenario", self.stage.scenarios["terrace"])
        )  # fmt: skip
        self.charter = made.id
        for clause in self.clauses():
            await charters.add_clause(self.street, made.id, clause=clause)
        await charters.open_(self.street, made.id)

    async def refused(self) -> None:
        """The check refuses: a right that no duty answers, a duty that nothing would show."""
        with suppress(InvalidState):
            await charters.start_signing(self.street, self.charter)

    async def propose(self) -> None:
        first, _, _, weekly, _, inspection, *_ = self.clauses()
        assert first.kind == "right" and weekly.due
        answered = Text(
            4, "duty", weekly.holder, weekly.counterpart, weekly.text, "", weekly.due, weekly.evidence, (1,)
        )
        shown = Text(
            6, "duty", inspection.holder, inspection.counterpart, inspection.text, "", inspection.due, "检查表", (5,)
        )  # fmt: skip
        await charters.propose_change(
            self.group, self.charter, number=4, clause=answered, reason="夜里安静的权利，要有人来落实。"
        )
        await charters.propose_change(
            self.cafe, self.charter, number=6, clause=shown, reason="写明用检查表作证，双方都说得清。"
        )
        await charters.propose_change(
            self.cafe, self.charter, number=13, clause=None, reason="日常沟通就够了，不必写进清单。"
        )

    async def decide(self) -> None:
        for change in await ClauseChange.filter(charter_id=self.charter, state="open").order_by("id"):
            if change.op == "remove":
                await charters.decline_change(
                    self.street, change, answer="居民坚持要有书面答复；保留，改为三个工作日顺延。"
                )
            else:
                await charters.accept_change(self.street, change)
        answers = Text(
            2, "duty", self.side("tianping"), self.side("cafe"), "划定外摆区域，公告并发放编号标识。",
            due=self.day(-40), evidence="公告与标识清单", answers=(3,),
        )  # fmt: skip
        own = await charters.propose_change(
            self.street,
            self.charter,
            number=2,
            clause=answers,
            reason="店家使用外摆位的权利，由街道划定来落实。",
        )
        await charters.accept_change(self.cafe, own)
        await charters.start_signing(self.street, self.charter)

    async def first_signature(self) -> None:
        text = (await Charter.get(id=self.charter)).text_hash
        await charters.sign(self.cafe, self.charter, text_hash=text)

    async def change_again(self) -> None:
        """A changed word, and signing begins anew."""
        clause = Text(
            7, "duty", self.side("residents_tp"), self.side("cafe"), "组织一次邻里意见会，十日内把意见整理给店家。",
            due=self.day(-35), evidence="会议记录与意见单",
        )  # fmt: skip
        change = await charters.propose_change(
            self.group, self.charter, number=7, clause=clause, reason="写明十日，免得拖。"
        )
        await charters.accept_change(self.street, change)

    async def sign_all(self) -> None:
        text = (await Charter.get(id=self.charter)).text_hash
        await charters.sign(
            self.cafe, self.charter, text_hash=text, reservation="台风、暴雨天的收摆记录顺延一周公布。"
        )
        await charters.sign(self.group, self.charter, text_hash=text)
        await charters.sign(self.street, self.charter, text_hash=text)

    async def owed(self, number: int, occurrence: int = 1) -> Obligation:
        return await Obligation.get(charter_id=self.charter, clause__number=number, occurrence=occurrence)

    def report(
        self,
        who: str,
        number: int,
        account: str,
        files: tuple[tuple[str, bytes], ...] = (),
        occurrence: int = 1,
    ) -> Callable[[], Awaitable[object]]:
        async def play() -> object:
            actor: Actor = getattr(self, who)
            return await obligations.report(
                actor, await self.owed(number, occurrence), Report(account, (), files)
            )

        return play

    def confirm(self, who: str, number: int, occurrence: int = 1) -> Callable[[], Awaitable[object]]:
        async def play() -> object:
            actor: Actor = getattr(self, who)
            return await obligations.confirm(actor, await self.owed(number, occurrence))

        return play

    async def dispute(self) -> None:
        await obligations.dispute(
            self.street, await self.owed(6), reason="检查表上两处未整改：消防通道仍被占用，油污未清。"
        )

    async def settle(self) -> None:
        await obligations.settle(
            self.stage.as_("steward"), await self.owed(6), kept=False,
            reason="双方照片比对：到期日当天消防通道确被占用。认定未履行。",
        )  # fmt: skip

    async def waive(self) -> None:
        await obligations.waive(
            self.street, await self.owed(12), reason="统一样式尚未定稿，街道不再要求本期更换。"
        )

    async def declare(self) -> None:
        clause = await Clause.get(charter_id=self.charter, number=13)
        await charters.declare_trigger(
            self.group,
            clause,
            happened_on=self.stage.today - timedelta(days=9),
            account="周六晚二十三点仍有客人喧哗，三户来电",
        )

    async def negotiate_another(self) -> None:
        """Couriers in the yard: three sides, one right that nobody answers yet, changes on the table."""
        office, courier = self.stage.as_("tianlin", "tianlin"), self.stage.as_("delivery", "delivery")
        street, riders, property_, group = (
            self.side(key) for key in ("tianlin", "delivery", "property", "residents_tl")
        )
        made = await charters.create(
            office, title="骑手进小区通行清单（示例）", area=TIANLIN,
            purpose="骑手进得去、走得慢、停得好，居民出入安全。（示例）",
        )  # fmt: skip
        self.other = made.id
        monthly = Due("recurrence", self.stage.today + timedelta(days=12), "FREQ=MONTHLY;COUNT=6")
        for clause in (
            Text(0, "right", riders, property_, "凭平台工牌，七时至二十二时可以进小区送到楼下。"),
            Text(0, "duty", property_, riders, "在门岗设登记码，三十秒内放行。", due=self.day(20), evidence="门岗照片", answers=(1,)),
            Text(0, "right", group, riders, "小区内不见超速骑行。"),
            Text(0, "duty", riders, street, "每月公布骑手违规数与处理结果。", due=monthly, evidence="公布的链接"),
            Text(0, "interest", property_, text="门口纠纷减少。"),
            Text(0, "interest", street, text="投诉集中到一处处理。"),
            Text(0, "duty", street, group, "在三个路口画出慢行标线。", due=self.day(25), evidence="照片"),
            Text(0, "duty", group, property_, "每周两次高峰时段协助门岗引导。", due=self.day(14), evidence="排班表"),
        ):  # fmt: skip
            await charters.add_clause(office, made.id, clause=clause)
        await charters.open_(office, made.id)
        slow = Text(
            0,
            "duty",
            riders,
            group,
            "小区内限速十五公里，超速一次停单一天。",
            due=monthly,
            evidence="平台定位记录",
            answers=(3,),
        )
        await charters.propose_change(
            self.stage.as_("residents_tl", "residents_tl"),
            made.id,
            clause=slow,
            reason="光有权利不够，要写明谁来管。",
        )
        earlier = Text(0, "right", riders, property_, "凭平台工牌，六时半至二十三时可以进小区送到楼下。")
        await charters.propose_change(
            courier, made.id, number=1, clause=earlier, reason="早餐和夜宵时段订单最多。"
        )


def scenes(stage: Stage) -> list[Scene]:
    t, on = Terrace(stage), stage.on
    found = [
        Scene(on(-98), t.scenario),
        Scene(on(-75), t.draft),
        Scene(on(-71), t.refused),
        Scene(on(-70, 15), t.propose),
        Scene(on(-66), t.decide),
        Scene(on(-64), t.first_signature),
        Scene(on(-62), t.change_again),
        Scene(on(-58), t.sign_all),
        Scene(on(-42), t.report("street", 2, "公告已张贴，九块标识发放完毕。", (("外摆区域公告.txt", NOTICE.encode()),))),
        Scene(on(-41), t.confirm("cafe", 2)),
        Scene(on(-37), t.report("group", 7, "二十一位邻居到会，意见整理成七条，已交店家。")),
        Scene(on(-31), t.report("cafe", 6, "检查当天已整改完毕。")),
        Scene(on(-29), t.dispute),
        Scene(on(-27), t.waive),
        Scene(on(-25, 16), t.settle),
        Scene(on(-9, 9), t.declare),
        Scene(on(-8), t.report("cafe", 13, "已向三户书面道歉：周末二十一点半起劝离，并加派一名店员。")),
        Scene(on(-6, 11), t.negotiate_another),
    ]  # fmt: skip
    # The weekly duty: confirmed at first, then by silence; one is late; the newest is still to come.
    for week in range(7):
        due, number = -50 + 7 * week, week + 1
        day = due + (3 if week == 3 else -1)
        account = f"第 {number} 周：每晚 21:40 起收摆，最晚 21:57，照片 7 张。"
        if week != 5:
            found.append(Scene(on(day, 18), t.report("cafe", 4, account, occurrence=number)))
        if week < 3:
            found.append(Scene(on(day + 2, 9), t.confirm("group", 4, number)))
    return found
