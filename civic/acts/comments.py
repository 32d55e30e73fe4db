"""Comments on proposals: two levels, each with a stance."""

from __future__ import annotations

from secrets import token_bytes

from tortoise.expressions import F

from civic import clock
from civic.acts.core import Actor, Record, act_on, note
from civic.acts.notifications import tell
from civic.acts.permissions import require_role, signed_in, steward, the_person
from civic.errors import N_, InvalidInput, InvalidState
from civic.models import Comment, Proposal
from civic.rules import lifecycles
from civic.rules.commitments import commit
from civic.rules.text import multiline, one_line

STANCES = ("for", "against", "neutral")
BODY = 5000


@act_on(Proposal, "comment.create", may=signed_in)
async def create(
    actor: Actor, proposal: Proposal, *, body: str, stance: str = "neutral", parent: int | None = None
) -> Comment:
    """Comment on a proposal, or answer a comment."""
    lifecycles.move("proposal", proposal.state, "comment")
    person = the_person(actor)
    if actor.party is not None:
        await require_role(actor, actor.party, "manager", "delegate")
    if stance not in STANCES:
        raise InvalidInput(N_("Choose for, against or neutral."), field="stance", reason="stance")
    above = await _answered(proposal, parent) if parent is not None else None
    comment = await Comment.create(
        proposal=proposal, parent_id=parent, author=person, party=actor.party, stance=stance,
        body=multiline(body, field="body", limit=BODY), salt=token_bytes(16), at=clock.now(),
    )  # fmt: skip
    await Proposal.filter(id=proposal.id).update(comments=F("comments") + 1)
    text = commit(bytes(comment.salt), comment.body)
    note(Record("proposal", proposal.id, {"comment": comment.id, "text": text}))
    if above is not None:
        await Comment.filter(id=above.id).update(answers=F("answers") + 1)
        await _tell(proposal, "comment.answered", [above.author_id], actor)
    if above is None or above.author_id != proposal.author_id:
        await _tell(proposal, "proposal.commented", [proposal.author_id], actor)
    return comment


async def _answered(proposal: Proposal, parent: int) -> Comment:
    """The comment that is answered. Raises InvalidInput, InvalidState."""
    above = await Comment.get_or_none(id=parent, proposal_id=proposal.id, parent_id=None)
    if above is None:
        raise InvalidInput(
            N_("Only comments of the first level are answered."), field="parent", reason="level"
        )
    if above.hidden_reason:
        raise InvalidState(N_("This comment is hidden; it is not answered."), reason="hidden")
    return above


async def _tell(proposal: Proposal, kind: str, whom: list[object], actor: Actor, detail: str = "") -> None:
    await tell(
        whom, kind, subject="proposal", subject_id=proposal.id, title=proposal.title, detail=detail,  # type: ignore[arg-type]
        but=actor.person,
    )  # fmt: skip


@act_on(Comment, "comment.hide", may=steward)
async def hide(actor: Actor, comment: Comment, *, reason: str) -> Comment:
    """Hide a comment, with a public reason."""
    if comment.hidden_reason:
        raise InvalidState(N_("This comment is hidden already."), reason="hidden")
    comment.hidden_reason = one_line(reason, field="reason", limit=500)
    await comment.save()
    why = commit(bytes(comment.salt), comment.hidden_reason)
    note(Record("proposal", comment.proposal_id, {"comment": comment.id, "hidden": True, "reason": why}))
    proposal = await Proposal.get(id=comment.proposal_id)
    await _tell(proposal, "comment.hidden", [comment.author_id], actor, comment.hidden_reason)
    return comment


@act_on(Comment, "comment.restore", may=steward)
async def restore(actor: Actor, comment: Comment) -> Comment:
    """Show a hidden comment again."""
    if not comment.hidden_reason:
        raise InvalidState(N_("This comment is not hidden."), reason="not_hidden")
    comment.hidden_reason = ""
    await comment.save()
    note(Record("proposal", comment.proposal_id, {"comment": comment.id, "hidden": False}))
    proposal = await Proposal.get(id=comment.proposal_id)
    await _tell(proposal, "comment.restored", [comment.author_id], actor)
    return comment
