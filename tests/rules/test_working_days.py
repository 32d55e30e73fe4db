"""The working calendar against the official one, and the response clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.rules import working_days as w

ZONE = ZoneInfo("Asia/Shanghai")
KNOWN = st.dates(date(2005, 1, 1), date(2026, 11, 1))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@given(KNOWN, st.integers(0, 60))
def test_added_days_are_those_of_the_official_calendar(day: date, n: int) -> None:
    end = w.add_working_days(day, n)
    if end.year > 2026:
        return
    official = chinese_calendar.get_workdays(day + timedelta(days=1), end) if end > day else []
    assert len(official) == n
    assert n == 0 or official[-1] == end


@given(st.dates(date(2005, 1, 1), date(2028, 12, 1)), st.integers(0, 40))
def test_adding_and_counting_agree(day: date, n: int) -> None:
    end = w.add_working_days(day, n)
    assert w.working_days_between(day, end) == n
    assert w.working_days_between(end, day) == -n
    assert n == 0 or w.is_working_day(end)


def test_holidays_and_make_up_days() -> None:
    assert not w.is_working_day(date(2026, 2, 17))  # Spring Festival, a Tuesday
    assert w.is_working_day(date(2026, 2, 14))  # a Saturday that is worked
    assert not w.is_working_day(date(2026, 10, 1))


def test_beyond_the_announced_calendar_weekdays_count_and_it_is_said() -> None:
    year = next(y for y in range(2026, 2100) if not w.announced(y))
    saturday = next(d for d in (date(year, 5, i) for i in range(1, 8)) if d.weekday() == 5)
    assert not w.is_working_day(saturday)
    assert w.is_working_day(saturday + timedelta(days=2))
    assert w.provisional(datetime(year, 3, 1, tzinfo=UTC), ZONE)
    assert not w.provisional(at("2026-03-18T12:00"), ZONE)
    # The year is that of the platform's zone.
    assert w.provisional(datetime(year - 1, 12, 31, 20, tzinfo=UTC), ZONE)


def test_a_deadline_ends_at_the_close_of_business() -> None:
    start = at("2026-03-18T10:00")  # Wednesday
    assert w.deadline(start, 1, ZONE) == at("2026-03-19T17:00")
    assert w.deadline(start, 3, ZONE) == at("2026-03-23T17:00")
    assert w.deadline(start, 3, ZONE).tzinfo is UTC
    # Late in the evening in UTC is the next day in Shanghai.
    assert w.deadline(datetime(2026, 3, 17, 20, tzinfo=UTC), 1, ZONE) == at("2026-03-19T17:00")


def test_days_left() -> None:
    due = at("2026-03-23T17:00")
    assert w.working_days_left(at("2026-03-18T10:00"), due, ZONE) == 3
    assert w.working_days_left(at("2026-03-21T10:00"), due, ZONE) == 1
    assert w.working_days_left(at("2026-03-23T16:00"), due, ZONE) == 0
    assert w.working_days_left(at("2026-03-25T10:00"), due, ZONE) == -2


@given(st.integers(0, 600 * 24 * 60), st.integers(1, 40))
def test_warnings_come_in_order(minutes: int, days: int) -> None:
    start = at("2025-01-01T00:00") + timedelta(minutes=minutes)
    half, most, end = w.warning_points(start, days, ZONE)
    assert start < half <= most <= end == w.deadline(start, days, ZONE)
    assert w.warning_level(start, start, days, ZONE) == 0
    assert w.warning_level(end, start, days, ZONE) < 3
    assert w.warning_level(end + timedelta(seconds=1), start, days, ZONE) == 3


def test_twenty_days_warn_after_ten_and_sixteen() -> None:
    start = at("2026-03-02T09:00")
    half, most, _ = w.warning_points(start, 20, ZONE)
    assert (half, most) == (w.deadline(start, 10, ZONE), w.deadline(start, 16, ZONE))


def test_days_are_counted_forwards_only() -> None:
    with pytest.raises(ValueError):
        w.add_working_days(date(2026, 3, 18), -1)
