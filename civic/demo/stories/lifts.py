"""Lifts in old buildings: proposed, answered, put to the vote, passed and certified; its promises half kept."""

from __future__ import annotations

from civic.acts import responses
from civic.acts.core import Actor
from civic.demo.areas import TIANLIN
from civic.demo.courses import Vote, answered, petition, talk
from civic.demo.stage import Scene, Stage
from civic.models import Deadline, Response, Support

KEY = "lifts"
BODY = """老小区加装电梯，难就难在钱怎么分。一楼住户不受益，还可能被挡光；六楼的老人一年下不了几次楼。

## 建议的分担办法

| 楼层 | 系数 |
|---|---|
| 一层 | 0，另给采光补偿 |
| 二层 | 0.5 |
| 三层 | 1.0 |
| 四层 | 1.4 |
| 五层 | 1.7 |
| 六层 | 2.0 |

运行费按同样系数分摊，每年公布一次账目。街道把办法写成样本，各楼照着谈，少吵架。
"""


def scenes(stage: Stage) -> list[Scene]:
    async def rate() -> None:
        deadline = await Deadline.get(kind="proposal", subject_id=stage.proposals[KEY])
        response = await Response.get(deadline_id=deadline.id)
        supports = (
            await Support.filter(proposal_id=deadline.subject_id)
            .select_related("person")
            .order_by("id")
            .limit(12)
        )
        for number, support in enumerate(supports):
            await responses.rate(Actor(support.person), response, stars=(5, 4, 5, 4, 3, 5)[number % 6])

    vote = Vote(
        stage, KEY, host="tianlin", who="tianlin", area=TIANLIN, title="田林街道加装电梯费用分担办法",
        question="""是否同意把下面的办法作为全街道加装电梯的**参考样本**？

一层不出资并获采光补偿，二层系数 0.5，三层 1.0，四层 1.4，五层 1.7，六层 2.0；运行费同系数分摊，每年公布账目。各楼仍须自行表决。""",
        announced=-50, opens=-40, closes=-33, share=0.72, split={"yes": 74, "no": 19, "abstain": 7},
        passing="two_thirds", quorum=(1, 2), proposal=KEY,
        scrutineers=(("residents_tl", "residents_tl"), ("property", "property")), certified=-31,
        answered=(-24, "accepted", "结果有效。办法即日起作为全街道的参考样本，前五栋楼的设计咨询已经开始预约。"),
    )  # fmt: skip
    return [
        *petition(
            stage, KEY, who="residents_tl", area=TIANLIN, title="老小区加装电梯，费用按楼层系数分担", body=BODY, day=-148, supports=34
        ),
        *talk(
            stage, KEY, -144,
            [
                (TIANLIN, None, "for", "我住六楼，母亲去年只下过三次楼。系数高一点我愿意。"),
                (TIANLIN, None, "against", "一楼不出钱是应该的，可是挡了光补多少，要写清楚。"),
                ("property", "property", "neutral", "运行费的账目我们可以每年公布，也愿意请居民来查。"),
                ("builders", "builders", "for", "协会可以提供三份标准设计，挡光最少的一份附了日照图。"),
            ],
        ),
        *answered(
            stage, KEY, -121, "accepted", "这是居民自己谈出来的办法，比我们写的好。请居民投票后作为全街道的样本，采光补偿另列标准。",
            [("公布采光补偿的参考标准", -60), ("组织全街道居民投票并公布结果", -30), ("为前五栋楼提供免费的设计咨询", 25)],
        ),
        Scene(stage.on(-118, 19), rate),
        *vote.scenes(),
    ]  # fmt: skip
