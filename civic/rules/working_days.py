"""Working days of the official Chinese calendar, holidays and make-up days included, and the response clock.

Sources: the State Council's yearly notices as collected by the chinesecalendar package; a year whose notice is
not out yet counts Monday to Friday, and what reaches into it is *provisional*. The day on which a period begins
is not counted (Civil Code, article 201); a period ends on its last day at the close of business (article 203),
which here is 17:00.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import chinese_calendar

CLOSE_OF_BUSINESS = time(17, 0)
_ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def announced(year: int) -> bool:
    """Whether the official calendar of this year is known."""
    try:
        chinese_calendar.is_workday(date(year, 6, 1))
    except NotImplementedError:
        return False
    return True


def is_working_day(day: date) -> bool:
    """By the official calendar, or by the weekday alone where that is not announced."""
    return _official(day) if announced(day.year) else day.weekday() < 5


@lru_cache(maxsize=8192)
def _official(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


def add_working_days(day: date, n: int) -> date:
    """The nth working day after ``day``; ``day`` itself for 0. Raises ValueError for a negative ``n``."""
    if n < 0:
        raise ValueError("working days are counted forwards")
    while n:
        day += _ONE_DAY
        n -= is_working_day(day)
    return day


def working_days_between(after: date, until: date) -> int:
    """Working days ``d`` with ``after < d <= until``; negative, counted backwards, when ``until`` is earlier."""
    if until < after:
        return -working_days_between(until, after)
    years = range(after.year, until.year)
    whole = sum(_counts(year)[-1] for year in years)
    return whole + _until(until) - _until(after)


@lru_cache(maxsize=64)
def _counts(year: int) -> tuple[int, ...]:
    """Working days from the first of January to each day of the year."""
    first, counts = date(year, 1, 1), [0]
    for i in range((date(year, 12, 31) - first).days + 1):
        counts.append(counts[-1] + is_working_day(first + timedelta(days=i)))
    return tuple(counts[1:])


def _until(day: date) -> int:
    return _counts(day.year)[day.timetuple().tm_yday - 1]


def deadline(start: datetime, days: int, zone: ZoneInfo) -> datetime:
    """When a period of working days that begins at ``start`` is over: 17:00 local, as an aware time in UTC."""
    last = add_working_days(start.astimezone(zone).date(), days)
    return datetime.combine(last, CLOSE_OF_BUSINESS, zone).astimezone(UTC)


def provisional(due: datetime, zone: ZoneInfo) -> bool:
    """Whether a deadline lies in a year whose calendar is not announced, so that it may still be corrected."""
    return not announced(due.astimezone(zone).year)


def working_days_left(now: datetime, due: datetime, zone: ZoneInfo) -> int:
    """Working days still to come until the day it is due: 0 on that day, negative when that day is past."""
    return working_days_between(now.astimezone(zone).date(), due.astimezone(zone).date())


def warning_points(start: datetime, days: int, zone: ZoneInfo) -> tuple[datetime, datetime, datetime]:
    """When half, four fifths and the whole of a period are over (parts of days round up); aware, in UTC."""
    half, most = -(-days // 2), -(-days * 4 // 5)
    return deadline(start, half, zone), deadline(start, most, zone), deadline(start, days, zone)


def warning_level(now: datetime, start: datetime, days: int, zone: ZoneInfo) -> int:
    """How many warning points are over: 0 none, 1 half, 2 four fifths, 3 it is overdue."""
    return sum(now > point for point in warning_points(start, days, zone))
