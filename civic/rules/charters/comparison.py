"""What differs between two versions, clause by clause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from civic.rules.charters.clauses import Clause, plain
from civic.rules.diffs import Part, diff


@dataclass(frozen=True, slots=True)
class Difference:
    """One clause number in both versions. op: same, added, removed, changed.

    parts: the words compared. fields: names of what else differs (kind, holder, counterpart, basis, due, evidence,
    answers).
    """

    number: int
    op: str
    old: Clause | None
    new: Clause | None
    parts: list[Part]
    fields: tuple[str, ...]


def compare(old: Iterable[Clause], new: Iterable[Clause]) -> list[Difference]:
    """Every clause of either version, by number."""
    before, after = {c.number: c for c in old}, {c.number: c for c in new}
    return [_one(number, before.get(number), after.get(number)) for number in sorted(before | after)]


def _one(number: int, old: Clause | None, new: Clause | None) -> Difference:
    parts = diff(old.text if old else "", new.text if new else "")
    if old is None or new is None:
        return Difference(number, "added" if old is None else "removed", old, new, parts, ())
    was, now = plain(old), plain(new)
    fields = tuple(sorted(k for k in was.keys() | now.keys() if k != "text" and was.get(k) != now.get(k)))
    op = "changed" if fields or was.get("text") != now.get("text") else "same"
    return Difference(number, op, old, new, parts, fields)
