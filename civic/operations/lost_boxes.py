"""Ballots that a restored platform cannot go on with, because keys of boxes are never in a backup."""

from __future__ import annotations

from civic.acts import box
from civic.models import Ballot


async def lost_boxes() -> list[Ballot]:
    """Secret ballots that are announced or open and whose box has no key."""
    known = set(box.keys())
    waiting = await Ballot.filter(secret=True, state__in=["announced", "open"]).order_by("id")
    return [ballot for ballot in waiting if ballot.id not in known]
