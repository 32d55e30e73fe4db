"""A code from a letter verifies one human, once, where the roll says."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest

from civic import clock
from civic.acts import letters, residencies
from civic.acts.core import Actor
from civic.acts.letters import Letter
from civic.errors import CivicError, Conflict, InvalidInput, InvalidState, NotAllowed
from civic.models import LedgerEntry, OneTimeCode, Person, Residency
from tests.support.world import World

pytestmark = pytest.mark.anyio
NUMBER, OTHER = "11010519491231002X", "E12345678"


async def refused(kind: type[CivicError], reason: str, work: Awaitable[Any]) -> None:
    with pytest.raises(kind) as caught:
        await work
    assert caught.value.reason == reason


async def made(world: World, *numbers: str) -> list[Letter]:
    return await letters.make(world.as_official, world.community, document_numbers=list(numbers))


async def test_a_letter_verifies_its_reader(connected: str, world: World) -> None:
    """ "residency.make_codes", "residency.verify_by_code" """
    first, second = await made(world, NUMBER, OTHER)
    assert (first.tail, second.tail, len(first.code)) == ("002X", "5678", 19)
    reader = await world.guest()
    done = await letters.verify_by_code(Actor(reader), code=f" {first.code.lower().replace('-', ' ')} ")
    assert (done.state, done.method, done.area_id) == ("verified", "letter", world.community.id)
    assert done.current == reader.id and done.expires_at and done.expires_at > clock.now()
    assert (await Person.get(id=reader.id)).person_key
    await refused(InvalidState, "used", letters.verify_by_code(Actor(reader), code=first.code))
    stranger = Actor(await world.guest())
    await refused(InvalidInput, "code", letters.verify_by_code(stranger, code="AAAA-BBBB-CCCC-DDDD"))
    await refused(InvalidInput, "code", letters.verify_by_code(stranger, code=""))
    with clock.shift(timedelta(days=61)):
        await refused(InvalidState, "expired", letters.verify_by_code(stranger, code=second.code))
    everything = "".join([e.payload for e in await LedgerEntry.all()])
    assert NUMBER not in everything and first.code not in everything
    assert (await world.recorded("residency.make_codes"))[0]["payload"] == {"codes": 2}
    assert first.code.replace("-", "") not in {c.hash for c in await OneTimeCode.all()}


async def test_one_human_one_voice_by_letter_too(connected: str, world: World) -> None:
    by_counter = Actor(await world.guest())
    claim = await residencies.claim(by_counter, area=world.community.code)
    await residencies.verify(world.as_official, claim, document_number=NUMBER)
    letter = (await made(world, NUMBER))[0]
    second = Actor(await world.guest())
    await refused(Conflict, "second_account", letters.verify_by_code(second, code=letter.code))
    renewed = await letters.verify_by_code(by_counter, code=letter.code)  # the same human may renew with it
    assert renewed.id == claim.id and renewed.method == "letter"
    other = (await made(world, OTHER))[0]
    await refused(Conflict, "other_document", letters.verify_by_code(by_counter, code=other.code))
    assert await Residency.filter(state="verified").count() == 1


async def test_the_roll_says_where(connected: str, world: World) -> None:
    letter = (await made(world, NUMBER))[0]
    claimant = Actor(await world.guest())
    await residencies.claim(claimant, area=world.elsewhere.code)
    assert (await letters.verify_by_code(claimant, code=letter.code)).area_id == world.community.id
    settled = Actor(await world.resident(where=world.elsewhere))
    another = (await made(world, OTHER))[0]
    await refused(Conflict, "has_residency", letters.verify_by_code(settled, code=another.code))


async def test_who_may_make_letters(connected: str, world: World) -> None:
    await refused(
        NotAllowed,
        "other_area",
        letters.make(world.as_official, world.elsewhere, document_numbers=[NUMBER]),
    )
    await refused(
        NotAllowed,
        "not_official",
        letters.make(await world.delegate(), world.community, document_numbers=[NUMBER]),
    )
    for numbers, reason in (
        ([], "number"),
        ([" "], "number"),
        ([f"E{i:07d}" for i in range(101)], "number"),
        ([NUMBER, NUMBER[:6] + " " + NUMBER[6:].lower()], "twice"),
        (["11010519491231002Y"], "document_number"),
    ):
        await refused(InvalidInput, reason, made(world, *numbers))
    old, new = (await made(world, NUMBER))[0], (await made(world, NUMBER))[0]
    reader = Actor(await world.guest())
    await refused(InvalidInput, "code", letters.verify_by_code(reader, code=old.code))
    await letters.verify_by_code(reader, code=new.code)


async def test_a_code_used_at_the_same_instant_counts_once(connected: str, world: World) -> None:
    letter = (await made(world, NUMBER))[0]
    readers = [Actor(await world.guest()) for _ in range(6)]
    results = await asyncio.gather(
        *(letters.verify_by_code(r, code=letter.code) for r in readers), return_exceptions=True
    )
    assert sum(isinstance(r, Residency) for r in results) == 1
    assert sum(isinstance(r, CivicError) for r in results) == 5
    assert await Person.filter(person_key__isnull=False).count() == 1


async def test_two_accounts_with_one_document_at_the_same_instant(connected: str, world: World) -> None:
    claims = [
        await residencies.claim(Actor(await world.guest()), area=world.community.code) for _ in range(6)
    ]
    results = await asyncio.gather(
        *(residencies.verify(world.as_official, c, document_number=NUMBER) for c in claims),
        return_exceptions=True,
    )
    assert sum(isinstance(r, Residency) for r in results) == 1
    assert sum(isinstance(r, Conflict) and r.reason == "second_account" for r in results) == 5


async def test_one_moves_house(connected: str, world: World) -> None:
    """ "residency.give_up" """
    person = Actor(await world.guest())
    claim = await residencies.claim(person, area=world.street.code)
    await refused(NotAllowed, "owner", residencies.give_up(world.as_official, claim))
    assert (await residencies.give_up(person, claim)).state == "rejected"
    claim = await residencies.claim(person, area=world.community.code)
    await residencies.verify(world.as_official, claim, document_number=NUMBER)
    gone = await residencies.give_up(person, claim)
    assert (gone.state, gone.current) == ("revoked", None)
    await refused(InvalidState, "wrong_state", residencies.give_up(person, claim))
    assert (await residencies.claim(person, area=world.elsewhere.code)).state == "claimed"
