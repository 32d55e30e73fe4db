"""What comes after a count, as the API shows it: files, complaints and their answers, votes that are held again."""

from __future__ import annotations

from datetime import datetime

import strawberry

from civic import clock
from civic.acts.ballots import complaints, reruns
from civic.acts.permissions import roles_in
from civic.errors import N_, CivicError, Conflict, InvalidState, NotAllowed
from civic.i18n import render
from civic.ledger import box_files
from civic.models import Ballot as BallotRow
from civic.models import Complaint as ComplaintRow
from civic.schema.core.errors import not_signed_in
from civic.schema.core.ids import encode
from civic.schema.people import Info, Party, Person

HOSTS = {"manager", "delegate"}


@strawberry.type(description="The published box as a file for a tool of others.")
class BoxFile:
    kind: str = strawberry.field(
        description="pb (Pabulib), blt, soi or soc (PrefLib), or csv with every paper."
    )
    path: str = strawberry.field(description="Where it is served.")


@strawberry.type(description="What somebody objects to about a count, and the host's answer.")
class Complaint:
    number: int
    person: Person
    party: Party | None = strawberry.field(description="The party for which they complain.")
    reason: str
    at: datetime
    answer_by: datetime = strawberry.field(description="Until when the host has to answer.")
    late: bool = strawberry.field(description="The answer is overdue.")
    upheld: bool | None = strawberry.field(description="What the host answered; null until then.")
    answer: str
    answered_at: datetime | None

    @classmethod
    def of(cls, row: ComplaintRow) -> Complaint:
        return cls(
            number=row.number, person=Person.of(row.person), party=Party.of(row.party) if row.party else None,
            reason=row.reason, at=row.at, answer_by=row.answer_by, upheld=row.upheld, answer=row.answer,
            answered_at=row.answered_at, late=row.answered_at is None and clock.now() > row.answer_by,
        )  # fmt: skip


@strawberry.type(description="Another holding of the same vote.")
class Holding:
    id: strawberry.ID
    title: str
    state: str

    @classmethod
    def of(cls, row: BallotRow) -> Holding:
        return cls(id=encode("Ballot", row.id), title=row.title, state=row.state)


@strawberry.type(description="What comes after a count.")
class Aftermath:
    row: strawberry.Private[BallotRow]
    complaints_until: datetime | None = strawberry.field(
        description="Until when one may complain about a certified result; before the certification there is no end."
    )
    final_at: datetime | None = strawberry.field(
        description="Since when the result is final: the time for complaints is over, each answered, none upheld."
    )

    @classmethod
    def of(cls, row: BallotRow) -> Aftermath:
        return cls(row=row, complaints_until=row.complaints_until, final_at=row.final_at)

    @strawberry.field(description="The published box in other formats; none before it is counted.")
    async def files(self) -> list[BoxFile]:
        return [
            BoxFile(kind=kind, path=f"/ballots/{self.row.id}.{kind}")
            for kind in await box_files.kinds(self.row)
        ]

    @strawberry.field(description="How many complaints there are about the count.")
    async def complaint_count(self) -> int:
        return await ComplaintRow.filter(ballot_id=self.row.id).count()

    @strawberry.field(
        description="Complaints about the count, the first first; a hundred at most, after so many."
    )
    async def complaints(self, after: int = 0) -> list[Complaint]:
        rows = ComplaintRow.filter(ballot_id=self.row.id).select_related("person", "party").order_by("number")
        return [Complaint.of(row) for row in await rows.offset(max(after, 0)).limit(100)]

    @strawberry.field(description="Why the viewer cannot complain about the count now; null when they can.")
    async def why_no_complaint(self, info: Info) -> str | None:
        refused = await self._refused(info)
        return render(refused, info.context.language) if refused else None

    async def _refused(self, info: Info) -> CivicError | None:
        viewer = info.context.viewer
        if self.row.state not in ("tallied", "certified"):
            return InvalidState(N_("One complains about a count when it is made."), reason="wrong_state")
        try:
            complaints.check_time(self.row)
        except InvalidState as error:
            return error
        if viewer is None:
            return not_signed_in()
        if await ComplaintRow.filter(ballot_id=self.row.id, person_id=viewer.id).exists():
            return Conflict(N_("You have complained about this vote already."), reason="complained")
        if await complaints.of_the_vote(self.row, viewer) or await complaints.parties_of(self.row, viewer):
            return None
        return NotAllowed(
            N_("Voters of this vote, its scrutineers, and parties of the area may complain about its count."),
            reason="not_concerned",
        )

    @strawberry.field(
        description="Whether the viewer may complain as themself: they are on the roll, or a scrutineer."
    )
    async def own_complaint(self, info: Info) -> bool:
        viewer = info.context.viewer
        return viewer is not None and await complaints.of_the_vote(self.row, viewer)

    @strawberry.field(description="The parties for which the viewer may complain.")
    async def complaint_parties(self, info: Info) -> list[Party]:
        viewer = info.context.viewer
        return [Party.of(row) for row in await complaints.parties_of(self.row, viewer)] if viewer else []

    @strawberry.field(description="For the host: whether it may be held again now.")
    async def may_rerun(self, info: Info) -> bool:
        viewer = info.context.viewer
        if viewer is None or not await roles_in(viewer, self.row.host_id) & HOSTS:
            return False
        try:
            reruns.check_again(self.row)
        except InvalidState:
            return False
        return not await BallotRow.filter(rerun_of_id=self.row.id).exclude(state="void").exists()

    @strawberry.field(description="The vote that this one holds again.")
    async def rerun_of(self) -> Holding | None:
        found = await BallotRow.get_or_none(id=self.row.rerun_of_id) if self.row.rerun_of_id else None
        return Holding.of(found) if found else None

    @strawberry.field(description="The votes that hold this one again; drafts are for the host.")
    async def reruns(self, info: Info) -> list[Holding]:
        viewer = info.context.viewer
        hosting = viewer is not None and bool(await roles_in(viewer, self.row.host_id) & HOSTS)
        rows = BallotRow.filter(rerun_of_id=self.row.id).order_by("id")
        return [Holding.of(row) for row in await (rows if hosting else rows.exclude(state="draft"))]
