"""Reading ballots, and turnout as it grows."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import strawberry
from tortoise.expressions import Q

from civic import clock, events
from civic.acts import ballots, receipts
from civic.acts.permissions import roles_in
from civic.ledger import proofs, sequencer
from civic.models import Ballot as BallotRow
from civic.models import Membership
from civic.models import Option as OptionRow
from civic.models import Proposal as ProposalRow
from civic.schema.ballots import viewing
from civic.schema.ballots.inputs import CastVoteInput, CheckReceiptInput
from civic.schema.ballots.types import HOSTS, Ballot, BallotProposal
from civic.schema.core.connections import Connection, page_of
from civic.schema.core.context import Context
from civic.schema.core.ids import decode_int, encode, register_node, whole
from civic.schema.core.lookahead import selection
from civic.schema.people import Info
from civic.schema.search import matching

PAUSE = 1.0  # seconds between two figures of a subscription


@strawberry.type(description="One part of a vote.")
class Chosen:
    key: str
    label: str
    score: int | None


@strawberry.type(description="A vote as it would be cast: to be read over before casting.")
class ReviewedVote:
    choices: list[Chosen]
    ranked: bool = strawberry.field(description="The order counts.")


@strawberry.type(description="How the vote of a receipt stands.")
class CheckedReceipt:
    ballot: strawberry.ID
    title: str
    version: int
    commitment: str
    recorded: bool = strawberry.field(
        description="The ledger holds its commitment: promised by the signature, provable once it is sealed."
    )
    entry: int | None = strawberry.field(description="Its number in the ledger; null until it is sealed.")
    proof: list[str] = strawberry.field(
        description="The hashes (hex) that prove it in the tree of the newest checkpoint."
    )
    checkpoint: str | None
    fate: str = strawberry.field(
        description="open, void, counted, replaced, or other/missing: the box does not hold it, which should never be."
    )
    choice: str | None = strawberry.field(description="As what the published box holds it.")


async def _visible(key: int | None, context: Context) -> BallotRow | None:
    """A ballot that this reader may see: drafts are for their host."""
    row = await BallotRow.get_or_none(id=key).select_related("area", "host")
    if row is not None and row.state == "draft":
        viewer = context.viewer
        if viewer is None or not await roles_in(viewer, row.host_id) & HOSTS:
            return None
    return row


async def _load(context: Context, key: str) -> Ballot | None:
    row = await _visible(whole(key), context)
    return Ballot.of(row, (await viewing.turnout([row]))[row.id]) if row else None


register_node("Ballot", _load)


@strawberry.type
class Query:
    @strawberry.field(description="One ballot, from its announcement on; its host also sees the draft.")
    async def ballot(self, info: Info, id: strawberry.ID) -> Ballot | None:
        return await _load(info.context, str(decode_int(id, "Ballot")))

    @strawberry.field(description="Ballots from their announcement on, those that close last first.")
    async def ballots(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        area: str | None = None,
        state: str | None = None,
        proposal: strawberry.ID | None = None,
        host: strawberry.ID | None = None,
        q: str | None = None,
    ) -> Connection[Ballot]:
        rows = BallotRow.exclude(state="draft")
        if q and q.strip():
            rows = rows.filter(id__in=await matching("ballot", q))
        if host:
            rows = rows.filter(host_id=decode_int(host, "Party", field="host"))
        if state:
            rows = rows.filter(state=state)
            if state == "open":  # one may vote now: not those whose sheets are being entered
                rows = rows.filter(closes_at__gt=clock.now())
        if area:
            rows = rows.filter(area__around__ancestor__code=area)
        if proposal:
            rows = rows.filter(proposal_id=decode_int(proposal, "Proposal", field="proposal"))
        page = page_of(first, after, last, before)
        found = await page.rows(rows.select_related("area", "host"), [("closes_at", "desc"), ("id", "desc")])
        cast = await viewing.turnout(found.rows)
        ahead = await viewing.ahead(found.rows, selection(info).nodes, info.context)
        return found.connection(node=lambda row: Ballot.of(row, cast[row.id], ahead), total=rows.count)

    @strawberry.field(description="A proposal that a ballot could hang on.")
    async def ballot_proposal(self, id: strawberry.ID | None = None) -> BallotProposal | None:
        if not id:
            return None
        found = await ProposalRow.get_or_none(id=decode_int(id, "Proposal"))
        if found is None or found.state in ("draft", "hidden"):
            return None
        return BallotProposal(id=encode("Proposal", found.id), title=found.title)

    @strawberry.field(
        description="Ballots that the viewer hosts or was named to certify, the newest first, drafts included."
    )
    async def my_ballots(self, info: Info) -> list[Ballot]:
        viewer = info.context.signed_in()
        hosts = await Membership.filter(
            person_id=viewer.id, until_day=None, role__in=sorted(HOSTS), party__kind="government"
        ).values_list("party_id", flat=True)
        rows = (
            await BallotRow.filter(Q(host_id__in=list(hosts)) | Q(scrutineers__person_id=viewer.id))
            .distinct()
            .select_related("area", "host")
            .order_by("-id")
            .limit(50)
        )
        cast = await viewing.turnout(rows)
        return [Ballot.of(row, cast[row.id]) for row in rows]

    @strawberry.field(description="Check a vote without casting it.")
    async def review_vote(self, info: Info, input: CastVoteInput) -> ReviewedVote:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        choice = await ballots.review(await info.context.actor(), key, chosen=input.choices)
        rows = {row.key: row for row in await OptionRow.filter(ballot_id=key)}
        found = []
        for part in re.split("[,>]", choice):
            name, _, score = part.partition(":")
            label = rows[name].label if name in rows else name
            found.append(Chosen(key=name, label=label, score=int(score) if score else None))
        return ReviewedVote(choices=found, ranked=">" in choice)

    @strawberry.field(description="Check a receipt: whether we signed it, and how its vote stands.")
    async def check_receipt(self, info: Info, input: CheckReceiptInput) -> CheckedReceipt:
        found = await receipts.check(input.receipt)
        newest = await sequencer.checkpoint()
        entry = found.entry if newest and found.entry is not None and found.entry < newest.size else None
        proof = await proofs.inclusion(entry, newest.size) if entry is not None else []
        return CheckedReceipt(
            ballot=encode("Ballot", found.ballot.id), title=found.ballot.title, version=found.version,
            commitment=found.commitment, recorded=found.recorded, entry=entry,
            proof=[h.hex() for h in proof], checkpoint=newest.note if entry is not None else None, fate=found.fate,
            choice=found.choice or None,
        )  # fmt: skip


@strawberry.type
class Subscription:
    @strawberry.subscription(description="How many have voted: now, and again when that changes.")
    async def ballot_turnout(self, id: strawberry.ID) -> AsyncIterator[int]:
        key = decode_int(id, "Ballot")
        with events.listening(f"ballot:{key}") as heard:
            told = None
            while True:
                row = await BallotRow.filter(id=key).exclude(state="draft").first()
                if row is None:
                    return
                count = (await viewing.turnout([row]))[key]
                if count != told:
                    told = count
                    yield count
                await heard.get()
                await asyncio.sleep(PAUSE)
                while not heard.empty():
                    heard.get_nowait()
