"""Batches of paper ballots: two clerks agree, or read again, or a scrutineer decides; by every method."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from civic import clock, db
from civic.acts import ballots, paper_ballots, paper_box
from civic.acts.ballots import NewOption
from civic.errors import Conflict, InvalidInput, InvalidState, NotAllowed
from civic.models import PaperBatch, PaperReading
from civic.rules.sealing import Sealed
from tests.acts.test_ballots import refusal
from tests.acts.test_paper_ballots import clerks, completed, entered, hand_out, with_paper
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_disagreement_is_shown_read_again_and_in_the_end_ruled(connected: str, world: World) -> None:
    """ "ballot.settle_batch", "ballot.discard_batch" """
    voters = await world.residents(2)
    ballot = await with_paper(world)
    first, second, third, fourth = await clerks(world, 4)
    watcher = await world.delegate("residents")
    await ballots.name_scrutineer(world.as_official, ballot, person=watcher.person, party=watcher.party)
    await ballots.name_scrutineer(world.as_official, ballot, person=first.person, party=first.party)
    await hand_out(world, ballot, voters)
    with clock.shift(timedelta(hours=30)):
        wrong = await paper_ballots.open_batch(first, ballot.id, sheets=2)
        await paper_ballots.enter(first, wrong, typed={1: "1", 2: "1"})
        await refusal(InvalidInput, "empty", paper_ballots.discard(world.as_official, wrong, reason=" "))
        gone = await paper_ballots.discard(world.as_official, wrong, reason="张数有误")
        assert gone.state == "discarded" and await PaperReading.all().count() == 0
        batch = await paper_ballots.open_batch(first, ballot.id, sheets=2)
        await paper_ballots.enter(first, batch, typed={1: "1", 2: "1"})
        await refusal(
            InvalidState, "wrong_state", paper_ballots.settle(watcher, batch, typed={2: "1"}, reason="先看")
        )
        row = await paper_ballots.enter(second, batch, typed={1: "1", 2: "2"})
        assert (row.state, row.differing) == ("differing", 1)
        assert await paper_ballots.in_dispute(ballot, row) == {2: ["1", "2"]}
        await refusal(
            InvalidInput, "sheet_unknown", paper_ballots.enter(third, batch, typed={1: "1", 2: "0"})
        )
        row = await paper_ballots.enter(third, batch, typed={2: "0"})
        assert row.state == "differing"
        row = await paper_ballots.enter(fourth, batch, typed={2: "*"})
        assert row.state == "referred"
        assert await paper_ballots.in_dispute(ballot, row) == {2: ["1", "2", "0", "*"]}
        await refusal(InvalidState, "wrong_state", paper_ballots.enter(second, batch, typed={2: "1"}))
        await refusal(
            NotAllowed,
            "not_scrutineer",
            paper_ballots.settle(second, batch, typed={2: "1"}, reason="我看到了"),
        )
        await refusal(
            NotAllowed, "own_reading", paper_ballots.settle(first, batch, typed={2: "1"}, reason="我看到了")
        )
        await refusal(
            InvalidInput, "sheet_missing", paper_ballots.settle(watcher, batch, typed={}, reason="看")
        )
        await refusal(InvalidInput, "empty", paper_ballots.settle(watcher, batch, typed={2: "2"}, reason=" "))
        row = await paper_ballots.settle(watcher, batch, typed={2: "2"}, reason="两个格子都画了，划掉了一个")
        assert (row.state, row.differing) == ("settled", 0)
    counted = await completed(world, ballot)
    assert {c["option"]: c["count"] for c in counted.result["counts"]} == {"yes": 1, "no": 1, "abstain": 0}
    entries = [e["payload"] for e in await world.recorded("ballot.enter_batch")]
    assert [e["state"] for e in entries] == ["entered", "entered", "differing", "differing", "referred"]
    ruled = (await world.recorded("ballot.settle_batch"))[0]
    assert ruled["payload"]["ruled"] == 1 and "划掉" not in str(ruled)


async def test_two_clerks_at_the_same_instant_make_two_turns(connected: str, world: World) -> None:
    voters = await world.residents(1)
    ballot = await with_paper(world)
    who = await clerks(world, 2)
    await hand_out(world, ballot, voters)
    with clock.shift(timedelta(hours=30)):
        batch = await paper_ballots.open_batch(who[0], ballot.id, sheets=1)
        done = await asyncio.gather(
            *(paper_ballots.enter(actor, batch.id, typed={1: "2"}) for actor in who * 3),
            return_exceptions=True,
        )
        assert (await PaperBatch.get(id=batch.id)).state == "settled"
        assert sum(isinstance(r, PaperBatch) for r in done) == 2 == await PaperReading.all().count()
        assert {type(r) for r in done} == {PaperBatch, Conflict, InvalidState} or {type(r) for r in done} == {
            PaperBatch,
            InvalidState,
        }
        opened = await asyncio.gather(
            *(paper_ballots.open_batch(actor, ballot.id, sheets=1) for actor in who), return_exceptions=True
        )
        assert {type(r) for r in opened} == {InvalidInput}, "one sheet is out, and it is in a batch"


METHODS: dict[str, tuple[dict[str, Any], list[str], list[str]]] = {
    "single": ({}, ["1", "2", "2", "#"], ["2"]),
    "approval": ({"max_choices": 2}, ["1 2", "2", "2 3"], ["2"]),
    "score": ({"max_score": 5}, ["1=5 2=1", "3=2", "1=1"], ["1"]),
    "runoff": ({}, ["3 1", "3 2 1", "1"], ["3"]),
    "stv": ({"seats": 1}, ["3 1", "3 2 1", "1"], ["3"]),
    "schulze": ({}, ["3 1", "3 2 1", "1"], ["3"]),
    "budget_greedy": ({"budget": 100}, ["1 2", "2"], ["2"]),
    "budget_shares": ({"budget": 100}, ["1 2", "2"], ["2"]),
}


@pytest.mark.parametrize("method", METHODS)
async def test_every_method_counts_sheets(connected: str, world: World, method: str) -> None:
    more, typed, winners = METHODS[method]
    cost = 60 if method.startswith("budget") else None
    options = [NewOption(label, cost=cost) for label in "甲乙丙"]
    ballot = await with_paper(world, method=method, passing="plurality", options=options, **more)
    voters = await world.residents(len(typed))
    await hand_out(world, ballot, voters)
    await entered(ballot, await clerks(world), typed)
    counted = await completed(world, ballot)
    assert (counted.state, counted.cast) == ("tallied", len(typed))
    assert counted.result["winners"] == winners and counted.result["invalid"] == 0


async def test_a_reading_that_was_moved_or_changed_stops_the_closing(connected: str, world: World) -> None:
    """Whoever writes to the database without the key cannot change what clerks read, nor settle a batch."""
    voters = await world.residents(2)
    ballot = await with_paper(world)
    who = await clerks(world)
    await hand_out(world, ballot, voters)
    batch = await entered(ballot, who, ["1"])
    with clock.shift(timedelta(hours=30)):
        other = await paper_ballots.open_batch(who[0], ballot.id, sheets=1)
        await paper_ballots.enter(who[0], other, typed={1: "2"})
    moved = (await PaperReading.filter(batch_id=other.id))[0].sealed
    kept = (await PaperReading.get(batch_id=batch.id, turn=1)).sealed

    async def put(sealed: bytes, state: str) -> None:
        await PaperReading.filter(batch_id=batch.id, turn=1).update(sealed=sealed)
        await PaperBatch.filter(id=other.id).update(state=state)

    for sealed, state in ((moved, "entered"), (kept, "settled")):
        await db.write(lambda sealed=sealed, state=state: put(sealed, state))  # type: ignore[misc]
        with pytest.raises(Sealed):
            await paper_box.sheets(ballot)
    await db.write(lambda: put(kept, "entered"))
    assert await paper_box.sheets(ballot) == ["yes"]
    with clock.shift(timedelta(hours=30)):
        await paper_ballots.enter(who[1], other, typed={1: "2"})
    assert (await completed(world, ballot)).cast == 2
