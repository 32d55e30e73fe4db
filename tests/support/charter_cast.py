"""The people of the story of a charter, each at their own browser, and what they do there again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from PIL import Image

from civic import clock, db
from civic.acts import parties, people, residencies
from civic.acts.core import SYSTEM, Actor
from civic.models import Obligation, Person
from civic.rules.credit_code import check_character
from tests.support.charters import resolution
from tests.support.server import Server
from tests.support.world import World

PASSWORD = "correct horse battery"
NAMES = {"office": "示例街道办（测试）", "firm": "示例园林公司（测试）", "committee": "示例居委会（测试）"}
KINDS = {"office": "政府部门", "firm": "企业", "committee": "居民代表"}


def run(work: Callable[[], Awaitable[Any]]) -> Any:
    """Do this with the database, in a thread of its own: Playwright has a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(_with_database(work))).result()


async def _with_database(work: Callable[[], Awaitable[Any]]) -> Any:
    await db.start()
    try:
        return await work()
    finally:
        await db.stop()


async def settle_in() -> dict[str, Any]:
    """Accounts with passwords, a steward, the three parties on the record, and a resolution of all three."""
    world = await World.make()
    area = world.district.code

    async def account(key: str, name: str) -> Person:
        return await people.sign_up(name=name, email=f"{key}@example.org", password=PASSWORD)

    steward = await people.make_steward(SYSTEM, await account("steward", "管理员"))
    office, firm, committee = [await account(key, f"{key}的负责人") for key in NAMES]
    first = "91310104MA1FL4Y8X"
    made = {
        "office": await parties.register(
            Actor(steward), name=NAMES["office"], area=area, manager=office.pseudonym
        ),
        "firm": await parties.apply(
            Actor(firm), kind="enterprise", name=NAMES["firm"], area=area, credit_code=first + check_character(first)
        ),
    }  # fmt: skip
    home = await residencies.claim(Actor(committee), area=area)
    await residencies.verify(Actor(office, made["office"]), home, document_number="DEMO20261128")
    made["committee"] = await parties.apply(
        Actor(committee), kind="residents", name=NAMES["committee"], area=area
    )
    for key in ("firm", "committee"):
        made[key] = await parties.approve(Actor(steward), made[key])
    three = tuple(
        Actor(p, made[key]) for key, p in (("office", office), ("firm", firm), ("committee", committee))
    )
    decided = await resolution(
        area,
        three,
        (
            (three[0], three[2], "公布施工安排", ""),
            (three[1], three[0], "按图施工", "竣工照片"),
            (three[0], three[2], "设置围挡", "照片"),
        ),
    )
    return {"area": area, "resolution": decided, **{key: party.id for key, party in made.items()}}


@dataclass
class Somebody:
    """One of them at their own browser."""

    page: Any
    url: str

    def go(self, path: str) -> None:
        answer = self.page.goto(self.url + path)
        assert answer.status == 200, (path, answer.status)

    def press(self, label: str, nth: int = 0) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=label, exact=True).nth(nth).click()

    def says(self, *texts: str) -> None:
        shown = self.page.locator("main").inner_text()
        for text in texts:
            assert text in shown, (text, shown[:3000])

    def sign_in(self, key: str) -> None:
        self.go("/sign-in")
        self.page.fill("[name=email]", f"{key}@example.org")
        self.page.fill("[name=password]", PASSWORD)
        with self.page.expect_navigation():
            self.page.locator("form:has([name=password]) button[type=submit]").click()

    def send(self, path: str, op: str, **ids: str) -> None:
        """Send the page at ``path`` a form that it does not offer, made by hand from one that stands here."""
        with self.page.expect_navigation():
            self.page.evaluate(
                """([path, op, ids]) => {
                    const form = document.querySelector("form:has([name=_csrf])").cloneNode(true);
                    form.querySelectorAll(":not([name=_csrf], [name=_once])").forEach(node => node.remove());
                    for (const [name, value] of [["_op", op], ...Object.entries(ids)]) {
                        const field = document.createElement("input");
                        Object.assign(field, {type: "hidden", name, value});
                        form.append(field);
                    }
                    form.action = path;
                    document.body.append(form);
                    form.submit();
                }""",
                [path, op, ids],
            )

    def choose(self, name: str, key: str) -> None:
        self.page.select_option(f"[name={name}]", label=f"{KINDS[key]} · {NAMES[key]}")


@dataclass
class Cast:
    server: Server
    area: str
    parties: dict[str, int]
    somebody: dict[str, Somebody] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Somebody:
        return self.somebody[key]


def in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def write_clause(
    who: Somebody,
    kind: str,
    holder: str,
    text: str,
    counterpart: str = "",
    answers: int = 0,
    evidence: str = "",
) -> None:
    """Fill the fields of a clause; a duty is due in thirty days."""
    page = who.page
    who.choose("holder", holder)
    if counterpart:
        who.choose("counterpart", counterpart)
    page.fill("[name=text]", text)
    if kind == "duty":
        if answers:
            page.check(f"[name=answers][value='{answers}']")
        page.check("[name=dueKind][value=day]")
        page.fill("[name=dueOn]", in_days(30))
        page.fill("[name=evidence]", evidence)


def move(change: dict[str, Any], **which: Any) -> None:
    """Time passes for these obligations."""

    async def write() -> None:
        await Obligation.filter(**which).update(**change)

    run(lambda: db.write(write))


def wait_for(who: Somebody, path: str, text: str) -> None:
    """Look again until the platform's clock has done its work."""
    for _ in range(40):
        who.go(path)
        if text in who.page.locator("main").inner_text():
            return
        who.page.wait_for_timeout(250)
    who.says(text)


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (30, 20), "green").save(out, "PNG")
    return out.getvalue()
