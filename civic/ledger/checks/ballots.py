"""Ballots: every closed box is as recorded, holds no more than was cast, and counts to the recorded result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from civic.errors import CivicError
from civic.ledger.checks import Entry, Finding, Ledger, right, wrong
from civic.rules.merkle import ProofError
from civic.rules.tallies import streams

SHEETS = {"ballot.hand_out_sheet": 1, "ballot.take_back_sheet": -1}
AFTER = ("ballot.certify", "ballot.complain", "ballot.answer_complaint", "ballot.finish", "ballot.void")
ACTS = (
    "ballot.announce", "ballot.correct_roll", "ballot.decide_challenge", "ballot.open", "ballot.cast", *SHEETS,
    "ballot.complete_paper", "ballot.close", "ballot.tally", *AFTER,
)  # fmt: skip


@dataclass(slots=True)
class _Ballot:
    eligible: int | None = None
    weight: int | None = None
    roll: str | None = None
    strayed: bool = False
    cast: int = 0
    out: int = 0
    sheets: int = 0
    box: str = ""
    count: int = 0
    closed: int | None = None
    result: Any = None
    drawn: int | None = None
    blocs: set[str] = field(default_factory=set)
    complaints: dict[int, bool | None] = field(default_factory=dict)
    final: bool = False
    unsound: str = ""


class Check:
    def __init__(self) -> None:
        self.ballots: dict[str, _Ballot] = {}

    def see(self, entry: Entry) -> None:
        ballot = self.ballots.setdefault(entry.subject, _Ballot())
        if entry.act in AFTER:
            _after(ballot, entry)
        elif entry.act == "ballot.announce" or entry.payload.get("change"):
            ballot.roll = entry.payload.get("roll")
        elif entry.act == "ballot.open":
            ballot.eligible = int(entry.payload["eligible"])
            ballot.weight = entry.payload.get("weight")
            ballot.strayed = entry.payload.get("roll") != ballot.roll
        elif entry.act in ("ballot.correct_roll", "ballot.decide_challenge"):
            return
        elif entry.act == "ballot.cast":
            ballot.cast += 1
        elif entry.act in SHEETS:
            ballot.out += SHEETS[entry.act]
        elif entry.act == "ballot.complete_paper":
            ballot.sheets = int(entry.payload["sheets"])
        elif entry.act == "ballot.close":
            ballot.closed = entry.seq
            ballot.box, ballot.count = str(entry.payload["box"]), int(entry.payload["count"])
        else:
            ballot.result = entry.payload["result"]
            ballot.drawn = entry.payload.get("checkpoint")

    def conclude(self, ledger: Ledger) -> Iterator[Finding]:
        for key, ballot in self.ballots.items():
            if ballot.strayed:
                yield wrong(
                    f"ballot {key}: it opened with another roll than was announced and corrected on the record"
                )
            if ballot.closed is not None:
                yield from _lots(key, ballot, ledger)
                yield from _box(key, ballot, ledger.pieces(f"boxes/{key}.json"))
            if ballot.unsound:
                yield wrong(f"ballot {key}: {ballot.unsound}")
            elif ballot.final:
                yield right(
                    f"ballot {key}: the result is final, {len(ballot.complaints)} complaints answered"
                )


def _after(ballot: _Ballot, entry: Entry) -> None:
    """Follow signatures, complaints and answers; a result is final only when all that was needed came before."""
    payload = entry.payload
    if entry.act == "ballot.certify":
        ballot.blocs.add(str(payload["bloc"]))
    elif entry.act == "ballot.complain":
        ballot.complaints[int(payload["complaint"])] = None
    elif entry.act == "ballot.answer_complaint":
        ballot.complaints[int(payload["complaint"])] = bool(payload["upheld"])
    elif entry.act == "ballot.finish":
        ballot.final = True
        if len(ballot.blocs) < 2:
            ballot.unsound = "it became final without the signatures of two blocs"
        elif any(upheld is not False for upheld in ballot.complaints.values()):
            ballot.unsound = "it became final though a complaint was upheld or waited for its answer"
    elif ballot.final:
        ballot.unsound = "it was declared void after it was final"


def _lots(key: str, ballot: _Ballot, ledger: Ledger) -> Iterator[Finding]:
    """Lots were drawn by a checkpoint that was signed after the closing."""
    seed = (ballot.result or {}).get("seed", "")
    if not seed and ballot.drawn is None:
        return
    try:
        fair = (
            ballot.drawn is not None
            and ballot.closed is not None
            and ballot.closed < ballot.drawn <= ledger.size
            and ledger.root_at(ballot.drawn).hex() == seed
        )
    except ProofError:
        fair = False
    if not fair:
        yield wrong(f"ballot {key}: its lots were not drawn by a checkpoint after its closing")


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


def _sheets(ballot: _Ballot, head: dict[str, Any], channels: Counter[str]) -> str:
    """What is wrong with the sheets of paper in a box; empty when nothing is."""
    if ballot.sheets > ballot.out:
        return f"has {ballot.sheets} sheets of paper; the record hands out {ballot.out}"
    if (head.get("paper") or {}).get("sheets", 0) != ballot.sheets:
        return f"does not say that {ballot.sheets} sheets of paper are on the record"
    if len(channels) > 1 and channels["paper"] != ballot.sheets:
        return f"holds {channels['paper']} papers that came as sheets; the record says {ballot.sheets}"
    return ""


def _box(key: str, ballot: _Ballot, pieces: Iterable[bytes] | None) -> Iterator[Finding]:
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
        return
    if box is None or result is None:
        yield wrong(f"ballot {key}: {name} cannot be counted")
        return
    held = box.papers
    if held != ballot.count:
        yield wrong(f"ballot {key}: {name} holds {held} ballots; the record says {ballot.count}")
    elif held - ballot.sheets > ballot.cast:
        yield wrong(
            f"ballot {key}: {name} holds {held} ballots, but only {ballot.cast} were cast on the record"
            + (f" and {ballot.sheets} sheets entered" if ballot.sheets else "")
        )
    elif fault := _sheets(ballot, box.head, channels):
        yield wrong(f"ballot {key}: {name} {fault}")
    elif ballot.eligible is not None and box.head["eligible"] != ballot.eligible:
        yield wrong(
            f"ballot {key}: {name} has a roll of {box.head['eligible']}; the record says {ballot.eligible}"
        )
    elif box.head.get("eligible_weight") != ballot.weight:
        yield wrong(f"ballot {key}: {name} has another weight of the roll than the record")
    elif ballot.result is None:
        yield right(f"ballot {key}: the box of {held} is as recorded; it is not tallied yet")
    elif result != ballot.result:
        yield wrong(f"ballot {key}: the recount of {name} differs from the recorded result")
    else:
        yield right(f"ballot {key}: {held} ballots recounted, same result")
