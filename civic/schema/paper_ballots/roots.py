"""What the host's clerks and scrutineers read and do about paper ballots."""

from __future__ import annotations

from typing import Any

import strawberry

from civic.acts import paper_ballots
from civic.models import Ballot as BallotRow
from civic.models import PaperBatch as BatchRow
from civic.models import Person as PersonRow
from civic.schema.core.ids import decode_int
from civic.schema.paper_ballots.inputs import (
    CompletePaperInput,
    DiscardPaperBatchInput,
    EnterPaperBatchInput,
    FindPaperVoterInput,
    OfferPaperInput,
    OpenPaperBatchInput,
    PaperVoterInput,
    SettlePaperBatchInput,
    SheetInput,
)
from civic.schema.paper_ballots.types import (
    PaperBatch,
    PaperBatchPayload,
    PaperPayload,
    PaperPolling,
    PaperVoter,
    polling,
)
from civic.schema.people import Info


def _typed(sheets: list[SheetInput]) -> dict[int, str]:
    return {sheet.number: sheet.text for sheet in sheets}


async def _voter(pseudonym: str) -> PersonRow | None:
    return await PersonRow.get_or_none(pseudonym=pseudonym.strip(), deleted_at=None)


async def _payload(row: BatchRow) -> PaperBatchPayload:
    return PaperBatchPayload(batch=PaperBatch.of(row, await BallotRow.get(id=row.ballot_id)))


def _ballot(input: Any) -> int:
    return decode_int(input.ballot, "Ballot", field="ballot")


def _batch(input: Any) -> int:
    return decode_int(input.batch, "PaperBatch", field="batch")


@strawberry.type
class Query:
    @strawberry.field(description="Paper beside a vote online; null where it is online only.")
    async def paper_polling(self, ballot: strawberry.ID) -> PaperPolling | None:
        return await polling(decode_int(ballot, "Ballot", field="ballot"))

    @strawberry.field(description="One batch of sheets.")
    async def paper_batch(self, ballot: strawberry.ID, number: int) -> PaperBatch | None:
        key = decode_int(ballot, "Ballot", field="ballot")
        row = await BatchRow.get_or_none(ballot_id=key, number=number).select_related("ballot")
        return PaperBatch.of(row, row.ballot) if row else None

    @strawberry.field(description="For clerks of the host: how somebody at the polling place stands.")
    async def find_paper_voter(self, info: Info, input: FindPaperVoterInput) -> PaperVoter:
        actor = await info.context.actor(input.as_party)
        found = await paper_ballots.find(actor, _ballot(input), typed=input.voter)
        return PaperVoter(pseudonym=found.person.pseudonym, name=found.person.name, votes=found.votes)


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Offer paper beside the vote online, before it opens.")
    async def offer_paper(self, info: Info, input: OfferPaperInput) -> PaperPayload:
        await paper_ballots.offer(await info.context.actor(input.as_party), _ballot(input))
        return PaperPayload(ballot=input.ballot)

    @strawberry.mutation(description="Hand out a sheet; the voter cannot vote online from now on.")
    async def hand_out_sheet(self, info: Info, input: PaperVoterInput) -> PaperPayload:
        actor = await info.context.actor(input.as_party)
        await paper_ballots.hand_out(actor, _ballot(input), voter=await _voter(input.voter))
        return PaperPayload(ballot=input.ballot)

    @strawberry.mutation(description="Replace a spoilt sheet that a voter gives back.")
    async def replace_sheet(self, info: Info, input: PaperVoterInput) -> PaperPayload:
        actor = await info.context.actor(input.as_party)
        await paper_ballots.replace(actor, _ballot(input), voter=await _voter(input.voter))
        return PaperPayload(ballot=input.ballot)

    @strawberry.mutation(description="Take an unused sheet back; the voter may vote online again.")
    async def take_back_sheet(self, info: Info, input: PaperVoterInput) -> PaperPayload:
        actor = await info.context.actor(input.as_party)
        await paper_ballots.take_back(actor, _ballot(input), voter=await _voter(input.voter))
        return PaperPayload(ballot=input.ballot)

    @strawberry.mutation(description="Make a batch of sheets out of the box.")
    async def open_paper_batch(self, info: Info, input: OpenPaperBatchInput) -> PaperBatchPayload:
        actor = await info.context.actor(input.as_party)
        return await _payload(await paper_ballots.open_batch(actor, _ballot(input), sheets=input.sheets))

    @strawberry.mutation(description="Enter the sheets of a batch; the second time by another clerk.")
    async def enter_paper_batch(self, info: Info, input: EnterPaperBatchInput) -> PaperBatchPayload:
        actor = await info.context.actor(input.as_party)
        return await _payload(await paper_ballots.enter(actor, _batch(input), typed=_typed(input.sheets)))

    @strawberry.mutation(description="Settle, as a scrutineer, the sheets on which clerks differ.")
    async def settle_paper_batch(self, info: Info, input: SettlePaperBatchInput) -> PaperBatchPayload:
        actor, typed = await info.context.actor(), _typed(input.sheets)
        return await _payload(
            await paper_ballots.settle(actor, _batch(input), typed=typed, reason=input.reason)
        )

    @strawberry.mutation(description="Give up a batch that was made up wrongly.")
    async def discard_paper_batch(self, info: Info, input: DiscardPaperBatchInput) -> PaperBatchPayload:
        actor = await info.context.actor(input.as_party)
        return await _payload(await paper_ballots.discard(actor, _batch(input), reason=input.reason))

    @strawberry.mutation(description="Say that all sheets are entered; then the box is closed and counted.")
    async def complete_paper(self, info: Info, input: CompletePaperInput) -> PaperPayload:
        actor = await info.context.actor(input.as_party)
        await paper_ballots.complete(actor, _ballot(input), reason=input.reason)
        return PaperPayload(ballot=input.ballot)
