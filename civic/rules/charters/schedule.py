"""When a duty falls due, and again."""

from __future__ import annotations

from datetime import date, timedelta

from civic.rules import recurrence
from civic.rules.charters.clauses import Due


def all_due(due: Due) -> list[date]:
    """The days on which it falls due, in order; none for a trigger that has not been declared."""
    if due.kind == "day" and due.day:
        return [recurrence.working_day(due.day) if due.roll else due.day]
    if due.kind == "recurrence" and due.day:
        return recurrence.dates(due.rule, due.day, roll=due.roll)
    return []


def first_due(due: Due, today: date) -> date | None:
    """The day for which an obligation is made when the charter comes into force ``today``.

    Of a recurrence those before today are past and were never owed. A single day stands, whenever it is.
    """
    if due.kind == "day":
        return next(iter(all_due(due)), None)
    return next((day for day in all_due(due) if day >= today), None)


def next_due(due: Due, after: date) -> date | None:
    """Of a recurrence, the first day later than the last one; None when it was the last one."""
    if due.kind != "recurrence":
        return None
    return next((day for day in all_due(due) if day > after), None)


def due_after_trigger(due: Due, declared: date) -> date:
    """The day by which a duty is due whose trigger was declared on this day."""
    day = declared + timedelta(days=due.days)
    return recurrence.working_day(day) if due.roll else day
