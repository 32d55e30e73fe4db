"""In session: the meeting opens, delegates come and go, items are called, speakers have the floor, it is adjourned."""

from __future__ import annotations

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from civic import clock
from civic.acts.core import Actor, act_on
from civic.acts.joint_meetings.access import (
    chair,
    find_seat,
    officer,
    present_seat,
    quorum,
    record,
    seat_of,
    seated,
)
from civic.acts.joint_meetings.agenda import find_item
from civic.acts.permissions import any_of, the_person
from civic.errors import N_, Conflict, InvalidState, NotAllowed
from civic.models import AgendaItem, Attendance, JointMeeting, Motion, Seat, Speaker
from civic.rules import lifecycles
from civic.rules.joint_meetings.quorum import as_record


def no_vote_open(meeting: JointMeeting) -> None:
    """Raises InvalidState ``voting`` while a vote is open."""
    if meeting.open_vote is not None:
        raise InvalidState(N_("A vote is open. Close it first."), reason="voting")


@act_on(JointMeeting, "joint_meeting.open", may=chair)
async def open_(actor: Actor, meeting: JointMeeting) -> JointMeeting:
    """Open the session."""
    meeting.state = lifecycles.move("joint_meeting", meeting.state, "open")
    meeting.opened_at = clock.now()
    meeting.quorum_at_opening = as_record(await quorum(meeting))
    await meeting.save()
    record(meeting, state=meeting.state, quorum=meeting.quorum_at_opening)
    return meeting


@act_on(JointMeeting, "joint_meeting.check_in", may=any_of(officer, seated))
async def check_in(actor: Actor, meeting: JointMeeting, seat: int | None = None) -> Seat:
    """Note that a delegate is there: the chair or the secretary, or the delegate themself."""
    lifecycles.move("joint_meeting", meeting.state, "attend")
    found = await _whose(actor, meeting, seat)
    if found.state != "confirmed" or found.person_id is None:
        raise InvalidState(N_("The seat is not confirmed by its delegate yet."), reason="not_confirmed")
    if found.present:
        raise Conflict(N_("This delegate is checked in already."), reason="present")
    found.present = True
    await found.save()
    await Attendance.create(seat=found, person_id=found.person_id, came_at=clock.now())
    record(meeting, seat=found.number, present=True)
    return found


@act_on(JointMeeting, "joint_meeting.check_out", may=any_of(officer, seated))
async def check_out(actor: Actor, meeting: JointMeeting, seat: int | None = None) -> Seat:
    """Note that a delegate has left."""
    lifecycles.move("joint_meeting", meeting.state, "attend")
    found = await _whose(actor, meeting, seat)
    if not found.present:
        raise InvalidState(N_("This delegate is not checked in."), reason="absent")
    found.present = False
    await found.save()
    await Attendance.filter(seat_id=found.id, left_at__isnull=True).update(left_at=clock.now())
    await Speaker.filter(live=found.id).update(state="withdrawn", live=None, ended_at=clock.now())
    record(meeting, seat=found.number, present=False)
    return found


async def _whose(actor: Actor, meeting: JointMeeting, number: int | None) -> Seat:
    """The seat named, for officers; else the actor's own."""
    if number is None:
        return await seat_of(actor, meeting)
    seat = await find_seat(meeting, number)
    if seat.person_id != the_person(actor).id:
        await officer(actor, meeting)
    return seat


@act_on(JointMeeting, "joint_meeting.call_item", may=chair)
async def call_item(actor: Actor, meeting: JointMeeting, item: int | None = None) -> AgendaItem:
    """Call the next item, or the one named; the one before is done."""
    lifecycles.move("joint_meeting", meeting.state, "deliberate")
    no_vote_open(meeting)
    if item is not None:
        following: AgendaItem | None = await find_item(meeting, item)
    else:
        rows = AgendaItem.filter(meeting_id=meeting.id, state="accepted", done_at=None)
        following = await rows.exclude(id=meeting.current_item or 0).order_by("position").first()
    if following is None or following.state != "accepted" or following.id == meeting.current_item:
        raise InvalidState(N_("There is no such item to call."), reason="no_item")
    await finish_item(meeting)
    following.done_at = None
    await following.save()
    meeting.current_item = following.id
    await meeting.save()
    record(meeting, item=following.position)
    return following


async def finish_item(meeting: JointMeeting) -> None:
    """The item under discussion is done, and with it the speakers' list."""
    now = clock.now()
    await Speaker.filter(meeting_id=meeting.id, state="speaking").update(
        state="done", live=None, ended_at=now
    )
    await Speaker.filter(meeting_id=meeting.id, state="waiting").update(
        state="withdrawn", live=None, ended_at=now
    )
    if meeting.current_item is not None:
        await AgendaItem.filter(id=meeting.current_item).update(done_at=now)


@act_on(JointMeeting, "joint_meeting.ask_to_speak", may=seated)
async def ask_to_speak(actor: Actor, meeting: JointMeeting) -> Speaker:
    """Put oneself on the speakers' list."""
    lifecycles.move("joint_meeting", meeting.state, "deliberate")
    seat = await present_seat(actor, meeting)
    try:
        async with in_transaction("default"):
            row = await Speaker.create(
                meeting=meeting, item_id=meeting.current_item, seat=seat, person_id=seat.person_id,
                live=seat.id, asked_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(N_("You are on the speakers' list already."), reason="on_list") from None
    record(meeting, seat=seat.number, speaker="waiting")
    return row


@act_on(JointMeeting, "joint_meeting.leave_speakers", may=seated)
async def leave_speakers(actor: Actor, meeting: JointMeeting) -> JointMeeting:
    """Take oneself off the speakers' list."""
    seat = await seat_of(actor, meeting)
    if not await Speaker.filter(live=seat.id, state="waiting").update(
        state="withdrawn", live=None, ended_at=clock.now()
    ):
        raise InvalidState(N_("You are not waiting to speak."), reason="not_on_list")
    record(meeting, seat=seat.number, speaker="withdrawn")
    return meeting


@act_on(JointMeeting, "joint_meeting.give_floor", may=chair)
async def give_floor(actor: Actor, meeting: JointMeeting, seat: int | None = None) -> Speaker:
    """Give the floor to the next on the list, or to the seat named; who speaks is done."""
    lifecycles.move("joint_meeting", meeting.state, "deliberate")
    rows = Speaker.filter(meeting_id=meeting.id, state="waiting").select_related("seat").order_by("id")
    row = await (rows.filter(seat__number=seat) if seat is not None else rows).first()
    if row is None:
        raise InvalidState(N_("Nobody waits to speak."), reason="nobody_waits")
    now = clock.now()
    await Speaker.filter(meeting_id=meeting.id, state="speaking").update(
        state="done", live=None, ended_at=now
    )
    row.state, row.began_at, row.item_id = "speaking", now, meeting.current_item
    await row.save()
    record(meeting, seat=row.seat.number, speaker="speaking")
    return row


@act_on(JointMeeting, "joint_meeting.end_speech", may=any_of(chair, seated))
async def end_speech(actor: Actor, meeting: JointMeeting) -> Speaker:
    """End a speech: the speaker, or the chair."""
    row = (
        await Speaker.filter(meeting_id=meeting.id, state="speaking")
        .order_by("-id")
        .select_related("seat")
        .first()
    )
    if row is None:
        raise InvalidState(N_("Nobody has the floor."), reason="nobody_speaks")
    if row.person_id != the_person(actor).id and meeting.chair_id != the_person(actor).id:
        raise NotAllowed(N_("Only the speaker or the chair ends a speech."), reason="speaker")
    row.state, row.live, row.ended_at = "done", None, clock.now()
    await row.save()
    record(meeting, seat=row.seat.number, speaker="done")
    return row


@act_on(JointMeeting, "joint_meeting.adjourn", may=chair)
async def adjourn(actor: Actor, meeting: JointMeeting) -> JointMeeting:
    """End the session; what was not voted on lapses."""
    state = lifecycles.move("joint_meeting", meeting.state, "adjourn")
    no_vote_open(meeting)
    now = clock.now()
    await finish_item(meeting)
    pending = await Motion.filter(meeting_id=meeting.id, state__in=["moved", "seconded"]).order_by("number")
    for motion in pending:
        motion.state = lifecycles.move("motion", motion.state, "lapse")
        await motion.save()
    seats = [int(row) for row in await Seat.filter(meeting_id=meeting.id).values_list("id", flat=True)]  # type: ignore[call-overload]
    await Attendance.filter(seat_id__in=seats, left_at__isnull=True).update(left_at=now)
    await Seat.filter(meeting_id=meeting.id).update(present=False)
    meeting.state, meeting.current_item, meeting.adjourned_at = state, None, now
    await meeting.save()
    record(meeting, state=meeting.state, lapsed=[motion.number for motion in pending])
    return meeting
