"""Scenarios. A department proposes one; only who speaks for it says it anew."""

from civic.acts import scenarios
from tests.support.permissions import Attempt, Cast, row


@row("scenario.propose", "host")
async def _(cast: Cast) -> Attempt:
    area = cast.world.district.code
    return lambda actor: scenarios.propose(actor, title="甲", area=area, summary="乙")


@row("scenario.edit", "host")
async def _(cast: Cast) -> Attempt:
    made = await scenarios.propose(cast["host"], title="甲", area=cast.world.district.code, summary="乙")
    return lambda actor: scenarios.edit(actor, made.id, title="丙", summary="丁")
