"""Accounts: signing up, changing, leaving. Passwords are hashed before an act, never within one."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import timedelta
from secrets import token_bytes, token_hex

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from starlette.concurrency import run_in_threadpool
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from civic import clock
from civic.acts.core import SYSTEM, Actor, Record, act, act_on, note
from civic.acts.memberships import end_all, last_manager_of
from civic.acts.permissions import any_of, anybody, signed_in, steward, system, the_person
from civic.errors import N_, Conflict, InvalidInput, InvalidState, NotAllowed, NotSignedIn
from civic.models import AccessToken, Identity, Person
from civic.rules.text import one_line
from civic.settings import settings

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")
_hasher = PasswordHasher()
LANGUAGES = ("zh-Hans", "en")
SCOPES = ("read", "write")


def clean_email(email: str) -> str:
    """An address in small letters. Raises InvalidInput."""
    email = one_line(email, field="email", limit=254).lower()
    if not _EMAIL.fullmatch(email):
        raise InvalidInput(N_("This is not an e-mail address."), field="email", reason="email")
    return email


async def hash_password(password: str) -> str:
    """The hash that is stored. Raises InvalidInput when the password is too short or too long."""
    least = settings().password_min_length
    if not least <= len(password) <= 200:
        raise InvalidInput(
            N_("Choose a password of %(least)s to 200 characters."),
            field="password",
            reason="length",
            least=least,
        )
    return await run_in_threadpool(_hasher.hash, password)


async def check_password(email: str, password: str) -> Person:
    """Who signs in. Takes as long for unknown addresses. Raises NotSignedIn."""
    email = email.strip().lower()
    person = await Person.get_or_none(email=email, deleted_at=None) if len(email) <= 254 else None
    stored = person.password_hash if person and person.password_hash else _decoy()
    try:
        await run_in_threadpool(_hasher.verify, stored, password[:200])
    except (VerifyMismatchError, InvalidHashError):
        person = None
    if person is None or not person.password_hash:
        raise NotSignedIn(
            N_("E-mail address or password is wrong. Check both, or sign up."), reason="wrong_password"
        )
    return person


def _decoy() -> str:
    """A stored password that nothing matches, as laborious to check as any; made without the work of hashing one."""
    salt, tag = (
        b64encode(token_bytes(n)).rstrip(b"=").decode() for n in (_hasher.salt_len, _hasher.hash_len)
    )
    costs = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${tag}"


async def sign_up(*, name: str, email: str, password: str, language: str = "zh-Hans") -> Person:
    """Make an account. Raises InvalidInput; Conflict when the address has one."""
    return await _sign_up(
        SYSTEM,
        name=name,
        email=clean_email(email),
        password_hash=await hash_password(password),
        language=language,
    )


@act("person.sign_up", may=anybody)
async def _sign_up(
    actor: Actor, *, name: str, email: str | None, password_hash: str | None, language: str
) -> Person:
    """Make an account."""
    name = one_line(name, field="name", limit=80)
    if email and await Person.filter(email=email).exists():
        raise _taken()
    person = Person(
        pseudonym=token_hex(8),
        name=name,
        email=email,
        password_hash=password_hash,
        language=language if language in LANGUAGES else LANGUAGES[0],
        created_at=clock.now(),
    )
    try:
        async with in_transaction():
            await person.save(force_create=True)
    except IntegrityError:  # somebody signed up with it at the same instant
        raise _taken() from None
    note(Record("person", person.pseudonym))
    return person


def _taken() -> Conflict:
    return Conflict(
        N_("There is an account with this e-mail address. Sign in instead."),
        field="email",
        reason="email_taken",
    )


async def sign_in_with_provider(*, issuer: str, subject: str, email: str | None, name: str) -> Person:
    """The person that an identity provider vouches for; an account is made at the first time.

    ``email`` is an address that the provider has verified, else None. An account that has this address is never
    opened by that alone: its owner signs in and connects the provider. Raises Conflict.
    """
    known = await Identity.get_or_none(issuer=issuer, subject=subject).select_related("person")
    if known:
        return known.person  # type: ignore[no-any-return]
    return await _sign_up_with_provider(
        SYSTEM, issuer=issuer, subject=subject, email=clean_email(email) if email else None, name=name
    )


@act("person.sign_up_with_provider", may=anybody)
async def _sign_up_with_provider(
    actor: Actor, *, issuer: str, subject: str, email: str | None, name: str
) -> Person:
    """Make an account for whom an identity provider vouches."""
    if email and await Person.filter(email=email).exists():
        raise Conflict(
            N_(
                "An account has this e-mail address. Sign in to it, then connect the provider under “My account”."
            ),
            reason="email_taken",
        )
    person = await _sign_up(actor, name=name or "—", email=email, password_hash=None, language="")
    try:
        await Identity.create(person=person, issuer=issuer, subject=subject)
    except IntegrityError:
        raise Conflict(N_("This sign-in is connected already. Try again."), reason="linked") from None
    note(Record("person", person.pseudonym))
    return person


@act("person.edit", may=signed_in)
async def edit(actor: Actor, *, name: str, language: str) -> Person:
    """Change one's name and language."""
    person = await Person.select_for_update().get(id=the_person(actor).id)
    person.name = one_line(name, field="name", limit=80)
    if language not in LANGUAGES:
        raise InvalidInput(N_("Choose one of the languages offered."), field="language", reason="language")
    person.language = language
    await person.save()
    note(Record("person", person.pseudonym))
    return person


@act("person.delete", may=signed_in)
async def delete(actor: Actor) -> None:
    """Delete one's account: the name goes, public acts stay under the pseudonym."""
    person = await Person.select_for_update().get(id=the_person(actor).id)
    if person.steward and not await Person.filter(steward=True).exclude(id=person.id).exists():
        raise InvalidState(N_("The platform needs a steward. Name another one first."), reason="last_steward")
    if party := await last_manager_of(person.id):
        raise InvalidState(
            N_("You are the last manager of “%(party)s”. Name another manager first, or close the party."),
            reason="last_manager",
            party=party.name,
        )
    person.name, person.email, person.password_hash = "", None, None
    person.deleted_at, person.steward = clock.now(), False
    await person.save()
    for rows in (
        person.sessions, person.tokens, person.identities, person.residencies, person.notifications,  # type: ignore[attr-defined]
        person.invitations, person.roll_challenges, person.notification_choices, person.mails,  # type: ignore[attr-defined]
    ):  # fmt: skip
        await rows.all().delete()
    await end_all(person.id)
    note(Record("person", person.pseudonym))


@act_on(Person, "person.make_steward", may=any_of(system, steward))
async def make_steward(actor: Actor, person: Person) -> Person:
    """Make somebody a platform steward."""
    person.steward = True
    await person.save()
    note(Record("person", person.pseudonym))
    return person


@act_on(Person, "person.end_steward", may=steward)
async def end_steward(actor: Actor, person: Person) -> Person:
    """End somebody's stewardship; never the last steward's."""
    stewards = await Person.filter(steward=True, deleted_at=None).select_for_update()
    if not any(other.id != person.id for other in stewards):
        raise InvalidState(N_("The platform needs a steward. Name another one first."), reason="last_steward")
    person.steward = False
    await person.save()
    note(Record("person", person.pseudonym))
    return person


@act("token.create", may=signed_in)
async def create_token(
    actor: Actor, *, label: str, scopes: list[str], hash: str, days: int | None = None
) -> AccessToken:
    """Make a personal access token for programs."""
    person = the_person(actor)
    if not scopes or set(scopes) - set(SCOPES):
        raise InvalidInput(
            N_("Choose what the token may do: read, or read and write."), field="scopes", reason="scope"
        )
    if days is not None and not 1 <= days <= 3650:
        raise InvalidInput(N_("Choose 1 to 3,650 days, or none."), field="days", reason="range")
    token = await AccessToken.create(
        person=person,
        hash=hash,
        label=one_line(label, field="label", limit=80),
        scopes=sorted(set(scopes)),
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(days=days) if days else None,
    )
    note(Record("person", person.pseudonym))
    return token


@act_on(AccessToken, "token.revoke", may=signed_in)
async def revoke_token(actor: Actor, token: AccessToken) -> None:
    """End a personal access token."""
    if token.person_id != the_person(actor).id:
        raise NotAllowed(N_("This belongs to somebody else."), reason="owner")
    token.revoked_at = clock.now()
    await token.save()
    note(Record("person", the_person(actor).pseudonym))
