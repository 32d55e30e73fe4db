"""Places and the line, codes, slots, windows."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.errors import InvalidInput, InvalidState
from civic.rules import open_days
from civic.rules.open_days import Group, Pattern, Slot

NOW = datetime(2026, 3, 18, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


@given(st.integers(0, 40), st.lists(st.integers(1, 5), max_size=30))
def test_a_freed_place_goes_to_the_first_group_that_fits(free: int, sizes: list[int]) -> None:
    line = [Group(key, size) for key, size in enumerate(sizes)]
    moved = open_days.promotions(free, line)
    assert moved == sorted(moved) and len(set(moved)) == len(moved)
    taken = sum(sizes[key] for key in moved)
    assert taken <= free
    left = free
    for key, size in enumerate(sizes):
        if key in moved:
            left -= size
        else:
            assert size > left, "a group that fitted was passed over"


@given(st.integers(1, 50), st.lists(st.one_of(st.integers(1, 5), st.none()), max_size=60))
def test_nobody_who_fits_ever_waits(capacity: int, events: list[int | None]) -> None:
    """Arrivals of groups, and departures (None) of the earliest who has places, in any order."""
    taken, line, inside, key = 0, [], [], 0
    for size in events:
        if size is None:
            if not inside:
                continue
            taken -= inside.pop(0).size
            moved = set(open_days.promotions(capacity - taken, line))
            inside += [g for g in line if g.key in moved]
            taken += sum(g.size for g in line if g.key in moved)
            line = [g for g in line if g.key not in moved]
        else:
            key += 1
            group = Group(key, size)
            if open_days.places_for(size, capacity, taken) == "confirmed":
                inside.append(group)
                taken += size
            else:
                line.append(group)
        assert 0 <= taken <= capacity
        assert all(group.size > capacity - taken for group in line)


@pytest.mark.parametrize(("companions", "delegation", "size"), [(0, False, 1), (4, False, 5), (19, True, 20)])
def test_sizes(companions: int, delegation: bool, size: int) -> None:
    assert open_days.party_size(companions, delegation=delegation) == size


@pytest.mark.parametrize(("companions", "delegation"), [(5, False), (-1, False), (20, True)])
def test_too_many_companions(companions: int, delegation: bool) -> None:
    with pytest.raises(InvalidInput) as refused:
        open_days.party_size(companions, delegation=delegation)
    assert refused.value.reason == "companions"


@given(st.binary(min_size=10, max_size=10))
def test_codes_are_read_as_they_are_shown(random: bytes) -> None:
    code = open_days.code_of(random)
    assert open_days.read_code(open_days.shown_code(code).lower()) == code
    assert open_days.read_code(f"https://civic.example/open-days/7/door?code={code}") == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("o1234-5678l", "0123456781"),
        ("I2345 6789u", "123456789V"),
        ("", None),
        ("123", None),
        ("!" * 10, None),
    ],
)
def test_typed_codes(typed: str, code: str | None) -> None:
    if code:
        assert open_days.read_code(typed) == code
    else:
        with pytest.raises(InvalidInput):
            open_days.read_code(typed)


@pytest.mark.parametrize(
    ("slots", "reason"),
    [
        ([], "slots"),
        ([Slot(NOW, NOW, 3)], "times"),
        ([Slot(NOW, NOW + HOUR, 0)], "capacity"),
        ([Slot(NOW, NOW + HOUR, 1), Slot(NOW + 200 * HOUR, NOW + 201 * HOUR, 1)], "times"),
        ([Slot(NOW, NOW + HOUR, 1)] * 13, "slots"),
    ],
)
def test_slots_that_cannot_be(slots: list[Slot], reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        open_days.check_slots(slots)
    assert refused.value.reason == reason


def test_the_window() -> None:
    open_days.check_window(NOW, NOW + HOUR, NOW + HOUR)
    with pytest.raises(InvalidInput):
        open_days.check_window(NOW, NOW + 2 * HOUR, NOW + HOUR)
    open_days.check_open(NOW, NOW, NOW + HOUR)
    for now, reason in ((NOW - HOUR, "not_open"), (NOW + HOUR, "registration_closed")):
        with pytest.raises(InvalidState) as refused:
            open_days.check_open(now, NOW, NOW + HOUR)
        assert refused.value.reason == reason
    assert open_days.may_ask("announced", NOW, NOW + HOUR) and not open_days.may_ask("announced", NOW, NOW)


def test_slots_of_a_series_keep_the_clock_of_the_place() -> None:
    zone = ZoneInfo("Europe/Madrid")
    (slot,) = open_days.slots_on(date(2026, 3, 29), [Pattern(90, 120, 5)], zone)
    assert slot.starts_at.isoformat() == "2026-03-29T01:30:00+01:00"
    assert slot.ends_at.isoformat() == "2026-03-29T03:30:00+02:00"  # the clocks went forward between
    assert open_days.minutes_of("14:30") == 870
    for wrong in ("25:00", "soon", ""):
        with pytest.raises(InvalidInput):
            open_days.minutes_of(wrong)
    for pattern in (Pattern(1440, 60, 1), Pattern(0, 0, 1), Pattern(0, 60, 0)):
        with pytest.raises(InvalidInput):
            open_days.check_patterns([pattern])
