"""People and parties in the API: signing in, oneself, residence."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe

import orjson
import strawberry

from civic import clock
from civic.acts import people, residencies
from civic.acts.memberships import current
from civic.errors import NotSignedIn
from civic.models import AreaWithin, Membership
from civic.models import Person as PersonRow
from civic.models import Residency as ResidencyRow
from civic.schema.areas import Area
from civic.schema.core.ids import Node, decode_int, encode
from civic.schema.core.throttle import sign_ins
from civic.schema.parties import Info as Info
from civic.schema.parties import Party as Party


@strawberry.type(description="Somebody, as others see them.")
class Person:
    name: str
    pseudonym: str = strawberry.field(description="How the public ledger calls them.")

    @classmethod
    def of(cls, row: PersonRow) -> Person:
        return cls(name=row.name or row.pseudonym, pseudonym=row.pseudonym)


@strawberry.type(description="A claim to live in an area.")
class Residency(Node):
    id: strawberry.ID
    area: Area
    state: str
    reason: str
    claimed_at: datetime
    claimant: str = strawberry.field(description="Name of the person; told to the official who decides.")

    @classmethod
    def of(cls, row: ResidencyRow) -> Residency:
        return cls(
            id=encode("Residency", row.id), area=Area.of(row.area), state=row.state, reason=row.reason,
            claimed_at=row.claimed_at, claimant=row.person.name,
        )  # fmt: skip


@strawberry.type(description="A role in a party.")
class MembershipOf:
    party: Party
    role: str


@strawberry.type(description="The signed-in person, for themself.")
class Viewer:
    name: str
    email: str | None
    pseudonym: str
    language: str
    steward: bool
    row: strawberry.Private[PersonRow]

    @strawberry.field(description="Claims of residence, the newest first.")
    async def residencies(self) -> list[Residency]:
        rows = ResidencyRow.filter(person_id=self.row.id).select_related("area", "person").order_by("-id")
        return [Residency.of(row) for row in await rows.limit(20)]

    @strawberry.field(description="Parties for which this person may act.")
    async def memberships(self) -> list[MembershipOf]:
        rows = Membership.filter(current(clock.today()), person_id=self.row.id)
        rows = rows.select_related("party").order_by("id")
        return [MembershipOf(party=Party.of(row.party), role=row.role) for row in await rows]

    @strawberry.field(description="Claims that wait for a decision in the areas one's departments cover.")
    async def claims_to_decide(self) -> list[Residency]:
        places = await Membership.filter(
            current(clock.today()), person_id=self.row.id, party__kind="government", party__state="active"
        ).values_list("party__area_id", flat=True)
        covered = AreaWithin.filter(ancestor_id__in=list(places)).values_list("descendant_id", flat=True)
        if not places:
            return []
        rows = ResidencyRow.filter(state="claimed", area_id__in=list(await covered))
        return [
            Residency.of(row) for row in await rows.select_related("area", "person").order_by("id").limit(100)
        ]

    @strawberry.field(description="All that is held on this person, as JSON text.")
    async def data(self) -> str:
        return orjson.dumps(await people.everything(self.row), default=str).decode()


@strawberry.type
class Query:
    @strawberry.field(description="The signed-in person; null for everybody else.")
    async def viewer(self, info: Info) -> Viewer | None:
        person = info.context.viewer
        if person is None:
            return None
        return Viewer(
            name=person.name, email=person.email, pseudonym=person.pseudonym, language=person.language,
            steward=person.steward, row=person,
        )  # fmt: skip


@strawberry.input
class SignUpInput:
    name: str
    email: str
    password: str


@strawberry.input
class SignInInput:
    email: str
    password: str


@strawberry.type
class PersonPayload:
    person: Person


@strawberry.input
class ClaimResidencyInput:
    area: str = strawberry.field(description="Code of the area.")


@strawberry.type
class ResidencyPayload:
    residency: strawberry.ID
    state: str


@strawberry.input
class VerifyResidencyInput:
    residency: strawberry.ID
    as_party: strawberry.ID
    document_number: str = strawberry.field(description="Never stored: only a keyed hash of it is.")


@strawberry.input
class RejectResidencyInput:
    residency: strawberry.ID
    as_party: strawberry.ID
    reason: str


@strawberry.input
class CreateTokenInput:
    label: str
    scopes: list[str] = strawberry.field(description="`read`, or `read` and `write`.")


@strawberry.type
class TokenPayload:
    token: str = strawberry.field(description="Shown this once.")


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Make an account and sign in.")
    async def sign_up(self, info: Info, input: SignUpInput) -> PersonPayload:
        person = await people.sign_up(
            name=input.name, email=input.email, password=input.password, language=info.context.language
        )
        await info.context.sign_in(person)
        return PersonPayload(person=Person.of(person))

    @strawberry.mutation(
        description="Sign in with e-mail and password; the answer sets the session's cookie."
    )
    async def sign_in(self, info: Info, input: SignInInput) -> PersonPayload:
        account, network = input.email.strip().lower(), info.context.network
        sign_ins.check(account, network)
        try:
            person = await people.check_password(account, input.password)
        except NotSignedIn:
            sign_ins.failed(account, network)
            raise
        sign_ins.succeeded(account, network)
        await info.context.sign_in(person)
        return PersonPayload(person=Person.of(person))

    @strawberry.mutation(description="Claim to live in an area.")
    async def claim_residency(self, info: Info, input: ClaimResidencyInput) -> ResidencyPayload:
        done = await residencies.claim(await info.context.actor(), area=input.area)
        return ResidencyPayload(residency=encode("Residency", done.id), state=done.state)

    @strawberry.mutation(description="Verify a claim at the counter.")
    async def verify_residency(self, info: Info, input: VerifyResidencyInput) -> ResidencyPayload:
        key = decode_int(input.residency, "Residency", field="residency")
        actor = await info.context.actor(input.as_party)
        done = await residencies.verify(actor, key, document_number=input.document_number)
        return ResidencyPayload(residency=input.residency, state=done.state)

    @strawberry.mutation(description="Reject a claim, with the reason.")
    async def reject_residency(self, info: Info, input: RejectResidencyInput) -> ResidencyPayload:
        key = decode_int(input.residency, "Residency", field="residency")
        done = await residencies.reject(await info.context.actor(input.as_party), key, reason=input.reason)
        return ResidencyPayload(residency=input.residency, state=done.state)

    @strawberry.mutation(description="Make a personal access token for programs.")
    async def create_token(self, info: Info, input: CreateTokenInput) -> TokenPayload:
        token = "civic_" + token_urlsafe(32)
        digest = sha256(token.encode()).hexdigest()
        await people.create_token(
            await info.context.actor(), label=input.label, scopes=input.scopes, hash=digest
        )
        return TokenPayload(token=token)
