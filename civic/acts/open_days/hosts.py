"""Who acts for the host of an open day, and who waits for whom. Not acts, but what they stand on."""

from __future__ import annotations

from typing import Any

from civic import db
from civic.acts.core import Actor
from civic.acts.permissions import require_official, require_role, the_party
from civic.errors import N_, NotAllowed
from civic.models import Area, OpenDay, OpenDayHost, OpenDayQuestion, OpenDaySeries, OpenDaySlot, Party


async def the_day(subject: Any) -> OpenDay:
    """The open day that something belongs to."""
    if isinstance(subject, OpenDay):
        return subject
    return await OpenDay.get(id=subject.open_day_id)


async def host(actor: Actor, subject: OpenDay | OpenDaySeries) -> None:
    """a manager or delegate of the host"""
    await require_role(actor, await Party.get(id=subject.host_id), "manager", "delegate")


async def any_host(actor: Actor, subject: OpenDay | OpenDayQuestion) -> None:
    """a manager or delegate of the host or a co-host"""
    await require_role(actor, await _hosting(actor, await the_day(subject)), "manager", "delegate")


async def clerk(actor: Actor, subject: OpenDay | OpenDaySlot) -> None:
    """a manager, delegate or clerk of the host or a co-host"""
    await require_role(actor, await _hosting(actor, await the_day(subject)), "manager", "delegate", "clerk")


async def _hosting(actor: Actor, day: OpenDay) -> Party:
    """The party acted for, when it hosts the day. Raises NotAllowed."""
    party = the_party(actor)
    if party.id == day.host_id or await OpenDayHost.filter(open_day_id=day.id, party_id=party.id).exists():
        return party
    raise NotAllowed(N_("Only the hosts of this open day may do this."), reason="not_host")


async def may_host(actor: Actor, subject: Any) -> None:
    """a manager or delegate of an active party"""
    await require_role(actor, the_party(actor), "manager", "delegate")


async def place_of_host(actor: Actor, area: Area) -> Party:
    """The party that will host in an area; a department hosts where it is in charge. Raises NotAllowed."""
    party = the_party(actor)
    if party.kind == "government":
        await require_official(actor, area.id, "manager", "delegate")
    return party


# Who comes or goes locks a slot and then the open day's numbers; its host locks the open day and then slots or
# registrations. So that they never wait in a circle, the first share this lock, and the second have it alone.
_LOCK = 0x646179
_SHARED = (
    "SELECT pg_advisory_xact_lock_shared(?, (open_day_id % 2147483648)::int) FROM open_day_slot WHERE id = ?"
)
_ALONE = "SELECT pg_advisory_xact_lock(?, ?)"


async def hold_shared(slot: int) -> None:
    """Wait for the host's acts on a slot's open day, but not for others who come and go."""
    if db.on_postgres():
        await db.fetch(_SHARED, _LOCK, slot)


async def hold_alone(day: int) -> None:
    """Wait for those who come and go at an open day, and let no other begin until this transaction ends."""
    if db.on_postgres():
        await db.fetch(_ALONE, _LOCK, day % 2**31)
