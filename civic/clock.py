"""The time, as the rest of the code sees it, so that tests and the demo can move it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from civic.settings import settings

_offset = timedelta()


def now() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.now(UTC) + _offset


def today() -> date:
    """The current day in the platform's time zone."""
    return now().astimezone(settings().zone).date()


@contextmanager
def travel(to: datetime) -> Iterator[None]:
    """Make ``now()`` start at ``to`` (aware) and run on from there until the block ends."""
    global _offset
    before = _offset
    _offset = to - datetime.now(UTC)
    try:
        yield
    finally:
        _offset = before


@contextmanager
def shift(by: timedelta) -> Iterator[None]:
    """Move ``now()`` by ``by`` until the block ends."""
    with travel(now() + by):
        yield
