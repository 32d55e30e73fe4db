"""The people with a name and the parties: who founds, applies, approves and is invited."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from civic.acts import areas, memberships, parties, people, residencies
from civic.acts.core import SYSTEM, Actor
from civic.demo.areas import DISTRICT, HUNAN, KANGJIAN, LONGHUA, TIANLIN, TIANPING, lines
from civic.demo.stage import Scene, Stage
from civic.models import Area, Person
from civic.rules.credit_code import check_character

FOUNDED = -182  # days from the day of building
DOMAIN = "demo.example"


@dataclass(frozen=True, slots=True)
class Role:
    """A demo account, one for each kind of user; ``says`` and ``says_en`` tell what it is for."""

    key: str
    name: str
    says: str
    says_en: str
    home: str = ""


ACCOUNTS = (
    Role("resident", "林小满（示例）", "居民，居住已认证：支持、评论、投票", "Resident, verified: supports, comments, votes", f"{TIANPING}D01"),
    Role("newcomer", "周初来（示例）", "新居民，居住待认证", "New resident, waiting to be verified"),
    Role("neighbour", "Grace Lin (demo)", "居民，界面为英文", "Resident who reads English", f"{HUNAN}D01"),
    Role("official", "方敏（示例）", "区政务办公室：按时答复", "District office: answers in time"),
    Role("clerk", "沈窗（示例）", "区窗口工作人员：核验居住", "Counter clerk: verifies residences"),
    Role("street", "陆平（示例）", "街道办事处：答复、发起投票", "Street office: answers, holds votes"),
    Role("cafe", "蒋一杯（示例）", "企业代表", "Delegate of an enterprise"),
    Role("builders", "范准（示例）", "行业协会代表", "Delegate of an industry association"),
    Role("residents_tp", "何邻（示例）", "居民代表，监票员", "Delegate of a residents' group, scrutineer", f"{TIANPING}D01"),
    Role("elder", "顾暖（示例）", "社会组织代表", "Delegate of an institution"),
    Role("steward", "管理员（示例）", "平台管理员：审核主体、管理内容", "Platform steward: parties, moderation"),
)  # fmt: skip
# Others who speak for a party; they have no password.
SPEAKERS = {
    "residents_tl": ("田一组（示例）", f"{TIANLIN}D01"),
    "property": ("汤物业（示例）", ""),
    "delivery": ("葛准时（示例）", ""),
    "bike": ("骆双轮（示例）", ""),
    "school": ("程校长（示例）", ""),
    "software": ("卫码（示例）", ""),
    "tianlin": ("石田（示例）", ""),
    "kangjian": ("季康（示例）", ""),
    "longhua": ("江龙（示例）", ""),
    "counter": ("唐数票（示例）", ""),
}
# Departments: the area that they cover, their names, and who leads them.
DEPARTMENTS = {
    "district": (DISTRICT, "示例区政务服务办公室", "Demo District Service Office", "official"),
    "tianping": (TIANPING, "示例天平路街道办事处", "Demo Tianping Road Street Office", "street"),
    "tianlin": (TIANLIN, "示例田林街道办事处", "Demo Tianlin Street Office", "tianlin"),
    "kangjian": (KANGJIAN, "示例康健新村街道办事处", "Demo Kangjian Street Office", "kangjian"),
    "longhua": (LONGHUA, "示例龙华街道办事处", "Demo Longhua Street Office", "longhua"),
}
PARTIES = {
    "cafe": ("enterprise", "示例一杯咖啡有限公司", "Demo One Cup Coffee Ltd", TIANPING, "武康路边的一家小咖啡馆。（示例）"),
    "property": ("enterprise", "示例安居物业服务有限公司", "Demo Anju Property Services", DISTRICT, "管理四个老小区的物业公司。（示例）"),
    "delivery": ("enterprise", "示例准时配送有限公司", "Demo On Time Delivery", DISTRICT, "本地配送平台。（示例）"),
    "bike": ("enterprise", "示例双轮单车有限公司", "Demo Two Wheels Bikes", DISTRICT, "共享单车企业。（示例）"),
    "software": ("enterprise", "示例码农软件有限公司", "Demo Software Works", "310104501", "园区里的软件企业。（示例）"),
    "builders": ("association", "示例建筑工程行业协会", "Demo Builders' Association", DISTRICT, "二十七家施工与监理企业的协会。（示例）"),
    "school": ("institution", "示例中小学联合会", "Demo Schools' Union", DISTRICT, "十二所中小学。（示例）"),
    "elder": ("institution", "示例暖阳社区服务中心", "Demo Sunny Days Community Centre", DISTRICT, "为老年人服务的社会组织。（示例）"),
    "residents_tp": ("residents", "示例天平居民议事小组", "Demo Tianping Residents' Group", TIANPING, "天平居民自愿组成，每月第一个周三开会。（示例）"),
    "residents_tl": ("residents", "示例田林居民议事小组", "Demo Tianlin Residents' Group", TIANLIN, "田林居民自愿组成。（示例）"),
}  # fmt: skip
_CODES = {"enterprise": "91310104MADE0", "association": "51310104MJDE0", "institution": "52310104MJDE1"}


def credit_code(kind: str, number: int) -> str:
    """An invented code with a right check character; "" for residents."""
    first = f"{_CODES[kind]}{number:04}" if kind in _CODES else ""
    return first + check_character(first) if first else ""


class Cast:
    """Brings people and parties onto the stage."""

    def __init__(self, stage: Stage, password: str) -> None:
        self.stage, self.password = stage, password

    def scenes(self) -> list[Scene]:
        on = self.stage.on
        found = [Scene(on(FOUNDED, 9), self.found)]
        found += [
            Scene(on(FOUNDED, 10, n), self.settle(role)) for n, role in enumerate(ACCOUNTS) if role.home
        ]
        found += [Scene(on(FOUNDED + 4 + n, 14, 10), self.apply(key)) for n, key in enumerate(PARTIES)]
        return found

    async def found(self) -> None:
        """The first steward, the areas, the departments with their people."""
        stage = self.stage
        for role in ACCOUNTS:
            if role.key != "newcomer":
                stage.people[role.key] = await self.account(role)
        for key, (name, _) in SPEAKERS.items():
            stage.people[key] = await people.sign_in_with_provider(
                issuer=f"https://id.{DOMAIN}", subject=key, email=None, name=name
            )
        await people.make_steward(SYSTEM, stage.people["steward"])
        stage.people["steward"] = await Person.get(id=stage.people["steward"].id)
        await areas.import_areas(SYSTEM, lines=lines())
        steward = stage.as_("steward")
        for key, (area, name, name_en, manager) in DEPARTMENTS.items():
            stage.leads[key] = manager
            stage.parties[key] = await parties.register(
                steward, name=name, name_en=name_en, area=area, manager=stage.people[manager].pseudonym,
                about="示例部门，不是真实的政府机构。",
            )  # fmt: skip
        await self.join("clerk", "district", "clerk", by="official")
        await self.join("street", "district", "delegate", by="official")
        await self.join("counter", "kangjian", "clerk", by="kangjian")
        for code, supports in (
            (DISTRICT, 45),
            (TIANPING, 20),
            (TIANLIN, 20),
            (KANGJIAN, 16),
            (LONGHUA, 14),
            (HUNAN, 10),
        ):
            place = await Area.get(code=code)
            await areas.set_threshold(stage.as_("official", "district"), place, supports=supports)

    async def account(self, role: Role) -> Person:
        person = await people.sign_up(
            name=role.name, email=f"{role.key}@{DOMAIN}", password=self.password,
            language="en" if role.key == "neighbour" else "zh-Hans",
        )  # fmt: skip
        return person

    def settle(self, role: Role) -> Callable[[], Awaitable[None]]:
        async def play() -> None:
            await self.home(role.key, role.home)

        return play

    async def home(self, key: str, home: str) -> None:
        person = self.stage.people[key]
        claim = await residencies.claim(Actor(person), area=home)
        number = "DEMO" + person.pseudonym[:12].upper()
        await residencies.verify(self.stage.as_("clerk", "district"), claim, document_number=number)

    async def join(self, key: str, party: str, role: str, *, by: str) -> None:
        """Somebody is invited to a party by its manager, and accepts."""
        person = self.stage.people[key]
        invitation = await memberships.invite(
            self.stage.as_(by, party), self.stage.parties[party], account_code=person.pseudonym, role=role
        )
        await memberships.accept(Actor(person), invitation)

    def apply(self, key: str) -> Callable[[], Awaitable[None]]:
        """A party applies, and is approved."""

        async def play() -> None:
            kind, name, name_en, area, about = PARTIES[key]
            if key in SPEAKERS and SPEAKERS[key][1]:
                await self.home(key, SPEAKERS[key][1])
            party = await parties.apply(
                Actor(self.stage.people[key]), kind=kind, name=name, name_en=name_en, area=area, about=about,
                credit_code=credit_code(kind, 100 + list(PARTIES).index(key)),
            )  # fmt: skip
            self.stage.parties[key] = await parties.approve(self.stage.as_("steward"), party)

        return play
