"""Two proposals for one thing become one: their supports are a union of people."""

from __future__ import annotations

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from civic import clock, db
from civic.acts.core import Actor, Record, act_on, note
from civic.acts.notifications import supporters, tell
from civic.acts.permissions import author, the_person, within
from civic.acts.proposals import REASON, leave, qualify_if_reached
from civic.errors import N_, Conflict, InvalidInput, InvalidState, NotAllowed
from civic.models import MergeRequest, Proposal, Support
from civic.rules import lifecycles
from civic.rules.text import one_line


async def author_of_other(actor: Actor, subject: MergeRequest) -> None:
    """the author of the proposal that takes the other in, or a platform steward"""
    person = the_person(actor)
    other = await Proposal.get(id=subject.into_id)
    if person.id != other.author_id and not person.steward:
        raise NotAllowed(
            N_("The author of the other proposal decides, or a platform steward."), reason="author"
        )


def _takes_in(proposal: Proposal) -> None:
    """Raises InvalidState unless a proposal can take another in."""
    if not lifecycles.can("proposal", proposal.state, "support"):
        raise InvalidState(N_("The other proposal does not gather support any more."), reason="other_state")


@act_on(Proposal, "proposal.ask_merge", may=author)
async def ask(actor: Actor, proposal: Proposal, *, into: int, reason: str = "") -> MergeRequest:
    """Ask the author of another proposal to take this one in."""
    lifecycles.move("proposal", proposal.state, "merge")
    other = await Proposal.get_or_none(id=into)
    if other is None or other.id == proposal.id or other.state in ("draft", "hidden"):
        raise InvalidInput(N_("There is no such proposal."), field="into", reason="unknown_proposal")
    _takes_in(other)
    if not await within(proposal.area_id, other.area_id):
        raise InvalidInput(
            N_("The other proposal must concern the same area, or one around it."),
            field="into",
            reason="other_area",
        )
    try:
        async with in_transaction("default"):
            request = await MergeRequest.create(
                proposal=proposal, into=other, reason=one_line(reason, field="reason", limit=REASON, least=0),
                at=clock.now(), current=proposal.id,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(N_("You have asked already; wait for the answer."), reason="pending") from None
    note(Record("proposal", proposal.id, {"merge_into": other.id, "request": request.id}))
    if other.author_id is not None and other.author_id == proposal.author_id:
        await merge(actor, request)
    else:
        await tell(
            [other.author_id], "merge.asked", subject="proposal", subject_id=other.id, title=other.title
        )
    return await MergeRequest.get(id=request.id)


def _open(request: MergeRequest) -> None:
    if request.state != "open":
        raise InvalidState(N_("This request is decided already."), reason="wrong_state")


@act_on(MergeRequest, "proposal.merge", may=author_of_other)
async def merge(actor: Actor, request: MergeRequest) -> Proposal:
    """Take a proposal into another: who supports either supports it now, once."""
    _open(request)
    # Locked in the order of their keys, so that two merges do not wait for each other.
    rows = {p.id: p for p in await Proposal.filter(
        id__in=[request.proposal_id, request.into_id]).order_by("id").select_for_update()}  # fmt: skip
    gone, other = rows[request.proposal_id], rows[request.into_id]
    gone.state = lifecycles.move("proposal", gone.state, "merge")
    _takes_in(other)
    told = await supporters(gone.id)
    await db.execute(
        "INSERT INTO support (proposal_id, person_id, at) SELECT ?, s.person_id, s.at FROM support s "
        "WHERE s.proposal_id = ? AND NOT EXISTS "
        "(SELECT 1 FROM support t WHERE t.proposal_id = ? AND t.person_id = s.person_id)",
        other.id, gone.id, other.id,
    )  # fmt: skip
    # Nobody knows who the people behind imported numbers are; the larger number counts nobody twice.
    other.imported_supports = max(other.imported_supports, gone.imported_supports)
    other.supports = await Support.filter(proposal_id=other.id).count()
    other.supports_total = other.supports + other.imported_supports
    await other.save()
    gone.merged_into_id = other.id
    await leave(gone, "merged")
    request.state, request.current = "accepted", None
    await request.save()
    note(Record("proposal", gone.id, {"state": gone.state, "into": other.id}))
    note(Record("proposal", other.id, {"merged": gone.id, "supports": other.supports}))
    await tell(
        [gone.author_id, *told], "proposal.merged", subject="proposal", subject_id=other.id,
        title=other.title, but=actor.person,
    )  # fmt: skip
    return await qualify_if_reached(other)


@act_on(MergeRequest, "proposal.decline_merge", may=author_of_other)
async def decline(actor: Actor, request: MergeRequest, *, reason: str) -> MergeRequest:
    """Decline to take a proposal in, with the reason."""
    _open(request)
    request.state, request.current = "declined", None
    request.reason = one_line(reason, field="reason", limit=REASON)
    await request.save()
    note(Record("proposal", request.proposal_id, {"request": request.id, "state": "declined"}))
    gone, other = await Proposal.get(id=request.proposal_id), await Proposal.get(id=request.into_id)
    await tell(
        [gone.author_id], "merge.declined", subject="proposal", subject_id=gone.id, title=other.title,
        detail=request.reason,
    )  # fmt: skip
    return request
