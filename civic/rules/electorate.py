"""Who may vote: verified residents within the ballot's area, each once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime


def is_eligible(
    state: str, expires_at: datetime | None, ancestors: Collection[int], area: int, at: datetime
) -> bool:
    """Whether a residency gives the right to vote at a time.

    state: of the residency. ancestors: ids of its area and all above it. area: the ballot's. Times are aware.
    """
    return state == "verified" and (expires_at is None or expires_at > at) and area in ancestors
