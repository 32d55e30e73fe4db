"""What the clock does for open days: days end, and editions of series appear."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from civic import clock
from civic.acts.core import SYSTEM
from civic.acts.open_days import editions, series
from civic.models import OpenDay, OpenDaySeries

Attempt = Callable[[Awaitable[object]], Awaitable[None]]


async def run(attempt: Attempt) -> None:
    """Do what is due; ``attempt`` performs an act that another worker may have done already."""
    for day in await OpenDay.filter(state="announced", ends_at__lte=clock.now()).order_by("id"):
        await attempt(editions.hold(SYSTEM, day))
    for plan in await OpenDaySeries.filter(state="active").order_by("id"):
        wanted = series.due(plan)
        if not wanted:
            continue
        begun = await OpenDay.filter(series_id=plan.id).values_list("on_day", flat=True)
        for on in wanted:
            if on not in begun:
                await attempt(series.make_edition(SYSTEM, plan, on=on))
