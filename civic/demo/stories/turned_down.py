"""What did not come about: a vote that failed for its quorum, a proposal declined, one withdrawn."""

from __future__ import annotations

from civic.acts import proposals
from civic.acts.core import Actor
from civic.demo.areas import HUNAN, KANGJIAN, LONGHUA
from civic.demo.courses import Vote, answered, petition, talk
from civic.demo.stage import Scene, Stage


def scenes(stage: Stage) -> list[Scene]:
    bins = Vote(
        stage, "bins", host="kangjian", who="kangjian", area=KANGJIAN, title="垃圾投放点要不要由九处并为五处？",
        question="合并后每处有遮雨棚、洗手池和夜间照明，最远的一栋楼步行三分钟。是否同意合并？",
        announced=-84, opens=-77, closes=-70, share=0.21, split={"yes": 6, "no": 5, "abstain": 1}, quorum=(1, 2),
        paper=("2", "2", "1", "2", "0", "#", "*", "2"), counter="counter",
        scrutineers=(("residents_tl", "residents_tl"), ("property", "property")), certified=-68,
        answered=(-60, "declined", "参加的人没有达到一半，九处投放点暂时照旧；入秋后同一个问题再投一次。"),
    )  # fmt: skip

    again = Vote(
        stage, "bins_again", host="kangjian", who="kangjian", area=KANGJIAN, title="", question="", again="bins",
        announced=-6, opens=-2, closes=6, share=0.3, split={"yes": 6, "no": 4, "abstain": 1},
        scrutineers=(("residents_tl", "residents_tl"), ("property", "property")),
    )  # fmt: skip

    async def give_up() -> None:
        person = stage.residents(HUNAN)[-1]
        proposal = await stage.propose(
            Actor(person),
            HUNAN,
            "在花园社区门口加一个红绿灯",
            "上下班时过马路要等很久，建议加一个按钮式红绿灯。",
        )
        stage.proposals["light"] = proposal.id

    async def withdraw() -> None:
        await proposals.withdraw(Actor(stage.residents(HUNAN)[-1]), stage.proposals["light"])

    return [
        *bins.scenes(),
        *again.scenes(),
        *petition(
            stage, "night_market", who="cafe", party="cafe", area=LONGHUA, title="在滨江绿地办每周五的夜市", day=-112, supports=18,
            body="每周五十八点到二十二点，三十个摊位，只收清洁费。带动人气，也给手工艺人一个地方。",
        ),
        *talk(
            stage, "night_market", -109,
            [
                (LONGHUA, None, "for", "周五晚上终于有地方去了。"),
                (LONGHUA, None, "against", "我们楼就在绿地对面，十点结束、十二点才收完摊。"),
                (LONGHUA, None, "against", "绿地是大家的，草踩坏了谁来补？"),
                ("elder", "elder", "neutral", "能不能先办两次，测一测噪声再说？"),
            ],
        ),
        *answered(
            stage, "night_market", -92, "declined",
            """不同意在滨江绿地举办，理由有三：

1. 最近的居民楼只有四十米，去年两次试办时夜间噪声都超过五十五分贝；
2. 绿地没有排污接口，油污只能排进河道；
3. 支持者与反对者都不少，现有意见没有就时间和地点达成一致。

如果改在龙华中路的停车场、二十一点半结束，欢迎重新提出。""",
        ),
        Scene(stage.on(-66, 18), give_up),
        Scene(stage.on(-59, 20), withdraw),
    ]  # fmt: skip
