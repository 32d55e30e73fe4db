"""What a charter consists of beside its clauses: versions, changes, signatures, parties, findings."""

from __future__ import annotations

from datetime import datetime

import strawberry

from civic.models import Charter as CharterRow
from civic.models import JointMeeting as MeetingRow
from civic.models import Resolution as ResolutionRow
from civic.models import Scenario as ScenarioRow
from civic.models import Signature as SignatureRow
from civic.schema.charters.clauses import ClauseDifference
from civic.schema.core.ids import encode
from civic.schema.obligations.sides import Side
from civic.schema.parties import Party


@strawberry.type(description="A party's signature under one version.")
class Signature:
    party: Party
    version: int
    reservation: str = strawberry.field(description="What the party reserves; empty when it signed without.")
    at: datetime


@strawberry.type(description="An exact text, as it stood.")
class CharterVersion:
    number: int
    hash: str = strawberry.field(description="SHA-256 of the text: this is what is signed.")
    text: str = strawberry.field(description="Canonical JSON (RFC 8785).")
    reason: str = strawberry.field(description="Why it replaced the version before.")
    by: Party | None
    at: datetime
    signatures: list[Signature]


@strawberry.type(description="A change of a clause that a party proposes.")
class ClauseChange:
    id: strawberry.ID
    number: int | None = strawberry.field(description="Of the clause; null for a new one that is still open.")
    op: str = strawberry.field(description="add, change or remove.")
    state: str = strawberry.field(description="open, accepted, declined or withdrawn.")
    reason: str
    by: Party
    at: datetime
    decided_by: Party | None
    decided_at: datetime | None
    answer: str
    stale: bool = strawberry.field(
        description="Whether the clause has changed since, so that it cannot be accepted."
    )
    difference: ClauseDifference | None = strawberry.field(
        description="An open change against the text of now."
    )
    decide_as: Party | None = strawberry.field(
        description="The viewer's party that may accept or decline it."
    )
    withdraw_as: Party | None = strawberry.field(description="The viewer's party that proposed it.")


@strawberry.type(description="Something that is missing, and what to do.")
class Finding:
    code: str
    message: str
    clause: int | None
    party: Side | None


@strawberry.type(description="How a party stands in a charter.")
class CharterParty:
    party: Side
    rights: int
    duties: int
    interests: int
    signs: bool = strawberry.field(description="Whether it has to sign: parties do, blocs do not.")
    signature: Signature | None = strawberry.field(description="Under the newest version.")


@strawberry.type(description="A party of the viewer that takes part in a charter.")
class TakingPart:
    party: Party
    roles: list[str]
    convener: bool
    named: bool
    signed: bool = strawberry.field(description="Under the newest version.")


@strawberry.type(description="How the duties of a charter stand.")
class CharterProgress:
    due: int = strawberry.field(description="All that have become obligations, without those waived.")
    kept: int
    overdue: int
    broken: int


@strawberry.type(description="What a charter belongs to.")
class CharterSubject:
    kind: str = strawberry.field(description="scenario or meeting.")
    id: strawberry.ID | None
    title: str


async def subject_of(charter: CharterRow) -> CharterSubject | None:
    """The scenario or meeting that a charter belongs to; None where it stands on its own."""
    kind, key = charter.subject_kind, charter.subject_id
    if kind == "resolution":
        decided = await ResolutionRow.get_or_none(motion_id=key).select_related("meeting")
        if decided is None:
            return None
        on = decided.meeting.scenario_id
        kind, key = ("meeting", decided.meeting_id) if on is None else ("scenario", on)
    if kind == "scenario":
        row = await ScenarioRow.get_or_none(id=key)
        return CharterSubject(kind=kind, id=encode("Scenario", row.id), title=row.title) if row else None
    if kind == "meeting":
        meeting = await MeetingRow.get_or_none(id=key)
        if meeting is not None and meeting.convened_at is not None:
            return CharterSubject(kind=kind, id=encode("JointMeeting", meeting.id), title=meeting.title)
    return None


@strawberry.type(description="Another charter.")
class CharterLink:
    id: strawberry.ID
    title: str

    @classmethod
    def of(cls, row: CharterRow) -> CharterLink:
        return cls(id=encode("Charter", row.id), title=row.title)


def signature_of(row: SignatureRow) -> Signature:
    return Signature(
        party=Party.of(row.party), version=row.version.number, reservation=row.reservation, at=row.at
    )
