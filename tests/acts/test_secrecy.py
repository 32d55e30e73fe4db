"""Somebody tries to rejoin voters and choices from everything that is written down, and does no better than chance.

The attacker knows who voted in which order (sessions, watching the door) and has: the database as it was while the
box was open and as it is after closing, byte by byte (file, log and free pages on SQLite; heap files and write-ahead
log on PostgreSQL), the ledger, its export, and the server's log. They do not have the box key, which is destroyed.
Each attack gives a guess "this voter cast the paper with this number". Of guesses without knowledge one in all is
right on average (a random permutation has one fixed point), and more than nine once in a million times.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from civic import clock, db, jobs
from civic.acts import ballots, box, proposals
from civic.acts.core import Actor
from civic.ledger import boxes, sequencer
from civic.ledger.export import export
from civic.models import Ballot, Person
from civic.rules import sealing
from civic.settings import settings
from tests.support.world import World

pytestmark = pytest.mark.anyio
VOTERS = 64
BY_CHANCE = 9
Guess = dict[str, str]  # voter → tracker


def matches(guess: Guess, truth: Guess) -> int:
    return sum(truth[voter] == tracker for voter, tracker in guess.items() if voter in truth)


def in_order(voters: Sequence[str], trackers: Sequence[str]) -> list[Guess]:
    """The guess that both lists have the same order, or the opposite one."""
    return [
        dict(zip(voters, trackers, strict=False)),
        dict(zip(voters, reversed(trackers), strict=False)),
    ]


def by_place(content: bytes, items: Sequence[str], last: bool) -> list[str]:
    """Items in the order of their first (or last) place in the bytes; those that are nowhere come last."""
    find: Callable[[bytes], int] = content.rfind if last else content.find
    places = {item: find(item.encode()) for item in items}
    return sorted(items, key=lambda item: (places[item] < 0, places[item], item))


def bytes_on_disk(request: pytest.FixtureRequest, database: str) -> dict[str, bytes]:
    """Every file that the database has, by name."""
    if database == "sqlite":
        return {p.name: p.read_bytes() for p in sorted(settings().data_dir.glob("civic.db*"))}
    cluster = request.getfixturevalue("cluster")
    name = settings().database_url.split("@/")[1].split("?")[0]
    cluster.sql("CHECKPOINT")
    number = cluster.sql(f"SELECT oid FROM pg_database WHERE datname = '{name}'")
    files = [*(cluster.data / "base" / number).iterdir(), *(cluster.data / "pg_wal").iterdir()]
    return {str(p.relative_to(cluster.data)): p.read_bytes() for p in sorted(files) if p.is_file()}


async def cast_all(
    world: World, ballot: Ballot, voters: list[Person]
) -> tuple[Guess, dict[str, str], list[str]]:
    """All vote, one after another; some think again, and some do something public at once after.

    Gives voter → tracker, voter → first commitment, and all commitments in the order of casting.
    """
    dice = random.Random(20261124)
    truth: Guess = {}
    firsts: dict[str, str] = {}
    commitments: list[str] = []
    draft = await proposals.create(Actor(voters[0]), title="甲", body="乙", area=world.community.code)
    await proposals.publish(Actor(voters[0]), draft)
    for number, voter in enumerate(voters):
        for _ in range(1 + (number % 7 == 0)):
            receipt = await ballots.cast(Actor(voter), ballot.id, chosen=[dice.choice(["yes", "no"])])
            truth[str(voter.id)] = receipt.tracker
            commitments.append(receipt.commitment)
            firsts.setdefault(str(voter.id), receipt.commitment)
        if number % 5 == 1:
            await proposals.support(Actor(voter), draft)
    return truth, firsts, commitments


async def test_nothing_that_is_kept_joins_voters_and_choices(
    connected: str, world: World, request: pytest.FixtureRequest, tmp_path: Path, capfd: Any
) -> None:
    voters = await world.residents(VOTERS)
    ids = [str(voter.id) for voter in voters]
    order = [str(voter.id) for voter in random.Random(7).sample(voters, VOTERS)]
    by_id = {str(voter.id): voter for voter in voters}
    draft = await ballots.create(
        world.as_official, title="要不要加长椅", question="加吗？", area=world.district.code,
        opens_at=clock.now() + timedelta(hours=1), closes_at=clock.now() + timedelta(hours=25),
    )  # fmt: skip
    ballot = await ballots.announce(world.as_official, draft)
    with clock.shift(timedelta(hours=2)):
        await jobs.run_once()
        truth, firsts, commitments = await cast_all(world, ballot, [by_id[v] for v in order])
        # A backup while the box is open, and the key that only the running platform has.
        open_rows = await db.fetch("SELECT tag, sealed FROM box_entry")
        if connected == "postgres":
            physical = await db.fetch("SELECT tag, sealed FROM box_entry ORDER BY xmin::text::bigint, ctid")
        else:
            with pytest.raises(Exception, match="rowid"):
                await db.fetch("SELECT rowid FROM box_entry")
            physical = open_rows
        while_open = bytes_on_disk(request, connected)
        key = box.key_of(ballot.id)
    with clock.shift(timedelta(hours=30)):
        await jobs.run_once()
    await sequencer.seal()
    await export(tmp_path / "out")
    after_closing = bytes_on_disk(request, connected)
    published = orjson.loads(await boxes.content(ballot.id) or b"")["ballots"]
    trackers = [paper["tracker"] for paper in published]
    assert sorted(truth.values()) == trackers and len(trackers) == VOTERS

    # The attack works where there is something to find: whoever copied the key before closing opens everything.
    unseal = sealing.opener(key)
    opened = {row["tag"]: unseal(row["tag"], bytes(row["sealed"])).tracker for row in open_rows}
    assert matches({v: opened[sealing.tag(key, ballot.id, v)] for v in ids}, truth) == VOTERS
    # And the order of the ledger is the order of casting, as the attacker needs it.
    recorded = [payload["payload"]["commitment"] for payload in await world.recorded("ballot.cast")]
    assert recorded == commitments

    # 1. Nothing readable lay in the open box, and nothing of the key or of the tags is left.
    everything_open, everything = b"".join(while_open.values()), b"".join(after_closing.values())
    assert ids[0].encode() in everything_open or bytes.fromhex(ids[0].replace("-", "")) in everything_open
    for tracker in trackers:
        assert tracker.encode() not in everything_open
    assert key not in everything_open and key not in everything
    assert not any(p.is_file() and key in p.read_bytes() for p in settings().data_dir.rglob("*"))
    assert not any(row["tag"].encode() in everything for row in open_rows if connected == "sqlite")

    # 2. Orders in which papers are written down after closing, against orders in which voters can be put: as they
    # voted, as their sealed papers rank (by way of the place where each was written), and by identity.
    papers = {"published": trackers}
    for name, content in after_closing.items():
        if any(tracker.encode() in content for tracker in trackers):
            papers[f"first in {name}"] = by_place(content, trackers, last=False)
            papers[f"last in {name}"] = by_place(content, trackers, last=True)
    rows = await db.fetch("SELECT tracker FROM paper ORDER BY version, tracker")
    papers["by version"] = [row["tracker"] for row in rows]
    people = {"voting": order, "identity": sorted(ids)}
    people["commitments"] = [order[i] for i in sorted(range(VOTERS), key=lambda i: firsts[order[i]])]
    tags = [row["tag"] for row in physical]
    rank = {row["tag"]: bytes(row["sealed"]) for row in physical}
    for name, content in (*while_open.items(), ("rows", "".join(tags).encode())):
        if any(tag.encode() in content for tag in tags):
            voter_of = dict(zip(by_place(content, tags, last=False), order, strict=True))
            people[f"tags in {name}"] = [voter_of[tag] for tag in sorted(tags)]
            people[f"seals in {name}"] = [voter_of[tag] for tag in sorted(tags, key=rank.__getitem__)]
    best = {
        f"{who} / {what}": max(matches(guess, truth) for guess in in_order(voters_so, papers_so))
        for who, voters_so in people.items()
        for what, papers_so in papers.items()
    }
    assert len(best) >= 20
    assert max(best.values()) <= BY_CHANCE, {name: n for name, n in best.items() if n > BY_CHANCE}

    # 3. Choices themselves, beside what is public of voters.
    files = [*(tmp_path / "out").rglob("*")]
    exported = b"".join(p.read_bytes() for p in files if p.is_file())
    log = "".join(capfd.readouterr()).encode()
    for voter in voters:
        assert str(voter.id).encode() not in exported and str(voter.id).encode() not in log
    assert not any(c.encode() in log for c in (*trackers, *commitments))
    for payload in await world.recorded("ballot.cast"):
        assert set(payload["payload"]) == {"ballot", "commitment"} and payload["actor"] is None
        assert len(payload["time"]) == len("2026-11-24")


async def test_rows_of_the_open_box_all_look_alike(connected: str, world: World) -> None:
    """A thief of the database alone learns neither choices nor how they are spread, nor who voted again."""
    voters = await world.residents(40)
    draft = await ballots.create(
        world.as_official, title="要不要加长椅", question="加吗？", area=world.district.code,
        opens_at=clock.now() + timedelta(hours=1), closes_at=clock.now() + timedelta(hours=25),
    )  # fmt: skip
    ballot = await ballots.announce(world.as_official, draft)
    with clock.shift(timedelta(hours=2)):
        await jobs.run_once()
        for number, voter in enumerate(voters):
            for _ in range(3 if number < 5 else 1):
                await ballots.cast(Actor(voter), ballot.id, chosen=["abstain" if number % 2 else "no"])
        rows = await db.fetch("SELECT * FROM box_entry")
        assert {key for row in rows for key in row} == {"tag", "ballot_id", "sealed"}
        assert len({len(row["sealed"]) for row in rows}) == 1
        assert len({bytes(row["sealed"]) for row in rows}) == len(rows) == 40
        before = {row["tag"]: bytes(row["sealed"]) for row in rows}
        await asyncio.gather(*(ballots.cast(Actor(v), ballot.id, chosen=["no"]) for v in voters[:5]))
        rows = await db.fetch("SELECT * FROM box_entry")
        assert sum(before[row["tag"]] != bytes(row["sealed"]) for row in rows) == 5
