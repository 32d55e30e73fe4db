"""Where people live: claimed by them, verified by an official, one human one voice."""

from __future__ import annotations

from datetime import timedelta

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from civic import clock
from civic.acts import notifications
from civic.acts.core import Actor, Record, act, act_on, note
from civic.acts.permissions import official_of_area, own, signed_in, system, the_person
from civic.errors import N_, Conflict, InvalidInput
from civic.ledger.keys import secret
from civic.models import Area, Person, Residency
from civic.rules import lifecycles
from civic.rules.person_key import person_key
from civic.rules.text import one_line
from civic.settings import settings


def pepper() -> bytes:
    """The secret without which nobody can go from a document number to a person key."""
    return secret("person.pepper")


async def area_of(code: str) -> Area:
    """The area with this code. Raises InvalidInput."""
    area = await Area.get_or_none(code=code.strip()) if len(code.strip()) <= 20 else None
    if area is None:
        raise InvalidInput(N_("There is no area with this code."), field="area", reason="unknown_area")
    return area


@act("residency.claim", may=signed_in)
async def claim(actor: Actor, *, area: str) -> Residency:
    """Claim to live in an area."""
    person = the_person(actor)
    place = await area_of(area)
    if await Residency.filter(current=person.id).exists():
        raise Conflict(
            N_("You have a claim or a verified residence already. End it before you make another."),
            field="area",
            reason="has_residency",
        )
    residency = await Residency.create(
        person=person, area=place, state="claimed", claimed_at=clock.now(), current=person.id
    )
    note(Record("residency", residency.id, {"area": place.code}))
    return residency


@act_on(Residency, "residency.verify", may=official_of_area)
async def verify(actor: Actor, residency: Residency, *, document_number: str) -> Residency:
    """Verify a claim at the counter, having seen a document."""
    lifecycles.move("residency", residency.state, "verify")
    key = person_key(pepper(), document_number)
    return await grant(actor, residency, key, "counter", field="document_number")


async def grant(actor: Actor, residency: Residency, key: str, method: str, *, field: str) -> Residency:
    """Verify a residence of the human with this person key: one human, one voice. A step of acts.

    Raises Conflict when another account has the key, or the account another key.
    """
    person = await Person.select_for_update().get(id=residency.person_id)
    if await Person.filter(person_key=key).exclude(id=person.id).exists():
        raise _second_account(field)
    if person.person_key not in (None, key):
        raise Conflict(
            N_("This account was verified with another document."), field=field, reason="other_document"
        )
    person.person_key = key
    try:
        async with in_transaction():
            await person.save()
    except IntegrityError:  # another account was verified with it at the same instant
        raise _second_account(field) from None
    residency.state, residency.method = "verified", method
    residency.decided_at, residency.decided_by = clock.now(), actor.person
    residency.expires_at = clock.now() + timedelta(days=365 * settings().residency_years)
    await residency.save()
    await _tell(actor, residency, "verify")
    note(Record("residency", residency.id, {"method": method}))
    return residency


async def _tell(actor: Actor, residency: Residency, how: str) -> None:
    area = await Area.get(id=residency.area_id)
    await notifications.tell(
        [residency.person_id], f"residency.{how}", subject="residency", subject_id=residency.id,
        title=area.name, detail=residency.reason, but=actor.person,
    )  # fmt: skip


def _second_account(field: str) -> Conflict:
    return Conflict(
        N_("Somebody with this document has an account already. One person has one account."),
        field=field,
        reason="second_account",
    )


@act_on(Residency, "residency.give_up", may=own)
async def give_up(actor: Actor, residency: Residency) -> Residency:
    """Take one's claim back, or end one's residence, to make another."""
    residency.state = lifecycles.move("residency", residency.state, "give_up")
    return await _over(actor, residency, "")


@act_on(Residency, "residency.reject", may=official_of_area)
async def reject(actor: Actor, residency: Residency, *, reason: str) -> Residency:
    """Reject a claim, with the reason."""
    return await _end(actor, residency, "reject", reason)


@act_on(Residency, "residency.revoke", may=official_of_area)
async def revoke(actor: Actor, residency: Residency, *, reason: str) -> Residency:
    """Revoke a verified residence, with the reason."""
    return await _end(actor, residency, "revoke", reason)


@act_on(Residency, "residency.expire", may=system)
async def expire(actor: Actor, residency: Residency) -> Residency:
    """End a residence whose time is over."""
    return await _end(actor, residency, "expire", "")


async def _end(actor: Actor, residency: Residency, how: str, reason: str) -> Residency:
    residency.state = lifecycles.move("residency", residency.state, how)
    reason = one_line(reason, field="reason", limit=500) if how != "expire" else ""
    await _over(actor, residency, reason)
    await _tell(actor, residency, how)
    return residency


async def _over(actor: Actor, residency: Residency, reason: str) -> Residency:
    residency.reason = reason
    residency.current, residency.decided_at, residency.decided_by = None, clock.now(), actor.person
    await residency.save()
    note(Record("residency", residency.id))
    return residency
