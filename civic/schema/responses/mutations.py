"""Answering, and what those who asked do with an answer: each mutation is one act."""

from __future__ import annotations

from datetime import date

import strawberry

from civic.acts import responses
from civic.schema.core.ids import decode_int, encode
from civic.schema.people import Info


@strawberry.input
class CommitmentInput:
    text: str
    due_on: date


@strawberry.input
class PublishResponseInput:
    answer: strawberry.ID = strawberry.field(description="The deadline that is answered.")
    as_party: strawberry.ID
    verdict: str = strawberry.field(description="accepted, partly, declined, studying, transferred.")
    reasons: str = strawberry.field(description="Markdown.")
    commitments: list[CommitmentInput] = strawberry.field(default_factory=list)
    cost: str | None = None
    transfer_to: strawberry.ID | None = strawberry.field(
        default=None, description="With the verdict transferred: the department whose matter it is."
    )


@strawberry.input
class EditResponseInput:
    response: strawberry.ID
    as_party: strawberry.ID
    verdict: str
    reasons: str
    cost: str | None = None
    reason: str = strawberry.field(description="Of the change; public.")


@strawberry.input
class ExtendResponseInput:
    answer: strawberry.ID
    as_party: strawberry.ID
    reason: str = strawberry.field(description="Public.")


@strawberry.input
class RateResponseInput:
    response: strawberry.ID
    stars: int


@strawberry.input
class EscalateResponseInput:
    response: strawberry.ID
    reason: str = strawberry.field(description="What is missing in the answer; public.")


@strawberry.type
class IdPayload:
    id: strawberry.ID


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Answer in public, for the department that was asked.")
    async def publish_response(self, info: Info, input: PublishResponseInput) -> IdPayload:
        key = decode_int(input.answer, "Deadline", field="answer")
        promises = [responses.Commitment(c.text, c.due_on) for c in input.commitments if c.text.strip()]
        receiver = decode_int(input.transfer_to, "Party", field="transfer_to") if input.transfer_to else None
        row = await responses.publish(
            await info.context.actor(input.as_party), key, verdict=input.verdict, reasons=input.reasons,
            commitments=promises, cost=input.cost or "", transfer_to=receiver,
        )  # fmt: skip
        return IdPayload(id=encode("Response", row.id))

    @strawberry.mutation(description="Change an answer; what stood before stays to be read.")
    async def edit_response(self, info: Info, input: EditResponseInput) -> IdPayload:
        key = decode_int(input.response, "Response", field="response")
        await responses.edit(
            await info.context.actor(input.as_party), key, verdict=input.verdict, reasons=input.reasons,
            cost=input.cost, reason=input.reason,
        )  # fmt: skip
        return IdPayload(id=input.response)

    @strawberry.mutation(description="Extend the time for an answer once, with the reason.")
    async def extend_response(self, info: Info, input: ExtendResponseInput) -> IdPayload:
        key = decode_int(input.answer, "Deadline", field="answer")
        await responses.extend(await info.context.actor(input.as_party), key, reason=input.reason)
        return IdPayload(id=input.answer)

    @strawberry.mutation(description="Rate an answer to what one asked.")
    async def rate_response(self, info: Info, input: RateResponseInput) -> IdPayload:
        key = decode_int(input.response, "Response", field="response")
        await responses.rate(await info.context.actor(), key, stars=input.stars)
        return IdPayload(id=input.response)

    @strawberry.mutation(description="Take an answer to a joint meeting; once.")
    async def escalate_response(self, info: Info, input: EscalateResponseInput) -> IdPayload:
        key = decode_int(input.response, "Response", field="response")
        await responses.escalate(await info.context.actor(), key, reason=input.reason)
        return IdPayload(id=input.response)
