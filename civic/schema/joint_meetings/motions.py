"""Motions, votes and resolutions as types, fetched in one query a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import strawberry

from civic.errors import CivicError
from civic.models import Deadline as DeadlineRow
from civic.models import JointMeeting as MeetingRow
from civic.models import Motion as MotionRow
from civic.models import MotionClause as ClauseRow
from civic.models import MotionVote as VoteRow
from civic.models import Recusal as RecusalRow
from civic.models import Resolution as ResolutionRow
from civic.models import RollCall as RollRow
from civic.models import Seat as SeatRow
from civic.rules.diffs import diff
from civic.rules.joint_meetings import CHOICES, amend
from civic.schema.core.context import Context
from civic.schema.core.ids import Node, encode, register_node, whole
from civic.schema.core.lookahead import Everything, Selection
from civic.schema.joint_meetings.parts import BlocPresence, Delegate
from civic.schema.parties import Party
from civic.schema.proposals import Change
from civic.schema.responses.types import Answer


@strawberry.type(description="Votes of a bloc, or of all.")
class RollCounts:
    yes: int
    no: int
    abstain: int
    recused: int

    @classmethod
    def of(cls, four: list[int]) -> RollCounts:
        return cls(yes=four[0], no=four[1], abstain=four[2], recused=four[3])


@strawberry.type(description="How a bloc voted.")
class BlocVotes:
    bloc: str
    required: bool
    counts: RollCounts
    majority: bool = strawberry.field(description="Whether more of it said yes than no.")


@strawberry.type(description="What one seat said.")
class RollCallVote:
    who: Delegate
    choice: str
    reasons: str = strawberry.field(description="Its dissent, if it gave reasons.")


@strawberry.type(
    description="A vote on a motion. While it is open, figures stand there only if the meeting allows it."
)
class MotionVote:
    number: int
    text: str = strawberry.field(description="What was voted on, word for word.")
    rule: str = strawberry.field(description="simple, two_thirds, concurrent or consensus.")
    state: str = strawberry.field(description="open, closed, or void because the quorum was lost.")
    opened_at: datetime
    closed_at: datetime | None
    cast: int = strawberry.field(description="How many seats have voted or are recused.")
    quorum_opened: list[BlocPresence]
    quorum_closed: list[BlocPresence]
    passed: bool | None = strawberry.field(description="Null while it is open.")
    why: str = strawberry.field(
        description="passed, no_votes, not_enough, blocs_against, objection or no_quorum; empty while it is open."
    )
    counts: RollCounts | None
    blocs: list[BlocVotes]
    roll: list[RollCallVote] = strawberry.field(description="By seat; empty while the figures are not shown.")


@strawberry.type(description="A duty that a motion names; an obligation once it is adopted.")
class MotionClause:
    number: int
    party: Party
    counterpart: Party | None = strawberry.field(description="Null: the residents of the meeting's area.")
    text: str
    evidence: str = strawberry.field(description="What shows that it was kept.")
    due_on: date
    obligation: strawberry.ID | None
    state: str | None = strawberry.field(description="Of the obligation.")

    @classmethod
    def of(cls, row: ClauseRow) -> MotionClause:
        """``row`` with party, counterpart and obligation joined."""
        return cls(
            number=row.number, party=Party.of(row.party),
            counterpart=Party.of(row.counterpart) if row.counterpart else None, text=row.text, evidence=row.wanted,
            due_on=row.due_on, obligation=encode("Obligation", row.obligation_id) if row.obligation_id else None,
            state=row.obligation.state if row.obligation else None,
        )  # fmt: skip


@strawberry.type(description="A declared interest.")
class Recusal:
    who: Delegate
    interest: str


@strawberry.type(description="A motion, or an amendment to one.")
class Motion:
    number: int
    item: int = strawberry.field(description="Number of the agenda item.")
    amends: int | None = strawberry.field(description="Number of the motion that it would change.")
    text: str = strawberry.field(description="The motion as it stands now; of an amendment, its reasons.")
    original: str
    version: int
    strike: str
    insert: str
    becomes: str | None = strawberry.field(
        description="Of an amendment that is not decided: the motion as it would read; null when the words are gone."
    )
    changes: list[Change] = strawberry.field(
        description="Of a motion: compared with how it was moved. Of an amendment: what it would change."
    )
    rule: str
    state: str
    mover: Delegate
    seconder: Delegate | None
    moved_at: datetime
    recusals: list[Recusal]
    clauses: list[MotionClause]
    votes: list[MotionVote]


@strawberry.type(description="An adopted motion.")
class Resolution(Node):
    id: strawberry.ID
    number: int
    motion: int
    text: str
    adopted_at: datetime

    answers: list[Answer] = strawberry.field(
        description="What the departments that its clauses name have to answer, or answered."
    )

    @classmethod
    async def of_many(
        cls, context: Context, rows: list[ResolutionRow], wanted: Selection
    ) -> list[Resolution]:
        """``rows`` with motion joined; their answers, when ``wanted``, by one query for each kind of thing."""
        asked = []
        if "answers" in wanted and rows:
            keys = [row.motion_id for row in rows]
            found = DeadlineRow.filter(kind="resolution", subject_id__in=keys).select_related("department")
            asked = list(await found.order_by("id"))
        shown = await Answer.of_many(context, asked, wanted.below("answers"))
        answers: dict[int, list[Answer]] = {}
        for row, answer in zip(asked, shown, strict=True):
            answers.setdefault(row.subject_id, []).append(answer)
        return [
            cls(
                id=encode("Resolution", r.motion_id), number=r.number, motion=r.motion.number, text=r.text,
                adopted_at=r.adopted_at, answers=answers.get(r.motion_id, []),
            )
            for r in rows
        ]  # fmt: skip


async def _load(context: Context, key: str) -> Resolution | None:
    row = await ResolutionRow.get_or_none(motion_id=whole(key)).select_related("motion")
    return (await Resolution.of_many(context, [row], Everything()))[0] if row else None


register_node("Resolution", _load)


def vote_of(
    row: VoteRow, roll: list[RollRow], seats: Mapping[int, SeatRow], required: set[str], live: bool
) -> MotionVote:
    """``roll``: its voices with person joined. ``live``: figures may be shown while it is open."""
    shown = row.state != "open" or live
    result: dict[str, Any] = row.result or {}
    counted: dict[str, list[int]] = result.get("blocs") or {}
    if row.state == "open" and shown:
        counted = _count(roll, seats)
    total = [sum(four[i] for four in counted.values()) for i in range(4)]
    return MotionVote(
        number=row.number, text=row.text, rule=row.rule, state=row.state, opened_at=row.opened_at,
        closed_at=row.closed_at, cast=len(roll), quorum_opened=BlocPresence.recorded(row.quorum_opened),
        quorum_closed=BlocPresence.recorded(row.quorum_closed), passed=result.get("passed"),
        why=result.get("why", ""), counts=RollCounts.of(total) if shown else None,
        blocs=[
            BlocVotes(bloc=b, required=b in required, counts=RollCounts.of(four), majority=four[0] > four[1])
            for b, four in counted.items()
        ],
        roll=[
            RollCallVote(who=Delegate.of(seats[r.seat_id], r.person), choice=r.choice, reasons=r.reasons)
            for r in roll
        ] if shown else [],
    )  # fmt: skip


def _count(roll: list[RollRow], seats: Mapping[int, SeatRow]) -> dict[str, list[int]]:
    found: dict[str, Counter[str]] = {}
    for row in roll:
        found.setdefault(seats[row.seat_id].bloc, Counter())[row.choice] += 1
    return {bloc: [counter[c] for c in CHOICES] for bloc, counter in found.items()}


async def motions_of(meeting: MeetingRow, seats: Mapping[int, SeatRow], required: set[str]) -> list[Motion]:
    """All motions of a meeting in their order: five queries."""
    rows = MotionRow.filter(meeting_id=meeting.id).order_by("number")
    motions = list(await rows.select_related("item", "mover_person", "seconder_person"))
    if not motions:
        return []
    keys = [m.id for m in motions]
    votes: dict[int, list[VoteRow]] = {}
    for vote in await VoteRow.filter(motion_id__in=keys).order_by("motion_id", "number"):
        votes.setdefault(vote.motion_id, []).append(vote)
    rolls: dict[int, list[RollRow]] = {}
    for roll in await RollRow.filter(vote__motion_id__in=keys).select_related("person"):
        rolls.setdefault(roll.vote_id, []).append(roll)
    for voices in rolls.values():
        voices.sort(key=lambda r: seats[r.seat_id].number)
    recusals: dict[int, list[Recusal]] = {}
    for row in await RecusalRow.filter(motion_id__in=keys).order_by("id"):
        seat = seats[row.seat_id]
        recusals.setdefault(row.motion_id, []).append(
            Recusal(who=Delegate.of(seat, seat.person), interest=row.interest)
        )
    clauses: dict[int, list[MotionClause]] = {}
    named = ClauseRow.filter(motion_id__in=keys).select_related("party", "counterpart", "obligation")
    for clause in await named.order_by("number"):
        clauses.setdefault(clause.motion_id, []).append(MotionClause.of(clause))
    by_key = {m.id: m for m in motions}
    return [
        _motion(
            m, by_key.get(m.parent_id or 0), seats, recusals.get(m.id, []), clauses.get(m.id, []),
            [vote_of(v, rolls.get(v.id, []), seats, required, meeting.live_choices) for v in votes.get(m.id, [])],
        )
        for m in motions
    ]  # fmt: skip


def becoming(text: str, amendment: MotionRow) -> str | None:
    """The motion's text as an amendment would make it; None when its words are not there any more."""
    try:
        return amend(text, amendment.strike, amendment.insert)
    except CivicError:
        return None


def _motion(
    row: MotionRow,
    parent: MotionRow | None,
    seats: Mapping[int, SeatRow],
    recusals: list[Recusal],
    clauses: list[MotionClause],
    votes: list[MotionVote],
) -> Motion:
    becomes, changes = None, diff(row.original, row.text) if row.version > 1 else []
    if parent is not None:
        changes = diff(row.strike, row.insert)
        if row.state in ("moved", "seconded", "voting"):
            becomes = becoming(parent.text, row)
            changes = diff(parent.text, becomes) if becomes is not None else changes
    return Motion(
        number=row.number, item=row.item.position, amends=parent.number if parent else None, text=row.text,
        original=row.original, version=row.version, strike=row.strike, insert=row.insert, becomes=becomes,
        changes=[Change(op=c["op"], text=c["text"]) for c in changes], rule=row.rule, state=row.state,
        mover=Delegate.of(seats[row.mover_id], row.mover_person),
        seconder=Delegate.of(seats[row.seconder_id], row.seconder_person) if row.seconder_id else None,
        moved_at=row.moved_at, recusals=recusals, clauses=clauses, votes=votes,
    )  # fmt: skip


async def resolutions_of(meeting: MeetingRow, context: Context, wanted: Selection) -> list[Resolution]:
    rows = ResolutionRow.filter(meeting_id=meeting.id).order_by("number").select_related("motion")
    return await Resolution.of_many(context, list(await rows), wanted)
