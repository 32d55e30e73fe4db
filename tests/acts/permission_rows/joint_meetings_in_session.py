"""Joint meetings in session and their minutes; who is who stands in ``joint_meetings.py``."""

from datetime import timedelta
from typing import Any

from civic import clock
from civic.acts.core import Actor
from civic.acts.joint_meetings import clauses, minutes, motions, session, votes
from civic.models import JointMeeting, Motion
from tests.acts.permission_rows.joint_meetings import CHAIR, SEATED, SECRETARY, confirmed
from tests.support.permissions import Attempt, Cast, row


async def in_session(cast: Cast) -> JointMeeting:
    meeting = await confirmed(cast)
    for role in SEATED:
        await session.check_in(cast[role], meeting)
    await session.open_(cast[CHAIR], meeting)
    await session.call_item(cast[CHAIR], meeting)
    return meeting


async def moved(cast: Cast, second: bool = True) -> tuple[JointMeeting, Motion]:
    """Moved by the manager, seconded by the resident."""
    meeting = await in_session(cast)
    motion = await motions.move(cast["manager"], meeting, text="试行一年。")
    if second:
        await motions.second(cast["resident"], meeting, motion.number)
    return meeting, motion


async def adjourned(cast: Cast) -> JointMeeting:
    return await session.adjourn(cast[CHAIR], await in_session(cast))


@row("joint_meeting.open", CHAIR)
async def _(cast: Cast) -> Attempt:
    key = (await confirmed(cast)).id
    return lambda actor: session.open_(actor, key)


@row("joint_meeting.check_in", "resident", CHAIR, SECRETARY)
async def _(cast: Cast) -> Attempt:
    key = (await confirmed(cast)).id
    return lambda actor: session.check_in(actor, key, 5)


@row("joint_meeting.check_in", *SEATED)
async def _(cast: Cast) -> Attempt:
    key = (await confirmed(cast)).id

    async def own(actor: Actor) -> Any:
        return await session.check_in(actor, key)

    return own


@row("joint_meeting.check_out", "resident", CHAIR, SECRETARY)
async def _(cast: Cast) -> Attempt:
    key = (await in_session(cast)).id
    return lambda actor: session.check_out(actor, key, 5)


@row("joint_meeting.call_item", CHAIR)
async def _(cast: Cast) -> Attempt:
    key = (await in_session(cast)).id
    return lambda actor: session.call_item(actor, key)


@row("joint_meeting.ask_to_speak", *SEATED)
async def _(cast: Cast) -> Attempt:
    key = (await in_session(cast)).id
    return lambda actor: session.ask_to_speak(actor, key)


async def waiting(cast: Cast) -> int:
    meeting = await in_session(cast)
    await session.ask_to_speak(cast["resident"], meeting)
    return meeting.id


@row("joint_meeting.leave_speakers", "resident", not_now=SEATED[:4])
async def _(cast: Cast) -> Attempt:
    key = await waiting(cast)
    return lambda actor: session.leave_speakers(actor, key)


@row("joint_meeting.give_floor", CHAIR)
async def _(cast: Cast) -> Attempt:
    key = await waiting(cast)
    return lambda actor: session.give_floor(actor, key)


@row("joint_meeting.end_speech", CHAIR, "resident")
async def _(cast: Cast) -> Attempt:
    key = await waiting(cast)
    await session.give_floor(cast[CHAIR], key)
    return lambda actor: session.end_speech(actor, key)


@row("joint_meeting.move", *SEATED)
async def _(cast: Cast) -> Attempt:
    key = (await in_session(cast)).id
    return lambda actor: motions.move(actor, key, text="动议")


@row("joint_meeting.second", "host", "host_clerk", "resident")
async def _(cast: Cast) -> Attempt:
    meeting, motion = await moved(cast, second=False)
    return lambda actor: motions.second(actor, meeting.id, motion.number)


@row("joint_meeting.amend", *SEATED)
async def _(cast: Cast) -> Attempt:
    meeting, motion = await moved(cast)
    return lambda actor: motions.amend_(actor, meeting.id, motion.number, strike="一年", insert="半年")


@row("joint_meeting.withdraw_motion", "manager")
async def _(cast: Cast) -> Attempt:
    meeting, motion = await moved(cast)
    return lambda actor: motions.withdraw(actor, meeting.id, motion.number)


@row("joint_meeting.fix_rule", CHAIR)
async def _(cast: Cast) -> Attempt:
    meeting, motion = await moved(cast)
    return lambda actor: motions.fix_rule(actor, meeting.id, motion.number, rule="two_thirds")


@row("joint_meeting.name_clause", CHAIR, "manager")
async def _(cast: Cast) -> Attempt:
    meeting, motion = await moved(cast)
    given = {
        "party": cast.party("manager").id,
        "text": "安排安保",
        "due_on": clock.today() + timedelta(days=30),
    }
    return lambda actor: clauses.name_clause(actor, meeting.id, motion.number, **given)


@row("joint_meeting.recuse", *SEATED)
async def _(cast: Cast) -> Attempt:
    meeting, motion = await moved(cast)
    return lambda actor: motions.recuse(actor, meeting.id, motion.number, interest="股东")


@row("joint_meeting.open_vote", CHAIR)
async def _(cast: Cast) -> Attempt:
    meeting, motion = await moved(cast)
    return lambda actor: votes.open_vote(actor, meeting.id, motion.number)


@row("joint_meeting.vote", *SEATED)
async def _(cast: Cast) -> Attempt:
    meeting, motion = await moved(cast)
    await votes.open_vote(cast[CHAIR], meeting, motion.number)
    return lambda actor: votes.vote(actor, meeting.id, motion.number, choice="yes")


@row("joint_meeting.close_vote", CHAIR)
async def _(cast: Cast) -> Attempt:
    meeting, motion = await moved(cast)
    await votes.open_vote(cast[CHAIR], meeting, motion.number)
    return lambda actor: votes.close_vote(actor, meeting.id)


@row("joint_meeting.dissent", "resident")
async def _(cast: Cast) -> Attempt:
    meeting, motion = await moved(cast)
    await votes.open_vote(cast[CHAIR], meeting, motion.number)
    await votes.vote(cast["resident"], meeting.id, motion.number, choice="no")
    await votes.close_vote(cast[CHAIR], meeting)
    return lambda actor: votes.dissent(actor, meeting.id, motion.number, reasons="太久")


@row("joint_meeting.adjourn", CHAIR)
async def _(cast: Cast) -> Attempt:
    key = (await in_session(cast)).id
    return lambda actor: session.adjourn(actor, key)


@row("joint_meeting.draft_minutes", CHAIR, SECRETARY)
async def _(cast: Cast) -> Attempt:
    key = (await adjourned(cast)).id
    return lambda actor: minutes.draft(actor, key)


async def drafted(cast: Cast) -> JointMeeting:
    meeting = await adjourned(cast)
    await minutes.draft(cast[SECRETARY], meeting)
    return meeting


@row("joint_meeting.revise_minutes", CHAIR, SECRETARY)
async def _(cast: Cast) -> Attempt:
    meeting = await drafted(cast)
    parts = (await minutes.newest(meeting)).sections[::-1]
    sections = [minutes.Section(**part) for part in parts]
    return lambda actor: minutes.revise(actor, meeting.id, sections=sections, reason="顺序")


@row("joint_meeting.submit_minutes", CHAIR, SECRETARY)
async def _(cast: Cast) -> Attempt:
    key = (await drafted(cast)).id
    return lambda actor: minutes.submit(actor, key)


@row("joint_meeting.sign_minutes", *SEATED)
async def _(cast: Cast) -> Attempt:
    meeting = await drafted(cast)
    await minutes.submit(cast[SECRETARY], meeting)
    return lambda actor: minutes.sign(actor, meeting.id, 1)


@row("joint_meeting.publish_minutes", CHAIR, SECRETARY, "system")
async def _(cast: Cast) -> Attempt:
    meeting = await drafted(cast)
    await minutes.submit(cast[SECRETARY], meeting)
    for role in SEATED:
        await minutes.sign(cast[role], meeting, 1)
    return lambda actor: minutes.publish(actor, meeting.id)
