"""When a ballot passes, and how ties are broken. All in whole numbers.

Majority is more than half, two thirds at least two thirds, *of the votes cast for something*: who abstains is
present (turnout) but not counted in the base (Robert's Rules of Order, 12th ed., 44:1-3). For approval the base
is the ballots that approve anything. A tie between yes and no rejects (44:12).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import TypedDict

PASSING = ("plurality", "majority", "two_thirds")


class Share(TypedDict):
    """A fraction as two whole numbers, as it stands in JSON."""

    numerator: int
    denominator: int


def enough(passing: str, votes: int, base: int) -> bool:
    """Whether ``votes`` out of ``base`` pass. Nothing passes without a vote. Raises KeyError for an unknown rule."""
    if votes <= 0:
        return False
    return {
        "plurality": True,
        "majority": 2 * votes > base,
        "two_thirds": 3 * votes >= 2 * base,
    }[passing]


def quorum_needed(eligible: int, quorum: Share | None) -> int:
    """The fewest voters that meet the quorum: the fraction of the roll, rounded up. 0 without a quorum."""
    if quorum is None:
        return 0
    return -(-eligible * quorum["numerator"] // quorum["denominator"])


def leaders(counts: Iterable[tuple[str, int]]) -> list[str]:
    """The options with the most votes, in the order given; none when nothing has a vote."""
    pairs = list(counts)
    most = max((n for _, n in pairs), default=0)
    return [key for key, n in pairs if n == most] if most else []


def break_tie(tied: Sequence[str], seed: bytes) -> str:
    """The published rule: the lowest SHA-256 of the seed, a zero byte and the option's key.

    The seed is fixed after the closing of the ballot and before counting (a ledger checkpoint), so nobody can
    choose it, and anybody can repeat the draw.
    """
    return min(tied, key=lambda key: (sha256(seed + b"\x00" + key.encode()).digest(), key))
