"""The response clock: who has to answer, by when, with warnings, one extension and the calendar's correction."""

from __future__ import annotations

from uuid import UUID

from civic import clock
from civic.acts.core import Actor, Record, act, act_on, note
from civic.acts.notifications import asked_for, members, tell
from civic.acts.permissions import require_role, system
from civic.errors import N_, Conflict, InvalidState
from civic.models import (
    AreaWithin,
    Ballot,
    Deadline,
    OpenDayQuestion,
    Party,
    Proposal,
    Resolution,
    Response,
    Seat,
)
from civic.rules import working_days
from civic.rules.text import one_line, preview
from civic.settings import settings

WARNINGS = {1: "response.half", 2: "response.most", 3: "response.late"}


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
    """Start a department's time for an answer, in working days; one that had ended begins anew."""
    deadline = await Deadline.get_or_none(kind=kind, subject_id=subject_id, department_id=department.id)
    if deadline is not None and deadline.answered_at is None and not deadline.ended:
        raise Conflict(N_("This department has been asked already."), reason="asked")
    if deadline is None or deadline.answered_at is None:
        deadline = deadline or Deadline(kind=kind, subject_id=subject_id, department=department)
        now, days, zone = clock.now(), settings().response_working_days, settings().zone
        deadline.started_at, deadline.working_days = now, days
        deadline.due_at = working_days.deadline(now, days, zone)
        deadline.provisional = working_days.provisional(deadline.due_at, zone)
        deadline.ended, deadline.extended_at, deadline.extension_reason = "", None, ""
        _plan_warning(deadline)
        await deadline.save()
    await follow(kind, subject_id)
    note(Record(kind, subject_id, {"department": department.id, "due": deadline.due_at.isoformat()}))
    await tell_department(deadline, "response.started")
    return deadline


def _plan_warning(deadline: Deadline) -> None:
    """Note how far the time has run by now, and when the next warning falls due."""
    start, days, zone = deadline.started_at, deadline.working_days, settings().zone
    deadline.warned = working_days.warning_level(clock.now(), start, days, zone)
    points = working_days.warning_points(start, days, zone)
    deadline.warn_at = points[deadline.warned] if deadline.warned < len(points) else None


async def follow(kind: str, subject_id: int) -> None:
    """Let a proposal carry the nearest open deadline and its last answer, so that lists need no join."""
    if kind != "proposal":
        return
    rows = await Deadline.filter(kind=kind, subject_id=subject_id)
    due = [d.due_at for d in rows if d.answered_at is None and not d.ended]
    answered = [d.answered_at for d in rows if d.answered_at is not None]
    passed_on = await Response.filter(
        deadline_id__in=[d.id for d in rows], verdict="transferred"
    ).values_list("published_at", flat=True)
    real = [at for at in answered if at not in passed_on]
    await Proposal.filter(id=subject_id).update(
        due_at=min(due, default=None), answered_at=max(real, default=None)
    )


async def end_clocks(kind: str, subject_id: int, why: str) -> None:
    """End what is still open, because nobody asks any more. Within an act."""
    open_ = Deadline.filter(kind=kind, subject_id=subject_id, answered_at=None, ended="")
    await open_.update(ended=why)
    await follow(kind, subject_id)


def require_open(deadline: Deadline) -> None:
    """Raises InvalidState when nothing awaits an answer any more."""
    if deadline.ended:
        raise InvalidState(N_("Nobody asks for this answer any more."), reason="ended")


@act_on(Deadline, "response.extend", may=of_department)
async def extend(actor: Actor, deadline: Deadline, *, reason: str) -> Deadline:
    """Extend the time once, with a public reason."""
    require_open(deadline)
    if deadline.answered_at or deadline.extended_at:
        raise InvalidState(N_("The time can be extended once, before the answer."), reason="extended")
    days, zone = settings().extension_working_days, settings().zone
    deadline.extension_reason = one_line(reason, field="reason", limit=500)
    deadline.due_at = working_days.deadline(deadline.due_at, days, zone)
    deadline.provisional = working_days.provisional(deadline.due_at, zone)
    deadline.working_days += days
    deadline.extended_at = clock.now()
    _plan_warning(deadline)
    await deadline.save()
    await follow(deadline.kind, deadline.subject_id)
    note(Record(deadline.kind, deadline.subject_id, {"due": deadline.due_at.isoformat(), "extended": True}))
    await tell_asking(deadline, "response.extended", deadline.extension_reason)
    return deadline


@act_on(Deadline, "response.warn", may=system)
async def warn(actor: Actor, deadline: Deadline) -> Deadline:
    """Warn a department at half, at four fifths and at the end of its time; being overdue is public."""
    require_open(deadline)
    before = deadline.warned
    _plan_warning(deadline)
    level = deadline.warned
    if deadline.answered_at or level <= before:
        raise InvalidState(N_("There is nothing to warn of."), reason="wrong_state")
    await deadline.save()
    note(Record(deadline.kind, deadline.subject_id, {"department": deadline.department_id, "warned": level}))
    await tell_department(deadline, WARNINGS[level])
    if level == 3:
        await tell_asking(deadline, "response.overdue", "")
    return deadline


@act_on(Deadline, "response.correct", may=system)
async def correct(actor: Actor, deadline: Deadline) -> Deadline:
    """Put a provisional day right when the official calendar of its year is announced."""
    zone, before = settings().zone, deadline.due_at
    if not deadline.provisional or deadline.answered_at or deadline.ended:
        raise InvalidState(N_("This day is final."), reason="wrong_state")
    if working_days.provisional(before, zone):
        raise InvalidState(N_("The calendar of that year is not announced yet."), reason="wrong_state")
    due = working_days.deadline(deadline.started_at, deadline.working_days, zone)
    moved = due != before
    deadline.due_at, deadline.provisional = due, working_days.provisional(due, zone)
    _plan_warning(deadline)
    await deadline.save()
    await follow(deadline.kind, deadline.subject_id)
    payload = {
        "department": deadline.department_id,
        "due": due.isoformat(),
        "was": before.isoformat(),
        "calendar": True,
    }
    note(Record(deadline.kind, deadline.subject_id, payload))
    if moved:
        await tell_department(deadline, "response.corrected")
    return deadline


async def title_of(deadline: Deadline) -> str:
    """What the subject is called; "" for a kind without a title."""
    if deadline.kind == "ballot":
        return str((await Ballot.get(id=deadline.subject_id)).title)
    if deadline.kind == "question":
        return preview((await OpenDayQuestion.get(id=deadline.subject_id)).body)
    if deadline.kind == "resolution":
        return preview((await Resolution.get(motion_id=deadline.subject_id)).text)
    return str((await Proposal.get(id=deadline.subject_id)).title) if deadline.kind == "proposal" else ""


async def those_asking(deadline: Deadline) -> list[UUID | None]:
    """Who asked for an answer."""
    if deadline.kind == "question":
        return [(await OpenDayQuestion.get(id=deadline.subject_id)).author_id]
    if deadline.kind == "resolution":
        seats = Seat.filter(state="confirmed", meeting__resolutions__motion_id=deadline.subject_id)
        return list(await seats.values_list("person_id", flat=True))  # type: ignore[arg-type]
    if deadline.kind != "proposal":
        return []
    return await asked_for(await Proposal.get(id=deadline.subject_id))


async def tell_asking(deadline: Deadline, kind: str, detail: str) -> None:
    await tell(
        await those_asking(deadline), kind, subject="response", subject_id=deadline.id,
        title=await title_of(deadline), detail=detail,
    )  # fmt: skip


async def tell_department(deadline: Deadline, kind: str, detail: str = "") -> None:
    await tell(
        await members(deadline.department_id), kind, subject="response", subject_id=deadline.id,
        title=await title_of(deadline), detail=detail,
    )  # fmt: skip
