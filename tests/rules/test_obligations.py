"""Overdue, confirmed by silence, and the share of promises kept."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from civic.errors import InvalidState
from civic.rules import lifecycles, obligations, working_days
from civic.rules.obligations import Fate

ZONE = ZoneInfo("Asia/Shanghai")
STATES = lifecycles.states("obligation")
days = st.dates(date(2025, 1, 1), date(2026, 12, 31))
fates = st.builds(Fate, days, st.sampled_from(STATES), st.one_of(st.none(), days)).filter(
    lambda f: (f.state in obligations.SETTLED) == (f.settled_on is not None)
)


def test_ten_working_days_of_silence_over_a_holiday() -> None:
    # Wednesday 29 April 2026, ten in the morning; Labour Day off from 1 to 5 May, 9 May is a make-up day.
    until = obligations.confirm_by(datetime(2026, 4, 29, 2, 0, tzinfo=UTC), 10, ZONE)
    assert until == datetime(2026, 5, 15, 9, 0, tzinfo=UTC)
    assert not obligations.deemed_confirmed("reported", until, until)
    assert obligations.deemed_confirmed("reported", until, until + timedelta(seconds=1))


@given(st.sampled_from(STATES), st.integers(0, 60 * 24 * 700), st.integers(0, 40))
def test_silence_speaks_only_about_what_is_reported(state: str, minutes: int, window: int) -> None:
    reported = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    until = obligations.confirm_by(reported, window, ZONE)
    assert working_days.working_days_left(reported, until, ZONE) == window
    late = until + timedelta(hours=1)
    assert obligations.deemed_confirmed(state, until, late) == (state == "reported")
    assert not obligations.deemed_confirmed(state, None, late)


@given(st.sampled_from(STATES), days, days)
def test_the_day_itself_belongs_to_who_owes(state: str, due: date, today: date) -> None:
    assert obligations.falls_overdue(state, due, today) == (state == "pending" and today > due)
    assert not (obligations.falls_overdue(state, due, today) and obligations.due_soon(state, due, today))
    if obligations.falls_overdue(state, due, today):
        assert lifecycles.can("obligation", state, "fall_due")


@given(st.sampled_from(STATES), days, days)
def test_reminders_come_once_it_is_near_and_never_late(state: str, due: date, today: date) -> None:
    told = obligations.to_remind(state, due, today)
    assert told == (state == "pending" and 0 <= (due - today).days <= obligations.REMIND)
    assert not told or obligations.due_soon(state, due, today)


@given(st.lists(st.sampled_from(sorted(lifecycles.acts("obligation"))), max_size=12))
def test_whatever_is_tried_in_whatever_order_an_end_is_an_end(tried: list[str]) -> None:
    """Any row of acts: each is carried out or refused, and what is settled stays as it was settled."""
    state, settled = "pending", None
    for act in tried:
        try:
            state = lifecycles.move("obligation", state, act)
        except InvalidState as refused:
            assert refused.reason == "wrong_state" and act not in lifecycles.allowed("obligation", state)
        assert state in STATES
        assert settled in (None, state)
        if state in obligations.SETTLED:
            settled = state
    if settled is not None:
        assert not lifecycles.allowed("obligation", settled)


@given(st.lists(fates, max_size=40), days)
def test_the_share_kept_counts_each_promise_once(every: list[Fate], until: date) -> None:
    points = obligations.kept_over_time(every, until)
    assert len(points) <= 12 and [p.day for p in points] == sorted(p.day for p in points)
    for point in points:
        assert 0 <= point.kept + point.broken <= point.due
    counted = [f for f in every if f.state != "waived" and f.due_on <= until]
    assert bool(points) == bool(counted)
    if points:
        assert points[-1].day == until and points[-1].due == len(counted)
    dues = [p.due for p in points]
    assert dues == sorted(dues)
