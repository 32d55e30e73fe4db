"""Who may hold a vote."""

from __future__ import annotations

from civic.acts.core import Actor
from civic.acts.permissions import require_role
from civic.models import Ballot, Party


async def host(actor: Actor, subject: Ballot) -> None:
    """a manager or delegate of the host"""
    await require_role(actor, await Party.get(id=subject.host_id), "manager", "delegate")
