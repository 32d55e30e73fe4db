"""Residence in the API: claimed, verified at a counter or with a code from a letter."""

from __future__ import annotations

from datetime import datetime

import strawberry
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from civic import clock
from civic.acts import letters, residencies
from civic.acts.memberships import current
from civic.acts.permissions import OFFICIAL_ROLES
from civic.errors import InvalidInput
from civic.models import Membership, Person
from civic.models import Residency as ResidencyRow
from civic.schema.areas import Area
from civic.schema.core.ids import decode_int, encode
from civic.schema.core.throttle import Throttle
from civic.schema.parties import Info, Party

# Codes cannot be guessed; this keeps anybody from trying.
guesses = Throttle(free=10, longest=300)


@strawberry.type(description="A claim to live in an area.")
class Residency:
    id: strawberry.ID
    area: Area
    state: str = strawberry.field(description="claimed, verified, rejected, expired or revoked.")
    method: str = strawberry.field(description="How it was verified: counter or letter.")
    reason: str
    claimed_at: datetime
    decided_at: datetime | None
    expires_at: datetime | None
    claimant: str = strawberry.field(description="Name of the person; told to the official who decides.")
    claimant_code: str = strawberry.field(description="Account code of the person.")

    @classmethod
    def of(cls, row: ResidencyRow) -> Residency:
        return cls(
            id=encode("Residency", row.id), area=Area.of(row.area), state=row.state, method=row.method,
            reason=row.reason, claimed_at=row.claimed_at, decided_at=row.decided_at, expires_at=row.expires_at,
            claimant=row.person.name, claimant_code=row.person.pseudonym,
        )  # fmt: skip


async def offices(person: Person) -> list[Membership]:
    """The roles of a person in active government departments, with party and area."""
    rows = Membership.filter(
        current(clock.today()), person_id=person.id, party__kind="government", party__state="active",
        role__in=OFFICIAL_ROLES,
    )  # fmt: skip
    return await rows.select_related("party", "party__area").order_by("id")


async def waiting_for(person: Person, party: int | None = None) -> QuerySet[ResidencyRow]:
    """Claims that wait in the areas that a person's departments (or one of them) cover."""
    places = [o.party.area_id for o in await offices(person) if party in (None, o.party_id)]
    rows = ResidencyRow.filter(state="claimed")
    return rows.filter(area__around__ancestor_id__in=places) if places else rows.filter(id=-1)


@strawberry.type(description="A department's counter, as the official who stands there sees it.")
class Counter:
    department: Party
    area: Area
    key: strawberry.Private[int]
    person: strawberry.Private[Person]

    @strawberry.field(description="Claims in its area, the oldest first. `q`: a name, account code or area.")
    async def claims(self, q: str | None = None) -> list[Residency]:
        rows = await waiting_for(self.person, self.key)
        if q and q.strip():
            word = q.strip()[:80]
            rows = rows.filter(
                Q(person__name__icontains=word)
                | Q(person__pseudonym__startswith=word.lower()[:16])
                | Q(area__name__icontains=word)
            )
        found = await rows.select_related("area", "person").order_by("id").limit(200)
        return [Residency.of(row) for row in {row.id: row for row in found}.values()]

    @strawberry.field(description="Verified residents found by name or account code, to revoke; at most 20.")
    async def residents(self, q: str | None = None) -> list[Residency]:
        if not q or not q.strip():
            return []
        word, area = q.strip()[:80], self.area.key
        rows = ResidencyRow.filter(state="verified", area__around__ancestor_id=area).filter(
            Q(person__name=word) | Q(person__pseudonym=word.lower()[:16])
        )
        return [Residency.of(r) for r in await rows.select_related("area", "person").order_by("id").limit(20)]


@strawberry.type
class Query:
    @strawberry.field(description="The counters at which the signed-in person may stand.")
    async def counters(self, info: Info) -> list[Counter]:
        person = info.context.signed_in()
        unique = {o.party_id: o.party for o in await offices(person)}
        return [
            Counter(department=Party.of(p), area=Area.of(p.area), key=p.id, person=person)
            for p in unique.values()
        ]


@strawberry.input
class ClaimResidencyInput:
    area: str = strawberry.field(description="Code of the area.")


@strawberry.type
class ResidencyPayload:
    residency: strawberry.ID
    state: str


@strawberry.input
class ResidencyInput:
    residency: strawberry.ID


@strawberry.input
class VerifyResidencyInput:
    residency: strawberry.ID
    as_party: strawberry.ID
    document_number: str = strawberry.field(description="Never stored: only a keyed hash of it is.")


@strawberry.input
class ResidencyReasonInput:
    residency: strawberry.ID
    as_party: strawberry.ID
    reason: str


@strawberry.input
class VerifyByCodeInput:
    code: str = strawberry.field(description="From the letter; spaces and hyphens do not matter.")


@strawberry.input
class MakeCodesInput:
    as_party: strawberry.ID
    area: str = strawberry.field(description="Code of the area in which the persons live.")
    document_numbers: str = strawberry.field(description="One a line; never stored, only keyed hashes are.")


@strawberry.type(description="What goes into one letter.")
class Letter:
    tail: str = strawberry.field(description="The end of the document number, to tell the letters apart.")
    code: str = strawberry.field(description="Shown this once.")


@strawberry.type
class LettersPayload:
    area: Area
    letters: list[Letter]


def _key(input: ResidencyInput | VerifyResidencyInput | ResidencyReasonInput) -> int:
    return decode_int(input.residency, "Residency", field="residency")


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Claim to live in an area.")
    async def claim_residency(self, info: Info, input: ClaimResidencyInput) -> ResidencyPayload:
        done = await residencies.claim(await info.context.actor(), area=input.area.strip())
        return ResidencyPayload(residency=encode("Residency", done.id), state=done.state)

    @strawberry.mutation(description="Take one's claim back, or end one's residence.")
    async def give_up_residency(self, info: Info, input: ResidencyInput) -> ResidencyPayload:
        done = await residencies.give_up(await info.context.actor(), _key(input))
        return ResidencyPayload(residency=input.residency, state=done.state)

    @strawberry.mutation(description="Verify a claim at the counter.")
    async def verify_residency(self, info: Info, input: VerifyResidencyInput) -> ResidencyPayload:
        actor = await info.context.actor(input.as_party)
        done = await residencies.verify(actor, _key(input), document_number=input.document_number)
        return ResidencyPayload(residency=input.residency, state=done.state)

    @strawberry.mutation(description="Reject a claim, with the reason.")
    async def reject_residency(self, info: Info, input: ResidencyReasonInput) -> ResidencyPayload:
        done = await residencies.reject(
            await info.context.actor(input.as_party), _key(input), reason=input.reason
        )
        return ResidencyPayload(residency=input.residency, state=done.state)

    @strawberry.mutation(description="Revoke a verified residence, with the reason.")
    async def revoke_residency(self, info: Info, input: ResidencyReasonInput) -> ResidencyPayload:
        done = await residencies.revoke(
            await info.context.actor(input.as_party), _key(input), reason=input.reason
        )
        return ResidencyPayload(residency=input.residency, state=done.state)

    @strawberry.mutation(description="Make one-time codes for the persons of a roll, to be sent by letter.")
    async def make_letter_codes(self, info: Info, input: MakeCodesInput) -> LettersPayload:
        area = await residencies.area_of(input.area)
        made = await letters.make(
            await info.context.actor(input.as_party),
            area,
            document_numbers=input.document_numbers.splitlines(),
        )
        return LettersPayload(area=Area.of(area), letters=[Letter(tail=m.tail, code=m.code) for m in made])

    @strawberry.mutation(description="Verify one's residence with the code from a letter.")
    async def verify_by_code(self, info: Info, input: VerifyByCodeInput) -> ResidencyPayload:
        person = info.context.signed_in().id
        guesses.check(person)
        try:
            done = await letters.verify_by_code(await info.context.actor(), code=input.code)
        except InvalidInput:
            guesses.failed(person)
            raise
        return ResidencyPayload(residency=encode("Residency", done.id), state=done.state)
