"""Dates of a recurrence rule (RFC 5545 RRULE), bounded: a rule that never ends or makes too many dates is refused.

`dateutil` expands the rule. What reaches it has been read here first: its parts are known ones, its interval is
positive, and it is never asked for a day beyond `HORIZON` years. A rule that no day fits would still let it search
until the year 9999; so it searches late in the calendar, which repeats itself, weekdays and all, every 400 years.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from itertools import islice

from dateutil.rrule import rrulestr

from civic.errors import N_, InvalidInput
from civic.rules import working_days

MOST = 400
HORIZON = 30
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
PARTS = {
    "FREQ",
    "INTERVAL",
    "COUNT",
    "UNTIL",
    "BYDAY",
    "BYMONTHDAY",
    "BYMONTH",
    "BYSETPOS",
    "BYWEEKNO",
    "BYYEARDAY",
    "WKST",
}


def _refuse(reason: str, message: str, field: str, **details: int | str) -> InvalidInput:
    return InvalidInput(message, field=field, reason=reason, **details)


def _parts(rule: str, field: str) -> dict[str, str]:
    """The named parts of a rule, upper case, each once."""
    text = rule.strip().upper().removeprefix("RRULE:")
    found: dict[str, str] = {}
    for piece in text.split(";"):
        name, sign, value = piece.partition("=")
        if not sign or name not in PARTS or name in found or not value.isascii() or len(value) > 100:
            raise _refuse("rule", N_("This is not a recurrence rule, such as FREQ=MONTHLY;COUNT=12."), field)
        found[name] = value
    if found.get("FREQ") not in FREQUENCIES:
        raise _refuse("frequency", N_("A duty recurs by days, weeks, months or years."), field)
    return found


def _number(parts: dict[str, str], name: str, field: str) -> int | None:
    value = parts.get(name)
    if value is None:
        return None
    if not value.isdecimal() or len(value) > 9 or int(value) < 1:
        raise _refuse("rule", N_("This is not a recurrence rule, such as FREQ=MONTHLY;COUNT=12."), field)
    return int(value)


def _until(parts: dict[str, str], field: str) -> date | None:
    value = parts.get("UNTIL")
    if value is None:
        return None
    try:
        return datetime.strptime(value[:8], "%Y%m%d").date()  # noqa: DTZ007 - a day, not a time
    except ValueError:
        raise _refuse(
            "rule", N_("This is not a recurrence rule, such as FREQ=MONTHLY;COUNT=12."), field
        ) from None


def dates(rule: str, start: date, *, roll: bool = False, most: int = MOST, field: str = "rule") -> list[date]:
    """The days of a rule from ``start`` on, in order, each once.

    roll: a day off moves to the next working day. Raises InvalidInput: ``rule`` (not one), ``frequency`` (more often
    than daily), ``endless`` (neither COUNT nor UNTIL), ``too_many_dates``, ``no_dates``.
    """
    parts = _parts(rule, field)
    count, until = _number(parts, "COUNT", field), _until(parts, field)
    _number(parts, "INTERVAL", field)
    if count is None and until is None:
        raise _refuse(
            "endless",
            N_("This rule never ends. Say how often (COUNT=12) or until when (UNTIL=20271231)."),
            field,
        )
    if count is not None and until is not None:
        raise _refuse("rule", N_("Say either COUNT or UNTIL, not both."), field)
    try:
        horizon = start.replace(year=start.year + HORIZON, day=min(start.day, 28))
    except ValueError:
        raise _refuse("no_dates", N_("This rule gives no date at all."), field) from None
    if (count is not None and count > most) or (until is not None and until > horizon):
        raise _too_many(most, field)
    plain = {name: value for name, value in parts.items() if name not in ("COUNT", "UNTIL")}
    last = until or horizon
    cycles = (9999 - HORIZON - start.year) // 400 * 400
    plain["UNTIL"] = last.replace(year=last.year + cycles).strftime("%Y%m%d")
    late = start.replace(year=start.year + cycles)
    text = ";".join(f"{name}={value}" for name, value in plain.items())
    try:
        expanded: Iterable[datetime] = rrulestr(text, dtstart=datetime.combine(late, time()))
        found = [
            moment.date().replace(year=moment.year - cycles)
            for moment in islice(expanded, min(count or most + 1, most + 1))
        ]
    except (ValueError, TypeError, OverflowError, IndexError, KeyError, AttributeError):
        raise _refuse(
            "rule", N_("This is not a recurrence rule, such as FREQ=MONTHLY;COUNT=12."), field
        ) from None
    if len(found) > most:
        raise _too_many(most, field)
    if not found:
        raise _refuse("no_dates", N_("This rule gives no date at all."), field)
    return list(dict.fromkeys(working_day(day) for day in found)) if roll else found


def _too_many(most: int, field: str) -> InvalidInput:
    return _refuse(
        "too_many_dates",
        N_(
            "This rule makes more than %(most)s dates, or reaches beyond %(years)s years. Choose an earlier end."
        ),
        field,
        most=most,
        years=HORIZON,
    )


def working_day(day: date) -> date:
    """The day itself, or the next working day of the official calendar."""
    return day if working_days.is_working_day(day) else working_days.add_working_days(day, 1)
