"""Quorum per bloc: each required bloc has at least its share of its seats present. Whole numbers only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from civic.errors import N_, InvalidInput

BLOCS = ("government", "enterprise", "association", "residents", "institution")


@dataclass(frozen=True, slots=True)
class Bloc:
    """A bloc that must be present with ``numerator``/``denominator`` of its seats."""

    bloc: str
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Presence:
    """A bloc as it stands: all of its seats (vacant ones too), those present, and how many are needed."""

    bloc: str
    required: bool
    seats: int
    present: int
    needed: int

    @property
    def met(self) -> bool:
        return self.present >= self.needed


def check_blocs(blocs: Sequence[Bloc]) -> None:
    """Raises InvalidInput unless there is at least one bloc, each once, with a share above nothing and at most all."""
    if not blocs:
        raise InvalidInput(
            N_("Name at least one bloc that must be present."), field="blocs", reason="no_blocs"
        )
    if len({b.bloc for b in blocs}) != len(blocs) or any(b.bloc not in BLOCS for b in blocs):
        raise InvalidInput(N_("Name each bloc once."), field="blocs", reason="blocs")
    if any(not 0 < b.numerator <= b.denominator <= 1000 for b in blocs):
        raise InvalidInput(
            N_("The share of a bloc is more than nothing and at most all of its seats."),
            field="blocs",
            reason="share",
        )


def needed(seats: int, numerator: int, denominator: int) -> int:
    """The fewest seats that meet the share: rounded up, at least one. A bloc without seats never meets it."""
    return max(1, -(-seats * numerator // denominator))


def presences(required: Iterable[Bloc], seats: Iterable[tuple[str, bool]]) -> list[Presence]:
    """How each bloc stands, in the fixed order of blocs. seats: the bloc of every seat, and whether it is present."""
    shares = {b.bloc: b for b in required}
    counts: dict[str, list[int]] = {}
    for bloc, present in seats:
        count = counts.setdefault(bloc, [0, 0])
        count[0] += 1
        count[1] += present
    found = []
    for bloc in BLOCS:
        total, here = counts.get(bloc, [0, 0])
        share = shares.get(bloc)
        if share is not None:
            least = needed(total, share.numerator, share.denominator)
            found.append(Presence(bloc, True, total, here, least))
        elif total:
            found.append(Presence(bloc, False, total, here, 0))
    return found


def quorate(blocs: Iterable[Presence]) -> bool:
    """Whether every required bloc is there."""
    return all(b.met for b in blocs)


def as_record(blocs: Iterable[Presence]) -> dict[str, list[int]]:
    """As the ledger says it: present, needed and seats of each required bloc."""
    return {b.bloc: [b.present, b.needed, b.seats] for b in blocs if b.required}
