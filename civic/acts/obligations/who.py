"""Who may do what with an obligation: who owes it, to whom it is owed, and who is on neither side."""

from __future__ import annotations

from civic.acts.core import Actor
from civic.acts.permissions import require_role, roles_in, steward, the_person, verified_resident, within
from civic.errors import N_, NotAllowed
from civic.models import Charter, Deadline, Obligation, Party, Proposal, Response, Support

SPEAKERS = ("manager", "delegate")


async def debtor(actor: Actor, obligation: Obligation) -> None:
    """a manager or delegate of the party that owes it"""
    await require_role(actor, await Party.get(id=obligation.party_id), *SPEAKERS)


async def _asked(person_id: object, obligation: Obligation, *, supporters: bool) -> bool:
    """Whether a promise was made to this person's proposal, or one that they support."""
    if obligation.response_id is None:
        return False
    response = await Response.get(id=obligation.response_id)
    deadline = await Deadline.get(id=response.deadline_id)
    if deadline.kind != "proposal":
        return False
    if await Proposal.filter(id=deadline.subject_id, author_id=person_id).exists():
        return True
    return supporters and await Support.filter(proposal_id=deadline.subject_id, person_id=person_id).exists()


async def _not_the_debtor(actor: Actor, obligation: Obligation) -> None:
    if await roles_in(the_person(actor), obligation.party_id):
        raise NotAllowed(
            N_(
                "Nobody confirms, disputes, settles or waives a duty of their own party: its counterpart does."
            ),
            reason="own_duty",
        )


async def counterpart(actor: Actor, obligation: Obligation) -> None:
    """a manager or delegate of the counterpart (for a bloc, of a party of it in the area; for a promise, who proposed)"""
    person = the_person(actor)
    await _not_the_debtor(actor, obligation)
    if obligation.counterpart_id is not None:
        return await require_role(actor, await Party.get(id=obligation.counterpart_id), *SPEAKERS)
    if await _asked(person.id, obligation, supporters=False):
        return None
    party, area = actor.party, obligation.counterpart_area_id
    of_bloc = party is not None and party.kind == obligation.counterpart_bloc
    if party is not None and of_bloc and area is not None and await within(party.area_id, area):
        return await require_role(actor, party, *SPEAKERS)
    raise NotAllowed(
        N_("Only the counterpart, to whom this is owed, may do this."),
        reason="counterpart",
    )


async def concerned(actor: Actor, obligation: Obligation) -> None:
    """the counterpart, those who asked, or, where it is owed to the residents, any verified resident of the area"""
    try:
        return await counterpart(actor, obligation)
    except NotAllowed as refusal:
        person = the_person(actor)
        if refusal.reason == "own_duty":
            raise
        if await _asked(person.id, obligation, supporters=True):
            return None
        residents, area = obligation.counterpart_bloc == "residents", obligation.counterpart_area_id
        if residents and area is not None and await verified_resident(person, area):
            return None
        raise


async def mediator(actor: Actor, obligation: Obligation) -> None:
    """a manager of the charter's convening party where it is on neither side, or a platform steward on neither side"""
    person = the_person(actor)
    await _not_the_debtor(actor, obligation)
    if obligation.counterpart_id is not None and await roles_in(person, obligation.counterpart_id):
        raise NotAllowed(N_("Whoever settles a dispute is on neither side."), reason="partial")
    if obligation.charter_id is not None and not person.steward:
        charter = await Charter.get(id=obligation.charter_id)
        return await require_role(actor, await Party.get(id=charter.convener_id), "manager")
    await steward(actor, obligation)
