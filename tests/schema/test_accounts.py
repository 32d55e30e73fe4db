"""One's own account through the API: sessions, tokens, password, data, leaving, and residence."""

from typing import Any

import httpx2
import orjson
import pytest

from civic.acts import accounts, people, residencies
from civic.acts.core import Actor
from civic.models import Mail
from civic.settings import settings
from tests.support.world import World

pytestmark = pytest.mark.anyio
PASSWORD = "correct horse"
SIGN_IN = "mutation($i: SignInInput!) { signIn(input: $i) { person { name } } }"
ACCOUNT = """{ account { name email code hasPassword provider sessions { id current } tokens { id label scopes }
  providers { id issuer } } }"""


def browser(app: Any) -> Any:
    transport = httpx2.ASGITransport(app=app)
    return httpx2.AsyncClient(transport=transport, base_url=settings().origin)


async def ask(client: Any, query: str, token: str = "", **input: Any) -> Any:
    headers = {"Accept-Language": "en", **({"Authorization": f"Bearer {token}"} if token else {})}
    body = {"query": query, "variables": {"i": input}}
    return (await client.post("/graphql", json=body, headers=headers)).json()


def reason(answer: Any) -> str:
    return str(answer["errors"][0]["extensions"].get("reason"))


async def test_sessions_and_the_password(app: Any, world: World) -> None:
    person = await people.sign_up(name="甲", email="a@example.org", password=PASSWORD)
    async with browser(app) as one, browser(app) as two, browser(app) as three:
        for client in (one, two, three):
            await ask(client, SIGN_IN, email="a@example.org", password=PASSWORD)
        account = (await ask(one, ACCOUNT))["data"]["account"]
        assert (account["code"], account["hasPassword"], account["provider"]) == (
            person.pseudonym,
            True,
            None,
        )
        assert [s["current"] for s in account["sessions"]].count(True) == 1
        end = "mutation($i: SessionInput!) { endSession(input: $i) { done } }"
        other = next(s["id"] for s in account["sessions"] if not s["current"])
        assert (await ask(one, end, session=other))["data"]["endSession"]["done"]
        assert reason(await ask(one, end, session=other)) == "gone"
        alive = [c for c in (two, three) if (await ask(c, ACCOUNT)).get("data")]
        assert len(alive) == 1
        change = "mutation($i: ChangePasswordInput!) { changePassword(input: $i) { done } }"
        wrong = await ask(one, change, password="battery staple", currentPassword="no")
        assert (reason(wrong), wrong["errors"][0]["extensions"]["field"]) == (
            "wrong_password",
            "currentPassword",
        )
        await ask(one, change, password="battery staple", currentPassword=PASSWORD)
        assert reason(await ask(alive[0], ACCOUNT)) == "sign_in"
        assert len((await ask(one, ACCOUNT))["data"]["account"]["sessions"]) == 1


async def test_tokens_do_not_open_the_account(app: Any, world: World) -> None:
    await people.sign_up(name="甲", email="a@example.org", password=PASSWORD)
    make = "mutation($i: CreateTokenInput!) { createToken(input: $i) { token } }"
    async with browser(app) as client, browser(app) as program:
        await ask(client, SIGN_IN, email="a@example.org", password=PASSWORD)
        token = (await ask(client, make, label="脚本", scopes=["read", "write"], days=30))["data"][
            "createToken"
        ]["token"]
        assert (await ask(program, ACCOUNT, token))["data"]["account"]["tokens"][0]["label"] == "脚本"
        assert reason(await ask(program, make, token, label="x", scopes=["read"])) == "token"
        leave = "mutation($i: DeleteAccountInput!) { deleteAccount(input: $i) { done } }"
        assert reason(await ask(program, leave, token, sure=True, currentPassword=PASSWORD)) == "token"
        key = (await ask(client, ACCOUNT))["data"]["account"]["tokens"][0]["id"]
        revoke = {
            "query": "mutation($i: TokenInput!) { revokeToken(input: $i) { done } }",
            "variables": {"i": {"token": key}},
        }
        assert (await client.post("/graphql", json=revoke)).json()["data"]
        assert reason(await ask(program, ACCOUNT, token)) == "bad_token"


async def test_guessing_the_present_password_is_slowed(app: Any, world: World) -> None:
    await people.sign_up(name="甲", email="a@example.org", password=PASSWORD)
    change = "mutation($i: ChangePasswordInput!) { changePassword(input: $i) { done } }"
    async with browser(app) as client:
        await ask(client, SIGN_IN, email="a@example.org", password=PASSWORD)
        told = [
            reason(await ask(client, change, password="x" * 12, currentPassword=str(n))) for n in range(8)
        ]
    assert told[:6] == ["wrong_password"] * 6 and told[-1] == "wait"


async def test_all_that_is_held_comes_in_one_request(app: Any, world: World) -> None:
    await people.sign_up(name="示例居民", email="a@example.org", password=PASSWORD)
    async with browser(app) as client:
        assert (await client.get("/account/data.json")).headers["location"].startswith("/sign-in")
        await ask(client, SIGN_IN, email="a@example.org", password=PASSWORD)
        answer = await client.get("/account/data.json")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "private, no-store"
    assert orjson.loads(answer.content)["person"]["name"] == "示例居民"


async def test_leaving(app: Any, world: World) -> None:
    await people.sign_up(name="甲", email="a@example.org", password=PASSWORD)
    await accounts.send_reset("a@example.org")
    leave = "mutation($i: DeleteAccountInput!) { deleteAccount(input: $i) { done } }"
    async with browser(app) as client:
        await ask(client, SIGN_IN, email="a@example.org", password=PASSWORD)
        assert reason(await ask(client, leave, currentPassword=PASSWORD)) == "not_sure"
        assert reason(await ask(client, leave, sure=True, currentPassword="no")) == "wrong_password"
        assert (await ask(client, leave, sure=True, currentPassword=PASSWORD))["data"]
        assert (await ask(client, "{ viewer { name } }"))["data"]["viewer"] is None
        assert (
            reason(await ask(client, SIGN_IN, email="a@example.org", password=PASSWORD)) == "wrong_password"
        )
    assert not await Mail.filter(to="a@example.org").exists(), "no letter keeps the address"


async def test_the_counter(app: Any, world: World, graphql: Any) -> None:
    claimant, official = await world.guest("示例居民甲"), await world.token(world.official)
    await residencies.claim(Actor(claimant), area=world.community.code)
    far = await world.guest("远处居民")
    await residencies.claim(Actor(far), area=world.elsewhere.code)
    query = """query($q: String) { counters { department { id } area { name } claims(q: $q) { id claimant claimantCode }
      residents(q: $q) { id claimant } } desk { claims } }"""
    shown = (await graphql(query, {}, official))["data"]
    assert shown["desk"]["claims"] == 1
    (counter,) = shown["counters"]
    assert [c["claimantCode"] for c in counter["claims"]] == [claimant.pseudonym]
    for q, number in (("居民甲", 1), (claimant.pseudonym[:6], 1), ("测试居委会", 1), ("没有", 0)):
        found = (await graphql(query, {"q": q}, official))["data"]["counters"][0]
        assert len(found["claims"]) == number
    party = counter["department"]["id"]
    verify = "mutation($i: VerifyResidencyInput!) { verifyResidency(input: $i) { state } }"
    i = {"residency": counter["claims"][0]["id"], "asParty": party, "documentNumber": "11010519491231002X"}
    assert (await graphql(verify, {"i": i}, official))["data"]["verifyResidency"]["state"] == "verified"
    found = (await graphql(query, {"q": claimant.name}, official))["data"]["counters"][0]
    assert found["residents"][0]["claimant"] == claimant.name
    make = (
        "mutation($i: MakeCodesInput!) { makeLetterCodes(input: $i) { area { name } letters { tail code } } }"
    )
    i = {"asParty": party, "area": world.street.code, "documentNumbers": "E12345678\n\nE87654321\n"}
    letters = (await graphql(make, {"i": i}, official))["data"]["makeLetterCodes"]["letters"]
    assert [one["tail"] for one in letters] == ["5678", "4321"]
    use = "mutation($i: VerifyByCodeInput!) { verifyByCode(input: $i) { state } }"
    token = await world.token(far)
    told = [reason(await graphql(use, {"i": {"code": f"AAAA{n}"}}, token)) for n in range(12)]
    assert told[:11] == ["code"] * 11 and told[11] == "wait"
    reader = await world.token(await world.guest())
    assert (await graphql(use, {"i": {"code": letters[0]["code"]}}, reader))["data"]["verifyByCode"][
        "state"
    ] == "verified"
    nobody = await graphql(query, {}, reader)
    assert nobody["data"] == {"counters": [], "desk": {"claims": 0}}
