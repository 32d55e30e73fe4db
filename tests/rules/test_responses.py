"""The scoreboard's arithmetic, exact; and what a notification's clock says."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from civic.rules.notifications import digest_boundary, retry_after
from civic.rules.responses import Asked, distribution, median, score, share_used

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)


def asked(days: int | None, due: int = 5, **more: object) -> Asked:
    """Asked on Monday, due after ``due`` days, answered after ``days``."""
    answered = MONDAY + timedelta(days=days) if days is not None else None
    return Asked(MONDAY, MONDAY + timedelta(days=due), answered, **more)  # type: ignore[arg-type]


def test_a_department_s_line() -> None:
    now = MONDAY + timedelta(days=10)
    items = [
        asked(1, stars=(5, 4)), asked(4, escalated=True, stars=(1,)), asked(8), asked(None), asked(None, due=20),
        asked(2, passed_on=True),
    ]  # fmt: skip
    promises = [
        ("confirmed", date(2026, 3, 20)), ("overdue", date(2026, 3, 20)), ("pending", date(2027, 1, 1)),
        ("waived", date(2026, 3, 1)), ("confirmed", date(2027, 1, 1)), ("broken", date(2026, 3, 2)),
    ]  # fmt: skip
    line = score(items, promises, now, ZONE)
    assert (line.answered, line.awaiting, line.overdue) == (4, 2, 1)
    assert line.on_time == (3, 5)
    assert line.median_days == 4  # 1, 4 and 6 working days
    assert line.escalated == (1, 3)
    assert (line.satisfaction, line.ratings) == (Fraction(10, 3), 3)
    assert line.kept == (2, 4)


def test_nothing_to_count() -> None:
    line = score([], [], MONDAY, ZONE)
    assert (line.on_time, line.median_days, line.satisfaction, line.kept) == ((0, 0), None, None, (0, 0))


@given(st.lists(st.integers(0, 1000), min_size=1))
def test_half_lie_on_each_side_of_the_median(values: list[int]) -> None:
    middle = median(values)
    assert middle is not None
    assert 2 * sum(v < middle for v in values) <= len(values)
    assert 2 * sum(v > middle for v in values) <= len(values)


@given(st.lists(st.integers(1, 5)))
def test_every_star_is_counted(stars: list[int]) -> None:
    counts = distribution(stars)
    assert sum(counts) == len(stars) and sum(n * c for n, c in enumerate(counts, 1)) == sum(stars)


def test_the_share_of_the_time() -> None:
    assert [share_used(20, left) for left in (20, 10, 4, 0, -5)] == [0, 50, 80, 100, 125]
    assert share_used(0, 0) == 100


def test_digests_and_second_attempts() -> None:
    before, after = datetime(2026, 3, 17, 23, 59, tzinfo=UTC), datetime(2026, 3, 18, 0, 0, tzinfo=UTC)
    assert digest_boundary(after, ZONE) == after
    assert digest_boundary(before, ZONE) == after - timedelta(days=1)
    waits = [retry_after(n) for n in range(1, 9)]
    assert waits[0] == timedelta(minutes=1) and waits[-1] is None
    assert all(a < b for a, b in pairwise(waits[:-1]))  # type: ignore[operator]
