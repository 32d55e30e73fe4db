"""A proposal, its versions, amendments, files and neighbours."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry
from tortoise.expressions import Q

from civic.acts.core import Actor
from civic.acts.permissions import require_resident
from civic.errors import N_, CivicError
from civic.i18n import gettext, render
from civic.models import Amendment as AmendmentRow
from civic.models import Attachment as AttachmentRow
from civic.models import Deadline as DeadlineRow
from civic.models import MergeRequest as MergeRow
from civic.models import Party as PartyRow
from civic.models import ProposalVersion as VersionRow
from civic.models import Scenario as ScenarioRow
from civic.models import Support
from civic.rules import lifecycles
from civic.rules.diffs import diff
from civic.schema.areas import Area
from civic.schema.comments import Comment, CommentOrder, Stance, comments_of
from civic.schema.core.connections import Connection
from civic.schema.core.ids import Node, encode
from civic.schema.core.lookahead import Selection, selection
from civic.schema.people import Info, Party, Person
from civic.schema.responses.types import Answer

# Why a state takes no support, in words of the reader.
WHY = {
    "draft": N_("This is a draft."),
    "decided": N_("This proposal is decided; supports are not gathered any more."),
    "carried_out": N_("This proposal is carried out."),
    "withdrawn": N_("This proposal was withdrawn by its author."),
    "merged": N_("This proposal is part of another one now."),
    "hidden": N_("This proposal is hidden by moderation."),
}


@strawberry.type(description="A piece of a comparison: op is same, add or del.")
class Change:
    op: str
    text: str


def changes(old: str, new: str) -> list[Change]:
    """What changed between two texts."""
    return [Change(op=part["op"], text=part["text"]) for part in diff(old, new)]


@strawberry.type(description="A text as it stood.")
class ProposalVersion:
    number: int
    title: str
    body: str = strawberry.field(description="Markdown.")
    reason: str
    at: datetime
    author: Person | None = strawberry.field(
        description="Who wrote it; of a taken-over amendment its author."
    )

    @classmethod
    def of(cls, row: VersionRow) -> ProposalVersion:
        return cls(
            number=row.number, title=row.title, body=row.body, reason=row.reason, at=row.at,
            author=Person.of(row.author) if row.author else None,
        )  # fmt: skip


@strawberry.type(description="Two versions side by side.")
class Comparison:
    old: ProposalVersion
    new: ProposalVersion
    title: list[Change]
    body: list[Change]


@strawberry.type(description="Another text that somebody proposes.")
class Amendment:
    id: strawberry.ID
    author: Person
    party: Party | None
    base: int = strawberry.field(description="The version that it changes.")
    title: str
    reason: str
    state: str = strawberry.field(description="proposed, accepted, declined, withdrawn.")
    answer: str = strawberry.field(description="Why it was declined.")
    at: datetime
    mine: bool
    changes: list[Change] = strawberry.field(description="Compared with its base.")


@strawberry.type(description="A proposal that asks to be taken into another.")
class MergeRequest:
    id: strawberry.ID
    proposal: strawberry.ID
    proposal_title: str
    into: strawberry.ID
    into_title: str
    reason: str
    state: str = strawberry.field(description="open, accepted, declined.")


@strawberry.type(description="A file attached to something.")
class File:
    id: strawberry.ID
    name: str
    media_type: str
    size: int = strawberry.field(description="Bytes.")
    path: str = strawberry.field(description="Where it can be downloaded by who may see its subject.")


@strawberry.type(description="Something like this that exists already.")
class Similar:
    kind: str = strawberry.field(description="proposal or scenario.")
    id: strawberry.ID
    title: str
    state: str
    supports: int | None
    likeness: int = strawberry.field(description="Per cent of shared words.")


@strawberry.type(description="A call for something new or better.")
class Proposal(Node):
    id: strawberry.ID
    title: str
    body: str = strawberry.field(description="Markdown.")
    state: str
    decision: str = strawberry.field(description="accepted or declined, when decided.")
    hidden_reason: str
    version: int
    supports: int = strawberry.field(description="Supports here and on the platform it came from.")
    threshold: int
    comment_count: int
    published_at: datetime | None
    qualified_at: datetime | None
    due_at: datetime | None = strawberry.field(description="When the answer is due that is still open.")
    answered_at: datetime | None
    author: Person | None
    author_label: str
    party: Party | None
    area: Area
    language: str
    mine: bool = strawberry.field(description="Whether the viewer wrote it.")
    supported: bool = strawberry.field(description="Whether the viewer supports it.")
    merged_into: strawberry.ID | None
    key: strawberry.Private[int] = 0
    veiled: strawberry.Private[bool] = False  # hidden, and this reader may not see it
    scenario_key: strawberry.Private[int | None] = None
    sponsor_key: strawberry.Private[int | None] = None

    @classmethod
    def of(cls, row: dict[str, Any], viewer: Any, party: Party | None, supported: bool) -> Proposal:
        author = row["author_pseudonym"]
        return cls(
            id=encode("Proposal", row["id"]), title=row["title"], body=row.get("body", ""), state=row["state"],
            decision=row["decision"], hidden_reason=row["hidden_reason"], version=row["version"],
            supports=row["supports_total"], threshold=row["threshold"], comment_count=row["comments"],
            published_at=row["published_at"], qualified_at=row["qualified_at"], due_at=row["due_at"],
            answered_at=row["answered_at"],
            author=Person(name=row["author_name"] or author, pseudonym=author) if author else None,
            author_label=row["author_label"],
            party=party,
            area=Area(
                id=encode("Area", row["area_id"]), code=row["area_code"], name=row["area_name"],
                level=row["area_level"], key=row["area_id"],
            ),
            language=row["language"],
            mine=viewer is not None and str(row["author_id"]) == str(viewer.id), supported=supported,
            merged_into=encode("Proposal", row["merged_into_id"]) if row["merged_into_id"] else None,
            key=row["id"], scenario_key=row["scenario_id"], sponsor_key=row["sponsor_id"],
        )  # fmt: skip

    @strawberry.field(description="What was said, in pages.")
    async def comments(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        stance: Stance | None = None,
        order: CommentOrder = CommentOrder.NEWEST,
    ) -> Connection[Comment]:
        return await comments_of(
            info, 0 if self.veiled else self.key, order, stance, first, after, last, before
        )

    @strawberry.field(description="Every version since publication, the newest first.")
    async def versions(self) -> list[ProposalVersion]:
        if self.veiled:
            return []
        rows = await VersionRow.filter(proposal_id=self.key).select_related("author").order_by("-number")
        return [ProposalVersion.of(row) for row in rows]

    @strawberry.field(description="The version with this number.")
    async def version_of(self, number: int) -> ProposalVersion | None:
        rows = VersionRow.filter(proposal_id=self.key, number=number).select_related("author")
        row = None if self.veiled else await rows.first()
        return ProposalVersion.of(row) if row else None

    @strawberry.field(description="Two versions compared; without numbers the newest with the one before.")
    async def comparison(self, old: int | None = None, new: int | None = None) -> Comparison | None:
        new = new or self.version
        old = old or new - 1
        rows = VersionRow.filter(proposal_id=self.key, number__in=[old, new]).select_related("author")
        found = {row.number: row for row in await rows}
        if old not in found or new not in found or self.veiled:
            return None
        before, after = found[old], found[new]
        return Comparison(
            old=ProposalVersion.of(before), new=ProposalVersion.of(after),
            title=changes(before.title, after.title), body=changes(before.body, after.body),
        )  # fmt: skip

    @strawberry.field(description="The clock and the answers of departments.")
    async def answers(self, info: Info) -> list[Answer]:
        rows = DeadlineRow.filter(kind="proposal", subject_id=self.key).select_related("department")
        return await Answer.of_many(info.context, await rows.order_by("id"), selection(info))

    @strawberry.field(description="Texts that others propose, the newest first.")
    async def amendments(self, info: Info) -> list[Amendment]:
        if self.veiled:
            return []
        rows = await (
            AmendmentRow.filter(proposal_id=self.key)
            .select_related("author", "party")
            .order_by("-id")
            .limit(50)
        )
        bases = {row.base for row in rows}
        versions = VersionRow.filter(proposal_id=self.key, number__in=list(bases))
        bodies = dict(await versions.values_list("number", "body")) if bases else {}
        viewer = info.context.viewer
        return [
            Amendment(
                id=encode("Amendment", row.id), author=Person.of(row.author),
                party=Party.of(row.party) if row.party else None, base=row.base, title=row.title,
                reason=row.reason, state=row.state, answer=row.answer, at=row.at,
                mine=viewer is not None and viewer.id == row.author_id,
                changes=changes(bodies.get(row.base, ""), row.body),
            )
            for row in rows
        ]  # fmt: skip

    @strawberry.field(
        description="Open requests: to be taken into another, or of others to be taken in here."
    )
    async def merge_requests(self) -> list[MergeRequest]:
        rows = MergeRow.filter(Q(into_id=self.key) | Q(proposal_id=self.key), state="open")
        found = await rows.select_related("proposal", "into").order_by("id").limit(50)
        return [
            MergeRequest(
                id=encode("MergeRequest", row.id), proposal=encode("Proposal", row.proposal_id),
                proposal_title=row.proposal.title, into=encode("Proposal", row.into_id),
                into_title=row.into.title, reason=row.reason, state=row.state,
            )
            for row in found
        ]  # fmt: skip

    @strawberry.field(description="Attached files.")
    async def files(self) -> list[File]:
        if self.veiled:
            return []
        rows = AttachmentRow.filter(kind="proposal", subject_id=self.key).select_related("file")
        return [
            File(
                id=encode("Attachment", row.id), name=row.file.name, media_type=row.file.media_type,
                size=row.file.size, path=f"/files/{row.file_id}/{row.file.name}",
            )
            for row in await rows.order_by("id")
        ]  # fmt: skip

    @strawberry.field(description="Title of the application scenario that it concerns.")
    async def scenario(self) -> str | None:
        row = await ScenarioRow.get_or_none(id=self.scenario_key) if self.scenario_key else None
        return row.title if row else None

    @strawberry.field(description="The party whose word qualified it.")
    async def sponsor(self) -> Party | None:
        row = await PartyRow.get_or_none(id=self.sponsor_key) if self.sponsor_key else None
        return Party.of(row) if row else None

    @strawberry.field(description="Why the viewer cannot support it now; null: they can.")
    async def why_not(self, info: Info) -> str | None:
        try:
            lifecycles.move("proposal", self.state, "support")
            await require_resident(Actor(info.context.viewer), self.area.key)
        except CivicError as error:
            language = info.context.language
            return gettext(WHY[self.state], language) if self.state in WHY else render(error, language)
        return None

    @strawberry.field(description="Proposals and scenarios that are like it.")
    async def similar(self) -> list[Similar]:
        from civic.schema.proposals.similar import similar

        return await similar(self.title, self.body, but=self.key)


async def of_rows(viewer: Any, rows: list[dict[str, Any]], wanted: Selection) -> dict[int, Proposal]:
    """Proposals by key, in order; parties and the viewer's supports by one query each, when wanted."""
    mine: set[int] = set()
    if "supported" in wanted and viewer is not None and rows:
        ids = Support.filter(person_id=viewer.id, proposal_id__in=[row["id"] for row in rows])
        mine = set(await ids.values_list("proposal_id", flat=True))  # type: ignore[arg-type]
    keys = {row["party_id"] for row in rows if row["party_id"]} if "party" in wanted else set()
    parties = {p.id: Party.of(p) for p in await PartyRow.filter(id__in=list(keys))} if keys else {}
    return {
        row["id"]: Proposal.of(row, viewer, parties.get(row["party_id"]), row["id"] in mine) for row in rows
    }
