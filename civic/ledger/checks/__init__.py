"""What a stranger can derive again from the record, one module for each capability.

To add one, write a module here, named as the capability is on every floor. It has

    ACTS = ("meeting.draw", "meeting.vote")        the acts whose entries it wants to hear

    class Check:                                   made anew for each verification
        def see(self, entry: Entry) -> None        hears those entries in their order; keeps only what it needs
        def conclude(self, ledger: Ledger) -> Iterator[Finding]
                                                   says what is right and what is wrong, once the tree has been verified

Nothing else is to be registered. `conclude` may read published documents (``ledger.file("charters/7-1.json")``) and ask
for the tree's root at an earlier size (``ledger.root_at(size)``: a draw's seed). It yields ``right("…")`` and
``wrong("…")``; a sentence names what it is about, so that a reader can go and look. `see` may raise KeyError,
TypeError or ValueError for a payload that lacks what its act records: the entry is then reported. A check shares pure
rules with the platform and none of its state: it never reads the database or the settings. Documents that it
needs are published by a module of the same name in `civic.ledger.documents`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Entry:
    """One act on the record. ``kind`` and ``subject`` say what it was about, ``time`` is as recorded (UTC)."""

    seq: int
    act: str
    time: str
    actor: str | None
    party: int | None
    kind: str
    subject: str
    payload: dict[str, Any]

    @classmethod
    def of(cls, seq: int, body: Any) -> Entry:
        """From the parsed JSON of an entry. KeyError or TypeError when that is no act's record."""
        subject = body["subject"]
        if body["v"] != 1 or not isinstance(body["payload"], dict):
            raise TypeError
        return cls(
            seq, str(body["act"]), str(body["time"]), body["actor"], body["party"],
            str(subject["kind"]), str(subject["id"]), body["payload"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence, and whether it is good news."""

    ok: bool
    text: str


def right(text: str) -> Finding:
    return Finding(True, text)


def wrong(text: str) -> Finding:
    return Finding(False, text)


class Ledger(Protocol):
    """A ledger whose tree has been verified, as a check may question it."""

    size: int
    receipt_key: bytes

    def file(self, name: str) -> bytes | None:
        """A published document; None when there is none."""

    def pieces(self, name: str) -> Iterator[bytes] | None:
        """The same piece by piece, for documents that may be large."""

    def root_at(self, size: int) -> bytes:
        """The root when the tree had ``size`` entries, proved from the signed one. `merkle.ProofError` otherwise."""


class Check(Protocol):
    def see(self, entry: Entry) -> None: ...

    def conclude(self, ledger: Ledger) -> Iterator[Finding]: ...


def every_check() -> list[tuple[tuple[str, ...], Check]]:
    """A new check of each capability, with the acts that it hears."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return [(module.ACTS, module.Check()) for module in modules]
