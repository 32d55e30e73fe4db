"""What a stranger finds wrong with ballots when an operator rewrites the record and signs it anew: each lie is told.

The true record holds ballots of every kind. Each lie changes one entry, or leaves one out, or changes a document and the
hash of it; then tree, tiles and checkpoint are made to fit, and `civic verify` is run on the whole.
"""

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from civic import clock, jobs
from civic.acts import ballots, paper_ballots
from civic.acts.ballots import NewOption
from civic.acts.core import Actor
from civic.ledger import sequencer
from civic.ledger.export import export
from civic.ledger.verify import Report, verify
from civic.models import Ballot, RollChallenge
from civic.rules.canonical import canonical
from civic.rules.tallies import recount
from tests.acts.test_ballots import after, announced, terms
from tests.acts.test_paper_ballots import clerks, entered, hand_out, with_paper
from tests.support.devices import Device
from tests.support.forging import Bodies, bodies, forge
from tests.support.rolls import give_document, with_roll
from tests.support.world import World

pytestmark = pytest.mark.anyio
LONG = 24 * 40.0
Files = dict[str, bytes]
Lie = Callable[[Bodies, Files], None]


async def by_a_roll(world: World) -> Ballot:
    """A ballot by a roll: objected to, corrected, voted on, certified, complained about, final."""
    draft = await ballots.create(world.as_official, **terms(world, electorate="roll"))
    owners = await with_roll(world, [None] * 4, draft)
    ballot = await ballots.announce(world.as_official, draft.id)
    forgotten, other, late = [await give_document(await world.guest(), 50 + n) for n in range(3)]
    for person in (forgotten, other, late):
        await ballots.challenge(Actor(person), ballot, about="missing", text="我应当在名册上")
    objections = await RollChallenge.all().order_by("id")
    for objection, accept in zip(objections[:2], (True, False), strict=True):
        given = {"challenge": objection.id, "accept": accept, "answer": "已核对"}
        await ballots.decide(world.as_official, ballot, **given)

    async def vote() -> None:
        for person, choice in zip([*owners[:3], forgotten], ["yes", "yes", "no", "yes"], strict=True):
            await ballots.cast(Actor(person), ballot.id, chosen=[choice])

    await after(2, vote)

    async def judge() -> None:
        for kind in ("enterprise", "residents"):
            signer = await world.delegate(kind)
            await ballots.name_scrutineer(world.as_official, ballot, person=signer.person, party=signer.party)
            await ballots.certify(signer, ballot)
        for person in owners[:2]:
            await ballots.complain(Actor(person), ballot, reason="公示时间太短")
        for number in (1, 2):
            await ballots.answer_complaint(
                world.as_official, ballot, number=number, upheld=False, text="符合规定"
            )

    await after(30, judge)
    await after(LONG)
    return await Ballot.get(id=ballot.id)


async def on_paper(world: World) -> Ballot:
    """A ballot with three sheets and a vote online."""
    voters = await world.residents(4)
    ballot = await with_paper(world)
    await hand_out(world, ballot, voters[:3])

    async def vote() -> None:
        await ballots.cast(Actor(voters[3]), ballot.id, chosen=["no"])

    await after(3, vote)
    await entered(ballot, await clerks(world), ["1", "1", "2"])
    with clock.shift(timedelta(hours=30)):
        await paper_ballots.complete(world.as_official, ballot.id)
        await jobs.run_once()
    return await Ballot.get(id=ballot.id)


async def with_passes(world: World) -> tuple[Ballot, Ballot]:
    """A ballot with passes that was declared void, and the draft of the one that repeats it."""
    voters = await world.residents(3)
    ballot = await announced(world, anonymous=True)

    async def vote() -> None:
        for voter in voters:
            await (await Device(ballot).get_token(voter)).cast("yes")

    await after(2, vote)

    async def void() -> Ballot:
        await ballots.void(world.as_steward, ballot, reason="题目有误")
        times = {name: clock.now() + timedelta(days=n) for n, name in ((1, "opens_at"), (2, "closes_at"))}
        return await ballots.rerun(world.as_official, ballot, **times)

    again = await after(30, void)
    return await Ballot.get(id=ballot.id), again


async def by_lot(world: World) -> Ballot:
    """A ballot whose tie was broken by lots, drawn from a checkpoint after the closing."""
    options = [NewOption("甲"), NewOption("乙"), NewOption("丙")]
    voters = await world.residents(6)
    ballot = await announced(world, method="stv", seats=1, options=options, passing="plurality")

    async def vote() -> None:
        for number, voter in enumerate(voters):
            await ballots.cast(Actor(voter), ballot.id, chosen=[str(1 + number % 3)])

    await after(2, vote)
    with clock.shift(timedelta(hours=30)):
        await jobs.run_once()
        await sequencer.seal()
        await jobs.run_once()
    return await Ballot.get(id=ballot.id)


def of(found: Bodies, ballot: Ballot, act: str, nth: int = 0) -> dict[str, Any]:
    return [b for b in found if b["act"] == f"ballot.{act}" and b["subject"]["id"] == str(ballot.id)][nth]


def put(ballot: Ballot, act: str, nth: int = 0, /, **changes: Any) -> Lie:
    """Other values in an entry. ``at`` is its time, ``who`` its actor."""

    def lie(found: Bodies, files: Files) -> None:
        body = of(found, ballot, act, nth)
        for name, value in changes.items():
            outer = {"at": "time", "who": "actor"}.get(name)
            (body if outer else body["payload"])[outer or name] = value

    return lie


def drop(ballot: Ballot, act: str, nth: int = 0) -> Lie:
    return lambda found, files: found.remove(of(found, ballot, act, nth))


def late(ballot: Ballot, act: str, nth: int = 0) -> Lie:
    """The entry comes last of all."""

    def lie(found: Bodies, files: Files) -> None:
        body = of(found, ballot, act, nth)
        found.remove(body)
        found.append(body)

    return lie


def twice(ballot: Ballot, act: str, nth: int = 0) -> Lie:
    return lambda found, files: found.insert(
        found.index(of(found, ballot, act, nth)), of(found, ballot, act, nth)
    )


def terms_of(ballot: Ballot, **changes: Any) -> Lie:
    """Other terms, with the hash that the announcement says of them."""

    def lie(found: Bodies, files: Files) -> None:
        name = f"terms/{ballot.id}.json"
        files[name] = canonical({**json.loads(files[name]), **changes})
        of(found, ballot, "announce")["payload"]["frozen"] = sha256(files[name]).hexdigest()

    return lie


def box_of(ballot: Ballot, change: Callable[[dict[str, Any]], None], *, counted: bool = True) -> Lie:
    """Another box, with hash, number and result recorded as it leads to them."""

    def lie(found: Bodies, files: Files) -> None:
        name = f"boxes/{ballot.id}.json"
        box = json.loads(files[name])
        change(box)
        files[name] = canonical(box)
        of(found, ballot, "close")["payload"] |= {
            "box": sha256(files[name]).hexdigest(), "count": len(box["ballots"]),
        }  # fmt: skip
        if counted:
            of(found, ballot, "tally")["payload"]["result"] = recount(box)

    return lie


def stuffed(box: dict[str, Any]) -> None:
    box["ballots"].append({**box["ballots"][0], "tracker": "~" * 16})


def turned(box: dict[str, Any]) -> None:
    box["ballots"][0]["choice"] = "abstain"


def beside(first: Lie, second: Lie) -> Lie:
    def lie(found: Bodies, files: Files) -> None:
        first(found, files)
        second(found, files)

    return lie


def judged(copy: Path, told: Bodies, files: Files, to: Path) -> Report:
    """What a stranger finds in the export with these entries and documents, signed anew."""
    shutil.copytree(copy, to)
    forge(to, told)
    for name, data in files.items():
        (to / "ledger" / name).write_bytes(data)
    report = verify(str(to))
    shutil.rmtree(to)
    return report


async def test_every_lie_about_a_ballot_is_found_and_named(
    connected: str, world: World, tmp_path: Path
) -> None:
    a, paper, (passes, again), lots = (
        await by_a_roll(world),
        await on_paper(world),
        await with_passes(world),
        await by_lot(world),
    )
    assert a.final_at is not None and paper.state == lots.state == "tallied" and passes.state == "void"
    await sequencer.seal()
    copy = tmp_path / "out"
    await export(copy)
    report = verify(str(copy))
    assert report.ok, report.wrong
    true = bodies(copy)
    documents = {
        f"{folder}/{path.name}": path.read_bytes()
        for folder in ("boxes", "terms")
        for path in (copy / "ledger" / folder).iterdir()
    }
    assert judged(copy, true, {}, tmp_path / "same").ok, "what is not changed is right, signed anew or not"
    yes: Any = a.result
    lies: list[tuple[Lie, str]] = [
        # The announcement and what it froze.
        (put(a, "announce", frozen="0" * 64), f"terms/{a.id}.json is not what was announced"),
        (drop(a, "announce"), "ballot.open is not possible while it is draft"),
        (late(a, "announce"), "ballot.open is not possible while it is draft"),
        (terms_of(a, question="另一个问题？", passing="two_thirds"), "has another passing than was announced"),
        (terms_of(a, options=[]), "has another options than was announced"),
        (terms_of(a, quorum=[1, 2]), "has another quorum than was announced"),
        (terms_of(lots, details={"seats": 2}), "has another details than was announced"),
        (terms_of(lots, method="runoff"), "has another method than was announced"),
        (terms_of(a, opens_at="2999-01-01T00:00:00+00:00"), "opened before the time"),
        (terms_of(a, closes_at="2999-01-01T00:00:00+00:00"), "closed before the time"),
        (terms_of(a, electorate={"kind": "roll", "roll": "0" * 64}), "names another roll than the terms"),
        (put(passes, "announce", token_key="AAAA"), "names another key for voting passes"),
        # The roll, and what people said about it.
        (put(a, "upload_roll", roll="0" * 64), "another roll than was uploaded"),
        (drop(a, "upload_roll"), "another roll than was uploaded"),
        (put(a, "decide_challenge", 0, roll="0" * 64), "it opened with another roll"),
        (drop(a, "decide_challenge", 0), "it opened with another roll"),
        (drop(a, "decide_challenge", 2), "2 objections are undecided"),
        (put(a, "open", undecided=0), "1 objections are undecided"),
        (drop(a, "challenge_roll", 0), "an objection was decided that nobody made"),
        (twice(a, "decide_challenge", 2), "that was decided before"),
        (put(a, "open", roll="0" * 64), "it opened with another roll"),
        (put(a, "open", eligible=400), "it opened with another roll"),
        (put(lots, "open", eligible=4000), "has a roll of"),
        # Votes and the box.
        (drop(a, "cast"), "only 3 were cast on the record"),
        (late(a, "cast"), "ballot.cast is not possible while it is certified"),
        (late(passes, "issue_token"), "ballot.issue_token is not possible while it is void"),
        (put(a, "close", box="0" * 64), "is not the box that was closed"),
        (put(a, "close", count=3), "holds 4 ballots; the record says 3"),
        (drop(a, "close"), "ballot.tally is not possible while it is open"),
        (box_of(a, stuffed), "holds 5 ballots, but only 4 were cast"),
        (box_of(a, turned, counted=False), "differs from the recorded result"),
        (beside(put(lots, "open", eligible=5), box_of(lots, lambda b: b.update(eligible=5), counted=False)),
         "cannot be counted"),
        (box_of(a, lambda box: box.update(passing="two_thirds")), "has another passing than was announced"),
        (box_of(a, lambda box: box["options"][0].update(label="不")), "has another options than was announced"),
        # The count and its lots.
        (put(a, "tally", result={**yes, "passed": not yes["passed"]}), "differs from the recorded result"),
        (twice(a, "tally"), "ballot.tally is not possible while it is tallied"),
        (drop(a, "tally"), "ballot.certify is not possible while it is closed"),
        (put(lots, "tally", checkpoint=1), "lots were not drawn by a checkpoint after its closing"),
        (lambda found, files: of(found, lots, "tally")["payload"].pop("checkpoint"), "lots were not drawn"),
        # Signatures.
        (drop(a, "certify", 1), "without the signatures of two blocs"),
        (put(a, "certify", 1, bloc="enterprise"), "a second time by the same bloc"),
        (put(a, "certify", 0, who="somebody"), "signed by somebody who was not named"),
        (put(a, "certify", 0, party=world.department.id), "signed by somebody who was not named"),
        (drop(a, "name_scrutineer"), "signed by somebody who was not named"),
        (put(a, "certify", 0, state="certified"), "the record leads to tallied"),
        # Complaints, answers and the end.
        (drop(a, "answer_complaint"), "a complaint was upheld or waited for its answer"),
        (put(a, "answer_complaint", upheld=True), "a complaint was upheld or waited for its answer"),
        (twice(a, "answer_complaint"), "answers complaint 1, which was not made or has its answer"),
        (drop(a, "complain"), "complaint 2 is not the next one"),
        (drop(a, "complain", 1), "answers complaint 2, which was not made"),
        (late(a, "answer_complaint"), "waited for its answer"),
        (late(a, "complain", 1), "ballot.complain came after the result was final"),
        (put(a, "complain", 1, at="2999-01-01T00:00:00Z"), "came when the time was over"),
        (put(a, "finish", complaints=0), "became final with 0 complaints; the record has 2"),
        (put(a, "finish", at="2020-01-01T00:00:00Z"), "before the time for complaints was over"),
        (twice(a, "finish"), "it became final twice"),
        (lambda found, files: found.append({**of(found, passes, "void"), "subject": of(found, a, "open")["subject"]}),
         "ballot.void came after the result was final"),
        # A vote that is held again.
        (drop(passes, "void"), "neither void nor final without a decision"),
        (drop(passes, "rerun"), f"says that it repeats ballot {passes.id}, which does not name it"),
        (drop(again, "rerun"), f"says that ballot {again.id} repeats it, which does not name it"),
        # Paper.
        (drop(paper, "hand_out_sheet"), "3 sheets of paper; the record hands out 2"),
        (late(paper, "hand_out_sheet"), "ballot.hand_out_sheet is not possible while it is tallied"),
        (put(paper, "complete_paper", sheets=2), "2 sheets of paper were completed, but 3 lie in settled batches"),
        (drop(paper, "enter_batch"), "two people have not read it"),
        (put(paper, "open_batch", sheets=9), "3 sheets of paper were completed, but 9 lie"),
        (box_of(paper, lambda box: box["paper"].update(sheets=1)), "does not say that 3 sheets"),
        # Passes.
        (drop(passes, "issue_token"), "3 tokens were issued; the record has 2"),
        (box_of(passes, turned), "1 of 3 papers have no valid token"),
        # What is no record of these acts at all.
        (lambda found, files: of(found, a, "open").update(payload={}), "lacks what ballot.open records"),
    ]  # fmt: skip
    missed = []
    for number, (lie, told) in enumerate(lies):
        told_anew, files = json.loads(json.dumps(true)), dict(documents)
        lie(told_anew, files)
        found = judged(copy, told_anew, files, tmp_path / f"lie{number}")
        if not any(told in line for line in found.wrong):
            missed.append((number, told, found.wrong))
    assert missed == []
