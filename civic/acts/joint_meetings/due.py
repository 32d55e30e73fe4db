"""What the clock does for joint meetings: lists close, lots are drawn, unanswered minutes are accepted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from civic import clock
from civic.acts.core import SYSTEM
from civic.acts.joint_meetings import minutes, sortition
from civic.models import JointMeeting, Sortition

Attempt = Callable[[Awaitable[object]], Awaitable[None]]


async def run(attempt: Attempt) -> None:
    """Do what is due; ``attempt`` performs an act that another worker may have done already."""
    now = clock.now()
    for call in await Sortition.filter(state="open", closes_at__lte=now, meeting__state="convened"):
        await attempt(sortition.close_list(SYSTEM, call.meeting_id))
    for call in await Sortition.filter(state="closed", meeting__state="convened"):
        if await sortition.seed_of(call.meeting_id):
            await attempt(sortition.draw(SYSTEM, call.meeting_id))
    for meeting in await JointMeeting.filter(state="minutes_review", review_until__lte=now):
        await attempt(minutes.publish(SYSTEM, meeting))
