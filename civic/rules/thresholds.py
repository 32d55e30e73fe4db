"""How many supports qualify a proposal: the nearest area that sets a number decides."""

from __future__ import annotations

from collections.abc import Iterable


def inherit(chain: Iterable[int | None], default: int) -> int:
    """The first number of the chain (the area itself, then its parents upwards), else the platform's default."""
    return next((value for value in chain if value is not None), default)


def reached(supports: int, imported: int, threshold: int) -> bool:
    """Whether supports (with those that a source platform counted) qualify. A threshold below 1 counts as 1."""
    return supports + imported >= max(1, threshold)
