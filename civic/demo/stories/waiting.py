"""What waits today: an answer that is overdue, one due soon, one with time; a vote to come; claims; an application."""

from __future__ import annotations

from datetime import timedelta

from civic.acts import parties, people, proposals, residencies
from civic.acts.ballots import NewOption
from civic.acts.core import Actor
from civic.demo.areas import DISTRICT, TIANLIN, TIANPING
from civic.demo.cast import ACCOUNTS, Cast, credit_code
from civic.demo.courses import Vote, petition, talk
from civic.demo.crowd import PROVIDER
from civic.demo.stage import Scene, Stage
from civic.rules import working_days
from civic.settings import settings

BODY_CHARGING = """车棚里私拉电线充电，去年冒过一次烟。建议改成有插座、有烟感、有喷淋的充电车棚：

- 先改十二村东门的一个，六十个车位；
- 电费刷卡，单价公示；
- 夜里十二点以后自动断电。
"""
BODY_CHECK = """施工单位、监理和物业都见过"验收时好好的，一年后就漏"。我们十二家会员单位建议：

1. 老小区改造完工满一年，请居民代表、物业、施工单位一起**回访验收**；
2. 回访清单公开，问题三十天内修好；
3. 连续两次不合格的单位，两年内不得参加同类项目。
"""
BODY_BENCH = "建议在蒲汇塘步道每二百米设一张有靠背的长椅，先从三个桥头做起。"


def days_of_answer(stage: Stage, left: int) -> int:
    """How many days ago a proposal qualified whose answer is due in ``left`` working days."""
    chosen = settings()
    for ago in range(1, 90):
        due = working_days.deadline(
            stage.now - timedelta(days=ago), chosen.response_working_days, chosen.zone
        )
        if working_days.working_days_left(stage.now, due, chosen.zone) <= left:
            return ago
    return 30


def scenes(stage: Stage, cast: Cast) -> list[Scene]:
    soon = days_of_answer(stage, 3)
    late = days_of_answer(stage, -5)

    async def sponsor() -> None:
        proposal = await stage.propose(
            stage.as_("builders", "builders"),
            DISTRICT,
            "老小区改造完工一年后，请居民一起回访验收",
            BODY_CHECK,
        )
        stage.proposals["second_look"] = proposal.id
        await proposals.sponsor(stage.as_("elder", "elder"), proposal)

    async def draft() -> None:
        await proposals.create(
            stage.as_("resident"), title="给小区门口的快递车划一个临时停靠位", area=f"{TIANPING}D01",
            body="快递车停在消防通道上，一停就是半小时。建议在东门外划两个十五分钟的停靠位。",
        )  # fmt: skip

    async def claims() -> None:
        newcomer = next(role for role in ACCOUNTS if role.key == "newcomer")
        stage.people["newcomer"] = await cast.account(newcomer)
        await residencies.claim(stage.as_("newcomer"), area=f"{TIANPING}D01")
        for number, (name, area) in enumerate(
            (("崔新民（示例）", TIANPING), ("Oliver Brown (demo)", TIANPING), ("米兰（示例）", TIANLIN)), 1
        ):
            person = await people.sign_in_with_provider(
                issuer=PROVIDER, subject=f"waiting-{number}", email=None, name=name
            )
            await residencies.claim(Actor(person), area=f"{area}D02")

    async def apply() -> None:
        person = await people.sign_in_with_provider(
            issuer=PROVIDER, subject="applicant", email=None, name="谷丰（示例）"
        )
        await parties.apply(
            Actor(person), kind="enterprise", name="示例鲜菜合作有限公司", name_en="Demo Fresh Greens Ltd",
            area=TIANLIN, credit_code=credit_code("enterprise", 700), about="田林菜场的六个摊主合开的公司。（示例）",
        )  # fmt: skip

    room = Vote(
        stage, "room", host="tianlin", who="tianlin", area=TIANLIN, title="田林社区公共空间，先做哪几样？",
        question="菜场二楼腾出四百平方米，今年只够做三样。请选出您最需要的，**最多三样**。",
        announced=-2, opens=3, closes=10, share=0, split={}, method="approval", passing="plurality", most=3,
        options=[
            NewOption("社区工具间", "梯子、电钻、缝纫机，扫码借用"), NewOption("自习室", "四十个座位，开到晚上十点"),
            NewOption("老人助浴间", "有护理员协助，按次收费"), NewOption("孩子的雨天操场", "软地面，六十平方米"),
            NewOption("共享厨房", "社区食堂和烹饪课共用"), NewOption("小剧场", "八十个座位，可排练"),
        ],
    )  # fmt: skip
    works = Vote(
        stage, "works", host="district", who="official", area=DISTRICT, title="明年的社区微更新，先做哪些？",
        question="区里明年有一笔微更新资金，请从居民提案中选出您最希望先做的，**最多选两项**。得票最多的两项列入计划。",
        announced=-12, opens=-5, closes=2, share=0.41, split={"1": 34, "2": 27, "3": 18, "4": 12, "5": 9},
        method="approval", passing="plurality", most=2,
        options=[
            NewOption("无障碍坡道改造", "先做医院、菜场和公交站周边"), NewOption("积水路面重新找坡", "七处，汛期前完工"),
            NewOption("骑手歇脚点", "二十处，有热水和插座"), NewOption("公园直饮水点", "公开每月检测结果"),
            NewOption("图书馆临时座位", "考试季增加三百座"),
        ],
        scrutineers=(("residents_tp", "residents_tp"), ("builders", "builders")),
    )  # fmt: skip
    return [
        *petition(
            stage, "charging", who="residents_tl", party="residents_tl", area=TIANLIN, title="田林十二村的车棚改成能安全充电的车棚",
            body=BODY_CHARGING, day=-late - 5, supports=24, over=4,
        ),
        *talk(
            stage, "charging", -late + 1,
            [
                (TIANLIN, None, "for", "上次冒烟的就是我们楼下，消防车都来了。"),
                ("property", "property", "for", "场地和日常巡查我们负责，改造的钱需要街道支持。"),
                (TIANLIN, None, "neutral", "已经过了答复的日子，还没有回音，请给个说法。"),
            ],
        ),
        Scene(stage.on(-soon, 10, 20), sponsor),
        *talk(
            stage, "second_look", -soon + 1,
            [
                (TIANPING, None, "for", "我们小区去年改造的外墙，今年已经渗水了。"),
                ("property", "property", "for", "一年后回访最能看出问题，我们支持。"),
                ("software", "software", "neutral", "回访清单建议做成开放数据，方便比对。"),
            ],
        ),
        *petition(
            stage, "benches", who="residents_tl", area=TIANLIN, title="蒲汇塘步道每二百米设一张长椅", body=BODY_BENCH, day=-11,
            supports=22, over=6,
        ),
        *works.scenes(),
        *room.scenes(),
        Scene(stage.on(-4, 21), draft),
        Scene(stage.on(-2, 11), claims),
        Scene(stage.on(-1, 9), apply),
    ]  # fmt: skip
