"""Complaints about a count, until its result is final; and a vote that is held again."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from civic import clock, jobs
from civic.acts import ballots
from civic.acts.ballots import NewOption
from civic.acts.core import Actor
from civic.errors import Conflict, InvalidInput, InvalidState, NotAllowed, NotFound
from civic.ledger import sequencer
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.models import Ballot, Complaint, Deadline, Notification, Option
from civic.rules.commitments import opens
from tests.acts.test_ballots import after, announced, refusal
from tests.support.voting import closed_ballot
from tests.support.world import World, member

pytestmark = pytest.mark.anyio
LONG = 24 * 30.0


async def certified(world: World, choices: list[str]) -> Ballot:
    """A ballot whose time for complaints runs."""
    ballot = await closed_ballot(world, choices)
    for kind in ("enterprise", "residents"):
        signer = await world.delegate(kind)
        await ballots.name_scrutineer(world.as_official, ballot, person=signer.person, party=signer.party)
        ballot = await ballots.certify(signer, ballot)
    assert ballot.state == "certified" and ballot.complaints_until is not None and ballot.final_at is None
    return ballot


async def voter_of(ballot: Ballot) -> Actor:
    row = await ballot.roll.all().order_by("id").first().select_related("person")
    return Actor(row.person)


async def told(kind: str) -> list[Any]:
    return [row.person_id for row in await Notification.filter(kind=kind).order_by("id")]


async def test_a_complaint_is_answered_and_the_result_becomes_final(
    connected: str, world: World, tmp_path: Path
) -> None:
    """ "ballot.complain" "ballot.answer_complaint" "ballot.finish" """
    ballot = await certified(world, ["yes", "no", "yes"])
    voter = await voter_of(ballot)
    complaint = await ballots.complain(voter, ballot, reason="公示的时间太短。\n请说明。 ")
    assert (complaint.number, complaint.reason) == (1, "公示的时间太短。\n请说明。")
    assert complaint.answer_by > clock.now() and complaint.upheld is None
    assert await told("ballot.complaint") == [world.official.id]
    (entry,) = await world.recorded("ballot.complain")
    assert entry["payload"]["complaint"] == 1 and "公示" not in str(entry)
    assert opens(entry["payload"]["text"], complaint.salt, complaint.reason)
    await after(LONG)
    assert (await Ballot.get(id=ballot.id)).final_at is None, "nothing is final while a complaint waits"
    assert voter.person is not None
    done = await ballots.answer_complaint(
        world.as_official, ballot, number=1, upheld=False, text="公示五个工作日，符合规定。"
    )
    assert done.upheld is False and done.answered_at is not None
    assert await told("ballot.complaint_answered") == [voter.person.id]
    await jobs.run_once()
    assert (await Ballot.get(id=ballot.id)).final_at is None, "the time is not over yet"
    await after(LONG)
    final = await Ballot.get(id=ballot.id)
    assert final.final_at is not None and final.state == "certified"
    assert [e["payload"] for e in await world.recorded("ballot.finish")] == [{"final": True, "complaints": 1}]
    await refusal(InvalidState, "final", ballots.void(world.as_steward, ballot, reason="迟了"))
    await refusal(InvalidState, "too_late", ballots.complain(voter, ballot, reason="还有"))
    await sequencer.seal()
    await export(tmp_path / "out")
    report = verify(str(tmp_path / "out"))
    assert report.ok and any("result is final, 1 complaints answered" in line for line in report.good), report


async def test_who_may_complain_and_when(connected: str, world: World) -> None:
    ballot = await certified(world, ["yes", "no"])
    voter = await voter_of(ballot)
    observer = await world.delegate("association")
    clerk = await world.delegate("association", role="clerk")
    outsider = Actor(await world.resident("外区居民", where=world.elsewhere))
    late = Actor(await world.resident("新居民"))
    for stranger in (outsider, late):
        await refusal(NotAllowed, "not_concerned", ballots.complain(stranger, ballot, reason="理由"))
    await refusal(NotAllowed, "party_role", ballots.complain(clerk, ballot, reason="理由"))
    assert voter.person is not None
    wrong = Actor(voter.person, party=observer.party)
    await refusal(NotAllowed, "party_role", ballots.complain(wrong, ballot, reason="理由"))
    for reason in ("", "   ", "字" * 2001):
        with pytest.raises(InvalidInput):
            await ballots.complain(voter, ballot, reason=reason)
    by_party = await ballots.complain(observer, ballot, reason="观察员的理由")
    assert observer.party is not None and by_party.party_id == observer.party.id
    both = await asyncio.gather(
        *(ballots.complain(voter, ballot.id, reason=f"理由{n}") for n in range(8)), return_exceptions=True
    )
    assert sum(isinstance(one, Complaint) for one in both) == 1
    assert {type(one) for one in both} == {Complaint, Conflict}
    assert sorted(await Complaint.filter(ballot_id=ballot.id).values_list("number", flat=True)) == [1, 2]
    with clock.shift(timedelta(days=30)):
        await refusal(InvalidState, "too_late", ballots.complain(voter, ballot, reason="迟了"))
    early = await announced(world)
    await after(2)
    await refusal(InvalidState, "wrong_state", ballots.complain(voter, early, reason="早了"))


async def test_answers_are_the_hosts_and_given_once(connected: str, world: World) -> None:
    ballot = await certified(world, ["yes", "no"])
    voter = await voter_of(ballot)
    assert voter.person is not None
    await ballots.complain(voter, ballot, reason="理由")
    given: dict[str, Any] = {"number": 1, "upheld": False, "text": "答复"}
    await refusal(
        NotFound, "unknown", ballots.answer_complaint(world.as_official, ballot, **{**given, "number": 9})
    )
    with pytest.raises(InvalidInput):
        await ballots.answer_complaint(world.as_official, ballot, **{**given, "text": " "})
    await member(world.department, voter.person, "delegate")
    own = Actor(voter.person, party=world.department)
    await refusal(NotAllowed, "own_complaint", ballots.answer_complaint(own, ballot, **given))
    await ballots.answer_complaint(world.as_official, ballot, **given)
    await refusal(Conflict, "answered", ballots.answer_complaint(world.as_official, ballot, **given))


async def test_an_upheld_complaint_leads_to_a_vote_that_is_held_again(connected: str, world: World) -> None:
    """ "ballot.rerun" """
    ballot = await certified(world, ["yes", "no"])
    voter = await voter_of(ballot)
    await ballots.complain(voter, ballot, reason="名册漏了一栋楼")
    await ballots.answer_complaint(world.as_official, ballot, number=1, upheld=True, text="属实")
    assert await told("ballot.complaint_upheld") == [world.steward.id]
    await after(LONG)
    assert (await Ballot.get(id=ballot.id)).final_at is None
    when = {"opens_at": clock.now() + timedelta(days=40), "closes_at": clock.now() + timedelta(days=41)}
    await refusal(InvalidState, "decided", ballots.rerun(world.as_official, ballot, **when))
    with pytest.raises(NotAllowed):
        await ballots.void(world.as_official, ballot, reason="名册有误")
    await ballots.void(world.as_steward, ballot, reason="名册有误")
    assert voter.person is not None and voter.person.id in await told("ballot.voided")
    assert (await Deadline.get(kind="ballot", subject_id=ballot.id)).ended == "void"
    await refusal(
        InvalidInput, "times",
        ballots.rerun(world.as_official, ballot, opens_at=when["closes_at"], closes_at=when["opens_at"]),
    )  # fmt: skip
    both = await asyncio.gather(
        *(ballots.rerun(world.as_official, ballot.id, **when) for _ in range(4)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in both) == ["Ballot", "Conflict", "Conflict", "Conflict"]
    again = await Ballot.get(rerun_of_id=ballot.id)
    for name in ("title", "question", "method", "passing", "details", "host_id", "area_id", "secret"):
        assert getattr(again, name) == getattr(ballot, name), name
    assert (again.state, again.cast, again.result, again.frozen) == ("draft", 0, None, "")
    one, two = await world.recorded("ballot.rerun")
    assert (one["subject"]["id"], one["payload"]["rerun_of"]) == (str(again.id), str(ballot.id))
    assert (two["subject"]["id"], two["payload"]["rerun"]) == (str(ballot.id), str(again.id))
    await ballots.announce(world.as_official, again)
    await ballots.void(world.as_official, again, reason="时间有误")
    third = await ballots.rerun(world.as_official, ballot, **when)
    assert third.rerun_of_id == ballot.id, "a second try after a withdrawn one"


async def test_a_vote_without_a_decision_is_held_again_once_it_is_final(connected: str, world: World) -> None:
    ballot = await certified(world, ["yes", "no"])
    when = {"opens_at": clock.now() + timedelta(days=40), "closes_at": clock.now() + timedelta(days=41)}
    await refusal(InvalidState, "decided", ballots.rerun(world.as_official, ballot, **when))
    await after(LONG)
    again = await ballots.rerun(world.as_official, ballot, **when)
    assert await Option.filter(ballot_id=again.id).count() == 3
    passed = await certified(world, ["yes"])
    await after(LONG)
    await refusal(InvalidState, "decided", ballots.rerun(world.as_official, passed, **when))


async def test_a_complaint_before_the_certification_and_options_of_a_rerun(
    connected: str, world: World
) -> None:
    """From the count on; a ballot with its own options is copied whole."""
    draft = await announced(world, method="budget_greedy", budget=900, options=[
        NewOption("长椅", "木", 300, "休闲"), NewOption("路灯", "", 500, "安全")])  # fmt: skip
    voter = await world.resident()
    await after(2)
    await after(30)
    counted = await Ballot.get(id=draft.id)
    assert counted.state == "tallied" and counted.complaints_until is None
    await ballots.complain(Actor(voter), counted, reason="名册")
    await ballots.void(world.as_steward, counted, reason="名册有误")
    when = {"opens_at": clock.now() + timedelta(days=40), "closes_at": clock.now() + timedelta(days=41)}
    again = await ballots.rerun(world.as_official, counted, **when)
    assert again.details == counted.details
    columns = ("key", "position", "label", "about")
    old = await Option.filter(ballot_id=counted.id).order_by("position").values_list(*columns)
    new = await Option.filter(ballot_id=again.id).order_by("position").values_list(*columns)
    assert old == new and len(new) == 2
    assert await world.recorded("ballot.certify") == []
