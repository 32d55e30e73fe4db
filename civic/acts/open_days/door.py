"""At the door: by scan, by code, or afterwards from the printed list."""

from __future__ import annotations

from dataclasses import dataclass

from tortoise.expressions import F

from civic import clock
from civic.acts.core import Actor, Record, act_on, note
from civic.acts.open_days.hosts import clerk, hold_alone
from civic.errors import N_, Conflict, InvalidState, NotFound
from civic.models import OpenDay, OpenDaySlot, Registration
from civic.rules import lifecycles, open_days
from civic.rules.text import one_line
from civic.settings import settings

ATTEMPT = 40


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """Who was let in; ``again``: the same scan was sent before, and changed nothing now."""

    registration: Registration
    again: bool


@act_on(OpenDay, "open_day.check_in", may=clerk, first=hold_alone)
async def check_in(actor: Actor, day: OpenDay, *, code: str, attempt: str = "") -> CheckedIn:
    """Let in whoever holds a ticket.

    The same scan (``attempt``) sent again, because an answer was lost, changes nothing and is welcome. Another scan of
    a ticket that let somebody in is refused, and says when that was.
    """
    lifecycles.move("open_day", day.state, "door")
    attempt = one_line(attempt, field="attempt", limit=ATTEMPT, least=0)
    row = await Registration.get_or_none(code=open_days.read_code(code))
    if row is None:
        raise NotFound(
            N_("There is no ticket with this code. Check it, or look for the name on the list."),
            field="code",
            reason="unknown_ticket",
        )
    if row.open_day_id != day.id:
        raise Conflict(
            N_("This ticket is for another open day. Look on it for where and when it holds."),
            field="code",
            reason="other_day",
        )
    row = await Registration.select_for_update().get(id=row.id)
    slot = await OpenDaySlot.get(id=row.slot_id)
    if row.state == "attended":
        if not attempt or attempt != row.attempt:
            raise _used(row)
        note(_record(row, slot, again=True))
        return CheckedIn(row, again=True)
    if row.state == "waitlisted":
        raise InvalidState(
            N_("This group waits in line and has no places yet. If there is room, register them here."),
            field="code",
            reason="waitlisted",
        )
    if row.state == "cancelled":
        raise InvalidState(
            N_("This ticket was given back. If there is room, register them here."),
            field="code",
            reason="cancelled",
        )
    row.state = lifecycles.move("registration", row.state, "check_in")
    row.checked_in_at, row.attempt = clock.now(), attempt
    await row.save()
    await OpenDay.filter(id=day.id).update(attended=F("attended") + row.size)
    note(_record(row, slot))
    return CheckedIn(row, again=False)


def _used(row: Registration) -> Conflict:
    """The refusal of a ticket that let somebody in before."""
    assert row.checked_in_at is not None
    return Conflict(
        N_(
            "Was checked in already, at %(at)s: %(name)s, %(people)s people. Let them in if they come back; "
            "if somebody else shows this ticket, ask for the name and look at the list."
        ),
        field="code",
        reason="used",
        at=row.checked_in_at.astimezone(settings().zone).strftime("%H:%M"),
        name=row.name,
        people=row.size,
    )


def _record(row: Registration, slot: OpenDaySlot, *, again: bool = False) -> Record:
    payload = {"slot": slot.position, "registration": row.id, "size": row.size, "state": row.state}
    return Record("open_day", row.open_day_id, payload | ({"again": True} if again else {}), anonymous=True)
