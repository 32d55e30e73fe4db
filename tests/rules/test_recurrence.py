"""Dates of recurrence rules: right ones, bounded, and hostile ones refused at once."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.errors import InvalidInput
from civic.rules import recurrence, working_days

START = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("FREQ=DAILY;COUNT=3", date(2026, 2, 27), ["2026-02-27", "2026-02-28", "2026-03-01"]),
        ("RRULE:FREQ=WEEKLY;COUNT=2", date(2026, 3, 2), ["2026-03-02", "2026-03-09"]),
        # RFC 5545: a month without that day is left out.
        ("FREQ=MONTHLY;COUNT=3", START, ["2026-01-31", "2026-03-31", "2026-05-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", START, ["2026-01-31", "2026-02-28", "2026-03-31"]),
        ("FREQ=MONTHLY;BYDAY=1MO;UNTIL=20260501", date(2026, 3, 1), ["2026-03-02", "2026-04-06"]),
        ("freq=yearly;interval=2;until=20301231T000000Z", date(2026, 5, 4), ["2026-05-04", "2028-05-04", "2030-05-04"]),
    ],
)  # fmt: skip
def test_rules_give_the_days_that_the_standard_says(rule: str, start: date, expected: list[str]) -> None:
    assert [day.isoformat() for day in recurrence.dates(rule, start)] == expected


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("FREQ=DAILY", "endless"),
        ("FREQ=MONTHLY;INTERVAL=3", "endless"),
        ("FREQ=DAILY;COUNT=1000000", "too_many_dates"),
        ("FREQ=DAILY;UNTIL=20991231", "too_many_dates"),
        ("FREQ=DAILY;UNTIL=20280101", "too_many_dates"),
        ("FREQ=DAILY;COUNT=401", "too_many_dates"),
        ("FREQ=SECONDLY;COUNT=5", "frequency"),
        ("FREQ=HOURLY;COUNT=5", "frequency"),
        ("COUNT=5", "frequency"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5", "no_dates"),
        ("FREQ=MONTHLY;UNTIL=20250101", "no_dates"),
        ("FREQ=DAILY;INTERVAL=0;COUNT=5", "rule"),
        ("FREQ=DAILY;INTERVAL=-1;COUNT=5", "rule"),
        ("FREQ=DAILY;COUNT=0", "rule"),
        ("FREQ=DAILY;COUNT=1e3", "rule"),
        ("FREQ=DAILY;COUNT=5;COUNT=5", "rule"),
        ("FREQ=DAILY;COUNT=5;UNTIL=20270101", "rule"),
        ("FREQ=DAILY;BYDAY=XX;COUNT=5", "rule"),
        ("FREQ=DAILY;BYSETPOS=0;COUNT=5", "rule"),
        ("FREQ=DAILY;DTSTART=20200101;COUNT=5", "rule"),
        ("FREQ=DAILY;COUNT=5\nRDATE:20260101", "rule"),
        ("FREQ=DAILY;UNTIL=20261399", "rule"),
        ("FREQ=DAILY;BYEASTER=1;COUNT=5", "rule"),
        ("每月一次", "rule"),
        ("", "rule"),
    ],
)
def test_what_never_ends_or_makes_a_million_dates_is_refused(rule: str, reason: str) -> None:
    began = time.perf_counter()
    with pytest.raises(InvalidInput) as refused:
        recurrence.dates(rule, START)
    assert refused.value.reason == reason
    assert time.perf_counter() - began < 2


parts = st.lists(
    st.tuples(
        st.sampled_from(sorted(recurrence.PARTS)),
        st.one_of(
            st.sampled_from(
                ["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "MO", "-1SU", "+5FR", "20270101", "1,2,31"]
            ),
            st.integers(-400, 400).map(str),
            st.text(max_size=6),
        ),
    ),
    max_size=6,
)


@given(parts=parts, start=st.dates(date(1, 1, 1), date(9999, 12, 31)), roll=st.booleans())
def test_any_rule_gives_bounded_days_in_order_or_is_refused(
    parts: list[tuple[str, str]], start: date, roll: bool
) -> None:
    rule = ";".join(f"{name}={value}" for name, value in parts)
    try:
        found = recurrence.dates(rule, start, roll=roll)
    except InvalidInput as refused:
        assert refused.reason in {"rule", "frequency", "endless", "too_many_dates", "no_dates"}
        return
    assert 1 <= len(found) <= recurrence.MOST
    assert found == sorted(set(found)) and found[0] >= start


@given(start=st.dates(date(2024, 1, 1), date(2026, 12, 31)), count=st.integers(1, 60))
def test_rolled_days_are_working_days_and_never_earlier(start: date, count: int) -> None:
    rule = f"FREQ=WEEKLY;COUNT={count}"
    plain, rolled = recurrence.dates(rule, start), recurrence.dates(rule, start, roll=True)
    assert all(working_days.is_working_day(day) for day in rolled)
    assert set(rolled) == {recurrence.working_day(day) for day in plain}
    assert rolled[0] >= plain[0]
