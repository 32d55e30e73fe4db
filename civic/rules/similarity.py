"""How alike two texts are, for "is there something like this already?".

The Jaccard index (shared over all) of the sets of pairs of characters and of words, as search sees them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from fractions import Fraction
from typing import TypeVar

from civic.rules.search_text import tokens

Key = TypeVar("Key", bound=Hashable)


def score(one: str, other: str) -> Fraction:
    """From 0 (nothing shared) to 1 (the same pairs and words); 0 when either has none. Symmetric."""
    a, b = frozenset(tokens(one)), frozenset(tokens(other))
    return Fraction(len(a & b), len(a | b)) if a and b else Fraction(0)


def most_similar(
    text: str, candidates: Iterable[tuple[Key, str]], *, at_least: Fraction = Fraction(1, 5), limit: int = 5
) -> list[tuple[Key, Fraction]]:
    """The candidates that are most alike, best first; equal ones in the order given."""
    wanted = frozenset(tokens(text))
    scored: list[tuple[Key, Fraction]] = []
    for key, candidate in candidates:
        have = frozenset(tokens(candidate))
        shared = len(wanted & have)
        if shared:
            ratio = Fraction(shared, len(wanted | have))
            if ratio >= at_least:
                scored.append((key, ratio))
    return sorted(scored, key=lambda pair: -pair[1])[:limit]
