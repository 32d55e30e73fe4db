"""Through the pages, without a script: a party comes to be, a residence is verified, secrets are shown once."""

import re
from html import unescape
from typing import Any

import httpx2
import pytest

from civic.acts import people
from civic.models import Area, Person, Residency
from civic.settings import settings
from tests.acts.test_parties import code
from tests.support.world import World, member

pytestmark = pytest.mark.anyio
PASSWORD = "correct horse"


class Reader:
    """Somebody with a browser that runs no script."""

    def __init__(self, app: Any, language: str) -> None:
        transport = httpx2.ASGITransport(app=app)
        self.http = httpx2.AsyncClient(transport=transport, base_url=settings().origin)
        self.http.headers["accept-language"] = language
        self.html = ""
        self.at = ""

    async def open(self, address: str) -> str:
        answer = await self.http.get(address)
        while answer.is_redirect:
            answer = await self.http.get(answer.headers["location"])
        assert answer.status_code == 200, (address, answer.status_code)
        self.html, self.at = answer.text, answer.url.raw_path.decode("ascii")
        return self.html

    async def send(self, op: str, with_: str = "", **given: Any) -> Any:
        """Fill in the page's form for ``op`` (the one whose hidden fields hold ``with_``) and send it."""
        for form in re.findall(r"<form[^>]*>.*?</form>", self.html, re.S):
            found = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form))
            if found.get("_op") == op and "_csrf" in found and (not with_ or with_ in found.values()):
                data = {name: unescape(value) for name, value in found.items()} | given
                answer = await self.http.post(self.at, data=data)
                self.html = answer.text
                if answer.is_redirect:
                    await self.open(answer.headers["location"])
                return answer
        raise AssertionError(f"no form {op} at {self.at}")

    async def sign_up(self, name: str, email: str) -> Person:
        await self.open("/sign-up")
        assert (await self.send("SignUp", name=name, email=email, password=PASSWORD)).status_code == 303
        return await Person.get(email=email)

    def links(self) -> set[str]:
        return {unescape(href) for href in re.findall(r'href="([^"]*)"', self.html)}


@pytest.fixture(params=["zh-Hans", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def steward(app: Any, language: str, world: World) -> Reader:
    reader = Reader(app, language)
    person = await reader.sign_up("示例管理员", "steward@example.org")
    await people.make_steward(world.as_steward, person)
    app.state.sessions.forget()
    return reader


async def test_a_party_comes_to_be(app: Any, world: World, language: str) -> None:
    founder, keeper = Reader(app, language), await steward(app, language, world)
    await founder.sign_up("示例经理", "founder@example.org")
    colleague = Reader(app, language)
    delegate = await colleague.sign_up("示例代表", "delegate@example.org")
    await founder.open("/parties/new")
    for area in (world.city, world.district, world.street):  # down the tree, link by link
        assert f"/parties/new?place={area.code}" in founder.links()
        await founder.open(f"/parties/new?place={area.code}")
    wrong = await founder.send("Apply", kind="enterprise", name="示例早餐公司", creditCode="91310104MA1")
    assert (
        wrong.status_code == 422
        and 'value="示例早餐公司"' in founder.html
        and 'id="e-creditCode"' in founder.html
    )
    await founder.send("Apply", kind="enterprise", name="示例早餐公司", creditCode=code(1))
    address = founder.at
    assert re.fullmatch(r"/parties/\d+", address)
    stranger = await Reader(app, language).http.get(address)
    assert stranger.status_code == 404
    await keeper.open("/desk")
    assert address in keeper.links()
    await keeper.open(address)
    await keeper.send("Approve")
    await founder.open(address + "/manage")
    refused = await founder.send("Invite", accountCode="delegate@example.org", role="delegate")
    assert refused.status_code == 422 and 'id="e-accountCode"' in founder.html
    await founder.send("Invite", accountCode=delegate.pseudonym, role="delegate")
    await colleague.open("/desk")
    assert "示例早餐公司" in colleague.html and "/desk?invitation=" in colleague.html
    await colleague.send("Read")
    assert "/desk?invitation=" not in colleague.html
    await colleague.send("Accept")
    assert address in colleague.links()
    public = (await Reader(app, language).http.get(address)).text
    assert "示例经理" in public and "示例代表" in public and "founder@example.org" not in public
    assert (await colleague.http.get(address + "/manage")).status_code == 404
    listed = (await Reader(app, language).http.get("/parties?kind=enterprise&q=早餐")).text
    assert f'href="{address}"' in listed
    await keeper.open(address)
    await keeper.send("Suspend", reason="证照过期")
    assert "证照过期" in (await Reader(app, language).http.get(address)).text


async def test_a_residence_is_chosen_step_by_step_and_verified(app: Any, world: World, language: str) -> None:
    resident, clerk = Reader(app, language), Reader(app, language)
    person = await resident.sign_up("示例居民", "lin@example.org")
    official = await clerk.sign_up("示例窗口", "clerk@example.org")
    await member(world.department, official, "clerk")
    await resident.open("/desk")
    assert "/desk/residence" in resident.links()
    await resident.open("/desk/residence")
    for area in (world.city, world.district, world.street, world.community):
        assert f"/desk/residence?place={area.code}" in resident.links()
        await resident.open(f"/desk/residence?place={area.code}")
    await resident.send("Claim")
    claim = await Residency.get(person=person)
    assert (claim.state, claim.area_id) == ("claimed", world.community.id)
    await clerk.open("/desk/counter?q=" + person.pseudonym[:8])
    wrong = await clerk.send("Verify", documentNumber="11010519491231002Y")
    assert wrong.status_code == 422 and "11010519491231002Y" not in clerk.html
    await clerk.send("Verify", documentNumber="11010519491231002X")
    assert (await Residency.get(id=claim.id)).state == "verified"
    await resident.open("/desk/residence")
    await resident.send("GiveUp")
    assert (await Residency.get(id=claim.id)).state == "revoked"
    await clerk.open("/desk/counter")
    shown = await clerk.send("Letters", area=world.street.code, documentNumbers="11010519491231002X")
    assert shown.status_code == 200 and shown.headers["cache-control"] == "private, no-store"
    letter = re.search(r"<code>([A-Z0-9]{4}(?:-[A-Z0-9]{4}){3})</code>", clerk.html)
    assert letter and "002X" in clerk.html
    assert letter[1] not in await clerk.open("/desk/counter")
    await resident.open("/desk/residence")
    await resident.send("Code", code=letter[1].lower())
    assert await Residency.filter(person=person, state="verified", area_id=world.street.id).exists()


async def test_the_account_page(app: Any, world: World, language: str) -> None:
    reader = Reader(app, language)
    person = await reader.sign_up("示例居民", "lin@example.org")
    await reader.open("/account")
    assert person.pseudonym in reader.html
    await reader.send("Edit", name="示例新名", language=language)
    assert "示例新名" in reader.html
    await reader.send("Token", label="脚本", scopes=["read"])
    token = re.search(r"civic_[\w-]{40,}", reader.html)
    assert token and token[0] not in await reader.open("/account") and "脚本" in reader.html
    program = {"Authorization": f"Bearer {token[0]}"}
    body = {"query": "{ viewer { name } }"}
    answer = await httpx_of(app).post("/graphql", json=body, headers=program)
    assert answer.json()["data"]["viewer"]["name"] == "示例新名"
    await reader.send("Revoke")
    assert (await httpx_of(app).post("/graphql", json=body, headers=program)).status_code == 401
    refused = await reader.send("Password", currentPassword="wrong", password="battery staple")
    assert refused.status_code == 422
    await reader.open("/account")
    await reader.send("Delete", currentPassword=PASSWORD, sure="true")
    assert reader.at == "/" and (await Person.get(id=person.id)).name == ""


def httpx_of(app: Any) -> Any:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=settings().origin)


async def test_a_steward_registers_a_department(app: Any, world: World, language: str) -> None:
    keeper = await steward(app, language, world)
    chief = await world.guest("示例科长")
    await keeper.open(f"/desk/platform?place={world.district.code}")
    await keeper.send("Register", name="示例交通委", manager=chief.pseudonym)
    assert re.fullmatch(r"/parties/\d+", keeper.at) and "示例科长" in keeper.html
    await keeper.open("/desk/platform")
    await keeper.send("MakeSteward", accountCode=chief.pseudonym)
    assert (await Person.get(id=chief.id)).steward
    await keeper.send("EndSteward", with_=chief.pseudonym)
    assert not (await Person.get(id=chief.id)).steward
    nobody = Reader(app, language)
    await nobody.sign_up("示例居民", "lin@example.org")
    assert (await nobody.http.get("/desk/platform")).status_code == 404
    assert await Area.all().count() == 5
