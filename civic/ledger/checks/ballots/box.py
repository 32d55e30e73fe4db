"""The published box of a ballot: it is the one on the record, holds no more than was cast, and counts to the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from civic.errors import CivicError
from civic.ledger.checks import Finding, right, wrong
from civic.ledger.checks.ballots.states import Followed
from civic.ledger.checks.ballots.terms import unlike
from civic.rules.tallies import streams


class Hashed:
    """Pieces that are hashed as they are read; `close` reads what is left and gives the SHA-256 (hex)."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces, self.digest = iter(pieces), sha256()

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            self.digest.update(piece)
            yield piece

    def close(self) -> str:
        for _ in self:
            pass
        return self.digest.hexdigest()


def _sheets(ballot: Followed, head: dict[str, Any], channels: Counter[str]) -> str:
    """What is wrong with the sheets of paper in a box; empty when nothing is."""
    if ballot.sheets > ballot.out:
        return f"has {ballot.sheets} sheets of paper; the record hands out {ballot.out}"
    if (head.get("paper") or {}).get("sheets", 0) != ballot.sheets:
        return f"does not say that {ballot.sheets} sheets of paper are on the record"
    if len(channels) > 1 and channels["paper"] != ballot.sheets:
        return f"holds {channels['paper']} papers that came as sheets; the record says {ballot.sheets}"
    return ""


def _numbers(ballot: Followed, held: int) -> str:
    """What is wrong with the number of papers in a box; empty when nothing is."""
    if held != ballot.count:
        return f"holds {held} ballots; the record says {ballot.count}"
    if held - ballot.sheets > ballot.cast:
        sheets = f" and {ballot.sheets} sheets entered" if ballot.sheets else ""
        return f"holds {held} ballots, but only {ballot.cast} were cast on the record{sheets}"
    return ""


def _roll(ballot: Followed, head: dict[str, Any]) -> str:
    """What a box says wrongly about the roll; empty when nothing."""
    if ballot.eligible is not None and head["eligible"] != ballot.eligible:
        return f"has a roll of {head['eligible']}; the record says {ballot.eligible}"
    if head.get("eligible_weight") != ballot.weight:
        return "has another weight of the roll than the record"
    return ""


def examine(
    key: str, ballot: Followed, terms: dict[str, Any] | None, pieces: Iterable[bytes] | None
) -> Iterator[Finding]:
    """What there is to say about a closed box. terms: what was announced, where that is known."""
    name = f"boxes/{key}.json"
    if pieces is None:
        yield wrong(f"ballot {key}: {name} is missing")
        return
    hashed = Hashed(pieces)
    channels: Counter[str] = Counter()
    box = result = None
    try:
        box = streams.read(hashed, lambda papers: channels.update(p.get("channel", "") for p in papers))
        result = box.result((ballot.result or {}).get("seed", ""))
    except (ValueError, KeyError, TypeError, AttributeError, CivicError):
        pass
    if hashed.close() != ballot.box:
        yield wrong(f"ballot {key}: {name} is not the box that was closed on the record")
    elif box is None or result is None:
        yield wrong(f"ballot {key}: {name} cannot be counted")
    elif fault := (
        _numbers(ballot, box.papers)
        or _sheets(ballot, box.head, channels)
        or _roll(ballot, box.head)
        or unlike(terms, box.head)
    ):
        yield wrong(f"ballot {key}: {name} {fault}")
    elif ballot.result is None:
        yield right(f"ballot {key}: the box of {box.papers} is as recorded; it is not tallied yet")
    elif result != ballot.result:
        yield wrong(f"ballot {key}: the recount of {name} differs from the recorded result")
    else:
        yield right(f"ballot {key}: {box.papers} ballots recounted, same result")
