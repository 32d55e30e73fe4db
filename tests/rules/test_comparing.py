"""Differences, search, likeness, and the two smallest rules."""

import sqlite3
import time
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.rules import search_text
from civic.rules.diffs import diff
from civic.rules.electorate import is_eligible
from civic.rules.similarity import most_similar, score
from civic.rules.thresholds import inherit, reached

mixed = st.text(st.sampled_from("公共长椅，。的提案 ab1-_\n\r\t"), max_size=60) | st.text(max_size=40)


@given(mixed, mixed)
def test_a_difference_rebuilds_both_texts(old: str, new: str) -> None:
    parts = diff(old, new)
    assert "".join(p["text"] for p in parts if p["op"] != "add") == old
    assert "".join(p["text"] for p in parts if p["op"] != "del") == new
    assert all(p["text"] for p in parts)
    assert all(a["op"] != b["op"] for a, b in pairwise(parts))
    assert (old != new) == any(p["op"] != "same" for p in parts)


def test_chinese_by_the_character_and_english_by_the_word() -> None:
    assert diff("增设公共长椅", "增设公园长椅") == [
        {"op": "same", "text": "增设公"},
        {"op": "del", "text": "共"},
        {"op": "add", "text": "园"},
        {"op": "same", "text": "长椅"},
    ]
    assert {"op": "del", "text": "benches"} in diff("more benches here", "more bench here")


def test_long_texts_are_fast() -> None:
    old = "".join(chr(0x4E00 + i * 7919 % 5000) for i in range(20_000))
    started = time.perf_counter()
    assert diff(old, old[::-1])[0]["op"] == "del"
    lines = "\n".join(old[i : i + 80] for i in range(0, len(old), 80))
    assert len(diff(lines, lines.replace("一", "二"))) >= 1
    assert time.perf_counter() - started < 3


DOCUMENTS = [
    "增设公共长椅的提案",
    "公共照明改造：A座到B座",
    "公共听证会纪要（2026年第3次）",
    "More benches in Zhongshan Park 无障碍 纪要",
]
EXPECTED = [
    ("长椅", {0}),
    ("公共", {0, 1, 2}),
    ("照明", {1}),
    ("听证", {2}),
    ("bench", {3}),
    ("BENCHES", {3}),
    ("无障碍", {3}),
    ("纪要", {2, 3}),
    ("椅", {0}),
    ("座", {1}),
    ("共长", {0}),
    ("公共 纪要", {2}),
    ("椅的提案增设", set()),
    ("长椅 照明", set()),
    ("ｂｅｎｃｈ　ＰＡＲＫ", {3}),
    ("2026", {2}),
]


@pytest.fixture(scope="module")
def index() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute(
        'CREATE VIRTUAL TABLE t USING fts5(terms, tokenize="porter unicode61 remove_diacritics 2")'
    )
    for number, document in enumerate(DOCUMENTS):
        database.execute(
            "INSERT INTO t(rowid, terms) VALUES (?, ?)", (number, search_text.index_text(document))
        )
    return database


@pytest.mark.parametrize(("query", "found"), EXPECTED)
def test_search_on_the_real_index(index: sqlite3.Connection, query: str, found: set[int]) -> None:
    rows = index.execute("SELECT rowid FROM t WHERE t MATCH ?", (search_text.match_fts5(query),))
    assert {row[0] for row in rows} == found


@given(st.text(max_size=60))
def test_no_query_breaks_the_index(query: str) -> None:
    match = search_text.match_fts5(query)
    assert bool(match) == bool(search_text.match_tsquery(query)) == bool(search_text.terms(query))
    database = sqlite3.connect(":memory:")
    database.execute(
        'CREATE VIRTUAL TABLE t USING fts5(terms, tokenize="porter unicode61 remove_diacritics 2")'
    )
    if match:
        database.execute("SELECT rowid FROM t WHERE t MATCH ?", (match,)).fetchall()
    database.close()


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=30), st.data())
def test_every_piece_of_a_text_finds_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : data.draw(st.integers(start + 1, len(text)))]
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE t USING fts5(terms)")
    database.execute("INSERT INTO t VALUES (?)", (search_text.index_text(text),))
    rows = database.execute("SELECT 1 FROM t WHERE t MATCH ?", (search_text.match_fts5(piece),)).fetchall()
    database.close()
    assert rows == [(1,)]


def test_the_query_for_postgresql() -> None:
    assert search_text.match_tsquery("公共长椅 Bench") == "('公共' <-> '共长' <-> '长椅') & 'bench':*"
    assert search_text.match_tsquery("' & !:*") == ""


@given(mixed, mixed)
def test_likeness_is_a_share_and_symmetric(one: str, other: str) -> None:
    assert 0 <= score(one, other) == score(other, one) <= 1
    assert score(one, one) == (1 if search_text.tokens(one) else 0)


def test_the_most_alike_come_first() -> None:
    candidates = [(1, "改善公园照明"), (2, "在公园增设长椅"), (3, "公园里增设公共长椅")]
    found = most_similar("公园增设公共长椅", candidates)
    assert [key for key, _ in found] == [3, 2]
    assert all(ratio >= Fraction(1, 5) for _, ratio in found)
    assert most_similar("，。", candidates) == []


def test_the_nearest_area_decides() -> None:
    assert inherit([None, 30, 80], 50) == 30
    assert inherit([None, None], 50) == 50
    assert inherit([0], 50) == 0
    assert reached(3, 2, 5) and not reached(3, 1, 5)
    assert not reached(0, 0, 0) and reached(1, 0, 0)


def test_who_may_vote() -> None:
    now = datetime(2026, 3, 18, tzinfo=UTC)
    later = now + timedelta(days=1)
    assert is_eligible("verified", later, {1, 2}, 2, now)
    assert is_eligible("verified", None, {1, 2}, 2, now)
    assert not is_eligible("verified", now, {1, 2}, 2, now)
    assert not is_eligible("claimed", later, {1, 2}, 2, now)
    assert not is_eligible("verified", later, {1, 2}, 3, now)
