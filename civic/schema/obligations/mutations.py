"""What people do about obligations."""

from __future__ import annotations

import strawberry
from strawberry.file_uploads import Upload

from civic.acts import obligations
from civic.models import Obligation as ObligationRow
from civic.schema.core.ids import decode_int, encode
from civic.schema.parties import Info


@strawberry.input
class ReportObligationInput:
    obligation: strawberry.ID
    as_party: strawberry.ID
    account: str = strawberry.field(description="What was done.")
    links: list[str] = strawberry.field(default_factory=list, description="Web addresses; at most five.")
    file: Upload | None = strawberry.field(
        default=None, description="A picture, PDF, office document or plain text."
    )
    more_files: list[Upload] = strawberry.field(default_factory=list, description="Four more at most.")


@strawberry.input
class ConfirmObligationInput:
    obligation: strawberry.ID
    as_party: strawberry.ID | None = None
    remark: str = ""


@strawberry.input
class DisputeObligationInput:
    obligation: strawberry.ID
    as_party: strawberry.ID | None = None
    reason: str


@strawberry.input
class WaiveObligationInput:
    obligation: strawberry.ID
    as_party: strawberry.ID | None = None
    reason: str


@strawberry.input
class SettleObligationInput:
    obligation: strawberry.ID
    as_party: strawberry.ID | None = strawberry.field(
        default=None, description="Null: as a platform steward."
    )
    kept: bool
    reason: str


@strawberry.type
class ObligationPayload:
    id: strawberry.ID
    state: str

    @classmethod
    def of(cls, row: ObligationRow) -> ObligationPayload:
        return cls(id=encode("Obligation", row.id), state=row.state)


async def _read(files: list[Upload]) -> tuple[tuple[str, bytes], ...]:
    """Names and bytes of uploaded files, which are closed."""
    found = []
    for file in files:
        try:
            found.append((str(getattr(file, "filename", "") or ""), await file.read()))  # type: ignore[attr-defined]
        finally:
            await file.close()  # type: ignore[attr-defined]
    return tuple(found)


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Report that a duty was kept, with evidence.")
    async def report_obligation(self, info: Info, input: ReportObligationInput) -> ObligationPayload:
        key = decode_int(input.obligation, "Obligation", field="obligation")
        actor = await info.context.actor(input.as_party)
        files = await _read(([input.file] if input.file else []) + input.more_files)
        links = tuple(link for link in input.links if link.strip())
        return ObligationPayload.of(
            await obligations.report(actor, key, obligations.Report(input.account, links, files))
        )

    @strawberry.mutation(description="Confirm, as the counterpart, that a duty was kept.")
    async def confirm_obligation(self, info: Info, input: ConfirmObligationInput) -> ObligationPayload:
        key = decode_int(input.obligation, "Obligation", field="obligation")
        actor = await info.context.actor(input.as_party)
        return ObligationPayload.of(await obligations.confirm(actor, key, remark=input.remark))

    @strawberry.mutation(description="Dispute a report, with the reason.")
    async def dispute_obligation(self, info: Info, input: DisputeObligationInput) -> ObligationPayload:
        key = decode_int(input.obligation, "Obligation", field="obligation")
        actor = await info.context.actor(input.as_party)
        return ObligationPayload.of(await obligations.dispute(actor, key, reason=input.reason))

    @strawberry.mutation(description="Settle a dispute, on neither side: kept or broken.")
    async def settle_obligation(self, info: Info, input: SettleObligationInput) -> ObligationPayload:
        key = decode_int(input.obligation, "Obligation", field="obligation")
        actor = await info.context.actor(input.as_party)
        return ObligationPayload.of(
            await obligations.settle(actor, key, kept=input.kept, reason=input.reason)
        )

    @strawberry.mutation(description="Waive a duty that is owed to one's party, with the reason.")
    async def waive_obligation(self, info: Info, input: WaiveObligationInput) -> ObligationPayload:
        key = decode_int(input.obligation, "Obligation", field="obligation")
        actor = await info.context.actor(input.as_party)
        return ObligationPayload.of(await obligations.waive(actor, key, reason=input.reason))
