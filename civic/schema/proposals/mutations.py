"""Writing proposals: each mutation is one act."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import strawberry
from starlette.datastructures import UploadFile

from civic import events
from civic.acts import amendments, files, merging, proposals
from civic.errors import N_, InvalidInput
from civic.models import Area as AreaRow
from civic.models import MergeRequest as MergeRow
from civic.models import Proposal as ProposalRow
from civic.rules.text import multiline, one_line
from civic.schema.core.ids import decode_int, encode
from civic.schema.people import Info
from civic.schema.proposals.inputs import (
    AmendmentInput,
    AskMergeInput,
    AttachFileInput,
    CreateProposalInput,
    DeclineAmendmentInput,
    DeclineMergeInput,
    DetachFileInput,
    EditProposalInput,
    HideProposalInput,
    MergeInput,
    PreviewPayload,
    PreviewProposalInput,
    ProposalInput,
    ProposeAmendmentInput,
)
from civic.schema.proposals.queries import one
from civic.schema.proposals.similar import similar
from civic.schema.proposals.types import changes

MOST_NAMED = 5


async def area_code(code: str, name: str | None) -> str:
    """The code of the area that was chosen, or that was written by its name or code. Raises InvalidInput."""
    text = (name or "").strip()
    if not text:
        return code
    found = await AreaRow.filter(name=text).order_by("code").limit(MOST_NAMED + 1)
    if len(found) > 1:
        codes = ", ".join(row.code for row in found[:MOST_NAMED])
        raise InvalidInput(
            N_("Several areas have this name. Write the code of the one that you mean, such as %(codes)s."),
            field="other_area",
            reason="ambiguous",
            codes=codes,
        )
    if not found and not text.isdecimal():
        raise InvalidInput(
            N_("There is no area of this name. Look it up under Areas."),
            field="other_area",
            reason="unknown_area",
        )
    return found[0].code if found else text


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


def key_of(id: strawberry.ID) -> int:
    return decode_int(id, "Proposal", field="proposal")


def scenario_of(id: strawberry.ID | None) -> int | None:
    return decode_int(id, "Scenario", field="scenario") if id else None


def number_in(text: str) -> int:
    """The number of a proposal that somebody wrote: the number, the page's address, or the global id."""
    last = text.strip().rstrip("/").rsplit("/", 1)[-1].lstrip("#")
    if last.isascii() and last.isdecimal() and len(last) < 19:
        return int(last)
    return decode_int(strawberry.ID(last), "Proposal", field="into")


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Begin a proposal as a draft.")
    async def create_proposal(self, info: Info, input: CreateProposalInput) -> ProposalPayload:
        actor = await info.context.actor(input.as_party)
        row = await proposals.create(
            actor, title=input.title, body=input.body, area=await area_code(input.area, input.other_area),
            language=input.language or info.context.language, scenario=scenario_of(input.scenario),
        )  # fmt: skip
        return ProposalPayload.of(row)

    @strawberry.mutation(description="Change a proposal; after publication with a reason.")
    async def edit_proposal(self, info: Info, input: EditProposalInput) -> ProposalPayload:
        area = await area_code(input.area or "", input.other_area) or None
        row = await proposals.edit(
            await info.context.actor(), key_of(input.proposal), title=input.title, body=input.body,
            reason=input.reason, language=input.language, area=area, scenario=scenario_of(input.scenario),
        )  # fmt: skip
        return ProposalPayload.of(row)

    @strawberry.mutation(description="See a text as it would be kept, and what is like it. Nothing is kept.")
    async def preview_proposal(self, info: Info, input: PreviewProposalInput) -> PreviewPayload:
        info.context.signed_in()
        title = one_line(input.title, field="title", limit=proposals.TITLE)
        body = multiline(input.body, field="body", limit=proposals.BODY)
        before = await one(info.context, key_of(input.proposal)) if input.proposal else None
        return PreviewPayload(
            title=title, body=body, changes=changes(before.body, body) if before else [],
            similar=[] if before and before.version else await similar(title, body, but=before.key if before else None),
        )  # fmt: skip

    @strawberry.mutation(description="Publish a draft.")
    async def publish_proposal(self, info: Info, input: ProposalInput) -> ProposalPayload:
        actor = await info.context.actor(input.as_party)
        return ProposalPayload.of(await proposals.publish(actor, key_of(input.proposal)))

    @strawberry.mutation(description="Support a proposal.")
    async def support_proposal(self, info: Info, input: ProposalInput) -> ProposalPayload:
        actor = await info.context.actor()
        return ProposalPayload.of(await proposals.support(actor, key_of(input.proposal)))

    @strawberry.mutation(description="Take one's support back.")
    async def withdraw_support(self, info: Info, input: ProposalInput) -> ProposalPayload:
        actor = await info.context.actor()
        return ProposalPayload.of(await proposals.withdraw_support(actor, key_of(input.proposal)))

    @strawberry.mutation(description="Qualify a proposal by a party's word for it.")
    async def sponsor_proposal(self, info: Info, input: ProposalInput) -> ProposalPayload:
        actor = await info.context.actor(input.as_party)
        return ProposalPayload.of(await proposals.sponsor(actor, key_of(input.proposal)))

    @strawberry.mutation(description="Withdraw one's proposal.")
    async def withdraw_proposal(self, info: Info, input: ProposalInput) -> ProposalPayload:
        actor = await info.context.actor()
        return ProposalPayload.of(await proposals.withdraw(actor, key_of(input.proposal)))

    @strawberry.mutation(description="Hide a proposal, with a public reason. For stewards.")
    async def hide_proposal(self, info: Info, input: HideProposalInput) -> ProposalPayload:
        actor = await info.context.actor()
        return ProposalPayload.of(await proposals.hide(actor, key_of(input.proposal), reason=input.reason))

    @strawberry.mutation(description="Show a hidden proposal again. For stewards.")
    async def restore_proposal(self, info: Info, input: ProposalInput) -> ProposalPayload:
        actor = await info.context.actor()
        return ProposalPayload.of(await proposals.restore(actor, key_of(input.proposal)))

    @strawberry.mutation(description="Attach a file, known by its content; pictures are encoded anew.")
    async def attach_file(self, info: Info, input: AttachFileInput) -> ProposalPayload:
        key, actor = key_of(input.proposal), await info.context.actor()
        sent = cast("UploadFile", input.file)
        file = await files.store(sent.filename or "", await sent.read())
        await files.attach(actor, key, file=file)
        return ProposalPayload.of(await ProposalRow.get(id=key))

    @strawberry.mutation(description="Remove a file.")
    async def detach_file(self, info: Info, input: DetachFileInput) -> ProposalPayload:
        attachment = decode_int(input.attachment, "Attachment", field="attachment")
        actor = await info.context.actor()
        return ProposalPayload.of(await files.detach(actor, key_of(input.proposal), attachment=attachment))

    @strawberry.mutation(description="Propose another text for somebody's proposal.")
    async def propose_amendment(self, info: Info, input: ProposeAmendmentInput) -> ProposalPayload:
        key, actor = key_of(input.proposal), await info.context.actor(input.as_party)
        await amendments.propose(actor, key, title=input.title, body=input.body, reason=input.reason)
        return ProposalPayload.of(await ProposalRow.get(id=key))

    @strawberry.mutation(description="Take an amendment over as a new version.")
    async def accept_amendment(self, info: Info, input: AmendmentInput) -> ProposalPayload:
        key = decode_int(input.amendment, "Amendment", field="amendment")
        return ProposalPayload.of(await amendments.accept(await info.context.actor(), key))

    @strawberry.mutation(description="Decline an amendment, with the reason.")
    async def decline_amendment(self, info: Info, input: DeclineAmendmentInput) -> ProposalPayload:
        key = decode_int(input.amendment, "Amendment", field="amendment")
        done = await amendments.decline(await info.context.actor(), key, reason=input.reason)
        return ProposalPayload.of(await ProposalRow.get(id=done.proposal_id))

    @strawberry.mutation(description="Withdraw one's amendment before it is decided.")
    async def withdraw_amendment(self, info: Info, input: AmendmentInput) -> ProposalPayload:
        key = decode_int(input.amendment, "Amendment", field="amendment")
        done = await amendments.withdraw(await info.context.actor(), key)
        return ProposalPayload.of(await ProposalRow.get(id=done.proposal_id))

    @strawberry.mutation(description="Ask the author of another proposal to take one's own in.")
    async def ask_merge(self, info: Info, input: AskMergeInput) -> ProposalPayload:
        actor, into = await info.context.actor(), number_in(input.into)
        request: MergeRow = await merging.ask(actor, key_of(input.proposal), into=into, reason=input.reason)
        return ProposalPayload.of(await ProposalRow.get(id=request.proposal_id))

    @strawberry.mutation(description="Take a proposal into one's own; a steward may agree as well.")
    async def merge_proposals(self, info: Info, input: MergeInput) -> ProposalPayload:
        key = decode_int(input.request, "MergeRequest", field="request")
        return ProposalPayload.of(await merging.merge(await info.context.actor(), key))

    @strawberry.mutation(description="Decline to take a proposal in.")
    async def decline_merge(self, info: Info, input: DeclineMergeInput) -> ProposalPayload:
        key = decode_int(input.request, "MergeRequest", field="request")
        done = await merging.decline(await info.context.actor(), key, reason=input.reason)
        return ProposalPayload.of(await ProposalRow.get(id=done.into_id))


@strawberry.type
class Subscription:
    @strawberry.subscription(description="The number of supports of a proposal, now and at each change.")
    async def proposal_supports(self, id: strawberry.ID) -> AsyncIterator[int]:
        key = decode_int(id, "Proposal")
        with events.listening(f"proposal:{key}") as heard:
            while True:
                row = await ProposalRow.get_or_none(id=key, published_at__isnull=False)
                if row is None:
                    return
                yield row.supports + row.imported_supports
                await heard.get()
