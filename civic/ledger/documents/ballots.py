"""The boxes of closed ballots, as canonical JSON."""

from __future__ import annotations

from collections.abc import AsyncIterator

from civic.ledger import boxes
from civic.models import LedgerEntry

FOLDER = "boxes"


async def names(size: int) -> list[str]:
    """``<ballot>.json`` of each ballot that is closed on the record."""
    closed = LedgerEntry.filter(act="ballot.close", seq__lt=size).order_by("seq")
    return [f"{ballot}.json" for ballot in await closed.values_list("subject_id", flat=True)]


async def pieces(name: str) -> AsyncIterator[bytes] | None:
    key, _, kind = name.partition(".")
    if kind != "json" or not key.isdecimal() or len(key) > 18:
        return None
    return await boxes.stream(int(key))
