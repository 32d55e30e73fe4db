"""Motions and amendments: moved, seconded by another bloc, amended, recused from."""

from __future__ import annotations

from secrets import token_bytes

from civic import clock
from civic.acts.core import Actor, act_on
from civic.acts.joint_meetings.access import (
    chair,
    find_motion,
    present_seat,
    record,
    seat_of,
    seated,
)
from civic.errors import N_, Conflict, InvalidInput, InvalidState, NotAllowed
from civic.models import JointMeeting, Motion, MotionVote, Recusal, RollCall, Seat
from civic.rules import lifecycles
from civic.rules.commitments import commit, commit_fields
from civic.rules.joint_meetings import RULES, amend, check_seconder
from civic.rules.joint_meetings.motions import check_amendment
from civic.rules.text import multiline, one_line

TEXT = 10_000
MOST_MOTIONS = 500


async def _new(meeting: JointMeeting, seat: Seat, **more: object) -> Motion:
    if meeting.current_item is None:
        raise InvalidState(N_("Motions belong to an item. Wait until the chair calls one."), reason="no_item")
    number = await Motion.filter(meeting_id=meeting.id).count() + 1
    if number > MOST_MOTIONS:
        raise InvalidState(N_("At most %(limit)s motions."), reason="too_many", limit=MOST_MOTIONS)
    given = {"item_id": meeting.current_item, **more}
    return await Motion.create(
        meeting=meeting, number=number, rule=meeting.rule, mover=seat, mover_person_id=seat.person_id,
        salt=token_bytes(16), moved_at=clock.now(), **given,
    )  # fmt: skip


@act_on(JointMeeting, "joint_meeting.move", may=seated)
async def move(actor: Actor, meeting: JointMeeting, *, text: str) -> Motion:
    """Move something on the item under discussion."""
    lifecycles.move("joint_meeting", meeting.state, "deliberate")
    seat = await present_seat(actor, meeting)
    body = multiline(text, field="text", limit=TEXT)
    motion = await _new(meeting, seat, text=body, original=body)
    record(meeting, motion=motion.number, seat=seat.number, rule=motion.rule, text=commit(motion.salt, body))
    return motion


@act_on(JointMeeting, "joint_meeting.amend", may=seated)
async def amend_(
    actor: Actor, meeting: JointMeeting, motion: int, *, strike: str = "", insert: str = "", why: str = ""
) -> Motion:
    """Move an amendment: words that are struck out, words that are put in."""
    lifecycles.move("joint_meeting", meeting.state, "deliberate")
    seat = await present_seat(actor, meeting)
    parent = await find_motion(meeting, motion)
    if parent.parent_id is not None:
        raise InvalidState(N_("An amendment is not amended; move another one."), reason="amendment")
    lifecycles.move("motion", parent.state, "amend")
    out = multiline(strike, field="strike", limit=TEXT, least=0)
    into = multiline(insert, field="insert", limit=TEXT, least=0)
    check_amendment(out, into)
    if len(amend(parent.text, out, into)) > TEXT:
        raise InvalidInput(
            N_("The motion would be longer than %(limit)s characters."),
            field="insert",
            reason="too_long",
            limit=TEXT,
        )
    reasons = multiline(why, field="why", limit=2000, least=0)
    row = await _new(
        meeting,
        seat,
        parent=parent,
        item_id=parent.item_id,
        text=reasons,
        original=reasons,
        strike=out,
        insert=into,
    )
    text = commit_fields(bytes(row.salt), {"strike": out, "insert": into, "why": reasons})
    record(meeting, motion=row.number, amends=motion, seat=seat.number, rule=row.rule, text=text)
    return row


@act_on(JointMeeting, "joint_meeting.second", may=seated)
async def second(actor: Actor, meeting: JointMeeting, motion: int) -> Motion:
    """Second a motion or an amendment, from another bloc."""
    lifecycles.move("joint_meeting", meeting.state, "deliberate")
    seat = await present_seat(actor, meeting)
    row = await find_motion(meeting, motion)
    row.state = lifecycles.move("motion", row.state, "second")
    check_seconder((await Seat.get(id=row.mover_id)).bloc, seat.bloc)
    row.seconder_id, row.seconder_person_id = seat.id, seat.person_id
    await row.save()
    record(meeting, motion=motion, seconder=seat.number)
    return row


@act_on(JointMeeting, "joint_meeting.withdraw_motion", may=seated)
async def withdraw(actor: Actor, meeting: JointMeeting, motion: int) -> Motion:
    """Withdraw one's motion before it is voted on; its amendments go with it."""
    lifecycles.move("joint_meeting", meeting.state, "deliberate")
    seat = await seat_of(actor, meeting)
    row = await find_motion(meeting, motion)
    if row.mover_id != seat.id:
        raise NotAllowed(N_("Only the mover withdraws a motion."), reason="mover")
    row.state = lifecycles.move("motion", row.state, "withdraw")
    children = await Motion.filter(parent_id=row.id, state__in=["moved", "seconded", "voting"])
    if any(child.state == "voting" for child in children):
        raise InvalidState(N_("A vote is open. Close it first."), reason="voting")
    await row.save()
    for child in children:
        child.state = lifecycles.move("motion", child.state, "withdraw")
        await child.save()
    record(meeting, motion=motion, withdrawn=[motion, *(child.number for child in children)])
    return row


@act_on(JointMeeting, "joint_meeting.fix_rule", may=chair)
async def fix_rule(actor: Actor, meeting: JointMeeting, motion: int, *, rule: str) -> Motion:
    """Fix another decision rule for a motion, before its first vote."""
    lifecycles.move("joint_meeting", meeting.state, "deliberate")
    row = await find_motion(meeting, motion)
    lifecycles.move("motion", row.state, "fix_rule")
    if rule not in RULES:
        raise InvalidInput(N_("There is no such decision rule."), field="rule", reason="unknown_rule")
    if await MotionVote.filter(motion_id=row.id).exists():
        raise InvalidState(N_("The rule was fixed before the first vote and stays so."), reason="rule_fixed")
    row.rule = rule
    await row.save()
    record(meeting, motion=motion, rule=rule)
    return row


@act_on(JointMeeting, "joint_meeting.recuse", may=seated)
async def recuse(actor: Actor, meeting: JointMeeting, motion: int, *, interest: str) -> Recusal:
    """Declare an interest and take no part in a motion; a vote already given is taken back."""
    lifecycles.move("joint_meeting", meeting.state, "deliberate")
    seat = await present_seat(actor, meeting)
    row = await find_motion(meeting, motion)
    lifecycles.move("motion", row.state, "recuse")
    if await Recusal.filter(motion_id=row.id, seat_id=seat.id).exists():
        raise Conflict(N_("You are recused from this already."), reason="recused")
    text, salt = one_line(interest, field="interest", limit=500), token_bytes(16)
    recusal = await Recusal.create(motion=row, seat=seat, interest=text, salt=salt, at=clock.now())
    if row.state == "voting":
        await RollCall.filter(vote_id=meeting.open_vote, seat_id=seat.id).delete()
        await RollCall.create(
            vote_id=meeting.open_vote, seat=seat, person_id=seat.person_id, choice="recused"
        )
    record(meeting, motion=motion, seat=seat.number, recused=True, text=commit(salt, text))
    return recusal
