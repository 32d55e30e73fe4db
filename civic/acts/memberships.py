"""Who acts for a party: invited by a manager, taken by the person, ended by either."""

from __future__ import annotations

from datetime import date, timedelta

from tortoise.expressions import Q

from civic import clock
from civic.acts import notifications
from civic.acts.core import Actor, Record, act_on, note
from civic.acts.parties import account, own_manager
from civic.acts.parties import current as current
from civic.acts.permissions import any_of, own, roles_in, steward, the_person
from civic.errors import N_, Conflict, InvalidInput, InvalidState, NotAllowed
from civic.models import Invitation, Membership, Party

ROLES = ("manager", "delegate", "clerk")
# Those who speak in the party's name are named in public; clerks are not.
PUBLIC_ROLES = ("manager", "delegate")
INVITED_FOR = timedelta(days=30)
MOST_MEMBERS = 500


def _record(party_id: int, pseudonym: str, role: str, **days: date | None) -> Record:
    told = {name: day.isoformat() for name, day in days.items() if day}
    return Record("party", party_id, {"member": pseudonym, "role": role, **told})


@act_on(Party, "membership.invite", may=any_of(own_manager, steward))
async def invite(
    actor: Actor,
    party: Party,
    *,
    account_code: str,
    role: str,
    from_day: date | None = None,
    until_day: date | None = None,
) -> Invitation:
    """Invite somebody to a role, from a day to a day; it holds when they take it."""
    if party.state not in ("applied", "active"):
        raise InvalidState(
            N_("“%(party)s” is not active, so nobody can act for it."),
            reason="party_inactive",
            party=party.name,
        )
    if role not in ROLES:
        raise InvalidInput(N_("Choose manager, delegate or clerk."), field="role", reason="role")
    today = clock.today()
    begins = from_day or today
    if begins < today:
        raise InvalidInput(N_("This day is in the past."), field="from_day", reason="past")
    if until_day is not None and until_day < begins:
        raise InvalidInput(N_("The end is before the beginning."), field="until_day", reason="order")
    person = await account(account_code, field="account_code")
    held = Membership.filter(party_id=party.id, person_id=person.id, role=role)
    if await held.filter(Q(until_day__isnull=True) | Q(until_day__gte=begins)).exists():
        raise Conflict(N_("This person has this role already."), field="account_code", reason="has_role")
    if await Membership.filter(party_id=party.id).count() >= MOST_MEMBERS:
        raise InvalidState(N_("A party has at most %(limit)s people."), reason="members", limit=MOST_MEMBERS)
    await Invitation.filter(party_id=party.id, person_id=person.id, role=role).delete()
    invitation = await Invitation.create(
        party=party, person=person, role=role, from_day=begins, until_day=until_day,
        invited_at=clock.now(), expires_at=clock.now() + INVITED_FOR,
    )  # fmt: skip
    await notifications.tell(
        [person.id], "membership.invite", subject="invitation", subject_id=invitation.id, title=party.name,
        but=actor.person,
    )  # fmt: skip
    note(_record(party.id, person.pseudonym, role))
    return invitation


@act_on(Invitation, "membership.accept", may=own)
async def accept(actor: Actor, invitation: Invitation) -> Membership:
    """Take the role to which one was invited."""
    person = the_person(actor)
    if invitation.expires_at <= clock.now():
        raise InvalidState(N_("This invitation has lapsed. Ask for a new one."), reason="invitation_expired")
    begins = max(invitation.from_day, clock.today())
    if invitation.until_day is not None and invitation.until_day < begins:
        raise InvalidState(N_("This invitation has lapsed. Ask for a new one."), reason="invitation_expired")
    same = Membership.filter(
        party_id=invitation.party_id, person_id=person.id, role=invitation.role, from_day=begins
    )
    membership = await same.first() or Membership(
        party_id=invitation.party_id, person=person, role=invitation.role, from_day=begins
    )
    membership.until_day = invitation.until_day
    await membership.save()
    await invitation.delete()
    note(
        _record(
            invitation.party_id, person.pseudonym, invitation.role, since=begins, until=invitation.until_day
        )
    )
    return membership


@act_on(Invitation, "membership.decline", may=own)
async def decline(actor: Actor, invitation: Invitation) -> None:
    """Decline an invitation."""
    await invitation.delete()
    note(_record(invitation.party_id, the_person(actor).pseudonym, invitation.role))


async def _manages(actor: Actor, subject: Invitation | Membership) -> None:
    """a manager of the party"""
    if "manager" not in await roles_in(the_person(actor), subject.party_id):
        raise NotAllowed(N_("Only a manager of the party may do this."), reason="party_role")


@act_on(Invitation, "membership.withdraw", may=any_of(_manages, steward))
async def withdraw(actor: Actor, invitation: Invitation) -> None:
    """Take an invitation back."""
    person = await invitation.person
    await invitation.delete()
    note(_record(invitation.party_id, person.pseudonym, invitation.role))


@act_on(Membership, "membership.end", may=any_of(own, _manages, steward))
async def end(actor: Actor, membership: Membership, *, last_day: date | None = None) -> Membership:
    """End a role, at once or with a last day: one's own, or as a manager. Never the last manager's."""
    await Party.select_for_update().get(id=membership.party_id)  # two last managers cannot both leave
    await membership.refresh_from_db()
    today = clock.today()
    if membership.until_day is not None and membership.until_day < today:
        raise InvalidState(N_("This role has ended already."), reason="ended")
    if last_day is not None and last_day < today:
        raise InvalidInput(N_("This day is in the past."), field="last_day", reason="past")
    if membership.role == "manager" and not await _another_manager(membership, today):
        raise InvalidState(
            N_("This is the last manager. Name another manager first, or close the party."),
            reason="last_manager",
        )
    membership.until_day = last_day or today - timedelta(days=1)
    await membership.save()
    person = await membership.person
    days = {"since": membership.from_day, "until": membership.until_day}
    note(_record(membership.party_id, person.pseudonym, membership.role, **days))
    return membership


async def _another_manager(membership: Membership, today: date) -> bool:
    """Whether somebody else manages the party now, with no end in sight; or the party is closed."""
    others = Membership.filter(current(today), party_id=membership.party_id, role="manager", until_day=None)
    if await others.exclude(person_id=membership.person_id).exists():
        return True
    return bool(await Party.filter(id=membership.party_id, state="closed").exists())


async def last_manager_of(person_id: object) -> Party | None:
    """A party that would have no manager without this person; None when there is none."""
    today = clock.today()
    mine = Membership.filter(current(today), person_id=person_id, role="manager").exclude(
        party__state="closed"
    )
    for membership in await mine.select_related("party"):
        if not await _another_manager(membership, today):
            return membership.party  # type: ignore[no-any-return]
    return None


async def end_all(person_id: object) -> None:
    """End every role of a person who leaves the platform. A helper of acts, not an act."""
    day = clock.today() - timedelta(days=1)
    rows = Membership.filter(Q(until_day__isnull=True) | Q(until_day__gt=day), person_id=person_id)
    await rows.update(until_day=day)
