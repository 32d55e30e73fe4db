"""Ways into an account, and all that is held on its person."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import orjson
import pytest
from argon2 import Type, extract_parameters
from argon2.exceptions import VerifyMismatchError

from civic.acts import accounts, people, proposals
from civic.acts.core import Actor
from civic.errors import CivicError, Conflict, InvalidInput, InvalidState, NotAllowed, NotSignedIn
from civic.models import Identity, Person
from tests.support.passwords import REAL
from tests.support.world import World

pytestmark = pytest.mark.anyio
ISSUER = "https://login.example.org"


async def refused(kind: type[CivicError], reason: str, work: Awaitable[Any]) -> None:
    with pytest.raises(kind) as caught:
        await work
    assert caught.value.reason == reason


async def by_provider(subject: str = "7", email: str | None = None, name: str = "甲") -> Person:
    return await people.sign_in_with_provider(issuer=ISSUER, subject=subject, email=email, name=name)


async def test_a_password_takes_work_to_check_whether_or_not_there_is_an_account(
    connected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "_hasher", REAL)
    person = await people.sign_up(name="甲", email="a@example.org", password="correct horse")
    least = {"type": Type.ID, "time_cost": 3, "memory_cost": 65536}
    decoys = {people._decoy() for _ in range(2)}
    assert len(decoys) == 2
    for stored in (person.password_hash, *decoys):
        costs = extract_parameters(stored or "")
        assert {name: getattr(costs, name) for name in least} == least
        with pytest.raises(VerifyMismatchError):
            REAL.verify(stored or "", "correct horse!")
    await refused(NotSignedIn, "wrong_password", people.check_password("b@example.org", "correct horse"))


async def test_the_password_and_the_address_are_changed(connected: str, world: World) -> None:
    """ "person.set_password", "person.change_email" """
    person = await people.sign_up(name="甲", email="a@example.org", password="correct horse")
    await refused(InvalidInput, "wrong_password", accounts.check_own_password(person, "wrong"))
    await accounts.check_own_password(person, "correct horse")
    await refused(InvalidInput, "length", accounts.change_password(Actor(person), password="short"))
    await refused(NotSignedIn, "sign_in", accounts.change_password(Actor(), password="battery staple"))
    await accounts.change_password(Actor(person), password="battery staple")
    await refused(NotSignedIn, "wrong_password", people.check_password("a@example.org", "correct horse"))
    await people.sign_up(name="乙", email="b@example.org", password="correct horse")
    await refused(Conflict, "email_taken", accounts.change_email(Actor(person), email="B@example.org"))
    await refused(InvalidInput, "email", accounts.change_email(Actor(person), email="nothing"))
    await accounts.change_email(Actor(person), email="c@example.org")
    assert (await people.check_password("c@example.org", "battery staple")).id == person.id
    assert "example.org" not in str(await world.recorded("person.change_email"))


async def test_a_provider_never_opens_an_account_that_it_was_not_connected_with(
    connected: str, world: World
) -> None:
    """ "person.sign_up_with_provider", "person.connect_provider", "person.disconnect_provider" """
    owner = await people.sign_up(name="甲", email="a@example.org", password="correct horse")
    await refused(Conflict, "email_taken", by_provider(email="A@example.org"))
    assert await Identity.all().count() == 0
    stranger = await by_provider(subject="8", email=None)  # an address that the provider has not verified
    assert stranger.id != owner.id and stranger.email is None
    await accounts.connect_provider(Actor(owner), issuer=ISSUER, subject="7")
    assert (await by_provider(email="A@example.org")).id == owner.id
    await accounts.connect_provider(Actor(owner), issuer=ISSUER, subject="7")  # again: nothing changes
    await refused(
        Conflict, "other_account", accounts.connect_provider(Actor(owner), issuer=ISSUER, subject="8")
    )
    theirs = await Identity.get(subject="8")
    await refused(NotAllowed, "owner", accounts.disconnect_provider(Actor(owner), theirs))
    await refused(InvalidState, "only_way", accounts.disconnect_provider(Actor(stranger), theirs))
    await accounts.disconnect_provider(Actor(owner), await Identity.get(subject="7"))
    await refused(Conflict, "email_taken", by_provider(email="a@example.org"))
    newcomer = await by_provider(subject="9", email="New@example.org")
    assert (newcomer.email, newcomer.password_hash) == ("new@example.org", None)
    await refused(NotSignedIn, "wrong_password", people.check_password("new@example.org", ""))


async def test_signing_up_at_the_same_instant(connected: str, world: World) -> None:
    results = await asyncio.gather(
        *(people.sign_up(name="甲", email="a@example.org", password="correct horse") for _ in range(4)),
        *(by_provider(subject="7") for _ in range(4)),
        return_exceptions=True,
    )
    assert sum(isinstance(r, Person) for r in results[:4]) == 1
    assert all(isinstance(r, Person) or r.reason in ("email_taken", "linked") for r in results)
    assert await Identity.all().count() == 1


async def test_stewards(connected: str, world: World) -> None:
    """ "person.end_steward" """
    await refused(InvalidState, "last_steward", people.end_steward(world.as_steward, world.steward))
    await refused(InvalidState, "last_steward", people.delete(world.as_steward))
    second = await people.make_steward(world.as_steward, await world.guest())
    await refused(NotAllowed, "steward", people.end_steward(world.as_official, second))
    assert not (await people.end_steward(Actor(second), world.steward)).steward
    await refused(InvalidState, "last_steward", people.end_steward(Actor(second), second))


async def test_everything_that_is_held(connected: str, world: World) -> None:
    person = await world.resident("示例居民")
    await people.create_token(Actor(person), label="脚本", scopes=["read"], hash="f" * 64)
    await accounts.connect_provider(Actor(person), issuer=ISSUER, subject="7")
    await proposals.create(Actor(person), title="增设长椅", body="歇脚。", area=world.community.code)
    held = await accounts.everything(person)
    assert held["person"]["email"] == person.email and held["residencies"][0]["state"] == "verified"
    assert held["proposals"][0]["title"] == "增设长椅" and held["tokens"][0]["label"] == "脚本"
    assert held["identities"][0]["subject"] == "7"
    text = orjson.dumps(held, default=str).decode()
    assert "f" * 64 not in text and "person_key" not in text and "salt" not in text
    assert str(world.official.id) not in text
    # Every table that belongs to a person is there, but for decisions about others.
    assert set(Person._meta.backward_fk_fields) - set(held) == {"decided"}
