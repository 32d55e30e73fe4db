"""What the API shows of paper ballots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import strawberry

from civic.acts import paper_ballots, paper_box
from civic.acts.permissions import roles_in
from civic.ledger import boxes
from civic.models import Ballot as BallotRow
from civic.models import Option as OptionRow
from civic.models import PaperBatch as BatchRow
from civic.models import PaperPolling as PollingRow
from civic.models import PaperReading, Scrutineer
from civic.rules import paper_ballots as rules
from civic.rules.tallies.counting import count
from civic.schema.ballots.results import OptionCount
from civic.schema.core.ids import encode
from civic.schema.people import Info, Person

CLERKS = {"manager", "delegate", "clerk"}


@strawberry.type(description="A sheet on which clerks differ.")
class DisputedSheet:
    number: int = strawberry.field(description="Its place in the batch, from 1.")
    readings: list[str] = strawberry.field(
        description="As each clerk typed it, in their order; empty where one did not read it."
    )


@strawberry.type(description="A stack of sheets that two clerks enter.")
class PaperBatch:
    id: strawberry.ID
    number: int
    sheets: int
    state: str = strawberry.field(
        description="open, entered (once), differing, referred (to a scrutineer), settled or discarded."
    )
    differing: int = strawberry.field(description="Sheets on which clerks do not agree yet.")
    reason: str = strawberry.field(description="Why it was discarded, or how a scrutineer settled it.")
    row: strawberry.Private[BatchRow]
    ballot: strawberry.Private[BallotRow]

    @classmethod
    def of(cls, row: BatchRow, ballot: BallotRow) -> PaperBatch:
        return cls(
            id=encode("PaperBatch", row.id), number=row.number, sheets=row.sheets, state=row.state,
            differing=row.differing, reason=row.reason, row=row, ballot=ballot,
        )  # fmt: skip

    @strawberry.field(
        description="For clerks and scrutineers: the sheets in dispute, with what each clerk read."
    )
    async def disputed(self, info: Info) -> list[DisputedSheet]:
        if not await _counting(self.ballot, info):
            return []
        found = await paper_ballots.in_dispute(self.ballot, self.row)
        return [DisputedSheet(number=number, readings=typed) for number, typed in found.items()]

    @strawberry.field(description="For clerks and scrutineers: who has entered it, in their order.")
    async def clerks(self, info: Info) -> list[Person]:
        if not await _counting(self.ballot, info):
            return []
        rows = PaperReading.filter(batch_id=self.row.id).select_related("clerk").order_by("turn")
        return [Person.of(row.clerk) for row in await rows]

    @strawberry.field(description="The sheets that the viewer may enter now; none when it is another's turn.")
    async def to_enter(self, info: Info) -> list[int]:
        viewer = info.context.viewer
        if viewer is None or not await _clerk(self.ballot, info):
            return []
        if self.row.state == "differing":
            return list(await paper_ballots.in_dispute(self.ballot, self.row))
        mine = await PaperReading.filter(batch_id=self.row.id, clerk_id=viewer.id).exists()
        if self.row.state == "open" or (self.row.state == "entered" and not mine):
            return list(range(1, self.row.sheets + 1))
        return []

    @strawberry.field(description="The sheets that the viewer, a named scrutineer, may settle now.")
    async def to_settle(self, info: Info) -> list[int]:
        viewer = info.context.viewer
        if viewer is None or self.row.state not in ("differing", "referred"):
            return []
        if await PaperReading.filter(batch_id=self.row.id, clerk_id=viewer.id).exists():
            return []
        if not await _scrutineer(self.ballot, info):
            return []
        return list(await paper_ballots.in_dispute(self.ballot, self.row))


async def _clerk(ballot: BallotRow, info: Info) -> bool:
    viewer = info.context.viewer
    return viewer is not None and bool(await roles_in(viewer, ballot.host_id) & CLERKS)


async def _scrutineer(ballot: BallotRow, info: Info) -> bool:
    viewer = info.context.viewer
    return viewer is not None and await Scrutineer.filter(ballot_id=ballot.id, person_id=viewer.id).exists()


async def _counting(ballot: BallotRow, info: Info) -> bool:
    return await _clerk(ballot, info) or await _scrutineer(ballot, info)


@strawberry.type(description="What one channel brought into the box.")
class ChannelTotal:
    channel: str = strawberry.field(description="online or paper.")
    papers: int
    invalid: int
    abstentions: int
    counts: list[OptionCount]


@strawberry.type(description="Paper beside the vote online. Numbers are of sheets.")
class PaperPolling:
    state: str = strawberry.field(description="offered, or completed: all sheets are entered.")
    handed_out: int
    replaced: int = strawberry.field(description="Given back spoilt, for which another was handed out.")
    taken_back: int = strawberry.field(description="Given back unused.")
    settled: int = strawberry.field(description="In settled batches: these are in the box.")
    missing: int = strawberry.field(description="Handed out, not given back, and in no settled batch.")
    loose: int = strawberry.field(description="Handed out, not given back, and in no batch yet.")
    open_batches: int = strawberry.field(description="Batches that are not settled yet.")
    missing_reason: str
    handing_out: bool = strawberry.field(description="Sheets are handed out now.")
    entering: bool = strawberry.field(description="Voting is over, and sheets are entered now.")
    blank: int | None = strawberry.field(
        description="After closing; null where there are too few sheets to tell."
    )
    spoilt: int | None
    row: strawberry.Private[PollingRow]
    ballot: strawberry.Private[BallotRow]

    @strawberry.field(description="All batches, in their order.")
    async def batches(self) -> list[PaperBatch]:
        rows = await BatchRow.filter(ballot_id=self.ballot.id).order_by("number")
        return [PaperBatch.of(row, self.ballot) for row in rows]

    @strawberry.field(description="Whether the viewer hands out and enters sheets for the host.")
    async def clerk(self, info: Info) -> bool:
        return await _clerk(self.ballot, info)

    @strawberry.field(
        description="What each channel brought; null before the count, and where one of them is so small "
        "that this could show how somebody voted."
    )
    async def channels(self) -> list[ChannelTotal] | None:
        if self.ballot.state not in ("tallied", "certified"):
            return None
        groups = {name: await boxes.of_channel(self.ballot.id, name) for name in (rules.ONLINE, rules.PAPER)}
        if not all(groups.values()):
            return None
        options = await OptionRow.filter(ballot_id=self.ballot.id).order_by("position")
        return [self._total(name, choices, options) for name, choices in groups.items()]

    def _total(self, name: str, choices: dict[str, int], options: Sequence[OptionRow]) -> ChannelTotal:
        row, details = self.ballot, self.ballot.details
        found = count(row.method, [o.key for o in options], choices, row.max_choices, details)  # type: ignore[arg-type]
        return ChannelTotal(
            channel=name,
            papers=found.valid + found.invalid,
            invalid=found.invalid,
            abstentions=found.abstentions,
            counts=[OptionCount(option=o.key, label=o.label, count=found.votes[o.key]) for o in options],
        )


@strawberry.type(description="Somebody at the polling place, as a clerk sees them.")
class PaperVoter:
    pseudonym: str
    name: str
    votes: str = strawberry.field(
        description="no_vote: may get a sheet; online: has voted online; paper: has a sheet; or not_listed."
    )


@strawberry.type
class PaperPayload:
    ballot: strawberry.ID


@strawberry.type
class PaperBatchPayload:
    batch: PaperBatch


async def polling(key: int | None) -> PaperPolling | None:
    ballot = await BallotRow.get_or_none(id=key)
    row = await PollingRow.get_or_none(ballot_id=key)
    if ballot is None or row is None or ballot.state == "draft":
        return None
    stock = await paper_box.stock(row)
    said: dict[str, Any] = {}
    if ballot.state in ("tallied", "certified"):
        said = (await boxes.head(ballot.id)).get("paper", {})
    return PaperPolling(
        state=row.state, handed_out=stock.handed_out, replaced=row.replaced, taken_back=row.taken_back,
        settled=stock.settled, missing=stock.missing, loose=stock.loose, open_batches=stock.open_batches,
        missing_reason=row.missing_reason, handing_out=paper_ballots.is_handing_out(ballot, row),
        entering=paper_ballots.is_entering(ballot, row), blank=said.get("blank"), spoilt=said.get("spoilt"),
        row=row, ballot=ballot,
    )  # fmt: skip
