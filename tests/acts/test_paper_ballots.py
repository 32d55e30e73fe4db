"""Voting on paper: one channel for each voter, batches that two clerks agree on, and a count that has both channels."""

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from civic import clock, db, jobs
from civic.acts import ballots, box, paper_ballots, paper_box
from civic.acts.core import Actor
from civic.errors import Conflict, InvalidInput, InvalidState
from civic.ledger import boxes, sequencer
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.models import Ballot, PaperBatch, PaperPolling, PaperReading, PaperVoter, Person
from civic.rules.paper_ballots import BLANK, SPOILT
from civic.rules.tallies import box_bytes, recount
from tests.acts.test_ballots import after, announced, refusal, terms
from tests.support import world as rows
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def with_paper(world: World, **changes: Any) -> Ballot:
    ballot = await announced(world, **changes)
    await paper_ballots.offer(world.as_official, ballot)
    return ballot


async def clerks(world: World, number: int = 2) -> list[Actor]:
    found = []
    for name in range(number):
        person = await rows.person(f"录入员{name}")
        await rows.member(world.department, person, "clerk")
        found.append(Actor(person, party=world.department))
    return found


async def hand_out(world: World, ballot: Ballot, voters: list[Person]) -> None:
    async def work() -> None:
        for voter in voters:
            await paper_ballots.hand_out(world.as_official, ballot.id, voter=voter)

    await after(2, work)


async def entered(ballot: Ballot, who: list[Actor], typed: list[str]) -> PaperBatch:
    """A batch with these sheets, entered twice and settled."""
    with clock.shift(timedelta(hours=30)):
        batch = await paper_ballots.open_batch(who[0], ballot.id, sheets=len(typed))
        sheets = dict(enumerate(typed, 1))
        for actor in who[:2]:
            batch = await paper_ballots.enter(actor, batch.id, typed=sheets)
    assert batch.state == "settled"
    return batch


async def completed(world: World, ballot: Ballot, reason: str = "") -> Ballot:
    """All sheets are entered: the box closes and is counted."""
    with clock.shift(timedelta(hours=30)):
        await paper_ballots.complete(world.as_official, ballot.id, reason=reason)
        await jobs.run_once()
        await sequencer.seal()
    return await Ballot.get(id=ballot.id)


async def test_paper_is_offered_before_voting_begins_and_only_where_it_is_secret(
    connected: str, world: World
) -> None:
    """ "ballot.offer_paper" """
    ballot = await with_paper(world)
    await refusal(Conflict, "offered", paper_ballots.offer(world.as_official, ballot))
    open_ = await announced(world, secret=False)
    await refusal(InvalidInput, "open_ballot", paper_ballots.offer(world.as_official, open_))
    passes = await announced(world, anonymous=True)
    await refusal(InvalidInput, "anonymous", paper_ballots.offer(world.as_official, passes))
    draft = await ballots.create(world.as_official, **terms(world))
    await refusal(InvalidState, "wrong_state", paper_ballots.offer(world.as_official, draft))
    weighted = await announced(world)

    async def weigh() -> None:
        await Ballot.filter(id=weighted.id).update(weighted=True)

    await db.write(weigh)
    await refusal(InvalidInput, "weighted", paper_ballots.offer(world.as_official, weighted))
    late = await announced(world)
    await after(2)
    await refusal(InvalidState, "wrong_state", paper_ballots.offer(world.as_official, late))
    voter = await world.resident()
    await refusal(InvalidState, "no_paper", paper_ballots.hand_out(world.as_official, late, voter=voter))
    assert [e["payload"] for e in await world.recorded("ballot.offer_paper")] == [{"paper": "offered"}]


async def test_each_voter_has_one_channel(connected: str, world: World) -> None:
    """ "ballot.hand_out_sheet", "ballot.take_back_sheet", "ballot.replace_sheet" """
    on_paper, online, stranger = await world.resident(), await world.resident(), await world.guest()
    ballot = await with_paper(world)
    host = world.as_official
    await refusal(InvalidState, "wrong_state", paper_ballots.hand_out(host, ballot, voter=on_paper))

    async def polling() -> None:
        await paper_ballots.hand_out(host, ballot, voter=on_paper)
        await refusal(Conflict, "on_paper", ballots.cast(Actor(on_paper), ballot.id, chosen=["yes"]))
        await refusal(Conflict, "on_paper", ballots.review(Actor(on_paper), ballot.id, chosen=["yes"]))
        await refusal(Conflict, "has_sheet", paper_ballots.hand_out(host, ballot, voter=on_paper))
        await ballots.cast(Actor(online), ballot.id, chosen=["no"])
        await refusal(Conflict, "voted_online", paper_ballots.hand_out(host, ballot, voter=online))
        await ballots.cast(Actor(online), ballot.id, chosen=["yes"])
        for nobody in (stranger, None):
            await refusal(InvalidInput, "not_on_roll", paper_ballots.hand_out(host, ballot, voter=nobody))
            await refusal(InvalidInput, "no_sheet", paper_ballots.take_back(host, ballot, voter=nobody))
        await refusal(InvalidInput, "no_sheet", paper_ballots.replace(host, ballot, voter=online))
        await paper_ballots.replace(host, ballot, voter=on_paper)
        await paper_ballots.take_back(host, ballot, voter=on_paper)
        await ballots.cast(Actor(on_paper), ballot.id, chosen=["yes"])
        await refusal(Conflict, "voted_online", paper_ballots.hand_out(host, ballot, voter=on_paper))

    await after(2, polling)
    polling_row = await PaperPolling.get(ballot_id=ballot.id)
    assert (polling_row.replaced, polling_row.taken_back) == (1, 1)
    with clock.shift(timedelta(hours=30)):
        await refusal(InvalidState, "closed", paper_ballots.hand_out(host, ballot, voter=on_paper))
    said = orjson.dumps(
        [e for a in ("hand_out", "take_back", "replace") for e in await world.recorded(f"ballot.{a}_sheet")]
    )
    assert on_paper.pseudonym.encode() not in said and str(on_paper.id).encode() not in said
    handed = (await world.recorded("ballot.hand_out_sheet"))[0]
    assert handed["actor"] is None and len(handed["time"]) == len("2026-11-24")
    assert handed["payload"]["clerk"] == world.official.pseudonym


async def test_a_vote_and_a_sheet_at_the_same_instant(connected: str, world: World) -> None:
    """For each voter exactly one of the two succeeds, whichever comes first."""
    voters = await world.residents(30)
    ballot = await with_paper(world)

    async def rush() -> None:
        done = await asyncio.gather(
            *(ballots.cast(Actor(v), ballot.id, chosen=["yes"]) for v in voters[:15]),
            *(paper_ballots.hand_out(world.as_official, ballot.id, voter=v) for v in voters),
            *(ballots.cast(Actor(v), ballot.id, chosen=["no"]) for v in voters),
            *(paper_ballots.hand_out(world.as_official, ballot.id, voter=v) for v in voters),
            return_exceptions=True,
        )
        assert {e.reason for e in done if isinstance(e, Conflict)} <= {
            "on_paper",
            "voted_online",
            "has_sheet",
        }
        assert not [e for e in done if isinstance(e, BaseException) and not isinstance(e, Conflict)]
        sheets = await paper_box.on_paper(ballot.id, {str(v.id) for v in voters})
        for voter in voters:
            assert await box.has_voted(ballot, voter) != (str(voter.id) in sheets), (
                "one channel, and only one"
            )

    ballot = await Ballot.get(id=ballot.id)
    await after(2)
    ballot = await Ballot.get(id=ballot.id)
    await after(2, rush)


async def test_two_clerks_agree_and_the_count_has_both_channels(
    connected: str, world: World, tmp_path: Path
) -> None:
    """ "ballot.open_batch", "ballot.enter_batch", "ballot.complete_paper" """
    voters = await world.residents(16)
    ballot = await with_paper(world)
    one, two = await clerks(world)
    await hand_out(world, ballot, voters[:8])

    async def vote() -> None:
        for voter in voters[8:14]:
            await ballots.cast(Actor(voter), ballot.id, chosen=["no"])
        await refusal(InvalidState, "not_over", paper_ballots.open_batch(one, ballot.id, sheets=1))
        await refusal(InvalidState, "not_over", paper_ballots.complete(world.as_official, ballot.id))

    await after(2, vote)
    await after(30)
    assert (await Ballot.get(id=ballot.id)).state == "open", "closing waits for the sheets"
    with clock.shift(timedelta(hours=30)):
        for sheets, reason in ((0, "batch_size"), (51, "batch_size"), (9, "too_many_sheets")):
            await refusal(InvalidInput, reason, paper_ballots.open_batch(one, ballot.id, sheets=sheets))
        batch = await paper_ballots.open_batch(one, ballot.id, sheets=7)
        await refusal(InvalidInput, "too_many_sheets", paper_ballots.open_batch(one, ballot.id, sheets=2))
        await refusal(InvalidState, "open_batches", paper_ballots.complete(world.as_official, ballot.id))
        typed = dict(enumerate(["1", "1", "1", "2", "#", "0", "*"], 1))
        await refusal(InvalidInput, "sheet_missing", paper_ballots.enter(one, batch, typed={1: "1"}))
        await refusal(InvalidInput, "not_read", paper_ballots.enter(one, batch, typed={**typed, 3: "是"}))
        await refusal(InvalidInput, "sheet_unknown", paper_ballots.enter(one, batch, typed={**typed, 8: "1"}))
        assert (await paper_ballots.enter(one, batch, typed=typed)).state == "entered"
        await refusal(Conflict, "same_clerk", paper_ballots.enter(one, batch, typed=typed))
        sealed = await PaperReading.filter(batch_id=batch.id)
        assert b"yes" not in bytes(sealed[0].sealed)
        assert (await paper_ballots.enter(two, batch, typed=typed)).state == "settled"
        await refusal(InvalidState, "wrong_state", paper_ballots.enter(two, batch, typed=typed))
        await refusal(
            InvalidInput, "sheets_missing", paper_ballots.complete(world.as_official, ballot.id, reason=" ")
        )
    counted = await completed(world, ballot, "一张未投入票箱")
    assert counted.state == "tallied" and counted.cast == 13
    content = await boxes.content(ballot.id) or b""
    published = orjson.loads(content)
    assert box_bytes(published) == content and recount(published) == counted.result
    assert counted.result["invalid"] == 2 and counted.result["abstentions"] == 1
    assert {c["option"]: c["count"] for c in counted.result["counts"]} == {"yes": 3, "no": 7, "abstain": 1}
    assert published["paper"] == {
        "handed_out": 8, "replaced": 0, "taken_back": 0, "sheets": 7, "missing": 1, "blank": 1, "spoilt": 1,
    }  # fmt: skip
    assert Counter(p["channel"] for p in published["ballots"]) == {"paper": 7, "online": 6}
    assert await boxes.of_channel(ballot.id, "paper") == {
        "yes": 3, "no": 1, "abstain": 1, BLANK: 1, SPOILT: 1,
    }  # fmt: skip
    assert await PaperReading.all().count() == 0 and box.keys() == []
    assert await verified(tmp_path, ballot) == [
        f"ballot {ballot.id}: 13 ballots recounted, same result",
        f"ballot {ballot.id}: 7 sheets of paper in 1 settled batches",
    ]
    with clock.shift(timedelta(hours=31)):
        await refusal(InvalidState, "wrong_state", paper_ballots.open_batch(one, ballot.id, sheets=1))


async def verified(folder: Path, ballot: Ballot) -> list[str]:
    """What `civic verify` says of a ballot, from an export."""
    await sequencer.seal()
    await export(folder / "out")
    report = await asyncio.to_thread(verify, str(folder / "out"))
    return [line for line in (*report.good, *report.wrong) if line.startswith(f"ballot {ballot.id}")]


async def test_few_sheets_are_not_told_apart(connected: str, world: World, tmp_path: Path) -> None:
    """Four blank sheets would say how four people voted; nothing says which papers they are, nor of which kind."""
    voters = await world.residents(12)
    ballot = await with_paper(world)
    await hand_out(world, ballot, voters[:4])

    async def vote() -> None:
        for voter in voters[4:]:
            await ballots.cast(Actor(voter), ballot.id, chosen=["yes"])

    await after(2, vote)
    await entered(ballot, await clerks(world), ["0", "*", "1", "2"])
    counted = await completed(world, ballot)
    published = orjson.loads(await boxes.content(ballot.id) or b"")
    assert {p.get("channel") for p in published["ballots"]} == {None}
    assert Counter(p["choice"] for p in published["ballots"]) == {"yes": 9, "no": 1, "(invalid)": 2}
    assert "blank" not in published["paper"] and await boxes.of_channel(ballot.id, "paper") == {}
    assert counted.result["invalid"] == 2
    assert await verified(tmp_path, ballot) == [
        f"ballot {ballot.id}: 12 ballots recounted, same result",
        f"ballot {ballot.id}: 4 sheets of paper in 1 settled batches",
    ]


async def test_paper_that_nobody_asked_for_does_not_hold_up_the_closing(connected: str, world: World) -> None:
    ballot = await with_paper(world)
    await after(30)
    await after(30)
    counted = await Ballot.get(id=ballot.id)
    assert counted.state == "tallied"
    assert orjson.loads(await boxes.content(ballot.id) or b"")["paper"]["handed_out"] == 0


async def test_a_void_ballot_forgets_what_was_read(connected: str, world: World) -> None:
    voters = await world.residents(1)
    ballot = await with_paper(world)
    await hand_out(world, ballot, voters)
    await entered(ballot, await clerks(world), ["1"])
    await ballots.void(world.as_steward, ballot, reason="票箱被打开过")
    assert await PaperReading.all().count() == 0


async def test_no_order_of_handing_out_is_kept_on_sqlite(connected: str, world: World) -> None:
    voters = await world.residents(20)
    ballot = await with_paper(world)
    await hand_out(world, ballot, voters)
    rows_ = await db.fetch("SELECT * FROM paper_voter")
    assert {key for row in rows_ for key in row} == {"id", "ballot_id", "person_id"}
    if connected == "sqlite":
        with pytest.raises(Exception, match="rowid"):
            await db.fetch("SELECT rowid FROM paper_voter")
        assert [str(row["person_id"]) for row in rows_] != [str(voter.id) for voter in voters]
    assert await PaperVoter.filter(ballot_id=ballot.id).count() == 20
