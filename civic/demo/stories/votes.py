"""Votes of other kinds: ranked, a budget, owners by heads and weight on an uploaded roll, with voting passes, and complaints."""

from __future__ import annotations

from random import Random

from civic.acts import ballots
from civic.acts.ballots import NewOption
from civic.acts.core import Actor
from civic.demo.areas import DISTRICT, LONGHUA, TIANLIN, TIANPING
from civic.demo.courses import Vote
from civic.demo.stage import Scene, Stage
from civic.models import Ballot, Person, RollChallenge

# How people of two minds rank: whoever likes quiet things likes them all, and so on. So many put the long table
# first that it has more than it needs, and a surplus passes on.
TASTES = (
    ["1", "4", "2"],
    ["1", "2", "5"],
    ["2", "1", "5"],
    ["3", "6", "5"],
    ["3", "5", "6", "2"],
    ["4", "1", "2"],
    ["5", "3", "6"],
    ["6", "3"],
)
LIKED = (12, 7, 4, 7, 4, 3, 4, 3)
WISHES = (["1", "2", "4"], ["1", "2"], ["3", "5"], ["3", "6"], ["2", "6", "7"], ["4"], ["5", "7"])
WISHED = (10, 8, 7, 5, 5, 4, 3)


def ranks(chance: Random) -> list[str]:
    """A ranking: one of some tastes, sometimes cut short or with the first two changed."""
    found = list(chance.choices(TASTES, LIKED)[0])
    if chance.random() < 0.25:
        found = found[:2][::-1] + found[2:]
    return found[:1] if chance.random() < 0.1 else found


def wishes(chance: Random) -> list[str]:
    return list(chance.choices(WISHES, WISHED)[0])


def scenes(stage: Stage) -> list[Scene]:
    corner = Vote(
        stage, "corner", host="tianlin", who="tianlin", area=TIANLIN, title="田林路口袋公园：六种用法，选出两种",
        question="三百平方米，只够做两样。请按喜欢的顺序排，**想排几项排几项**。按单一可转移票计票，两边的人都会有一份。（示例）",
        announced=-18, opens=-12, closes=-7, share=0.6, split={}, method="stv", choose=ranks, terms={"seats": 2, "shuffled": True},
        options=[
            NewOption("树下的长桌", "下棋、喝茶、做作业"), NewOption("花境和鸟食台"), NewOption("小型篮球半场", "晚上八点半熄灯"),
            NewOption("老人健步环道", "软地面，带扶手"), NewOption("儿童沙坑"), NewOption("轮滑与滑板坡"),
        ],
        scrutineers=(("residents_tl", "residents_tl"), ("property", "property")), certified=-4,
    )  # fmt: skip
    money = Vote(
        stage, "money", host="tianping", who="street", area=TIANPING, title="天平街道三十万元微更新，花在哪里？",
        question="请勾选您想要的项目，**数目不限**。按平等份额法计票：每位投票人有同样多的钱，一群人凑得起的项目就资助。（示例）",
        announced=-40, opens=-33, closes=-26, share=0.45, split={}, method="budget_shares", choose=wishes,
        terms={"budget": 300_000_00},
        options=[
            NewOption("弄堂口座椅十二处", "木面，带扶手", 96_000_00, "休憩"), NewOption("楼道声控灯", "四十个门洞", 72_000_00, "照明"),
            NewOption("旧衣回收亭", "", 48_000_00, "环境"), NewOption("雨天自行车棚", "", 110_000_00, "交通"),
            NewOption("屋顶蝴蝶花园", "学校与居民共管", 60_000_00, "环境"), NewOption("流动图书车", "每周三个下午", 54_000_00, "文化"),
            NewOption("广场健身器材更新", "", 85_000_00, "健身"),
        ],
        scrutineers=(("residents_tp", "residents_tp"), ("cafe", "cafe")), certified=-24,
        answered=(-12, "accepted", "按结果执行，第一批座椅和声控灯已经下单。（示例）"),
    )  # fmt: skip
    owners = Vote(
        stage, "owners", host="longhua", who="longhua", area=LONGHUA, title="示例滨江公寓：是否动用维修资金翻修外墙？",
        question="动用建筑物及其附属设施的维修资金六十二万元翻修外墙。依《民法典》第二百七十八条，人数和专有部分面积**都要过半数同意**，且都须三分之二以上参加。（示例）",
        announced=-30, opens=-22, closes=-15, share=0.78, split={"yes": 66, "no": 25, "abstain": 9}, passing="dual_majority",
        terms={"electorate": "roll"}, weights=("58.5", "89.5", "89.5", "121"),
        scrutineers=(("residents_tp", "residents_tp"), ("builders", "builders")), certified=-13,
    )  # fmt: skip
    heirs = Vote(
        stage, "heirs", host="longhua", who="longhua", area=LONGHUA, title="示例滨江公寓：要不要换物业服务人？",
        question="合同十二月底到期。是否另行选聘物业服务人？名册已公示，如有出入请在开始投票前提出。（示例）",
        announced=-3, opens=4, closes=11, share=0, split={}, passing="dual_majority", terms={"electorate": "roll"},
        weights=("58.5", "89.5", "89.5", "121"),
    )  # fmt: skip
    nameless = Vote(
        stage, "nameless", host="district", who="official", area=DISTRICT, title="窗口服务满意吗？（用投票凭证，不记名）",
        question="过去半年您在政务窗口办过事，总的来说怎样？这次投票**不经过您的姓名**：凭证由您的设备生成。（示例）",
        announced=-8, opens=-4, closes=5, share=0.09, split={"1": 5, "2": 8, "3": 4}, method="single", passing="plurality",
        options=[NewOption("满意"), NewOption("一般"), NewOption("不满意")], terms={"anonymous": True},
        scrutineers=(("residents_tp", "residents_tp"), ("builders", "builders")),
    )  # fmt: skip

    async def complain_of_corner() -> None:
        """It waits for an answer still."""
        await ballots.complain(
            Actor(corner.voters()[3]), await Ballot.get(id=stage.ballots["corner"]),
            reason="第一轮多出来的票转给别人时变成了小数，还有一点“不再计入任何选项”，这是怎样算的？请说明。（示例）",
        )  # fmt: skip

    async def complain_of_money() -> None:
        await ballots.complain(
            stage.as_("cafe", "cafe"), await Ballot.get(id=stage.ballots["money"]),
            reason="自行车棚得票比回收亭多，却没有资助，是不是算错了？（示例）",
        )  # fmt: skip

    async def answer_of_money() -> None:
        await ballots.answer_complaint(
            stage.as_("street", "tianping"), await Ballot.get(id=stage.ballots["money"]), number=1, upheld=False,
            text="没有算错。支持自行车棚的人大多已经把自己那一份花在楼道声控灯上，余下的凑不够；任何人都可以按公布的票箱重算。（示例）",
        )  # fmt: skip

    async def object_to_roll() -> None:
        ballot = await Ballot.get(id=stage.ballots["heirs"])
        first, second = [await Person.get(id=person.id) for person in stage.residents(LONGHUA)[1:3]]
        await ballots.challenge(
            Actor(first), ballot, about="weight", text="我家是 121 平方米，名册上是 89.5。（示例）"
        )
        await ballots.challenge(
            Actor(second), ballot, about="other", text="十二号楼有两户还没有登记。（示例）"
        )
        found = await RollChallenge.filter(ballot_id=ballot.id).order_by("id").first()
        assert found is not None
        await ballots.decide(
            stage.as_("longhua", "longhua"), ballot, challenge=found.id, accept=True, answer="核对产证，已改正。（示例）", weight="121"
        )  # fmt: skip

    return [
        *corner.scenes(), *money.scenes(), *owners.scenes(), *heirs.scenes(), *nameless.scenes(),
        Scene(stage.on(-3, 16), complain_of_corner),
        Scene(stage.on(-22, 16), complain_of_money),
        Scene(stage.on(-20, 11), answer_of_money),
        Scene(stage.on(-1, 15), object_to_roll),
    ]  # fmt: skip
