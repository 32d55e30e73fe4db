"""Whether papers are valid: `clean_choice` for texts that should be canonical already, many of them, quickly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from civic.rules.tallies.choices import ABSTAIN, APPROVING, RANKED
from civic.rules.tallies.results import Details


def checker(
    method: str, options: Sequence[str], max_choices: int | None = None, details: Details | None = None
) -> Callable[[str], bool]:
    """What says of a text whether it is a valid choice in its one canonical form.

    It holds exactly for what `clean_choice` gives back unchanged. The ballot is one that `check_definition` accepts.
    """
    if method in RANKED:
        return _ranked(frozenset(options) - {ABSTAIN}, max_choices or len(options))
    order = {key: place for place, key in enumerate(options) if key != ABSTAIN}
    if method in APPROVING:
        return _approving(order, max_choices or len(options))
    if method == "score":
        return _scoring(order, (details or {}).get("max_score", 0))
    valid = {*options, ABSTAIN}
    return valid.__contains__


def _ranked(keys: frozenset[str], most: int) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        parts = text.split(">")
        return text == ABSTAIN or (
            len(parts) <= most and keys.issuperset(parts) and len(set(parts)) == len(parts)
        )

    return check


def _approving(order: dict[str, int], most: int) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        if text == ABSTAIN:
            return True
        parts = text.split(",")
        return len(parts) <= most and _rising(order, parts)

    return check


def _scoring(order: dict[str, int], most: int) -> Callable[[str], bool]:
    scores = {str(score) for score in range(1, most + 1)}

    def check(text: str) -> bool:
        if text == ABSTAIN:
            return True
        parts = [part.partition(":") for part in text.split(",")]
        return scores.issuperset([part[2] for part in parts]) and _rising(order, [part[0] for part in parts])

    return check


def _rising(order: dict[str, int], keys: Iterable[str]) -> bool:
    """Whether all are options, each after the one before it."""
    last = -1
    for key in keys:
        place = order.get(key, -1)
        if place <= last:
            return False
        last = place
    return True
