"""Ballots in the API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import orjson
import strawberry
from tortoise.functions import Count

from civic import clock, events
from civic.acts import ballots, box
from civic.errors import CivicError
from civic.i18n import render
from civic.models import Ballot as BallotRow
from civic.models import BoxEntry, Certification, OpenVote, RollEntry
from civic.models import Option as OptionRow
from civic.schema.areas import Area
from civic.schema.core.connections import Connection, page_of
from civic.schema.core.ids import Node, decode_int, encode
from civic.schema.people import Info, Party, Person


@strawberry.type(description="What can be chosen.")
class Option:
    key: str
    label: str
    about: str


@strawberry.type(description="How often an option was chosen.")
class OptionCount:
    option: str
    label: str
    count: int


@strawberry.type(description="The outcome, as anybody can recount it from the published box.")
class Result:
    passed: bool
    why: str = strawberry.field(description="passed, no_votes, no_quorum, tied or not_enough.")
    winners: list[str]
    counts: list[OptionCount]
    json: str = strawberry.field(description="The whole result, as in the ledger.")


@strawberry.type(description="A scrutineer's signature under the result.")
class Certificate:
    person: Person
    party: Party
    at: datetime


@strawberry.type(description="A vote of the residents of an area.")
class Ballot(Node):
    id: strawberry.ID
    title: str
    question: str
    method: str
    passing: str
    state: str
    secret: bool
    max_choices: int | None
    quorum: float = strawberry.field(description="The part of the roll that has to vote; 0: none.")
    area: Area
    host: Party
    opens_at: datetime
    closes_at: datetime
    eligible: int
    cast: int = strawberry.field(description="How many have voted.")
    frozen: str = strawberry.field(
        description="Hash of what is voted on, in the ledger since the announcement."
    )
    void_reason: str
    row: strawberry.Private[BallotRow]

    @classmethod
    def of(cls, row: BallotRow, cast: int) -> Ballot:
        return cls(
            id=encode("Ballot", row.id), title=row.title, question=row.question, method=row.method,
            passing=row.passing, state=row.state, secret=row.secret, max_choices=row.max_choices,
            quorum=row.quorum_numerator / row.quorum_denominator, area=Area.of(row.area), host=Party.of(row.host),
            opens_at=row.opens_at, closes_at=row.closes_at, eligible=row.eligible, cast=cast, frozen=row.frozen,
            void_reason=row.void_reason, row=row,
        )  # fmt: skip

    @strawberry.field(description="The options in their order.")
    async def options(self) -> list[Option]:
        rows = await OptionRow.filter(ballot_id=self.row.id).order_by("position")
        return [Option(key=r.key, label=r.label, about=r.about) for r in rows]

    @strawberry.field(description="Why the viewer cannot vote now; null when they can.")
    async def why_not(self, info: Info) -> str | None:
        refused = await _why_not(self.row, info)
        return render(refused, info.context.language) if refused else None

    @strawberry.field(description="Whether the viewer's own vote is in the box; told to nobody else.")
    async def voted(self, info: Info) -> bool:
        viewer = info.context.viewer
        return viewer is not None and self.row.state == "open" and await box.has_voted(self.row, viewer)

    @strawberry.field(description="The outcome; null until it is counted.")
    async def result(self) -> Result | None:
        found: Any = self.row.result
        if self.row.state not in ("tallied", "certified") or found is None:
            return None
        labels = dict(await OptionRow.filter(ballot_id=self.row.id).values_list("key", "label"))
        counts = [
            OptionCount(option=c["option"], label=labels.get(c["option"], ""), count=c["count"])
            for c in found["counts"]
        ]
        return Result(
            passed=found["passed"], why=found["why"], winners=found["winners"], counts=counts,
            json=orjson.dumps(found).decode(),
        )  # fmt: skip

    @strawberry.field(description="Who certified the result.")
    async def certificates(self) -> list[Certificate]:
        rows = (
            await Certification.filter(ballot_id=self.row.id).select_related("person", "party").order_by("id")
        )
        return [Certificate(person=Person.of(r.person), party=Party.of(r.party), at=r.at) for r in rows]


async def _why_not(row: BallotRow, info: Info) -> CivicError | None:
    from civic.errors import N_, InvalidState
    from civic.schema.core.errors import not_signed_in

    if row.state == "announced":
        return InvalidState(N_("Voting has not begun yet."), reason="not_open")
    if row.state != "open" or clock.now() >= row.closes_at:
        return InvalidState(N_("Voting is over."), reason="closed")
    viewer = info.context.viewer
    if viewer is None:
        return not_signed_in()
    if await RollEntry.filter(ballot_id=row.id, person_id=viewer.id).exists():
        return None
    return await ballots.why_not(row, viewer)


async def turnout(row: BallotRow) -> int:
    """How many have voted so far."""
    return (await turnouts([row]))[row.id]


async def turnouts(rows: list[BallotRow]) -> dict[int, int]:
    """How many have voted so far in each of these ballots: at most two queries."""
    found = {row.id: 0 if row.state == "open" else row.cast for row in rows}
    for secret, table in ((True, BoxEntry), (False, OpenVote)):
        open_ = [row.id for row in rows if row.state == "open" and row.secret is secret]
        if open_:
            counted = (
                table.filter(ballot_id__in=open_).annotate(papers=Count("ballot_id")).group_by("ballot_id")
            )
            found.update(await counted.values_list("ballot_id", "papers"))
    return found


@strawberry.type
class Query:
    @strawberry.field(description="One ballot, from its announcement on.")
    async def ballot(self, id: strawberry.ID) -> Ballot | None:
        key = decode_int(id, "Ballot")
        row = await BallotRow.filter(id=key).exclude(state="draft").select_related("area", "host").first()
        return Ballot.of(row, await turnout(row)) if row else None

    @strawberry.field(description="Ballots from their announcement on, those that close last first.")
    async def ballots(
        self,
        first: int | None = None,
        after: str | None = None,
        area: str | None = None,
        state: str | None = None,
    ) -> Connection[Ballot]:
        rows = (
            BallotRow.filter(state=state) if state and state != "draft" else BallotRow.exclude(state="draft")
        )
        if area:
            rows = rows.filter(area__around__ancestor__code=area)
        page = page_of(first, after)
        found = await page.rows(rows.select_related("area", "host"), [("closes_at", "desc"), ("id", "desc")])
        cast = await turnouts(found.rows)
        return found.connection(node=lambda row: Ballot.of(row, cast[row.id]), total=rows.count)


@strawberry.input
class OptionInput:
    label: str
    about: str = ""


@strawberry.input
class CreateBallotInput:
    as_party: strawberry.ID
    title: str
    question: str
    area: str
    opens_at: datetime
    closes_at: datetime
    method: str = "yes_no"
    passing: str = "majority"
    options: list[OptionInput] = strawberry.field(default_factory=list)
    quorum_percent: int = 0
    max_choices: int | None = None
    secret: bool = True
    proposal: strawberry.ID | None = None


@strawberry.input
class BallotInput:
    ballot: strawberry.ID
    as_party: strawberry.ID | None = None


@strawberry.input
class CastVoteInput:
    ballot: strawberry.ID
    choices: list[str] = strawberry.field(description="Keys of options.")


@strawberry.type(description="What the voter keeps. Only they have it: the salt is stored nowhere.")
class Receipt:
    ballot: str
    tracker: str
    version: int
    commitment: str
    salt: str
    signature: str
    public_key: str


@strawberry.type
class BallotPayload:
    id: strawberry.ID
    state: str


@strawberry.type
class CastVotePayload:
    receipt: Receipt


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Draft a ballot.")
    async def create_ballot(self, info: Info, input: CreateBallotInput) -> BallotPayload:
        row = await ballots.create(
            await info.context.actor(input.as_party),
            title=input.title, question=input.question, area=input.area, opens_at=input.opens_at,
            closes_at=input.closes_at, method=input.method, passing=input.passing,
            options=[ballots.NewOption(o.label, o.about) for o in input.options if o.label.strip()],
            quorum=(input.quorum_percent, 100), max_choices=input.max_choices, secret=input.secret,
            proposal=decode_int(input.proposal, "Proposal", field="proposal") if input.proposal else None,
        )  # fmt: skip
        return BallotPayload(id=encode("Ballot", row.id), state=row.state)

    @strawberry.mutation(description="Announce a ballot; from now on it is frozen.")
    async def announce_ballot(self, info: Info, input: BallotInput) -> BallotPayload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        row = await ballots.announce(await info.context.actor(input.as_party), key)
        return BallotPayload(id=input.ballot, state=row.state)

    @strawberry.mutation(description="Cast a vote, or replace it until closing.")
    async def cast_vote(self, info: Info, input: CastVoteInput) -> CastVotePayload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        done = await ballots.cast(await info.context.actor(), key, chosen=input.choices)
        return CastVotePayload(
            receipt=Receipt(
                ballot=done.ballot, tracker=done.tracker, version=done.version, commitment=done.commitment,
                salt=done.salt, signature=done.signature, public_key=done.public_key,
            )
        )  # fmt: skip

    @strawberry.mutation(description="Certify a count, as a scrutineer.")
    async def certify_ballot(self, info: Info, input: BallotInput) -> BallotPayload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        row = await ballots.certify(await info.context.actor(), key)
        return BallotPayload(id=input.ballot, state=row.state)


@strawberry.type
class Subscription:
    @strawberry.subscription(description="How many have voted, now and at each vote.")
    async def ballot_turnout(self, id: strawberry.ID) -> AsyncIterator[int]:
        key = decode_int(id, "Ballot")
        with events.listening(f"ballot:{key}") as heard:
            while True:
                row = await BallotRow.filter(id=key).exclude(state="draft").first()
                if row is None:
                    return
                yield await turnout(row)
                await heard.get()
