"""What the announcement of a ballot froze, as the bytes that were hashed."""

from __future__ import annotations

from typing import Any

from civic.models import Area, Ballot, Option, Roll
from civic.rules.receipts import frozen_bytes
from civic.rules.tokens import VARIANT


async def of(ballot: Ballot) -> bytes:
    """The terms of a ballot: their SHA-256 is its ``frozen`` from the announcement on."""
    place = await Area.get(id=ballot.area_id)
    options = await Option.filter(ballot_id=ballot.id).order_by("position").values("key", "label", "about")
    return frozen_bytes(
        title=ballot.title,
        question=ballot.question,
        method=ballot.method,
        passing=ballot.passing,
        quorum=(ballot.quorum_numerator, ballot.quorum_denominator),
        max_choices=ballot.max_choices,
        secret=ballot.secret,
        area=place.code,
        opens_at=ballot.opens_at.isoformat(),
        closes_at=ballot.closes_at.isoformat(),
        options=[dict(option) for option in options],
        details={**ballot.details, "shuffled": True} if ballot.shuffled else ballot.details,
        tokens={"variant": VARIANT, "key": ballot.token_key} if ballot.anonymous else None,
        electorate=await _electorate(ballot),
    )


async def _electorate(ballot: Ballot) -> dict[str, Any] | None:
    """Who may vote; None for the residents of the area."""
    if ballot.electorate == "blocs":
        return {"kind": "blocs", "blocs": ballot.blocs}
    if ballot.electorate == "roll":
        roll = await Roll.get_or_none(ballot_id=ballot.id)
        frozen = (roll.announced or roll.sha256) if roll else ""
        return {"kind": "roll", "roll": frozen, "weighted": ballot.weighted}
    return None
