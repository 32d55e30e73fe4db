"""Texts that break things: ../shared/data/hostile where it is there, and a list of our own in any case."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLList, GraphQLNonNull, GraphQLSchema

from tests.support.server import ROOT

FILE = ROOT.parent / "shared" / "data" / "hostile" / "big-list-of-naughty-strings.json"
naughty = pytest.mark.skipif(
    not FILE.exists(), reason="needs ../shared/data, which is not part of the project"
)

OURS = [
    "", " ", "\u3000", "\u200b\u200d\ufeff", "\u3164", "a\nb\r\nc\u2028d", "\tt\u000bv\u000cf", "\x01\x1b[31m\x7f\x85",
    "=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "'; DROP TABLE proposal; --", "' OR 1=1 --", "%s%n%x", "%(limit)s", "%",
    "{{ 7*7 }}", "{% raw %}", "${7*7}", "#{7*7}", "{}", "{0.__class__}", "null", "None", "../../etc/passwd", "\\", '"',
    "<!--", "\u202eevil\u2066", "e\u0301", "\u1100\u1161\u11a8", "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u0e33" * 50, "a" + "\u0300" * 150, "\ufdfa" * 10, "中" * 190, "x" * 100_000, "𠮷野家", "１２３", "-1", "9" * 400,
    "1e309", "NaN", "*", "_" * 60, "[x](javascript:alert(1))", "![](x onerror=alert(1))", "<a href=data:text/html,x>",
    "```\n" * 20, "> " * 500, "[" * 500, "* " * 200, "|a|b|\n|-|-|\n" * 20,
]  # fmt: skip
NUL = ["\x00", "a\x00b", "甲" * 20 + "\x00"]
NUMBERS = [0, -1, 1, 5, 2**31 - 1, -(2**31)]
DAYS = ["0001-01-01", "1582-10-10", "2026-02-28", "9999-12-31"]
TIMES = [
    "0001-01-01T00:00:00+14:00",
    "1970-01-01T00:00:00Z",
    "2026-11-24T23:59:60Z",
    "9999-12-31T23:59:59-12:00",
]


def strings() -> list[str]:
    """The strings of the file, each once, and ours."""
    found = json.loads(FILE.read_text("utf-8")) if FILE.exists() else []
    return list(dict.fromkeys([*found, *OURS]))


def scripts() -> list[str]:
    """Those that try to run a script, and some of our own."""
    marks = ("script", "alert", "onerror", "javascript", "onload", "<img", "<svg", "&#", "<iframe", "<")
    return [text for text in strings() if any(mark in text.lower() for mark in marks) and len(text) < 400]


Path = tuple[str | int, ...]


def leaves(kind: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Of an input type: the path and the scalar's name of each value, a list by its first element."""
    while isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    if isinstance(kind, GraphQLList):
        yield from leaves(kind.of_type, (*path, 0))
    elif isinstance(kind, GraphQLInputObjectType):
        if len(path) < 8:
            for name, field in kind.fields.items():
                yield from leaves(field.type, (*path, name))
    elif not isinstance(kind, GraphQLEnumType):
        yield path, kind.name


def sample(kind: Any, values: dict[str, Any], name: str = "") -> Any:
    """A harmless value of an input type; ``values`` gives those of fields by their name."""
    required = isinstance(kind, GraphQLNonNull)
    inner = kind.of_type if required else kind
    if name in values:
        return values[name]
    if isinstance(inner, GraphQLList):
        item = sample(inner.of_type, values, name)
        return [] if item is None else [item]
    if isinstance(inner, GraphQLInputObjectType):
        return {field: sample(given.type, values, field) for field, given in inner.fields.items()}
    if isinstance(inner, GraphQLEnumType):
        return next(iter(inner.values))
    if inner.name == "ID":
        return None if not required else "eA"
    plain = {
        "Int": 1,
        "Float": 1.0,
        "Boolean": True,
        "Date": "2027-03-01",
        "DateTime": "2027-03-01T02:00:00Z",
    }
    return plain.get(inner.name, "示例文字" if inner.name == "String" else None)


def placed(value: Any, path: Path, new: Any) -> Any:
    """A copy of ``value`` with ``new`` at ``path``, whose places are made where they are missing."""
    if not path:
        return new
    head, rest = path[0], path[1:]
    if isinstance(head, int):
        first = value[0] if isinstance(value, list) and value else None
        return [placed(first, rest, new), *(value[1:] if isinstance(value, list) else [])]
    whole = dict(value) if isinstance(value, dict) else {}
    whole[head] = placed(whole.get(head), rest, new)
    return whole


def selection(schema: GraphQLSchema, kind: Any) -> str:
    """The least that can be selected of a type: ``{ __typename }``, or nothing of a scalar."""
    while hasattr(kind, "of_type"):
        kind = kind.of_type
    return " { __typename }" if hasattr(kind, "fields") or hasattr(kind, "types") else ""
