"""How well departments answer: exact numbers for a public table.

On time: of what was due, how much was answered by its day. What is neither answered nor due yet is not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from civic.rules.working_days import working_days_between

# Promises that nobody can say anything about yet, or that the other side let go.
NOT_JUDGED = ("waived",)
KEPT = ("confirmed",)


@dataclass(frozen=True, slots=True)
class Asked:
    """One deadline. ``passed_on``: its answer named another department. ``stars``: 1 to 5, of each rating."""

    started_at: datetime
    due_at: datetime
    answered_at: datetime | None
    passed_on: bool = False
    escalated: bool = False
    stars: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """A department's line. Shares are (part, whole); median in working days, None without an answer."""

    answered: int
    awaiting: int
    overdue: int
    on_time: tuple[int, int]
    median_days: Fraction | None
    escalated: tuple[int, int]
    satisfaction: Fraction | None
    ratings: int
    kept: tuple[int, int]


def median(values: Iterable[int]) -> Fraction | None:
    """The middle value, or half way between the two in the middle; None without any."""
    ordered = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Fraction(ordered[middle])
    return Fraction(ordered[middle - 1] + ordered[middle], 2)


def days_taken(item: Asked, zone: ZoneInfo) -> int:
    """Working days from the beginning to the answer; 0 on the same day. The item is answered."""
    assert item.answered_at is not None
    return working_days_between(
        item.started_at.astimezone(zone).date(), item.answered_at.astimezone(zone).date()
    )


def score(
    items: Sequence[Asked], promises: Iterable[tuple[str, date]], now: datetime, zone: ZoneInfo
) -> Score:
    """The score of a department from all that it was asked, and its promises as (state, day)."""
    answered = [item for item in items if item.answered_at is not None]
    real = [item for item in answered if not item.passed_on]
    waiting = [item for item in items if item.answered_at is None]
    overdue = [item for item in waiting if item.due_at < now]
    on_time = sum(item.answered_at <= item.due_at for item in answered if item.answered_at is not None)
    stars = [n for item in items for n in item.stars]
    today = now.astimezone(zone).date()
    judged = [state for state, day in promises if state not in NOT_JUDGED and (day < today or state in KEPT)]
    return Score(
        answered=len(answered),
        awaiting=len(waiting),
        overdue=len(overdue),
        on_time=(on_time, len(answered) + len(overdue)),
        median_days=median(days_taken(item, zone) for item in real),
        escalated=(sum(item.escalated for item in real), len(real)),
        satisfaction=Fraction(sum(stars), len(stars)) if stars else None,
        ratings=len(stars),
        kept=(sum(state in KEPT for state in judged), len(judged)),
    )


def distribution(stars: Iterable[int]) -> list[int]:
    """How many gave one star, two, … five."""
    counts = [0] * 5
    for n in stars:
        counts[n - 1] += 1
    return counts


def share_used(total: int, left: int) -> int:
    """Whole per cent of the working days that are over; above 100 when late."""
    return (total - left) * 100 // total if total > 0 else 100
