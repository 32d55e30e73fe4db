"""What is published of a box names no group of voters. (Channels: see test_paper_ballots.)"""

from typing import Any

import orjson
import pytest

from civic.acts import ballots
from civic.acts.core import Actor
from civic.ledger import boxes
from civic.models import Ballot
from civic.settings import settings
from tests.acts.test_ballots import after, announced
from tests.support.world import World

pytestmark = pytest.mark.anyio
# All that a result says; none of it is about a group of voters.
OF_ALL = {
    "method", "passing", "eligible", "cast", "valid", "invalid", "abstentions", "base", "turnout", "quorum", "counts",
    "leading", "winners", "passed", "why", "tie", "rounds",
}  # fmt: skip


async def test_papers_and_results_name_no_group(client: Any, world: World) -> None:
    """Voters of two communities and of different blocs: neither box, result, files nor record tell them apart."""
    here, there = await world.resident(), await world.resident("另一社区", where=world.street)
    delegate = await world.resident("企业代表")
    ballot = await announced(world)

    async def vote() -> None:
        for voter, choice in ((here, "yes"), (there, "no"), (delegate, "yes")):
            await ballots.cast(Actor(voter), ballot.id, chosen=[choice])

    await after(2, vote)
    await after(30)
    counted = await Ballot.get(id=ballot.id)
    box = orjson.loads(await boxes.content(ballot.id) or b"")
    assert {name for paper in box["ballots"] for name in paper} == {"choice", "tracker", "version"}
    assert not {"blocs", "areas", "channels", "groups"} & set(box) and "paper" not in box
    assert set(counted.result) <= OF_ALL and len(box["ballots"]) < settings().small_box
    csv = (await client.get(f"/ballots/{ballot.id}.csv")).text
    assert csv.splitlines()[0] == "tracker,version,choice"
    for entry in await world.recorded("ballot.cast"):
        assert set(entry["payload"]) == {"ballot", "commitment"} and entry["actor"] is entry["party"] is None
    page = (await client.get(f"/ballots/{ballot.id}")).text
    assert "有投票权的人很少" in page, "they are warned"
