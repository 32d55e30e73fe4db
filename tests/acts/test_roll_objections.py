"""An announced roll is objected to and corrected, in public, until voting opens."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from civic.acts import ballots, people
from civic.acts.accounts import everything
from civic.acts.core import Actor
from civic.errors import Conflict, InvalidInput, InvalidState
from civic.models import Ballot, Notification, Roll, RollChallenge
from tests.acts.test_ballots import after, refusal
from tests.acts.test_rolls import FIVE, announce, drafted, published, voted
from tests.support.rolls import document, give_document, with_roll
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_a_roll_is_corrected_in_public_until_it_opens(
    connected: str, world: World, tmp_path: Path
) -> None:
    """ "ballot.correct_roll" """
    draft = await drafted(world, secret=False)
    people = await with_roll(world, ["60", "70"], draft)
    added = await give_document(await world.guest(), 5)
    host = world.as_official
    await refusal(
        InvalidState, "wrong_state", ballots.correct(host, draft, document_number=document(5), weight="1")
    )
    ballot = await announce(world, draft)
    frozen = await ballots.frozen_terms(ballot)
    for reason, given in (
        ("weight", {"weight": ""}),
        ("weight", {"weight": "0"}),
        ("formula", {"weight": "=1+1"}),
        ("same", {"document_number": document(0), "weight": "60.00"}),
        ("not_on_roll", {"remove": True}),
        ("no_weights", {"document_number": document(0), "remove": True, "weight": "3"}),
        ("document_number", {"document_number": "1"}),
        ("too_heavy", {"weight": "500000000"}),
    ):
        wanted: dict[str, Any] = {"document_number": document(5), **given}
        await refusal(InvalidInput, reason, ballots.correct(host, ballot, **wanted))
    first = await ballots.correct(host, ballot, document_number=document(5), weight="80")
    assert (first.lines, first.weight, first.corrections) == (3, 21000, 1)
    await ballots.correct(host, ballot, document_number=document(1), weight="75")
    last = await ballots.correct(host, ballot, document_number=document(0), remove=True)
    assert (last.lines, last.weight, last.corrections) == (2, 15500, 3)
    told = {n.kind: n.person_id for n in await Notification.filter(kind__startswith="roll.")}
    assert told == {"roll.added": added.id, "roll.changed": people[1].id, "roll.removed": people[0].id}
    assert await ballots.frozen_terms(await Ballot.get(id=ballot.id)) == frozen
    recorded = [entry["payload"] for entry in await world.recorded("ballot.correct_roll")]
    assert [(r["change"], r["lines"]) for r in recorded] == [("added", 3), ("changed", 3), ("removed", 2)]
    assert recorded[-1]["roll"] == last.sha256 and document(0) not in str(recorded)
    counted = await voted(ballot, [(added, "yes")])
    await refusal(
        InvalidState, "wrong_state", ballots.correct(host, ballot, document_number=document(0), weight="1")
    )
    assert counted.result and counted.result["weights"]["cast"] == 8000  # type: ignore[index]
    await published(counted, tmp_path)


async def test_a_correction_does_not_leave_a_weight_to_few(connected: str, world: World) -> None:
    draft = await drafted(world)
    await with_roll(world, FIVE, draft)
    ballot = await announce(world, draft)
    for given in (
        {"document_number": document(8), "weight": "61"},
        {"document_number": document(0), "remove": True},
    ):
        await refusal(InvalidState, "weights_identify", ballots.correct(world.as_official, ballot, **given))  # type: ignore[arg-type]
    assert (await Roll.get(ballot_id=ballot.id)).corrections == 0
    await ballots.correct(world.as_official, ballot, document_number=document(8), weight="60")


async def test_objections_are_decided_before_it_opens(connected: str, world: World) -> None:
    """ "ballot.challenge_roll", "ballot.decide_challenge" """
    draft = await drafted(world, secret=False)
    people = await with_roll(world, ["60", "70"], draft)
    host, missing = world.as_official, await give_document(await world.guest(), 5)
    await refusal(
        InvalidState, "wrong_state", ballots.challenge(Actor(missing), draft, about="missing", text="漏了我")
    )
    ballot = await announce(world, draft)
    nobody = await world.guest()
    for reason, who, given in (
        ("choice", missing, {"about": "x", "text": "漏了我"}),
        ("not_verified", nobody, {"about": "missing", "text": "漏了我"}),
        ("empty", missing, {"about": "missing", "text": " "}),
    ):
        await refusal(InvalidInput, reason, ballots.challenge(Actor(who), ballot, **given))
    first = await ballots.challenge(Actor(missing), ballot, about="missing", text="我家在 3 号楼")
    await refusal(
        Conflict, "challenged", ballots.challenge(Actor(missing), ballot, about="other", text="又来")
    )
    second = await ballots.challenge(Actor(people[1]), ballot, about="weight", text="是 75")
    third = await ballots.challenge(Actor(nobody), ballot, about="other", text="有人已经搬走")
    assert await Notification.filter(kind="roll.challenged", person_id=world.official.id).count() == 3
    decide = ballots.decide
    await refusal(
        InvalidInput, "weight", decide(host, ballot, challenge=first.id, accept=True, answer="补上")
    )
    await refusal(
        InvalidInput, "unknown_challenge", decide(host, ballot, challenge=404, accept=True, answer="好")
    )
    await decide(host, ballot, challenge=first.id, accept=True, answer="补上", weight="80")
    await refusal(
        InvalidState, "decided", decide(host, ballot, challenge=first.id, accept=False, answer="不")
    )
    await refusal(
        InvalidInput,
        "no_weights",
        decide(host, ballot, challenge=second.id, accept=False, answer="不", weight="1"),
    )
    await decide(host, ballot, challenge=second.id, accept=False, answer="产权证为 70")
    roll = await Roll.get(ballot_id=ballot.id)
    assert (roll.lines, roll.weight, roll.corrections) == (3, 21000, 1)
    told = {
        (n.kind, n.person_id) for n in await Notification.filter(kind__in=["roll.accepted", "roll.rejected"])
    }
    assert told == {("roll.accepted", missing.id), ("roll.rejected", people[1].id)}
    await after(2)
    assert (await RollChallenge.get(id=third.id)).state == "lapsed"
    (opened,) = await world.recorded("ballot.open")
    assert opened["payload"]["undecided"] == 1
    recorded = str(
        await world.recorded("ballot.challenge_roll") + await world.recorded("ballot.decide_challenge")
    )
    assert "3 号楼" not in recorded and "产权证" not in recorded
    await refusal(
        InvalidState, "wrong_state", decide(host, ballot, challenge=third.id, accept=False, answer="不")
    )


async def test_the_same_objection_at_the_same_instant_is_one(connected: str, world: World) -> None:
    draft = await drafted(world)
    person = (await with_roll(world, [None] * 2, draft))[0]
    ballot = await announce(world, draft)
    done = await asyncio.gather(
        *(ballots.challenge(Actor(person), ballot.id, about="other", text="不对") for _ in range(4)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == ["Conflict", "Conflict", "Conflict", "RollChallenge"]


async def test_who_leaves_takes_their_objection_along_and_the_roll_stays(
    connected: str, world: World
) -> None:
    draft = await drafted(world, secret=False)
    person = (await with_roll(world, ["60", "70"], draft))[0]
    ballot = await announce(world, draft)
    await ballots.challenge(Actor(person), ballot, about="weight", text="是 75")
    held = await everything(person)
    assert held["roll_lines"] == [{"ballot_id": ballot.id, "weight": 6000}]
    assert [row["text"] for row in held["roll_challenges"]] == ["是 75"]
    await people.delete(Actor(person))
    assert await RollChallenge.all().count() == 0 and (await Roll.get(ballot_id=ballot.id)).lines == 2
