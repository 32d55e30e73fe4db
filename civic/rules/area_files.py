"""Reads files of areas: nested JSON (``code``, ``name``, ``children``), or CSV (``code,name,level,parent_code``).

Codes are kept as they stand. (To fill up ``31`` to the six digits of GB/T 2260 would make ``4419``, a city, the
same as ``441900`` below it.)
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from civic.errors import N_, InvalidInput
from civic.rules.import_rows import Refused
from civic.rules.text import one_line

LEVELS = ("country", "province", "city", "district", "street", "community", "grid", "building")
_BY_LENGTH = {2: "province", 4: "city", 6: "district", 9: "street", 12: "community"}


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area to be. ``parent`` is the code of the area above, or ""."""

    line: int
    code: str
    name: str
    level: str
    parent: str


def read(text: str) -> Iterator[AreaLine | Refused]:
    """The rows of a file in their order. InvalidInput when it is no such file at all."""
    seen: set[str] = set()
    rows = _from_json(text) if text.lstrip()[:1] in ("[", "{") else _from_csv(text)
    for line, raw in rows:
        row = _clean(line, raw, seen)
        if isinstance(row, AreaLine):
            seen.add(row.code)
        yield row


def _from_json(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        tree = json.loads(text)
    except ValueError:
        raise InvalidInput(N_("This is not valid JSON."), field="file", reason="json") from None
    number = 0
    waiting: list[tuple[Any, str]] = [
        (node, "") for node in reversed(tree if isinstance(tree, list) else [tree])
    ]
    while waiting:
        node, parent = waiting.pop()
        number += 1
        if not isinstance(node, dict):
            yield number, {}
            continue
        code = str(node.get("code", ""))
        level = str(node.get("level") or _BY_LENGTH.get(len(code), ""))
        yield number, {"code": code, "name": str(node.get("name", "")), "level": level, "parent_code": parent}
        waiting.extend((child, code) for child in reversed(node.get("children") or []))


def _from_csv(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    table = csv.DictReader(io.StringIO(text))
    if not {"code", "name"} <= set(table.fieldnames or ()):
        raise InvalidInput(
            N_("The first line names the columns: code,name,level,parent_code."),
            field="file",
            reason="columns",
        )
    for raw in table:
        yield table.line_num, {name: value or "" for name, value in raw.items() if isinstance(name, str)}


def _clean(line: int, raw: dict[str, str], seen: set[str]) -> AreaLine | Refused:
    code = raw.get("code", "").strip()
    parent = raw.get("parent_code", "").strip()
    level = raw.get("level", "").strip() or _BY_LENGTH.get(len(code), "")

    def refused(message: str, reason: str) -> Refused:
        return Refused(line, code, InvalidInput(message, field="area", reason=reason))

    if not code.isalnum() or len(code) > 20:
        return refused(N_("An area needs a code of up to 20 letters and digits."), "code")
    if code in seen:
        return refused(N_("This code stands in the file twice."), "twice")
    if level not in LEVELS:
        return refused(
            N_("The level is one of country, province, city, district, street, community, grid, building."),
            "level",
        )
    if parent and parent == code:
        return refused(N_("An area does not lie within itself."), "own_parent")
    try:
        name = one_line(raw.get("name", ""), field="name", limit=120)
    except InvalidInput as error:
        return Refused(line, code, error)
    return AreaLine(line, code, name, level, parent)
