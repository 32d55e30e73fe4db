"""Open days: places and the line, times, calendars, ticket codes, what a report counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from civic.errors import N_, InvalidInput, InvalidState

PUBLIC = ("announced", "held", "cancelled", "reported")  # states; before, only the host sees it
COMPANIONS = 4
DELEGATION = 20
MOST_SLOTS = 12
MOST_CAPACITY = 100_000
LONGEST = timedelta(days=7)
# Crockford's base 32: no letter that is taken for a digit.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
_LOOKS_LIKE = str.maketrans("OILU", "011V")


@dataclass(frozen=True, slots=True)
class Slot:
    """A time and how many people it holds. Times are aware."""

    starts_at: datetime
    ends_at: datetime
    capacity: int


@dataclass(frozen=True, slots=True)
class Group:
    """Who stands in the line: its key and how many they are."""

    key: int
    size: int


def party_size(companions: int, *, delegation: bool = False) -> int:
    """How many places a registration takes. Raises InvalidInput (``companions``)."""
    most = DELEGATION - 1 if delegation else COMPANIONS
    if not 0 <= companions <= most:
        raise InvalidInput(
            N_("You can bring up to %(most)s people."), field="companions", reason="companions", most=most
        )
    return companions + 1


def places_for(size: int, capacity: int, taken: int) -> str:
    """``confirmed`` when the group fits now, else ``waitlisted``.

    Nobody in the line fits (see `promotions`), so who fits now does not overtake anybody who could go in.
    """
    return "confirmed" if size <= capacity - taken else "waitlisted"


def promotions(free: int, line: Iterable[Group]) -> list[int]:
    """Who moves up when places are free: in the order of the line, each group that fits in what is left."""
    moved = []
    for group in line:
        if free <= 0:
            break
        if group.size <= free:
            moved.append(group.key)
            free -= group.size
    return moved


def check_slots(slots: Sequence[Slot]) -> tuple[datetime, datetime]:
    """Beginning and end of an edition. Raises InvalidInput on ``slots``: ``slots``, ``times``, ``capacity``."""
    if not 1 <= len(slots) <= MOST_SLOTS:
        raise InvalidInput(
            N_("An open day has one to %(most)s time slots."), field="slots", reason="slots", most=MOST_SLOTS
        )
    for slot in slots:
        if not slot.starts_at < slot.ends_at:
            raise InvalidInput(N_("A slot ends after it begins."), field="slots", reason="times")
        if not 1 <= slot.capacity <= MOST_CAPACITY:
            raise InvalidInput(
                N_("A slot has room for one person or more."), field="slots", reason="capacity"
            )
    begin, end = min(s.starts_at for s in slots), max(s.ends_at for s in slots)
    if end - begin > LONGEST:
        raise InvalidInput(N_("An open day lasts a week at most."), field="slots", reason="times")
    return begin, end


def check_window(opens_at: datetime, closes_at: datetime, ends_at: datetime) -> None:
    """Raises InvalidInput (``window``) unless registration opens, then closes, before the day is over."""
    if not opens_at < closes_at <= ends_at:
        raise InvalidInput(
            N_("Registration opens first, then closes, at the latest with the end of the day."),
            field="closes_at",
            reason="window",
        )


def check_open(now: datetime, opens_at: datetime, closes_at: datetime) -> None:
    """Raises InvalidState unless registration is open: ``not_open`` or ``registration_closed``."""
    if now < opens_at:
        raise InvalidState(N_("Registration has not opened yet."), reason="not_open")
    if now >= closes_at:
        raise InvalidState(
            N_("Registration is over. Ask the host at the counter."), reason="registration_closed"
        )


def may_ask(state: str, now: datetime, ends_at: datetime) -> bool:
    """Questions are asked from the announcement to the end of the day."""
    return state == "announced" and now < ends_at


def code_of(random: bytes) -> str:
    """A ticket's code out of ten random bytes: ten signs, 50 bits."""
    return "".join(ALPHABET[byte & 31] for byte in random[:CODE_LENGTH])


def read_code(typed: str) -> str:
    """A code as it was meant: letters that look like digits are read as these, spaces and dashes left out.

    The address within a QR code is understood too. Raises InvalidInput (``code``).
    """
    code = (
        typed.strip().rsplit("code=", 1)[-1].upper().replace("-", "").replace(" ", "").translate(_LOOKS_LIKE)
    )
    if len(code) != CODE_LENGTH or set(code) - set(ALPHABET):
        raise InvalidInput(
            N_("This is not a ticket's code. It has ten letters and digits; type it from the ticket."),
            field="code",
            reason="code",
        )
    return code


def shown_code(code: str) -> str:
    """A code as it is printed: two groups of five."""
    return f"{code[:5]}-{code[5:]}"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A slot of a series: minutes after midnight, length in minutes, capacity."""

    at: int
    minutes: int
    capacity: int


def minutes_of(clock: str) -> int:
    """Minutes after midnight of a time such as ``14:30``. Raises InvalidInput on ``slots``."""
    try:
        moment = time.fromisoformat(clock.strip())
    except ValueError:
        raise InvalidInput(
            N_("Write the time as hours and minutes, such as 14:30."), field="slots", reason="time"
        ) from None
    return moment.hour * 60 + moment.minute


def check_patterns(patterns: Sequence[Pattern]) -> None:
    """Raises InvalidInput on ``slots`` for a series whose slots cannot be."""
    if not 1 <= len(patterns) <= MOST_SLOTS:
        raise InvalidInput(
            N_("An open day has one to %(most)s time slots."), field="slots", reason="slots", most=MOST_SLOTS
        )
    for pattern in patterns:
        if not (0 <= pattern.at < 1440 and 1 <= pattern.minutes <= 1440):
            raise InvalidInput(N_("A slot ends after it begins."), field="slots", reason="times")
        if not 1 <= pattern.capacity <= MOST_CAPACITY:
            raise InvalidInput(
                N_("A slot has room for one person or more."), field="slots", reason="capacity"
            )


def slots_on(day: date, patterns: Sequence[Pattern], zone: ZoneInfo) -> list[Slot]:
    """The slots of a series' edition on a day."""
    midnight = datetime.combine(day, time(), zone)
    found = []
    for pattern in patterns:
        start = (midnight.replace(tzinfo=None) + timedelta(minutes=pattern.at)).replace(tzinfo=zone)
        end = (start.replace(tzinfo=None) + timedelta(minutes=pattern.minutes)).replace(tzinfo=zone)
        found.append(Slot(start, end, pattern.capacity))
    return found
