"""When an obligation is overdue, when silence confirms it, and how many promises are kept, over time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from civic.rules import working_days

SOON = 14  # days
REMIND = 3  # days before: whoever owes it is reminded, once
OPEN = ("pending", "reported", "disputed", "overdue")
SETTLED = ("confirmed", "broken", "waived")


def confirm_by(reported: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Until when the counterpart may confirm or dispute: ``days`` working days from the report on; aware, UTC."""
    return working_days.deadline(reported, days, zone)


def deemed_confirmed(state: str, until: datetime | None, now: datetime) -> bool:
    """Whether silence has confirmed it: it is reported and the window has passed."""
    return state == "reported" and until is not None and now > until


def falls_overdue(state: str, due_on: date, today: date) -> bool:
    """Whether its day has passed with nothing reported. The day itself belongs to whoever owes it."""
    return state == "pending" and due_on < today


def due_soon(state: str, due_on: date, today: date) -> bool:
    """Whether it is to be done within the next `SOON` days."""
    return state == "pending" and today <= due_on <= today + timedelta(days=SOON)


def to_remind(state: str, due_on: date, today: date) -> bool:
    """Whether those who owe it are reminded now: it is open, and its day is one of the next `REMIND`."""
    return state == "pending" and today <= due_on <= today + timedelta(days=REMIND)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one obligation. settled_on: the day it was confirmed, broken or waived."""

    due_on: date
    state: str
    settled_on: date | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """How things stood at the end of a day: of those ``due`` by then, and not waived, how many were ``kept``."""

    day: date
    due: int
    kept: int
    broken: int


def month_ends(until: date, months: int) -> list[date]:
    """The last days of the ``months`` months before that of ``until``, and ``until`` itself."""
    ends = []
    day = until.replace(day=1) - timedelta(days=1)
    for _ in range(months):
        ends.append(day)
        day = day.replace(day=1) - timedelta(days=1)
    return [*ends[::-1], until]


def kept_over_time(fates: Iterable[Fate], until: date, months: int = 11) -> list[Point]:
    """The share of promises kept as it stood at the end of each month, oldest first; months with none due left out."""
    every = [fate for fate in fates if fate.state != "waived"]
    points = []
    for day in month_ends(until, months):
        due = [fate for fate in every if fate.due_on <= day]
        settled = [fate for fate in due if fate.settled_on is not None and fate.settled_on <= day]
        if due:
            kept = sum(fate.state == "confirmed" for fate in settled)
            broken = sum(fate.state == "broken" for fate in settled)
            points.append(Point(day, len(due), kept, broken))
    return points
