"""Who may do what with a charter."""

from __future__ import annotations

from civic.acts.charters.writing import named
from civic.acts.core import Actor
from civic.acts.permissions import require_role, steward, the_party, the_person
from civic.errors import N_, NotAllowed
from civic.models import Charter, Clause, ClauseChange, Party

SPEAKERS = ("manager", "delegate")


async def any_party(actor: Actor, subject: object) -> None:
    """a manager or delegate of an active party"""
    the_person(actor)
    await require_role(actor, the_party(actor), *SPEAKERS)


async def convener(actor: Actor, charter: Charter) -> None:
    """a manager or delegate of the convening party"""
    await require_role(actor, await Party.get(id=charter.convener_id), *SPEAKERS)


async def ender(actor: Actor, charter: Charter) -> None:
    """a manager of the convening party or a platform steward"""
    if the_person(actor).steward:
        return await steward(actor, charter)
    await require_role(actor, await Party.get(id=charter.convener_id), "manager")


def _not_named() -> NotAllowed:
    return NotAllowed(
        N_("Only the parties that this charter names, and its convener, may do this."), reason="not_named"
    )


async def taking_part(actor: Actor, charter: Charter) -> None:
    """a manager or delegate of a party that the charter names, or of its convener"""
    the_person(actor)
    party = the_party(actor)
    if party.id != charter.convener_id and party.id not in await named(charter.id):
        raise _not_named()
    await require_role(actor, party, *SPEAKERS)


async def signer(actor: Actor, charter: Charter) -> None:
    """a manager of a party that the charter names"""
    the_person(actor)
    party = the_party(actor)
    if party.id not in await named(charter.id):
        raise NotAllowed(
            N_("Your party is not named in this charter, so it does not sign."), reason="not_named"
        )
    await require_role(actor, party, "manager")


async def declarer(actor: Actor, clause: Clause) -> None:
    """a manager or delegate of the party that the clause names to declare its trigger"""
    if clause.declarer_id is None:
        the_person(actor)
        raise NotAllowed(N_("Nobody is named to declare this."), reason="not_named")
    await require_role(actor, await Party.get(id=clause.declarer_id), *SPEAKERS)


async def concerned_by(change: ClauseChange) -> set[int]:
    """The parties whose clause a change touches, before and after, but not the one that proposes it."""
    sides: set[int] = set()
    if change.number is not None:
        clause = await Clause.get_or_none(charter_id=change.charter_id, number=change.number)
        if clause is not None:
            sides |= {clause.holder_id or 0, clause.counterpart_id or 0}
    content = change.content or {}
    for name in ("holder", "counterpart"):
        sides.add(int((content.get(name) or {}).get("party", 0)))
    return sides - {0, change.by_id}


async def decider(actor: Actor, change: ClauseChange) -> None:
    """the convener, or, of a change by the convener, a party that it concerns (manager or delegate)"""
    the_person(actor)
    party = the_party(actor)
    charter = await Charter.get(id=change.charter_id)
    if change.by_id != charter.convener_id:
        return await convener(actor, charter)
    may = await concerned_by(change) or (set(await named(charter.id)) - {change.by_id})
    if party.id not in may:
        raise NotAllowed(
            N_("The convener's own change is decided by a party that it concerns."), reason="own_change"
        )
    await require_role(actor, party, *SPEAKERS)


async def proposer(actor: Actor, change: ClauseChange) -> None:
    """a manager or delegate of the party that proposed the change"""
    await require_role(actor, await Party.get(id=change.by_id), *SPEAKERS)
