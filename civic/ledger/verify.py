"""Checks a ledger from outside: from the files it publishes and nothing else.

It reads an export or a running platform, recomputes every leaf, every tile and the root, checks the signatures, and
has each module of `civic.ledger.checks` derive again what its capability put on the record. It shares pure rules with
the platform, but no state.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from civic.ledger import note
from civic.ledger.checks import Check, Entry, every_check
from civic.ledger.note import Checkpoint, NoteError
from civic.ledger.source import Read, SourceError, VerifiedLedger, reader
from civic.ledger.tree import walk
from civic.rules import merkle

MOST_WRONG = 50
Progress = Callable[[int, int], Any]


@dataclass
class Report:
    """What was checked and what is wrong."""

    size: int = 0
    root: str = ""
    good: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    more: int = 0

    @property
    def ok(self) -> bool:
        return not self.wrong

    def blame(self, text: str) -> None:
        """Note what is wrong; past a number of sentences only how many more there would be."""
        if len(self.wrong) < MOST_WRONG:
            self.wrong.append(text)
        else:
            self.more += 1


def verify(
    source: str,
    key: str = "",
    since: str = "",
    progress: Progress = lambda *_: None,
    also: Sequence[tuple[tuple[str, ...], Check]] = (),
) -> Report:
    """Check the ledger at ``source``.

    key: a verifier key known from elsewhere; without it the published one is believed.
    since: a checkpoint that somebody kept: the ledger must have grown from it. progress: hears of entries read.
    also: checks besides those of the capabilities, with the acts that they hear.
    """
    report = Report()
    try:
        read = reader(source)
        stated = _stated(read, key.strip(), report)
        if stated is not None:
            _verify(read, stated, [*every_check(), *also], since, report, progress)
    except SourceError as error:
        report.blame(str(error))
    return report


@dataclass(frozen=True, slots=True)
class _Stated:
    """What the signed files say, once their signatures are right."""

    verifier: str
    checkpoint: Checkpoint
    receipt_key: bytes


def _stated(read: Read, key: str, report: Report) -> _Stated | None:
    name = "key"
    try:
        published, line_end, _ = _text(read, name).rpartition("\n")
        if not line_end:
            raise NoteError("it is cut short")
        verifier = key or published
        origin, _ = note.public_key(published)
        if verifier != published:
            report.blame("key: it is not the one that you know; what follows is checked with yours")
            origin, _ = note.public_key(verifier)
        name = "receipt-key"
        _, receipt_key = note.public_key(note.verify(_text(read, name), verifier).removesuffix("\n"))
        name = "checkpoint"
        stated = note.parse(note.verify(_text(read, name), verifier))
        if stated.origin != origin:
            raise NoteError(f"it is of another log, {stated.origin}")
    except NoteError as error:
        report.blame(f"{name}: {error}")
        return None
    report.size, report.root = stated.size, stated.root.hex()
    by = "the key that you know" if key else "the published key"
    report.good.append(f"the checkpoint of {origin} over {stated.size} entries is signed by {by}")
    return _Stated(verifier, stated, receipt_key)


def _text(read: Read, name: str) -> str:
    data = read(name)
    if data is None:
        raise NoteError("it is missing")
    return data.decode("utf-8", "replace")


def _verify(
    read: Read,
    stated: _Stated,
    checks: Sequence[tuple[tuple[str, ...], Check]],
    since: str,
    report: Report,
    progress: Progress,
) -> None:
    hearers: dict[str, list[Check]] = {}
    for acts, check in checks:
        for act in acts:
            hearers.setdefault(act, []).append(check)

    def hear(seq: int, data: bytes) -> None:
        try:
            entry = Entry.of(seq, orjson.loads(data))
        except (ValueError, KeyError, TypeError):
            report.blame(f"entry {seq} is not the record of an act")
            return
        for check in hearers.get(entry.act, ()):
            try:
                check.see(entry)
            except (ValueError, KeyError, TypeError):
                report.blame(f"entry {seq} lacks what {entry.act} records")

    size, signed = stated.checkpoint.size, stated.checkpoint.root
    root = walk(read, size, hear, report.blame, progress)
    if root is not None and root != signed:
        report.blame("the entries do not lead to the root of the checkpoint")
    if not report.ok:
        return
    report.good.append(f"all {size} entries lead to the signed root {signed.hex()[:16]}…")
    ledger = VerifiedLedger(read, size, signed, stated.receipt_key)
    if since:
        _grew(ledger, stated.verifier, since, report)
    for _, check in checks:
        for finding in check.conclude(ledger):
            if finding.ok:
                report.good.append(finding.text)
            else:
                report.blame(finding.text)


def _grew(ledger: VerifiedLedger, verifier: str, since: str, report: Report) -> None:
    """The ledger must have grown from an older checkpoint: nothing before it was changed or taken out."""
    try:
        old = note.parse(note.verify(since, verifier))
        if old.size > ledger.size:
            report.blame(f"the checkpoint that you kept has {old.size} entries, more than there are now")
        elif ledger.root_at(old.size) != old.root:
            report.blame(f"the first {old.size} entries are not those of the checkpoint that you kept")
        else:
            report.good.append(f"it grew from the checkpoint that you kept, over {old.size} entries")
    except NoteError as error:
        report.blame(f"the checkpoint that you kept: {error}")
    except merkle.ProofError as error:
        report.blame(f"from the checkpoint that you kept: {error}")
