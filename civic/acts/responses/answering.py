"""Answers: published with their commitments, passed on to another department, changed as versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from secrets import token_bytes

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from civic import clock
from civic.acts import obligations
from civic.acts.core import SYSTEM, Actor, Record, act_on, note
from civic.acts.permissions import the_person
from civic.acts.responses.clock import follow, of_department, require_open, start_clock, tell_asking
from civic.errors import N_, Conflict, InvalidInput, InvalidState
from civic.models import Deadline, OpenDayQuestion, Party, Proposal, Response, ResponseVersion
from civic.rules import lifecycles
from civic.rules.commitments import commit
from civic.rules.text import multiline, one_line

VERDICTS = ("accepted", "partly", "declined", "studying", "transferred")
DECIDED = {"accepted": "accepted", "partly": "accepted", "declined": "declined"}
MOST_COMMITMENTS = 20


@dataclass(frozen=True, slots=True)
class Commitment:
    """A promise in an answer."""

    text: str
    due_on: date


def _verdict(verdict: str) -> str:
    if verdict not in VERDICTS:
        raise InvalidInput(N_("Choose a verdict."), field="verdict", reason="verdict")
    return verdict


async def _receiver(deadline: Deadline, verdict: str, transfer_to: int | None) -> Party | None:
    """The department that a question is passed on to. Raises InvalidInput, Conflict."""
    if verdict != "transferred":
        return None
    receiver = await Party.get_or_none(id=transfer_to) if transfer_to is not None else None
    if (
        receiver is None
        or receiver.kind != "government"
        or receiver.state != "active"
        or receiver.id == deadline.department_id
    ):
        raise InvalidInput(
            N_("Name the other department that has to answer."), field="transfer_to", reason="department"
        )
    asked = Deadline.filter(kind=deadline.kind, subject_id=deadline.subject_id, department_id=receiver.id)
    if await asked.exists():
        raise Conflict(
            N_("That department has been asked already; a question is not passed in a circle."),
            field="transfer_to",
            reason="asked",
        )
    return receiver


def _promises(commitments: list[Commitment] | None) -> list[tuple[str, date]]:
    """The promises, made clean. Raises InvalidInput."""
    given = commitments or []
    if len(given) > MOST_COMMITMENTS:
        raise InvalidInput(
            N_("At most %(limit)s commitments."),
            field="commitments",
            reason="too_many",
            limit=MOST_COMMITMENTS,
        )
    for promise in given:
        if promise.due_on < clock.today():
            raise InvalidInput(
                N_("A commitment falls due today or later."), field="commitments", reason="past"
            )
    return [(multiline(p.text, field="commitments", limit=1000), p.due_on) for p in given]


@act_on(Deadline, "response.publish", may=of_department)
async def publish(
    actor: Actor,
    deadline: Deadline,
    *,
    verdict: str,
    reasons: str,
    commitments: list[Commitment] | None = None,
    cost: str = "",
    transfer_to: int | None = None,
) -> Response:
    """Answer in public: verdict, reasons and commitments; or pass it on to the department whose matter it is."""
    require_open(deadline)
    receiver = await _receiver(deadline, _verdict(verdict), transfer_to)
    promises = _promises(commitments)
    try:
        async with in_transaction("default"):
            response = await Response.create(
                deadline=deadline,
                verdict=verdict,
                reasons=multiline(reasons, field="reasons", limit=20_000),
                salt=token_bytes(16),
                cost=one_line(cost, field="cost", limit=200, least=0),
                transferred_to=receiver,
                author=the_person(actor),
                published_at=clock.now(),
            )
    except IntegrityError:
        raise Conflict(
            N_("This has been answered already. Edit the answer instead."), reason="answered"
        ) from None
    await _version(response, "")
    for text, due_on in promises:
        await _promise(deadline, response, text, due_on)
    deadline.answered_at = response.published_at
    await deadline.save()
    await follow(deadline.kind, deadline.subject_id)
    payload: dict[str, object] = {
        "response": response.id,
        "verdict": verdict,
        "text": commit(bytes(response.salt), response.reasons),
        "commitments": len(promises),
    }
    if receiver is not None:
        payload["transferred_to"] = receiver.id
        await start_clock(SYSTEM, kind=deadline.kind, subject_id=deadline.subject_id, department=receiver)
    elif deadline.kind == "proposal":
        await _move_proposal(deadline.subject_id, verdict)
    elif deadline.kind == "question":
        await _answer_question(deadline, response)
    note(Record(deadline.kind, deadline.subject_id, payload))
    await tell_asking(deadline, "response.published", "")
    return response


async def _promise(deadline: Deadline, response: Response, text: str, due_on: date) -> None:
    """A commitment is an obligation to the residents of the area; who asked speaks for them."""
    await obligations.create(
        SYSTEM,
        party=deadline.department_id,
        to=await obligations.residents_of(deadline.kind, deadline.subject_id),
        text=text,
        due_on=due_on,
        source=obligations.Source("response", response.id, response=response.id),
    )


async def _answer_question(deadline: Deadline, response: Response) -> None:
    """An open day's question is answered there, too."""
    await OpenDayQuestion.filter(id=deadline.subject_id, state="open").update(
        state="answered",
        answer=response.reasons,
        answered_at=response.published_at,
        answered_by_id=deadline.department_id,
    )


async def _move_proposal(proposal_id: int, verdict: str) -> None:
    proposal = await Proposal.select_for_update().get(id=proposal_id)
    if verdict in DECIDED and lifecycles.can("proposal", proposal.state, "decide"):
        proposal.state = lifecycles.move("proposal", proposal.state, "decide")
        proposal.decision = DECIDED[verdict]
    elif verdict in DECIDED and proposal.state == "decided":
        proposal.decision = DECIDED[verdict]  # a changed answer decides anew
    elif lifecycles.can("proposal", proposal.state, "deliberate"):
        proposal.state = lifecycles.move("proposal", proposal.state, "deliberate")
    await proposal.save()


async def _version(response: Response, reason: str) -> None:
    await ResponseVersion.create(
        response=response,
        number=response.version,
        verdict=response.verdict,
        reasons=response.reasons,
        cost=response.cost,
        reason=reason,
        at=clock.now(),
    )


@act_on(Response, "response.edit", may=of_department)
async def edit(
    actor: Actor, response: Response, *, verdict: str, reasons: str, reason: str, cost: str | None = None
) -> Response:
    """Change an answer; what stood before stays to be read."""
    _verdict(verdict)
    if "transferred" in (verdict, response.verdict):
        raise InvalidState(
            N_("What was passed on stays so; the other department answers."), reason="transferred"
        )
    response.verdict, response.reasons = verdict, multiline(reasons, field="reasons", limit=20_000)
    if cost is not None:
        response.cost = one_line(cost, field="cost", limit=200, least=0)
    response.version += 1
    await response.save()
    why = one_line(reason, field="reason", limit=500)
    await _version(response, why)
    deadline = await Deadline.get(id=response.deadline_id)
    if deadline.kind == "proposal":
        await _move_proposal(deadline.subject_id, verdict)
    text = commit(bytes(response.salt), response.reasons)
    payload = {"response": response.id, "version": response.version, "verdict": verdict, "text": text}
    note(Record(deadline.kind, deadline.subject_id, payload))
    await tell_asking(deadline, "response.edited", why)
    return response
