"""The response clock, and the answers of departments with their commitments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from secrets import token_bytes

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from civic import clock
from civic.acts import obligations
from civic.acts.core import SYSTEM, Actor, Record, act, act_on, note
from civic.acts.permissions import require_role, signed_in, system, the_person
from civic.errors import N_, Conflict, InvalidInput, InvalidState, NotAllowed
from civic.models import (
    AreaWithin,
    Deadline,
    Party,
    Proposal,
    Rating,
    Response,
    ResponseVersion,
    Support,
)
from civic.rules import lifecycles, working_days
from civic.rules.commitments import commit
from civic.rules.text import multiline, one_line
from civic.settings import settings

VERDICTS = ("accepted", "partly", "declined", "studying", "transferred")
DECIDED = {"accepted": "accepted", "partly": "accepted", "declined": "declined"}


@dataclass(frozen=True, slots=True)
class Commitment:
    """A promise in an answer."""

    text: str
    due_on: date


async def of_department(actor: Actor, subject: Deadline | Response) -> None:
    """somebody who acts for the department that was asked"""
    deadline = subject if isinstance(subject, Deadline) else await Deadline.get(id=subject.deadline_id)
    await require_role(actor, await Party.get(id=deadline.department_id), "manager", "delegate", "clerk")


async def department_for(area_id: int) -> Party | None:
    """The active government party whose area covers this one most closely."""
    around = (
        await AreaWithin.filter(descendant_id=area_id).order_by("depth").values_list("ancestor_id", flat=True)
    )
    parties = await Party.filter(kind="government", state="active", area_id__in=list(around)).order_by("id")
    places: dict[object, int] = {area: depth for depth, area in enumerate(around)}
    return min(parties, key=lambda party: (places[party.area_id], party.id), default=None)


async def start_for_area(actor: Actor, *, kind: str, subject_id: int, area_id: int) -> Deadline | None:
    """Start the clock of the department that covers an area; None where no department does."""
    department = await department_for(area_id)
    if department is None:
        return None
    return await start_clock(actor, kind=kind, subject_id=subject_id, department=department)


@act("response.start_clock", may=system)
async def start_clock(actor: Actor, *, kind: str, subject_id: int, department: Party) -> Deadline:
    """Start a department's time for an answer, in working days."""
    now, days, zone = clock.now(), settings().response_working_days, settings().zone
    due = working_days.deadline(now, days, zone)
    deadline = await Deadline.create(
        kind=kind,
        subject_id=subject_id,
        department=department,
        started_at=now,
        due_at=due,
        working_days=days,
        provisional=working_days.provisional(due, zone),
    )
    note(Record(kind, subject_id, {"department": department.id, "due": due.isoformat()}))
    return deadline


@act_on(Deadline, "response.extend", may=of_department)
async def extend(actor: Actor, deadline: Deadline, *, reason: str) -> Deadline:
    """Extend the time once, with a public reason."""
    if deadline.answered_at or deadline.extended_at:
        raise InvalidState(N_("The time can be extended once, before the answer."), reason="extended")
    days, zone = settings().extension_working_days, settings().zone
    deadline.due_at = working_days.deadline(deadline.due_at, days, zone)
    deadline.working_days += days
    deadline.extended_at, deadline.extension_reason = clock.now(), one_line(reason, field="reason", limit=500)
    await deadline.save()
    note(Record(deadline.kind, deadline.subject_id, {"due": deadline.due_at.isoformat(), "extended": True}))
    return deadline


@act_on(Deadline, "response.publish", may=of_department)
async def publish(
    actor: Actor,
    deadline: Deadline,
    *,
    verdict: str,
    reasons: str,
    commitments: list[Commitment] | None = None,
    cost: str = "",
) -> Response:
    """Answer in public: verdict, reasons and commitments."""
    if verdict not in VERDICTS:
        raise InvalidInput(N_("Choose a verdict."), field="verdict", reason="verdict")
    try:
        async with in_transaction("default"):
            response = await Response.create(
                deadline=deadline,
                verdict=verdict,
                reasons=multiline(reasons, field="reasons", limit=20_000),
                salt=token_bytes(16),
                cost=one_line(cost, field="cost", limit=200, least=0),
                author=the_person(actor),
                published_at=clock.now(),
            )
    except IntegrityError:
        raise Conflict(
            N_("This has been answered already. Edit the answer instead."), reason="answered"
        ) from None
    await _version(response, "")
    for commitment in commitments or ():
        await _promise(deadline, response, commitment)
    deadline.answered_at = response.published_at
    await deadline.save()
    if deadline.kind == "proposal":
        await _move_proposal(deadline.subject_id, verdict)
    text = commit(bytes(response.salt), response.reasons)
    payload = {
        "response": response.id,
        "verdict": verdict,
        "text": text,
        "commitments": len(commitments or ()),
    }
    note(Record(deadline.kind, deadline.subject_id, payload))
    return response


async def _promise(deadline: Deadline, response: Response, commitment: Commitment) -> None:
    """A commitment is an obligation to the residents of the area; who asked speaks for them."""
    text = multiline(commitment.text, field="commitments", limit=1000)
    await obligations.create(
        SYSTEM,
        party=deadline.department_id,
        to=await obligations.residents_of(deadline.kind, deadline.subject_id),
        text=text,
        due_on=commitment.due_on,
        source=obligations.Source("response", response.id, response=response.id),
    )


async def _move_proposal(proposal_id: int, verdict: str) -> None:
    proposal = await Proposal.select_for_update().get(id=proposal_id)
    if verdict in DECIDED and lifecycles.can("proposal", proposal.state, "decide"):
        proposal.state = lifecycles.move("proposal", proposal.state, "decide")
        proposal.decision = DECIDED[verdict]
    elif lifecycles.can("proposal", proposal.state, "deliberate"):
        proposal.state = lifecycles.move("proposal", proposal.state, "deliberate")
    await proposal.save()


async def _version(response: Response, reason: str) -> None:
    await ResponseVersion.create(
        response=response,
        number=response.version,
        verdict=response.verdict,
        reasons=response.reasons,
        reason=reason,
        at=clock.now(),
    )


@act_on(Response, "response.edit", may=of_department)
async def edit(actor: Actor, response: Response, *, verdict: str, reasons: str, reason: str) -> Response:
    """Change an answer; what stood before stays to be read."""
    if verdict not in VERDICTS:
        raise InvalidInput(N_("Choose a verdict."), field="verdict", reason="verdict")
    response.verdict, response.reasons = verdict, multiline(reasons, field="reasons", limit=20_000)
    response.version += 1
    await response.save()
    await _version(response, one_line(reason, field="reason", limit=500))
    deadline = await Deadline.get(id=response.deadline_id)
    note(Record(deadline.kind, deadline.subject_id, {"response": response.id, "version": response.version}))
    return response


@act_on(Response, "response.rate", may=signed_in)
async def rate(actor: Actor, response: Response, *, stars: int) -> Response:
    """Rate an answer: for the proposer and the supporters."""
    person = the_person(actor)
    deadline = await Deadline.get(id=response.deadline_id)
    asked = deadline.kind == "proposal" and (
        await Proposal.filter(id=deadline.subject_id, author_id=person.id).exists()
        or await Support.filter(proposal_id=deadline.subject_id, person_id=person.id).exists()
    )
    if not asked:
        raise NotAllowed(
            N_("Those who asked rate the answer: the proposer and the supporters."), reason="not_asked"
        )
    if not 1 <= stars <= 5:
        raise InvalidInput(N_("Give one to five stars."), field="stars", reason="stars")
    if not await Rating.filter(response_id=response.id, person_id=person.id).update(
        stars=stars, at=clock.now()
    ):
        await Rating.create(response=response, person=person, stars=stars, at=clock.now())
    note(Record(deadline.kind, deadline.subject_id, {"response": response.id, "stars": stars}))
    return response
