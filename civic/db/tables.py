"""Which tables statements read and change, so that kept answers know when they are out of date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextvars import ContextVar
from functools import lru_cache

# How often each table has changed, as far as this process knows.
versions: dict[str, int] = {}
# Set while an answer is made: the tables that it reads.
touched_tables: ContextVar[set[str] | None] = ContextVar("civic_touched_tables", default=None)
# Set while a transaction runs: the tables that it changes.
changed_tables: ContextVar[set[str] | None] = ContextVar("civic_changed_tables", default=None)

_READ = re.compile(r'\b(?:FROM|JOIN)\s+"?(\w+)"?', re.I)
_CHANGE = re.compile(r'\b(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)"?', re.I)


@lru_cache(maxsize=4096)
def of(sql: str) -> tuple[frozenset[str], frozenset[str]]:
    """The tables that a statement reads and those that it changes, by their names in it."""
    head = sql[:40].lstrip().upper()
    if head.startswith(("SELECT", "WITH")):
        return frozenset(_READ.findall(sql)), frozenset()
    return frozenset(_READ.findall(sql)), frozenset(_CHANGE.findall(sql))


def note(sql: str) -> None:
    """Remember what a statement touches."""
    reads, changes = of(sql) if len(sql) < 20_000 else of(sql[:2000])
    touched = touched_tables.get()
    if touched is not None:
        touched |= reads
    if changes:
        changed = changed_tables.get()
        if changed is not None:
            changed |= changes


def bump(names: Iterable[str]) -> None:
    """Count a change of these tables."""
    for name in names:
        versions[name] = versions.get(name, 0) + 1


def bump_all() -> None:
    """Something changed and nobody knows what."""
    bump(list(versions))
