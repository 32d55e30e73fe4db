"""Reports to the stewards, and what was hidden, counted in public."""

from __future__ import annotations

from datetime import datetime

import strawberry

from civic.acts import moderation
from civic.errors import N_, NotAllowed
from civic.models import Comment as CommentRow
from civic.models import Proposal as ProposalRow
from civic.models import Report as ReportRow
from civic.rules.text import preview
from civic.schema.core.connections import Connection, page_of
from civic.schema.core.ids import decode_int, encode, split
from civic.schema.people import Info

KINDS = {"Proposal": "proposal", "Comment": "comment"}


@strawberry.type(description="Something hidden, with the public reason. What it said is not shown.")
class Hidden:
    kind: str
    path: str
    reason: str


@strawberry.type(description="What moderation has done, for everybody to see.")
class ModerationReport:
    hidden_proposals: int
    hidden_comments: int
    open_reports: int
    settled_reports: int
    hidden: list[Hidden] = strawberry.field(description="The newest fifty of each kind.")


@strawberry.type(description="A report that a steward has to settle; for stewards only.")
class Report:
    id: strawberry.ID
    kind: str
    path: str
    text: str = strawberry.field(description="The beginning of what is reported.")
    appeal: bool = strawberry.field(description="The author of something hidden asks to show it again.")
    reason: str
    at: datetime


def path_of(kind: str, key: int, proposal: int) -> str:
    return f"/proposals/{key}" if kind == "proposal" else f"/proposals/{proposal}/comments/{key}"


@strawberry.type
class Query:
    @strawberry.field(description="How much was hidden, and why.")
    async def moderation(self) -> ModerationReport:
        proposals = ProposalRow.filter(state="hidden")
        comments = CommentRow.exclude(hidden_reason="")
        hidden = [
            Hidden(kind="proposal", path=path_of("proposal", row.id, 0), reason=row.hidden_reason)
            for row in await proposals.order_by("-id").limit(50)
        ] + [
            Hidden(kind="comment", path=path_of("comment", row.id, row.proposal_id), reason=row.hidden_reason)
            for row in await comments.order_by("-id").limit(50)
        ]
        return ModerationReport(
            hidden_proposals=await proposals.count(), hidden_comments=await comments.count(),
            open_reports=await ReportRow.filter(settled_at=None).count(),
            settled_reports=await ReportRow.filter(settled_at__isnull=False).count(), hidden=hidden,
        )  # fmt: skip

    @strawberry.field(description="Reports to settle, the oldest first; for stewards.")
    async def reports(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Report]:
        if not info.context.signed_in().steward:
            raise NotAllowed(N_("Only a platform steward may do this."), reason="steward")
        rows = ReportRow.filter(settled_at=None)
        found = await page_of(first, after, last, before).rows(rows, [("id", "asc")])
        keys = {k: [r.subject_id for r in found.rows if r.kind == k] for k in ("proposal", "comment")}
        texts: dict[tuple[str, int], tuple[str, int]] = {}
        for row in await ProposalRow.filter(id__in=keys["proposal"]) if keys["proposal"] else []:
            texts["proposal", row.id] = (row.title, row.id)
        for comment in await CommentRow.filter(id__in=keys["comment"]) if keys["comment"] else []:
            texts["comment", comment.id] = (comment.body, comment.proposal_id)

        def of(row: ReportRow) -> Report:
            text, proposal = texts.get((row.kind, row.subject_id), ("", 0))
            return Report(
                id=encode("Report", row.id), kind=row.kind, path=path_of(row.kind, row.subject_id, proposal),
                text=preview(text, 200), appeal=row.appeal, reason=row.reason, at=row.at,
            )  # fmt: skip

        return found.connection(of, total=rows.count)


@strawberry.input
class ReportInput:
    subject: strawberry.ID = strawberry.field(description="A proposal or a comment.")
    reason: str


@strawberry.input
class SettleReportInput:
    report: strawberry.ID
    outcome: str = strawberry.field(description="hidden, restored (of an appeal) or dismissed.")
    reason: str = strawberry.field(default="", description="Public; when something is hidden.")


@strawberry.type
class ReportPayload:
    id: strawberry.ID


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Report something to the stewards; of one's own hidden text, appeal.")
    async def report(self, info: Info, input: ReportInput) -> ReportPayload:
        kind, _ = split(input.subject)
        key = decode_int(input.subject, *KINDS, field="subject")
        actor = await info.context.actor()
        row = await moderation.report(actor, kind=KINDS[kind], subject_id=key, reason=input.reason)
        return ReportPayload(id=encode("Report", row.id))

    @strawberry.mutation(description="Settle a report; for stewards.")
    async def settle_report(self, info: Info, input: SettleReportInput) -> ReportPayload:
        key = decode_int(input.report, "Report", field="report")
        actor = await info.context.actor()
        await moderation.settle(actor, key, outcome=input.outcome, reason=input.reason)
        return ReportPayload(id=input.report)
