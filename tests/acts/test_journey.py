"""From a resident's sign-up to a certified vote and an official answer, as acts on both databases."""

import asyncio
import re
from base64 import b64decode
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from civic import clock, db, jobs
from civic.acts import accounts, ballots, box, comments, people, proposals, residencies, responses
from civic.acts.ballots import NewOption
from civic.acts.core import ACTS, SYSTEM, Actor
from civic.acts.responses import Commitment
from civic.errors import CivicError, Conflict, InvalidInput, InvalidState, NotAllowed, NotSignedIn
from civic.ledger import boxes, sequencer
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.models import (
    Area,
    Ballot,
    BoxEntry,
    Certification,
    ClosedBox,
    Deadline,
    LedgerEntry,
    Obligation,
    Person,
    Proposal,
    ProposalVersion,
    Support,
)
from civic.rules.receipts import opens_receipt, receipt_bytes
from civic.settings import settings
from tests.support.world import World

pytestmark = pytest.mark.anyio
NUMBER = "11010519491231002X"  # the standard's own example


async def low_threshold(world: World, number: int) -> None:
    async def write() -> None:
        await Area.filter(id=world.district.id).update(support_threshold=number)

    await db.write(write)


async def announced(world: World, **changes: Any) -> Ballot:
    given: dict[str, Any] = {
        "title": "要不要加长椅",
        "question": "是否在口袋公园增设长椅？",
        "area": world.district.code,
        "opens_at": clock.now() + timedelta(hours=1),
        "closes_at": clock.now() + timedelta(hours=25),
        **changes,
    }
    draft = await ballots.create(world.as_official, **given)
    return await ballots.announce(world.as_official, draft)


async def after(hours: int, work: Any) -> Any:
    with clock.shift(timedelta(hours=hours)):
        await jobs.run_once()
        return await work() if work else None


async def refusal(kind: type[CivicError], reason: str, work: Any) -> None:
    with pytest.raises(kind) as caught:
        await work
    assert caught.value.reason == reason


async def test_one_human_has_one_account(connected: str, world: World) -> None:
    """ "person.sign_up", "residency.claim", "residency.verify" """
    first = await people.sign_up(name="示例居民", email="A@example.org", password="correct horse")
    await refusal(
        Conflict, "email_taken", people.sign_up(name="x", email="a@example.org", password="correct horse")
    )
    await refusal(InvalidInput, "length", people.sign_up(name="x", email="b@example.org", password="short"))
    assert (await people.check_password("a@example.org", "correct horse")).id == first.id
    await refusal(NotSignedIn, "wrong_password", people.check_password("a@example.org", "wrong"))
    claim = await residencies.claim(Actor(first), area=world.community.code)
    await refusal(Conflict, "has_residency", residencies.claim(Actor(first), area=world.street.code))
    stranger = await world.delegate()
    await refusal(NotAllowed, "not_official", residencies.verify(stranger, claim, document_number=NUMBER))
    await refusal(
        InvalidInput,
        "document_number",
        residencies.verify(world.as_official, claim, document_number="11010519491231002Y"),
    )
    done = await residencies.verify(world.as_official, claim, document_number=NUMBER)
    assert done.state == "verified"
    second = await people.sign_up(name="又一个", email="c@example.org", password="correct horse")
    again = await residencies.claim(Actor(second), area=world.community.code)
    await refusal(
        Conflict, "second_account", residencies.verify(world.as_official, again, document_number=NUMBER)
    )
    everything = "".join([e.payload for e in await LedgerEntry.all()])
    assert NUMBER not in everything and "示例居民" not in everything and "example.org" not in everything
    with pytest.raises(InvalidState):
        await residencies.verify(world.as_official, claim, document_number=NUMBER)


async def test_residences_end(connected: str, world: World) -> None:
    """ "residency.reject", "residency.revoke", "residency.expire" """
    person = await world.guest()
    claim = await residencies.claim(Actor(person), area=world.community.code)
    assert (await residencies.reject(world.as_official, claim, reason="证件不符")).state == "rejected"
    claim = await residencies.claim(Actor(person), area=world.community.code)
    await residencies.verify(world.as_official, claim, document_number=NUMBER)
    assert (await residencies.revoke(world.as_official, claim, reason="已迁出")).current is None
    claim = await residencies.claim(Actor(person), area=world.community.code)
    await residencies.verify(world.as_official, claim, document_number=NUMBER)
    with clock.shift(timedelta(days=4 * 365)):
        await jobs.run_once()
    await claim.refresh_from_db()
    assert claim.state == "expired"
    await refusal(NotAllowed, "system", residencies.expire(world.as_official, claim))


async def test_an_account_is_changed_and_left(connected: str, world: World) -> None:
    """ "person.edit", "person.delete", "person.make_steward", "person.link_provider", "token.create", "token.revoke" """
    person = await people.sign_in_with_provider(
        issuer="https://id.example", subject="7", email=None, name="甲"
    )
    assert (
        await people.sign_in_with_provider(issuer="https://id.example", subject="7", email=None, name="")
    ).id == person.id
    changed = await people.edit(Actor(person), name="乙", language="en")
    assert (changed.name, changed.language) == ("乙", "en")
    token = await people.create_token(Actor(person), label="脚本", scopes=["read"], hash="0" * 64)
    await refusal(NotAllowed, "owner", people.revoke_token(world.as_official, token))
    await people.revoke_token(Actor(person), token)
    await refusal(NotAllowed, "steward", people.make_steward(world.as_official, person))
    assert (await people.make_steward(world.as_steward, person)).steward
    assert (await accounts.everything(person))["person"]["name"] == "乙"
    await people.delete(Actor(person))
    left = await Person.get(id=person.id)
    assert (left.name, left.email, left.pseudonym) == ("", None, person.pseudonym)


async def test_a_proposal_qualifies_and_is_answered(connected: str, world: World) -> None:
    """ "proposal.create", "proposal.edit", "proposal.publish", "proposal.support", "proposal.withdraw_support",
    "proposal.qualify", "comment.create", "comment.hide", "response.start_clock", "response.extend",
    "response.publish", "response.edit", "response.rate" """
    await low_threshold(world, 3)
    author, *others = await world.residents(4)
    draft = await proposals.create(
        Actor(author), title="增设长椅", body="老人需要歇脚。", area=world.community.code
    )
    await refusal(NotAllowed, "author", proposals.publish(Actor(others[0]), draft))
    await proposals.edit(Actor(author), draft, title="增设公共长椅", body="老人需要歇脚。")
    published = await proposals.publish(Actor(author), draft)
    assert (published.state, published.threshold, published.version) == ("published", 3, 1)
    await proposals.edit(
        Actor(author), draft, title="增设公共长椅", body="老人和孩子需要歇脚。", reason="补充孩子"
    )
    assert await ProposalVersion.filter(proposal_id=draft.id).count() == 2
    await refusal(NotAllowed, "not_verified", proposals.support(Actor(await world.guest()), draft))
    foreigner = await world.resident(where=world.elsewhere)
    await refusal(NotAllowed, "other_area", proposals.support(Actor(foreigner), draft))
    await proposals.support(Actor(others[0]), draft)
    await refusal(Conflict, "supported", proposals.support(Actor(others[0]), draft))
    await proposals.withdraw_support(Actor(others[0]), draft)
    await refusal(InvalidState, "not_supported", proposals.withdraw_support(Actor(others[0]), draft))
    comment = await comments.create(Actor(others[1]), draft, body="支持！", stance="for")
    await refusal(InvalidInput, "stance", comments.create(Actor(others[1]), draft, body="?", stance="maybe"))
    answer = await comments.create(await world.delegate(), draft, body="我们可以出钱。", parent=comment.id)
    await refusal(InvalidInput, "level", comments.create(Actor(author), draft, body="谢谢", parent=answer.id))
    await comments.hide(world.as_steward, answer, reason="广告")
    for person in others:
        await proposals.support(Actor(person), draft)
    qualified = await Proposal.get(id=draft.id)
    assert (qualified.state, qualified.supports, qualified.comments) == ("qualified", 3, 2)
    deadline = await Deadline.get(kind="proposal", subject_id=draft.id)
    assert deadline.department_id == world.department.id
    before = deadline.due_at
    extended = await responses.extend(world.as_official, deadline, reason="需要会商")
    assert extended.due_at > before
    await refusal(InvalidState, "extended", responses.extend(world.as_official, deadline, reason="再延"))
    other = await world.delegate()
    await refusal(
        NotAllowed, "party_role", responses.publish(other, deadline, verdict="accepted", reasons="好")
    )
    promise = Commitment("安装十张长椅", date(2027, 3, 1))
    response = await responses.publish(
        world.as_official, deadline, verdict="accepted", reasons="同意。", commitments=[promise]
    )
    await refusal(
        Conflict, "answered", responses.publish(world.as_official, deadline, verdict="declined", reasons="不")
    )
    assert (await Proposal.get(id=draft.id)).state == "decided"
    assert (await Obligation.get()).text == "安装十张长椅"
    await responses.edit(
        world.as_official, response, verdict="accepted", reasons="同意，三月完成。", reason="补充时间"
    )
    await refusal(NotAllowed, "not_asked", responses.rate(Actor(foreigner), response, stars=5))
    await responses.rate(Actor(author), response, stars=4)


async def test_one_person_supports_once_even_at_the_same_instant(connected: str, world: World) -> None:
    author, other = await world.residents(2)
    draft = await proposals.create(Actor(author), title="甲", body="乙", area=world.community.code)
    await proposals.publish(Actor(author), draft)
    results = await asyncio.gather(
        *(proposals.support(Actor(other), draft.id) for _ in range(30)), return_exceptions=True
    )
    assert sum(isinstance(r, Proposal) for r in results) == 1
    assert sum(isinstance(r, Conflict) for r in results) == 29
    assert await Support.all().count() == (await Proposal.get(id=draft.id)).supports == 1


async def test_a_party_sponsors_a_proposal_and_moderation_hides_one(connected: str, world: World) -> None:
    """ "proposal.sponsor", "proposal.withdraw", "proposal.hide" """
    author = await world.resident()
    drafts = [
        await proposals.create(Actor(author), title=f"第{i}", body="乙", area=world.community.code)
        for i in range(3)
    ]
    for draft in drafts:
        await proposals.publish(Actor(author), draft)
    await refusal(NotAllowed, "no_party", proposals.sponsor(Actor(author), drafts[0]))
    assert (await proposals.sponsor(await world.delegate("association"), drafts[0])).state == "qualified"
    assert (await proposals.withdraw(Actor(author), drafts[1])).state == "withdrawn"
    await refusal(NotAllowed, "steward", proposals.hide(world.as_official, drafts[2], reason="x"))
    assert (await proposals.hide(world.as_steward, drafts[2], reason="含有个人信息")).state == "hidden"


async def test_a_ballot_from_draft_to_certificate(connected: str, world: World, tmp_path: Path) -> None:
    """ "ballot.create", "ballot.announce", "ballot.open", "ballot.cast", "ballot.close", "ballot.tally",
    "ballot.name_scrutineer", "ballot.certify" """
    voters = await world.residents(10)
    with pytest.raises(NotAllowed):
        await ballots.create(
            Actor(voters[0]), title="t", question="q", area=world.district.code,
            opens_at=clock.now() + timedelta(hours=1), closes_at=clock.now() + timedelta(hours=2),
        )  # fmt: skip
    ballot = await announced(world, quorum=(1, 2))
    assert re.fullmatch("[0-9a-f]{64}", ballot.frozen)
    await refusal(InvalidState, "not_open", ballots.cast(Actor(voters[0]), ballot.id, chosen=["yes"]))
    tags = [box.tag(ballot.id, voter) for voter in voters]

    async def vote() -> list[Any]:
        receipts = [
            await ballots.cast(Actor(v), ballot.id, chosen=["yes" if i < 6 else "no"])
            for i, v in enumerate(voters)
        ]
        receipts.append(await ballots.cast(Actor(voters[9]), ballot.id, chosen=["yes"]))
        with pytest.raises(InvalidInput):
            await ballots.cast(Actor(voters[0]), ballot.id, chosen=["perhaps"])
        guest, foreigner = await world.guest(), await world.resident(where=world.elsewhere)
        await refusal(NotAllowed, "not_verified", ballots.cast(Actor(guest), ballot.id, chosen=["yes"]))
        await refusal(NotAllowed, "other_area", ballots.cast(Actor(foreigner), ballot.id, chosen=["yes"]))
        late = await world.resident()
        await refusal(NotAllowed, "not_on_roll", ballots.cast(Actor(late), ballot.id, chosen=["yes"]))
        assert await box.has_voted(await Ballot.get(id=ballot.id), voters[3])
        return receipts

    receipts = await after(2, vote)
    first, last = receipts[9], receipts[10]
    assert (first.tracker, first.version, last.version) == (last.tracker, 1, 2)
    assert opens_receipt(last.commitment, last.ballot, last.tracker, 2, "yes", bytes.fromhex(last.salt))
    signed = receipt_bytes(last.ballot, last.tracker, 2, last.commitment)
    Ed25519PublicKey.from_public_bytes(b64decode(last.public_key)).verify(b64decode(last.signature), signed)

    async def too_late() -> None:
        await refusal(InvalidState, "closed", ballots.cast(Actor(voters[0]), ballot.id, chosen=["no"]))

    await after(30, too_late)
    counted = await Ballot.get(id=ballot.id)
    assert (counted.state, counted.eligible, counted.cast) == ("tallied", 10, 10)
    result: Any = counted.result
    assert {c["option"]: c["count"] for c in result["counts"]} == {"yes": 7, "no": 3, "abstain": 0}
    assert result["passed"] and not box.key_path(ballot.id).exists()
    assert await BoxEntry.all().count() == 0
    content = await boxes.content(ballot.id) or b""
    assert sha256(content).hexdigest() == (await ClosedBox.get(ballot_id=ballot.id)).sha256
    assert last.tracker.encode() in content and not any(tag.encode() in content for tag in tags)
    one, two, same = (
        await world.delegate("enterprise"),
        await world.delegate("residents"),
        await world.delegate("enterprise"),
    )
    for actor in (one, two, same):
        await ballots.name_scrutineer(world.as_official, ballot, person=actor.person, party=actor.party)
    await refusal(NotAllowed, "not_scrutineer", ballots.certify(world.as_official, ballot))
    assert (await ballots.certify(one, ballot)).state == "tallied"
    await refusal(Conflict, "same_bloc", ballots.certify(same, ballot))
    assert (await ballots.certify(two, ballot)).state == "certified"
    assert await Certification.all().count() == 2
    await sequencer.seal()
    await export(tmp_path / "out")
    report = verify(str(tmp_path / "out"))
    assert report.ok and any("recounted" in line for line in report.good), report
    path = tmp_path / "out" / "ledger" / "boxes" / f"{ballot.id}.json"
    path.write_bytes(path.read_bytes().replace(b'"no"', b'"yes"', 1))
    assert any("not the box" in line for line in verify(str(tmp_path / "out")).wrong)


async def test_two_hundred_attempts_by_one_voter_count_once(connected: str, world: World) -> None:
    voter = await world.resident()
    ballot = await announced(
        world, method="single", passing="plurality", options=[NewOption("甲"), NewOption("乙")]
    )

    async def burst() -> list[Any]:
        return await asyncio.gather(
            *(ballots.cast(Actor(voter), ballot.id, chosen=[str(1 + i % 2)]) for i in range(200))
        )

    receipts = await after(2, burst)
    assert len({r.tracker for r in receipts}) == 1
    assert sorted(r.version for r in receipts) == list(range(1, 201))
    await after(30, None)
    assert (await Ballot.get(id=ballot.id)).cast == 1


async def test_no_trace_joins_voter_and_choice(connected: str, world: World) -> None:
    """The database file with its log, and the ledger, hold no tag, and of a vote neither author nor hour."""
    voters = await world.residents(20)
    ballot = await announced(world)
    tags = [box.tag(ballot.id, voter) for voter in voters]

    async def vote() -> None:
        for i, voter in enumerate(voters):
            await ballots.cast(Actor(voter), ballot.id, chosen=["yes" if i % 2 else "no"])

    await after(2, vote)
    await after(30, None)
    for payload in await world.recorded("ballot.cast"):
        assert payload["actor"] is None and re.fullmatch(r"\d{4}-\d\d-\d\d", payload["time"])
        assert set(payload["payload"]) == {"ballot", "commitment"}
    if connected == "sqlite":
        files = [p for p in settings().data_dir.rglob("civic.db*") if p.is_file()]
        content = b"".join(p.read_bytes() for p in files)
        assert str(voters[0].id).encode() in content  # the search would find what is there
        assert not any(tag.encode() in content for tag in tags)
    else:
        assert await db.fetch("SELECT count(*) AS n FROM box_entry") == [{"n": 0}]


async def test_a_void_ballot_and_an_open_one(connected: str, world: World) -> None:
    """ "ballot.void" """
    voter = await world.resident()
    ballot = await announced(world, secret=False)

    async def vote() -> None:
        await ballots.cast(Actor(voter), ballot.id, chosen=["yes"])

    await after(2, vote)
    assert (await world.recorded("ballot.cast"))[0]["actor"] == voter.pseudonym
    await refusal(NotAllowed, "steward", ballots.void(world.as_official, ballot, reason="x"))
    assert (await ballots.void(world.as_steward, ballot, reason="题目有误")).state == "void"
    await jobs.run_once()
    assert not box.key_path(ballot.id).exists()


def test_all_acts_of_this_story_are_declared() -> None:
    assert {"ballot.cast", "proposal.support", "response.publish", "residency.verify"} <= set(ACTS)
    assert SYSTEM.system
