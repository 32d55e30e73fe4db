"""Proposals, comments, answers. The author is the resident."""

from datetime import UTC, datetime
from secrets import token_hex

from civic.acts import comments, imports, proposals, responses
from civic.models import Deadline, Proposal, Response
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
    given = {"source": "consul", "line": line, "area": cast.world.community, "threshold": 5}
    return lambda actor: imports.import_proposal(actor, **given)


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
