"""Every method from the draft to the recount, and lots that are drawn where a count cannot decide."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from civic import clock, jobs
from civic.acts import ballots
from civic.acts.ballots import NewOption
from civic.acts.core import Actor
from civic.errors import InvalidInput
from civic.ledger import boxes, sequencer
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.models import Ballot, LedgerCheckpoint
from civic.rules.tallies import recount
from tests.acts.test_ballots import after, announced, refusal, terms
from tests.support.world import World

pytestmark = pytest.mark.anyio
THREE = [NewOption("甲"), NewOption("乙"), NewOption("丙")]
PROJECTS = [
    NewOption("长椅", "", 300_00, "休闲"),
    NewOption("路灯", "", 500_00, "安全"),
    NewOption("花坛", "", 400_00, "休闲"),
]
CASES: dict[str, tuple[dict[str, Any], list[list[str]], list[str]]] = {
    "score": ({"options": THREE, "max_score": 5}, [["1:5", "2:3"], ["2:4"], ["3:1", "2:2"], ["abstain"]], ["2"]),
    "runoff": ({"options": THREE}, [["1", "2"], ["1"], ["2", "3"], ["3", "2"], ["2"]], ["2"]),
    "stv": ({"options": THREE, "seats": 2}, [["1", "2"]] * 4 + [["3"]] * 2 + [["2"]], ["1", "3"]),
    "schulze": ({"options": THREE}, [["1", "2", "3"], ["2", "1"], ["2", "3"], ["3", "2", "1"]], ["2"]),
    "budget_greedy": ({"options": PROJECTS, "budget": 800_00}, [["1", "2"], ["2"], ["3"], ["1"]], ["1", "2"]),
    "budget_shares": ({"options": PROJECTS, "budget": 800_00}, [["1"], ["1"], ["2"], ["2", "3"]], ["1", "2"]),
}  # fmt: skip


async def held(world: World, method: str, given: dict[str, Any], votes: list[list[str]]) -> Ballot:
    voters = await world.residents(len(votes))
    ballot = await announced(world, method=method, **given)

    async def vote() -> None:
        for voter, chosen in zip(voters, votes, strict=True):
            await ballots.cast(Actor(voter), ballot.id, chosen=chosen)

    await after(2, vote)
    await after(30)
    return await Ballot.get(id=ballot.id)


@pytest.mark.parametrize("method", CASES)
async def test_a_method_from_draft_to_recount(
    connected: str, world: World, method: str, tmp_path: Path
) -> None:
    given, votes, winners = CASES[method]
    ballot = await held(world, method, given, votes)
    if ballot.state == "closed":  # lots are to be drawn
        await sequencer.seal()
        await after(30)
        await ballot.refresh_from_db()
    result: Any = ballot.result
    assert (ballot.state, ballot.passing, result["cast"]) == ("tallied", "plurality", len(votes))
    assert sorted(result["winners"]) == winners, result
    box = orjson.loads(await boxes.content(ballot.id) or b"")
    assert recount(box, result.get("seed", "")) == result
    assert box["details"] == ballot.details if ballot.details else "details" not in box
    frozen = orjson.loads(await ballots.frozen_terms(ballot))
    assert frozen.get("details", {}) == ballot.details
    await sequencer.seal()
    await export(tmp_path / "out")
    report = verify(str(tmp_path / "out"))
    assert report.ok and any("recounted" in line for line in report.good), report


@pytest.mark.parametrize(
    ("method", "given", "wrong", "reason"),
    [
        ("score", {"options": THREE, "max_score": 5}, ["1:6"], "score"),
        ("runoff", {"options": THREE}, ["1", "1"], "duplicate"),
        ("stv", {"options": THREE, "seats": 1, "max_choices": 2}, ["1", "2", "3"], "too_many_choices"),
        ("schulze", {"options": THREE}, ["4"], "unknown_option"),
        ("budget_greedy", {"options": PROJECTS, "budget": 100}, [], "empty"),
        ("budget_shares", {"options": PROJECTS, "budget": 100}, ["1", "abstain"], "abstain_alone"),
    ],
)
async def test_a_paper_that_its_method_does_not_know(
    connected: str, world: World, method: str, given: dict[str, Any], wrong: list[str], reason: str
) -> None:
    voter = await world.resident()
    ballot = await announced(world, method=method, **given)

    async def vote() -> None:
        await refusal(InvalidInput, reason, ballots.cast(Actor(voter), ballot.id, chosen=wrong))

    await after(2, vote)


async def test_what_a_method_needs_is_asked_for(connected: str, world: World) -> None:
    for reason, given in (
        ("seats", {"method": "stv", "options": THREE}),
        ("seats", {"method": "stv", "options": THREE, "seats": 3}),
        ("max_score", {"method": "score", "options": THREE}),
        ("budget", {"method": "budget_greedy", "options": PROJECTS}),
        ("costs", {"method": "budget_shares", "options": THREE, "budget": 100}),
        ("categories", {"method": "budget_greedy", "options": PROJECTS, "budget": 9, "limits": {"x": 1}}),
    ):
        await refusal(InvalidInput, reason, ballots.create(world.as_official, **terms(world, **given)))


async def test_lots_are_drawn_by_a_checkpoint_after_the_closing(
    connected: str, world: World, tmp_path: Path
) -> None:
    given = {"options": THREE, "passing": "plurality"}
    await sequencer.seal()
    ballot = await held(world, "single", given, [["1"], ["2"], ["abstain"]])
    assert ballot.state == "closed", "the count waits for a checkpoint that nobody could know before"
    await sequencer.seal()
    with clock.shift(timedelta(hours=30)):
        await jobs.run_once()
    await ballot.refresh_from_db()
    result: Any = ballot.result
    (entry,) = await world.recorded("ballot.tally")
    drawn = await LedgerCheckpoint.get(size=entry["payload"]["checkpoint"])
    assert (ballot.state, result["seed"]) == ("tallied", drawn.root)
    assert result["tie"]["broken_by"] == "seed" and result["winners"] == [result["tie"]["chosen"]]
    await sequencer.seal()
    await export(tmp_path / "out")
    assert verify(str(tmp_path / "out")).ok
