"""A roll-call of a thousand seats: all vote at the same instant through the API, while somebody follows the figures.

Not a rate but a promise, so it ends with an error when a vote that was acknowledged is not in the record, or when the
last figures that were shown are not those of the record.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.support import data_dir, migrate, serving, show, use
from civic import db
from civic.models import RollCall
from tests.support.postgres import Cluster
from tests.support.roll_call import Hall
from tests.support.world import World

SEATS, CONNECTIONS, WANTED = 1000, 64, 1.0


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds until the last vote was acknowledged, and until the figures shown live held them all; votes sent."""

    votes: float
    figures: float
    sent: int


async def measured(port: int, hall: Hall) -> Taken:
    """Everybody votes; RuntimeError when the record, or what was shown, is not what was said."""
    ready = asyncio.Event()
    began = shown = 0.0

    async def follow() -> list[int]:
        nonlocal shown
        heard = []
        async for vote in hall.figures(port):
            ready.set()
            heard.append(vote)
            if vote["cast"] == len(hall.tokens) and not shown:
                shown = time.perf_counter() - began
        return [heard[-1]["counts"][choice] for choice in ("yes", "no", "abstain", "recused")]

    following = asyncio.create_task(follow())
    await ready.wait()
    began = time.perf_counter()
    told = await hall.vote(port, CONNECTIONS)
    took = time.perf_counter() - began
    await hall.close(port)
    figures = await following
    roll = await RollCall.filter(vote__motion__meeting_id=hall.room.meeting.id).select_related("seat")
    if {r.seat.number: r.choice for r in roll} != {seat: hall.choice(seat) for seat in told}:
        raise RuntimeError("the record is not what was acknowledged")
    if figures != list(hall.counts().values()):
        raise RuntimeError(f"the figures shown at the end were {figures}, the record is {hall.counts()}")
    return Taken(took, shown, len(told) + sum(seat % 3 == 0 for seat in told))


async def _run(data: Path, url: str) -> Taken:
    await db.start()
    try:
        hall = await Hall.fill(await World.make(), SEATS)
        with serving("civic.app:create_app", data, url) as port:
            return await measured(port, hall)
    finally:
        await db.stop()


def main() -> None:
    """Print how long the roll-call took on each database."""
    rows = []
    with data_dir() as data:
        rows.append(["SQLite", *_line(asyncio.run(_run(data, "")))])
    cluster = Cluster(durable=True)
    try:
        with tempfile.TemporaryDirectory(prefix="civic-bench-") as folder:
            url = cluster.create("roll_call")
            migrate(Path(folder), url)
            use(Path(folder), url)
            rows.append(["PostgreSQL", *_line(asyncio.run(_run(Path(folder), url)))])
    finally:
        cluster.stop()
    show(
        f"{SEATS:,} seats vote at once, each third twice",
        ["database", "votes", "seconds", "wanted", "votes/s", "shown live after"],
        rows,
        f"{CONNECTIONS} connections, one worker; every acknowledged vote is in the record, and the live figures are it.",
    )


def _line(taken: Taken) -> list[str]:
    rate = f"{taken.sent / taken.votes:,.0f}"
    return [f"{taken.sent:,}", f"{taken.votes:.2f}", f"{WANTED:.0f}", rate, f"{taken.figures:.2f} s"]
