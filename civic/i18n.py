"""The platform's two languages: texts, numbers and times.

English texts are their own message ids; the Chinese stands in ``locales/zh_Hans/LC_MESSAGES/civic.po``,
read as it is (there is no compiled catalogue to forget). `language` is a context variable that a request
sets; everything here follows it unless told otherwise.
"""

from __future__ import annotations

from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import SupportsIndex

from babel import dates, numbers
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from civic import clock
from civic.errors import CivicError, fill
from civic.settings import settings

CATALOGUE = Path(__file__).resolve().parent / "locales" / "zh_Hans" / "LC_MESSAGES" / "civic.po"
LANGUAGES = ("zh-Hans", "en")
_LOCALES = {"zh-Hans": "zh_Hans_CN", "en": "en_GB"}

# The reader's language, "zh-Hans" or "en"; unset means the platform's default.
language: ContextVar[str | None] = ContextVar("language", default=None)


def current() -> str:
    """The language that texts are shown in now: ``zh-Hans`` or ``en``."""
    return language.get() or settings().default_language


@lru_cache(maxsize=1)
def catalogue() -> Catalog:
    """The Chinese catalogue, read once a process; empty while there is none."""
    if not CATALOGUE.exists():
        return Catalog(locale="zh_Hans")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans", domain="civic")


@lru_cache(maxsize=1)
def _chinese() -> dict[str, str]:
    """Chinese by English. Chinese has one plural form, filed under both English ones."""
    found: dict[str, str] = {}
    for message in catalogue():
        if not message.id or message.fuzzy or not message.string:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        text = message.string if isinstance(message.string, str) else message.string[0]
        if text:
            found.update(dict.fromkeys(ids, text))
    return found


def translate(msgid: str, to: str) -> str:
    """The text of ``msgid`` in a language; the English itself where there is no translation."""
    return _chinese().get(msgid, msgid) if to.startswith("zh") else msgid


class Text(str):
    """A translated text that remembers where it came from.

    As a value it is in the language of the moment when it was made; ``str()``, ``format`` and templates give it
    in the language of the moment of showing, so a table of texts made at import time also works.
    """

    msgid: str
    values: dict[str, int | str]

    def __new__(cls, msgid: str, values: dict[str, int | str] | None = None) -> Text:
        self = super().__new__(cls, fill(translate(msgid, current()), values or {}))
        self.msgid = msgid
        self.values = values or {}
        return self

    def __str__(self) -> str:
        return self.to(current())

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __mod__(self, values: object) -> str:
        return str(self) % values

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[type[Text], tuple[str, dict[str, int | str]]]:
        return Text, (self.msgid, self.values)

    def to(self, language: str) -> str:
        """The text in this language, its values filled in."""
        return fill(translate(self.msgid, language), self.values)


def _(msgid: str, **values: int | str) -> Text:
    """The text in the reader's language, with ``%(name)s`` places filled from ``values``."""
    return Text(msgid, values)


def lazy(msgid: str) -> Text:
    """A text for tables made at import time; shown (``str``) in the language of the moment."""
    return Text(msgid)


def gettext(msgid: str, language: str | None = None) -> str:
    """The plain translated template, in ``language`` or the reader's."""
    return translate(msgid, language or current())


def ngettext(singular: str, plural: str, n: int, **values: int | str) -> str:
    """The form for ``n``, in the reader's language; ``%(n)s`` and ``%(num)s`` are ``n``, others from ``values``."""
    values = {"n": n, "num": n, **values}
    chosen = singular if n == 1 else plural
    return fill(translate(chosen, current()), values) if "%(" in chosen else translate(chosen, current())


def plain_ngettext(singular: str, plural: str, n: int) -> str:
    """The unfilled form for ``n``: what Jinja's ``trans … pluralize`` wants."""
    return translate(singular if n == 1 else plural, current())


def render(error: CivicError, language: str | None = None) -> str:
    """What a refusal says, in ``language`` or the reader's, its values filled in."""
    return fill(translate(error.msgid, language or current()), error.details)


def locale(language: str | None = None) -> str:
    """Babel's locale of a language."""
    return _LOCALES.get(language or current(), "en_GB")


def number(value: int | float | Decimal, language: str | None = None) -> str:
    """A number with its digits grouped: 12,345."""
    return numbers.format_decimal(value, locale=locale(language))


def percent(ratio: int | float | Decimal | Fraction, digits: int = 0, language: str | None = None) -> str:
    """A share as per cent: 0.256 with one digit is 25.6%. Halves round to even."""
    exact = Decimal(ratio.numerator) / Decimal(ratio.denominator) if isinstance(ratio, Fraction) else ratio
    pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
    return numbers.format_percent(exact, format=pattern, locale=locale(language))


# Where a share means something: what a majority, a quorum or everybody is.
MARKS = (Fraction(0), Fraction(1, 2), Fraction(2, 3), Fraction(3, 4), Fraction(1))


def share(
    part: int | str | Fraction,
    whole: int | str | Fraction,
    mark: Fraction | None = None,
    digits: int = 1,
    language: str | None = None,
) -> str:
    """A part of a whole as per cent, with so many digits that rounding carries it neither onto nor over a mark.

    1999 of 4000 is 49.98%, not 50.0%. ``mark``: one more beside `MARKS`. Of nothing it is 0.
    """
    exact = Fraction(part) / Fraction(whole) if Fraction(whole) else Fraction(0)
    marks = [m for m in (*MARKS, mark) if m is not None and m != exact]
    for places in range(digits, 12):
        step = 100 * 10**places
        shown = Fraction(round(exact * step), step)
        if all((shown < m) == (exact < m) and shown != m for m in marks):
            break
    return percent(shown, places, language)


def money(minor: int, language: str | None = None) -> str:
    """An amount in fen as people write it in both languages: 12345 is ¥123.45, and 12300 is ¥123."""
    pattern = "¥#,##0.00" if minor % 100 else "¥#,##0"
    return numbers.format_decimal(Decimal(minor).scaleb(-2), pattern, locale=locale(language))


def date_(day: date | datetime, language: str | None = None) -> str:
    """A day: 2026年3月18日, 18 March 2026. A datetime is first taken to the platform's zone."""
    if isinstance(day, datetime):
        day = day.astimezone(settings().zone).date()
    return dates.format_date(day, format="long", locale=locale(language))


def day_(at: date | datetime, language: str | None = None) -> str:
    """A day near by, with its weekday: 11月28日周六, Sat 28 Nov; with the year where it is not this one."""
    if isinstance(at, datetime):
        at = at.astimezone(settings().zone).date()
    here = clock.today().year == at.year
    return dates.format_skeleton("MMMEd" if here else "yMMMEd", at, locale=locale(language))


def days_left(at: date | datetime) -> int:
    """Days from today until a day or moment, by the platform's calendar: 0 today, negative when it is past."""
    if isinstance(at, datetime):
        at = at.astimezone(settings().zone).date()
    return (at - clock.today()).days


def time_(at: datetime, language: str | None = None) -> str:
    """The time of day in the platform's zone: 17:00."""
    return dates.format_time(at, format="HH:mm", tzinfo=settings().zone, locale=locale(language))


def datetime_(at: datetime, language: str | None = None) -> str:
    """Day and time in the platform's zone. ``at`` is aware."""
    return f"{date_(at, language)} {time_(at, language)}"


def span(begin: datetime, end: datetime, language: str | None = None) -> str:
    """From a time to a time: the day stands once when both are on it, the year when both are in it.

    1 March 2026 09:00–17:00; 1 March 2026 09:00 – 3 March 17:00; 2026年3月1日 09:00 至 3月3日 17:00.
    """
    zone, chosen = settings().zone, locale(language)
    first, last = begin.astimezone(zone), end.astimezone(zone)
    if first.date() == last.date():
        return f"{datetime_(begin, language)}–{time_(end, language)}"
    if first.year == last.year:
        day = dates.format_date(last, "M月d日" if chosen.startswith("zh") else "d MMMM", locale=chosen)
        until = f"{day} {time_(end, language)}"
    else:
        until = datetime_(end, language)
    return f"{datetime_(begin, language)} {'至' if chosen.startswith('zh') else '–'} {until}"


def due(at: datetime, language: str | None = None) -> str:
    """A deadline: Fri 4 Dec, 17:00; 12月4日（周五）17:00. With the year when it is not this year's."""
    chosen, zone = locale(language), settings().zone
    other_year = at.astimezone(zone).year != clock.today().year
    if chosen.startswith("zh"):
        pattern = ("y年" if other_year else "") + "M月d日（EEE）HH:mm"
    else:
        pattern = "EEE d MMM" + (" y" if other_year else "") + ", HH:mm"
    return dates.format_datetime(at, pattern, tzinfo=zone, locale=chosen)


def ago(at: datetime, now: datetime | None = None, language: str | None = None) -> str:
    """How long ago, or until: 3天前, in 2 days. Both times are aware."""
    return dates.format_timedelta(
        at - (now or datetime.now(UTC)), add_direction=True, locale=locale(language)
    )
