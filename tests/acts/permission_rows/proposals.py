"""Proposals, comments, answers. The author is the resident."""

from datetime import UTC, datetime, timedelta
from secrets import token_hex
from unittest.mock import patch

from civic import clock, db
from civic.acts import amendments, comments, files, imports, merging, moderation, proposals, responses
from civic.acts.core import Actor
from civic.acts.files import Stored
from civic.models import Amendment, Attachment, Deadline, MergeRequest, Proposal, Response
from civic.rules import working_days
from civic.rules.proposal_files import ProposalLine
from tests.support.permissions import PEOPLE, Attempt, Cast, row

DEPARTMENT = ("host", "host_clerk")


async def draft(cast: Cast) -> Proposal:
    return await proposals.create(
        cast["resident"], title="增设长椅", body="老人需要歇脚。", area=cast.world.community.code
    )


async def published(cast: Cast) -> Proposal:
    return await proposals.publish(cast["resident"], await draft(cast))


async def deadline(cast: Cast) -> Deadline:
    """The department's time for an answer to a qualified proposal."""
    proposal = await proposals.sponsor(cast["delegate"], await published(cast))
    return await Deadline.get(kind="proposal", subject_id=proposal.id)


async def answered(cast: Cast) -> Response:
    return await responses.publish(cast["host"], await deadline(cast), verdict="accepted", reasons="同意。")


@row("proposal.create", *(role for role in PEOPLE if not role.endswith("clerk")))
async def _(cast: Cast) -> Attempt:
    given = {"title": "甲", "body": "乙", "area": cast.world.community.code}
    return lambda actor: proposals.create(actor, **given)


@row("proposal.edit", "resident")
async def _(cast: Cast) -> Attempt:
    key = (await published(cast)).id
    return lambda actor: proposals.edit(actor, key, title="甲", body="乙", reason="丙")


@row("proposal.publish", "resident")
async def _(cast: Cast) -> Attempt:
    key = (await draft(cast)).id
    return lambda actor: proposals.publish(actor, key)


@row("proposal.support", "resident")
async def _(cast: Cast) -> Attempt:
    key = (await published(cast)).id
    return lambda actor: proposals.support(actor, key)


@row("proposal.withdraw_support", "resident", not_now=tuple(role for role in PEOPLE if role != "resident"))
async def _(cast: Cast) -> Attempt:
    proposal = await published(cast)
    await proposals.support(cast["resident"], proposal)
    return lambda actor: proposals.withdraw_support(actor, proposal.id)


@row("proposal.qualify", "system")
async def _(cast: Cast) -> Attempt:
    key = (await published(cast)).id
    return lambda actor: proposals.qualify(actor, key, by="supports")


@row("proposal.sponsor", "manager", "delegate", "host", "official_elsewhere")
async def _(cast: Cast) -> Attempt:
    key = (await published(cast)).id
    return lambda actor: proposals.sponsor(actor, key)


@row("proposal.withdraw", "resident")
async def _(cast: Cast) -> Attempt:
    key = (await published(cast)).id
    return lambda actor: proposals.withdraw(actor, key)


@row("proposal.hide", "steward")
async def _(cast: Cast) -> Attempt:
    key = (await published(cast)).id
    return lambda actor: proposals.hide(actor, key, reason="含有个人信息")


@row("proposal.import", "steward", "system")
async def _(cast: Cast) -> Attempt:
    line = ProposalLine(1, token_hex(4), "题目", "正文", datetime(2024, 1, 2, tzinfo=UTC))
    given = {"source": "consul", "lines": [line], "area": cast.world.community, "threshold": 5}
    return lambda actor: imports.import_proposals(actor, **given)


@row("proposal.restore", "steward")
async def _(cast: Cast) -> Attempt:
    key = (await published(cast)).id
    await proposals.hide(cast["steward"], key, reason="误判")
    return lambda actor: proposals.restore(actor, key)


@row("proposal.attach", "resident")
async def _(cast: Cast) -> Attempt:
    key = (await draft(cast)).id
    file = Stored(token_hex(32), "a.txt", "text/plain", 3)
    return lambda actor: files.attach(actor, key, file=file)


@row("proposal.detach", "resident")
async def _(cast: Cast) -> Attempt:
    key = (await draft(cast)).id
    file = Stored(token_hex(32), "a.txt", "text/plain", 3)
    attachment: Attachment = await files.attach(cast["resident"], key, file=file)
    return lambda actor: files.detach(actor, key, attachment=attachment.id)


async def neighbour(cast: Cast) -> Proposal:
    """Another proposal for the same area, of the delegate's party."""
    made = await proposals.create(
        cast["delegate"], title="多设长椅", body="同上。", area=cast.world.community.code
    )
    return await proposals.publish(cast["delegate"], made)


async def asked(cast: Cast) -> MergeRequest:
    return await merging.ask(cast["resident"], await published(cast), into=(await neighbour(cast)).id)


@row("proposal.ask_merge", "resident")
async def _(cast: Cast) -> Attempt:
    key, other = (await published(cast)).id, (await neighbour(cast)).id
    return lambda actor: merging.ask(actor, key, into=other)


@row("proposal.merge", "delegate", "steward")
async def _(cast: Cast) -> Attempt:
    key = (await asked(cast)).id
    return lambda actor: merging.merge(actor, key)


@row("proposal.decline_merge", "delegate", "steward")
async def _(cast: Cast) -> Attempt:
    key = (await asked(cast)).id
    return lambda actor: merging.decline(actor, key, reason="不是一回事")


async def amended(cast: Cast) -> Amendment:
    given = {"title": "增设公共长椅", "body": "老人和孩子需要歇脚。", "reason": "补充"}
    return await amendments.propose(cast["delegate"], await published(cast), **given)


@row(
    "amendment.propose",
    *(r for r in PEOPLE if not r.endswith("clerk") and r != "resident"),
    not_now=("resident",),
)
async def _(cast: Cast) -> Attempt:
    key = (await published(cast)).id
    return lambda actor: amendments.propose(actor, key, title="甲", body="乙", reason="丙")


@row("amendment.accept", "resident")
async def _(cast: Cast) -> Attempt:
    key = (await amended(cast)).id
    return lambda actor: amendments.accept(actor, key)


@row("amendment.decline", "resident")
async def _(cast: Cast) -> Attempt:
    key = (await amended(cast)).id
    return lambda actor: amendments.decline(actor, key, reason="不必")


@row("amendment.withdraw", "delegate")
async def _(cast: Cast) -> Attempt:
    key = (await amended(cast)).id
    return lambda actor: amendments.withdraw(actor, key)


@row("moderation.report", *(role for role in PEOPLE if role != "resident"), not_now=("resident",))
async def _(cast: Cast) -> Attempt:
    key = (await published(cast)).id
    return lambda actor: moderation.report(actor, kind="proposal", subject_id=key, reason="广告")


@row("moderation.settle", "steward")
async def _(cast: Cast) -> Attempt:
    key = (await published(cast)).id
    report = await moderation.report(cast["delegate"], kind="proposal", subject_id=key, reason="广告")
    return lambda actor: moderation.settle(actor, report.id, outcome="dismissed")


@row("comment.restore", "steward")
async def _(cast: Cast) -> Attempt:
    comment = await comments.create(cast["unverified"], await published(cast), body="广告")
    await comments.hide(cast["steward"], comment.id, reason="广告")
    return lambda actor: comments.restore(actor, comment.id)


@row("response.warn", "system")
async def _(cast: Cast) -> Attempt:
    key = (await deadline(cast)).id

    async def attempt(actor: Actor) -> object:
        with clock.shift(timedelta(days=60)):
            return await responses.warn(actor, key)

    return attempt


@row("response.correct", "system")
async def _(cast: Cast) -> Attempt:
    key = (await deadline(cast)).id

    async def mark() -> None:
        await Deadline.filter(id=key).update(provisional=True)

    await db.write(mark)

    async def attempt(actor: Actor) -> object:
        with patch.object(working_days, "provisional", lambda due, zone: False):
            return await responses.correct(actor, key)

    return attempt


@row("response.escalate", "resident")
async def _(cast: Cast) -> Attempt:
    key = (await answered(cast)).id
    return lambda actor: responses.escalate(actor, key, reason="没有说期限")


@row("comment.create", *(role for role in PEOPLE if not role.endswith("clerk")))
async def _(cast: Cast) -> Attempt:
    key = (await published(cast)).id
    return lambda actor: comments.create(actor, key, body="支持", stance="for")


@row("comment.hide", "steward")
async def _(cast: Cast) -> Attempt:
    comment = await comments.create(cast["unverified"], await published(cast), body="广告")
    return lambda actor: comments.hide(actor, comment.id, reason="广告")


@row("response.start_clock", "system")
async def _(cast: Cast) -> Attempt:
    key = (await published(cast)).id
    department = cast.world.department
    return lambda actor: responses.start_clock(actor, kind="proposal", subject_id=key, department=department)


@row("response.extend", *DEPARTMENT)
async def _(cast: Cast) -> Attempt:
    key = (await deadline(cast)).id
    return lambda actor: responses.extend(actor, key, reason="需要会商")


@row("response.publish", *DEPARTMENT)
async def _(cast: Cast) -> Attempt:
    key = (await deadline(cast)).id
    return lambda actor: responses.publish(actor, key, verdict="accepted", reasons="同意。")


@row("response.edit", *DEPARTMENT)
async def _(cast: Cast) -> Attempt:
    key = (await answered(cast)).id
    return lambda actor: responses.edit(actor, key, verdict="partly", reasons="部分同意。", reason="更正")


@row("response.rate", "resident")
async def _(cast: Cast) -> Attempt:
    key = (await answered(cast)).id
    return lambda actor: responses.rate(actor, key, stars=4)
