"""Public answers, kept whole as bytes until a table they read has changed.

`civic.db` counts the changes of each table (`versions`) and notes which tables a request reads
(`touched_tables`). An answer remembers the counts from before it was made; it is good as long as they stand.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic

from civic import db

MOST_BYTES = 64 * 1024 * 1024
LONGEST = 60.0  # seconds: answers may speak of time ("3 days left")


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, its ETag, and the table versions it was made from."""

    body: bytes
    etag: str
    tables: tuple[tuple[str, int], ...]
    made: float
    packed: bytes = b""
    kind: str = ""


@dataclass(slots=True)
class Reading:
    """What a request has read so far. ``spoiled`` means: do not keep this answer."""

    tables: set[str]
    before: dict[str, int]
    spoiled: bool = False


class Answers:
    """A bounded store of answers. Least recently used ones go first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self.kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self.size = 0

    def get(self, key: Hashable) -> Kept | None:
        """The answer kept under ``key``, if every table it read is unchanged."""
        kept = self.kept.get(key)
        if kept is None:
            return None
        versions = db.versions
        if monotonic() - kept.made > LONGEST or any(versions.get(t, 0) != v for t, v in kept.tables):
            self.drop(key)
            return None
        self.kept.move_to_end(key)
        return kept

    def put(self, key: Hashable, body: bytes, reading: Reading, packed: bytes = b"", kind: str = "") -> Kept:
        """Keep ``body``; gives the entry also when it is too large to be kept."""
        tables = tuple((table, reading.before.get(table, 0)) for table in sorted(reading.tables))
        kept = Kept(body, etag(body), tables, monotonic(), packed, kind)
        size = len(body) + len(packed)
        if not reading.spoiled and size * 8 <= self.most_bytes:
            self.drop(key)
            self.kept[key] = kept
            self.size += size
            while self.size > self.most_bytes:
                self.drop(next(iter(self.kept)))
        return kept

    def drop(self, key: Hashable) -> None:
        gone = self.kept.pop(key, None)
        if gone is not None:
            self.size -= len(gone.body) + len(gone.packed)


def etag(body: bytes) -> str:
    """A strong entity tag of these bytes."""
    return '"' + sha256(body).hexdigest()[:24] + '"'


def matches(if_none_match: str | None, tag: str) -> bool:
    """Whether a client already holds what ``tag`` names (weak comparison, RFC 9110 13.1.2)."""
    if not if_none_match:
        return False
    return if_none_match.strip() == "*" or tag in [
        t.strip().removeprefix("W/") for t in if_none_match.split(",")
    ]


@contextmanager
def reading() -> Iterator[Reading]:
    """Note the tables that are read within the block, and their versions at its start."""
    noted = Reading(set(), dict(db.versions))
    token = db.touched_tables.set(noted.tables)
    try:
        yield noted
    finally:
        db.touched_tables.reset(token)
