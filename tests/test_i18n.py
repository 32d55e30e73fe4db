"""Languages: texts follow the reader, numbers and times are written as people write them."""

import pickle
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from civic import i18n
from civic.errors import N_, InvalidInput
from civic.i18n import _, lazy
from scripts import translations

LIMIT = N_("At most %(limit)s options can be chosen.")
TABLE = {"search": lazy("Search")}


@pytest.fixture
def english() -> Iterator[None]:
    token = i18n.language.set("en")
    yield
    i18n.language.reset(token)


def test_default_is_chinese_and_a_request_can_change_it() -> None:
    assert _("Search") == "搜索"
    token = i18n.language.set("en")
    assert _("Search") == "Search"
    i18n.language.reset(token)
    assert i18n.gettext("Search", "en") == "Search"
    assert i18n.gettext("Search", "zh-Hans") == "搜索"


def test_a_table_made_early_is_shown_late(english: None) -> None:
    assert str(TABLE["search"]) == f"{TABLE['search']}" == "Search"
    assert TABLE["search"].to("zh-Hans") == "搜索"
    assert TABLE["search"].msgid == "Search"
    assert pickle.loads(pickle.dumps(TABLE["search"])).msgid == "Search"


def test_an_error_is_said_in_the_language_of_its_reader() -> None:
    plain = InvalidInput(LIMIT, reason="too_many_choices", limit=3)
    text = InvalidInput(_(LIMIT), reason="too_many_choices", limit=3)
    for error in (plain, text):
        assert i18n.render(error, "en") == "At most 3 options can be chosen." == str(error)
        assert i18n.render(error, "zh-Hans") == "最多可选 3 项。"


def test_unknown_text_is_itself_and_bad_values_do_not_break() -> None:
    assert _("Nobody wrote this %(x)s", x="1") == "Nobody wrote this 1"
    assert _("100 % sure") == "100 % sure"


def test_plurals(english: None) -> None:
    assert i18n.ngettext("%(num)s comment", "%(num)s comments", 1) == "1 comment"
    assert i18n.ngettext("%(num)s comment", "%(num)s comments", 3) == "3 comments"
    i18n.language.set("zh-Hans")
    assert i18n.ngettext("%(num)s comment", "%(num)s comments", 1) == "1 条意见"
    assert i18n.plain_ngettext("%(num)s comment", "%(num)s comments", 3) == "%(num)s 条意见"


def test_numbers_and_times() -> None:
    at = datetime(2026, 3, 18, 17, 30, tzinfo=UTC)
    assert i18n.datetime_(at) == "2026年3月19日 01:30"
    assert i18n.datetime_(at, "en") == "19 March 2026 01:30"
    assert i18n.date_(date(2026, 3, 18), "en") == "18 March 2026"
    assert i18n.number(1234567) == "1,234,567"
    assert i18n.percent(Fraction(1, 3), 1) == "33.3%"
    assert i18n.percent(0.5) == "50%"
    assert i18n.money(12345) == "¥123.45"
    assert i18n.money(1_234_500) == "¥12,345" and i18n.money(1_234_500, language="en") == "¥12,345"
    assert i18n.ago(at, datetime(2026, 3, 20, 17, 30, tzinfo=UTC), "en") == "2 days ago"


def test_spans_say_nothing_twice() -> None:
    begin = datetime(2026, 12, 7, 1, tzinfo=UTC)  # 09:00 in Shanghai
    hours, days, year = (
        begin + timedelta(hours=8),
        begin + timedelta(days=2, hours=8),
        begin + timedelta(days=30),
    )
    assert i18n.span(begin, hours) == "2026年12月7日 09:00–17:00"
    assert i18n.span(begin, days) == "2026年12月7日 09:00 至 12月9日 17:00"
    assert i18n.span(begin, year) == "2026年12月7日 09:00 至 2027年1月6日 09:00"
    assert i18n.span(begin, hours, "en") == "7 December 2026 09:00–17:00"
    assert i18n.span(begin, days, "en") == "7 December 2026 09:00 – 9 December 17:00"
    assert i18n.span(begin, year, "en") == "7 December 2026 09:00 – 6 January 2027 09:00"


@pytest.mark.parametrize(
    ("part", "whole", "says"),
    [
        (2, 3, "66.7%"),
        (1999, 4000, "49.98%"),
        (2000, 4000, "50.0%"),
        (499_999, 1_000_000, "49.9999%"),
        (6666, 10_000, "66.66%"),
        (1, 5000, "0.02%"),
        (4999, 5000, "99.98%"),
        (0, 7, "0.0%"),
        (7, 7, "100.0%"),
        ("89.5", "179", "50.0%"),
        (3, 0, "0.0%"),
    ],
)
def test_a_share_is_never_rounded_over_what_it_has_to_reach(
    part: int | str, whole: int | str, says: str
) -> None:
    assert i18n.share(part, whole) == says


def test_a_share_is_not_rounded_over_its_own_quorum() -> None:
    assert i18n.share(2996, 10_000, Fraction(3, 10)) == "29.96%" and i18n.share(2996, 10_000) == "30.0%"
    assert i18n.share(299, 1000, Fraction(3, 10), digits=0) == "29.9%"


def test_merging_lets_the_last_file_win_and_drops_the_unused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translations, "CATALOGUE", tmp_path / "folder" / "civic.po")
    monkeypatch.setattr(
        translations, "sources", lambda: {"b": "x:1", "a": "x:2", ("%(n)s cat", "%(n)s cats"): "x:3"}
    )
    one, two = tmp_path / "one.po", tmp_path / "two.po"
    one.write_text('msgid "a"\nmsgstr "甲"\n\nmsgid "b"\nmsgstr "乙"\n\nmsgid "gone"\nmsgstr "去"\n', "utf-8")
    two.write_text(
        'msgid "b"\nmsgstr "二"\n\nmsgid "%(n)s cat"\nmsgid_plural "%(n)s cats"\nmsgstr[0] "%(n)s 只猫"\n',
        "utf-8",
    )
    assert translations.merge([one, two]) == (3, ["gone"])
    assert translations.problems() == []
    text = (tmp_path / "folder" / "civic.po").read_text("utf-8")
    assert text.index('msgid "a"') < text.index('msgid "b"') and "二" in text and "乙" not in text
    before = text
    translations.merge([])
    assert (tmp_path / "folder" / "civic.po").read_text("utf-8") == before


def test_a_wrong_placeholder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translations, "CATALOGUE", tmp_path / "civic.po")
    monkeypatch.setattr(translations, "sources", lambda: {"%(n)s left": "x:1", "none": "x:2"})
    (tmp_path / "civic.po").write_text('msgid "%(n)s left"\nmsgstr "剩 %(m)s"\n', "utf-8")
    assert len(translations.problems()) == 2
