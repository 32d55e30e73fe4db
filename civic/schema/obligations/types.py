"""An obligation, its steps and evidence, as the API shows them."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import quote

import strawberry

from civic import clock
from civic.acts.core import Actor
from civic.acts.memberships import current
from civic.acts.obligations import who
from civic.errors import CivicError
from civic.models import Evidence as EvidenceRow
from civic.models import LedgerEntry as EntryRow
from civic.models import Membership
from civic.models import Obligation as ObligationRow
from civic.models import ObligationStep as StepRow
from civic.models import Proposal as ProposalRow
from civic.models import Response as ResponseRow
from civic.rules import lifecycles
from civic.rules import obligations as rules
from civic.schema.core.ids import Node, encode
from civic.schema.ledger import LedgerEntry
from civic.schema.obligations.sides import Side
from civic.schema.parties import Info, Party

RELATED = ("party", "counterpart", "counterpart_area", "charter", "clause")


@strawberry.type(description="What shows that a duty was kept.")
class Evidence:
    kind: str = strawberry.field(description="link or file.")
    href: str = strawberry.field(description="Its address; of a file, here.")
    name: str
    size: int | None

    @classmethod
    def of(cls, row: EvidenceRow) -> Evidence:
        if row.file is None:
            return cls(kind="link", href=row.url, name=row.url, size=None)
        href = f"/files/{row.file_id}/{quote(row.file.name, safe='')}"
        return cls(kind="file", href=href, name=row.file.name, size=row.file.size)


@strawberry.type(description="Something that happened to an obligation.")
class ObligationStep:
    kind: str = strawberry.field(
        description="reported, confirmed, silence, disputed, kept or broken (both settled), waived, overdue."
    )
    text: str
    at: datetime
    party: Party | None
    evidence: list[Evidence]


@strawberry.type(description="What an obligation comes from.")
class ObligationSource:
    kind: str = strawberry.field(description="charter, response, resolution, open_day.")
    id: strawberry.ID | None = strawberry.field(
        description="Of the charter, or of the proposal that was answered."
    )
    title: str
    clause: int | None = strawberry.field(description="Number of the clause.")


@strawberry.type(description="Something that the viewer may do now, and for which party.")
class Possible:
    act: str = strawberry.field(description="report, confirm, dispute, waive or settle.")
    as_party: Party | None


@strawberry.type(description="A duty that falls due once: kept, broken, or still to come.")
class Obligation(Node):
    id: strawberry.ID
    party: Party = strawberry.field(description="Who owes it.")
    counterpart: Side | None = strawberry.field(description="To whom it is owed, and who confirms it.")
    text: str
    language: str = strawberry.field(description="That the text is written in: zh-Hans or en.")
    wanted: str = strawberry.field(description="What evidence shows that it was kept.")
    declared: str = strawberry.field(description="What happened, where a trigger was declared.")
    due_on: date
    state: str = strawberry.field(
        description="pending, reported, confirmed, disputed, broken, overdue, waived."
    )
    late: bool = strawberry.field(description="Whether it was overdue at any time.")
    by_silence: bool = strawberry.field(description="Confirmed because nobody spoke within the time.")
    soon: bool = strawberry.field(description="To be done within fourteen days.")
    days_left: int = strawberry.field(description="Until the day it is due; negative when that is past.")
    created_at: datetime | None
    reported_at: datetime | None
    confirm_by: datetime | None = strawberry.field(description="Silence until then confirms a report.")
    settled_at: datetime | None
    occurrence: int = strawberry.field(
        description="Of a recurring or triggered duty, which time it is; else 1 or 0."
    )
    recurs: bool
    source: ObligationSource
    key: strawberry.Private[int]
    row: strawberry.Private[ObligationRow]

    @classmethod
    async def of_many(cls, rows: list[ObligationRow]) -> list[Obligation]:
        """All of them, what they come from named: `RELATED` has been fetched; two queries more at most."""
        answers = [row.response_id for row in rows if row.response_id is not None]
        asked: dict[int, tuple[str, int]] = {}
        if answers:
            found = ResponseRow.filter(id__in=answers)
            for key, kind, subject in await found.values_list("id", "deadline__kind", "deadline__subject_id"):
                asked[key] = (kind, subject)
        proposals = [subject for kind, subject in asked.values() if kind == "proposal"]
        titles = (
            dict(await ProposalRow.filter(id__in=proposals).values_list("id", "title")) if proposals else {}
        )
        return [cls._of(row, asked, titles) for row in rows]

    @classmethod
    def _of(cls, row: ObligationRow, asked: dict[int, tuple[str, int]], titles: dict[int, str]) -> Obligation:
        today = clock.today()
        return cls(
            id=encode("Obligation", row.id), party=Party.of(row.party),
            counterpart=Side.of(row.counterpart, row.counterpart_bloc, row.counterpart_area),
            text=row.text, language=row.charter.language if row.charter else script_of(row.text),
            wanted=row.wanted, declared=row.declared, due_on=row.due_on, state=row.state,
            late=row.overdue_at is not None, by_silence=row.by_silence,
            soon=rules.due_soon(row.state, row.due_on, today), days_left=(row.due_on - today).days,
            created_at=row.created_at, reported_at=row.reported_at, confirm_by=row.confirm_by,
            settled_at=row.settled_at, occurrence=row.occurrence,
            recurs=row.clause is not None and row.clause.due_kind == "recurrence",
            source=_source(row, asked, titles), key=row.id, row=row,
        )  # fmt: skip

    @strawberry.field(description="What happened, the oldest first.")
    async def steps(self) -> list[ObligationStep]:
        rows = await StepRow.filter(obligation_id=self.key).select_related("party").order_by("id")
        shown: dict[int, list[Evidence]] = {}
        for row in (
            await EvidenceRow.filter(step__obligation_id=self.key).select_related("file").order_by("id")
        ):
            shown.setdefault(row.step_id, []).append(Evidence.of(row))
        return [
            ObligationStep(
                kind=row.kind, text=row.text, at=row.at, party=Party.of(row.party) if row.party else None,
                evidence=shown.get(row.id, []),
            )
            for row in rows
        ]  # fmt: skip

    @strawberry.field(description="Its sealed entries in the public ledger, the oldest first.")
    async def entries(self, info: Info) -> list[LedgerEntry]:
        rows = EntryRow.filter(kind="obligation", subject_id=str(self.key), seq__isnull=False)
        return await LedgerEntry.of_many(await rows.order_by("seq").limit(30), info.context.language)

    @strawberry.field(description="What the viewer may do about it now.")
    async def possible(self, info: Info) -> list[Possible]:
        viewer = info.context.viewer
        if viewer is None:
            return []
        members = Membership.filter(current(clock.today()), person_id=viewer.id).select_related("party")
        actors = [Actor(viewer)] + [Actor(viewer, party=m.party) for m in await members.order_by("id")]
        found: list[Possible] = []
        for act, moves, may in ACTS:
            if any(lifecycles.can("obligation", self.state, move) for move in moves):
                actor = await _first(actors, may, self.row)
                if actor is not None:
                    found.append(Possible(act=act, as_party=Party.of(actor.party) if actor.party else None))
        return found


ACTS = (
    ("report", ("report",), who.debtor),
    ("confirm", ("confirm",), who.counterpart),
    ("dispute", ("dispute",), who.concerned),
    ("settle", ("uphold",), who.mediator),
    ("waive", ("waive",), who.counterpart),
)


async def _first(actors: list[Actor], may: object, row: ObligationRow) -> Actor | None:
    """The first of these who may."""
    for actor in actors:
        try:
            await may(actor, row)  # type: ignore[operator]
        except CivicError:
            continue
        return actor
    return None


def script_of(text: str) -> str:
    """The language of a text that nobody labelled, by its characters."""
    return "zh-Hans" if any("\u4e00" <= character <= "\u9fff" for character in text) else "en"


def _source(
    row: ObligationRow, asked: dict[int, tuple[str, int]], titles: dict[int, str]
) -> ObligationSource:
    if row.charter is not None:
        number = row.clause.number if row.clause is not None else None
        return ObligationSource(
            kind="charter", id=encode("Charter", row.charter.id), title=row.charter.title, clause=number
        )
    kind, subject = asked.get(row.response_id or 0, ("", 0))
    if kind == "proposal":
        return ObligationSource(
            kind="response", id=encode("Proposal", subject), title=titles.get(subject, ""), clause=None
        )
    return ObligationSource(kind=row.source_kind, id=None, title="", clause=None)
