"""Questions to the host: asked before and during the day, supported, answered in time, carried on."""

from __future__ import annotations

from secrets import token_bytes

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from civic import clock
from civic.acts import notifications, proposals
from civic.acts.core import SYSTEM, Actor, Record, act_on, note
from civic.acts.open_days.hosts import any_host
from civic.acts.permissions import author, signed_in, steward, the_person
from civic.acts.responses.clock import start_clock
from civic.errors import N_, Conflict, InvalidState, TooMany
from civic.models import Area, Deadline, OpenDay, OpenDayQuestion, Party, Proposal, QuestionSupport
from civic.rules import lifecycles, open_days
from civic.rules.commitments import commit
from civic.rules.text import multiline, one_line

MOST_A_PERSON = 10
QUESTION, ANSWER, REASON = 1000, 5000, 500


@act_on(OpenDay, "open_day.ask", may=signed_in)
async def ask(actor: Actor, day: OpenDay, *, body: str) -> OpenDayQuestion:
    """Ask the host something, before the day or while it goes on."""
    lifecycles.move("open_day", day.state, "ask")
    if not open_days.may_ask(day.state, clock.now(), day.ends_at):
        raise InvalidState(
            N_("The day is over. Write a proposal instead, or ask at the next one."), reason="past"
        )
    person = the_person(actor)
    if await OpenDayQuestion.filter(open_day_id=day.id, author_id=person.id).count() >= MOST_A_PERSON:
        raise TooMany(N_("At most %(limit)s questions each."), reason="too_many", limit=MOST_A_PERSON)
    question = await OpenDayQuestion.create(
        open_day=day, author=person, body=one_line(body, field="body", limit=QUESTION), salt=token_bytes(16),
        at=clock.now(),
    )  # fmt: skip
    text = commit(bytes(question.salt), question.body)
    note(Record("open_day", day.id, {"question": question.id, "text": text}))
    host = await Party.get(id=day.host_id)
    await start_clock(SYSTEM, kind="question", subject_id=question.id, department=host)
    return question


@act_on(OpenDayQuestion, "open_day.support_question", may=signed_in)
async def support(actor: Actor, question: OpenDayQuestion) -> OpenDayQuestion:
    """Support a question, once."""
    _must_stand(question)
    try:
        async with in_transaction("default"):
            await QuestionSupport.create(question=question, person=the_person(actor))
    except IntegrityError:
        raise Conflict(N_("You support this already."), reason="supported") from None
    await OpenDayQuestion.filter(id=question.id).update(supports=F("supports") + 1)
    await question.refresh_from_db()
    note(Record("open_day", question.open_day_id, {"question": question.id, "supports": question.supports}))
    return question


@act_on(OpenDayQuestion, "open_day.answer_question", may=any_host)
async def answer(actor: Actor, question: OpenDayQuestion, *, body: str) -> OpenDayQuestion:
    """Answer a question in public."""
    _must_stand(question)
    day = await OpenDay.get(id=question.open_day_id)
    lifecycles.move("open_day", day.state, "answer")
    question.answer = multiline(body, field="body", limit=ANSWER)
    question.state, question.answered_at = "answered", question.answered_at or clock.now()
    question.answered_by = actor.party
    await question.save()
    await Deadline.filter(kind="question", subject_id=question.id, answered_at=None).update(
        answered_at=clock.now()
    )
    text = commit(bytes(question.salt), question.answer)
    note(Record("open_day", day.id, {"question": question.id, "answer": text}))
    await notifications.tell(
        [question.author_id], "open_day.answered", subject="open_day", subject_id=day.id, title=day.title
    )
    return question


@act_on(OpenDayQuestion, "open_day.carry_question", may=author)
async def carry(actor: Actor, question: OpenDayQuestion, *, title: str, body: str = "") -> Proposal:
    """Carry one's question on into a proposal, as a draft."""
    _must_stand(question)
    if question.proposal_id is not None:
        raise Conflict(N_("This question has become a proposal already."), reason="carried")
    day = await OpenDay.get(id=question.open_day_id)
    area = await Area.get(id=day.area_id)
    proposal = await proposals.create(
        actor, title=title, body=body or question.body, area=area.code, scenario=day.scenario_id
    )
    question.proposal = proposal
    await question.save()
    note(Record("open_day", day.id, {"question": question.id, "proposal": proposal.id}))
    return proposal


@act_on(OpenDayQuestion, "open_day.hide_question", may=steward)
async def hide(actor: Actor, question: OpenDayQuestion, *, reason: str) -> OpenDayQuestion:
    """Hide a question, with a public reason."""
    _must_stand(question)
    question.state = "hidden"
    question.hidden_reason = one_line(reason, field="reason", limit=REASON)
    await question.save()
    await Deadline.filter(kind="question", subject_id=question.id, answered_at=None).delete()
    note(Record("open_day", question.open_day_id, {"question": question.id, "hidden": True}))
    return question


def _must_stand(question: OpenDayQuestion) -> None:
    if question.state == "hidden":
        raise InvalidState(N_("This question was hidden."), reason="wrong_state")
