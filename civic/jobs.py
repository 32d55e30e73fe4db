"""What the clock triggers. Due work is found by looking, so nothing is lost when a process dies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta
from itertools import count

import structlog
from tortoise.expressions import Subquery

from civic import clock, db
from civic.acts import (
    ballots,
    box,
    joint_meetings,
    notifications,
    obligations,
    open_days,
    paper_box,
    responses,
)
from civic.acts.core import SYSTEM
from civic.acts.residencies import expire
from civic.errors import InvalidState
from civic.models import Ballot, Deadline, Obligation, ObligationStep, Residency
from civic.rules import working_days
from civic.rules.obligations import REMIND
from civic.settings import settings

PERIOD = 1.0  # seconds between looks for what opens and closes by the clock
RARELY = 10  # of these looks, one is for all the rest as well
_told: set[tuple[int, datetime]] = set()  # ballots, and the end of theirs that kept pages were told of
log = structlog.get_logger("civic.jobs")


async def run_once() -> None:
    """Do all that is due now. Two workers may find the same work; the second one's act is refused by state."""
    await run_to_the_second()
    await run_in_time()


async def run_to_the_second() -> None:
    """What people watch: ballots, meetings, the places of open days."""
    now = clock.now()
    for ballot in await Ballot.filter(state="announced", opens_at__lte=now).order_by("id"):
        await _attempt(ballots.open_(SYSTEM, ballot))
    over = await Ballot.filter(state="open", closes_at__lte=now).order_by("id")
    waiting = await paper_box.waiting() if over else set()  # for sheets of paper that are not all entered
    for ballot in over:
        if ballot.id not in waiting:
            await _attempt(ballots.close(SYSTEM, ballot))
        else:
            await _tell_that_voting_is_over(ballot)
    await destroy_keys()
    for ballot in await Ballot.filter(state="closed").order_by("id"):
        await _attempt(ballots.tally(SYSTEM, ballot))
    await ballots.due.run(_attempt)
    await joint_meetings.due.run(_attempt)
    await open_days.due.run(_attempt)


async def run_in_time() -> None:
    """What is counted in days."""
    now = clock.now()
    for residency in await Residency.filter(state="verified", expires_at__lte=now).limit(1000):
        await _attempt(expire(SYSTEM, residency))
    await _tend_obligations()
    await _response_clocks(now)
    await notifications.send_digests()


async def _tell_that_voting_is_over(ballot: Ballot) -> None:
    """Kept pages call it open still, and no row changes in this moment: so they are told once that it did."""
    if (ballot.id, ballot.closes_at) not in _told:
        _told.add((ballot.id, ballot.closes_at))
        await db.tell([], {Ballot._meta.db_table})


async def _tend_obligations() -> None:
    """What is due again, soon, overdue, or confirmed by silence; oldest first."""
    today, now = clock.today(), clock.now()
    again = Obligation.filter(again_on__lte=today, charter__state="in_force")
    for obligation in await again.order_by("again_on").limit(500):
        await _attempt(obligations.recur(SYSTEM, obligation))
    near = Obligation.filter(state="pending", due_on__gte=today, due_on__lte=today + timedelta(days=REMIND))
    told = Subquery(ObligationStep.filter(kind="reminded").values("obligation_id"))
    for obligation in await near.filter(id__not_in=told).order_by("due_on").limit(500):
        await _attempt(obligations.remind(SYSTEM, obligation))
    for obligation in (
        await Obligation.filter(state="pending", due_on__lt=today).order_by("due_on").limit(500)
    ):
        await _attempt(obligations.fall_due(SYSTEM, obligation))
    silent = Obligation.filter(state="reported", confirm_by__lt=now)
    for obligation in await silent.order_by("confirm_by").limit(500):
        await _attempt(obligations.confirm_by_silence(SYSTEM, obligation))


async def _response_clocks(now: datetime) -> None:
    """Warnings that fall due, and days that a newly announced calendar puts right."""
    open_ = Deadline.filter(answered_at=None, ended="")
    for deadline in await open_.filter(provisional=True):
        if not working_days.provisional(deadline.due_at, settings().zone):
            await _attempt(responses.correct(SYSTEM, deadline))
    for deadline in await open_.filter(warn_at__lt=now).limit(1000):
        await _attempt(responses.warn(SYSTEM, deadline))


async def destroy_keys() -> None:
    """Destroy the keys of boxes that were opened or are void: after that commit, and before anything else."""
    held = box.keys()
    if not held:
        return
    over = await Ballot.filter(id__in=held, state__not_in=["draft", "announced", "open"]).values_list(
        "id", flat=True
    )
    for ballot_id in over:
        box.destroy_key(int(str(ballot_id)))
        await box.scrub()


async def _attempt(work: Awaitable[object]) -> None:
    """Do one thing; when it fails, say so and go on with the rest."""
    try:
        await work
    except InvalidState as error:
        if error.reason not in ("wrong_state", "unsealed"):  # that another worker was first is no failure
            log.error("due work refused", reason=error.reason)
    except Exception as error:
        log.error("due work failed", kind=type(error).__name__)


async def run() -> None:
    """Look every second, for as long as the process serves."""
    for turn in count():
        try:
            await run_to_the_second()
            if turn % RARELY == 0:
                await run_in_time()
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.error("due work failed", kind=type(error).__name__)
        await asyncio.sleep(PERIOD)
