"""Clauses of a motion: duties that become obligations when it is adopted."""

from __future__ import annotations

from datetime import date
from secrets import token_bytes
from typing import Any

from civic import clock
from civic.acts import obligations
from civic.acts.core import SYSTEM, Actor, act_on
from civic.acts.joint_meetings.access import chair, find_motion, record, seat_of, seated
from civic.acts.permissions import any_of, the_person
from civic.acts.responses import start_clock
from civic.errors import N_, InvalidInput, InvalidState, NotAllowed
from civic.models import Area, JointMeeting, Motion, MotionClause, Party, Seat
from civic.rules import lifecycles
from civic.rules.charters import Side
from civic.rules.commitments import commit
from civic.rules.text import multiline, one_line

MOST = 20


@act_on(JointMeeting, "joint_meeting.name_clause", may=any_of(chair, seated))
async def name_clause(
    actor: Actor,
    meeting: JointMeeting,
    motion: int,
    *,
    party: int,
    text: str,
    due_on: date,
    counterpart: int | None = None,
    evidence: str = "",
) -> MotionClause:
    """Name a duty in a motion, as its mover or the chair: who owes what to whom, by when."""
    lifecycles.move("joint_meeting", meeting.state, "deliberate")
    row = await find_motion(meeting, motion)
    await _mover_or_chair(actor, meeting, row)
    lifecycles.move("motion", row.state, "name_clause")
    if row.parent_id is not None:
        raise InvalidState(N_("Clauses are named in a motion, not in an amendment."), reason="amendment")
    seated_parties: set[Any] = set(
        await Seat.filter(meeting_id=meeting.id, party_id__isnull=False).values_list("party_id", flat=True)
    )
    for name, key in (("party", party), ("counterpart", counterpart)):
        if key is not None and key not in seated_parties:
            raise InvalidInput(
                N_("A resolution binds only parties with seats in the meeting."),
                field=name,
                reason="not_seated",
            )
    if counterpart == party:
        raise InvalidInput(N_("Nobody owes a duty to themself."), field="counterpart", reason="same_party")
    if due_on <= clock.today():
        raise InvalidInput(N_("Choose a day in the future."), field="due_on", reason="past")
    number = await MotionClause.filter(motion_id=row.id).count() + 1
    if number > MOST:
        raise InvalidState(N_("At most %(limit)s clauses."), reason="too_many", limit=MOST)
    clause = await MotionClause.create(
        motion=row, number=number, party_id=party, counterpart_id=counterpart, due_on=due_on,
        text=multiline(text, field="text", limit=2000),
        wanted=one_line(evidence, field="evidence", limit=500, least=0), salt=token_bytes(16),
    )  # fmt: skip
    record(
        meeting, motion=motion, clause=number, party=party, to=counterpart, due=due_on.isoformat(),
        text=commit(clause.salt, clause.text),
    )  # fmt: skip
    return clause


async def _mover_or_chair(actor: Actor, meeting: JointMeeting, motion: Motion) -> None:
    if the_person(actor).id != meeting.chair_id and (await seat_of(actor, meeting)).id != motion.mover_id:
        raise NotAllowed(N_("Only the mover or the chair names clauses."), reason="mover")


async def ask_departments(motion: Motion) -> None:
    """The motion is adopted: each department that it names has to answer in public how it will carry it out."""
    named = MotionClause.filter(motion_id=motion.id).values_list("party_id", flat=True)
    departments = Party.filter(kind="government", state="active", id__in=list(await named) or [-1])
    for department in await departments.order_by("id"):
        await start_clock(SYSTEM, kind="resolution", subject_id=motion.id, department=department)


async def oblige(meeting: JointMeeting, motion: Motion) -> None:
    """The motion is adopted: its clauses fall due."""
    area = await Area.get(id=meeting.area_id)
    for clause in await MotionClause.filter(motion_id=motion.id).order_by("number"):
        to = (
            Side(clause.counterpart_id)
            if clause.counterpart_id
            else Side(0, "residents", area.code, area.name)
        )
        source = obligations.Source("resolution", motion.id, number=clause.number, occurrence=1)
        made = await obligations.create(
            SYSTEM, party=clause.party_id, to=to, text=clause.text, due_on=clause.due_on, source=source,
            wanted=clause.wanted,
        )  # fmt: skip
        clause.obligation_id = made.id
        await clause.save()
