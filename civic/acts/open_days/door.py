"""At the door: by scan, by code, or afterwards from the printed list."""

from __future__ import annotations

from dataclasses import dataclass

from tortoise.expressions import F

from civic import clock
from civic.acts.core import Actor, Record, act_on, note
from civic.acts.open_days.hosts import clerk
from civic.errors import N_, Conflict, InvalidState, NotFound
from civic.models import OpenDay, OpenDaySlot, Registration
from civic.rules import lifecycles, open_days


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """Who was let in; ``again``: they had been already."""

    registration: Registration
    again: bool


@act_on(OpenDay, "open_day.check_in", may=clerk)
async def check_in(actor: Actor, day: OpenDay, *, code: str) -> CheckedIn:
    """Let in whoever holds a ticket. Doing it twice changes nothing and says so."""
    lifecycles.move("open_day", day.state, "door")
    row = await Registration.get_or_none(code=open_days.read_code(code))
    if row is None:
        raise NotFound(
            N_("There is no ticket with this code. Check it, or look for the name on the list."),
            field="code",
            reason="unknown_ticket",
        )
    if row.open_day_id != day.id:
        raise Conflict(N_("This ticket is for another open day."), field="code", reason="other_day")
    row = await Registration.select_for_update().get(id=row.id)
    slot = await OpenDaySlot.get(id=row.slot_id)
    if row.state == "attended":
        note(_record(row, slot, again=True))
        return CheckedIn(row, again=True)
    if row.state == "waitlisted":
        raise InvalidState(
            N_("This group waits in line and has no places yet."), field="code", reason="waitlisted"
        )
    if row.state == "cancelled":
        raise InvalidState(N_("This ticket was given back."), field="code", reason="cancelled")
    row.state = lifecycles.move("registration", row.state, "check_in")
    row.checked_in_at = clock.now()
    await row.save()
    await OpenDay.filter(id=day.id).update(attended=F("attended") + row.size)
    note(_record(row, slot))
    return CheckedIn(row, again=False)


def _record(row: Registration, slot: OpenDaySlot, *, again: bool = False) -> Record:
    payload = {"slot": slot.position, "registration": row.id, "size": row.size, "state": row.state}
    return Record("open_day", row.open_day_id, payload | ({"again": True} if again else {}), anonymous=True)
