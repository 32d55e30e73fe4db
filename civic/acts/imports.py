"""Proposals that another platform held, taken over with their own dates, supports and answers."""

from __future__ import annotations

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
async def import_proposal(
    actor: Actor,
    *,
    source: str,
    line: ProposalLine,
    area: Area,
    threshold: int,
    department: Party | None = None,
    language: str = "zh-Hans",
) -> Proposal:
    """Take over a proposal from another platform, with its supports and the answer that was published there."""
    if await Proposal.filter(source=source, source_id=line.source_id).exists():
        raise Conflict(N_("This has been imported already."), reason="imported")
    answered = bool(line.answer and department)
    proposal = await Proposal.create(
        title=line.title,
        body=line.body,
        salt=token_bytes(16),
        state="withdrawn" if line.retired else "deliberating" if answered else "published",
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
    await ProposalVersion.create(
        proposal_id=proposal.id, number=1, title=line.title, body=line.body, at=line.created_at
    )
    if not line.retired:
        await search.index("proposal", proposal.id, line.title, line.body)
    payload: dict[str, object] = {
        "source": source,
        "source_id": line.source_id,
        "state": proposal.state,
        "supports": line.supports,
        "text": commit_fields(bytes(proposal.salt), {"title": line.title, "body": line.body}),
    }
    if answered:
        assert department is not None
        payload["response"] = await _answer(proposal, line, department)
    note(Record("proposal", proposal.id, payload))
    return proposal


async def _answer(proposal: Proposal, line: ProposalLine, department: Party) -> str:
    days, zone = settings().response_working_days, settings().zone
    due = working_days.deadline(line.created_at, days, zone)
    deadline = await Deadline.create(
        kind="proposal", subject_id=proposal.id, department_id=department.id, started_at=line.created_at,
        due_at=due, working_days=days, answered_at=line.answered_at, warned=3,
    )  # fmt: skip
    salt = token_bytes(16)
    response = await Response.create(
        deadline_id=deadline.id,
        verdict=REPLIED,
        reasons=line.answer,
        salt=salt,
        published_at=line.answered_at,
    )
    await ResponseVersion.create(
        response_id=response.id, number=1, verdict=REPLIED, reasons=line.answer, at=line.answered_at
    )
    return commit(salt, line.answer)
