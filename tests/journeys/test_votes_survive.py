"""Votes against faults: the server killed, the database killed, and the closing hour, all in a burst of votes.

Whatever was acknowledged is in the box and verifies; nothing is there twice; nothing is counted after closing.
"""

import asyncio
import shutil
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest

from civic import clock, db, jobs
from civic.acts import ballots, receipts
from civic.ledger import boxes, sequencer
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.models import Ballot, Paper
from civic.rules.receipts import opens_receipt
from civic.schema.core.ids import encode
from civic.settings import settings
from tests.conftest import DATABASES
from tests.support.postgres import Cluster
from tests.support.server import Server
from tests.support.world import World

pytestmark = pytest.mark.anyio
VOTERS, AT_ONCE = 40, 12
CAST = """mutation Cast($input: CastVoteInput!) { castVote(input: $input) {
  receipt { ballot tracker version commitment salt text } } }"""


@dataclass
class Story:
    """A server, its database, a ballot that is open, and what the server said to its voters."""

    server: Server
    folder: Path
    url: str
    ballot: int = 0
    tokens: list[str] = field(default_factory=list)
    acknowledged: dict[str, list[tuple[dict[str, Any], str]]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    broken: int = 0
    over: bool = False

    async def burst(self, seconds: float, until: int = 10**9) -> None:
        """Vote from many connections for a time, or until so many votes are acknowledged."""
        end = time.monotonic() + seconds
        turn = iter(range(10**9))
        before, self.over = self.count(), False

        async def voter(client: httpx2.AsyncClient) -> None:
            while time.monotonic() < end and self.count() - before < until and not self.over:
                number = next(turn)
                token = self.tokens[number % len(self.tokens)]
                choice = ("yes", "no", "abstain")[number % 3]
                body = {
                    "query": CAST,
                    "variables": {"input": {"ballot": encode("Ballot", self.ballot), "choices": [choice]}},
                }
                try:
                    answer = await client.post(
                        "/graphql", json=body, headers={"Authorization": f"Bearer {token}"}
                    )
                    found = answer.json()
                except (httpx2.HTTPError, ValueError):
                    self.broken += 1
                    await asyncio.sleep(0.02)
                    continue
                if found.get("data"):
                    receipt = found["data"]["castVote"]["receipt"]
                    self.acknowledged.setdefault(token, []).append((receipt, choice))
                else:
                    self.refused.append(found["errors"][0]["extensions"].get("reason") or "failed")
                    await asyncio.sleep(0.02)

        limits = httpx2.Limits(max_connections=AT_ONCE)
        async with httpx2.AsyncClient(base_url=self.server.url, limits=limits, timeout=20) as client:
            await asyncio.gather(*(voter(client) for _ in range(AT_ONCE)))

    async def reached(self, number: int, burst: asyncio.Task[None]) -> None:
        """Wait until so many votes are acknowledged, or the burst has ended."""
        while self.count() < number and not burst.done():  # noqa: ASYNC110
            await asyncio.sleep(0.005)

    def count(self) -> int:
        return sum(len(many) for many in self.acknowledged.values())


@asynccontextmanager
async def within(story: Story, monkeypatch: pytest.MonkeyPatch) -> Any:
    """This process on the story's database, while the server is not."""
    monkeypatch.setenv("CIVIC_DATA_DIR", str(story.folder))
    monkeypatch.setenv("CIVIC_DATABASE_URL", story.url)
    settings.cache_clear()
    await db.start()
    try:
        yield
    finally:
        await db.stop()
        settings.cache_clear()


@pytest.fixture(params=DATABASES)
def story(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Story]:
    folder, url = tmp_path / "data", ""
    if request.param == "postgres":
        folder.mkdir()
        fast, template = request.getfixturevalue("cluster"), request.getfixturevalue("postgres_template")
        url = request.getfixturevalue("durable_cluster").copy(fast, template, "votes")
    else:
        shutil.copytree(request.getfixturevalue("sqlite_template"), folder)
    server = Server(folder, url, log_level="warning")
    yield Story(server, folder, url)
    server.stop()


async def prepare(story: Story, closes_in: timedelta) -> None:
    world = await World.make()
    voters = await world.residents(VOTERS)
    story.tokens = [await world.token(voter) for voter in voters]
    draft = await ballots.create(
        world.as_official, title="要不要加长椅", question="加吗？", area=world.district.code,
        opens_at=clock.now() + timedelta(seconds=5), closes_at=clock.now() + closes_in,
    )  # fmt: skip
    ballot = await ballots.announce(world.as_official, draft)
    with clock.shift(timedelta(seconds=6)):
        await jobs.run_once()
    story.ballot = ballot.id


async def judge(story: Story, tmp_path: Path) -> Ballot:
    """Close if it is open still, and compare the box with every receipt that was given."""
    with clock.shift(timedelta(hours=3)):
        for _ in range(2):
            await jobs.run_once()
    ballot = await Ballot.get(id=story.ballot)
    assert ballot.state == "tallied"
    papers = {p.tracker: p for p in await Paper.filter(ballot_id=ballot.id)}
    assert len(papers) <= VOTERS
    for many in story.acknowledged.values():
        trackers = {receipt["tracker"] for receipt, _ in many}
        assert len(trackers) == 1, "one voter has one paper"
        assert len({receipt["version"] for receipt, _ in many}) == len(many), "no version twice"
        newest, choice = max(many, key=lambda pair: int(pair[0]["version"]))
        paper = papers[newest["tracker"]]
        assert paper.version >= newest["version"]
        if paper.version == newest["version"]:
            salt = bytes.fromhex(newest["salt"])
            opened = (
                newest["commitment"],
                newest["ballot"],
                newest["tracker"],
                newest["version"],
                choice,
                salt,
            )
            assert opens_receipt(*opened) and paper.choice == choice
            checked = await receipts.check(newest["text"])
            assert (checked.fate, checked.recorded) == ("counted", True)
        for receipt, _ in many:
            assert (await receipts.on_record(receipt["ballot"], receipt["commitment"]))[0]
    await sequencer.seal()
    await export(tmp_path / "out")
    report = verify(str(tmp_path / "out"))
    assert report.ok and any("recounted" in line for line in report.good), report
    content = orjson.loads(await boxes.content(ballot.id) or b"")
    assert len(content["ballots"]) == len(papers)
    return ballot


async def test_a_server_killed_in_a_burst_of_votes(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with within(story, monkeypatch):
        await prepare(story, timedelta(hours=2))
    for _ in range(3):
        story.server.start()
        before = story.count()
        burst = asyncio.create_task(story.burst(60, until=150))
        await story.reached(before + 100, burst)
        story.server.kill()
        await asyncio.sleep(0.2)
        story.over = True
        await burst
    assert story.count() >= 300 and story.broken > 0
    async with within(story, monkeypatch):
        await judge(story, tmp_path)


async def test_a_database_killed_in_a_burst_of_votes(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    if not story.url:
        pytest.skip("SQLite lives in the server's process: killing that is the test above")
    cluster: Cluster = request.getfixturevalue("durable_cluster")
    async with within(story, monkeypatch):
        await prepare(story, timedelta(hours=2))
    story.server.start()
    for _ in range(2):
        before = story.count()
        burst = asyncio.create_task(story.burst(60, until=250))
        await story.reached(before + 100, burst)
        await asyncio.to_thread(cluster.crash)
        await asyncio.sleep(0.3)
        await asyncio.to_thread(cluster.start)
        await burst
        assert story.count() - before >= 250, "votes are taken again once the database is back"
    assert story.broken or story.refused, "some votes met the dead database"
    story.server.stop()
    async with within(story, monkeypatch):
        await judge(story, tmp_path)


async def test_the_closing_hour_in_a_burst_of_votes(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with within(story, monkeypatch):
        await prepare(story, timedelta(seconds=14))
    story.server.start()
    await story.burst(30, until=100)
    assert story.count() >= 100
    while "closed" not in story.refused:
        await story.burst(1)
    counted = {t: max(r["version"] for r, _ in many) for t, many in story.acknowledged.items()}
    await story.burst(1)
    assert counted == {t: max(r["version"] for r, _ in many) for t, many in story.acknowledged.items()}
    await asyncio.sleep(1.5)
    story.server.stop()
    async with within(story, monkeypatch):
        await judge(story, tmp_path)
        versions = sorted(p.version for p in await Paper.filter(ballot_id=story.ballot))
        assert versions == sorted(counted.values()), "nothing is in the box that was not acknowledged"
    assert set(story.refused) == {"closed"}
