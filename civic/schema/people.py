"""People and parties in the API: signing in, oneself, residence."""

from __future__ import annotations

import orjson
import strawberry

from civic import clock
from civic.acts import accounts, people
from civic.acts.memberships import current
from civic.acts.parties import account
from civic.errors import NotSignedIn
from civic.models import Membership
from civic.models import Person as PersonRow
from civic.models import Residency as ResidencyRow
from civic.schema.core.throttle import sign_ins
from civic.schema.parties import Info as Info
from civic.schema.parties import Party as Party
from civic.schema.residencies import Residency, waiting_for


@strawberry.type(description="Somebody, as others see them.")
class Person:
    name: str
    pseudonym: str = strawberry.field(description="How the public ledger calls them.")

    @classmethod
    def of(cls, row: PersonRow) -> Person:
        return cls(name=row.name or row.pseudonym, pseudonym=row.pseudonym)


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
        rows = (await waiting_for(self.row)).select_related("area", "person").order_by("id")
        return [Residency.of(row) for row in await rows.limit(100)]

    @strawberry.field(description="All that is held on this person, as JSON text.")
    async def data(self) -> str:
        return orjson.dumps(await accounts.everything(self.row), default=str).decode()


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
class StewardInput:
    account_code: str = strawberry.field(description="As the person reads it on their account page.")


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
        account = input.email.strip().lower()[:254]
        source = (account, info.context.network, info.context.device(account))
        sign_ins.check(*source)
        try:
            person = await people.check_password(account, input.password)
        except NotSignedIn:
            sign_ins.failed(*source)
            raise
        sign_ins.succeeded(*source)
        await info.context.sign_in(person)
        return PersonPayload(person=Person.of(person))

    @strawberry.mutation(description="Make somebody a platform steward (stewards).")
    async def make_steward(self, info: Info, input: StewardInput) -> PersonPayload:
        person = await account(input.account_code, field="account_code")
        return PersonPayload(person=Person.of(await people.make_steward(await info.context.actor(), person)))

    @strawberry.mutation(description="End somebody's stewardship; never the last steward's (stewards).")
    async def end_steward(self, info: Info, input: StewardInput) -> PersonPayload:
        person = await account(input.account_code, field="account_code")
        return PersonPayload(person=Person.of(await people.end_steward(await info.context.actor(), person)))
