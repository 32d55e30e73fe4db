"""Residents' seats by lot: an open call, a closed list, a draw that anybody can repeat."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from civic import clock
from civic.acts.core import SYSTEM, Actor, act_on
from civic.acts.joint_meetings.access import convener, record, take_seat
from civic.acts.permissions import require_resident, signed_in, system, the_person, within
from civic.acts.proposals import area_of
from civic.errors import N_, Conflict, InvalidInput, InvalidState, NotFound
from civic.models import JointMeeting, LedgerCheckpoint, LedgerEntry, Person, Seat, Sortition, Volunteer
from civic.rules import lifecycles
from civic.rules.joint_meetings import draw_order, list_hash


async def call_of(meeting: JointMeeting) -> Sortition:
    """The call for volunteers. Raises NotFound."""
    call = await Sortition.get_or_none(meeting_id=meeting.id)
    if call is None:
        raise NotFound(N_("This meeting draws no lots."), reason="no_call")
    return call


async def resident_called(actor: Actor, meeting: JointMeeting) -> None:
    """a verified resident of the area that is called"""
    await require_resident(actor, (await call_of(meeting)).area_id)


@act_on(JointMeeting, "joint_meeting.call_volunteers", may=convener)
async def call_volunteers(
    actor: Actor, meeting: JointMeeting, *, closes_at: datetime, area: str = ""
) -> Sortition:
    """Call for residents who want to be drawn for a seat."""
    lifecycles.move("joint_meeting", meeting.state, "call")
    if not await Seat.filter(meeting_id=meeting.id, filled_by="sortition").exists():
        raise InvalidState(N_("No seat of this meeting is drawn by lot."), reason="no_drawn_seats")
    if not clock.now() < closes_at < meeting.starts_at:
        raise InvalidInput(
            N_("The list closes in the future, and before the meeting."), field="closes_at", reason="times"
        )
    place = (await area_of(area)).id if area else meeting.area_id
    if not await within(place, meeting.area_id):
        raise InvalidInput(
            N_("Residents of the meeting's area, or of a part of it, are called."),
            field="area",
            reason="other_area",
        )
    if await Sortition.filter(meeting_id=meeting.id).exists():
        raise Conflict(N_("Volunteers have been called already."), reason="called")
    call = await Sortition.create(meeting_id=meeting.id, area_id=place, closes_at=closes_at)
    record(meeting, call="open", closes=closes_at.isoformat())
    return call


def _open(call: Sortition) -> None:
    if call.state != "open" or clock.now() >= call.closes_at:
        raise InvalidState(N_("The list of volunteers is closed."), reason="list_closed")


@act_on(JointMeeting, "joint_meeting.volunteer", may=resident_called)
async def volunteer(actor: Actor, meeting: JointMeeting) -> Volunteer:
    """Put one's name into the draw."""
    lifecycles.move("joint_meeting", meeting.state, "call")
    _open(await call_of(meeting))
    person = the_person(actor)
    if await Seat.filter(meeting_id=meeting.id, person_id=person.id).exists():
        raise Conflict(N_("You have a seat in this meeting already."), reason="seated")
    try:
        async with in_transaction("default"):
            row = await Volunteer.create(meeting=meeting, person=person)
    except IntegrityError:
        raise Conflict(N_("Your name is in the draw already."), reason="volunteered") from None
    record(meeting, volunteer=person.pseudonym)
    return row


@act_on(JointMeeting, "joint_meeting.withdraw_volunteer", may=signed_in)
async def withdraw(actor: Actor, meeting: JointMeeting) -> JointMeeting:
    """Take one's name out of the draw before the list closes."""
    lifecycles.move("joint_meeting", meeting.state, "call")
    _open(await call_of(meeting))
    person = the_person(actor)
    if not await Volunteer.filter(meeting_id=meeting.id, person_id=person.id).delete():
        raise InvalidState(N_("Your name is not in the draw."), reason="not_volunteered")
    record(meeting, volunteer=person.pseudonym, withdrawn=True)
    return meeting


async def _ids(meeting: JointMeeting) -> dict[str, UUID]:
    rows = await Volunteer.filter(meeting_id=meeting.id).values_list("person__pseudonym", "person_id")
    return {str(pseudonym): key for pseudonym, key in rows}


@act_on(JointMeeting, "joint_meeting.close_list", may=system)
async def close_list(actor: Actor, meeting: JointMeeting) -> Sortition:
    """Close the list of volunteers by the clock; its fingerprint is on the record before any seed exists."""
    call = await call_of(meeting)
    if call.state != "open" or meeting.state != "convened":
        raise InvalidState(N_("The list of volunteers is closed."), reason="list_closed")
    ids = await _ids(meeting)
    call.state, call.list_hash = "closed", list_hash(ids)
    await call.save()
    record(meeting, list=call.list_hash, count=len(ids))
    return call


async def seed_of(meeting_id: int) -> LedgerCheckpoint | None:
    """The first checkpoint that covers the entry which closed the list; None while there is none."""
    closing = await LedgerEntry.filter(
        act="joint_meeting.close_list", kind="joint_meeting", subject_id=str(meeting_id), seq__isnull=False
    ).first()
    if closing is None:
        return None
    return await LedgerCheckpoint.filter(size__gt=closing.seq).order_by("size").first()


@act_on(JointMeeting, "joint_meeting.draw", may=system)
async def draw(actor: Actor, meeting: JointMeeting) -> Sortition:
    """Draw the lots by the clock, with the first checkpoint after the list was closed as the seed."""
    call = await call_of(meeting)
    checkpoint = await seed_of(meeting.id)
    if call.state != "closed" or checkpoint is None or meeting.state != "convened":
        raise InvalidState(
            N_("Lots are drawn once, after the list is closed and sealed."), reason="not_closed"
        )
    ids = await _ids(meeting)
    order = draw_order(bytes.fromhex(checkpoint.root), list(ids))
    for rank, pseudonym in enumerate(order, 1):
        await Volunteer.filter(meeting_id=meeting.id, person_id=ids[pseudonym]).update(rank=rank)
    call.state, call.size, call.seed = "drawn", checkpoint.size, checkpoint.root
    await call.save()
    seats = await Seat.filter(meeting_id=meeting.id, filled_by="sortition", state="vacant").order_by("number")
    record(meeting, size=call.size, seed=call.seed, count=len(ids), drawn=order[: len(seats)])
    for seat in seats:
        await _invite_next(meeting, seat)
    return call


async def next_in_line(meeting: JointMeeting, seat: Seat, gone: Person) -> None:
    """The drawn one declines: invite the next of the reserve."""
    await Volunteer.filter(meeting_id=meeting.id, person_id=gone.id).update(declined=True)
    await _invite_next(meeting, seat)


async def _invite_next(meeting: JointMeeting, seat: Seat) -> None:
    seated = await Seat.filter(meeting_id=meeting.id, person_id__isnull=False).values_list(
        "person_id", flat=True
    )
    line = Volunteer.filter(meeting_id=meeting.id, rank__isnull=False, declined=False).order_by("rank")
    for row in await line.exclude(person_id__in=list(seated)).limit(1).select_related("person"):
        seat.state = lifecycles.move("seat", seat.state, "invite")
        await take_seat(meeting, seat, row.person, "person")
        await invite_drawn(SYSTEM, meeting, seat.number, row.person.pseudonym, row.rank or 0)


@act_on(JointMeeting, "joint_meeting.invite_drawn", may=system)
async def invite_drawn(actor: Actor, meeting: JointMeeting, seat: int, person: str, rank: int) -> None:
    """Invite the next in the order of the draw to a seat."""
    record(meeting, seat=seat, person=person, rank=rank)
