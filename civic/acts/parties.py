"""Parties: who applies, who decides, and what may be changed about them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from civic import clock
from civic.acts import notifications
from civic.acts.core import Actor, Record, act, act_on, note
from civic.acts.permissions import any_of, require_resident, roles_in, signed_in, steward, the_person
from civic.acts.residencies import area_of
from civic.errors import N_, Conflict, InvalidInput, NotAllowed, TooMany
from civic.models import Invitation, Membership, Party, Person
from civic.rules import credit_code as codes
from civic.rules import lifecycles
from civic.rules.text import multiline, one_line

APPLICANTS = ("enterprise", "association", "institution", "residents")
WITH_CODE = ("enterprise", "association", "institution")
NAME, ABOUT, REASON = 120, 5_000, 500
MOST_APPLICATIONS = 5


async def own_manager(actor: Actor, subject: Party) -> None:
    """a manager of the party, also before it is approved"""
    if "manager" not in await roles_in(the_person(actor), subject.id):
        raise NotAllowed(
            N_("Only a manager of “%(party)s” may do this."), reason="party_role", party=subject.name
        )


def record(party: Party, **more: object) -> Record:
    """What the ledger says of a party: never its name, which may be a person's."""
    return Record("party", party.id, {"kind": party.kind, "state": party.state, **more})


@act("party.apply", may=signed_in)
async def apply(
    actor: Actor,
    *,
    kind: str,
    name: str,
    area: str,
    credit_code: str = "",
    name_en: str = "",
    about: str = "",
) -> Party:
    """Apply as an enterprise, association, institution or residents' group; the applicant is its first manager."""
    person = the_person(actor)
    if kind not in APPLICANTS:
        raise InvalidInput(
            N_("Choose what the party is. Departments are registered by the platform's stewards."),
            field="kind",
            reason="kind",
        )
    place = await area_of(area)
    if kind == "residents":
        await require_resident(actor, place.id)
    waiting = Membership.filter(person_id=person.id, role="manager", party__state="applied")
    if await waiting.count() >= MOST_APPLICATIONS:
        raise TooMany(
            N_("%(limit)s of your applications wait already. Please wait for a decision."),
            reason="applications",
            limit=MOST_APPLICATIONS,
        )
    party = Party(
        kind=kind,
        name=one_line(name, field="name", limit=NAME, least=2),
        name_en=one_line(name_en, field="name_en", limit=NAME, least=0),
        about=multiline(about, field="about", limit=ABOUT, least=0),
        credit_code=code_of(kind, credit_code),
        area=place,
        state="applied",
        created_at=clock.now(),
    )
    await _save(party)
    await Membership.create(party=party, person=person, role="manager", from_day=clock.today())
    await notifications.tell(
        await notifications.stewards(), "party.apply", subject="party", subject_id=party.id, title=party.name
    )
    note(record(party, area=place.code))
    return party


@act("party.register", may=steward)
async def register(
    actor: Actor,
    *,
    name: str,
    area: str,
    manager: str,
    name_en: str = "",
    about: str = "",
    credit_code: str = "",
) -> Party:
    """Register a government department, active at once, for the area it covers, with its first manager."""
    place = await area_of(area)
    person = await account(manager, field="manager")
    party = Party(
        kind="government",
        name=one_line(name, field="name", limit=NAME, least=2),
        name_en=one_line(name_en, field="name_en", limit=NAME, least=0),
        about=multiline(about, field="about", limit=ABOUT, least=0),
        credit_code=codes.clean(credit_code) if credit_code.strip() else None,
        area=place,
        state="active",
        created_at=clock.now(),
        approved_at=clock.now(),
    )
    await _save(party)
    await Membership.create(party=party, person=person, role="manager", from_day=clock.today())
    note(record(party, area=place.code, manager=person.pseudonym))
    return party


@act_on(Party, "party.approve", may=steward)
async def approve(actor: Actor, party: Party) -> Party:
    """Approve an application."""
    party.approved_at = clock.now()
    return await _move(actor, party, "approve")


@act_on(Party, "party.reject", may=steward)
async def reject(actor: Actor, party: Party, *, reason: str) -> Party:
    """Reject an application, with the reason; the credit code is free for a better one."""
    party.credit_code = None
    return await _move(actor, party, "reject", one_line(reason, field="reason", limit=REASON))


@act_on(Party, "party.suspend", may=steward)
async def suspend(actor: Actor, party: Party, *, reason: str) -> Party:
    """Suspend a party, with a public reason: nobody can act for it meanwhile."""
    return await _move(actor, party, "suspend", one_line(reason, field="reason", limit=REASON))


@act_on(Party, "party.reinstate", may=steward)
async def reinstate(actor: Actor, party: Party) -> Party:
    """Let a suspended party act again."""
    return await _move(actor, party, "reinstate")


@act_on(Party, "party.close", may=any_of(own_manager, steward))
async def close(actor: Actor, party: Party, *, reason: str) -> Party:
    """Close a party for good, with a public reason; what it did stays."""
    await Invitation.filter(party_id=party.id).delete()
    return await _move(actor, party, "close", one_line(reason, field="reason", limit=REASON))


@act_on(Party, "party.edit", may=any_of(own_manager, steward))
async def edit(
    actor: Actor,
    party: Party,
    *,
    about: str,
    name_en: str = "",
    name: str = "",
    area: str = "",
    credit_code: str = "",
) -> Party:
    """Change a party; once it is approved, its name, area and code only by a steward. Empty: as it was."""
    party.state = lifecycles.move("party", party.state, "edit")
    before = (party.name, party.area_id, party.credit_code)
    party.about = multiline(about, field="about", limit=ABOUT, least=0)
    party.name_en = one_line(name_en, field="name_en", limit=NAME, least=0)
    party.name = one_line(name, field="name", limit=NAME, least=2) if name.strip() else party.name
    if area.strip():
        party.area = await area_of(area)
    if credit_code.strip():
        party.credit_code = (
            codes.clean(credit_code) if party.kind == "government" else code_of(party.kind, credit_code)
        )
    changed = before != (party.name, party.area_id, party.credit_code)
    if changed and party.state != "applied" and not the_person(actor).steward:
        raise NotAllowed(
            N_("After approval only a platform steward changes the name, the area or the code."),
            reason="steward_only",
        )
    if changed and party.kind == "residents" and not the_person(actor).steward:
        await require_resident(actor, party.area_id)
    await _save(party)
    note(record(party))
    return party


async def account(code: str, *, field: str) -> Person:
    """The person with this account code, as they read it on their account page. Raises InvalidInput.

    Not by e-mail address: addresses are not proved here, so anybody could sign up under a colleague's.
    """
    code = code.strip().lower()
    person = await Person.get_or_none(pseudonym=code, deleted_at=None) if len(code) == 16 else None
    if person is None:
        raise InvalidInput(
            N_("There is no account with this code. People find theirs under “My account”."),
            field=field,
            reason="unknown_account",
        )
    return person


def code_of(kind: str, credit_code: str) -> str | None:
    """The credit code that this kind of party gives. Raises InvalidInput."""
    if kind in WITH_CODE:
        return codes.clean(credit_code)
    if credit_code.strip():
        raise InvalidInput(
            N_("A residents' group has no social credit code. Leave this empty."),
            field="credit_code",
            reason="no_code",
        )
    return None


async def _save(party: Party) -> None:
    """Raises Conflict when another party has the credit code."""
    try:
        async with in_transaction():
            await party.save()
    except IntegrityError:
        raise Conflict(
            N_("A party with this social credit code is on the platform already."),
            field="credit_code",
            reason="code_taken",
        ) from None


async def _move(actor: Actor, party: Party, how: str, reason: str = "") -> Party:
    party.state, party.reason = lifecycles.move("party", party.state, how), reason
    await party.save()
    await notifications.tell(
        await managers(party.id), f"party.{how}", subject="party", subject_id=party.id, title=party.name,
        detail=reason, but=actor.person,
    )  # fmt: skip
    note(record(party))
    return party


async def managers(party_id: int) -> list[UUID]:
    """Who manages a party today."""
    rows = Membership.filter(current(clock.today()), party_id=party_id, role="manager")
    return list(await rows.values_list("person_id", flat=True))  # type: ignore[arg-type]


def current(day: date) -> Q:
    """Memberships that hold on a day."""
    return Q(from_day__lte=day) & (Q(until_day__isnull=True) | Q(until_day__gte=day))
