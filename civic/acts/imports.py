"""Proposals that another platform held, taken over with their own dates, supports and answers."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_bytes

from civic.acts import search
from civic.acts.core import Actor, Record, act, note
from civic.acts.permissions import any_of, steward, system
from civic.errors import N_, Conflict
from civic.models import Area, Deadline, Party, Proposal, ProposalVersion, Response, ResponseVersion
from civic.rules import working_days
from civic.rules.commitments import commit, commit_fields
from civic.rules.proposal_files import ProposalLine
from civic.settings import settings

REPLIED = "replied"  # the verdict of a published answer that names none


@act("proposal.import", may=any_of(steward, system))
async def import_proposals(
    actor: Actor,
    *,
    source: str,
    lines: Sequence[ProposalLine],
    area: Area,
    threshold: int,
    department: Party | None = None,
    language: str = "zh-Hans",
) -> list[Proposal]:
    """Take over a proposal from another platform, with its supports and the answer that was published there.

    Many at once, all or none, each on the record by itself. Without a department answers are left out.
    """
    here = Proposal.filter(source=source, source_id__in=[line.source_id for line in lines])
    if await here.exists():
        raise Conflict(N_("This has been imported already."), reason="imported")
    await Proposal.bulk_create(
        _proposal(source, line, area, threshold, language, answered=bool(line.answer and department))
        for line in lines
    )
    made = {proposal.source_id: proposal for proposal in await here}
    new = [(line, made[line.source_id]) for line in lines]
    await ProposalVersion.bulk_create(
        ProposalVersion(proposal_id=p.id, number=1, title=line.title, body=line.body, at=line.created_at)
        for line, p in new
    )
    await search.index_new("proposal", [(p.id, line.title, line.body) for line, p in new if not line.retired])
    answers = await _answer(new, department) if department else {}
    for line, proposal in new:
        payload: dict[str, object] = {
            "source": source,
            "source_id": line.source_id,
            "state": proposal.state,
            "supports": line.supports,
            "text": commit_fields(bytes(proposal.salt), {"title": line.title, "body": line.body}),
        }
        if proposal.id in answers:
            payload["response"] = answers[proposal.id]
        note(Record("proposal", proposal.id, payload))
    return [proposal for _, proposal in new]


def _proposal(
    source: str, line: ProposalLine, area: Area, threshold: int, language: str, *, answered: bool
) -> Proposal:
    state = "deliberating" if answered else "published"
    return Proposal(
        title=line.title,
        body=line.body,
        salt=token_bytes(16),
        state="withdrawn" if line.retired else state,
        version=1,
        author_label=line.author,
        area_id=area.id,
        imported_supports=line.supports,
        supports_total=line.supports,
        answered_at=line.answered_at if answered else None,
        threshold=threshold,
        language=language,
        source=source,
        source_id=line.source_id,
        created_at=line.created_at,
        published_at=line.created_at,
        qualified_at=line.created_at if answered else None,
    )


async def _answer(new: Sequence[tuple[ProposalLine, Proposal]], department: Party) -> dict[int, str]:
    """Write the answers, each with the deadline it had; gives by proposal the commitment to the answer's text."""
    days, zone = settings().response_working_days, settings().zone
    answered = {proposal.id: (line, token_bytes(16)) for line, proposal in new if line.answer}
    await Deadline.bulk_create(
        Deadline(
            kind="proposal", subject_id=key, department_id=department.id, started_at=line.created_at,
            due_at=working_days.deadline(line.created_at, days, zone), working_days=days,
            answered_at=line.answered_at, warned=3,
        )
        for key, (line, _) in answered.items()
    )  # fmt: skip
    deadlines = {
        deadline.id: answered[deadline.subject_id]
        for deadline in await Deadline.filter(kind="proposal", subject_id__in=list(answered))
    }
    await Response.bulk_create(
        Response(
            deadline_id=deadline, verdict=REPLIED, reasons=line.answer, salt=salt,
            published_at=line.answered_at,
        )
        for deadline, (line, salt) in deadlines.items()
    )  # fmt: skip
    await ResponseVersion.bulk_create(
        ResponseVersion(
            response_id=response.id,
            number=1,
            verdict=REPLIED,
            reasons=response.reasons,
            at=response.published_at,
        )
        for response in await Response.filter(deadline_id__in=list(deadlines))
    )
    return {key: commit(salt, line.answer) for key, (line, salt) in answered.items()}
