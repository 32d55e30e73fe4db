"""Proposals, comments and answers in the API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from enum import Enum

import strawberry

from civic import db, events
from civic.acts import comments, proposals
from civic.models import Comment as CommentRow
from civic.models import Deadline as DeadlineRow
from civic.models import Proposal as ProposalRow
from civic.models import ProposalVersion as VersionRow
from civic.models import Support
from civic.rules.diffs import diff
from civic.rules.search_text import match_fts5, match_tsquery
from civic.schema.areas import Area
from civic.schema.core.connections import Connection, page_of
from civic.schema.core.ids import Node, decode_int, encode, register_node
from civic.schema.core.lookahead import selection
from civic.schema.core.rows import Plain
from civic.schema.people import Info, Party, Person
from civic.schema.responses import Answer, IdPayload

PUBLIC = ("published", "qualified", "deliberating", "decided", "carried_out")
NOT_PUBLIC = ("draft", "withdrawn", "merged", "hidden")


@strawberry.enum
class ProposalOrder(Enum):
    NEWEST = "published_at"
    SUPPORTS = "supports"
    COMMENTS = "comments"


@strawberry.type(description="A piece of a comparison: op is same, add or del.")
class Change:
    op: str
    text: str


@strawberry.type(description="A text as it stood.")
class ProposalVersion:
    number: int
    title: str
    reason: str
    at: datetime
    changes: list[Change] = strawberry.field(description="Compared with the version before.")


@strawberry.type(description="A comment, with its answers.")
class Comment(Node):
    id: strawberry.ID
    author: Person
    party: Party | None
    stance: str
    body: str = strawberry.field(description="Markdown; empty when hidden.")
    hidden_reason: str
    at: datetime
    replies: list[Comment]

    @classmethod
    def of(cls, row: CommentRow, replies: list[Comment]) -> Comment:
        return cls(
            id=encode("Comment", row.id), author=Person.of(row.author),
            party=Party.of(row.party) if row.party else None, stance=row.stance,
            body="" if row.hidden_reason else row.body, hidden_reason=row.hidden_reason, at=row.at, replies=replies,
        )  # fmt: skip


@strawberry.type(description="A call for something new or better.")
class Proposal(Node):
    id: strawberry.ID
    title: str
    body: str = strawberry.field(description="Markdown.")
    state: str
    decision: str
    hidden_reason: str
    version: int
    supports: int = strawberry.field(description="Supports here and on the platform it came from.")
    threshold: int
    comment_count: int
    published_at: datetime | None
    author: Person | None
    author_label: str
    party: Party | None
    area: Area
    language: str
    mine: bool = strawberry.field(description="Whether the viewer wrote it.")
    supported: bool = strawberry.field(description="Whether the viewer supports it.")
    key: strawberry.Private[int] = 0

    @classmethod
    async def of_many(cls, info: Info, rows: list[ProposalRow]) -> list[Proposal]:
        viewer = info.context.viewer
        mine: set[int] = set()
        if viewer is not None and rows:
            ids = Support.filter(person_id=viewer.id, proposal_id__in=[row.id for row in rows])
            mine = set(await ids.values_list("proposal_id", flat=True))  # type: ignore[arg-type]
        return [cls._of(row, viewer, row.id in mine) for row in rows]

    @classmethod
    def _of(cls, row: ProposalRow, viewer: object, supported: bool) -> Proposal:
        return cls(
            id=encode("Proposal", row.id), title=row.title, body=row.body, state=row.state, decision=row.decision,
            hidden_reason=row.hidden_reason, version=row.version, supports=row.supports + row.imported_supports,
            threshold=row.threshold, comment_count=row.comments, published_at=row.published_at,
            author=Person.of(row.author) if row.author else None, author_label=row.author_label,
            party=Party.of(row.party) if row.party else None, language=row.language,
            area=Area.of(row.area) if row.area else None,  # type: ignore[arg-type]  # only where it is not selected
            mine=viewer is not None and row.author_id == viewer.id,  # type: ignore[attr-defined]
            supported=supported, key=row.id,
        )  # fmt: skip

    @strawberry.field(description="What was said, the first level by time.")
    async def comments(self) -> list[Comment]:
        rows = (
            await CommentRow.filter(proposal_id=self.key)
            .select_related("author", "party")
            .order_by("id")
            .limit(500)
        )
        below: dict[int, list[Comment]] = {}
        for row in rows:
            if row.parent_id is not None:
                below.setdefault(row.parent_id, []).append(Comment.of(row, []))
        return [Comment.of(row, below.get(row.id, [])) for row in rows if row.parent_id is None]

    @strawberry.field(
        description="Every version since publication, the newest first, each compared with the one before."
    )
    async def versions(self) -> list[ProposalVersion]:
        rows = await VersionRow.filter(proposal_id=self.key).order_by("number")
        found = []
        before = ""
        for row in rows:
            changes = (
                [Change(op=c["op"], text=c["text"]) for c in diff(before, row.body)] if row.number > 1 else []
            )
            found.append(
                ProposalVersion(
                    number=row.number, title=row.title, reason=row.reason, at=row.at, changes=changes
                )
            )
            before = row.body
        return found[::-1]

    @strawberry.field(description="The clock and the answers of departments.")
    async def answers(self) -> list[Answer]:
        rows = (
            DeadlineRow.filter(kind="proposal", subject_id=self.key)
            .select_related("department")
            .order_by("id")
        )
        return await Answer.of_many(await rows)


async def _one(info: Info, key: int) -> Proposal | None:
    row = await ProposalRow.get_or_none(id=key).select_related("author", "party", "area")
    viewer = info.context.viewer
    if row is None or (row.state == "draft" and (viewer is None or row.author_id != viewer.id)):
        return None
    found = (await Proposal.of_many(info, [row]))[0]
    if row.state == "hidden" and not found.mine:
        found.title, found.body = "", ""
    return found


async def _load(context: object, key: str) -> Proposal | None:
    class Asking:
        pass

    asking = Asking()
    asking.context = context  # type: ignore[attr-defined]
    return await _one(asking, int(key)) if key.isdecimal() else None  # type: ignore[arg-type]


register_node("Proposal", _load)


async def _matching(q: str) -> list[int]:
    """The ids of proposals whose text has all words of ``q``; the newest thousand."""
    if db.on_postgres():
        words = match_tsquery(q)
        sql = (
            "SELECT subject_id FROM search_document WHERE kind = 'proposal' "
            "AND to_tsvector('simple', terms) @@ to_tsquery('simple', ?) ORDER BY id DESC LIMIT 1000"
        )
    else:
        words = match_fts5(q)
        sql = (
            "SELECT d.subject_id FROM search_index i JOIN search_document d ON d.id = i.rowid "
            "WHERE i.terms MATCH ? AND d.kind = 'proposal' ORDER BY d.id DESC LIMIT 1000"
        )
    return [row["subject_id"] for row in await db.fetch(sql, words)] if words else []


@strawberry.type
class Query:
    @strawberry.field(description="One proposal; drafts only for their author.")
    async def proposal(self, info: Info, id: strawberry.ID) -> Proposal | None:
        return await _one(info, decode_int(id, "Proposal"))

    @strawberry.field(description="Published proposals.")
    async def proposals(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        q: str | None = None,
        area: str | None = None,
        state: str | None = None,
        sort: ProposalOrder = ProposalOrder.NEWEST,
    ) -> Connection[Proposal]:
        conditions: dict[str, object] = {}
        if area:
            conditions["area__around__ancestor__code"] = area
        if q and q.strip():
            conditions["id__in"] = await _matching(q) or [-1]
        counted = ProposalRow.filter(state__in=[state] if state in PUBLIC else PUBLIC, **conditions)
        # Said the other way round, so that the index of the order is used and not the one of the states.
        rows = counted if state in PUBLIC else ProposalRow.exclude(state__in=NOT_PUBLIC).filter(**conditions)
        page = page_of(first, after)
        order = [(sort.value, "desc"), ("id", "desc")]
        found = await page.rows(Plain(rows, ("author", "party", "area"), selection(info).nodes), order)
        nodes = {n.key: n for n in await Proposal.of_many(info, found.rows)}
        return found.connection(node=lambda row: nodes[row.id], total=counted.count)

    @strawberry.field(description="The viewer's own proposals, drafts too.")
    async def my_proposals(self, info: Info) -> list[Proposal]:
        person = info.context.signed_in()
        rows = (
            ProposalRow.filter(author_id=person.id).select_related("author", "party", "area").order_by("-id")
        )
        return await Proposal.of_many(info, await rows.limit(50))


@strawberry.input
class CreateProposalInput:
    title: str
    body: str
    area: str
    as_party: strawberry.ID | None = None


@strawberry.input
class EditProposalInput:
    proposal: strawberry.ID
    title: str
    body: str
    reason: str = ""


@strawberry.input
class ProposalInput:
    proposal: strawberry.ID
    as_party: strawberry.ID | None = None


@strawberry.input
class CommentInput:
    proposal: strawberry.ID
    body: str
    stance: str = "neutral"
    parent: strawberry.ID | None = None
    as_party: strawberry.ID | None = None


@strawberry.type
class ProposalPayload:
    id: strawberry.ID
    state: str
    supports: int

    @classmethod
    def of(cls, row: ProposalRow) -> ProposalPayload:
        return cls(
            id=encode("Proposal", row.id), state=row.state, supports=row.supports + row.imported_supports
        )


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Begin a proposal as a draft.")
    async def create_proposal(self, info: Info, input: CreateProposalInput) -> ProposalPayload:
        actor = await info.context.actor(input.as_party)
        language = info.context.language
        row = await proposals.create(
            actor, title=input.title, body=input.body, area=input.area, language=language
        )
        return ProposalPayload.of(row)

    @strawberry.mutation(description="Change a proposal; after publication with a reason.")
    async def edit_proposal(self, info: Info, input: EditProposalInput) -> ProposalPayload:
        key = decode_int(input.proposal, "Proposal", field="proposal")
        changed = {"title": input.title, "body": input.body, "reason": input.reason}
        return ProposalPayload.of(await proposals.edit(await info.context.actor(), key, **changed))

    @strawberry.mutation(description="Publish a draft.")
    async def publish_proposal(self, info: Info, input: ProposalInput) -> ProposalPayload:
        key = decode_int(input.proposal, "Proposal", field="proposal")
        return ProposalPayload.of(await proposals.publish(await info.context.actor(input.as_party), key))

    @strawberry.mutation(description="Support a proposal.")
    async def support_proposal(self, info: Info, input: ProposalInput) -> ProposalPayload:
        key = decode_int(input.proposal, "Proposal", field="proposal")
        return ProposalPayload.of(await proposals.support(await info.context.actor(), key))

    @strawberry.mutation(description="Take one's support back.")
    async def withdraw_support(self, info: Info, input: ProposalInput) -> ProposalPayload:
        key = decode_int(input.proposal, "Proposal", field="proposal")
        return ProposalPayload.of(await proposals.withdraw_support(await info.context.actor(), key))

    @strawberry.mutation(description="Qualify a proposal by a party's word for it.")
    async def sponsor_proposal(self, info: Info, input: ProposalInput) -> ProposalPayload:
        key = decode_int(input.proposal, "Proposal", field="proposal")
        return ProposalPayload.of(await proposals.sponsor(await info.context.actor(input.as_party), key))

    @strawberry.mutation(description="Comment on a proposal, or answer a comment.")
    async def comment(self, info: Info, input: CommentInput) -> IdPayload:
        key = decode_int(input.proposal, "Proposal", field="proposal")
        parent = decode_int(input.parent, "Comment", field="parent") if input.parent else None
        actor = await info.context.actor(input.as_party)
        row = await comments.create(actor, key, body=input.body, stance=input.stance, parent=parent)
        return IdPayload(id=encode("Comment", row.id))


@strawberry.type
class Subscription:
    @strawberry.subscription(description="The number of supports of a proposal, now and at each change.")
    async def proposal_supports(self, id: strawberry.ID) -> AsyncIterator[int]:
        key = decode_int(id, "Proposal")
        with events.listening(f"proposal:{key}") as heard:
            while True:
                row = await ProposalRow.get_or_none(id=key)
                if row is None:
                    return
                yield row.supports + row.imported_supports
                await heard.get()
