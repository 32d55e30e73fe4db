"""What the mutations of proposals take."""

from __future__ import annotations

import strawberry
from strawberry.file_uploads import Upload

from civic.schema.proposals.types import Change, Similar


@strawberry.input
class CreateProposalInput:
    title: str
    body: str = strawberry.field(description="Markdown.")
    area: str = strawberry.field(default="", description="Code of the area that it concerns.")
    other_area: str | None = strawberry.field(
        default=None, description="Instead of `area`: the area's name, or its code."
    )
    language: str | None = strawberry.field(
        default=None, description="Of the text: zh-Hans, en or es; without it that of the request."
    )
    scenario: strawberry.ID | None = None
    as_party: strawberry.ID | None = None


@strawberry.input
class EditProposalInput:
    proposal: strawberry.ID
    title: str
    body: str
    reason: str = strawberry.field(default="", description="Public; required after publication.")
    language: str | None = None
    area: str | None = strawberry.field(default=None, description="Drafts only.")
    other_area: str | None = strawberry.field(default=None, description="Drafts only: by name or code.")
    scenario: strawberry.ID | None = strawberry.field(default=None, description="Drafts only.")


@strawberry.input
class PreviewProposalInput:
    title: str
    body: str
    proposal: strawberry.ID | None = strawberry.field(default=None, description="Compare with its text.")
    area: str = ""
    other_area: str | None = None
    language: str | None = None
    scenario: strawberry.ID | None = None
    reason: str = ""
    as_party: strawberry.ID | None = None


@strawberry.type(description="How a text would look. Nothing is kept.")
class PreviewPayload:
    title: str
    body: str = strawberry.field(description="Markdown, as it would be kept.")
    changes: list[Change]
    similar: list[Similar]


@strawberry.input
class ProposalInput:
    proposal: strawberry.ID
    as_party: strawberry.ID | None = None


@strawberry.input
class HideProposalInput:
    proposal: strawberry.ID
    reason: str = strawberry.field(description="Public.")


@strawberry.input
class AttachFileInput:
    proposal: strawberry.ID
    file: Upload


@strawberry.input
class DetachFileInput:
    proposal: strawberry.ID
    attachment: strawberry.ID


@strawberry.input
class ProposeAmendmentInput:
    proposal: strawberry.ID
    title: str
    body: str
    reason: str
    as_party: strawberry.ID | None = None


@strawberry.input
class AmendmentInput:
    amendment: strawberry.ID


@strawberry.input
class DeclineAmendmentInput:
    amendment: strawberry.ID
    reason: str


@strawberry.input
class AskMergeInput:
    proposal: strawberry.ID
    into: str = strawberry.field(description="Global id of the other proposal, its number, or its address.")
    reason: str = ""


@strawberry.input
class MergeInput:
    request: strawberry.ID


@strawberry.input
class DeclineMergeInput:
    request: strawberry.ID
    reason: str
