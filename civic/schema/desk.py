"""What awaits the signed-in person, the most urgent first. Their first page."""

from __future__ import annotations

import strawberry

from civic import clock
from civic.acts import box
from civic.models import Ballot as BallotRow
from civic.models import Certification, RollEntry, Scrutineer
from civic.models import Deadline as DeadlineRow
from civic.models import Invitation as InvitationRow
from civic.models import Party as PartyRow
from civic.models import Person as PersonRow
from civic.schema.ballots import Ballot, turnout
from civic.schema.core.lookahead import selection
from civic.schema.parties import Info, Invitation, Party
from civic.schema.people import Person
from civic.schema.residencies import offices, waiting_for
from civic.schema.responses.types import Answer

MOST = 20


@strawberry.type(description="What awaits the signed-in person.")
class Desk:
    person: strawberry.Private[PersonRow]

    @strawberry.field(description="Votes open to them in which they have not voted, closing soonest first.")
    async def votes(self) -> list[Ballot]:
        mine = RollEntry.filter(
            person_id=self.person.id, ballot__state="open", ballot__closes_at__gt=clock.now()
        )
        keys = await mine.order_by("ballot__closes_at").limit(MOST).values_list("ballot_id", flat=True)
        rows = await BallotRow.filter(id__in=list(keys)).select_related("area", "host").order_by("closes_at")
        cast = await turnout(rows)
        return [Ballot.of(r, cast[r.id]) for r in rows if not await box.has_voted(r, self.person)]

    @strawberry.field(description="Answers that their departments owe, nearest first.")
    async def answers(self, info: Info) -> list[Answer]:
        mine = [o.party_id for o in await offices(self.person)]
        if not mine:
            return []
        rows = DeadlineRow.filter(department_id__in=mine, answered_at=None, ended="")
        found = await rows.select_related("department").order_by("due_at").limit(MOST)
        return await Answer.of_many(info.context, found, selection(info))

    @strawberry.field(description="How many claims of residence wait at their counters.")
    async def claims(self) -> int:
        keys = await (await waiting_for(self.person)).limit(1000).values_list("id", flat=True)
        return len(set(keys))

    @strawberry.field(description="Applications of parties to decide on, the oldest first (stewards).")
    async def applications(self) -> list[Party]:
        if not self.person.steward:
            return []
        rows = PartyRow.filter(state="applied").select_related("area").order_by("id")
        return [Party.of(row) for row in await rows.limit(100)]

    @strawberry.field(description="Roles that wait to be taken.")
    async def invitations(self) -> list[Invitation]:
        rows = InvitationRow.filter(person_id=self.person.id, expires_at__gt=clock.now())
        return [Invitation.of(row) for row in await rows.select_related("party", "person").order_by("id")]

    @strawberry.field(description="Counted ballots that wait for their certificate, as a scrutineer.")
    async def to_certify(self) -> list[Ballot]:
        named = Scrutineer.filter(person_id=self.person.id, ballot__state="tallied")
        done = Certification.filter(person_id=self.person.id).values_list("ballot_id", flat=True)
        keys = set(await named.values_list("ballot_id", flat=True)) - set(await done)
        rows = BallotRow.filter(id__in=list(keys)).select_related("area", "host").order_by("id")
        return [Ballot.of(row, row.cast) for row in await rows] if keys else []


@strawberry.type
class Query:
    @strawberry.field(description="What awaits the signed-in person.")
    async def desk(self, info: Info) -> Desk:
        return Desk(person=info.context.signed_in())

    @strawberry.field(description="The platform's stewards; for stewards only.")
    async def stewards(self, info: Info) -> list[Person] | None:
        if not info.context.signed_in().steward:
            return None
        rows = await PersonRow.filter(steward=True, deleted_at=None).order_by("created_at")
        return [Person.of(row) for row in rows]
