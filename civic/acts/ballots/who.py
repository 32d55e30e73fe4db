"""Who may hold a vote."""

from __future__ import annotations

from civic.acts.core import Actor
from civic.acts.permissions import require_role, the_party
from civic.errors import N_, NotAllowed
from civic.models import Ballot, Party


async def host(actor: Actor, subject: Ballot) -> None:
    """a manager or delegate of the host"""
    await require_role(actor, await Party.get(id=subject.host_id), "manager", "delegate")


async def department(actor: Actor, subject: object) -> None:
    """a manager or delegate of a department"""
    party = the_party(actor)
    if party.kind != "government":
        raise NotAllowed(N_("Only a government department may do this."), reason="not_official")
    await require_role(actor, party, "manager", "delegate")
