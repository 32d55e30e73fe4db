"""A roll-call under load: a thousand seats at once over HTTP, followed live; nothing is lost and nothing invented."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from civic.ledger import sequencer
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.models import RollCall
from tests.support.roll_call import OF_PARTIES, Hall
from tests.support.server import Server
from tests.support.world import World

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(400)]
SEATS = 1000


async def test_a_thousand_seats_vote_at_once_and_the_live_figures_are_the_record(
    connected: str, server: Server, world: World, tmp_path: Path
) -> None:
    hall = await Hall.fill(world, SEATS)
    ready, heard = asyncio.Event(), []

    async def follow() -> None:
        async for vote in hall.figures(server.port):
            heard.append(vote)
            ready.set()

    following = asyncio.create_task(follow())
    await ready.wait()
    told = await hall.vote(server.port)
    assert sorted(told) == list(range(1, SEATS + 1))
    await hall.close(server.port)
    await following

    # Every vote that was acknowledged is in the record, as it was said last.
    roll = await RollCall.filter(vote__motion__meeting_id=hall.room.meeting.id).select_related("seat")
    assert {r.seat.number: r.choice for r in roll} == {seat: hall.choice(seat) for seat in told}
    (entry,) = await world.recorded("joint_meeting.close_vote")
    assert entry["payload"]["roll"] == {
        choice: [seat for seat in range(1, SEATS + 1) if hall.choice(seat) == choice]
        for choice in ("yes", "no", "abstain", "recused")
    }
    changed = sum(seat % 3 == 0 for seat in told)
    assert len(await world.recorded("joint_meeting.vote")) == SEATS + changed

    # What was shown live only grew, never beyond the seats, and ended as the record says.
    shown = [vote["cast"] for vote in heard]
    assert shown == sorted(shown) and shown[0] == 0 and shown[-1] == SEATS
    assert all(sum(vote["counts"].values()) == vote["cast"] for vote in heard)
    last = heard[-1]
    assert last["counts"] == hall.counts() and last["passed"] is True
    assert (
        dict(zip(("yes", "no", "abstain", "recused"), entry["payload"]["result"]["counts"], strict=True))
        == last["counts"]
    )
    assert {b["bloc"]: b["cast"] for b in last["blocs"]}["residents"] == SEATS - OF_PARTIES

    # And a stranger counts the same from the export.
    await sequencer.seal()
    await export(tmp_path / "out")
    found = verify(str(tmp_path / "out"))
    assert found.ok, found.wrong
    assert any("3 quorums and 1 results derived again" in line for line in found.good), found.good
