"""Voting without a name: a token for each voter, and votes that come with it."""

from __future__ import annotations

import strawberry

from civic.acts import ballots
from civic.acts.tokens import TokenVote
from civic.rules.tokens import encode
from civic.schema.ballots.inputs import CastVotePayload, Receipt
from civic.schema.core.ids import decode_int
from civic.schema.people import Info


@strawberry.input
class IssueTokenInput:
    ballot: strawberry.ID
    blinded: str = strawberry.field(
        description="The blinded message in base64url: RFC 9474, RSABSSA-SHA384-PSS-Randomized."
    )


@strawberry.type
class IssueTokenPayload:
    blind_signature: str = strawberry.field(description="In base64url. The device unblinds it.")


@strawberry.input
class CastWithTokenInput:
    ballot: strawberry.ID
    token: str = strawberry.field(
        description="Number of the ballot, device's public key (P-256, uncompressed), prefix and signature, "
        "the last three in base64url, with dots between."
    )
    version: int = strawberry.field(description="From 1, higher at each replacement.")
    choice: str = strawberry.field(description="As the box writes it: keys with , or > between.")
    signature: str = strawberry.field(
        description="By the device's key: ECDSA with SHA-256 of the lines civic/token-vote/v1, number of the ballot, "
        "version and choice; r and s in base64url."
    )


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Sign the blinded message of the viewer's device: once, and the same again for the same one."
    )
    async def issue_token(self, info: Info, input: IssueTokenInput) -> IssueTokenPayload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        done = await ballots.issue_token(await info.context.actor(), key, blinded=input.blinded)
        return IssueTokenPayload(blind_signature=encode(done))

    @strawberry.mutation(
        description="Cast a vote with a token. Send it without cookies: a session that comes along plays "
        "no part."
    )
    async def cast_with_token(self, input: CastWithTokenInput) -> CastVotePayload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        vote = TokenVote(input.token, input.version, input.choice, input.signature)
        return CastVotePayload(receipt=Receipt.of(await ballots.cast_with_token(key, vote)))
