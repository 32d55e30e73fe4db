"""Who may do what. Each is ``await may(actor, subject)`` and raises NotSignedIn or NotAllowed.

The first line of a docstring is how the table of acts words it. `any_of` and `all_of` put them together.
"""

from __future__ import annotations

from typing import Any

from tortoise.expressions import Q

from civic import clock
from civic.acts.core import Actor, May
from civic.errors import N_, CivicError, NotAllowed, NotSignedIn
from civic.models import Area, AreaWithin, Membership, Party, Person, Residency

OFFICIAL_ROLES = ("manager", "delegate", "clerk")


def any_of(*choices: May) -> May:
    """One of several; the last refusal is the one that is told."""

    async def may(actor: Actor, subject: Any) -> None:
        refused: CivicError | None = None
        for choice in choices:
            try:
                return await choice(actor, subject)
            except (NotAllowed, NotSignedIn) as error:
                refused = error
        assert refused is not None
        raise refused

    may.__doc__ = " or ".join((c.__doc__ or "").strip().splitlines()[0].rstrip(".") for c in choices)
    return may


def all_of(*conditions: May) -> May:
    """All of several."""

    async def may(actor: Actor, subject: Any) -> None:
        for condition in conditions:
            await condition(actor, subject)

    may.__doc__ = " and ".join((c.__doc__ or "").strip().splitlines()[0].rstrip(".") for c in conditions)
    return may


async def anybody(actor: Actor, subject: Any) -> None:
    """anybody"""


async def system(actor: Actor, subject: Any) -> None:
    """the platform itself (clock, operator's commands)"""
    if not actor.system:
        raise NotAllowed(N_("Only the platform itself does this."), reason="system")


def the_person(actor: Actor) -> Person:
    """Who acts. Raises NotSignedIn."""
    if actor.person is None or actor.person.deleted_at is not None:
        raise NotSignedIn(N_("Please sign in first."), reason="sign_in")
    return actor.person


def the_party(actor: Actor) -> Party:
    """The party that is acted for. Raises NotSignedIn, NotAllowed."""
    the_person(actor)
    if actor.party is None:
        raise NotAllowed(N_("Choose the party for which you act."), reason="no_party")
    return actor.party


async def signed_in(actor: Actor, subject: Any) -> None:
    """anybody signed in"""
    the_person(actor)


async def steward(actor: Actor, subject: Any) -> None:
    """a platform steward"""
    if not the_person(actor).steward:
        raise NotAllowed(N_("Only a platform steward may do this."), reason="steward")


async def roles_in(person: Person, party_id: int) -> set[str]:
    """The roles that a person has in a party today."""
    today = clock.today()
    rows = await Membership.filter(
        Q(until_day__isnull=True) | Q(until_day__gte=today),
        person_id=person.id,
        party_id=party_id,
        from_day__lte=today,
    ).values_list("role", flat=True)
    return {str(role) for role in rows}


async def require_role(actor: Actor, party: Party, *roles: str) -> None:
    """Raises unless the actor acts for ``party``, which is active, in one of ``roles``."""
    person = the_person(actor)
    if actor.party is None or actor.party.id != party.id or not await roles_in(person, party.id) & set(roles):
        raise NotAllowed(
            N_("Only somebody who may act for “%(party)s” can do this."),
            reason="party_role",
            party=party.name,
        )
    if party.state != "active":
        raise NotAllowed(
            N_("“%(party)s” is not active, so nobody can act for it."),
            reason="party_inactive",
            party=party.name,
        )


async def manager(actor: Actor, subject: Party) -> None:
    """a manager of the party"""
    await require_role(actor, subject, "manager")


async def within(inner: int, outer: int) -> bool:
    """Whether area ``inner`` is ``outer`` or lies within it."""
    return bool(await AreaWithin.filter(ancestor_id=outer, descendant_id=inner).exists())


async def require_official(actor: Actor, area_id: int, *roles: str) -> Party:
    """The government party acted for, which covers the area. Raises NotAllowed."""
    party = the_party(actor)
    if party.kind != "government":
        raise NotAllowed(N_("Only a government department may do this."), reason="not_official")
    await require_role(actor, party, *(roles or OFFICIAL_ROLES))
    if not await within(area_id, party.area_id):
        raise NotAllowed(N_("This area is not covered by your department."), reason="other_area")
    return party


async def department(actor: Actor, subject: object) -> None:
    """a manager or delegate of a department"""
    party = the_party(actor)
    if party.kind != "government":
        raise NotAllowed(N_("Only a government department may do this."), reason="not_official")
    await require_role(actor, party, "manager", "delegate")


async def official_of_area(actor: Actor, subject: Any) -> None:
    """an official of a department whose area covers it"""
    area_id = subject.id if isinstance(subject, Area) else subject.area_id
    await require_official(actor, area_id)


async def verified_resident(person: Person, area_id: int) -> bool:
    """Whether a person's verified residency lies within the area now."""
    rows = await Residency.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now()),
        person_id=person.id,
        state="verified",
        area__around__ancestor_id=area_id,
    ).limit(1)
    return bool(rows)


async def require_resident(actor: Actor, area_id: int) -> Person:
    """The person, whose residency within the area is verified. Raises NotSignedIn, NotAllowed."""
    person = the_person(actor)
    if await verified_resident(person, area_id):
        return person
    if await Residency.filter(person_id=person.id, state="verified").exists():
        raise NotAllowed(N_("This is for residents of another area."), reason="other_area")
    raise NotAllowed(
        N_(
            "Your residence is not verified yet. Claim it under “My desk”, then show a document at a counter."
        ),
        reason="not_verified",
    )


async def resident_of_area(actor: Actor, subject: Any) -> None:
    """a verified resident of the area"""
    await require_resident(actor, subject.area_id)


async def author(actor: Actor, subject: Any) -> None:
    """the author"""
    if subject.author_id is None or the_person(actor).id != subject.author_id:
        raise NotAllowed(N_("Only the author may do this."), reason="author")


async def own(actor: Actor, subject: Any) -> None:
    """the person concerned"""
    if the_person(actor).id != subject.person_id:
        raise NotAllowed(N_("This belongs to somebody else."), reason="owner")
