"""Comments on proposals: two levels, each with a stance."""

from __future__ import annotations

from secrets import token_bytes

from tortoise.expressions import F

from civic import clock
from civic.acts.core import Actor, Record, act_on, note
from civic.acts.permissions import require_role, signed_in, steward, the_person
from civic.errors import N_, InvalidInput
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
    if actor.party is not None:
        await require_role(actor, actor.party, "manager", "delegate")
    if stance not in STANCES:
        raise InvalidInput(N_("Choose for, against or neutral."), field="stance", reason="stance")
    if (
        parent is not None
        and not await Comment.filter(id=parent, proposal_id=proposal.id, parent_id=None).exists()
    ):
        raise InvalidInput(
            N_("Only comments of the first level are answered."), field="parent", reason="level"
        )
    comment = await Comment.create(
        proposal=proposal,
        parent_id=parent,
        author=the_person(actor),
        party=actor.party,
        stance=stance,
        body=multiline(body, field="body", limit=BODY),
        salt=token_bytes(16),
        at=clock.now(),
    )
    await Proposal.filter(id=proposal.id).update(comments=F("comments") + 1)
    note(
        Record(
            "proposal",
            proposal.id,
            {"comment": comment.id, "text": commit(bytes(comment.salt), comment.body)},
        )
    )
    return comment


@act_on(Comment, "comment.hide", may=steward)
async def hide(actor: Actor, comment: Comment, *, reason: str) -> Comment:
    """Hide a comment, with a public reason."""
    comment.hidden_reason = one_line(reason, field="reason", limit=500)
    await comment.save()
    note(Record("proposal", comment.proposal_id, {"comment": comment.id, "hidden": True}))
    return comment
