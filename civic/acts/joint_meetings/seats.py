"""Seats are filled: a delegate is named, confirms or declines, sends a substitute."""

from __future__ import annotations

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from civic.acts.core import Actor, act_on
from civic.acts.joint_meetings import sortition
from civic.acts.joint_meetings.access import (
    convener,
    find_person,
    find_seat,
    member,
    record,
    seat_of,
    seated,
    take_seat,
)
from civic.acts.permissions import require_role, signed_in, the_person, verified_resident
from civic.errors import N_, Conflict, InvalidInput, InvalidState, NotAllowed
from civic.models import Ballot, JointMeeting, Party, Person, Seat
from civic.rules import lifecycles

DELEGATING = ("manager",)


async def _of_party(seat: Seat, person: Person, field: str) -> None:
    """Raises InvalidInput unless the person acts for the seat's party."""
    if not await member(seat.party_id, person):
        raise InvalidInput(
            N_("A delegate is somebody who acts for the party of the seat."), field=field, reason="not_member"
        )


async def _resident(meeting: JointMeeting, person: Person) -> None:
    if not await verified_resident(person, meeting.area_id):
        raise InvalidInput(
            N_("A resident's seat is for verified residents of the meeting's area."),
            field="person",
            reason="not_resident",
        )


@act_on(JointMeeting, "joint_meeting.name_delegate", may=signed_in)
async def name_delegate(actor: Actor, meeting: JointMeeting, seat: int, *, person: str) -> Seat:
    """Name the delegate of a seat: a manager of its party, or the convener for a seat filled by nomination."""
    lifecycles.move("joint_meeting", meeting.state, "seat")
    found = await find_seat(meeting, seat)
    if found.filled_by == "party":
        await require_role(actor, await Party.get(id=found.party_id), *DELEGATING)
    elif found.filled_by == "nomination":
        await convener(actor, meeting)
    else:
        raise NotAllowed(
            N_("This seat is filled by the draw or by a ballot, not by naming somebody."), reason="not_named"
        )
    found.state = lifecycles.move("seat", found.state, "invite")
    delegate = await find_person(person, "person")
    if found.filled_by == "party":
        await _of_party(found, delegate, "person")
    else:
        await _resident(meeting, delegate)
    await take_seat(meeting, found, delegate, "person")
    record(meeting, seat=seat, person=delegate.pseudonym, state=found.state)
    return found


@act_on(JointMeeting, "joint_meeting.seat_elected", may=convener)
async def seat_elected(
    actor: Actor, meeting: JointMeeting, seat: int, *, ballot: int, option: str, person: str
) -> Seat:
    """Seat somebody whom a ballot has elected: one seat for each winning option."""
    lifecycles.move("joint_meeting", meeting.state, "seat")
    found = await find_seat(meeting, seat)
    if found.filled_by != "ballot":
        raise InvalidState(N_("This seat is not filled by a ballot."), reason="not_by_ballot")
    found.state = lifecycles.move("seat", found.state, "invite")
    counted = await Ballot.get_or_none(id=ballot, state="certified")
    result: dict[str, object] = (counted.result or {}) if counted else {}
    if option not in result.get("winners", ()):  # type: ignore[operator]
        raise InvalidInput(
            N_("Only an option that won a certified ballot fills a seat."),
            field="option",
            reason="not_elected",
        )
    delegate = await find_person(person, "person")
    await _resident(meeting, delegate)
    found.ballot_id, found.option_key = ballot, option
    try:
        async with in_transaction("default"):
            await take_seat(meeting, found, delegate, "person")
    except IntegrityError:
        raise Conflict(N_("This option fills a seat already."), field="option", reason="seated") from None
    record(meeting, seat=seat, person=delegate.pseudonym, state=found.state, ballot=ballot, option=option)
    return found


@act_on(JointMeeting, "joint_meeting.confirm_seat", may=seated)
async def confirm(actor: Actor, meeting: JointMeeting) -> Seat:
    """Confirm that one takes one's seat."""
    lifecycles.move("joint_meeting", meeting.state, "seat")
    seat = await seat_of(actor, meeting)
    seat.state = lifecycles.move("seat", seat.state, "confirm")
    await seat.save()
    record(meeting, seat=seat.number, state=seat.state)
    return seat


@act_on(JointMeeting, "joint_meeting.decline_seat", may=seated)
async def decline(actor: Actor, meeting: JointMeeting) -> Seat:
    """Give one's seat back; a drawn seat goes to the next of the reserve."""
    lifecycles.move("joint_meeting", meeting.state, "seat")
    seat = await seat_of(actor, meeting)
    _absent(seat)
    seat.state = lifecycles.move("seat", seat.state, "decline")
    gone, seat.person_id, seat.replaced_id = the_person(actor), None, None
    await seat.save()
    record(meeting, seat=seat.number, state=seat.state)
    if seat.filled_by == "sortition":
        await sortition.next_in_line(meeting, seat, gone)
    return seat


@act_on(JointMeeting, "joint_meeting.send_substitute", may=signed_in)
async def substitute(actor: Actor, meeting: JointMeeting, seat: int, *, person: str) -> Seat:
    """Send somebody else of the party instead: the delegate, or a manager of the party, while the seat is absent."""
    lifecycles.move("joint_meeting", meeting.state, "seat")
    found = await find_seat(meeting, seat)
    if found.party_id is None:
        raise NotAllowed(
            N_("Only parties send substitutes. Give the seat back, and the next in line is invited."),
            reason="no_substitute",
        )
    if found.person_id is None or found.person_id != the_person(actor).id:
        await require_role(actor, await Party.get(id=found.party_id), *DELEGATING)
    _absent(found)
    found.state = lifecycles.move("seat", found.state, "substitute")
    instead = await find_person(person, "person")
    await _of_party(found, instead, "person")
    if found.person_id == instead.id:
        raise Conflict(N_("This person is the delegate already."), field="person", reason="seated")
    found.replaced_id = found.replaced_id or found.person_id
    await take_seat(meeting, found, instead, "person")
    record(meeting, seat=seat, person=instead.pseudonym, state=found.state, substitute=True)
    return found


def _absent(seat: Seat) -> None:
    if seat.present:
        raise InvalidState(N_("The delegate is checked in. Check out first."), reason="present")
