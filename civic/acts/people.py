"""Accounts: signing up, changing, leaving. Passwords are hashed before an act, never within one."""

from __future__ import annotations

import re
from secrets import token_hex, token_urlsafe
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from starlette.concurrency import run_in_threadpool
from tortoise.exceptions import IntegrityError

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
    person = await Person.get_or_none(email=email.strip().lower(), deleted_at=None)
    stored = person.password_hash if person and person.password_hash else _DECOY
    try:
        await run_in_threadpool(_hasher.verify, stored, password[:200])
    except (VerifyMismatchError, InvalidHashError):
        person = None
    if person is None or not person.password_hash:
        raise NotSignedIn(
            N_("E-mail address or password is wrong. Check both, or sign up."), reason="wrong_password"
        )
    return person


_DECOY = _hasher.hash(token_urlsafe(12))


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
        raise Conflict(
            N_("There is an account with this e-mail address. Sign in instead."),
            field="email",
            reason="email_taken",
        )
    person = await Person.create(
        pseudonym=token_hex(8),
        name=name,
        email=email,
        password_hash=password_hash,
        language=language if language in LANGUAGES else LANGUAGES[0],
        created_at=clock.now(),
    )
    note(Record("person", person.pseudonym))
    return person


async def sign_in_with_provider(*, issuer: str, subject: str, email: str | None, name: str) -> Person:
    """The person that an identity provider vouches for; an account is made at the first time."""
    known = await Identity.get_or_none(issuer=issuer, subject=subject).select_related("person")
    if known:
        return known.person  # type: ignore[no-any-return]
    return await _link(SYSTEM, issuer=issuer, subject=subject, email=email, name=name)


@act("person.link_provider", may=anybody)
async def _link(actor: Actor, *, issuer: str, subject: str, email: str | None, name: str) -> Person:
    """Connect an account with an identity provider's."""
    person = await Person.get_or_none(email=email.lower(), deleted_at=None) if email else None
    if person is None:
        person = await _sign_up(
            actor, name=name or "—", email=email.lower() if email else None, password_hash=None, language=""
        )
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
        person.invitations,  # type: ignore[attr-defined]
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


@act("token.create", may=signed_in)
async def create_token(actor: Actor, *, label: str, scopes: list[str], hash: str) -> AccessToken:
    """Make a personal access token for programs."""
    person = the_person(actor)
    if not scopes or set(scopes) - set(SCOPES):
        raise InvalidInput(
            N_("Choose what the token may do: read, or read and write."), field="scopes", reason="scope"
        )
    token = await AccessToken.create(
        person=person,
        hash=hash,
        label=one_line(label, field="label", limit=80),
        scopes=sorted(set(scopes)),
        created_at=clock.now(),
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


async def everything(person: Person) -> dict[str, Any]:
    """All that is held on a person, for them."""

    async def rows(relation: Any, *columns: str) -> Any:
        return await relation.all().values(*columns)

    return {
        "person": {"name": person.name, "email": person.email, "pseudonym": person.pseudonym},
        "residencies": await rows(person.residencies, "area__name", "state", "claimed_at", "expires_at"),  # type: ignore[attr-defined]
        "memberships": await rows(person.memberships, "party__name", "role", "from_day", "until_day"),  # type: ignore[attr-defined]
        "proposals": await rows(person.proposals, "id", "title", "state"),  # type: ignore[attr-defined]
        "supports": await rows(person.supports, "proposal_id", "at"),  # type: ignore[attr-defined]
        "comments": await rows(person.comments, "proposal_id", "body", "at"),  # type: ignore[attr-defined]
        "sessions": await rows(person.sessions, "started_at", "ends_at"),  # type: ignore[attr-defined]
    }
