"""The response clock and the answers of departments in the API."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from civic.acts import responses
from civic.models import Deadline as DeadlineRow
from civic.models import Obligation as ObligationRow
from civic.models import Proposal as ProposalRow
from civic.models import Response as ResponseRow
from civic.schema.core.ids import Node, decode_int, encode
from civic.schema.obligations.types import RELATED, Obligation
from civic.schema.people import Info, Party


@strawberry.type(description="A department's time for an answer, and the answer.")
class Answer(Node):
    id: strawberry.ID
    department: Party
    started_at: datetime
    due_at: datetime
    answered_at: datetime | None
    provisional: bool = strawberry.field(description="The calendar of that year is not announced yet.")
    extension_reason: str
    subject: strawberry.ID = strawberry.field(description="The proposal that awaits it.")
    title: str
    verdict: str | None
    reasons: str | None = strawberry.field(description="Markdown.")
    response: strawberry.ID | None
    commitments: list[Obligation]

    @classmethod
    async def of_many(cls, rows: list[DeadlineRow]) -> list[Answer]:
        """All of them with answers, promises and titles: three queries whatever their number."""
        ids = [row.id for row in rows]
        found = {r.deadline_id: r for r in await ResponseRow.filter(deadline_id__in=ids)} if ids else {}
        promises: dict[int | None, list[Obligation]] = {}
        kept = ObligationRow.filter(response_id__in=[r.id for r in found.values()] or [0])
        for promise in await Obligation.of_many(await kept.select_related(*RELATED).order_by("id")):
            promises.setdefault(promise.row.response_id, []).append(promise)
        titles = dict(
            await ProposalRow.filter(id__in=[r.subject_id for r in rows]).values_list("id", "title")
        )
        return [cls._of(row, found.get(row.id), promises, titles) for row in rows]

    @classmethod
    def _of(
        cls,
        row: DeadlineRow,
        response: ResponseRow | None,
        promises: dict[int | None, list[Obligation]],
        titles: dict[int, str],
    ) -> Answer:
        return cls(
            id=encode("Deadline", row.id), department=Party.of(row.department), started_at=row.started_at,
            due_at=row.due_at, answered_at=row.answered_at, provisional=row.provisional,
            extension_reason=row.extension_reason, subject=encode("Proposal", row.subject_id),
            title=titles.get(row.subject_id, ""), verdict=response.verdict if response else None,
            reasons=response.reasons if response else None,
            response=encode("Response", response.id) if response else None,
            commitments=promises.get(response.id, []) if response else [],
        )  # fmt: skip


@strawberry.type
class Query:
    @strawberry.field(
        description="What departments answered (`open: false`), or have to answer, nearest first."
    )
    async def answers(self, open: bool = True, department: strawberry.ID | None = None) -> list[Answer]:
        rows = DeadlineRow.filter(answered_at__isnull=open)
        if department:
            rows = rows.filter(department_id=decode_int(department, "Party", field="department"))
        rows = rows.select_related("department").order_by("due_at" if open else "-answered_at")
        return await Answer.of_many(await rows.limit(50))


@strawberry.input
class CommitmentInput:
    text: str
    due_on: date


@strawberry.input
class PublishResponseInput:
    answer: strawberry.ID
    as_party: strawberry.ID
    verdict: str
    reasons: str
    commitments: list[CommitmentInput] = strawberry.field(default_factory=list)


@strawberry.input
class RateResponseInput:
    response: strawberry.ID
    stars: int


@strawberry.type
class IdPayload:
    id: strawberry.ID


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Answer in public, for the department that was asked.")
    async def publish_response(self, info: Info, input: PublishResponseInput) -> IdPayload:
        key = decode_int(input.answer, "Deadline", field="answer")
        promises = [responses.Commitment(c.text, c.due_on) for c in input.commitments if c.text.strip()]
        row = await responses.publish(
            await info.context.actor(input.as_party), key, verdict=input.verdict, reasons=input.reasons,
            commitments=promises,
        )  # fmt: skip
        return IdPayload(id=encode("Response", row.id))

    @strawberry.mutation(description="Rate an answer to what one asked.")
    async def rate_response(self, info: Info, input: RateResponseInput) -> IdPayload:
        key = decode_int(input.response, "Response", field="response")
        await responses.rate(await info.context.actor(), key, stars=input.stars)
        return IdPayload(id=input.response)
