"""A forgotten password: a letter, its link, a new password. Nobody learns who has an account, and a link works once."""

import re
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from civic import clock
from civic.acts import accounts, people
from civic.errors import InvalidInput, NotSignedIn
from civic.models import LedgerEntry, Mail
from civic.schema.core.throttle import SignIns
from civic.settings import settings
from tests.support.world import World

pytestmark = pytest.mark.anyio
OLD, NEW = "correct horse", "battery staple"


@pytest.fixture(autouse=True)
def fresh_throttle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("civic.schema.accounts.sign_ins", SignIns())


async def send(client: Any, path: str, operation: str, **fields: str) -> Any:
    """Fill the form of a page and send it."""
    page = await client.get(path)
    hidden = dict(re.findall(r'name="(_csrf|_once)" value="([^"]*)"', page.text))
    return await client.post(path, data={"_op": operation, **hidden, **fields})


async def link() -> str:
    mail = await Mail.all().order_by("-id").first()
    assert mail is not None
    found = re.search(re.escape(settings().origin) + r"(/reset/\S+)", mail.body)
    assert found, mail.body
    return found[1]


async def test_a_new_password_by_a_letter(app: Any, client: Any, world: World) -> None:
    person = await people.sign_up(name="甲", email="a@example.org", password=OLD)
    before = await LedgerEntry.all().count()
    stranger = await send(client, "/forgotten", "Ask", email="nobody@example.org")
    assert await Mail.all().count() == 0
    answer = await send(client, "/forgotten", "Ask", email=" A@Example.org ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert (stranger.status_code, stranger.headers["location"]) == (303, "/sign-in")
    mail = await Mail.get()
    assert (mail.to, mail.person_id) == ("a@example.org", person.id) and "重设密码" in mail.subject
    assert await LedgerEntry.all().count() == before, "who asks is on no record"
    path = await link()
    assert (await client.get(path)).status_code == 200
    short = await send(client, path, "Reset", password="short")
    assert short.status_code == 422 and "200" in short.text
    done = await send(client, path, "Reset", password=NEW)
    assert (done.status_code, done.headers["location"]) == (303, "/desk")
    assert (await client.get("/desk")).status_code == 200, "and one is signed in"
    assert (await people.check_password("a@example.org", NEW)).id == person.id
    with pytest.raises(NotSignedIn):
        await people.check_password("a@example.org", OLD)
    last = await LedgerEntry.all().order_by("-id").first()
    assert last is not None and last.act == "person.set_password" and person.pseudonym in last.payload
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url=settings().origin
    ) as other:
        again = await send(other, path, "Reset", password="another one!")
    assert again.status_code == 422 and "/forgotten" in again.text, "a link works once"


async def test_links_that_do_not_open(connected: str, world: World) -> None:
    person = await people.sign_up(name="甲", email="a@example.org", password=OLD)
    other = await people.sign_up(name="乙", email="b@example.org", password=OLD)
    good = accounts.reset_token(person, clock.now() + timedelta(minutes=5))
    late = accounts.reset_token(person, clock.now() - timedelta(seconds=1))
    name, until, proof = good.split(".")
    later = f"{int(until, 16) + 600:x}"
    for token in (
        "", ".", "..", "x" * 5000, late, f"{other.pseudonym}.{until}.{proof}", f"{name}.{later}.{proof}",
        f"{name}.{until}.{'0' * 40}", f"{name}.{'f' * 40}.{proof}", f"{name}.-1.{proof}", f"{name}.{until}.证", good + "0",
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            await accounts.reset_password(token, password=NEW)
        assert refused.value.reason == "bad_token", token
    await accounts.send_reset("a@example.org")
    await accounts.send_reset("a@example.org")
    assert await Mail.filter(to="a@example.org").count() == 1, "an unsent letter is replaced"
    await accounts.reset_password(good, password=NEW)
    with pytest.raises(InvalidInput):
        await accounts.reset_password(good, password=OLD)


async def test_nobody_fills_a_letter_box(client: Any, world: World) -> None:
    await people.sign_up(name="甲", email="a@example.org", password=OLD)
    answers = [(await send(client, "/forgotten", "Ask", email="a@example.org")).status_code for _ in range(8)]
    assert 429 in answers and answers[0] == 303
