"""What passes in a joint meeting. In whole numbers; who abstains or is recused is not counted in the base.

Simple majority and two thirds as in Robert's Rules of Order, 12th ed., 44:1-3: of those who vote yes or no. A
concurrent majority is a majority in each required bloc for itself (Calhoun, A Disquisition on Government, 1851): no
bloc is outvoted by the others. A bloc in which nobody votes yes is not in favour. Consensus: somebody is in favour and
nobody objects with reasons.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from civic.rules.commitments import domain_hash
from civic.rules.joint_meetings.quorum import BLOCS

CHOICES = ("yes", "no", "abstain", "recused")
RULES = ("simple", "two_thirds", "concurrent", "consensus")


@dataclass(frozen=True, slots=True)
class Voice:
    """One seat's voice: its bloc, its choice, and whether it gave reasons."""

    bloc: str
    choice: str
    reasoned: bool = False


def roll_key(salt: bytes, vote: int) -> str:
    """The key of a vote of a motion, 64 hex digits: secret while it is open, published when it is closed. It comes from
    the motion's salt, but does not give it away."""
    return domain_hash("civic/roll-call/v1", salt, str(vote).encode())


def bound(key: str, seat: int, version: int, choice: str) -> str:
    """The commitment that a seat's voice puts on the record: it cannot be another one later, and nobody can read it
    before the key is published."""
    return domain_hash("civic/voice/v1", bytes.fromhex(key), f"{seat}.{version}".encode(), choice.encode())


@dataclass(frozen=True, slots=True)
class Outcome:
    """why: passed, no_votes, not_enough, blocs_against or objection. ``blocs`` counts the choices of each bloc in the
    order of CHOICES; ``against``: the required blocs without a majority; ``objections``: how many with reasons."""

    passed: bool
    why: str
    counts: tuple[int, int, int, int]
    blocs: dict[str, tuple[int, int, int, int]]
    against: tuple[str, ...]
    objections: int

    def as_record(self) -> dict[str, object]:
        """As the ledger and the stored result say it."""
        return {
            "passed": self.passed,
            "why": self.why,
            "counts": list(self.counts),
            "blocs": {bloc: list(counts) for bloc, counts in self.blocs.items()},
            "against": list(self.against),
            "objections": self.objections,
        }


def majority(counts: tuple[int, int, int, int]) -> bool:
    """Whether more said yes than no."""
    return counts[0] > counts[1]


def decide(rule: str, voices: Iterable[Voice], required: Collection[str]) -> Outcome:
    """The result of a roll-call under one of RULES. ``required``: the blocs of a concurrent majority.

    Raises KeyError for an unknown rule, bloc or choice.
    """
    counted: dict[str, list[int]] = {bloc: [0, 0, 0, 0] for bloc in BLOCS}
    objections = 0
    for voice in voices:
        counted[voice.bloc][_PLACE[voice.choice]] += 1
        objections += voice.choice == "no" and voice.reasoned
    blocs = {bloc: _four(c) for bloc, c in counted.items() if any(c) or bloc in required}
    total = _four([sum(c[i] for c in blocs.values()) for i in range(4)])
    against = tuple(bloc for bloc in BLOCS if bloc in required and not majority(blocs[bloc]))
    passed, why = _WHY[rule](total, against, objections)
    return Outcome(passed, why, total, blocs, against, objections)


_PLACE = {choice: place for place, choice in enumerate(CHOICES)}


def _four(counts: list[int]) -> tuple[int, int, int, int]:
    return counts[0], counts[1], counts[2], counts[3]


Total = tuple[int, int, int, int]


def _simple(total: Total, against: tuple[str, ...], objections: int) -> tuple[bool, str]:
    if not total[0] + total[1]:
        return False, "no_votes"
    return (True, "passed") if majority(total) else (False, "not_enough")


def _two_thirds(total: Total, against: tuple[str, ...], objections: int) -> tuple[bool, str]:
    if not total[0] + total[1]:
        return False, "no_votes"
    return (True, "passed") if 3 * total[0] >= 2 * (total[0] + total[1]) else (False, "not_enough")


def _concurrent(total: Total, against: tuple[str, ...], objections: int) -> tuple[bool, str]:
    if not total[0] + total[1]:
        return False, "no_votes"
    return (False, "blocs_against") if against else (True, "passed")


def _consensus(total: Total, against: tuple[str, ...], objections: int) -> tuple[bool, str]:
    if objections:
        return False, "objection"
    return (True, "passed") if total[0] else (False, "no_votes")


_WHY = {
    "simple": _simple,
    "two_thirds": _two_thirds,
    "concurrent": _concurrent,
    "consensus": _consensus,
}
