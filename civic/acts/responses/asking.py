"""What those who asked can do with an answer: rate it, and take it further, once."""

from __future__ import annotations

from secrets import token_bytes

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from civic import clock
from civic.acts.core import Actor, Record, act_on, note
from civic.acts.permissions import signed_in, the_person
from civic.acts.responses.clock import tell_department, those_asking
from civic.errors import N_, Conflict, InvalidInput, InvalidState, NotAllowed
from civic.models import Deadline, Escalation, Person, Proposal, Rating, Response, Support
from civic.rules.commitments import commit
from civic.rules.text import multiline


async def asked(person: Person, deadline: Deadline) -> bool:
    """Whether somebody is among those who asked: a proposal's author and supporters, a resolution's delegates."""
    if deadline.kind == "resolution":
        return person.id in await those_asking(deadline)
    if deadline.kind != "proposal":
        return False
    mine = Proposal.filter(id=deadline.subject_id, author_id=person.id)
    supported = Support.filter(proposal_id=deadline.subject_id, person_id=person.id)
    return await mine.exists() or await supported.exists()


async def _asking(actor: Actor, response: Response) -> tuple[Person, Deadline]:
    """Who acts, and what was asked. Raises NotAllowed, InvalidState."""
    person = the_person(actor)
    deadline = await Deadline.get(id=response.deadline_id)
    if not await asked(person, deadline):
        raise NotAllowed(
            N_(
                "This is for those who asked: the proposer and the supporters, or the delegates of the meeting."
            ),
            reason="not_asked",
        )
    if response.verdict == "transferred":
        raise InvalidState(
            N_("This was passed on. Wait for the other department's answer."), reason="transferred"
        )
    return person, deadline


@act_on(Response, "response.rate", may=signed_in)
async def rate(actor: Actor, response: Response, *, stars: int) -> Response:
    """Rate an answer: for the proposer and the supporters."""
    person, deadline = await _asking(actor, response)
    if not 1 <= stars <= 5:
        raise InvalidInput(N_("Give one to five stars."), field="stars", reason="stars")
    mine = Rating.filter(response_id=response.id, person_id=person.id)
    if not await mine.update(stars=stars, at=clock.now()):
        await Rating.create(response=response, person=person, stars=stars, at=clock.now())
    note(Record(deadline.kind, deadline.subject_id, {"response": response.id, "stars": stars}))
    return response


@act_on(Response, "response.escalate", may=signed_in)
async def escalate(actor: Actor, response: Response, *, reason: str) -> Escalation:
    """Take an answer to a joint meeting, once, with what is missing in it."""
    person, deadline = await _asking(actor, response)
    salt = token_bytes(16)
    text = multiline(reason, field="reason", limit=2000)
    try:
        async with in_transaction("default"):
            made = await Escalation.create(
                response=response, person=person, reason=text, salt=salt, at=clock.now()
            )
    except IntegrityError:
        raise Conflict(
            N_("This answer has been taken to a joint meeting already."), reason="escalated"
        ) from None
    payload = {"response": response.id, "escalation": made.id, "text": commit(salt, text)}
    note(Record(deadline.kind, deadline.subject_id, payload))
    await tell_department(deadline, "response.escalated")
    return made
