"""What hosts, voters, scrutineers and stewards do with ballots."""

from __future__ import annotations

import strawberry

from civic.acts import ballots
from civic.models import Membership
from civic.schema.ballots.inputs import (
    AnswerComplaintInput,
    BallotInput,
    BallotPayload,
    CastVoteInput,
    CastVotePayload,
    CreateBallotInput,
    EditBallotInput,
    FileComplaintInput,
    NameScrutineerInput,
    Receipt,
    RerunBallotInput,
    VoidBallotInput,
)
from civic.schema.core.ids import decode_int, encode
from civic.schema.people import Info


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Draft a ballot.")
    async def create_ballot(self, info: Info, input: CreateBallotInput) -> BallotPayload:
        row = await ballots.create(await info.context.actor(input.as_party), **input.terms())
        return BallotPayload(id=encode("Ballot", row.id), state=row.state)

    @strawberry.mutation(description="Change a draft.")
    async def edit_ballot(self, info: Info, input: EditBallotInput) -> BallotPayload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        row = await ballots.edit(await info.context.actor(input.as_party), key, **input.terms())
        return BallotPayload(id=input.ballot, state=row.state)

    @strawberry.mutation(description="Announce a ballot; from now on it is frozen.")
    async def announce_ballot(self, info: Info, input: BallotInput) -> BallotPayload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        row = await ballots.announce(await info.context.actor(input.as_party), key)
        return BallotPayload(id=input.ballot, state=row.state)

    @strawberry.mutation(description="Declare a ballot void.")
    async def void_ballot(self, info: Info, input: VoidBallotInput) -> BallotPayload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        row = await ballots.void(await info.context.actor(input.as_party), key, reason=input.reason)
        return BallotPayload(id=input.ballot, state=row.state)

    @strawberry.mutation(description="Cast a vote, or replace it until closing.")
    async def cast_vote(self, info: Info, input: CastVoteInput) -> CastVotePayload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        done = await ballots.cast(await info.context.actor(), key, chosen=input.choices)
        return CastVotePayload(receipt=Receipt.of(done))

    @strawberry.mutation(description="Name who will certify the count, for which party.")
    async def name_scrutineer(self, info: Info, input: NameScrutineerInput) -> BallotPayload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        named = await Membership.get_or_none(
            id=decode_int(input.membership, "Membership", field="membership")
        ).select_related("person", "party")
        row = await ballots.name_scrutineer(
            await info.context.actor(input.as_party), key,
            person=named.person if named else None, party=named.party if named else None,
        )  # fmt: skip
        return BallotPayload(id=input.ballot, state=row.state)

    @strawberry.mutation(description="Certify a count, as a scrutineer.")
    async def certify_ballot(self, info: Info, input: BallotInput) -> BallotPayload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        row = await ballots.certify(await info.context.actor(), key)
        return BallotPayload(id=input.ballot, state=row.state)

    @strawberry.mutation(description="Complain about the count of a vote.")
    async def file_complaint(self, info: Info, input: FileComplaintInput) -> BallotPayload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        row = await ballots.complain(await info.context.actor(input.as_party), key, reason=input.reason)
        return BallotPayload(id=input.ballot, state=row.ballot.state)

    @strawberry.mutation(description="Answer a complaint about a count, as the host.")
    async def answer_complaint(self, info: Info, input: AnswerComplaintInput) -> BallotPayload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        row = await ballots.answer_complaint(
            await info.context.actor(input.as_party), key,
            number=input.number, upheld=input.upheld, text=input.text,
        )  # fmt: skip
        return BallotPayload(id=input.ballot, state=row.ballot.state)

    @strawberry.mutation(description="Draft anew a vote that is void or decided nothing; gives the new one.")
    async def rerun_ballot(self, info: Info, input: RerunBallotInput) -> BallotPayload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        row = await ballots.rerun(
            await info.context.actor(input.as_party), key, opens_at=input.opens_at, closes_at=input.closes_at
        )
        return BallotPayload(id=encode("Ballot", row.id), state=row.state)
