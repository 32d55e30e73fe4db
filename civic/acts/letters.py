"""One-time codes from letters: an official makes them from the roll, their persons verify themselves with them.

A code is bound to the document that the roll names: whoever types it becomes that human on the platform, and no
second account can. Only its hash is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from secrets import choice

from civic import clock
from civic.acts.core import Actor, Record, act, act_on, note
from civic.acts.permissions import official_of_area, signed_in, the_party, the_person
from civic.acts.residencies import grant, pepper
from civic.errors import N_, Conflict, InvalidInput, InvalidState
from civic.models import Area, OneTimeCode, Residency
from civic.rules.person_key import person_key

# No 0 O 1 I L: codes are read from paper. Sixteen of 31 characters are more than 79 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH, GROUP = 16, 4
VALID_FOR = timedelta(days=60)
MOST = 100


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes into one letter. ``tail``: the end of the document number, to tell the letters apart."""

    tail: str
    code: str


def _hash(code: str) -> str:
    return sha256(b"civic/letter-code/v1\0" + code.encode()).hexdigest()


def clean(code: str) -> str:
    """A code as it was made, whichever way it was typed: capitals, no gaps."""
    return "".join(c for c in code.upper() if c.isalnum())[:64]


@act_on(Area, "residency.make_codes", may=official_of_area)
async def make(actor: Actor, area: Area, *, document_numbers: list[str]) -> list[Letter]:
    """Make a one-time code for each person of the roll; an earlier unused one of theirs is void."""
    numbers = [number.strip() for number in document_numbers if number.strip()]
    if not 1 <= len(numbers) <= MOST:
        raise InvalidInput(
            N_("Give 1 to %(limit)s document numbers, one a line."),
            field="document_numbers",
            reason="number",
            limit=MOST,
        )
    keys = [person_key(pepper(), number, field="document_numbers") for number in numbers]
    if len(set(keys)) != len(keys):
        raise InvalidInput(
            N_("A document number stands there twice."), field="document_numbers", reason="twice"
        )
    await OneTimeCode.filter(person_key__in=keys, used_at=None).delete()
    letters = []
    for number, key in zip(numbers, keys, strict=True):
        code = "".join(choice(ALPHABET) for _ in range(LENGTH))
        await OneTimeCode.create(
            hash=_hash(code), area=area, person_key=key, party=the_party(actor), made_at=clock.now(),
            expires_at=clock.now() + VALID_FOR,
        )  # fmt: skip
        grouped = "-".join(code[i : i + GROUP] for i in range(0, LENGTH, GROUP))
        letters.append(Letter(number[-4:], grouped))
    note(Record("area", area.code, {"codes": len(letters)}))
    return letters


@act("residency.verify_by_code", may=signed_in)
async def verify_by_code(actor: Actor, *, code: str) -> Residency:
    """Verify one's residence with the code from a letter, once."""
    person = the_person(actor)
    found = await OneTimeCode.select_for_update().get_or_none(hash=_hash(clean(code)))
    if found is None:
        raise InvalidInput(
            N_("This code is not right. Please compare it with the letter."), field="code", reason="code"
        )
    if found.used_at is not None:
        raise InvalidState(
            N_("This code has been used. Ask at the counter for a new letter."), field="code", reason="used"
        )
    if found.expires_at <= clock.now():
        raise InvalidState(
            N_("This code is no longer valid. Ask at the counter for a new letter."),
            field="code",
            reason="expired",
        )
    residency = await Residency.select_for_update().get_or_none(current=person.id)
    if residency is None:
        residency = await Residency.create(
            person=person, area_id=found.area_id, state="claimed", claimed_at=clock.now(), current=person.id
        )
    elif residency.state == "verified" and residency.area_id != found.area_id:
        raise Conflict(
            N_("You have a claim or a verified residence already. End it before you make another."),
            field="code",
            reason="has_residency",
        )
    residency.area_id = found.area_id  # the roll says where, not the claim
    done = await grant(actor, residency, found.person_key, "letter", field="code")
    found.used_at = clock.now()
    await found.save()
    return done
