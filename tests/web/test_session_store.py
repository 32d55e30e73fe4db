"""Sessions and access tokens in the database, and what the application serves around them."""

from datetime import timedelta
from typing import Any

import pytest

from civic import clock, db
from civic.models import AccessToken, Person, Session
from civic.schema.core.context import Context
from civic.web.session_store import DatabaseStore
from civic.web.sessions import Sessions, digest

pytestmark = pytest.mark.anyio


async def somebody() -> Person:
    async def make() -> Person:
        return await Person.create(pseudonym="p-1", name="Lin", created_at=clock.now())

    return await db.write(make)


async def test_a_session_begins_is_seen_and_ends(app: Any, client: Any) -> None:
    person = await somebody()
    sessions: Sessions = app.state.sessions
    context = Context()
    await sessions.sign_in(context, person)
    token = context.cookies[0].split(";")[0].split("=", 1)[1]
    assert "HttpOnly" in context.cookies[0] and "SameSite=Lax" in context.cookies[0]
    assert [row.hash for row in await Session.all()] == [digest(token)]  # the token itself is stored nowhere
    found = await DatabaseStore().session(digest(token))
    assert found and found.person.id == person.id
    with clock.shift(timedelta(hours=1)):
        assert await sessions.session(digest(token))
        assert (await Session.get()).seen_at > found.seen_at
    with clock.shift(timedelta(days=30)):
        assert await sessions.session(digest(token)) is None
    client.cookies.set("civic_session", token)
    page = await client.get("/no-such-page")
    assert page.status_code == 404 and "Lin" not in page.text and "/sign-out" in page.text
    await client.post("/sign-out")
    assert await Session.all().count() == 0


async def test_an_access_token_until_it_is_revoked(app: Any) -> None:
    person = await somebody()

    async def make() -> AccessToken:
        return await AccessToken.create(
            person=person, hash=digest("civic_x"), label="a", scopes=["read"], created_at=clock.now()
        )

    token = await db.write(make)
    store = DatabaseStore()
    found = await store.access_token(digest("civic_x"))
    assert found and found.scopes == frozenset({"read"})

    async def revoke() -> None:
        await AccessToken.filter(id=token.id).update(revoked_at=clock.now())

    await db.write(revoke)
    assert await store.access_token(digest("civic_x")) is None


async def test_people_who_deleted_their_account_are_nobody(app: Any) -> None:
    person = await somebody()
    store = DatabaseStore()
    await store.start(person, "h" * 64, clock.now() + timedelta(days=1))

    async def leave() -> None:
        await Person.filter(id=person.id).update(deleted_at=clock.now())

    await db.write(leave)
    assert await store.session("h" * 64) is None


async def test_it_is_ready(client: Any) -> None:
    assert (await client.get("/readyz")).json() == {"status": "ready"}
    assert (await client.get("/", headers={"Accept-Language": "en"})).status_code in (200, 404)
