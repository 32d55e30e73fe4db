"""Parties in the API: who they are, who acts for them, and how they come to be."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import lazy as elsewhere
from tortoise.expressions import Q

from civic import clock
from civic.acts import parties
from civic.acts.memberships import PUBLIC_ROLES, current
from civic.acts.permissions import roles_in
from civic.models import Area as AreaRow
from civic.models import Invitation as InvitationRow
from civic.models import Membership as MembershipRow
from civic.models import Party as PartyRow
from civic.schema.areas import Area
from civic.schema.core.connections import Connection, page_of
from civic.schema.core.context import Context
from civic.schema.core.ids import Node, decode_int, encode, register_node, whole

if TYPE_CHECKING:
    from civic.schema.people import Person

Info = strawberry.Info[Context, None]
LazyPerson = Annotated["Person", elsewhere("civic.schema.people")]
# Applications, and those that were rejected, are not public.
PUBLIC = Q(state__in=("active", "suspended")) | Q(state="closed", approved_at__isnull=False)


@strawberry.type(description="An organisation or group that can hold rights and duties.")
class Party(Node):
    id: strawberry.ID
    name: str
    name_en: str
    kind: str = strawberry.field(
        description="Its bloc: government, enterprise, association, residents, institution."
    )
    state: str = strawberry.field(description="applied, active, suspended or closed.")
    reason: str = strawberry.field(description="Why it was rejected, suspended or closed.")
    about: str = strawberry.field(description="Markdown.")
    credit_code: str | None = strawberry.field(description="Unified social credit code (GB 32100-2015).")
    created_at: datetime
    approved_at: datetime | None
    row: strawberry.Private[PartyRow]

    @classmethod
    def of(cls, row: PartyRow) -> Party:
        return cls(
            id=encode("Party", row.id), name=row.name, name_en=row.name_en, kind=row.kind, state=row.state,
            reason=row.reason, about=row.about, credit_code=row.credit_code, created_at=row.created_at,
            approved_at=row.approved_at, row=row,
        )  # fmt: skip

    @strawberry.field(description="Where it is; of a government department, what it covers.")
    async def area(self, info: Info) -> Area:
        if isinstance(self.row.area, AreaRow):
            return Area.of(self.row.area)
        key = self.row.area_id
        return Area.of(await info.context.once(("area", key), lambda: AreaRow.get(id=key)))

    @strawberry.field(description="Managers and delegates of today: those who speak in its name.")
    async def spokespeople(self) -> list[Member]:
        rows = MembershipRow.filter(current(clock.today()), party_id=self.row.id, role__in=PUBLIC_ROLES)
        return [Member.of(row) for row in await rows.select_related("person").order_by("-role", "id")]

    @strawberry.field(description="The viewer's roles in it today.")
    async def my_roles(self, info: Info) -> list[str]:
        viewer = info.context.viewer
        return sorted(await roles_in(viewer, self.row.id), reverse=True) if viewer else []

    @strawberry.field(description="Everybody with a role now or later; for its managers and stewards only.")
    async def members(self, info: Info) -> list[Member] | None:
        if not await _manages(info, self.row.id):
            return None
        rows = MembershipRow.filter(
            Q(until_day__isnull=True) | Q(until_day__gte=clock.today()), party_id=self.row.id
        )
        return [Member.of(row) for row in await rows.select_related("person").order_by("-role", "id")]

    @strawberry.field(description="Invitations not yet taken; for its managers and stewards only.")
    async def invitations(self, info: Info) -> list[Invitation] | None:
        if not await _manages(info, self.row.id):
            return None
        rows = InvitationRow.filter(party_id=self.row.id).select_related("person", "party").order_by("id")
        return [Invitation.of(row) for row in await rows]


@strawberry.type(description="A person's role in a party, with its days.")
class Member(Node):
    id: strawberry.ID
    person: LazyPerson
    role: str = strawberry.field(description="manager, delegate or clerk.")
    from_day: date
    until_day: date | None

    @classmethod
    def of(cls, row: MembershipRow) -> Member:
        return cls(
            id=encode("Membership", row.id), person=_person(row.person), role=row.role, from_day=row.from_day,
            until_day=row.until_day,
        )  # fmt: skip


@strawberry.type(description="A role that waits for its person.")
class Invitation:
    id: strawberry.ID
    party: Party
    person: LazyPerson
    role: str
    from_day: date
    until_day: date | None
    expires_at: datetime

    @classmethod
    def of(cls, row: InvitationRow) -> Invitation:
        return cls(
            id=encode("Invitation", row.id), party=Party.of(row.party), person=_person(row.person), role=row.role,
            from_day=row.from_day, until_day=row.until_day, expires_at=row.expires_at,
        )  # fmt: skip


def _person(row: Any) -> Any:
    from civic.schema.people import Person

    return Person.of(row)


async def _manages(info: Info, party_id: int) -> bool:
    viewer = info.context.viewer
    return viewer is not None and (viewer.steward or "manager" in await roles_in(viewer, party_id))


async def _visible(context: Context, key: int) -> Party | None:
    row = await PartyRow.get_or_none(id=key).select_related("area")
    if row is None:
        return None
    public = row.state in ("active", "suspended") or (row.state == "closed" and row.approved_at is not None)
    viewer = context.viewer
    if not public and not (viewer and (viewer.steward or await roles_in(viewer, key))):
        return None
    return Party.of(row)


async def _load(context: Context, key: str) -> Party | None:
    return await _visible(context, number) if (number := whole(key)) else None


async def _load_member(context: Context, key: str) -> Member | None:
    """One of those who speak in a public party's name."""
    rows = MembershipRow.filter(current(clock.today()), id=whole(key), role__in=PUBLIC_ROLES)
    row = await rows.select_related("person").first()
    return Member.of(row) if row and await _visible(context, row.party_id) else None


register_node("Party", _load)
register_node("Membership", _load_member)


@strawberry.type
class Query:
    @strawberry.field(description="One party; an application only for its applicant and stewards.")
    async def party(self, info: Info, id: strawberry.ID) -> Party | None:
        return await _visible(info.context, decode_int(id, "Party"))

    @strawberry.field(
        description="Approved parties, the newest first. `area`: within the area with this code."
    )
    async def parties(
        self,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        q: str | None = None,
        kind: str | None = None,
        area: str | None = None,
        state: str | None = None,
    ) -> Connection[Party]:
        rows = PartyRow.filter(PUBLIC)
        if kind:
            rows = rows.filter(kind=kind)
        if state:
            rows = rows.filter(state=state)
        if area:
            rows = rows.filter(area__around__ancestor__code=area)
        if q and q.strip():
            word = q.strip()[:120]
            found_by = Q(name__icontains=word) | Q(name_en__icontains=word)
            rows = rows.filter(found_by | Q(credit_code=word.upper()) if len(word) == 18 else found_by)
        found = await page_of(first, after, last, before).rows(rows.select_related("area"), [("id", "desc")])
        return found.connection(node=Party.of, total=rows.count)


@strawberry.input
class ApplyAsPartyInput:
    kind: str = strawberry.field(description="enterprise, association, institution or residents.")
    name: str
    area: str = strawberry.field(description="Code of the area where it is.")
    credit_code: str = strawberry.field(default="", description="Required but for residents' groups.")
    name_en: str = ""
    about: str = ""


@strawberry.input
class RegisterDepartmentInput:
    name: str
    area: str = strawberry.field(description="Code of the area that it covers.")
    manager: str = strawberry.field(description="Account code of its first manager.")
    name_en: str = ""
    about: str = ""
    credit_code: str = ""


@strawberry.input
class EditPartyInput:
    party: strawberry.ID
    about: str
    name_en: str = ""
    name: str = strawberry.field(default="", description="Empty: as it was.")
    area: str = strawberry.field(default="", description="Code of the area; empty: as it was.")
    credit_code: str = strawberry.field(default="", description="Empty: as it was.")


@strawberry.input
class PartyInput:
    party: strawberry.ID


@strawberry.input
class PartyReasonInput:
    party: strawberry.ID
    reason: str = strawberry.field(description="Public.")


@strawberry.type
class PartyPayload:
    party: strawberry.ID
    state: str

    @classmethod
    def of(cls, row: PartyRow) -> PartyPayload:
        return cls(party=encode("Party", row.id), state=row.state)


def _key(input: PartyInput | PartyReasonInput | EditPartyInput) -> int:
    return decode_int(input.party, "Party", field="party")


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Apply as a party; a platform steward decides.")
    async def apply_as_party(self, info: Info, input: ApplyAsPartyInput) -> PartyPayload:
        return PartyPayload.of(await parties.apply(await info.context.actor(), **vars(input)))

    @strawberry.mutation(description="Register a government department (stewards).")
    async def register_department(self, info: Info, input: RegisterDepartmentInput) -> PartyPayload:
        return PartyPayload.of(await parties.register(await info.context.actor(), **vars(input)))

    @strawberry.mutation(description="Change a party (its managers; stewards).")
    async def edit_party(self, info: Info, input: EditPartyInput) -> PartyPayload:
        changed = {name: value for name, value in vars(input).items() if name != "party"}
        return PartyPayload.of(await parties.edit(await info.context.actor(), _key(input), **changed))

    @strawberry.mutation(description="Approve an application (stewards).")
    async def approve_party(self, info: Info, input: PartyInput) -> PartyPayload:
        return PartyPayload.of(await parties.approve(await info.context.actor(), _key(input)))

    @strawberry.mutation(description="Reject an application (stewards).")
    async def reject_party(self, info: Info, input: PartyReasonInput) -> PartyPayload:
        actor = await info.context.actor()
        return PartyPayload.of(await parties.reject(actor, _key(input), reason=input.reason))

    @strawberry.mutation(description="Suspend a party (stewards).")
    async def suspend_party(self, info: Info, input: PartyReasonInput) -> PartyPayload:
        actor = await info.context.actor()
        return PartyPayload.of(await parties.suspend(actor, _key(input), reason=input.reason))

    @strawberry.mutation(description="Let a suspended party act again (stewards).")
    async def reinstate_party(self, info: Info, input: PartyInput) -> PartyPayload:
        return PartyPayload.of(await parties.reinstate(await info.context.actor(), _key(input)))

    @strawberry.mutation(description="Close a party for good (its managers; stewards).")
    async def close_party(self, info: Info, input: PartyReasonInput) -> PartyPayload:
        actor = await info.context.actor()
        return PartyPayload.of(await parties.close(actor, _key(input), reason=input.reason))
