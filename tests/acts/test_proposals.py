"""After publication: versions that supporters are told of, amendments, merging, hiding and coming back."""

from typing import Any

import pytest

from civic.acts import amendments, comments, merging, moderation, proposals
from civic.acts.core import Actor
from civic.errors import CivicError, Conflict, InvalidInput, InvalidState, NotAllowed
from civic.models import (
    Amendment,
    Comment,
    Deadline,
    Notification,
    Proposal,
    ProposalVersion,
    Report,
    SearchDocument,
    Support,
)
from tests.acts.test_journey import low_threshold
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def refusal(kind: type[CivicError], reason: str, work: Any) -> None:
    with pytest.raises(kind) as caught:
        await work
    assert caught.value.reason == reason


async def published(world: World, person: Any, title: str = "增设长椅", area: Any = None) -> Proposal:
    place = area or world.community
    draft = await proposals.create(Actor(person), title=title, body="老人需要歇脚。", area=place.code)
    return await proposals.publish(Actor(person), draft)


async def told(person: Any) -> list[str]:
    return [n.kind for n in await Notification.filter(person_id=person.id).order_by("id")]


async def test_a_draft_may_change_its_area_and_a_published_text_only_its_words(
    connected: str, world: World
) -> None:
    author, friend = await world.residents(2)
    draft = await proposals.create(
        Actor(author), title="甲", body="乙", area=world.street.code, language="en"
    )
    given: dict[str, Any] = {"title": "甲", "body": "乙"}
    moved = await proposals.edit(Actor(author), draft, **given, area=world.community.code)
    assert (moved.area_id, moved.language, moved.version) == (world.community.id, "en", 0)
    await refusal(InvalidInput, "language", proposals.edit(Actor(author), draft, **given, language="xx"))
    await refusal(InvalidInput, "unknown_area", proposals.edit(Actor(author), draft, **given, area="0"))
    await refusal(
        InvalidInput, "unknown_scenario", proposals.edit(Actor(author), draft, **given, scenario=999)
    )
    await proposals.publish(Actor(author), draft)
    await proposals.support(Actor(friend), draft)
    await refusal(InvalidInput, "empty", proposals.edit(Actor(author), draft, **given, reason=" "))
    elsewhere = proposals.edit(Actor(author), draft, **given, reason="搬家", area=world.district.code)
    await refusal(InvalidInput, "fixed_area", elsewhere)
    changed = await proposals.edit(
        Actor(author), draft, title="甲二", body="乙", reason="更清楚", area=world.community.code
    )
    assert (changed.version, changed.area_id) == (2, world.community.id)
    news = await Notification.get(person_id=friend.id)
    assert (news.kind, news.title, news.detail) == ("proposal.edited", "甲二", "更清楚")
    assert (await proposals.withdraw_support(Actor(friend), draft)).supports == 0


async def test_an_amendment_is_taken_over_with_credit(connected: str, world: World) -> None:
    """ "amendment.propose", "amendment.accept", "amendment.decline", "amendment.withdraw" """
    author, other, third = await world.residents(3)
    proposal = await published(world, author)
    await proposals.support(Actor(third), proposal)
    text: dict[str, Any] = {"title": "增设长椅", "body": "老人和孩子需要歇脚。"}
    await refusal(
        InvalidState, "own_proposal", amendments.propose(Actor(author), proposal, **text, reason="x")
    )
    same = {"title": proposal.title, "body": proposal.body}
    await refusal(InvalidInput, "same", amendments.propose(Actor(other), proposal, **same, reason="x"))
    await refusal(InvalidInput, "empty", amendments.propose(Actor(other), proposal, **text, reason=""))
    made = await amendments.propose(Actor(other), proposal, **text, reason="孩子也要坐")
    await refusal(Conflict, "pending", amendments.propose(Actor(other), proposal, **text, reason="再"))
    assert await told(author) == ["amendment.proposed"]
    await refusal(NotAllowed, "author", amendments.accept(Actor(other), made))
    after = await amendments.accept(Actor(author), made)
    assert (after.version, after.body) == (2, text["body"])
    version = await ProposalVersion.get(proposal_id=proposal.id, number=2)
    assert (version.author_id, version.reason) == (other.id, "孩子也要坐")
    assert "amendment.accepted" in await told(other) and await told(third) == ["proposal.edited"]
    await refusal(InvalidState, "wrong_state", amendments.decline(Actor(author), made, reason="x"))

    again = await amendments.propose(Actor(other), proposal, title="甲", body="乙", reason="改短")
    late = await amendments.propose(Actor(third), proposal, title="丙", body="丁", reason="另写")
    declined = await amendments.decline(Actor(author), again, reason="太短")
    assert (declined.state, declined.answer) == ("declined", "太短")
    await proposals.edit(Actor(author), proposal, title="戊", body="己", reason="自己改")
    await refusal(InvalidState, "outdated", amendments.accept(Actor(author), late))
    await refusal(NotAllowed, "owner", amendments.withdraw(Actor(other), late))
    assert (await amendments.withdraw(Actor(third), late)).state == "withdrawn"
    assert await Amendment.filter(state="proposed").count() == 0
    record = await world.recorded("amendment.propose")
    assert all("孩子" not in str(entry) and len(entry["payload"]["text"]) == 64 for entry in record)


async def test_two_proposals_become_one(connected: str, world: World) -> None:
    """ "proposal.ask_merge", "proposal.merge", "proposal.decline_merge" """
    await low_threshold(world, 3)
    one, two, *friends = await world.residents(5)
    gone, stays = await published(world, one, "多设长椅"), await published(world, two)
    wide = await published(world, await world.resident(where=world.street), "街道长椅", world.street)
    for person in friends[:2]:
        await proposals.support(Actor(person), gone)
    for person in friends[1:3]:
        await proposals.support(Actor(person), stays)
    await refusal(NotAllowed, "author", merging.ask(Actor(two), gone, into=stays.id))
    await refusal(InvalidInput, "unknown_proposal", merging.ask(Actor(one), gone, into=gone.id))
    await refusal(InvalidInput, "unknown_proposal", merging.ask(Actor(one), gone, into=10**9))
    outside = await world.resident(where=world.elsewhere)
    far = await published(world, outside, "别处", world.elsewhere)
    await refusal(InvalidInput, "other_area", merging.ask(Actor(one), gone, into=far.id))
    first = await merging.ask(Actor(one), gone, into=wide.id, reason="范围更大")
    await refusal(Conflict, "pending", merging.ask(Actor(one), gone, into=stays.id))
    declined = await merging.decline(world.as_steward, first, reason="地点不同")
    assert (declined.state, declined.current) == ("declined", None)
    request = await merging.ask(Actor(one), gone, into=stays.id)
    assert await told(two) == ["merge.asked"]
    await refusal(NotAllowed, "author", merging.merge(Actor(one), request))
    merged = await merging.merge(Actor(two), request)
    assert (merged.id, merged.supports, merged.state) == (stays.id, 3, "qualified")
    assert await Support.filter(proposal_id=stays.id).count() == 3
    left = await Proposal.get(id=gone.id)
    assert (left.state, left.merged_into_id) == ("merged", stays.id)
    assert not await SearchDocument.filter(kind="proposal", subject_id=gone.id).exists()
    assert "proposal.merged" in await told(friends[0]) and "proposal.merged" in await told(one)
    await refusal(InvalidState, "wrong_state", merging.merge(Actor(two), request))
    await refusal(InvalidState, "wrong_state", proposals.support(Actor(two), gone))


async def test_one_author_merges_two_of_their_own_at_once(connected: str, world: World) -> None:
    author = await world.resident()
    one, two = await published(world, author, "甲"), await published(world, author, "乙")
    assert (await merging.ask(Actor(author), one, into=two.id)).state == "accepted"
    assert (await Proposal.get(id=one.id)).state == "merged"


async def test_hidden_and_back_again(connected: str, world: World) -> None:
    """ "proposal.restore", "moderation.report", "moderation.settle", "comment.restore" """
    await low_threshold(world, 1)
    author, other = await world.residents(2)
    proposal = await published(world, author)
    await proposals.support(Actor(other), proposal)
    deadline = await Deadline.get(kind="proposal", subject_id=proposal.id)
    await refusal(
        InvalidState,
        "own",
        moderation.report(Actor(author), kind="proposal", subject_id=proposal.id, reason="x"),
    )
    report = await moderation.report(
        Actor(other), kind="proposal", subject_id=proposal.id, reason="有电话号码"
    )
    await refusal(
        Conflict, "reported",
        moderation.report(Actor(other), kind="proposal", subject_id=proposal.id, reason="x"),
    )  # fmt: skip
    await refusal(
        InvalidInput, "kind", moderation.report(Actor(other), kind="ballot", subject_id=1, reason="x")
    )
    assert await told(world.steward) == ["moderation.reported"]
    await refusal(InvalidInput, "outcome", moderation.settle(world.as_steward, report, outcome="burnt"))
    await refusal(InvalidInput, "empty", moderation.settle(world.as_steward, report, outcome="hidden"))
    done = await moderation.settle(world.as_steward, report, outcome="hidden", reason="含个人信息")
    assert done.outcome == "hidden"
    await refusal(
        InvalidState, "wrong_state", moderation.settle(world.as_steward, report, outcome="dismissed")
    )
    hidden = await Proposal.get(id=proposal.id)
    assert (hidden.state, hidden.hidden_reason, hidden.due_at) == ("hidden", "含个人信息", None)
    assert (await Deadline.get(id=deadline.id)).ended == "hidden"
    await refusal(
        InvalidState,
        "hidden",
        moderation.report(Actor(other), kind="proposal", subject_id=proposal.id, reason="x"),
    )
    appeal = await moderation.report(Actor(author), kind="proposal", subject_id=proposal.id, reason="已删除")
    assert appeal.appeal
    await moderation.settle(world.as_steward, appeal, outcome="restored")
    back = await Proposal.get(id=proposal.id)
    assert (back.state, back.hidden_reason) == ("qualified", "") and back.due_at is not None
    assert (await Deadline.get(id=deadline.id)).ended == ""
    assert [k for k in await told(author) if k.startswith("proposal.")] == [
        "proposal.qualified", "proposal.hidden", "proposal.restored", "proposal.qualified",
    ]  # fmt: skip
    assert "含个人信息" not in str(await world.recorded("proposal.hide"))

    comment = await comments.create(Actor(other), back, body="广告！")
    answer = await comments.create(Actor(author), back, body="谢谢", parent=comment.id)
    assert (await Comment.get(id=comment.id)).answers == 1
    await comments.hide(world.as_steward, comment, reason="广告")
    await refusal(InvalidState, "hidden", comments.hide(world.as_steward, comment, reason="广告"))
    await refusal(
        InvalidState, "hidden", comments.create(Actor(author), back, body="再答", parent=comment.id)
    )
    await comments.restore(world.as_steward, comment)
    await refusal(InvalidState, "not_hidden", comments.restore(world.as_steward, answer))
    assert [k for k in await told(other) if k.startswith("comment.")] == [
        "comment.answered", "comment.hidden", "comment.restored",
    ]  # fmt: skip
    assert await Report.filter(settled_at=None).count() == 0


async def test_withdrawing_ends_the_clock_and_tells_supporters(connected: str, world: World) -> None:
    await low_threshold(world, 1)
    author, other = await world.residents(2)
    proposal = await published(world, author)
    await proposals.support(Actor(other), proposal)
    assert (await proposals.withdraw(Actor(author), proposal)).state == "withdrawn"
    assert (await Deadline.get(subject_id=proposal.id)).ended == "withdrawn"
    assert "proposal.withdrawn" in await told(other)
    assert (await Proposal.get(id=proposal.id)).due_at is None
