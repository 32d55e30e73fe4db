"""A school street: proposed, changed once, half granted; now the street votes on it."""

from __future__ import annotations

from civic.acts import proposals
from civic.demo.areas import TIANPING
from civic.demo.courses import Vote, answered, petition, talk
from civic.demo.stage import Scene, Stage

KEY = "school_street"
BODY = """每天早晚，示例梧桐小学门口的车流与孩子混行。我们几位家长记录了两周：

- 平均每四十分钟有 **216 辆车**经过，其中三成是接送车辆；
- 两周里有 3 次急刹，1 个孩子被后视镜刮到书包。

## 希望怎样做

1. 上学日七点二十至八点、十五点半至十六点十分，校门前二百米路段只许步行和骑车。
2. 居民车辆与急救车辆登记后通行。
3. 家长志愿者与学校轮流值守，街道提供可移动的隔离墩。
"""
CHANGED = BODY.replace(
    "居民车辆与急救车辆登记后通行。",
    "居民车辆与急救车辆登记后通行；**沿街商户七点前、十六点半后送货**，另设一处临时装卸位。",
)


def scenes(stage: Stage) -> list[Scene]:
    async def change() -> None:
        await proposals.edit(
            stage.as_("resident"), stage.proposals[KEY],
            title="在示例梧桐小学门口设上下学时段的步行街", body=CHANGED, reason="吸收商户的意见，增加送货时段和装卸位",
        )  # fmt: skip

    vote = Vote(
        stage, KEY, host="tianping", who="street", area=TIANPING,
        title="要不要在示例梧桐小学门口设步行街？",
        question="""是否同意在示例梧桐小学门口设上下学时段的步行街，**先试行一个学期**？

试行期间，每天两次、每次四十分钟，校门前二百米只许步行和骑车；居民与急救车辆登记后通行。学期结束公布车流和事故数字，再决定是否长期实行。""",
        announced=-9, opens=-3, closes=4, share=0.34, split={"yes": 71, "no": 21, "abstain": 8},
        quorum=(1, 3), proposal=KEY, scrutineers=(("residents_tp", "residents_tp"), ("cafe", "cafe")),
    )  # fmt: skip
    return [
        *petition(
            stage, KEY, who="resident", area=TIANPING, title="在示例梧桐小学门口设步行街", body=BODY, day=-96, supports=26, over=20
        ),
        *talk(
            stage, KEY, -94,
            [
                (TIANPING, None, "for", "我家住在路口，每天早上看着都揪心，愿意参加值守。"),
                ("cafe", "cafe", "against", "我们的货都是早上七点半到。请给送货留一个时段，不然店开不了门。"),
                ("residents_tp", "residents_tp", "neutral", "小组下周三请家长和商户一起坐下来谈，大家都来。"),
                ("school", "school", "for", "学校可以安排老师值守，也会通知家长错峰。"),
                (TIANPING, None, "against", "绕行要多走一公里，住在弄堂里的人怎么办？"),
                ("elder", "elder", "for", "志愿者的培训我们可以来做。"),
            ],
        ),
        Scene(stage.on(-88, 20), change),
        *talk(stage, KEY, -87, [("cafe", "cafe", "for", "看到新版本了，七点前送货我们能安排，改为支持。")]),
        *answered(
            stage, KEY, -60, "partly",
            "原则上支持。交通方案需要居民共同决定，我们先做路口渠化和标线，再由全街道居民投票决定是否试行一个学期。",
            [("完成路口渠化和学校区域标线", -22), ("组织全街道居民投票并公布结果", 6), ("公布试行一个月的车流和事故数字", 60)],
        ),
        *vote.scenes(),
    ]  # fmt: skip
