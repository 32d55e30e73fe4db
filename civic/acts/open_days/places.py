"""Places: registering, the line, and moving up. Each works on a locked slot, so nobody is counted twice.

What the ledger says of a registration names neither the person nor the hour: who goes where is nobody's business.
The order of locks is slot, registration, open day; what takes the open day first has it alone (`hosts.hold_alone`).
"""

from __future__ import annotations

from secrets import token_bytes

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from civic import clock
from civic.acts import notifications
from civic.acts.core import Actor, Record, act_on, note
from civic.acts.open_days.hosts import clerk, hold_shared, the_day
from civic.acts.permissions import require_role, signed_in, the_person
from civic.errors import N_, Conflict, InvalidState, NotAllowed, NotFound
from civic.models import OpenDay, OpenDaySlot, Person, Registration
from civic.rules import lifecycles, open_days
from civic.rules.open_days import Group
from civic.rules.text import one_line


@act_on(OpenDaySlot, "open_day.register", may=signed_in, first=hold_shared)
async def register(actor: Actor, slot: OpenDaySlot, *, companions: int = 0) -> Registration:
    """Take places for oneself and companions, or for a party's delegation; who does not fit waits in line."""
    person = the_person(actor)
    day = await _open_for(slot)
    if actor.party is not None:
        await require_role(actor, actor.party, "manager", "delegate")
    size = open_days.party_size(companions, delegation=actor.party is not None)
    name = person.name or person.pseudonym
    return await _take(slot, day, size, name=name, person=person, actor=actor)


@act_on(OpenDaySlot, "open_day.register_for", may=clerk, first=hold_shared)
async def register_for(
    actor: Actor, slot: OpenDaySlot, *, name: str, companions: int = 0, person: Person | None = None
) -> Registration:
    """Take places at the counter for somebody without a phone; also while the day goes on."""
    day = await the_day(slot)
    lifecycles.move("open_day", day.state, "register")
    if clock.now() >= slot.ends_at:
        raise InvalidState(N_("This slot is over."), reason="past")
    size = open_days.party_size(companions)
    name = one_line(name, field="name", limit=80)
    return await _take(slot, day, size, name=name, person=person, actor=actor, clerk=actor.person)


async def _open_for(slot: OpenDaySlot) -> OpenDay:
    day = await the_day(slot)
    lifecycles.move("open_day", day.state, "register")
    open_days.check_open(clock.now(), day.opens_at, day.closes_at)
    if clock.now() >= slot.ends_at:
        raise InvalidState(N_("This slot is over."), reason="past")
    return day


async def _take(
    slot: OpenDaySlot, day: OpenDay, size: int, *, name: str, person: Person | None, actor: Actor,
    clerk: Person | None = None,
) -> Registration:  # fmt: skip
    state = open_days.places_for(size, slot.capacity, slot.taken)
    try:
        async with in_transaction("default"):
            registration = await Registration.create(
                open_day_id=day.id, slot=slot, person=person, party=None if clerk else actor.party, clerk=clerk,
                name=name, size=size, state=state, code=open_days.code_of(token_bytes(open_days.CODE_LENGTH)),
                current=f"{day.id}:{person.id}" if person else None, at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(
            N_("You are registered for this open day already. Give your places back first to change it."),
            reason="registered",
        ) from None
    if state == "confirmed":
        slot.taken += size
    else:
        slot.waiting += size
    _note(registration, slot)
    await slot.save()
    await _count(day, **({"registered": size} if state == "confirmed" else {"waiting": size}))
    return registration


@act_on(OpenDaySlot, "open_day.leave", may=signed_in, first=hold_shared)
async def leave(actor: Actor, slot: OpenDaySlot, *, registration: int) -> Registration:
    """Give places back: for whoever registered, or a clerk of the host; the line moves up."""
    row = await Registration.select_for_update().get_or_none(id=registration, slot_id=slot.id)
    if row is None:
        raise NotFound(N_("There is no such registration."), reason="gone")
    await _own_or_clerk(actor, row, slot)
    day = await the_day(slot)
    lifecycles.move("open_day", day.state, "leave")
    was, row.state, row.current = row.state, lifecycles.move("registration", row.state, "cancel"), None
    await row.save()
    _note(row, slot)
    if was == "confirmed":
        slot.taken -= row.size
        await _count(day, registered=-row.size)
    else:
        slot.waiting -= row.size
        await _count(day, waiting=-row.size)
    await slot.save()
    await move_up(slot)
    return row


async def _own_or_clerk(actor: Actor, row: Registration, slot: OpenDaySlot) -> None:
    if row.person_id is not None and row.person_id == the_person(actor).id:
        return
    if actor.party is None:
        raise NotAllowed(N_("This belongs to somebody else."), reason="owner")
    await clerk(actor, slot)


async def move_up(slot: OpenDaySlot) -> list[Registration]:
    """Give free places of a locked slot to the first groups in line that fit. A step of acts."""
    if slot.taken >= slot.capacity or not slot.waiting:
        return []
    line = await Registration.filter(slot_id=slot.id, state="waitlisted").order_by("id").values("id", "size")
    lucky = open_days.promotions(slot.capacity - slot.taken, [Group(r["id"], r["size"]) for r in line])
    moved = await Registration.filter(id__in=lucky).order_by("id") if lucky else []
    day = await the_day(slot)
    for row in moved:
        row.state = lifecycles.move("registration", row.state, "promote")
        row.promoted_at = clock.now()
        await row.save()
        _note(row, slot)
        await notifications.tell(
            [row.person_id], "open_day.promoted", subject="open_day", subject_id=day.id, title=day.title
        )
    places = sum(row.size for row in moved)
    slot.taken += places
    slot.waiting -= places
    await slot.save()
    if places:
        await _count(day, registered=places, waiting=-places)
    return moved


async def _count(day: OpenDay, **changes: int) -> None:
    """Add to the edition's numbers, if it still stands: a cancellation may have been first."""
    sums = {name: F(name) + change for name, change in changes.items()}
    if not await OpenDay.filter(id=day.id, state__in=("announced", "held")).update(**sums):
        raise InvalidState(N_("The open day was cancelled."), reason="wrong_state")


def _note(row: Registration, slot: OpenDaySlot) -> None:
    """A registration on the record: without who and without when, but with its turn, so that the line can be replayed.

    The slot is locked, and saved afterwards.
    """
    slot.turns += 1
    payload = {"slot": slot.position, "registration": row.id, "size": row.size, "state": row.state}
    note(Record("open_day", slot.open_day_id, payload | {"turn": slot.turns}, anonymous=True))
