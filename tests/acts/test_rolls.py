"""Uploaded rolls and other electorates, from the draft to the recount."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from civic import clock, jobs
from civic.acts import ballots
from civic.acts.ballots import NewOption
from civic.acts.core import Actor
from civic.errors import InvalidInput, InvalidState, NotAllowed
from civic.ledger import boxes, sequencer
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.models import Ballot, Roll, RollEntry, RollLine, RollUpload
from civic.rules.rolls import roll_hash
from civic.rules.tallies import box_bytes, recount
from tests.acts.test_ballots import after, refusal, terms
from tests.support.rolls import document, give_document, table, with_roll
from tests.support.world import World

pytestmark = pytest.mark.anyio
FIVE = ["60", "60", "60", "60", "60"]


async def drafted(world: World, **changes: Any) -> Ballot:
    return await ballots.create(world.as_official, **terms(world, electorate="roll", **changes))


async def announce(world: World, draft: Ballot) -> Ballot:
    return await ballots.announce(world.as_official, draft.id)


async def voted(ballot: Ballot, choices: list[tuple[Any, str]]) -> Ballot:
    """Let these people vote, and the clock close and count it."""

    async def vote() -> None:
        for person, choice in choices:
            await ballots.cast(Actor(person), ballot.id, chosen=[choice])

    await after(2, vote)
    await after(30)
    return await Ballot.get(id=ballot.id)


async def published(ballot: Ballot, tmp_path: Path) -> dict[str, Any]:
    """The published box; everything about it verified from outside."""
    content = await boxes.content(ballot.id) or b""
    parsed: dict[str, Any] = orjson.loads(content)
    assert box_bytes(parsed) == content  # type: ignore[arg-type]
    assert recount(parsed) == ballot.result == await ballots.recounted(ballot)  # type: ignore[arg-type]
    await sequencer.seal()
    await export(tmp_path / "out")
    report = verify(str(tmp_path / "out"))
    assert report.ok and any("recounted" in line for line in report.good), report
    return parsed


async def test_owners_decide_by_heads_and_by_weight(connected: str, world: World, tmp_path: Path) -> None:
    """ "ballot.upload_roll" """
    draft = await drafted(world, passing="dual_majority", secret=False)
    owners = await with_roll(world, ["300", "60.5", "60.5", "60.5", "18.5"], draft)
    ballot = await announce(world, draft)
    assert (ballot.weighted, ballot.quorum_numerator, ballot.quorum_denominator) == (True, 2, 3)
    ballot = await voted(
        ballot, [(owners[0], "no"), (owners[1], "yes"), (owners[2], "yes"), (owners[3], "yes")]
    )
    result: Any = ballot.result
    assert (result["passed"], result["why"]) == (False, "not_enough"), (
        "three of four heads, but not half of the weight"
    )
    assert result["weights"] == {
        "eligible": 50000, "cast": 48150, "base": 48150,
        "quorum": {"numerator": 2, "denominator": 3, "needed": 33334, "met": True},
        "counts": [{"option": "yes", "count": 18150}, {"option": "no", "count": 30000}, {"option": "abstain", "count": 0}],
    }  # fmt: skip
    box = await published(ballot, tmp_path)
    assert sorted(paper["weight"] for paper in box["ballots"]) == [6050, 6050, 6050, 30000]
    assert (box["eligible"], box["eligible_weight"], box["weight_scale"]) == (5, 50000, 100)
    (announced,), (opened,) = await world.recorded("ballot.announce"), await world.recorded("ballot.open")
    roll = await Roll.get(ballot_id=ballot.id)
    assert announced["payload"] == {"frozen": ballot.frozen, "roll": roll.sha256, "lines": 5}
    assert opened["payload"] == {"eligible": 5, "weight": 50000, "roll": roll.sha256}
    assert orjson.loads(await ballots.frozen_terms(ballot))["electorate"]["roll"] == roll.sha256


async def test_the_quorum_holds_in_both_ways_of_counting(connected: str, world: World) -> None:
    draft = await drafted(world, passing="dual_majority", secret=False)
    owners = await with_roll(world, ["500", "10", "10"], draft)
    ballot = await voted(await announce(world, draft), [(owners[1], "yes"), (owners[2], "yes")])
    result: Any = ballot.result
    assert result["why"] == "no_quorum" and result["quorum"]["met"] and not result["weights"]["quorum"]["met"]


async def test_a_secret_vote_by_weights_that_many_share(connected: str, world: World, tmp_path: Path) -> None:
    draft = await drafted(world, passing="majority")
    owners = await with_roll(world, [*FIVE, *["90.25"] * 5], draft)
    ballot = await voted(
        await announce(world, draft), [*((o, "yes") for o in owners[:4]), *((o, "no") for o in owners[6:9])]
    )
    result: Any = ballot.result
    assert result["leading"] == ["no"] and not result["passed"], "4 × 60 are less than 3 × 90.25"
    box = await published(ballot, tmp_path)
    assert {(p["choice"], p["weight"]) for p in box["ballots"]} == {("yes", 6000), ("no", 9025)}


async def test_a_weight_that_few_share_is_not_voted_with_in_secret(connected: str, world: World) -> None:
    draft = await drafted(world)
    owners = await with_roll(world, [*FIVE, "88.8", "88.8"], draft)
    with pytest.raises(InvalidState) as caught:
        await announce(world, draft)
    assert caught.value.reason == "weights_identify" and caught.value.details["few"] == 2
    await ballots.edit(world.as_official, draft, **terms(world, electorate="roll", secret=False))
    ballot = await announce(world, draft)
    assert (await ballots.standing(ballot, owners[5])).shared_by == 2
    assert (await ballots.standing(ballot, owners[5])).weight == 8880


async def test_what_is_wrong_with_a_file_is_said_and_nothing_is_taken(connected: str, world: World) -> None:
    draft = await drafted(world)
    good = table([[document(1), "60"], [document(2), "60"]])
    await ballots.upload(world.as_official, draft, file=await ballots.examine(good))
    bad = await ballots.examine(table([[document(3), "60"], ["310104", "x"], [document(3), "1"]]))
    await refusal(InvalidInput, "wrong_lines", ballots.upload(world.as_official, draft, file=bad))
    assert await RollLine.filter(ballot_id=draft.id).count() == 2
    assert (await Roll.get(ballot_id=draft.id)).lines == 2
    plain = await ballots.examine(table([[document(9)]], "document_number"))
    await ballots.upload(world.as_official, draft, file=plain)
    assert (
        await RollLine.filter(ballot_id=draft.id).count() == 1
        and not (await Ballot.get(id=draft.id)).weighted
    )
    await ballots.edit(world.as_official, draft, **terms(world))
    assert await RollLine.all().count() == 1, "who does not speak of the electorate does not change it"
    await ballots.edit(world.as_official, draft, **terms(world, electorate="residents"))
    assert not await Roll.all().exists(), "another electorate takes the roll away"
    await jobs.run_once()
    assert not await RollLine.all().exists() and not await RollUpload.filter(state="gone").exists()
    await refusal(InvalidState, "no_roll", ballots.upload(world.as_official, draft, file=plain))


async def test_a_roll_is_needed_and_frozen(connected: str, world: World) -> None:
    draft = await drafted(world, passing="dual_majority")
    await refusal(InvalidState, "no_roll", announce(world, draft))
    await with_roll(world, [None, None], draft)
    await refusal(InvalidState, "no_weights", announce(world, draft))
    await ballots.edit(world.as_official, draft, **terms(world, electorate="roll"))
    await announce(world, draft)
    again = await ballots.examine(table([[document(9)]], "document_number"))
    await refusal(InvalidState, "wrong_state", ballots.upload(world.as_official, draft, file=again))


async def test_what_does_not_go_together_is_refused(connected: str, world: World) -> None:
    for reason, given in (
        ("electorate", {"electorate": "owners"}),
        ("unknown_bloc", {"electorate": "blocs", "blocs": ["press"]}),
        ("no_blocs", {"electorate": "blocs"}),
        ("not_by_blocs", {"blocs": ["enterprise"]}),
        ("dual_needs_roll", {"passing": "dual_majority"}),
    ):
        await refusal(InvalidInput, reason, ballots.create(world.as_official, **terms(world, **given)))


async def test_delegates_of_blocs_vote_once_each(connected: str, world: World, tmp_path: Path) -> None:
    ballot = await ballots.create(
        world.as_official, **terms(world, electorate="blocs", blocs=["enterprise", "association"])
    )
    manager, delegate = await world.delegate("enterprise"), await world.delegate("association", "delegate")
    clerk, other = await world.delegate("enterprise", "clerk"), await world.delegate("institution")
    resident = await world.resident()
    await announce(world, ballot)
    assert (await ballots.standing(await Ballot.get(id=ballot.id), manager.person)).lacks is None  # type: ignore[arg-type]

    async def vote() -> None:
        for actor in (clerk, other, Actor(resident)):
            await refusal(NotAllowed, "not_delegate", ballots.cast(actor, ballot.id, chosen=["no"]))
        late = await world.delegate("enterprise")
        await refusal(NotAllowed, "not_on_roll", ballots.cast(late, ballot.id, chosen=["no"]))
        await ballots.cast(manager, ballot.id, chosen=["yes"])
        await ballots.cast(delegate, ballot.id, chosen=["yes"])

    await after(2, vote)
    await after(30)
    counted = await Ballot.get(id=ballot.id)
    assert (counted.eligible, counted.cast) == (2, 2)
    await published(counted, tmp_path)


async def test_who_is_verified_while_it_is_open_votes_by_the_roll(connected: str, world: World) -> None:
    draft = await drafted(world)
    people = await with_roll(world, [None] * 3, draft)
    late, stranger = await world.guest(), await give_document(await world.guest(), 77)
    await ballots.upload(
        world.as_official,
        draft,
        file=await ballots.examine(table([[document(n)] for n in range(4)], "证件号码")),
    )
    ballot = await announce(world, draft)
    assert (await ballots.standing(ballot, late)).lacks.reason == "not_verified"  # type: ignore[union-attr]
    assert (await ballots.standing(ballot, stranger)).lacks.reason == "not_on_roll"  # type: ignore[union-attr]
    assert (await ballots.standing(ballot, people[0])).lacks is None

    async def vote() -> None:
        assert await RollEntry.filter(ballot_id=ballot.id).count() == 3
        await refusal(NotAllowed, "not_verified", ballots.cast(Actor(late), ballot.id, chosen=["yes"]))
        await refusal(NotAllowed, "not_on_roll", ballots.cast(Actor(stranger), ballot.id, chosen=["yes"]))
        await give_document(late, 3)
        await ballots.cast(Actor(late), ballot.id, chosen=["yes"])
        await ballots.cast(Actor(people[0]), ballot.id, chosen=["no"])

    await after(2, vote)
    await after(30)
    counted = await Ballot.get(id=ballot.id)
    assert (counted.eligible, counted.cast, counted.state) == (4, 2, "tallied")


async def test_ranked_papers_are_weighed_too(connected: str, world: World, tmp_path: Path) -> None:
    options = [NewOption("甲"), NewOption("乙"), NewOption("丙")]
    draft = await drafted(world, method="runoff", options=options, secret=False)
    owners = await with_roll(world, ["1", "1", "5.55"], draft)
    ballot = await voted(await announce(world, draft), [(owners[0], "1"), (owners[1], "1"), (owners[2], "2")])
    assert ballot.result and ballot.result["winners"] == ["2"]
    await published(ballot, tmp_path)


async def test_a_roll_that_changed_off_the_record_is_found_by_verify(
    connected: str, world: World, tmp_path: Path
) -> None:
    from civic import db

    draft = await drafted(world, secret=False)
    owners = await with_roll(world, ["60", "70"], draft)
    ballot = await announce(world, draft)

    async def cheat() -> None:
        await RollLine.filter(ballot_id=ballot.id, weight=6000).update(weight=9000)
        found = await RollLine.filter(ballot_id=ballot.id).order_by("person_key")
        digest = roll_hash(ballot.id, [(line.person_key, line.weight) for line in found])
        await Roll.filter(ballot_id=ballot.id).update(weight=16000, sha256=digest)

    await db.write(cheat)
    await voted(ballot, [(owners[0], "yes")])
    await sequencer.seal()
    await export(tmp_path / "out")
    report = verify(str(tmp_path / "out"))
    assert any("another roll" in line for line in report.wrong), report


async def test_opening_reads_the_roll_not_what_was_noted_of_it(connected: str, world: World) -> None:
    """Whoever can only change the lines in the database is found out when it opens: it does not open."""
    from civic import db

    draft = await drafted(world, secret=False)
    await with_roll(world, ["60", "70"], draft)
    ballot = await announce(world, draft)

    async def cheat() -> None:
        await RollLine.filter(ballot_id=ballot.id, weight=6000).update(weight=9000)

    await db.write(cheat)
    with clock.shift(timedelta(hours=2)):
        await jobs.run_once()
    assert (await Ballot.get(id=ballot.id)).state == "announced"
