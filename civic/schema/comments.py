"""Comments on proposals in the API."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from types import SimpleNamespace
from typing import Any

import strawberry

from civic import db
from civic.acts import comments
from civic.models import Comment as CommentRow
from civic.schema.core.connections import Connection, page_of
from civic.schema.core.context import Context
from civic.schema.core.ids import Node, decode, decode_int, encode, register_node, whole
from civic.schema.people import Info, Party, Person

FIRST_ANSWERS = 3


@strawberry.enum(description="Whether a comment is for the proposal, against it, or neither.")
class Stance(Enum):
    FOR = "for"
    AGAINST = "against"
    NEUTRAL = "neutral"


@strawberry.enum
class CommentOrder(Enum):
    NEWEST = "newest"
    OLDEST = "oldest"
    ANSWERS = "answers"


ORDERS = {
    CommentOrder.NEWEST: [("id", "desc")],
    CommentOrder.OLDEST: [("id", "asc")],
    CommentOrder.ANSWERS: [("answers", "desc"), ("id", "desc")],
}


@strawberry.type(description="A comment, with its answers.")
class Comment(Node):
    id: strawberry.ID
    author: Person
    party: Party | None = strawberry.field(description="For which its author spoke.")
    stance: str
    body: str = strawberry.field(description="Markdown; empty when hidden.")
    hidden_reason: str
    at: datetime
    mine: bool
    answer_count: int
    replies: list[Comment] = strawberry.field(
        description=f"The first {FIRST_ANSWERS} answers; `comment(id:)` has them all."
    )
    proposal: strawberry.ID
    parent: strawberry.ID | None
    key: strawberry.Private[int] = 0

    @classmethod
    def of(cls, info: Info, row: CommentRow, replies: list[Comment]) -> Comment:
        viewer = info.context.viewer
        return cls(
            id=encode("Comment", row.id), author=Person.of(row.author),
            party=Party.of(row.party) if row.party else None, stance=row.stance,
            body="" if row.hidden_reason else row.body, hidden_reason=row.hidden_reason, at=row.at,
            mine=viewer is not None and viewer.id == row.author_id, answer_count=row.answers, replies=replies,
            proposal=encode("Proposal", row.proposal_id),
            parent=encode("Comment", row.parent_id) if row.parent_id else None, key=row.id,
        )  # fmt: skip

    @strawberry.field(description="All answers, the first one first.")
    async def answers(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Comment]:
        rows = CommentRow.filter(parent_id=self.key)
        found = await page_of(first, after, last, before).rows(
            rows.select_related("author", "party"), [("id", "asc")]
        )
        return found.connection(lambda row: Comment.of(info, row, []), total=rows.count)


_FIRST = (
    "SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY parent_id ORDER BY id) AS place FROM comment "
    "WHERE parent_id IN (%s)) numbered WHERE place <= ?"
)


async def first_answers(info: Info, rows: list[CommentRow]) -> dict[int, list[Comment]]:
    """The first answers of each of these comments: two statements whatever their number."""
    keys = [row.id for row in rows if row.answers]
    below: dict[int, list[Comment]] = {}
    if keys:
        places = ", ".join("?" for _ in keys)
        ids = [row["id"] for row in await db.fetch(_FIRST % places, *keys, FIRST_ANSWERS)]
        for row in await CommentRow.filter(id__in=ids).select_related("author", "party").order_by("id"):
            below.setdefault(row.parent_id or 0, []).append(Comment.of(info, row, []))
    return below


async def comments_of(
    info: Info,
    proposal: int,
    order: CommentOrder,
    stance: Stance | None,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
) -> Connection[Comment]:
    """A page of the first level of a discussion."""
    rows = CommentRow.filter(proposal_id=proposal, parent_id=None)
    if stance is not None:
        rows = rows.filter(stance=stance.value)
    page = page_of(first, after, last, before)
    found = await page.rows(rows.select_related("author", "party"), ORDERS[order])
    below = await first_answers(info, found.rows)
    return found.connection(lambda row: Comment.of(info, row, below.get(row.id, [])), total=rows.count)


async def _load(context: Context, key: str) -> Comment | None:
    """A comment, where its proposal can be read."""
    row = await CommentRow.get_or_none(id=whole(key), proposal__published_at__isnull=False).select_related(
        "author", "party", "proposal"
    )
    asking: Any = SimpleNamespace(context=context)
    return Comment.of(asking, row, []) if row and row.proposal.state != "hidden" else None


register_node("Comment", _load)


@strawberry.type
class Query:
    @strawberry.field(description="One comment, with all its answers.")
    async def comment(self, info: Info, id: strawberry.ID) -> Comment | None:
        return await _load(info.context, decode(id, "Comment"))


@strawberry.input
class CommentInput:
    proposal: strawberry.ID
    body: str
    stance: str = strawberry.field(default="neutral", description="for, against or neutral.")
    parent: strawberry.ID | None = strawberry.field(
        default=None, description="The comment of the first level that is answered."
    )
    as_party: strawberry.ID | None = None


@strawberry.input
class HideCommentInput:
    comment: strawberry.ID
    reason: str = strawberry.field(description="Public.")


@strawberry.input
class RestoreCommentInput:
    comment: strawberry.ID


@strawberry.type
class CommentPayload:
    id: strawberry.ID
    proposal: strawberry.ID

    @classmethod
    def of(cls, row: CommentRow) -> CommentPayload:
        return cls(id=encode("Comment", row.id), proposal=encode("Proposal", row.proposal_id))


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Comment on a proposal, or answer a comment.")
    async def comment(self, info: Info, input: CommentInput) -> CommentPayload:
        key = decode_int(input.proposal, "Proposal", field="proposal")
        parent = decode_int(input.parent, "Comment", field="parent") if input.parent else None
        actor = await info.context.actor(input.as_party)
        row = await comments.create(actor, key, body=input.body, stance=input.stance, parent=parent)
        return CommentPayload.of(row)

    @strawberry.mutation(description="Hide a comment, with a public reason. For stewards.")
    async def hide_comment(self, info: Info, input: HideCommentInput) -> CommentPayload:
        key = decode_int(input.comment, "Comment", field="comment")
        return CommentPayload.of(await comments.hide(await info.context.actor(), key, reason=input.reason))

    @strawberry.mutation(description="Show a hidden comment again. For stewards.")
    async def restore_comment(self, info: Info, input: RestoreCommentInput) -> CommentPayload:
        key = decode_int(input.comment, "Comment", field="comment")
        return CommentPayload.of(await comments.restore(await info.context.actor(), key))
