"""Votes against faults: the server killed, the database killed, and the closing hour, all in a burst of votes.

Whatever was acknowledged is in the box and verifies; nothing is there twice; nothing is counted after closing. All of it
with votes by name and with voting passes, which are given out in the same burst.
"""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from civic.models import Paper
from tests.conftest import DATABASES
from tests.support import bursts
from tests.support.bursts import Passes, Story, power_cut, within
from tests.support.postgres import Cluster

# Starting a server several times takes long on a machine that is busy.
pytestmark = [pytest.mark.anyio, pytest.mark.timeout(900)]


@pytest.fixture(params=[f"{kind}-{database}" for kind in ("names", "passes") for database in DATABASES])
def story(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Story]:
    kind, database = request.param.split("-")
    yield from bursts.story(Passes if kind == "passes" else Story, request, tmp_path, database)


async def test_a_server_killed_in_a_burst_of_votes(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with within(story, monkeypatch):
        await story.prepare(timedelta(hours=2))
    for last in (False, False, True):
        story.server.start()
        if last:
            await story.finish()
        before = story.count()
        burst = asyncio.create_task(story.burst(60, until=150))
        await story.reached(before + 60, burst)
        story.server.kill()
        await asyncio.sleep(0.2)
        story.over = True
        await burst
    assert story.count() >= 180 and story.broken > 0
    async with within(story, monkeypatch):
        await story.judge(tmp_path)


async def test_a_database_killed_in_a_burst_of_votes(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    if not story.url:
        pytest.skip("SQLite lives in the server's process: killing that is the test above")
    cluster: Cluster = request.getfixturevalue("durable_cluster")
    async with within(story, monkeypatch):
        await story.prepare(timedelta(hours=2))
    story.server.start()
    for _ in range(2):
        before = story.count()
        burst = asyncio.create_task(story.burst(60, until=150))
        await story.reached(before + 60, burst)
        await power_cut(cluster)
        await burst
        assert story.count() - before >= 150, "votes are taken again once the database is back"
    assert story.broken or story.refused, "some votes met the dead database"
    await story.finish()
    story.server.stop()
    async with within(story, monkeypatch):
        await story.judge(tmp_path)


async def test_the_closing_hour_in_a_burst_of_votes(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.server.start()
    async with within(story, monkeypatch):
        await story.prepare(timedelta(seconds=5))
    await story.burst(60, until=60)
    assert story.count() >= 60 and "closed" not in story.refused
    await story.vote_past_closing()
    counted, acknowledged = story.newest(), story.count()
    await story.burst(1)
    assert (story.newest(), story.count()) == (counted, acknowledged)
    await asyncio.sleep(1.5)
    story.server.stop()
    async with within(story, monkeypatch):
        await story.judge(tmp_path)
        versions = sorted(p.version for p in await Paper.filter(ballot_id=story.ballot))
        assert versions == counted, "nothing is in the box that was not acknowledged"
    assert {"closed"} <= set(story.refused) <= {"closed"} | story.by_chance
