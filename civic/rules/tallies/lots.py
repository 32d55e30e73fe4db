"""Drawing lots by a published rule, and ties that a count looks back to break.

The seed is fixed after the closing of the ballot and before counting (a ledger checkpoint), so nobody can choose
it, and anybody can repeat the draw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

Lots = Mapping[str, int]  # place of each option in the draw, 0 drawn first


class Undecided(Exception):
    """The count needs a draw, and there is no seed yet. ``tied`` are the options among which to draw."""

    def __init__(self, tied: Sequence[str]) -> None:
        super().__init__(", ".join(tied))
        self.tied = list(tied)


def draw(options: Sequence[str], seed: bytes) -> Lots:
    """The place of every option: by the SHA-256 of the seed, a zero byte and its key, the lowest first.

    Without a seed there are no places; the first tie then raises `Undecided`.
    """
    if not seed:
        return {}
    order = sorted(options, key=lambda key: (sha256(seed + b"\x00" + key.encode()).digest(), key))
    return {key: place for place, key in enumerate(order)}


def first(tied: Sequence[str], lots: Lots) -> str:
    """Of tied options the one that is drawn first. Raises Undecided without a draw."""
    if len(tied) == 1:
        return tied[0]
    if not lots:
        raise Undecided(tied)
    return min(tied, key=lambda key: lots[key])


def last(tied: Sequence[str], lots: Lots) -> str:
    """Of tied options the one that is drawn last. Raises Undecided without a draw."""
    if len(tied) == 1:
        return tied[0]
    if not lots:
        raise Undecided(tied)
    return max(tied, key=lambda key: lots[key])


def look_back(
    tied: Sequence[str], history: Sequence[Mapping[str, int]], choose: Callable[[list[int]], int]
) -> list[str]:
    """Who of the tied stands out in the most recent stage at which they were unequal; all when none did.

    history: votes by option at each earlier stage, oldest first. choose: max or min.
    """
    for votes in reversed(history):
        figures = [votes[key] for key in tied]
        if len(set(figures)) > 1:
            wanted = choose(figures)
            return [key for key in tied if votes[key] == wanted]
    return list(tied)
