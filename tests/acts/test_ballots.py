"""Ballots: drafts, the sealed box, the count and its signatures, step by step."""

import asyncio
from datetime import timedelta
from hashlib import sha256
from typing import Any

import orjson
import pytest

from civic import clock, db, jobs
from civic.acts import ballots, box
from civic.acts.ballots import NewOption
from civic.acts.core import Actor
from civic.errors import CivicError, Conflict, InvalidInput, InvalidState, NotAllowed
from civic.ledger import boxes
from civic.models import Ballot, BoxEntry, Certification, ClosedBox, Deadline, Option, Paper
from civic.rules.tallies import box_bytes, recount
from tests.support.world import World

pytestmark = pytest.mark.anyio


def terms(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "title": "要不要加长椅",
        "question": "是否在口袋公园增设长椅？",
        "area": world.district.code,
        "opens_at": clock.now() + timedelta(hours=1),
        "closes_at": clock.now() + timedelta(hours=25),
        **changes,
    }


async def announced(world: World, **changes: Any) -> Ballot:
    return await ballots.announce(
        world.as_official, await ballots.create(world.as_official, **terms(world, **changes))
    )


async def after(hours: float, work: Any = None) -> Any:
    with clock.shift(timedelta(hours=hours)):
        await jobs.run_once()
        return await work() if work else None


async def refusal(kind: type[CivicError], reason: str, work: Any) -> None:
    with pytest.raises(kind) as caught:
        await work
    assert caught.value.reason == reason


async def test_a_draft_is_changed_until_it_is_announced(connected: str, world: World) -> None:
    """ "ballot.edit" """
    draft = await ballots.create(world.as_official, **terms(world))
    options = [NewOption("梧桐", "本地树种"), NewOption("香樟")]
    changed = terms(world, title="种什么树", method="single", passing="plurality", options=options)
    edited = await ballots.edit(world.as_official, draft, **changed)
    assert (edited.title, edited.method) == ("种什么树", "single")
    assert await Option.filter(ballot_id=draft.id).order_by("position").values_list("key", "label") == [
        ("1", "梧桐"),
        ("2", "香樟"),
    ]
    for reason, wrong in (
        ("unknown_area", {"area": "999999"}),
        ("times", {"opens_at": clock.now() - timedelta(hours=1)}),
        ("times", {"closes_at": clock.now()}),
        ("quorum", {"quorum": (101, 100)}),
        ("same_label", {"options": [NewOption("甲"), NewOption("甲")]}),
        ("not_a_budget", {"options": [NewOption("甲", cost=100), NewOption("乙")]}),
        ("not_a_budget", {"options": [NewOption("甲", category="绿化"), NewOption("乙")]}),
        ("not_a_budget", {"budget": 100}),
        ("not_a_budget", {"limits": {"绿化": 100}}),
        ("options", {"options": [NewOption("甲")]}),
        ("too_many", {"options": [NewOption(str(n)) for n in range(101)]}),
        ("max_choices", {"method": "approval", "max_choices": 9}),
        ("method", {"method": "coin"}),
        ("unknown_proposal", {"proposal": 404}),
    ):
        await refusal(InvalidInput, reason, ballots.edit(world.as_official, draft, **{**changed, **wrong}))
    with pytest.raises(NotAllowed):
        await ballots.edit(world.as_official, draft, **{**changed, "area": world.elsewhere.code})
    frozen = await ballots.announce(world.as_official, draft)
    assert sha256((await ballots.frozen_terms(frozen)).encode()).hexdigest() == frozen.frozen
    await refusal(InvalidState, "wrong_state", ballots.edit(world.as_official, draft, **changed))
    assert [p["payload"] for p in await world.recorded("ballot.edit")] == [{"state": "draft"}]


async def test_a_draft_is_not_announced_when_its_time_has_come(connected: str, world: World) -> None:
    draft = await ballots.create(world.as_official, **terms(world))
    with clock.shift(timedelta(hours=2)):
        await refusal(InvalidInput, "times", ballots.announce(world.as_official, draft))


async def test_the_published_box_is_canonical_and_counts_to_the_result(connected: str, world: World) -> None:
    voters = await world.residents(8)
    options = [NewOption("甲"), NewOption("乙"), NewOption("丙")]
    ballot = await announced(world, method="approval", passing="plurality", options=options, max_choices=2)

    async def vote() -> None:
        for number, voter in enumerate(voters):
            await ballots.cast(Actor(voter), ballot.id, chosen=["1", "3"] if number % 3 else ["3"])

    await after(2, vote)
    sealed = await BoxEntry.filter(ballot_id=ballot.id)
    assert len({len(row.sealed) for row in sealed}) == 1, "the size of a row tells what is in it"
    await after(30)
    counted = await Ballot.get(id=ballot.id)
    content = await boxes.content(ballot.id) or b""
    parsed = orjson.loads(content)
    assert box_bytes(parsed) == content
    assert recount(parsed) == counted.result == await ballots.recounted(counted)
    closed = await ClosedBox.get(ballot_id=ballot.id)
    assert (closed.papers, closed.sha256) == (8, sha256(content).hexdigest())
    assert await BoxEntry.all().count() == 0
    assert await boxes.content(ballot.id + 1) is None


async def test_an_empty_box_is_a_box(connected: str, world: World) -> None:
    ballot = await announced(world)
    await after(30)  # opens, and a second later closes
    await after(30)
    counted = await Ballot.get(id=ballot.id)
    assert counted.state == "tallied" and counted.result["why"] == "no_votes"
    assert box_bytes(orjson.loads(await boxes.content(ballot.id) or b"")) == await boxes.content(ballot.id)


async def test_a_paper_that_was_moved_or_changed_stops_the_closing(connected: str, world: World) -> None:
    """Whoever can write to the database but has no key cannot give one voter's paper to another."""
    voters = await world.residents(2)
    ballot = await announced(world)

    async def vote() -> None:
        for voter, choice in zip(voters, ("yes", "no"), strict=True):
            await ballots.cast(Actor(voter), ballot.id, chosen=[choice])

    await after(2, vote)
    first, second = await BoxEntry.filter(ballot_id=ballot.id)
    kept = first.sealed

    async def put(sealed: bytes) -> None:
        await BoxEntry.filter(tag=first.tag).update(sealed=sealed)

    await db.write(lambda: put(second.sealed))
    await after(30)
    assert (await Ballot.get(id=ballot.id)).state == "open" and await Paper.all().count() == 0
    await db.write(lambda: put(kept))
    await after(30)
    assert (await Ballot.get(id=ballot.id)).state == "tallied"


async def test_certificates_come_from_two_blocs_even_at_the_same_instant(
    connected: str, world: World
) -> None:
    ballot = await announced(world)
    signers = [await world.delegate(kind) for kind in ("enterprise",) * 4 + ("residents",) * 4]
    await refusal(
        InvalidInput,
        "party_role",
        ballots.name_scrutineer(world.as_official, ballot, person=signers[0].person, party=signers[1].party),
    )
    for actor in signers:
        await ballots.name_scrutineer(world.as_official, ballot, person=actor.person, party=actor.party)
    await refusal(
        Conflict,
        "named",
        ballots.name_scrutineer(world.as_official, ballot, person=signers[0].person, party=signers[0].party),
    )
    await refusal(InvalidState, "wrong_state", ballots.certify(signers[0], ballot))
    await after(2)
    await after(30)
    done = await asyncio.gather(
        *(ballots.certify(actor, ballot.id) for actor in signers), return_exceptions=True
    )
    assert sum(isinstance(r, Ballot) for r in done) == 2
    assert {type(r) for r in done} <= {Ballot, Conflict, InvalidState}
    assert (await Ballot.get(id=ballot.id)).state == "certified"
    assert {c.bloc for c in await Certification.filter(ballot_id=ballot.id)} == {"enterprise", "residents"}
    deadline = await Deadline.get(kind="ballot", subject_id=ballot.id)
    assert deadline.department_id == world.department.id


async def test_a_count_that_the_box_does_not_lead_to_is_not_certified(connected: str, world: World) -> None:
    voter = await world.resident()
    ballot = await announced(world)
    signer = await world.delegate("residents")
    await ballots.name_scrutineer(world.as_official, ballot, person=signer.person, party=signer.party)

    async def vote() -> None:
        await ballots.cast(Actor(voter), ballot.id, chosen=["yes"])

    await after(2, vote)
    await after(30)

    async def change() -> None:
        await Paper.filter(ballot_id=ballot.id).update(choice="no")

    await db.write(change)
    await refusal(Conflict, "count_differs", ballots.certify(signer, ballot))


async def test_the_host_may_withdraw_what_has_not_begun_and_then_only_a_steward(
    connected: str, world: World
) -> None:
    first, second = await announced(world), await announced(world)
    assert (await ballots.void(world.as_official, first, reason="题目有误")).state == "void"
    await after(2)
    await refusal(NotAllowed, "steward", ballots.void(world.as_official, second, reason="结果不好"))
    voided = await ballots.void(world.as_steward, second, reason="名册有误")
    assert voided.void_reason == "名册有误"
    await jobs.run_once()
    assert box.keys() == []


async def test_without_its_key_a_box_cannot_be_opened_and_other_work_goes_on(
    connected: str, world: World
) -> None:
    lost, other = await announced(world), await announced(world)
    voter = await world.resident()

    async def vote() -> None:
        await ballots.cast(Actor(voter), lost.id, chosen=["yes"])
        box.destroy_key(lost.id)
        await refusal(InvalidState, "box_closed", ballots.cast(Actor(voter), lost.id, chosen=["no"]))

    await after(2, vote)
    await after(30)
    assert (await Ballot.get(id=lost.id)).state == "open"
    assert (await Ballot.get(id=other.id)).state == "tallied"
    assert (await ballots.void(world.as_steward, lost, reason="钥匙遗失")).state == "void"
