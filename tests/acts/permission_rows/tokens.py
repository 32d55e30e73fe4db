"""Tokens of anonymous ballots: who is on the roll gets one."""

from datetime import timedelta

from civic import clock, jobs
from civic.acts import ballots
from tests.acts.permission_rows.ballots import announced, later
from tests.support.devices import Device
from tests.support.permissions import Attempt, Cast, row


@row("ballot.issue_token", "resident")
async def _(cast: Cast) -> Attempt:
    ballot = await announced(cast, anonymous=True)
    device = Device(ballot)
    with clock.shift(timedelta(hours=2)):
        await jobs.run_once()
    return later(2, lambda actor: ballots.issue_token(actor, ballot.id, blinded=device.blinded))
