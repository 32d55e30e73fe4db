"""What the platform knows of a session, gathered for the draft of its minutes."""

from __future__ import annotations

from datetime import datetime

from civic.models import (
    AgendaItem,
    Attendance,
    JointMeeting,
    Motion,
    MotionVote,
    Person,
    Recusal,
    Resolution,
    RollCall,
    Seat,
    Speaker,
)
from civic.rules.joint_meetings.minutes import ItemFacts, MeetingFacts, MotionFacts, VoteFacts
from civic.rules.joint_meetings.quorum import BLOCS
from civic.settings import settings


def _when(moment: datetime | None) -> str:
    return moment.astimezone(settings().zone).strftime("%Y-%m-%d %H:%M") if moment else ""


def _name(person: Person | None) -> str:
    return (person.name or person.pseudonym) if person else ""


def _label(person: Person | None, seat: Seat) -> str:
    """A delegate with their party, where the seat has one."""
    return f"{_name(person)}（{seat.party.name}）" if seat.party else _name(person)


async def facts_of(meeting: JointMeeting) -> MeetingFacts:
    """All of it, in one query a table."""
    await meeting.fetch_related("chair", "secretary")
    seats = {
        s.id: s for s in await Seat.filter(meeting_id=meeting.id).select_related("party").order_by("number")
    }
    came = await Attendance.filter(seat_id__in=list(seats) or [-1]).select_related("person").order_by("id")
    present: dict[str, list[str]] = {b: [] for b in BLOCS if any(s.bloc == b for s in seats.values())}
    for row in came:
        label = _label(row.person, seats[row.seat_id])
        if label not in present[seats[row.seat_id].bloc]:
            present[seats[row.seat_id].bloc].append(label)
    resolutions = (
        await Resolution.filter(meeting_id=meeting.id).order_by("number").values_list("number", "text")
    )
    return MeetingFacts(
        meeting.title, _when(meeting.opened_at), _when(meeting.adjourned_at), meeting.place, _name(meeting.chair),
        _name(meeting.secretary), present, meeting.quorum_at_opening or {}, await _items(meeting, seats),
        [(int(n), str(t)) for n, t in resolutions],
    )  # fmt: skip


async def _items(meeting: JointMeeting, seats: dict[int, Seat]) -> list[ItemFacts]:
    speakers: dict[int | None, list[str]] = {}
    spoke = Speaker.filter(meeting_id=meeting.id, began_at__isnull=False).order_by("id")
    for row in await spoke.select_related("person"):
        speakers.setdefault(row.item_id, []).append(_label(row.person, seats[row.seat_id]))
    motions = await _motions(meeting, seats)
    items = await AgendaItem.filter(meeting_id=meeting.id, state="accepted").order_by("position")
    return [
        ItemFacts(i.position, i.title, list(dict.fromkeys(speakers.get(i.id, []))), motions.get(i.id, []))
        for i in items
    ]


async def _motions(meeting: JointMeeting, seats: dict[int, Seat]) -> dict[int, list[MotionFacts]]:
    rows = list(
        await Motion.filter(meeting_id=meeting.id)
        .order_by("number")
        .select_related("mover_person", "seconder_person", "parent")
    )
    keys = [m.id for m in rows] or [-1]
    recused: dict[int, list[str]] = {}
    for recusal in await Recusal.filter(motion_id__in=keys).select_related("seat__person"):
        label = _label(recusal.seat.person, seats[recusal.seat_id])
        recused.setdefault(recusal.motion_id, []).append(label)
    votes = await _votes(keys, seats)
    found: dict[int, list[MotionFacts]] = {}
    for motion in rows:
        seconder = seats.get(motion.seconder_id or 0)
        found.setdefault(motion.item_id, []).append(
            MotionFacts(
                str(motion.number), motion.parent_id is not None, motion.original,
                _label(motion.mover_person, seats[motion.mover_id]),
                _label(motion.seconder_person, seconder) if seconder else "", motion.state,
                recused.get(motion.id, []), votes.get(motion.id, []), motion.strike, motion.insert,
            )
        )  # fmt: skip
    return found


async def _votes(motions: list[int], seats: dict[int, Seat]) -> dict[int, list[VoteFacts]]:
    rows = (
        await MotionVote.filter(motion_id__in=motions).exclude(state="open").order_by("motion_id", "number")
    )
    said: dict[int, list[tuple[str, str]]] = {}
    reasons = RollCall.filter(vote__motion_id__in=motions).exclude(reasons="").select_related("person")
    for roll in await reasons.order_by("id"):
        said.setdefault(roll.vote_id, []).append((_label(roll.person, seats[roll.seat_id]), roll.reasons))
    found: dict[int, list[VoteFacts]] = {}
    for vote in rows:
        result = vote.result or {}
        found.setdefault(vote.motion_id, []).append(
            VoteFacts(vote.number, vote.rule, result["why"], result["blocs"], said.get(vote.id, []))
        )
    return found
