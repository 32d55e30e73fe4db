"""What the clock does for ballots: results become final, and what is left of uploads is swept away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tortoise.expressions import Q

from civic import clock
from civic.acts.ballots import complaints, uploads
from civic.acts.core import SYSTEM
from civic.models import Ballot, Complaint

Attempt = Callable[[Awaitable[object]], Awaitable[None]]


async def run(attempt: Attempt) -> None:
    """Do what is due; ``attempt`` performs an act that another worker may have done already."""
    await uploads.sweep()
    rows = Ballot.filter(state="certified", final_at=None, complaints_until__lte=clock.now())
    waiting = [ballot async for ballot in rows.order_by("id")]
    if not waiting:
        return
    objected = Complaint.filter(Q(upheld=True) | Q(upheld=None), ballot_id__in=[b.id for b in waiting])
    kept = set(await objected.values_list("ballot_id", flat=True))
    for ballot in waiting:
        if ballot.id not in kept:
            await attempt(complaints.finish(SYSTEM, ballot))
