"""Votes by roll-call: opened with a quorum, one voice a seat, closed with the quorum checked again."""

from __future__ import annotations

from secrets import token_bytes

from civic import clock, db
from civic.acts.core import Actor, act, act_on
from civic.acts.joint_meetings.access import (
    blocs_of,
    chair,
    find_motion,
    present_seat,
    quorum,
    record,
    seat_of,
    seated,
)
from civic.acts.joint_meetings.clauses import ask_departments, oblige
from civic.acts.joint_meetings.session import no_vote_open
from civic.acts.permissions import signed_in
from civic.errors import N_, InvalidInput, InvalidState, NotAllowed, NotFound
from civic.models import JointMeeting, Motion, MotionVote, Recusal, Resolution, RollCall
from civic.rules import lifecycles
from civic.rules.commitments import commit
from civic.rules.joint_meetings import CHOICES, amend, decide, quorate
from civic.rules.joint_meetings.decisions import Voice, bound, roll_key
from civic.rules.joint_meetings.motions import check_amendments_first
from civic.rules.joint_meetings.quorum import as_record
from civic.rules.text import multiline

REASONS = 4000


@act_on(JointMeeting, "joint_meeting.open_vote", may=chair)
async def open_vote(actor: Actor, meeting: JointMeeting, motion: int) -> MotionVote:
    """Open the vote on a motion: only with a quorum, its amendments first."""
    lifecycles.move("joint_meeting", meeting.state, "deliberate")
    no_vote_open(meeting)
    row = await find_motion(meeting, motion)
    row.state = lifecycles.move("motion", row.state, "open_vote")
    children = await Motion.filter(parent_id=row.id).order_by("number")
    check_amendments_first(child.state for child in children)
    text = await _text(row)
    blocs = await quorum(meeting)
    if not quorate(blocs):
        raise InvalidState(
            N_("There is no quorum: too few seats of a bloc are present. See which in the attendance."),
            reason="no_quorum",
        )
    lapsed = [child for child in children if child.state == "moved"]
    for child in lapsed:
        child.state = lifecycles.move("motion", child.state, "lapse")
        await child.save()
    await row.save()
    number = await MotionVote.filter(motion_id=row.id).count() + 1
    vote = await MotionVote.create(
        motion=row,
        number=number,
        text=text,
        rule=row.rule,
        quorum_opened=as_record(blocs),
        opened_at=clock.now(),
    )
    for recusal in await Recusal.filter(motion_id=row.id).select_related("seat"):
        person = recusal.seat.person_id
        if person is not None:
            await RollCall.create(vote=vote, seat_id=recusal.seat_id, person_id=person, choice="recused")
    meeting.open_vote = vote.id
    await meeting.save()
    record(
        meeting, motion=motion, vote=number, rule=row.rule, quorum=vote.quorum_opened,
        text=commit(bytes(row.salt), text), lapsed=[child.number for child in lapsed],
    )  # fmt: skip
    return vote


async def _text(motion: Motion) -> str:
    """What is voted on: the motion's text, or the text that an amendment would give it."""
    if motion.parent_id is None:
        return motion.text
    parent = await Motion.get(id=motion.parent_id)
    lifecycles.move("motion", parent.state, "amend")
    return amend(parent.text, motion.strike, motion.insert)


_UPSERT = (
    "INSERT INTO roll_call (vote_id, seat_id, person_id, choice, version, reasons, salt) VALUES (?, ?, ?, ?, 1, ?, ?) "
    "ON CONFLICT (vote_id, seat_id) DO UPDATE SET person_id = excluded.person_id, choice = excluded.choice, "
    "version = roll_call.version + 1, reasons = excluded.reasons, salt = excluded.salt "
    "WHERE roll_call.choice <> 'recused' RETURNING version"
)


@act("joint_meeting.vote", may=signed_in)
async def vote(actor: Actor, meeting_id: int, motion: int, *, choice: str, reasons: str = "") -> int:
    """Vote on the motion whose vote is open, for one's seat; until closing the last one counts."""
    meeting, moved, ballot = await _open_vote(meeting_id, motion)
    seat = await present_seat(actor, meeting)
    if choice not in CHOICES[:3]:
        raise InvalidInput(N_("Vote yes, no or abstain."), field="choice", reason="unknown_choice")
    why = multiline(reasons, field="reasons", limit=REASONS, least=0)
    if ballot.rule == "consensus" and choice == "no" and not why:
        raise InvalidInput(
            N_("Where consensus decides, an objection needs its reasons."), field="reasons", reason="empty"
        )
    salt = token_bytes(16)
    person = seat.person_id if db.on_postgres() else str(seat.person_id)
    rows = await db.fetch(_UPSERT, ballot.id, seat.id, person, choice, why, salt)
    if not rows:
        raise NotAllowed(N_("You are recused from this motion."), reason="recused")
    version = int(rows[0]["version"])
    said: dict[str, object] = {"reasons": commit(salt, why)} if why else {}
    record(
        meeting, motion=motion, vote=ballot.number, seat=seat.number, version=version,
        said=bound(roll_key(bytes(moved.salt), ballot.number), seat.number, version, choice), **said,
    )  # fmt: skip
    return version


async def _open_vote(meeting_id: int, motion: int) -> tuple[JointMeeting, Motion, MotionVote]:
    """The meeting, held so that its vote cannot close before this voice is in. Voices do not hold up each other."""
    if db.on_postgres():
        await db.fetch("SELECT 1 FROM joint_meeting WHERE id = ? FOR SHARE", meeting_id)
    meeting = await JointMeeting.get_or_none(id=meeting_id)
    if meeting is None:
        raise NotFound(N_("This does not exist, or no longer."), reason="gone")
    lifecycles.move("joint_meeting", meeting.state, "deliberate")
    row = await find_motion(meeting, motion)
    ballot = await MotionVote.get_or_none(id=meeting.open_vote) if meeting.open_vote else None
    if ballot is not None and ballot.motion_id == row.id:
        return meeting, row, ballot
    if await MotionVote.filter(motion_id=row.id).exists():
        raise InvalidState(
            N_(
                "This vote is closed; its result is on the meeting's page. Who voted no can still say why there."
            ),
            reason="closed",
        )
    raise InvalidState(N_("Voting on this motion has not begun yet."), reason="not_open")


@act_on(JointMeeting, "joint_meeting.close_vote", may=chair)
async def close_vote(actor: Actor, meeting: JointMeeting) -> MotionVote:
    """Close the vote and say its result; without a quorum it is void."""
    lifecycles.move("joint_meeting", meeting.state, "deliberate")
    if meeting.open_vote is None:
        raise InvalidState(N_("No vote is open."), reason="not_open")
    ballot = await MotionVote.get(id=meeting.open_vote)
    motion = await Motion.get(id=ballot.motion_id)
    roll = await RollCall.filter(vote_id=ballot.id).select_related("seat").order_by("seat__number")
    blocs = await quorum(meeting)
    voices = [Voice(r.seat.bloc, r.choice, bool(r.reasons)) for r in roll]
    outcome = decide(ballot.rule, voices, [b.bloc for b in await blocs_of(meeting)]).as_record()
    ballot.quorum_closed, ballot.closed_at = as_record(blocs), clock.now()
    ballot.state = "closed" if quorate(blocs) else "void"
    ballot.result = outcome if ballot.state == "closed" else {**outcome, "passed": False, "why": "no_quorum"}
    await ballot.save()
    meeting.open_vote = None
    await meeting.save()
    becomes: dict[str, object] = {}
    act_name = "void" if ballot.state == "void" else ("adopt" if outcome["passed"] else "reject")
    motion.state = lifecycles.move("motion", motion.state, act_name)
    await motion.save()
    if motion.state == "adopted" and motion.parent_id is None:
        becomes = {"resolution": motion.id}
    record(
        meeting, motion=motion.number, vote=ballot.number, rule=ballot.rule, state=motion.state,
        quorum=ballot.quorum_closed, result=ballot.result,
        roll={choice: [r.seat.number for r in roll if r.choice == choice] for choice in CHOICES},
        reasoned=[r.seat.number for r in roll if r.reasons],
        key=roll_key(bytes(motion.salt), ballot.number), **becomes,
    )  # fmt: skip
    if motion.state == "adopted":
        await _adopted(meeting, motion)
    return ballot


async def _adopted(meeting: JointMeeting, motion: Motion) -> None:
    """A motion becomes a resolution; an amendment changes its motion and brings it back if it had been rejected."""
    if motion.parent_id is None:
        number = await Resolution.filter(meeting_id=meeting.id).count() + 1
        await Resolution.create(
            motion_id=motion.id, meeting=meeting, number=number, text=motion.text, adopted_at=clock.now()
        )
        await oblige(meeting, motion)
        await ask_departments(motion)
        return
    parent = await Motion.get(id=motion.parent_id)
    parent.text = amend(parent.text, motion.strike, motion.insert)
    parent.version += 1
    if parent.state == "rejected":
        parent.state = lifecycles.move("motion", parent.state, "reconsider")
    await parent.save()


@act_on(JointMeeting, "joint_meeting.dissent", may=seated)
async def dissent(actor: Actor, meeting: JointMeeting, motion: int, *, reasons: str) -> RollCall:
    """Put the reasons of one's no on the record, after the vote."""
    lifecycles.move("joint_meeting", meeting.state, "dissent")
    seat = await seat_of(actor, meeting)
    row = await find_motion(meeting, motion)
    ballot = await MotionVote.filter(motion_id=row.id, state="closed").order_by("-number").first()
    said = await RollCall.get_or_none(vote_id=ballot.id, seat_id=seat.id) if ballot else None
    if said is None or ballot is None or said.choice != "no":
        raise NotAllowed(N_("Who voted no may say why."), reason="no_dissent")
    if said.reasons:
        raise InvalidState(N_("Your reasons are on the record already."), reason="dissented")
    said.reasons, said.salt = multiline(reasons, field="reasons", limit=REASONS), token_bytes(16)
    await said.save()
    record(
        meeting, motion=motion, vote=ballot.number, seat=seat.number, dissent=commit(said.salt, said.reasons)
    )
    return said
