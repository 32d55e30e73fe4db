"""Somebody with backups of an open and of a closed ballot box tries to rejoin voters and papers, and only guesses.

Every voter ranks five options in a way of their own, so that the choice alone would give a paper away. The thief knows
who voted when, and uses every text, number and order in the files (`tests.support.rejoining`). So that the test is
known to see a leak, the same attacks are made on backups into which one was put: there they find everybody.
"""

import io
import random
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import orjson
import pytest

from civic import clock, jobs
from civic.acts import ballots, box, proposals
from civic.acts.ballots import NewOption
from civic.acts.core import Actor
from civic.ledger import boxes, sequencer
from civic.models import Ballot, Notification, Person
from civic.operations.backup import backup
from civic.rules import sealing
from civic.web.session_store import DatabaseStore
from tests.acts.test_ballots import announced
from tests.support.rejoining import (
    Guess,
    Names,
    Rows,
    Taken,
    attempts,
    by_chance,
    key_in,
    right,
    take,
)
from tests.support.world import World

pytestmark = pytest.mark.anyio
VOTERS = 64


@dataclass(frozen=True, slots=True)
class Vote:
    """What really happened. By voter, in the order of voting: all names, tracker, tag. By tracker: it and the choice."""

    ballot: int
    key: bytes
    voters: Names
    truth: Guess
    tags: Guess
    papers: Names


async def vote(world: World, ballot: Ballot, people: list[Person]) -> Vote:
    """All vote, each with a session of their own and a minute after the other; some think again, some do more."""
    dice = random.Random(20261129)
    choices = dice.sample([list(order) for order in permutations("12345")], len(people))
    draft = await proposals.create(Actor(people[0]), title="甲", body="乙", area=world.community.code)
    await proposals.publish(Actor(people[0]), draft)
    store, key = DatabaseStore(), box.key_of(ballot.id)
    voters: dict[str, list[str]] = {}
    truth, tags, papers = {}, {}, {}
    for number, (person, choice) in enumerate(zip(people, choices, strict=True)):
        with clock.shift(timedelta(minutes=number)):
            who, session = str(person.id), f"{dice.getrandbits(256):064x}"
            await store.start(person, session, clock.now() + timedelta(days=30))
            commitments = []
            for _ in range(1 + (number % 7 == 0)):
                receipt = await ballots.cast(Actor(person), ballot.id, chosen=choice)
                commitments.append(receipt.commitment)
            if number % 5 == 1:
                await proposals.support(Actor(person), draft)
            await store.touch(session)
        voters[who] = [
            who, person.id.hex, person.pseudonym, str(person.email), person.name, session, *commitments,
        ]  # fmt: skip
        truth[who], tags[who] = receipt.tracker, sealing.tag(key, ballot.id, who)
        papers[receipt.tracker] = [receipt.tracker, ">".join(choice)]
    return Vote(ballot.id, key, voters, truth, tags, papers)


async def complaints(ballot: Ballot, world: World, people: list[Person]) -> None:
    """Some complain about the count, and are told of the answer."""
    for number, person in enumerate(people[::9], 1):
        await ballots.complain(Actor(person), ballot, reason="请再核对。")
        await ballots.answer_complaint(
            world.as_official, ballot, number=number, upheld=False, text="核对无误。"
        )
    assert await Notification.filter(kind="ballot.complaint_answered").count() == len(people[::9])


def best(found: dict[str, Guess], truth: Guess) -> tuple[int, str]:
    """The attempt with the most right."""
    return max((right(guess, truth), way) for way, guess in found.items())


async def test_backups_join_no_voter_to_a_paper(connected: str, world: World, tmp_path: Path) -> None:
    people = random.Random(7).sample(await world.residents(VOTERS), VOTERS)
    options = [NewOption(label) for label in "甲乙丙丁戊"]
    ballot = await announced(world, method="schulze", passing="plurality", options=options)
    with clock.shift(timedelta(hours=2)):
        await jobs.run_once()
        told = await vote(world, ballot, people)
        await sequencer.seal()
        backup(tmp_path / "open.tar")
        assert box.key_path(ballot.id).read_bytes() == told.key  # it is there, and not in the backup
    with clock.shift(timedelta(hours=30)):
        await jobs.run_once()
        await complaints(await Ballot.get(id=ballot.id), world, people)
        await sequencer.seal()
        backup(tmp_path / "closed.tar")
    published = orjson.loads(await boxes.content(ballot.id) or b"")["ballots"]
    assert sorted(told.truth.values()) == [paper["tracker"] for paper in published] == sorted(told.papers)
    while_open, closed = (
        take(tmp_path / "open.tar", tmp_path / "a"),
        take(tmp_path / "closed.tar", tmp_path / "b"),
    )

    # What a thief finds: all voters and all papers, sealed or published, and no key.
    assert {row["tag"] for row in while_open.tables["box_entry"]} == set(told.tags.values())
    assert {row["tracker"] for row in closed.tables["paper"]} == set(told.papers)
    assert not closed.tables.get("box_entry") and len(closed.tables["session"]) == VOTERS
    tags = told.tags.values()
    assert (
        key_in(while_open, ballot.id, told.voters, tags)
        is key_in(closed, ballot.id, told.voters, tags)
        is None
    )

    # From the open box alone: no word of any paper. The place of a sealed one in a heap or page may tell when it came, and
    # so whose it is; from here on the thief knows that of each.
    readable = b"".join(while_open.files.values())
    assert not [word for words in told.papers.values() for word in words if word.encode() in readable]
    if connected == "sqlite":
        assert not [tag for tag in tags if tag.encode() in b"".join(closed.files.values())]

    # From both.
    both = Taken(
        {**{f"{name} before": rows for name, rows in while_open.tables.items()}, **closed.tables},
        {**{f"{name} before": content for name, content in while_open.files.items()}, **closed.files},
    )
    voters = {voter: [*names, told.tags[voter]] for voter, names in told.voters.items()}
    found = attempts(both, voters, told.papers)
    assert len(found) > 500 and all(f"session by {c} / rows of paper" in found for c in ("seen_at", "hash"))
    assert "box_entry before by sealed / paper by tracker" in found
    assert best(found, told.truth)[0] <= by_chance(found.values()) < VOTERS / 3, best(found, told.truth)

    leaks(closed, told)
    the_key_beside_it(tmp_path, told)


def leaks(closed: Taken, told: Vote) -> None:
    """The same attacks on backups that tell something: they find everybody."""
    turn = {tracker: number for number, tracker in enumerate(told.truth.values())}
    voter_of = {tracker: voter for voter, tracker in told.truth.items()}
    rows = closed.tables["paper"]
    told_by_mistake = closed.tables["notification"][0]
    noted: Rows = [
        {**told_by_mistake, "person_id": voter_of[row["tracker"]], "detail": f'{{"vote": "{row["choice"]}"}}'}
        for row in rows
    ]
    letters: Rows = [{"letter": f"letter-{n}", "to": voter} for n, voter in enumerate(told.voters)]
    sent: Rows = [{"id": f"letter-{n}", "about": told.truth[voter]} for n, voter in enumerate(told.voters)]
    timed: Rows = [{**row, "at": f"2026-11-29 {turn[row['tracker']]:04}"} for row in rows]
    cases: list[dict[str, Rows]] = [
        {"paper": sorted(rows, key=lambda row: turn[row["tracker"]])},
        {"paper": timed},
        {"notification": [*closed.tables["notification"], *noted]},
        {"letter": letters, "sent": sent},
    ]
    for tables in cases:
        leaky = replace(closed, tables={**closed.tables, **tables})
        assert best(attempts(leaky, told.voters, told.papers), told.truth)[0] == VOTERS, list(tables)


def the_key_beside_it(tmp_path: Path, told: Vote) -> None:
    """A backup that kept the key of the box, in whatever writing, opens the whole box."""
    writings: list[Callable[[bytes], bytes]] = [
        bytes, lambda key: b'{"key": "' + key.hex().encode() + b'"}', lambda key: b"x" * 5 + key + b"y" * 70,
    ]  # fmt: skip
    for number, write in enumerate(writings):
        content = write(told.key)
        file = tmp_path / f"leaky{number}.tar"
        file.write_bytes((tmp_path / "open.tar").read_bytes())
        with tarfile.open(file, "a") as tar:
            info = tarfile.TarInfo("keys/boxes/1.key")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
        taken = take(file, tmp_path / f"leaky{number}")
        key = key_in(taken, told.ballot, told.voters, told.tags.values())
        assert key == told.key
        unseal = sealing.opener(key)
        sealed = {row["tag"]: bytes.fromhex(row["sealed"]) for row in taken.tables["box_entry"]}
        opened = {
            voter: unseal(tag, sealed[tag]).tracker
            for voter in told.voters
            if (tag := sealing.tag(key, told.ballot, voter)) in sealed
        }
        assert right(opened, told.truth) == VOTERS
