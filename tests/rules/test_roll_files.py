"""Rolls as files: what is read, what is refused and how it is named, and hashes of rolls."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.errors import InvalidInput
from civic.rules import rolls
from civic.rules.electorate import clean_electorate, least_quorum
from civic.rules.person_key import person_key
from tests.support.rolls import document, table

PEPPER = b"p" * 32


def reasons(content: bytes) -> list[tuple[int, str]]:
    found = rolls.read(content, PEPPER)
    assert found.wrong == len(found.refused)
    return [(refused.line, refused.error.reason) for refused in found.refused]


def weights(content: bytes) -> dict[str, int]:
    """By key the weight, of a file in which nothing is wrong."""
    found = rolls.read(content, PEPPER)
    assert not found.wrong and [key for key, _ in found.lines()] == sorted(key for key, _ in found.lines())
    return dict(found.lines())


def refused(content: bytes) -> str:
    with pytest.raises(InvalidInput) as caught:
        rolls.read(content, PEPPER)
    return caught.value.reason


def test_keys_and_exact_weights() -> None:
    found = rolls.read(table([[document(1), "89.5"], [document(2), "0.01"], [document(3), "120"]]), PEPPER)
    assert (found.rows, found.weighted, found.wrong, found.weight) == (3, True, 0, 8950 + 1 + 12000)
    keys = [person_key(PEPPER, document(n)) for n in (1, 2, 3)]
    assert dict(found.lines()) == dict(zip(keys, (8950, 1, 12000), strict=True))
    assert list(found.lines(1, 9)) == sorted(found.lines())[1:]
    assert [rolls.plain_weight(w) for w in (8950, 1, 12000, 105)] == ["89.5", "0.01", "120", "1.05"]


@pytest.mark.parametrize(
    "content",
    [
        "﻿证件号码\r\n" + document(1) + "\r\n\r\n",
        "document_number\n" + document(1),
        "Document_Number\n" + document(1).lower() + " \n",
        '"身份证号"\n"' + document(1) + '"\n',
    ],
)
def test_with_and_without_a_mark_and_any_line_end(content: str) -> None:
    found = rolls.read(content.encode(), PEPPER)
    assert list(found.lines()) == [(person_key(PEPPER, document(1)), 100)] and not found.weighted


def test_semicolons_and_tabs_part_cells_too() -> None:
    for sign in (";", "\t"):
        assert list(weights(f"权重{sign}证件号码\n3{sign}{document(1)}\n".encode()).values()) == [300]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (f"证件号码\n{document(1)}\n".encode("gb18030"), "encoding"),
        (f"证件号码\n{document(1)}\n".encode("utf-16"), "encoding"),
        (b"document_number\n\xff\xfe\n", "encoding"),
        (b"document_number\n1234\x005678\n", "encoding"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"", "columns"),
        (b"weight\n3\n", "columns"),
        ("证件号码,document_number\n".encode(), "columns"),
        ("证件号码,权重,面积\n".encode(), "columns"),
        ("证件号码,姓名\n".encode(), "unknown_column"),
        ("=证件号码\n".encode(), "unknown_column"),
        ("证件号码\n\n\n".encode(), "empty"),
        (b'document_number\n"31010', "table"),
        (table([[document(n), "300000000"] for n in range(2)]), "too_heavy"),
    ],
)
def test_a_file_that_is_no_roll(content: bytes, reason: str) -> None:
    assert refused(content) == reason


def test_what_is_wrong_with_single_lines() -> None:
    rows = [
        [document(1), "1"],
        ["=" + document(2), "1"],
        [document(3), "=1+1"],
        [document(4), "+1"],
        ["3.10104E+17", "1"],
        [document(5)[:-1] + "0" if document(5)[-1] != "0" else document(5)[:-1] + "1", "1"],
        [document(6), "0"],
        [document(7), "1.005"],
        [document(8), "１"],
        [document(9), ""],
        [document(10), "1", "2"],
        [document(1), "2"],
        [" " + document(1).lower() + " ", "3"],
        ["@SUM(A1)", "1"],
        [document(11), "1e3"],
    ]
    assert reasons(table(rows)) == [
        (3, "formula"), (4, "formula"), (5, "formula"), (6, "rounded"), (7, "document_number"), (8, "weight"),
        (9, "weight"), (10, "weight"), (11, "weight"), (12, "cells"), (13, "twice"), (14, "twice"), (15, "formula"),
        (16, "weight"),
    ]  # fmt: skip


def test_no_number_stands_in_an_error() -> None:
    found = rolls.read(
        table([["310104190001010000", "1"], [document(1), "x"], ["=cmd|' /C calc'!A0", "1"]]), PEPPER
    )
    said = repr([(r.key, r.error.message, r.error.details) for r in found.refused])
    assert found.wrong == 3 and "310104" not in said and "calc" not in said


def test_of_very_many_wrong_lines_some_are_named_and_all_counted() -> None:
    found = rolls.read(table([["x"]] * 5000, "证件号码"), PEPPER)
    assert (found.rows, found.wrong, len(found.refused)) == (5000, 5000, rolls.MOST_REFUSED)


def test_more_lines_than_a_roll_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolls, "MOST_LINES", 3)
    assert refused(table([[document(n)] for n in range(4)], "证件号码")) == "too_many"


@given(st.lists(st.tuples(st.integers(0, 999), st.integers(1, 10**9)), max_size=20))
def test_any_table_is_read_as_python_reads_it(rows: list[tuple[int, int]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["证件号码", "权重"])
    writer.writerows([document(n), f"{w // 100}.{w % 100:02}"] for n, w in rows)
    expected: dict[str, int] = {}
    for n, w in rows:
        expected.setdefault(person_key(PEPPER, document(n)), w)
    if not rows:
        assert refused(out.getvalue().encode()) == "empty"
        return
    found = rolls.read(out.getvalue().encode(), PEPPER)
    assert dict(found.lines()) == expected and found.weight == sum(expected.values())
    assert found.wrong == len(rows) - len(expected)


def test_the_hash_is_of_one_roll_of_one_ballot() -> None:
    lines = [("a" * 64, 1), ("b" * 64, 2)]
    known = rolls.roll_hash(1, lines)
    others = [
        rolls.roll_hash(2, lines),
        rolls.roll_hash(1, lines[:1]),
        rolls.roll_hash(1, [("a" * 64, 1), ("b" * 64, 3)]),
    ]
    assert known == rolls.roll_hash(1, iter(lines)) and known not in others and len(set(others)) == 3


def test_rare_weights() -> None:
    assert rolls.rare([(100, 5), (200, 4), (300, 1)], 5) == 5
    assert rolls.rare([(100, 5)], 5) == 0


def test_owners_decide_with_two_thirds_present() -> None:
    assert least_quorum("dual_majority", (0, 100)) == (2, 3) == least_quorum("dual_three_quarters", (66, 100))
    assert least_quorum("dual_majority", (67, 100)) == (67, 100)
    assert least_quorum("majority", (0, 100)) == (0, 100)
    assert clean_electorate("blocs", ["institution", "government"], "majority") == (
        "blocs",
        ["government", "institution"],
    )
