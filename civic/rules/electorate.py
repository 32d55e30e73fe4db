"""Who may vote: verified residents of the area, those who act for parties of some blocs, or an uploaded roll."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import datetime

from civic.errors import N_, InvalidInput
from civic.rules.tallies.passing import DUAL

ELECTORATES = ("residents", "blocs", "roll")
BLOCS = ("government", "enterprise", "association", "residents", "institution")
OWNERS_QUORUM = (2, 3)


def is_eligible(
    state: str, expires_at: datetime | None, ancestors: Collection[int], area: int, at: datetime
) -> bool:
    """Whether a residency gives the right to vote at a time.

    state: of the residency. ancestors: ids of its area and all above it. area: the ballot's. Times are aware.
    """
    return state == "verified" and (expires_at is None or expires_at > at) and area in ancestors


def clean_electorate(kind: str, blocs: Sequence[str], passing: str) -> tuple[str, list[str]]:
    """Kind and blocs of an electorate, these in their usual order. Raises InvalidInput for what does not go together."""
    if kind not in ELECTORATES:
        raise InvalidInput(
            N_("This kind of electorate is not known."), field="electorate", reason="electorate"
        )
    if set(blocs) - set(BLOCS):
        raise InvalidInput(N_("There is no such group of parties."), field="blocs", reason="unknown_bloc")
    if kind == "blocs" and not blocs:
        raise InvalidInput(N_("Name at least one group of parties."), field="blocs", reason="no_blocs")
    if kind != "blocs" and blocs:
        raise InvalidInput(
            N_("Groups of parties are named only where their delegates vote: leave them out, or choose delegates."),
            field="blocs", reason="not_by_blocs",
        )  # fmt: skip
    if passing in DUAL and kind != "roll":
        raise InvalidInput(
            N_("A majority by heads and by weight needs an uploaded roll with weights."),
            field="passing", reason="dual_needs_roll",
        )  # fmt: skip
    return kind, [bloc for bloc in BLOCS if bloc in blocs]


def read_quorum(text: str) -> tuple[int, int]:
    """A quorum as people write it: 2/3, 50 or 50%, which are per cent. Raises InvalidInput."""
    written = re.fullmatch(r"\s*(\d{1,4})\s*(?:/\s*(\d{1,4})|[%％])?\s*", unicodedata.normalize("NFKC", text))
    if written is None or written[2] == "0":
        raise InvalidInput(
            N_("Write the quorum as a percentage or a fraction, such as 50 or 2/3; 0 for none."),
            field="quorum", reason="quorum",
        )  # fmt: skip
    return (int(written[1]), int(written[2] or 100))


def least_quorum(passing: str, quorum: tuple[int, int]) -> tuple[int, int]:
    """The quorum, raised to two thirds for owners' decisions (Civil Code of the PRC, article 278)."""
    least, of = OWNERS_QUORUM
    if passing in DUAL and quorum[0] * of < least * quorum[1]:
        return OWNERS_QUORUM
    return quorum
