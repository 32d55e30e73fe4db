"""Roles in parties in the API: inviting, taking, ending."""

from __future__ import annotations

from datetime import date

import strawberry

from civic.acts import memberships
from civic.schema.core.ids import decode_int, encode
from civic.schema.parties import Info


@strawberry.input
class InviteMemberInput:
    party: strawberry.ID
    account_code: str = strawberry.field(description="As the person reads it on their account page.")
    role: str = strawberry.field(description="manager, delegate or clerk.")
    from_day: date | None = None
    until_day: date | None = None


@strawberry.input
class InvitationInput:
    invitation: strawberry.ID


@strawberry.input
class EndMembershipInput:
    membership: strawberry.ID
    last_day: date | None = strawberry.field(default=None, description="Empty: it ends at once.")


@strawberry.type
class MembershipPayload:
    id: strawberry.ID


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Invite somebody to a role in a party (its managers; stewards).")
    async def invite_member(self, info: Info, input: InviteMemberInput) -> MembershipPayload:
        key = decode_int(input.party, "Party", field="party")
        row = await memberships.invite(
            await info.context.actor(), key, account_code=input.account_code, role=input.role,
            from_day=input.from_day, until_day=input.until_day,
        )  # fmt: skip
        return MembershipPayload(id=encode("Invitation", row.id))

    @strawberry.mutation(description="Take the role to which one was invited.")
    async def accept_invitation(self, info: Info, input: InvitationInput) -> MembershipPayload:
        key = decode_int(input.invitation, "Invitation", field="invitation")
        row = await memberships.accept(await info.context.actor(), key)
        return MembershipPayload(id=encode("Membership", row.id))

    @strawberry.mutation(description="Decline an invitation.")
    async def decline_invitation(self, info: Info, input: InvitationInput) -> MembershipPayload:
        key = decode_int(input.invitation, "Invitation", field="invitation")
        await memberships.decline(await info.context.actor(), key)
        return MembershipPayload(id=input.invitation)

    @strawberry.mutation(description="Take an invitation back (managers of the party; stewards).")
    async def withdraw_invitation(self, info: Info, input: InvitationInput) -> MembershipPayload:
        key = decode_int(input.invitation, "Invitation", field="invitation")
        await memberships.withdraw(await info.context.actor(), key)
        return MembershipPayload(id=input.invitation)

    @strawberry.mutation(description="End a role: one's own, or as a manager of the party.")
    async def end_membership(self, info: Info, input: EndMembershipInput) -> MembershipPayload:
        key = decode_int(input.membership, "Membership", field="membership")
        await memberships.end(await info.context.actor(), key, last_day=input.last_day)
        return MembershipPayload(id=input.membership)
