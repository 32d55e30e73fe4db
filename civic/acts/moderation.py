"""What people report to the stewards, and appeals of authors whose words were hidden."""

from __future__ import annotations

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from civic import clock
from civic.acts import comments, proposals
from civic.acts.core import Actor, Record, act, act_on, note
from civic.acts.notifications import stewards, tell
from civic.acts.permissions import signed_in, steward, the_person
from civic.errors import N_, Conflict, InvalidInput, InvalidState, NotFound
from civic.models import Comment, Proposal, Report
from civic.rules.text import one_line, preview

KINDS = ("proposal", "comment")


async def subject_of(kind: str, subject_id: int) -> Proposal | Comment:
    """What is reported. Raises InvalidInput, NotFound."""
    if kind not in KINDS:
        raise InvalidInput(N_("Only proposals and comments are reported."), field="kind", reason="kind")
    row = await (Proposal if kind == "proposal" else Comment).get_or_none(id=subject_id)
    if row is None or (isinstance(row, Proposal) and row.state == "draft"):
        raise NotFound(N_("This does not exist, or no longer."), reason="gone")
    return row


@act("moderation.report", may=signed_in)
async def report(actor: Actor, *, kind: str, subject_id: int, reason: str) -> Report:
    """Report a proposal or a comment to the stewards; of one's own hidden one, appeal."""
    person = the_person(actor)
    row = await subject_of(kind, subject_id)
    hidden, own = bool(row.hidden_reason), row.author_id == person.id
    if hidden and not own:
        raise InvalidState(N_("This is hidden already."), reason="hidden")
    if own and not hidden:
        raise InvalidState(N_("This is your own: change or withdraw it."), reason="own")
    try:
        async with in_transaction("default"):
            made = await Report.create(
                kind=kind, subject_id=subject_id, person=person, appeal=hidden, at=clock.now(),
                reason=one_line(reason, field="reason", limit=500),
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(N_("You have reported this already."), reason="reported") from None
    note(Record(kind, subject_id, {"report": made.id, "appeal": hidden}))
    title = row.title if isinstance(row, Proposal) else preview(row.body, 60)
    await tell(
        await stewards(), "moderation.reported", subject="moderation", subject_id=made.id, title=title,
        detail=made.reason, but=person,
    )  # fmt: skip
    return made


@act_on(Report, "moderation.settle", may=steward)
async def settle(actor: Actor, report: Report, *, outcome: str, reason: str = "") -> Report:
    """Settle a report: hide with a public reason, restore on appeal, or dismiss."""
    if report.settled_at is not None:
        raise InvalidState(N_("This report is settled already."), reason="wrong_state")
    row = await subject_of(report.kind, report.subject_id)
    module = proposals if report.kind == "proposal" else comments
    if outcome == "hidden" and not report.appeal:
        if not row.hidden_reason:
            await module.hide(actor, row.id, reason=reason)
    elif outcome == "restored" and report.appeal:
        await module.restore(actor, row.id)
    elif outcome != "dismissed":
        raise InvalidInput(N_("Please choose one of the options."), field="outcome", reason="outcome")
    report.settled_at, report.outcome = clock.now(), outcome
    await report.save()
    note(Record(report.kind, report.subject_id, {"report": report.id, "outcome": outcome}))
    return report
