"""What the API shows of ballots."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from hashlib import sha256
from typing import Any

import orjson
import strawberry

from civic import clock
from civic.acts import ballots, tokens
from civic.acts.permissions import roles_in
from civic.i18n import render
from civic.models import Ballot as BallotRow
from civic.models import Certification, ClosedBox, LedgerEntry
from civic.models import Deadline as DeadlineRow
from civic.models import OpenVote as OpenVoteRow
from civic.models import Option as OptionRow
from civic.models import Proposal as ProposalRow
from civic.models import Scrutineer as ScrutineerRow
from civic.rules.money import plain
from civic.rules.tallies.passing import quorum_needed
from civic.rules.tallies.results import Share
from civic.schema.areas import Area
from civic.schema.ballots import viewing
from civic.schema.ballots.aftermath import Aftermath
from civic.schema.ballots.results import Result
from civic.schema.core.ids import Node, encode
from civic.schema.core.lookahead import selection
from civic.schema.people import Info, Party, Person
from civic.schema.responses import Answer
from civic.settings import settings

HOSTS = {"manager", "delegate"}
# One entry for each voter, without an hour, or some for each batch of sheets: so many that they are not listed.
NOT_LISTED = [
    "ballot.cast",
    "ballot.issue_token",
    "ballot.hand_out_sheet",
    "ballot.replace_sheet",
    "ballot.take_back_sheet",
    "ballot.open_batch",
    "ballot.enter_batch",
]


@strawberry.type(description="What can be chosen.")
class Option:
    key: str
    label: str
    about: str
    cost: str | None = strawberry.field(description="Of a project, in yuan.")
    category: str


@strawberry.type(description="A scrutineer's signature under the result.")
class Certificate:
    person: Person
    party: Party
    at: datetime


@strawberry.type(description="Somebody who was named to certify the count.")
class Scrutineer:
    person: Person
    party: Party
    certified_at: datetime | None


@strawberry.type(description="Somebody who could be named, for a party.")
class Candidate:
    membership: strawberry.ID
    person: Person
    party: Party


@strawberry.type(description="The published box.")
class ClosedBoxInfo:
    papers: int
    sha256: str = strawberry.field(description="Hash of its file, on the record since the closing.")
    path: str = strawberry.field(description="Where its file is served.")


@strawberry.type(description="The part of the roll that has to vote, exactly.")
class QuorumShare:
    numerator: int
    denominator: int
    needed: int = strawberry.field(description="So many voters; 0 until the roll is made.")


@strawberry.type(description="How somebody voted in an open ballot.")
class OpenVote:
    person: Person
    choice: list[str] = strawberry.field(description="Keys of options.")


@strawberry.type(description="The proposal that a ballot hangs on.")
class BallotProposal:
    id: strawberry.ID
    title: str


@strawberry.type(
    description="An act on the record about a ballot; votes, voting passes, sheets and batches are not listed here."
)
class BallotEntry:
    seq: int | None = strawberry.field(description="Null until it is sealed.")
    act: str
    at: str


@strawberry.type(description="A vote of the residents of an area.")
class Ballot(Node):
    id: strawberry.ID
    title: str
    question: str
    method: str
    passing: str
    state: str
    secret: bool
    anonymous: bool = strawberry.field(
        description="Votes come with blind-signed tokens: see `issueToken` and `castWithToken`."
    )
    token_key: str = strawberry.field(
        description="What the announcement froze: the public key of its tokens, as base64 (SPKI); or empty."
    )
    max_choices: int | None
    seats: int | None = strawberry.field(description="How many are to be elected (stv).")
    max_score: int | None
    budget: str | None = strawberry.field(description="In yuan.")
    shuffled: bool = strawberry.field(description="Each voter sees the options in an order drawn for them.")
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
    electorate: str = strawberry.field(description="residents, blocs or roll.")
    blocs: list[str] = strawberry.field(description="Whose delegates vote, where the electorate is blocs.")
    weighted: bool = strawberry.field(description="The roll has weights, and papers are published with them.")
    void_reason: str
    entering: bool = strawberry.field(
        description="Voting is over, and it is open only until all sheets of paper are entered."
    )
    small: bool = strawberry.field(
        description="So few may vote that the result itself may show how people voted."
    )
    row: strawberry.Private[BallotRow]
    ahead: strawberry.Private[viewing.Ahead | None] = None

    @classmethod
    def of(cls, row: BallotRow, cast: int, ahead: viewing.Ahead | None = None) -> Ballot:
        return cls(
            id=encode("Ballot", row.id), title=row.title, question=row.question, method=row.method,
            passing=row.passing, state=row.state, secret=row.secret,
            anonymous=row.anonymous, token_key=row.token_key, max_choices=row.max_choices,
            quorum=row.quorum_numerator / row.quorum_denominator, area=Area.of(row.area), host=Party.of(row.host),
            opens_at=row.opens_at, closes_at=row.closes_at, eligible=row.eligible, cast=cast, frozen=row.frozen,
            seats=row.details.get("seats"), max_score=row.details.get("max_score"), shuffled=row.shuffled,
            budget=plain(row.details["budget"]) if "budget" in row.details else None,
            electorate=row.electorate, blocs=row.blocs, weighted=row.weighted,
            void_reason=row.void_reason, entering=row.state == "open" and clock.now() >= row.closes_at,
            small=0 < row.eligible < settings().small_box, row=row, ahead=ahead,
        )  # fmt: skip

    async def _options(self) -> Sequence[OptionRow]:
        if self.ahead is not None and self.row.id in self.ahead.options:
            return self.ahead.options[self.row.id]
        return await OptionRow.filter(ballot_id=self.row.id).order_by("position")

    @strawberry.field(
        description="The options; in an order drawn for the viewer where the ballot wants that."
    )
    async def options(self, info: Info) -> list[Option]:
        details: dict[str, Any] = self.row.details
        costs, categories = details.get("costs", {}), details.get("categories", {})
        return [
            Option(
                key=r.key, label=r.label, about=r.about, category=categories.get(r.key, ""),
                cost=plain(costs[r.key]) if r.key in costs else None,
            )
            for r in self._in_order(await self._options(), info)
        ]  # fmt: skip

    def _in_order(self, rows: Sequence[OptionRow], info: Info) -> Sequence[OptionRow]:
        """In an order of the viewer's own while they vote, if the ballot wants it; else as the host wrote them."""
        viewer = info.context.viewer
        if not self.row.shuffled or self.row.state != "open" or viewer is None:
            return rows
        seed = f"{self.row.frozen}:{viewer.id}"
        return sorted(rows, key=lambda row: sha256(f"{seed}:{row.key}".encode()).digest())

    @strawberry.field(description="The quorum exactly; null where there is none.")
    def quorum_share(self) -> QuorumShare | None:
        if not self.row.quorum_numerator:
            return None
        part = Fraction(self.row.quorum_numerator, self.row.quorum_denominator)
        share: Share = {"numerator": part.numerator, "denominator": part.denominator}
        return QuorumShare(**share, needed=quorum_needed(self.row.eligible, share))

    @strawberry.field(
        description="Exactly what the announcement freezes: the text whose SHA-256 is `frozen`."
    )
    async def frozen_terms(self) -> str:
        return await ballots.frozen_terms(self.row)

    @strawberry.field(description="Why the viewer cannot vote now; null when they can.")
    async def why_not(self, info: Info) -> str | None:
        refused = await viewing.why_not(self.row, info.context, self.ahead)
        return render(refused, info.context.language) if refused else None

    @strawberry.field(description="Whether the viewer's own vote is in the box; told to nobody else.")
    async def voted(self, info: Info) -> bool:
        return await viewing.voted(self.row, info.context, self.ahead)

    @strawberry.field(description="Whether the viewer was given their token; told to nobody else.")
    async def token_issued(self, info: Info) -> bool:
        viewer = info.context.viewer
        return viewer is not None and self.row.anonymous and await tokens.issued(self.row.id, viewer.id)

    @strawberry.field(description="How many voters were given their token.")
    async def tokens_issued(self) -> int:
        return await tokens.number_issued(self.row)

    @strawberry.field(description="The proposal it hangs on.")
    async def proposal(self) -> BallotProposal | None:
        found = await ProposalRow.get_or_none(id=self.row.proposal_id) if self.row.proposal_id else None
        if found is None or found.state in ("draft", "hidden"):
            return None
        return BallotProposal(id=encode("Proposal", found.id), title=found.title)

    @strawberry.field(description="The outcome; null until it is counted.")
    async def result(self) -> Result | None:
        if self.row.state not in ("tallied", "certified") or self.row.result is None:
            return None
        return Result.of(self.row.result, {r.key: r.label for r in await self._options()})

    @strawberry.field(description="The published box; null until it is closed.")
    async def box(self) -> ClosedBoxInfo | None:
        closed = await ClosedBox.get_or_none(ballot_id=self.row.id)
        if closed is None:
            return None
        path = f"/ledger/boxes/{self.row.id}.json"
        return ClosedBoxInfo(papers=closed.papers, sha256=closed.sha256, path=path)

    @strawberry.field(description="What comes after the count.")
    async def aftermath(self) -> Aftermath:
        return Aftermath.of(self.row)

    @strawberry.field(description="Who certified the result.")
    async def certificates(self) -> list[Certificate]:
        rows = (
            await Certification.filter(ballot_id=self.row.id).select_related("person", "party").order_by("id")
        )
        return [Certificate(person=Person.of(r.person), party=Party.of(r.party), at=r.at) for r in rows]

    @strawberry.field(
        description="Of an open ballot, after closing: who voted how. A hundred at most, after so many."
    )
    async def open_votes(self, after: int = 0) -> list[OpenVote]:
        if self.row.secret or self.row.state not in ("closed", "tallied", "certified"):
            return []
        rows = OpenVoteRow.filter(ballot_id=self.row.id).select_related("person").order_by("id")
        return [
            OpenVote(person=Person.of(r.person), choice=re.split("[,>]", r.choice))
            for r in await rows.offset(max(after, 0)).limit(100)
        ]

    @strawberry.field(description="What the department that asked owes in answer to the result.")
    async def answers(self, info: Info) -> list[Answer]:
        rows = DeadlineRow.filter(kind="ballot", subject_id=self.row.id).select_related("department")
        return await Answer.of_many(info.context, list(await rows), selection(info))

    @strawberry.field(description="Who was named to certify the count.")
    async def scrutineers(self) -> list[Scrutineer]:
        rows = (
            await ScrutineerRow.filter(ballot_id=self.row.id).select_related("person", "party").order_by("id")
        )
        signed = dict(await Certification.filter(ballot_id=self.row.id).values_list("person_id", "at"))
        return [
            Scrutineer(
                person=Person.of(r.person), party=Party.of(r.party), certified_at=signed.get(r.person_id)
            )
            for r in rows
        ]

    @strawberry.field(description="For the host: people of a party who could be named scrutineers.")
    async def candidates(self, info: Info, party: strawberry.ID | None = None) -> list[Candidate]:
        if party is None or not await self.hosting(info):
            return []
        rows = await viewing.candidates(party)
        return [
            Candidate(
                membership=encode("Membership", r.id), person=Person.of(r.person), party=Party.of(r.party)
            )
            for r in rows
        ]

    @strawberry.field(description="For the host: active parties whose people could be named scrutineers.")
    async def parties(self, info: Info) -> list[Party]:
        if not await self.hosting(info):
            return []
        return [Party.of(row) for row in await viewing.parties(self.row)]

    async def hosting(self, info: Info) -> bool:
        viewer = info.context.viewer
        return viewer is not None and bool(await roles_in(viewer, self.row.host_id) & HOSTS)

    @strawberry.field(description="Whether the viewer may act for the host.")
    async def hosted(self, info: Info) -> bool:
        return await self.hosting(info)

    async def _certifying(self, info: Info) -> bool:
        viewer = info.context.viewer
        if viewer is None or self.row.state != "tallied":
            return False
        named = await ScrutineerRow.filter(ballot_id=self.row.id, person_id=viewer.id).exists()
        return named and not await Certification.filter(ballot_id=self.row.id, person_id=viewer.id).exists()

    @strawberry.field(description="Whether the viewer was named a scrutineer and has not signed yet.")
    async def to_certify(self, info: Info) -> bool:
        return await self._certifying(info)

    @strawberry.field(description="For scrutineers: the result, counted again now from the published papers.")
    async def recount(self, info: Info) -> Result | None:
        if not await self._certifying(info):
            return None
        return Result.of(await ballots.recounted(self.row), {r.key: r.label for r in await self._options()})

    @strawberry.field(description="What is on the record about it, the oldest first.")
    async def record(self) -> list[BallotEntry]:
        rows = LedgerEntry.filter(kind="ballot", subject_id=str(self.row.id)).exclude(act__in=NOT_LISTED)
        return [
            BallotEntry(seq=r.seq, act=r.act, at=orjson.loads(r.payload)["time"])
            for r in await rows.order_by("id").limit(100)
        ]
