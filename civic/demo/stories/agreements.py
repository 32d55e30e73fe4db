"""Charters at every stage beside the café's: drafted from a resolution, out for signature, replaced by a newer one, ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from civic.acts import charters, obligations
from civic.acts.core import Actor
from civic.acts.obligations import Report
from civic.demo.areas import DISTRICT, LONGHUA, TIANLIN, TIANPING
from civic.demo.stage import Scene, Stage
from civic.models import Charter, Obligation, Resolution
from civic.rules.charters import Clause, Due, Side

BINS = "垃圾投放点共治清单（示例）"
SITES = "工地错峰施工清单（示例）"
PARKING = "校门口临时停车清单（示例）"


def picture() -> bytes:
    """A drawn photograph of three bins: evidence that is plainly invented."""
    image = Image.new("RGB", (640, 400), "#dfe6dc")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 300, 640, 400), fill="#b9b3a6")
    for number, colour in enumerate(("#45609a", "#6a8f4e", "#8a8577")):
        left = 90 + 170 * number
        draw.rectangle((left, 130, left + 120, 330), fill=colour)
        draw.rectangle((left - 8, 108, left + 128, 134), fill="#3b3a36")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


class Agreements:
    """Each charter by its convener, with the people who speak for its parties."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.keys: dict[str, int] = {}

    def as_(self, party: str) -> Actor:
        who = {"tianlin": "tianlin", "longhua": "longhua", "district": "official", "tianping": "street"}
        return self.stage.as_(who.get(party, party), party)

    def side(self, party: str) -> Side:
        return Side(self.stage.parties[party].id)

    def right(self, holder: str, text: str) -> Clause:
        return Clause(0, "right", self.side(holder), text=text)

    def gain(self, holder: str, text: str) -> Clause:
        return Clause(0, "interest", self.side(holder), text=text)

    def duty(self, holder: str, to: str, text: str, day: int | Due, evidence: str, *answers: int) -> Clause:
        due = day if isinstance(day, Due) else Due("day", self.stage.today + timedelta(days=day))
        return Clause(
            0, "duty", self.side(holder), self.side(to), text, due=due, evidence=evidence, answers=answers
        )

    async def opened(
        self,
        name: str,
        convener: str,
        title: str,
        area: str,
        clauses: list[Clause],
        supersedes: int | None = None,
    ) -> None:
        purpose = "谁可以要求什么、谁必须做什么、谁得到什么，一条条写清楚。（示例）"
        made = await charters.create(
            self.as_(convener), title=title, area=area, purpose=purpose, supersedes=supersedes
        )
        for clause in clauses:
            await charters.add_clause(self.as_(convener), made.id, clause=clause)
        await charters.open_(self.as_(convener), made.id)
        await charters.start_signing(self.as_(convener), made.id)
        self.keys[name] = made.id

    async def sign(self, name: str, *parties: str, reservation: str = "") -> None:
        for party in parties:
            text = (await Charter.get(id=self.keys[name])).text_hash
            await charters.sign(self.as_(party), self.keys[name], text_hash=text, reservation=reservation)

    async def bins_first(self) -> None:
        await self.opened("old", "tianlin", BINS, TIANLIN, [
            self.right("residents_tl", "知道投放点几点开、几点关。"),
            self.duty("property", "residents_tl", "在每个投放点张贴开放时间。", -88, "现场照片", 1),
            self.duty("residents_tl", "property", "每周两次志愿者值守。", -85, "值守表"),
            self.duty("tianlin", "property", "调配清运车辆，每天两趟。", -86, "清运记录"),
            self.gain("property", "投诉减少。"),
            self.gain("tianlin", "分类准确率提高。"),
        ])  # fmt: skip
        await self.sign("old", "property", "residents_tl", "tianlin")

    async def keep(self, name: str, text: str, by: str, to: str) -> None:
        one = await Obligation.get(charter_id=self.keys[name], text=text)
        await obligations.report(self.as_(by), one, Report("已经做到。（示例）"))
        await obligations.confirm(self.as_(to), one)

    async def bins_kept(self) -> None:
        await self.keep("old", "在每个投放点张贴开放时间。", "property", "residents_tl")
        await self.keep("old", "每周两次志愿者值守。", "residents_tl", "property")
        await self.keep("old", "调配清运车辆，每天两趟。", "tianlin", "property")

    async def bins_anew(self) -> None:
        monthly = Due("recurrence", self.stage.today + timedelta(days=6), "FREQ=MONTHLY;COUNT=6")
        await self.opened("new", "tianlin", BINS, TIANLIN, [
            self.right("residents_tl", "误时也能投放，夜里有灯。"),
            self.duty("property", "residents_tl", "增设两处误时投放点，并装上感应灯。", -7, "完工照片", 1),
            self.duty("property", "tianlin", "投放点每天冲洗两次。", -5, "冲洗记录"),
            self.duty("tianlin", "residents_tl", "每月公布分类准确率。", monthly, "公布的链接", 1),
            self.right("property", "志愿者协助劝导。"),
            self.duty("residents_tl", "property", "误时投放点每晚安排一人值守。", 9, "值守表", 5),
            self.gain("tianlin", "误时投放的投诉减少。"),
            self.gain("property", "少一次夜间清运。"),
        ], supersedes=self.keys["old"])  # fmt: skip
        await self.sign("new", "property", "residents_tl", "tianlin")

    async def report_with_file(self) -> None:
        """Awaiting confirmation, with a photo."""
        one = await Obligation.get(charter_id=self.keys["new"], text="增设两处误时投放点，并装上感应灯。")
        said = "两处都已启用，感应灯二十二点后自动亮。见照片。（示例）"
        await obligations.report(
            self.as_("property"), one, Report(said, (), (("误时投放点.png", picture()),))
        )

    async def dispute(self) -> None:
        """Awaiting a mediator."""
        one = await Obligation.get(charter_id=self.keys["new"], text="投放点每天冲洗两次。")
        table = "示例冲洗记录\n\n周一 07:10、14:20\n周二 07:05\n周三 07:15、14:30\n"
        await obligations.report(
            self.as_("property"),
            one,
            Report("已按次冲洗，记录附后。", (), (("冲洗记录.txt", table.encode()),)),
        )
        await obligations.dispute(self.as_("tianlin"), one, reason="记录上周二只有一次，现场也闻得到味道。")

    async def out_for_signature(self) -> None:
        """Two have signed, one with a reservation; the district has not."""
        weekly = Due("recurrence", self.stage.today + timedelta(days=10), "FREQ=WEEKLY;COUNT=12")
        await self.opened("sites", "district", SITES, DISTRICT, [
            self.right("school", "考试周附近工地不施工。"),
            self.duty("builders", "school", "每周提前公布各工地的噪声时段，考试周停工。", weekly, "公布的时段表", 1),
            self.right("builders", "提前一个月知道考试安排。"),
            self.duty("school", "builders", "学期初提供考试周日历。", 20, "日历", 3),
            self.duty("district", "builders", "建立错峰施工协调群，两小时内回应。", 15, "回应记录"),
            self.gain("district", "夜间与考试期投诉下降。"),
        ])  # fmt: skip
        await self.sign("sites", "builders", reservation="抢险施工不受本清单限制，但两小时内补告知。")
        await self.sign("sites", "school")

    async def try_out(self) -> None:
        await self.opened("parking", "longhua", PARKING, LONGHUA, [
            self.right("school", "放学时段校门口三十米不停车。"),
            self.duty("longhua", "school", "放学时段安排两名协管员。", -60, "排班表", 1),
            self.duty("school", "longhua", "错峰放学，分三批。", -60, "放学安排"),
            self.gain("longhua", "路口不再拥堵。"),
        ])  # fmt: skip
        await self.sign("parking", "longhua", "school")

    async def end(self) -> None:
        await self.keep("parking", "放学时段安排两名协管员。", "longhua", "school")
        await self.keep("parking", "错峰放学，分三批。", "school", "longhua")
        await charters.end(
            self.as_("longhua"), self.keys["parking"], reason="试行期满，校门已改到支路，不再需要。"
        )

    async def draft(self) -> None:
        """Only the street office sees it: what the meeting on the terraces decided, on the way to a charter."""
        decided = await Resolution.all().order_by("motion_id").first()
        assert decided is not None
        street = self.as_("tianping")
        made = await charters.create(
            street, title="收摆值日清单（示例）", area=TIANPING, subject=("resolution", decided.motion_id)
        )
        await charters.add_clause(street, made, clause=self.right("tianping", "看到每天由哪一家负责收摆。"))


def scenes(stage: Stage) -> list[Scene]:
    story, on = Agreements(stage), stage.on
    played: list[tuple[int, Callable[[], object]]] = [
        (-118, story.bins_first), (-84, story.bins_kept), (-66, story.try_out), (-58, story.end), (-40, story.bins_anew),
        (-10, story.draft), (-5, story.out_for_signature), (-4, story.dispute), (-3, story.report_with_file),
    ]  # fmt: skip
    return [Scene(on(day, 15, 20), play) for day, play in played]  # type: ignore[arg-type]
