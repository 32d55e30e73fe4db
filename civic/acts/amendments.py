"""Amendments: another text for a proposal, which its author takes over or declines."""

from __future__ import annotations

from secrets import token_bytes

from civic import clock
from civic.acts.core import Actor, Record, act_on, note
from civic.acts.notifications import tell
from civic.acts.permissions import require_role, signed_in, the_person
from civic.acts.proposals import BODY, REASON, TITLE, new_version, payload_of
from civic.errors import N_, Conflict, InvalidInput, InvalidState, NotAllowed
from civic.models import Amendment, Person, Proposal
from civic.rules import lifecycles
from civic.rules.commitments import commit_fields
from civic.rules.text import multiline, one_line


async def author_of_proposal(actor: Actor, subject: Amendment) -> None:
    """the author of the proposal"""
    proposal = await Proposal.get(id=subject.proposal_id)
    if the_person(actor).id != proposal.author_id:
        raise NotAllowed(N_("Only the author of the proposal decides on amendments."), reason="author")


async def author_of_amendment(actor: Actor, subject: Amendment) -> None:
    """who proposed the amendment"""
    if the_person(actor).id != subject.author_id:
        raise NotAllowed(N_("This belongs to somebody else."), reason="owner")


@act_on(Proposal, "amendment.propose", may=signed_in)
async def propose(actor: Actor, proposal: Proposal, *, title: str, body: str, reason: str) -> Amendment:
    """Propose another text for somebody's proposal, with the reason."""
    person = the_person(actor)
    lifecycles.move("proposal", proposal.state, "edit")
    if proposal.state == "draft" or proposal.author_id is None:
        raise InvalidState(N_("Nobody can take over a change of this proposal."), reason="no_author")
    if person.id == proposal.author_id:
        raise InvalidState(N_("It is your own proposal: change it directly."), reason="own_proposal")
    if actor.party is not None:
        await require_role(actor, actor.party, "manager", "delegate")
    if await Amendment.filter(proposal_id=proposal.id, author_id=person.id, state="proposed").exists():
        raise Conflict(
            N_("Your earlier amendment is not decided yet. Withdraw it before you propose another."),
            reason="pending",
        )
    title = one_line(title, field="title", limit=TITLE)
    body = multiline(body, field="body", limit=BODY)
    if (title, body) == (proposal.title, proposal.body):
        raise InvalidInput(
            N_("This is the text as it stands. Change something."), field="body", reason="same"
        )
    amendment = await Amendment.create(
        proposal=proposal, author=person, party=actor.party, base=proposal.version, salt=token_bytes(16),
        reason=one_line(reason, field="reason", limit=REASON), at=clock.now(), title=title, body=body,
    )  # fmt: skip
    digest = commit_fields(bytes(amendment.salt), {"title": title, "body": body, "reason": amendment.reason})
    note(Record("proposal", proposal.id, {"amendment": amendment.id, "base": amendment.base, "text": digest}))
    await _tell(proposal, [proposal.author_id], "amendment.proposed", amendment.reason)
    return amendment


def _open(amendment: Amendment) -> None:
    if amendment.state != "proposed":
        raise InvalidState(N_("This amendment is decided already."), reason="wrong_state")


@act_on(Amendment, "amendment.accept", may=author_of_proposal)
async def accept(actor: Actor, amendment: Amendment) -> Proposal:
    """Take an amendment over as a new version, credited to who proposed it."""
    _open(amendment)
    proposal = await Proposal.select_for_update().get(id=amendment.proposal_id)
    proposal.state = lifecycles.move("proposal", proposal.state, "edit")
    if amendment.base != proposal.version:
        raise InvalidState(
            N_("The text has changed since. Ask for the amendment anew, or take the change over by hand."),
            reason="outdated",
        )
    proposal.title, proposal.body = amendment.title, amendment.body
    await new_version(proposal, amendment.reason, await Person.get(id=amendment.author_id))
    await proposal.save()
    await _decide(amendment, "accepted")
    note(Record("proposal", proposal.id, {**payload_of(proposal), "amendment": amendment.id}))
    await _tell(proposal, [amendment.author_id], "amendment.accepted", "")
    return proposal


@act_on(Amendment, "amendment.decline", may=author_of_proposal)
async def decline(actor: Actor, amendment: Amendment, *, reason: str) -> Amendment:
    """Decline an amendment, with the reason."""
    _open(amendment)
    amendment.answer = one_line(reason, field="reason", limit=REASON)
    await _decide(amendment, "declined")
    note(Record("proposal", amendment.proposal_id, {"amendment": amendment.id, "state": "declined"}))
    proposal = await Proposal.get(id=amendment.proposal_id)
    await _tell(proposal, [amendment.author_id], "amendment.declined", amendment.answer)
    return amendment


@act_on(Amendment, "amendment.withdraw", may=author_of_amendment)
async def withdraw(actor: Actor, amendment: Amendment) -> Amendment:
    """Withdraw one's amendment before it is decided."""
    _open(amendment)
    await _decide(amendment, "withdrawn")
    note(Record("proposal", amendment.proposal_id, {"amendment": amendment.id, "state": "withdrawn"}))
    return amendment


async def _decide(amendment: Amendment, state: str) -> None:
    amendment.state, amendment.decided_at = state, clock.now()
    await amendment.save()


async def _tell(proposal: Proposal, whom: list[object], kind: str, detail: str) -> None:
    await tell(
        whom, kind, subject="proposal", subject_id=proposal.id, title=proposal.title, detail=detail,  # type: ignore[arg-type]
    )  # fmt: skip
