"""Open days at every stage. Of a community canteen: a series with an announced edition that has places, a day that was
held and accounted for, one whose account is due, one to come that is full and has a line. Of others: a week at a pumping
station that goes on just now, a building site that a typhoon stopped. A question of the first became a proposal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

from civic.acts import proposals
from civic.acts.core import SYSTEM, Actor
from civic.acts.open_days import door, editions, places, questions, reports, series
from civic.acts.open_days.editions import Words
from civic.acts.responses.answering import Commitment
from civic.demo.areas import TIANLIN, TIANPING
from civic.demo.stage import Scene, Stage
from civic.models import OpenDay, OpenDayQuestion, OpenDaySeries, OpenDaySlot, Registration
from civic.rules.open_days import Pattern, Slot
from civic.settings import settings

HOST = ("street", "tianping")
ABOUT = """上午看后厨，下午试菜。

1. 食材从哪里来：进货台账当面翻
2. 一锅菜多少盐：现场称
3. 谁来吃、怎么吃：听二十位老人说

带上您的意见，也带上您的家人。（示例）"""
LIFTS = Words(
    title="加装电梯工地开放日", place="示例田林路 200 弄 5 号楼下", about="看图纸、看工期、看费用怎么分。（示例）",
    access="工地门口集合，请穿平底鞋；轮椅可到围栏外的观察点。",
)  # fmt: skip
PUMPS = Words(
    title="排水泵站开放周", place="示例天平排水泵站，东门集合",
    about="汛期怎么排水、夜里为什么响、降噪改造到了哪一步。每天一场，先到先得。（示例）",
    access="参观路线平整，可推轮椅；泵房内有噪声，备有耳塞。",
)  # fmt: skip
WORDS = Words(
    title="社区食堂开放日", place="示例天平社区食堂，一楼大厅", about=ABOUT,
    access="门口有坡道，无障碍卫生间在一楼；听力不便可借助听器。", latitude=31_205_500, longitude=121_447_300,
)  # fmt: skip
ASKED = (
    ("食堂周末能不能也开门？独居老人周末最难。", "从下月起周六上午开放，先试三个月，人多就留下。"),
    ("菜里的盐能不能再少一点？", "已改用限盐勺，每份标出含盐量，本周起贴在窗口。"),
    ("送餐上门要等多久？", "目前四十分钟内。十一点半最忙，会请示例准时配送增加两个人。"),
    ("轮椅能不能进二楼活动室？", ""),
)


def scenes(stage: Stage) -> list[Scene]:
    held, coming = _Day(stage, -24), _Day(stage, 11)
    lifts, last = _Day(stage, 18), _Day(stage, -2)
    week, edition = _Day(stage, -1), _Day(stage, 0)
    return [
        Scene(stage.on(-60, 9, 20), lambda: _plan(stage)),
        Scene(stage.on(-40, 9), held.announce),
        *(Scene(stage.on(-38 + n, 19, 10), held.register(10 * n, 10)) for n in range(4)),
        *(Scene(stage.on(-30, 20, n), held.ask(n)) for n in range(len(ASKED))),
        Scene(stage.on(-24, 10, 15), held.let_in),
        Scene(stage.on(-24, 16), held.answer),
        Scene(stage.on(-22, 10), held.rate),
        Scene(stage.on(-20, 15), held.report),
        Scene(stage.on(-19, 9), held.carry),
        Scene(stage.on(-9, 9), coming.announce),
        *(Scene(stage.on(-8 + n, 20, 5), coming.register(12 * n, 12)) for n in range(5)),
        Scene(stage.on(-9, 12), coming.neighbour),
        Scene(stage.on(-3, 18), coming.ask(3)),
        Scene(stage.on(-20, 9), lambda: last.announce(words=replace(WORDS, title="社区食堂开放日：晚餐场"))),
        Scene(stage.on(-12, 20), last.register(60, 9)),
        Scene(stage.on(-2, 10, 15), last.let_in),
        Scene(stage.on(-7, 11), lambda: lifts.announce(("tianlin", "tianlin"), TIANLIN, LIFTS)),
        Scene(stage.on(-8, 9, 30), lambda: week.announce(words=PUMPS, days=5)),
        *(Scene(stage.on(-7 + n, 18, 40), week.register(4 * n, 4)) for n in range(3)),
        Scene(stage.on(-4, 19), week.ask(2, "夜里十二点以后，能不能错峰开机？")),
        Scene(stage.on(-1, 9, 30), week.let_in),
        Scene(stage.on(-6, 10), edition.of_series),
        *(Scene(stage.on(-5 + n, 20, 30), edition.register(20 + 3 * n, 3)) for n in range(3)),
        Scene(stage.on(-1, 17), lambda: lifts.cancel("台风临近，工地停工。改期另行公告。")),
    ]  # fmt: skip


async def _plan(stage: Stage) -> None:
    await series.plan(
        stage.as_(*HOST), title=WORDS.title, area=TIANPING, place=WORDS.place, about=ABOUT, access=WORDS.access,
        rule="FREQ=MONTHLY;BYDAY=2SA;COUNT=12", first_on=stage.today + timedelta(days=5),
        slots=[Pattern(600, 90, 30), Pattern(840, 90, 30)], announce_days=45,
    )  # fmt: skip


class _Day:
    """One edition, by how many days it is from today."""

    def __init__(self, stage: Stage, days: int) -> None:
        self.stage, self.days = stage, days
        self.key = 0
        self.people: list[Registration] = []

    @property
    def host(self) -> Actor:
        return self.stage.as_(*HOST)

    async def announce(
        self, host: tuple[str, str] = HOST, area: str = TIANPING, words: Words = WORDS, days: int = 1
    ) -> None:
        """Two slots on one day; or of several days one each, and registration goes on meanwhile."""
        stage, zone = self.stage, settings().zone
        on = stage.today + timedelta(days=self.days)
        at = [datetime.combine(on, time(hour), zone) for hour in (10, 14)]
        if days > 1:
            at = [datetime.combine(on + timedelta(days=n), time(9), zone) for n in range(days)]
        slots = [Slot(begin, begin + timedelta(minutes=90), 20) for begin in at]
        actor = stage.as_(*host)
        day = await editions.create(
            actor, words=words, area=area, slots=slots,
            opens_at=stage.on(self.days - 20, 8), closes_at=at[0] if days == 1 else at[-1],
            co_hosts=[stage.parties["elder"].id] if host == HOST else [],
        )  # fmt: skip
        self.key = (await editions.announce(actor, day)).id

    async def of_series(self) -> None:
        """The first edition of the series, announced."""
        plan = await OpenDaySeries.all().order_by("id").first()
        assert plan is not None
        on = series.due(plan)[0]
        made = await OpenDay.get_or_none(series_id=plan.id, on_day=on) or await series.make_edition(
            SYSTEM, plan, on=on
        )
        self.key = (await editions.announce(self.host, made)).id

    async def slots(self) -> list[OpenDaySlot]:
        return await OpenDaySlot.filter(open_day_id=self.key).order_by("position")

    def register(self, start: int, number: int) -> Callable[[], Awaitable[object]]:
        """Some residents of the street take places, most with company."""

        async def play() -> None:
            slots = await self.slots()
            for n, person in enumerate(self.stage.residents(TIANPING)[start : start + number], start):
                where = slots[n % 3 == 2]
                self.people.append(
                    await places.register(Actor(person), where, companions=(0, 1, 1, 2)[n % 4])
                )

        return play

    async def neighbour(self) -> None:
        """One of those who can be tried out has a ticket."""
        await places.register(self.stage.as_("neighbour"), (await self.slots())[1], companions=1)

    def ask(self, number: int, body: str = "") -> Callable[[], Awaitable[object]]:
        async def play() -> None:
            people = self.stage.residents(TIANPING)
            question = await questions.ask(Actor(people[number]), self.key, body=body or ASKED[number][0])
            for person in people[number + 1 : number + 9 - 2 * number]:
                await questions.support(Actor(person), question)

        return play

    async def let_in(self) -> None:
        host, first = self.host, (await self.slots())[0]
        rows = Registration.filter(open_day_id=self.key, state="confirmed").order_by("id")
        if first.ends_at < (await self.slots())[-1].starts_at - timedelta(days=1):
            rows = rows.filter(slot_id=first.id)  # of a week those of the first day
        for n, row in enumerate(await rows):
            if n % 6 != 5:
                await door.check_in(host, self.key, code=row.code)
        await places.register_for(host, (await self.slots())[1], name="到场登记的老人（示例）", companions=1)

    async def answer(self) -> None:
        texts = dict(ASKED)
        for question in await OpenDayQuestion.filter(open_day_id=self.key).order_by("id"):
            if texts[question.body]:
                await questions.answer(self.host, question, body=texts[question.body])

    async def rate(self) -> None:
        words = ("讲得明白，账也敢给看。", "", "人多，下次分三批更好。", "", "盐少了，味道没少。")
        rows = Registration.filter(open_day_id=self.key, state="attended", person_id__isnull=False)
        for n, row in enumerate(await rows.select_related("person").order_by("id").limit(14)):
            await reports.rate(Actor(row.person), row, stars=(5, 4, 5, 3, 5)[n % 5], text=words[n % 5])

    async def report(self) -> None:
        day = await OpenDay.get(id=self.key)
        due = [self.stage.today + timedelta(days=n) for n in (-6, 30)]
        await reports.report(
            self.host, day,
            text="上下午两场，看了后厨、台账和助浴间。大家最关心周末能不能开门，其次是盐和等餐时间。没有答完的一问，两周内补上。",
            follow_ups=[
                Commitment("窗口每份菜标出含盐量", due[0]), Commitment("周六上午开放食堂，试行三个月并公布人数", due[1]),
            ],
        )  # fmt: skip

    async def carry(self) -> None:
        """The best supported question goes on as a proposal."""
        question = await OpenDayQuestion.filter(open_day_id=self.key).order_by("-supports", "id").first()
        assert question is not None
        author = Actor(await question.author)
        draft = await questions.carry(
            author, question, title="社区食堂周末也开门，先从周六上午试起",
            body="开放日上问过，答复是先试三个月。希望写成规矩：**每周六上午开放**，试行期的人数每月公布一次。",
        )  # fmt: skip
        await proposals.publish(author, draft)

    async def cancel(self, reason: str) -> None:
        await editions.cancel(self.stage.as_("tianlin", "tianlin"), self.key, reason=reason)
