"""A form that comes after its session has ended: nothing is done, nothing typed is lost, and one signs in again."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import httpx2
import pytest

from civic import clock
from civic.acts import people
from civic.models import Comment, Proposal, Residency
from civic.settings import settings
from tests.support.world import World

pytestmark = pytest.mark.anyio
TEXT = "老人走到一半没有地方歇脚，建议每两百米放一张长椅。<b>\"&'"


@pytest.fixture
async def client(app: Any) -> Any:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=settings().origin) as client:
        client.headers["accept-language"] = "en"
        yield client


def fields(html: str, op: str = "") -> dict[str, str]:
    """The hidden fields of the page's form for ``op``."""
    for form in re.findall(r"<form[^>]*>.*?</form>", html, re.S):
        found = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form))
        if found.get("_op", "") == op and "_csrf" in found:
            return {name: unescape(value) for name, value in found.items()}
    raise AssertionError(f"no form {op}")


async def sign_in(client: Any) -> None:
    form = fields((await client.get("/sign-in")).text, "SignIn")
    answer = await client.post(
        "/sign-in", data={**form, "email": "lin@example.org", "password": "correct horse"}
    )
    assert answer.status_code == 303


async def account(world: World) -> Any:
    person = await people.sign_up(name="示例居民", email="lin@example.org", password="correct horse")
    return person


async def test_what_was_typed_survives_the_end_of_the_session(app: Any, client: Any, world: World) -> None:
    await account(world)
    await sign_in(client)
    page = await client.get("/desk/residence")
    form = {**fields(page.text, "Claim"), "area": world.community.code, "note": TEXT}
    with clock.shift(timedelta(hours=settings().session_idle_hours + 1)):
        app.state.sessions.forget()
        assert (await client.get("/desk/residence")).status_code == 303
        answer = await client.post("/desk/residence", data=form)
        assert answer.status_code == 401 and "sign in again" in answer.text
        assert answer.headers["cache-control"] == "private, no-store"
        kept = fields(answer.text, "Claim")
        assert (kept["area"], kept["note"]) == (world.community.code, TEXT)
        assert TEXT not in answer.text  # it is there, but escaped
        # Sent again without having signed in: the same page once more.
        again = await client.post("/desk/residence", data=kept)
        assert again.status_code == 401 and fields(again.text, "Claim")["note"] == TEXT
        await sign_in(client)
        done = await client.post("/desk/residence", data=fields(again.text, "Claim"))
        assert (done.status_code, done.headers["location"]) == (303, "/desk/residence")
        assert await Residency.filter(state="claimed", area_id=world.community.id).exists()


async def test_on_a_public_page_too(app: Any, client: Any, world: World) -> None:
    from civic.acts import proposals
    from civic.acts.core import Actor

    author = await world.resident()
    draft = await proposals.create(Actor(author), title="增设长椅", body="歇脚。", area=world.community.code)
    await proposals.publish(Actor(author), draft)
    await account(world)
    await sign_in(client)
    address = f"/proposals/{(await Proposal.get()).id}"
    form = {**fields((await client.get(address)).text, "Comment"), "body": TEXT, "stance": "for"}
    with clock.shift(timedelta(hours=settings().session_hours + 1)):
        app.state.sessions.forget()
        # What is wrong with it is said after signing in: somebody not signed in sees no form to mend it in.
        wrong = await client.post(address, data={**form, "stance": "perhaps"})
        assert wrong.status_code == 401 and fields(wrong.text, "Comment")["body"] == TEXT
        answer = await client.post(address, data=form)
        assert answer.status_code == 401 and fields(answer.text, "Comment")["body"] == TEXT
        assert await Comment.all().count() == 0
        await sign_in(client)
        assert (await client.post(address, data=fields(answer.text, "Comment"))).status_code == 303
        assert (await Comment.get()).body.startswith("老人走到一半")


async def test_another_site_gets_nothing_of_it(app: Any, client: Any, world: World) -> None:
    answer = await client.post(
        "/desk/residence", data={"_op": "Claim", "area": "1"}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403 and "evil" not in answer.text
    secret = {"_op": "Claim", "password": "hush hush hush hush hush", "area": "1"}
    answer = await client.post("/desk/residence", data=secret)
    assert answer.status_code == 401 and "hush" not in answer.text


async def test_what_needs_nobody_signed_in_is_carried_out(app: Any, client: Any, world: World) -> None:
    await account(world)
    await sign_in(client)
    form = fields((await client.get("/sign-in")).text, "SignIn")
    forgotten = fields((await client.get("/forgotten")).text, "Ask")
    own = {"email": "lin@example.org", "password": "correct horse"}
    with clock.shift(timedelta(hours=settings().session_idle_hours + 1)):
        app.state.sessions.forget()
        wrong = await client.post("/sign-in", data={**form, **own, "password": "wrong horse"})
        assert wrong.status_code == 401 and "sign in again" not in wrong.text
        assert (await client.post("/sign-in", data={**form, **own, "_csrf": "0" * 32})).status_code == 403
        asked = await client.post("/forgotten", data={**forgotten, "email": own["email"]})
        assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in")
        done = await client.post("/sign-in", data={**form, **own})
        assert (done.status_code, done.headers["location"]) == (303, "/desk")
        assert (await client.get("/desk")).status_code == 200


async def test_signing_up_is_carried_out_too(app: Any, client: Any, world: World) -> None:
    await account(world)
    await sign_in(client)
    form = fields((await client.get("/sign-up")).text, "SignUp")
    with clock.shift(timedelta(hours=settings().session_idle_hours + 1)):
        app.state.sessions.forget()
        new = {"name": "新来的", "email": "new@example.org", "password": "correct horse"}
        done = await client.post("/sign-up", data={**form, **new})
        assert (done.status_code, done.headers["location"]) == (303, "/desk")
