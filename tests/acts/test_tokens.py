"""Votes with blind-signed tokens: from the announcement to a count that strangers verify, and what is refused."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from civic import clock, db, jobs
from civic.acts import ballots, box, receipts, tokens
from civic.acts.core import SYSTEM, Actor
from civic.errors import CivicError, Conflict, InvalidInput, InvalidState, NotAllowed, NotSignedIn
from civic.ledger import boxes, sequencer
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.models import Ballot, BoxEntry, Paper, TokenIssue
from civic.rules import tokens as rules
from civic.rules.tallies import box_bytes, recount, streams
from civic.rules.tokens import Token
from civic.schema.ballots import viewing
from tests.acts.test_ballots import announced, terms
from tests.support.devices import Device
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def anonymous(world: World, **changes: Any) -> Ballot:
    return await announced(world, anonymous=True, **changes)


async def refusal(kind: type[CivicError], reason: str, work: Awaitable[Any]) -> None:
    with pytest.raises(kind) as caught:
        await work
    assert caught.value.reason == reason


def opened() -> Any:
    return clock.shift(timedelta(hours=2))


async def test_the_host_chooses_it_and_the_announcement_freezes_the_key(connected: str, world: World) -> None:
    draft = await ballots.create(world.as_official, **terms(world, anonymous=True))
    assert draft.anonymous and not draft.token_key
    await refusal(
        InvalidInput,
        "anonymous_open",
        ballots.edit(world.as_official, draft, **terms(world, anonymous=True, secret=False)),
    )
    ballot = await ballots.announce(world.as_official, draft)
    frozen = orjson.loads(await ballots.frozen_terms(ballot))
    assert frozen["tokens"] == {"variant": "RSABSSA-SHA384-PSS-Randomized", "key": ballot.token_key}
    recorded = (await world.recorded("ballot.announce"))[0]["payload"]
    assert recorded == {"frozen": ballot.frozen, "token_key": ballot.token_key}
    path = box.token_key_path(ballot.id)
    assert path.stat().st_mode & 0o777 == 0o600
    assert tokens.make_key(ballot.id) == ballot.token_key, "made once"
    # Ballots without tokens are frozen as before.
    assert "tokens" not in orjson.loads(await ballots.frozen_terms(await announced(world)))


async def test_a_token_cannot_stand_for_a_weight(connected: str, world: World) -> None:
    draft = await ballots.create(world.as_official, **terms(world, anonymous=True))

    async def weigh() -> None:
        await Ballot.filter(id=draft.id).update(weighted=True)

    await db.write(weigh)
    await refusal(InvalidInput, "anonymous_weighted", ballots.announce(world.as_official, draft))


async def test_from_the_token_to_a_count_that_strangers_verify(
    connected: str, world: World, tmp_path: Path
) -> None:
    """ "ballot.issue_token", "ballot.cast" """
    voters = await world.residents(5)
    ballot = await anonymous(world)
    with opened():
        await jobs.run_once()
        devices = [await Device(ballot).get_token(voter) for voter in voters]
        kept = [await d.cast(c) for d, c in zip(devices[:4], ["yes", "yes", "no", "yes"], strict=True)]
        assert len({row.tag for row in await BoxEntry.filter(ballot_id=ballot.id)}) == 4
        assert len({len(row.sealed) for row in await BoxEntry.filter(ballot_id=ballot.id)}) == 1
        assert (await viewing.turnout([await Ballot.get(id=ballot.id)]))[ballot.id] == 4
        # The third thinks again; the same token replaces.
        again = await devices[2].cast("abstain", version=2)
        assert again.tracker == kept[2].tracker and again.version == 2
        assert not await box.has_voted(ballot, voters[0]), "nobody knows who has voted"
        for payload in [*await world.recorded("ballot.issue_token"), *await world.recorded("ballot.cast")]:
            assert payload["actor"] is None and len(payload["time"]) == len("2026-11-24")
            assert set(payload["payload"]) <= {"ballot", "commitment"}
        assert len(await world.recorded("ballot.issue_token")) == 5
    with clock.shift(timedelta(hours=30)):
        await jobs.run_once()
    counted = await Ballot.get(id=ballot.id)
    content = await boxes.content(ballot.id) or b""
    published: Any = orjson.loads(content)
    assert box_bytes(published) == content and recount(published) == counted.result
    assert published["tokens"]["issued"] == 5 and counted.cast == 4
    assert streams.read([content]).result() == counted.result, "`civic recount` reads it too"
    result: Any = counted.result
    assert {o["option"]: o["count"] for o in result["counts"]} == {"yes": 3, "no": 0, "abstain": 1}
    # Anybody can check each paper's token and signature with what is published.
    for paper in published["ballots"]:
        token, signature = rules.read_proof(paper["token"])
        assert rules.is_signed(devices[0].public, token) and rules.tracker(token) == paper["tracker"]
        assert rules.is_vote(token, paper["version"], paper["choice"], signature)
    # The key is gone, and with it the list of those who were given a token.
    assert not box.token_key_path(ballot.id).exists() and box.keys() == []
    assert not await TokenIssue.filter(ballot_id=ballot.id).exists()
    with pytest.raises(InvalidState):
        await tokens.blind_sign(ballot.id, bytes(256))
    # The receipts lead to the papers.
    assert (await receipts.check(receipts.text_of(kept[0]))).fate == "counted"
    assert (await receipts.check(receipts.text_of(kept[2]))).fate == "replaced"
    await sequencer.seal()
    await export(tmp_path / "out")
    report = verify(str(tmp_path / "out"))
    assert report.ok, report.wrong
    assert any("4 papers, each with its own token of 5 issued" in line for line in report.good)
    assert any("4 ballots recounted, same result" in line for line in report.good)


async def test_one_token_a_voter_and_a_lost_answer_is_given_again(connected: str, world: World) -> None:
    voter, other = await world.residents(2)
    ballot = await anonymous(world)
    first, second = Device(ballot), Device(ballot)

    def ask(device: Device, who: Any = voter) -> Awaitable[bytes]:
        return ballots.issue_token(Actor(who), ballot.id, blinded=device.blinded)

    await refusal(InvalidState, "not_open", ask(first))
    with opened():
        await jobs.run_once()
        # The same request, several times at the same instant: one token, and each time the same answer.
        answers = await asyncio.gather(*(ask(first) for _ in range(5)))
        assert len(set(answers)) == 1 and await ask(first) == answers[0]
        assert len(await world.recorded("ballot.issue_token")) == 1
        await refusal(Conflict, "second_token", ask(second))
        # Two devices of one voter at the same instant: one of them gets it.
        third, fourth = Device(ballot), Device(ballot)
        done = await asyncio.gather(ask(third, other), ask(fourth, other), return_exceptions=True)
        assert sum(isinstance(one, bytes) for one in done) == 1
        assert [one.reason for one in done if isinstance(one, Conflict)] == ["second_token"]
        assert await TokenIssue.filter(ballot_id=ballot.id).count() == 2
        assert len(await world.recorded("ballot.issue_token")) == 2
        late = await world.resident()
        await refusal(NotAllowed, "not_on_roll", ask(second, late))
        await refusal(NotSignedIn, "sign_in", ballots.issue_token(Actor(), ballot.id, blinded=first.blinded))
        await refusal(
            NotAllowed,
            "not_verified",
            ballots.issue_token(Actor(await world.guest()), ballot.id, blinded=second.blinded),
        )
    with clock.shift(timedelta(hours=30)):
        await refusal(InvalidState, "closed", ask(first))
        await refusal(InvalidState, "closed", ask(second))


async def test_only_a_blinded_message_is_signed(connected: str, world: World) -> None:
    (voter,) = await world.residents(1)
    ballot = await anonymous(world)
    with opened():
        await jobs.run_once()
        wrongs = (
            "",
            "!",
            "AA",
            "=" * 4,
            "_" * 342,
            rules.encode(b"\xff" * 256),
            rules.encode(bytes(255)),
            "中",
        )
        for wrong in wrongs:
            await refusal(
                InvalidInput, "not_blinded", ballots.issue_token(Actor(voter), ballot.id, blinded=wrong)
            )
        assert not await TokenIssue.all().exists(), "a refusal does not use up the voter's one token"
        await Device(ballot).get_token(voter)


async def test_what_is_not_cast(connected: str, world: World) -> None:
    """Replayed, altered, made up, for another ballot, without a token, too late: each says why, and nothing is cast."""
    voter, another = await world.residents(2)
    ballot, twin, named = await anonymous(world), await anonymous(world), await announced(world)
    with opened():
        await jobs.run_once()
        device = await Device(ballot).get_token(voter)
        foreign = await Device(twin).get_token(voter)
        good = device.vote("yes")
        assert device.token is not None and foreign.token is not None

        def cast(vote: Any, key: int = ballot.id) -> Awaitable[Any]:
            return ballots.cast_with_token(key, vote)

        def changed(**parts: Any) -> Any:
            return good._replace(token=rules.write(device.token._replace(**parts)))  # type: ignore[union-attr]

        # Altered in any part.
        flipped = bytes([device.token.signature[0] ^ 1]) + device.token.signature[1:]
        await refusal(InvalidInput, "bad_token", cast(changed(signature=flipped)))
        await refusal(InvalidInput, "bad_token", cast(changed(prefix=bytes(32))))
        await refusal(InvalidInput, "bad_token", cast(changed(key=foreign.point)))
        await refusal(InvalidInput, "bad_vote", cast(good._replace(choice="no")))
        await refusal(InvalidInput, "bad_vote", cast(good._replace(version=2)))
        await refusal(InvalidInput, "bad_vote", cast(good._replace(signature=foreign.vote("yes").signature)))
        await refusal(InvalidInput, "bad_vote", cast(good._replace(signature="")))
        await refusal(InvalidInput, "bad_vote", cast(device.vote("yes", version=0)))
        # Of another ballot: as it is, and written over for this one.
        await refusal(InvalidInput, "other_ballot", cast(foreign.vote("yes")))
        written_over = rules.write(foreign.token._replace(ballot=ballot.id))
        await refusal(
            InvalidInput,
            "bad_token",
            cast(foreign.vote("yes", ballot=ballot.id)._replace(token=written_over)),
        )
        # No token at all, and one that the voter signed themself.
        for text in ("", "x", "1.2.3", good.token[:-1], good.token + "A", good.token + "\n1", "9" * 2000):
            await refusal(InvalidInput, "not_a_token", cast(good._replace(token=text)))
        made_up = Token(ballot.id, device.point, bytes(32), bytes(255) + b"\1")
        await refusal(InvalidInput, "bad_token", cast(good._replace(token=rules.write(made_up))))
        # A choice that is none, or not written as the box writes it.
        await refusal(InvalidInput, "unknown_option", cast(device.vote("maybe")))
        await refusal(InvalidInput, "not_canonical", cast(device.vote("yes,")))
        await refusal(InvalidInput, "not_canonical", cast(device.vote(" yes")))
        # By name in a ballot of tokens, by token in a ballot of names.
        await refusal(InvalidState, "by_token", ballots.cast(Actor(another), ballot.id, chosen=["yes"]))
        await refusal(InvalidState, "by_token", ballots.review(Actor(another), ballot.id, chosen=["yes"]))
        renamed = good._replace(token=rules.write(device.token._replace(ballot=named.id)))
        await refusal(InvalidState, "by_name", cast(renamed, named.id))
        await refusal(
            InvalidState, "by_name", ballots.issue_token(Actor(voter), named.id, blinded=device.blinded)
        )
        assert not await BoxEntry.all().exists() and await world.recorded("ballot.cast") == []

        # Cast once, it is not cast again: the same, an older one, nor the same version with another choice.
        await cast(good)
        await cast(device.vote("no", version=5))
        for replayed in (good, device.vote("no", version=5), device.vote("yes", version=5)):
            await refusal(Conflict, "replayed", cast(replayed))
        # At the same instant: one of each version, and the highest lies in the box.
        done = await asyncio.gather(
            *(cast(device.vote("abstain", version=6 + n // 2)) for n in range(6)), return_exceptions=True
        )
        assert {one.version for one in done if not isinstance(one, BaseException)} >= {8}
        assert all(one.reason == "replayed" for one in done if isinstance(one, Conflict))
        assert await BoxEntry.filter(ballot_id=ballot.id).count() == 1
    with clock.shift(timedelta(hours=30)):
        await refusal(InvalidState, "closed", cast(device.vote("yes", version=9)))
        await jobs.run_once()
        await refusal(InvalidState, "closed", cast(device.vote("yes", version=9)))
    paper = await Paper.get(ballot_id=ballot.id)
    assert (paper.choice, paper.version) == ("abstain", 8)


async def test_a_burst_of_votes_is_all_in_the_box(connected: str, world: World) -> None:
    """Of each pass two versions at once, sharing transactions: what was acknowledged is there, each pass once."""
    voters = await world.residents(24)
    ballot = await anonymous(world)
    with opened():
        await jobs.run_once()
        devices = await asyncio.gather(*(Device(ballot).get_token(voter) for voter in voters))
        assert len(await world.recorded("ballot.issue_token")) == len(voters)
        casts = [device.cast(choice, n) for n, choice in ((1, "no"), (2, "yes")) for device in devices]
        done = await asyncio.gather(*casts, return_exceptions=True)
    kept = [one for one in done if not isinstance(one, BaseException)]
    assert all(isinstance(one, Conflict) and one.reason == "replayed" for one in done if one not in kept)
    assert {one.tracker for one in kept if one.version == 2} == {one.tracker for one in kept}
    with clock.shift(timedelta(hours=30)):
        await jobs.run_once()
    papers = {p.tracker: (p.version, p.choice) for p in await Paper.filter(ballot_id=ballot.id)}
    assert papers == {one.tracker: (2, "yes") for one in kept} and len(papers) == len(voters)
    assert len(await world.recorded("ballot.cast")) == len(kept)


async def test_voiding_takes_the_tokens_away(connected: str, world: World) -> None:
    (voter,) = await world.residents(1)
    ballot = await anonymous(world)
    with opened():
        await jobs.run_once()
        device = await Device(ballot).get_token(voter)
        await device.cast("yes")
        await ballots.void(world.as_steward, ballot, reason="题目有误")
        await jobs.run_once()
        await refusal(InvalidState, "closed", device.cast("no", version=2))
    assert not await TokenIssue.all().exists() and not box.token_key_path(ballot.id).exists()


async def test_rankings_are_signed_as_they_are_published(connected: str, world: World) -> None:
    (voter,) = await world.residents(1)
    options = [ballots.NewOption(name) for name in ("甲", "乙", "丙")]
    ballot = await anonymous(world, method="runoff", options=options)
    with opened():
        await jobs.run_once()
        await (await Device(ballot).get_token(voter)).cast("3>1")
    with clock.shift(timedelta(hours=30)):
        await ballots.close(SYSTEM, ballot)
        await ballots.tally(SYSTEM, ballot)
    assert (await Ballot.get(id=ballot.id)).result["winners"] == ["3"]


@pytest.mark.parametrize("change", ["choice", "another_token", "more_papers", "key", "issued", "no_tokens"])
async def test_a_box_that_was_changed_is_found_out(
    connected: str, world: World, tmp_path: Path, change: str
) -> None:
    """Also by an operator who records the hash of the changed box, as only an operator could."""
    voters = await world.residents(3)
    ballot = await anonymous(world)
    with opened():
        await jobs.run_once()
        for voter in voters:
            await (await Device(ballot).get_token(voter)).cast("yes")
    with clock.shift(timedelta(hours=30)):
        await jobs.run_once()
    published: Any = orjson.loads(await boxes.content(ballot.id) or b"")
    papers = published["ballots"]
    if change == "choice":
        papers[0]["choice"] = "no"
    elif change == "another_token":
        papers[0]["token"] = papers[1]["token"]
    elif change == "more_papers":
        papers.append({**papers[0], "tracker": "Z" * 16})
    elif change == "key":
        published["tokens"]["key"] = tokens.make_key(ballot.id + 1)
    elif change == "issued":
        published["tokens"]["issued"] = 4
    else:
        del published["tokens"]
    from civic.ledger.checks import Entry
    from civic.ledger.checks.tokens import Check

    check = Check()
    for act in ("ballot.announce", *["ballot.issue_token"] * 3, "ballot.close"):
        payload = {"token_key": ballot.token_key}
        check.see(Entry(0, act, "", None, None, "ballot", str(ballot.id), payload))

    class Changed:
        def file(self, name: str) -> bytes:
            return box_bytes(published)

    findings = list(check.conclude(Changed()))  # type: ignore[arg-type]
    assert findings and not any(finding.ok for finding in findings)
