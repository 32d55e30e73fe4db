"""What is voted on: the terms that announcements froze, as canonical JSON, so that anybody can hash them."""

from __future__ import annotations

from civic.ledger import ballot_terms
from civic.models import Ballot, LedgerEntry

FOLDER = "terms"


async def names(size: int) -> list[str]:
    """``<ballot>.json`` of each ballot that was announced on the record."""
    announced = LedgerEntry.filter(act="ballot.announce", seq__lt=size).order_by("seq")
    return [f"{ballot}.json" for ballot in await announced.values_list("subject_id", flat=True)]


async def content(name: str) -> bytes | None:
    key, _, kind = name.partition(".")
    if kind != "json" or not key.isdecimal() or len(key) > 18:
        return None
    ballot = await Ballot.filter(id=int(key)).exclude(state="draft").first()
    return await ballot_terms.of(ballot) if ballot else None
