"""Somebody tries to rejoin people and sheets, though nobody mixed the sheets: they lie as they were handed out."""

import random
from datetime import timedelta
from itertools import permutations
from typing import Any

import orjson
import pytest

from civic import clock, db, jobs
from civic.acts import box, paper_ballots, paper_box
from civic.acts.ballots import NewOption
from civic.ledger import boxes
from tests.acts.test_paper_ballots import clerks, with_paper
from tests.acts.test_secrecy import BY_CHANCE, bytes_on_disk, in_order, matches
from tests.support.world import World

pytestmark = pytest.mark.anyio
VOTERS = 40


async def test_nothing_that_is_kept_joins_people_and_sheets(
    connected: str, world: World, request: pytest.FixtureRequest
) -> None:
    """Every voter ranks in a way of their own, so whoever joined both would be right about it."""
    people = await world.residents(VOTERS)
    dice = random.Random(20261124)
    people = dice.sample(people, VOTERS)
    ranked = dice.sample([" ".join(order) for order in permutations("12345")], VOTERS)
    truth = {str(p.id): r.replace(" ", ">") for p, r in zip(people, ranked, strict=True)}
    options = [NewOption(label) for label in "甲乙丙丁戊"]
    ballot = await with_paper(world, method="schulze", passing="plurality", options=options)
    who = await clerks(world)
    with clock.shift(timedelta(hours=2)):
        await jobs.run_once()
        for person in people:
            await paper_ballots.hand_out(who[0], ballot.id, voter=person)
    with clock.shift(timedelta(hours=30)):
        batch = await paper_ballots.open_batch(who[0], ballot.id, sheets=VOTERS)
        for clerk in who:
            await paper_ballots.enter(clerk, batch, typed=dict(enumerate(ranked, 1)))
        while_open = b"".join(bytes_on_disk(request, connected).values())
        key = box.key_of(ballot.id)
        # The attack works where there is something to find: with the key one reads the sheets as they lay.
        assert matches(dict(zip(truth, await paper_box.sheets(ballot), strict=True)), truth) == VOTERS
        await paper_ballots.complete(world.as_official, ballot.id)
        await jobs.run_once()
    after_closing = bytes_on_disk(request, connected)
    everything = b"".join(after_closing.values())
    assert not any(choice.encode() in while_open for choice in truth.values()), (
        "nothing is readable while it is open"
    )
    assert key not in while_open and key not in everything

    published = orjson.loads(await boxes.content(ballot.id) or b"")["ballots"]
    papers = {"published": [paper["choice"] for paper in published]}
    rows = await db.fetch("SELECT choice FROM paper" + (" ORDER BY ctid" if connected == "postgres" else ""))
    papers["rows"] = [row["choice"] for row in rows]
    for name, content in after_closing.items():
        if sum(choice.encode() in content for choice in truth.values()) > VOTERS / 2:
            papers[f"in {name}"] = sorted(truth.values(), key=lambda c: content.find(c.encode()))
    order = " ORDER BY ctid" if connected == "postgres" else ""
    listed = [str(row["person_id"]) for row in await db.fetch("SELECT person_id FROM paper_voter" + order)]
    voters: dict[str, list[Any]] = {"handed out": list(truth), "listed": listed, "identity": sorted(truth)}
    best = {
        f"{a} / {b}": max(matches(guess, truth) for guess in in_order(left, right))
        for a, left in voters.items()
        for b, right in papers.items()
    }
    assert len(best) >= 9 and max(best.values()) <= BY_CHANCE, best
