"""Paper against faults: server or database killed while sheets are handed out beside votes online, and while they are entered.

Nobody votes in two ways; every sheet that a clerk was told is handed out, and every reading that was acknowledged, is
there; and each sheet is in the box once.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import httpx2
import orjson
import pytest

from civic.ledger import boxes
from civic.models import Ballot, LedgerEntry, PaperBatch, PaperReading, PaperVoter, Person
from civic.schema.core.ids import encode
from tests.conftest import DATABASES
from tests.support import bursts
from tests.support.bursts import CHOICES, VOTERS, Story, power_cut, within
from tests.support.postgres import Cluster
from tests.support.world import World, member, person

# Starting a server several times takes long on a machine that is busy.
pytestmark = [pytest.mark.anyio, pytest.mark.timeout(900)]
PAYLOAD = "{ batch { number sheets state } }"
HAND_OUT = "mutation($input: PaperVoterInput!) { handOutSheet(input: $input) { ballot } }"
OPEN = f"mutation($input: OpenPaperBatchInput!) {{ openPaperBatch(input: $input) {PAYLOAD} }}"
ENTER = f"mutation($input: EnterPaperBatchInput!) {{ enterPaperBatch(input: $input) {PAYLOAD} }}"
COMPLETE = "mutation($input: CompletePaperInput!) { completePaper(input: $input) { ballot } }"
POLLING = "query($b: ID!) { paperPolling(ballot: $b) { loose openBatches batches { id number sheets state toEnter } } }"
PER_BATCH = 3


@dataclass
class Paper(Story):
    """Some voters come to the polling place, some vote online, and many try both. sheets: who was surely handed one."""

    people: list[Person] = field(default_factory=list)
    clerks: list[str] = field(default_factory=list)
    host: int = 0
    sheets: set[str] = field(default_factory=set)
    turns: list[tuple[int, str]] = field(default_factory=list)
    by_chance: ClassVar[set[str]] = {"on_paper", "voted_online", "has_sheet"}

    async def announced(self, world: World, ballot: Ballot) -> None:
        from civic.acts import paper_ballots

        await paper_ballots.offer(world.as_official, ballot)
        self.host = world.department.id
        self.clerks = [await world.token(world.official)]
        somebody = await person("录入员")
        await member(world.department, somebody, "clerk")
        self.clerks.append(await world.token(somebody))
        self.people = await Person.filter(name__startswith="居民").order_by("created_at")

    def count(self) -> int:
        return super().count() + len(self.sheets) + len(self.turns)

    @property
    def hosting(self) -> dict[str, str]:
        return {"ballot": encode("Ballot", self.ballot), "asParty": encode("Party", self.host)}

    async def turn(self, client: httpx2.AsyncClient, number: int) -> None:
        """Each third request is a clerk's. They begin with those who vote online last, so that each way has its voters."""
        if number % 3:
            return await super().turn(client, number // 3)
        pseudonym = self.people[(number // 3 + VOTERS // 2) % len(self.people)].pseudonym
        if await self.ask(client, HAND_OUT, self.clerks[0], **self.hosting, voter=pseudonym):
            self.sheets.add(pseudonym)

    async def look(self, client: httpx2.AsyncClient, clerk: str) -> Any:
        try:
            answer = await client.post(
                "/graphql", json={"query": POLLING, "variables": {"b": self.hosting["ballot"]}},
                headers={"Authorization": f"Bearer {clerk}"},
            )  # fmt: skip
            return (answer.json().get("data") or {}).get("paperPolling")
        except (httpx2.HTTPError, ValueError):
            return None

    async def enter(self, clerk: str, *, until: int = 10**9) -> None:
        """What one clerk does until everything is entered: looks what there is to do, and does it."""
        self.over = False
        async with self.client() as client:
            while not self.over and len(self.turns) < until:
                seen = await self.look(client, clerk)
                if seen is None:
                    self.broken += 1
                    await asyncio.sleep(0.02)
                elif batch := next((b for b in seen["batches"] if b["toEnter"]), None):
                    sheets = [{"number": n, "text": str(1 + n % 3)} for n in batch["toEnter"]]
                    given = {"batch": batch["id"], "asParty": self.hosting["asParty"], "sheets": sheets}
                    found = await self.ask(client, ENTER, clerk, **given)
                    if found:
                        self.turns.append((batch["number"], found["enterPaperBatch"]["batch"]["state"]))
                elif seen["loose"] and clerk == self.clerks[0]:
                    size = min(PER_BATCH, seen["loose"])
                    await self.ask(client, OPEN, clerk, **self.hosting, sheets=size)
                elif not seen["loose"] and not seen["openBatches"]:
                    return
                else:
                    await asyncio.sleep(0.02)


@pytest.fixture(params=DATABASES)
def story(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Story]:
    yield from bursts.story(Paper, request, tmp_path, request.param)


async def broken(story: Story, cluster: Cluster | None, work: "asyncio.Future[Any]") -> None:
    """Kill the database where it is a process of its own, else the server; and let it come back."""
    if cluster is None:
        story.server.kill()
        await asyncio.sleep(0.2)
        await asyncio.to_thread(story.server.start)
    else:
        await power_cut(cluster)
    await work


@pytest.mark.parametrize("victim", ["server", "database"])
async def test_sheets_and_their_readings_survive(
    story: Paper, victim: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    if victim == "database" and not story.url:
        pytest.skip("SQLite lives in the server's process: killing that is the other case")
    cluster: Cluster | None = request.getfixturevalue("durable_cluster") if victim == "database" else None
    story.server.start()
    async with within(story, monkeypatch):
        await story.prepare(timedelta(seconds=16))
    # The polling day: a kill while sheets are handed out and votes come in.
    burst = asyncio.ensure_future(story.burst(60, until=80))
    await story.reached(25, burst)
    await broken(story, cluster, burst)
    assert "closed" not in story.refused, "the hour came too early to see anything"
    await story.vote_past_closing()
    assert len(story.sheets) >= PER_BATCH and len(story.acknowledged) >= PER_BATCH
    counted = (story.newest(), sorted(story.sheets))
    await story.burst(1)
    assert counted == (story.newest(), sorted(story.sheets)), "neither vote nor sheet after closing"
    assert "closed" in story.refused and set(story.refused) - {"failed"} <= {"closed"} | story.by_chance
    # The counting: two clerks enter, and it is killed twice meanwhile.
    for until in (2, 5, 10**9):
        work = asyncio.gather(*(story.enter(clerk, until=until) for clerk in story.clerks))
        if until < 10**9:
            while len(story.turns) < until - 1 and not work.done():  # noqa: ASYNC110
                await asyncio.sleep(0.002)
            await broken(story, cluster, work)
        await work
    async with story.client() as client:
        assert await story.ask(client, COMPLETE, story.clerks[0], **story.hosting)
    await asyncio.sleep(1.5)
    story.server.stop()
    async with within(story, monkeypatch):
        await judged(story, tmp_path)


async def judged(story: Paper, tmp_path: Path) -> None:
    handed = {str(row.person_id) for row in await PaperVoter.filter(ballot_id=story.ballot)}
    by_pseudonym = {p.pseudonym: str(p.id) for p in story.people}
    assert {by_pseudonym[p] for p in story.sheets} <= handed, "who was handed a sheet has it"
    online = {str(story.people[story.voters.index(token)].id) for token in story.acknowledged}
    assert not online & handed, "nobody votes in two ways"
    batches = await PaperBatch.filter(ballot_id=story.ballot)
    assert {b.state for b in batches} == {"settled"} and sum(b.sheets for b in batches) == len(handed)
    assert not await PaperReading.filter(batch__ballot_id=story.ballot).exists(), (
        "nothing is left of readings"
    )
    await story.judge(tmp_path)
    said = [orjson.loads(e.payload) for e in await LedgerEntry.filter(act="ballot.enter_batch")]
    on_record = [(e["payload"]["batch"], e["payload"]["state"]) for e in said]
    assert set(story.turns) <= set(on_record), "each reading that was acknowledged is on the record"
    assert sorted(on_record) == sorted(
        (b.number, state) for b in batches for state in ("entered", "settled")
    ), "and none is there twice"
    content = orjson.loads(await boxes.content(story.ballot) or b"")
    assert content["paper"]["sheets"] == len(handed)
    assert len(content["ballots"]) >= len(handed) + len(online)
    online_choices = {choice for many in story.acknowledged.values() for _, choice in many}
    assert online_choices <= set(CHOICES) and {p["choice"] for p in content["ballots"]} <= set(CHOICES)
