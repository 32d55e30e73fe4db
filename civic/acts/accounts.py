"""How people get into their account: password, address, providers; and all that is held on them."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

from tortoise.exceptions import IntegrityError
from tortoise.fields import BinaryField
from tortoise.fields.relational import BackwardFKRelation
from tortoise.transactions import in_transaction

from civic import clock, db, i18n
from civic.acts.ballots import roll_lines
from civic.acts.core import Actor, Record, act, act_on, note
from civic.acts.notifications import address, letter
from civic.acts.people import check_password, clean_email, hash_password
from civic.acts.permissions import own, signed_in, the_person
from civic.errors import N_, Conflict, InvalidInput, InvalidState, NotSignedIn, fill
from civic.ledger.keys import secret
from civic.models import Identity, Mail, Person

# Never given out, not even to the person: what proves or hides something.
SECRET = {"hash", "password_hash", "person_key", "salt", "tag"}
RESET_WITHIN = timedelta(hours=1)
RESET_SUBJECT = N_("%(site)s: set a new password")
RESET_BODY = N_(
    "Somebody, probably you, asked to set a new password for your account. Open this within an hour:\n\n%(link)s\n\n"
    "If it was not you, do nothing: your password stays as it is."
)
# Decisions that a person made about others are not held on them.
ABOUT_OTHERS = {"decided"}


async def check_own_password(person: Person, password: str) -> None:
    """Raises InvalidInput unless it is the person's password; people without one have nothing to prove."""
    if not person.password_hash:
        return
    try:
        await check_password(person.email or "", password)
    except NotSignedIn:
        raise InvalidInput(
            N_("This is not your present password."), field="current_password", reason="wrong_password"
        ) from None


async def send_reset(email: str) -> None:
    """Put a letter with a link into the outbox, if an account has this address; nobody is told whether one has.

    Not an act, as signing in is none: its record would tell which account an address belongs to.
    """
    person = await Person.get_or_none(email=clean_email(email), deleted_at=None)
    if person is None:
        return
    link = address(f"/reset/{reset_token(person, clock.now() + RESET_WITHIN)}")
    body = fill(i18n.gettext(RESET_BODY, person.language), {"link": link})
    mail = letter(person, RESET_SUBJECT, body)

    async def save() -> None:
        # One that has not gone out yet is of no use any more.
        await Mail.filter(person_id=person.id, subject=mail.subject, sent_at=None).delete()
        await mail.save()

    await db.write(save)


def reset_token(person: Person, until: datetime) -> str:
    """What the link holds: whose, until when, and our word for it, which ends when the password is set."""
    text = f"{person.pseudonym}.{int(until.timestamp()):x}"
    proof = f"civic/reset/v1\0{text}\0{person.email or ''}\0{person.password_hash or ''}".encode()
    return f"{text}.{hmac.digest(secret('reset.key'), proof, 'sha256').hex()[:40]}"


async def reset_password(token: str, *, password: str) -> Person:
    """Set a password by the link of a letter; it works once, for an hour. Raises InvalidInput."""
    pseudonym, _, rest = token.strip().partition(".")
    person = await Person.get_or_none(pseudonym=pseudonym, deleted_at=None) if len(token) < 100 else None
    try:
        until = datetime.fromtimestamp(int(rest.partition(".")[0], 16), UTC)
    except (ValueError, OverflowError, OSError):
        person, until = None, clock.now()
    good = person is not None and hmac.compare_digest(
        reset_token(person, until).encode(), token.strip().encode()
    )
    if person is None or not good or until <= clock.now():
        raise InvalidInput(
            N_("This link has been used, or is older than an hour. Ask for a new one."),
            field="token",
            reason="bad_token",
        )
    return await change_password(Actor(person), password=password)


async def change_password(actor: Actor, *, password: str) -> Person:
    """Set another password; the present one has been asked for. Raises InvalidInput."""
    return await _set_password(actor, password_hash=await hash_password(password))


@act("person.set_password", may=signed_in)
async def _set_password(actor: Actor, *, password_hash: str) -> Person:
    """Set another password."""
    person = await Person.select_for_update().get(id=the_person(actor).id)
    person.password_hash = password_hash
    await person.save()
    note(Record("person", person.pseudonym))
    return person


@act("person.change_email", may=signed_in)
async def change_email(actor: Actor, *, email: str) -> Person:
    """Change the address with which one signs in."""
    person = await Person.select_for_update().get(id=the_person(actor).id)
    person.email = clean_email(email)
    try:
        async with in_transaction():
            await person.save()
    except IntegrityError:
        raise Conflict(
            N_("There is an account with this e-mail address. Sign in instead."),
            field="email",
            reason="email_taken",
        ) from None
    note(Record("person", person.pseudonym))
    return person


@act("person.connect_provider", may=signed_in)
async def connect_provider(actor: Actor, *, issuer: str, subject: str) -> Identity:
    """Connect one's account with an identity provider's, to sign in with either."""
    person = the_person(actor)
    known = await Identity.get_or_none(issuer=issuer, subject=subject)
    if known is not None and known.person_id != person.id:
        raise Conflict(
            N_("This provider's account is connected with another account here."), reason="other_account"
        )
    if known is None:
        known = await Identity.create(person=person, issuer=issuer, subject=subject)
    note(Record("person", person.pseudonym))
    return known


@act_on(Identity, "person.disconnect_provider", may=own)
async def disconnect_provider(actor: Actor, identity: Identity) -> None:
    """Disconnect an identity provider; never the only way into the account."""
    person = await Person.select_for_update().get(id=identity.person_id)
    others = Identity.filter(person_id=person.id).exclude(id=identity.id)
    if not (person.password_hash and person.email) and not await others.exists():
        raise InvalidState(
            N_("This is the only way into your account. Set an e-mail address and a password first."),
            reason="only_way",
        )
    await identity.delete()
    note(Record("person", person.pseudonym))


async def everything(person: Person) -> dict[str, Any]:
    """All that is held on a person: their own row, and every row of any table that belongs to them.

    Found from the tables themselves, so that a new capability is never forgotten. Without secrets (hashes, keys,
    salts), and without the names of others: other people's columns are left out.
    """
    rows = await Person.filter(id=person.id).values(*_columns(Person, ""))
    found: dict[str, Any] = {"person": rows[0]}
    for name in sorted(Person._meta.backward_fk_fields):
        relation = Person._meta.fields_map[name]
        if name in ABOUT_OTHERS or not isinstance(relation, BackwardFKRelation):
            continue
        model, column = relation.related_model, relation.relation_field
        found[name] = (
            await model.filter(**{column: person.id})
            .order_by(model._meta.pk_attr)
            .values(*_columns(model, column))
        )
    if person.person_key:  # on uploaded rolls stands the key of a human, not an account
        found["roll_lines"] = await roll_lines.of_human(person.person_key)
    return found


def _columns(model: Any, mine: str) -> list[str]:
    """The plain columns of a table, without secrets and without other people's."""
    meta = model._meta
    others = {
        meta.fields_map[name].source_field or f"{name}_id"
        for name in meta.fk_fields
        if meta.fields_map[name].related_model is Person
    } - {mine}
    return [
        name
        for name in meta.db_fields
        if name not in SECRET and name not in others and not isinstance(meta.fields_map[name], BinaryField)
    ]
