"""Where people live: claimed by them, verified by an official, one human one voice."""

from __future__ import annotations

import os
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from secrets import token_bytes

from civic import clock
from civic.acts.core import Actor, Record, act, act_on, note
from civic.acts.permissions import official_of_area, signed_in, system, the_person
from civic.errors import N_, Conflict, InvalidInput
from civic.models import Area, Person, Residency
from civic.rules import lifecycles
from civic.rules.person_key import person_key
from civic.rules.text import one_line
from civic.settings import settings


def pepper() -> bytes:
    """The secret without which nobody can go from a document number to a person key."""
    return _load(settings().keys_dir / "person.pepper")


@lru_cache(maxsize=4)
def _load(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            os.write(descriptor, token_bytes(32))
            os.close(descriptor)
        except FileExistsError:
            pass
    return path.read_bytes()


@act("residency.claim", may=signed_in)
async def claim(actor: Actor, *, area: str) -> Residency:
    """Claim to live in an area."""
    person = the_person(actor)
    place = await Area.get_or_none(code=area)
    if place is None:
        raise InvalidInput(N_("There is no area with this code."), field="area", reason="unknown_area")
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
    state = lifecycles.move("residency", residency.state, "verify")
    key = person_key(pepper(), document_number)
    person = await Person.select_for_update().get(id=residency.person_id)
    if await Person.filter(person_key=key).exclude(id=person.id).exists():
        raise Conflict(
            N_("Somebody with this document has an account already. One person has one account."),
            field="document_number",
            reason="second_account",
        )
    if person.person_key not in (None, key):
        raise Conflict(
            N_("This account was verified with another document."),
            field="document_number",
            reason="other_document",
        )
    person.person_key = key
    await person.save()
    residency.state, residency.method = state, "counter"
    residency.decided_at, residency.decided_by = clock.now(), actor.person
    residency.expires_at = clock.now() + timedelta(days=365 * settings().residency_years)
    await residency.save()
    note(Record("residency", residency.id, {"method": "counter"}))
    return residency


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
    residency.reason = one_line(reason, field="reason", limit=500) if how != "expire" else ""
    residency.current, residency.decided_at, residency.decided_by = None, clock.now(), actor.person
    await residency.save()
    note(Record("residency", residency.id))
    return residency
