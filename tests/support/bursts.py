"""A server with an open ballot, a burst of voters, and the judgement afterwards: for tests that break things meanwhile."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import httpx2
import orjson
import pytest

from civic import clock, db, jobs
from civic.acts import ballots, receipts
from civic.ledger import boxes, sequencer
from civic.ledger.export import export
from civic.ledger.verify import Report, verify
from civic.models import Ballot, LedgerEntry, Paper
from civic.rules import blind_signatures as bs
from civic.rules import tokens
from civic.rules.receipts import opens_receipt
from civic.rules.tokens import Token
from civic.schema.core.ids import encode
from civic.settings import settings
from tests.support.devices import Device
from tests.support.postgres import Cluster
from tests.support.server import Server
from tests.support.world import World

VOTERS, AT_ONCE = 40, 12
CHOICES = ("yes", "no", "abstain")
RECEIPT = "{ receipt { ballot tracker version commitment salt text } }"
CAST = "mutation($input: CastVoteInput!) { castVote(input: $input) " + RECEIPT + " }"
WITH_PASS = "mutation($input: CastWithTokenInput!) { castWithToken(input: $input) " + RECEIPT + " }"
ISSUE = "mutation($input: IssueTokenInput!) { issueToken(input: $input) { blindSignature } }"
Given = tuple[dict[str, Any], str]


@dataclass
class Story:
    """A server, its database, a ballot that is open, and what the server said to its voters, who vote by name.

    acknowledged: by voter each receipt with the choice it is for. broken: requests that got no answer.
    """

    server: Server
    folder: Path
    url: str
    ballot: int = 0
    closes_at: datetime = field(default_factory=clock.now)
    voters: list[str] = field(default_factory=list)
    acknowledged: dict[str, list[Given]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    broken: int = 0
    over: bool = False
    terms: ClassVar[dict[str, Any]] = {}
    # What else voters may hear while others vote beside them.
    by_chance: ClassVar[set[str]] = set()

    async def prepare(self, closes_in: timedelta) -> World:
        """A world with voters and a ballot that opened a while ago and closes so soon, later on a slow machine."""
        began = time.monotonic()
        with clock.shift(timedelta(hours=-1)):
            world = await World.make()
            people = await world.residents(VOTERS)
            self.voters = [await world.token(voter) for voter in people]
            pace = timedelta(seconds=2 * (time.monotonic() - began))
            self.closes_at = clock.now() + timedelta(hours=1) + closes_in + pace
            draft = await ballots.create(
                world.as_official, title="要不要加长椅", question="加吗？", area=world.district.code,
                opens_at=clock.now() + timedelta(minutes=30), closes_at=self.closes_at, **self.terms,
            )  # fmt: skip
            ballot = await ballots.announce(world.as_official, draft)
            await self.announced(world, ballot)
        await jobs.run_once()
        self.ballot = ballot.id
        return world

    async def announced(self, world: World, ballot: Ballot) -> None:
        """What is to be done before it opens."""

    async def burst(self, seconds: float, until: int = 10**9) -> None:
        """Vote from many connections for a time, or until so many requests are acknowledged."""
        end = time.monotonic() + seconds
        turn = iter(range(10**9))
        before, self.over = self.count(), False

        async def voter(client: httpx2.AsyncClient) -> None:
            while time.monotonic() < end and self.count() - before < until and not self.over:
                await self.turn(client, next(turn))

        async with self.client() as client:
            await asyncio.gather(*(voter(client) for _ in range(AT_ONCE)))

    def client(self) -> httpx2.AsyncClient:
        limits = httpx2.Limits(max_connections=AT_ONCE)
        return httpx2.AsyncClient(base_url=self.server.url, limits=limits, timeout=20)

    async def turn(self, client: httpx2.AsyncClient, number: int) -> None:
        """One request of somebody."""
        voter, choice = self.voters[number % len(self.voters)], CHOICES[number % 3]
        found = await self.ask(client, CAST, voter, ballot=encode("Ballot", self.ballot), choices=[choice])
        if found:
            self.keep(voter, found["castVote"]["receipt"], choice)

    async def ask(self, client: httpx2.AsyncClient, query: str, bearer: str, /, **given: Any) -> Any:
        """The answer; None when there was none, or a refusal."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        try:
            answer = await client.post(
                "/graphql", json={"query": query, "variables": {"input": given}}, headers=headers
            )
            found = answer.json()
        except (httpx2.HTTPError, ValueError):
            self.broken += 1
        else:
            if found.get("data"):
                return found["data"]
            self.refused.append(found["errors"][0]["extensions"].get("reason") or "failed")
        await asyncio.sleep(0.02)
        return None

    def keep(self, voter: str, receipt: dict[str, Any], choice: str) -> None:
        self.acknowledged.setdefault(voter, []).append((receipt, choice))

    async def reached(self, number: int, burst: asyncio.Task[None]) -> None:
        """Wait until so many requests are acknowledged, or the burst has ended."""
        while self.count() < number and not burst.done():  # noqa: ASYNC110
            await asyncio.sleep(0.005)

    def count(self) -> int:
        return sum(len(many) for many in self.acknowledged.values())

    async def vote_past_closing(self) -> None:
        """Votes keep coming in while the hour strikes, until one is refused for it."""
        before = self.closes_at - timedelta(seconds=1.5) - clock.now()
        await asyncio.sleep(max(0, before.total_seconds()))
        while "closed" not in self.refused:
            await self.burst(1)
            assert clock.now() < self.closes_at + timedelta(seconds=60), f"not closed: {self.refused[-3:]}"

    async def finish(self) -> None:
        """What voters do once the server is back for good."""

    def newest(self) -> list[int]:
        """The highest acknowledged version of each voter."""
        return sorted(max(r["version"] for r, _ in many) for many in self.acknowledged.values())

    async def judge(self, tmp_path: Path) -> Report:
        """Close if it is open still, and compare the box with every receipt that was given."""
        with clock.shift(timedelta(hours=3)):
            for _ in range(2):
                await jobs.run_once()
        ballot = await Ballot.get(id=self.ballot)
        assert ballot.state == "tallied"
        papers = {p.tracker: p for p in await Paper.filter(ballot_id=ballot.id)}
        assert len(papers) <= VOTERS
        kept: set[str] = set()
        for many in self.acknowledged.values():
            trackers = {receipt["tracker"] for receipt, _ in many}
            assert len(trackers) == 1 and not trackers & kept, "one voter has one paper"
            kept |= trackers
            assert len({receipt["version"] for receipt, _ in many}) == len(many), "no version twice"
            newest, choice = max(many, key=lambda pair: int(pair[0]["version"]))
            await self.counted(papers[newest["tracker"]], newest, choice)
            for receipt, _ in many:
                assert (await receipts.on_record(receipt["ballot"], receipt["commitment"]))[0]
        await sequencer.seal()
        await export(tmp_path / "out")
        report = verify(str(tmp_path / "out"))
        assert report.ok and any("recounted" in line for line in report.good), report
        content = orjson.loads(await boxes.content(ballot.id) or b"")
        assert len(content["ballots"]) == len(papers)
        return report

    async def counted(self, paper: Paper, newest: dict[str, Any], choice: str) -> None:
        """This voter's newest receipt, or a later vote of theirs that was not answered any more, is in the box."""
        assert paper.version >= newest["version"]
        if paper.version > newest["version"]:
            return
        opened = (newest["commitment"], newest["ballot"], newest["tracker"], newest["version"])
        assert opens_receipt(*opened, choice, bytes.fromhex(newest["salt"])) and paper.choice == choice
        checked = await receipts.check(newest["text"])
        assert (checked.fate, checked.recorded) == ("counted", True)


@dataclass
class Passes(Story):
    """The voters get a voting pass one after another, while those who have one vote with it, without a name."""

    devices: dict[str, Device] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    terms: ClassVar[dict[str, Any]] = {"anonymous": True}
    by_chance: ClassVar[set[str]] = {
        "replayed"
    }  # of two votes of one pass at once the lower may come in last

    async def announced(self, world: World, ballot: Ballot) -> None:
        self.devices = {voter: Device(ballot) for voter in self.voters}
        self.waiting = list(self.voters)

    def ready(self) -> list[str]:
        return [voter for voter, device in self.devices.items() if device.token is not None]

    def count(self) -> int:
        return super().count() + len(self.ready())

    async def turn(self, client: httpx2.AsyncClient, number: int) -> None:
        ready = self.ready()
        if self.waiting and (number % 6 == 0 or not ready):
            return await self.get(client, self.waiting.pop(0))
        if not ready:
            return await asyncio.sleep(0.02)
        voter, choice = ready[number % len(ready)], CHOICES[number % 3]
        self.versions[voter] = version = self.versions.get(voter, 0) + 1
        vote = self.devices[voter].vote(choice, version)
        found = await self.ask(
            client, WITH_PASS, "", ballot=encode("Ballot", self.ballot), token=vote.token, version=version,
            choice=choice, signature=vote.signature,
        )  # fmt: skip
        if found:
            self.keep(voter, found["castWithToken"]["receipt"], choice)

    async def get(self, client: httpx2.AsyncClient, voter: str) -> None:
        """Ask for a pass; who gets no answer asks again later, with the same message."""
        device = self.devices[voter]
        found = await self.ask(
            client, ISSUE, voter, ballot=encode("Ballot", self.ballot), blinded=device.blinded
        )
        if not found:
            self.waiting.append(voter)
            return
        answer = tokens.decode(found["issueToken"]["blindSignature"])
        signature = bs.finalize(device.public, device.prepared, answer, device.inverse)
        device.token = Token(device.ballot, device.point, device.prefix, signature)

    async def finish(self) -> None:
        """Whose pass was signed when the server died gets it now."""
        async with self.client() as client:
            while self.waiting:
                await self.get(client, self.waiting.pop(0))
        assert len(self.ready()) == VOTERS and "second_token" not in self.refused

    async def judge(self, tmp_path: Path) -> Report:
        report = await super().judge(tmp_path)
        content = orjson.loads(await boxes.content(self.ballot) or b"")
        issued = content["tokens"]["issued"]
        assert len(self.ready()) <= issued <= VOTERS, "one pass a voter, and each that was given is counted"
        assert issued == await LedgerEntry.filter(act="ballot.issue_token").count()
        assert any(f"with its own token of {issued} issued" in line for line in report.good), report
        return report


def story(
    kind: type[Story], request: pytest.FixtureRequest, tmp_path: Path, database: str
) -> Iterator[Story]:
    """For fixtures: a story on a migrated database that survives kills; the server is not started."""
    folder, url = tmp_path / "data", ""
    if database == "postgres":
        folder.mkdir()
        cluster: Cluster = request.getfixturevalue("durable_cluster")
        url = cluster.create(f"votes_{uuid4().hex}", request.getfixturevalue("durable_template"))
    else:
        shutil.copytree(request.getfixturevalue("sqlite_template"), folder)
    server = Server(folder, url, log_level="warning")
    yield kind(server, folder, url)
    server.stop()


async def power_cut(cluster: Cluster) -> None:
    """The database ends at once, and comes back."""
    await asyncio.to_thread(cluster.crash)
    try:
        await asyncio.sleep(0.3)
    finally:
        await asyncio.to_thread(cluster.start)


@asynccontextmanager
async def within(story: Story, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """This process on the story's database."""
    monkeypatch.setenv("CIVIC_DATA_DIR", str(story.folder))
    monkeypatch.setenv("CIVIC_DATABASE_URL", story.url)
    settings.cache_clear()
    await db.start()
    try:
        yield
    finally:
        await db.stop()
        settings.cache_clear()
