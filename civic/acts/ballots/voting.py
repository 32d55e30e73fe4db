"""From opening to closing: the roll, the votes, the box."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson

from civic import clock, db
from civic.acts import box, paper_box
from civic.acts.ballots.challenges import lapse
from civic.acts.ballots.electorates import enrol, listed, voters, weights, why_not
from civic.acts.ballots.nameless import cast_nameless
from civic.acts.ballots.rolls import digest
from civic.acts.box import Receipt
from civic.acts.core import Actor, Record, act_on, note
from civic.acts.permissions import system, the_person
from civic.acts.together import Call, Done, Outcome, act_together
from civic.acts.tokens import TokenVote
from civic.errors import N_, CivicError, Conflict, InvalidState, NotFound
from civic.models import Ballot, Option, Person, TokenIssue
from civic.rules import lifecycles
from civic.rules.rolls import SCALE
from civic.rules.tallies import Details, clean_choice
from civic.rules.tokens import VARIANT


async def open_(actor: Actor, ballot: Ballot | int) -> Ballot:
    """Open a ballot by the clock; the roll is frozen. A long roll is read before, so that nobody waits for it."""
    row = ballot if isinstance(ballot, Ballot) else await Ballot.get(id=ballot)
    return await _open(actor, row, digest=await digest(row))


@act_on(Ballot, "ballot.open", may=system)
async def _open(actor: Actor, ballot: Ballot, *, digest: str) -> Ballot:
    """Open a ballot by the clock; the roll is frozen."""
    ballot.state = lifecycles.move("ballot", ballot.state, "open")
    said = await enrol(ballot, digest)
    if undecided := await lapse(ballot):
        said["undecided"] = undecided
    await ballot.save()
    note(Record("ballot", ballot.id, said))
    return ballot


class Booth(NamedTuple):
    """What casting has to know of a ballot."""

    state: str
    closes_at: datetime
    secret: bool
    anonymous: bool
    token_key: str
    method: str
    max_choices: int | None
    frozen: str
    details: Details
    paper: bool
    electorate: str


_BOOTH = (
    "SELECT state, closes_at, secret, anonymous, token_key, method, max_choices, frozen, details, electorate, "
    "EXISTS (SELECT 1 FROM paper_polling p WHERE p.ballot_id = ballot.id) AS paper FROM ballot WHERE id = ?"
)
# Votes share this lock, closing and voiding take it alone: nobody's vote is under way when the box is opened.
# A lock on the ballot's row would do the same at several times the price, since all votes lock the same row.
_LOCK = 0x62616C
_SHARED = "SELECT pg_advisory_xact_lock_shared(?, ?)"
_ALONE = "SELECT pg_advisory_xact_lock(?, ?)"


async def hold_alone(ballot: Ballot) -> None:
    """Wait for the votes that are under way, and let no other begin until this transaction ends."""
    if db.on_postgres():
        await db.fetch(_ALONE, _LOCK, ballot.id % 2**31)


async def hold_shared(ballot_id: int) -> None:
    """Take part in what closing waits for."""
    if db.on_postgres():
        await db.fetch(_SHARED, _LOCK, ballot_id % 2**31)


async def booth_of(ballot_id: int) -> Booth:
    """What casting has to know. Raises NotFound; InvalidState while the ballot is not open."""
    rows = await db.fetch(_BOOTH, ballot_id)
    if not rows or rows[0]["state"] == "draft":
        raise NotFound(N_("This does not exist, or no longer."), reason="gone")
    row: dict[str, Any] = dict(rows[0])
    closes_at = row["closes_at"]
    if isinstance(closes_at, str):
        closes_at = datetime.fromisoformat(closes_at)
    row["closes_at"] = closes_at if closes_at.tzinfo else closes_at.replace(tzinfo=UTC)
    details = row["details"]
    row["details"] = orjson.loads(details) if isinstance(details, str) else details
    booth = Booth(**{**row, "secret": bool(row["secret"]), "anonymous": bool(row["anonymous"])})
    if booth.state == "announced":
        raise InvalidState(N_("Voting has not begun yet."), reason="not_open")
    if booth.state != "open" or clock.now() >= booth.closes_at:
        raise InvalidState(N_("Voting is over."), reason="closed")
    return booth


_keys: OrderedDict[tuple[int, str], list[str]] = OrderedDict()


async def option_keys(ballot_id: int, frozen: str) -> list[str]:
    """The keys of the options in order; remembered, because they cannot change once they are frozen."""
    known = _keys.get((ballot_id, frozen))
    if known is None:
        rows = await Option.filter(ballot_id=ballot_id).order_by("position").values_list("key", flat=True)
        known = _keys[ballot_id, frozen] = [str(key) for key in rows]
        while len(_keys) > 1000:
            _keys.popitem(last=False)
    return known


async def cast(actor: Actor, ballot_id: int, *, chosen: list[str]) -> Receipt:
    """Cast a vote, or replace it until closing."""
    return await _cast(actor, Wish(ballot_id, chosen))


async def review(actor: Actor, ballot_id: int, *, chosen: list[str]) -> str:
    """The canonical choice as `cast` would take it; raises what `cast` would raise, and writes nothing."""
    person, booth = the_person(actor), await booth_of(ballot_id)
    _by_name(booth)
    if not await listed(ballot_id, [person], by_roll=booth.electorate == "roll"):
        raise await why_not(await Ballot.get(id=ballot_id), person)
    if booth.paper and await paper_box.on_paper(ballot_id, [str(person.id)]):
        raise has_a_sheet()
    return _clean(booth, await option_keys(ballot_id, booth.frozen), chosen)


def _clean(booth: Booth, keys: list[str], chosen: list[str]) -> str:
    return clean_choice(booth.method, keys, chosen, booth.max_choices, booth.details, field="choices")


def _by_name(booth: Booth) -> None:
    """Raises InvalidState where votes come with tokens: no choice may reach us beside a name."""
    if booth.anonymous:
        raise InvalidState(
            N_(
                "In this ballot one votes with a voting pass, without a name. Get yours on the ballot's page."
            ),
            reason="by_token",
        )


async def cast_with_token(ballot_id: int, vote: TokenVote) -> Receipt:
    """Cast a vote with a token, or replace it until closing. Whoever sends it is not asked who they are."""
    return await _cast(Actor(), Wish(ballot_id, [], vote))


class Wish(NamedTuple):
    """A vote that somebody wants to cast; with a token it is nobody's."""

    ballot_id: int
    chosen: list[str]
    token: TokenVote | None = None


async def voter(actor: Actor, subject: object) -> None:
    """a voter on the roll, or whoever holds a token of the ballot"""


@act_together("ballot.cast", may=voter)
async def _cast(calls: list[Call[Wish]]) -> list[Outcome[Receipt]]:
    """Cast a vote, or replace it until closing."""
    outcomes: dict[int, Outcome[Receipt]] = {}
    for ballot_id in sorted({call.wish.ballot_id for call in calls}):
        mine = {place: call for place, call in enumerate(calls) if call.wish.ballot_id == ballot_id}
        outcomes |= await _cast_in(ballot_id, mine)
    return [outcomes[place] for place in range(len(calls))]


async def _cast_in(ballot_id: int, calls: dict[int, Call[Wish]]) -> dict[int, Outcome[Receipt]]:
    """Cast these votes in one ballot. Of one voter's votes each replaces the one before it."""
    await hold_shared(ballot_id)
    try:
        booth = await booth_of(ballot_id)
    except CivicError as error:
        return dict.fromkeys(calls, error)
    keys = await option_keys(ballot_id, booth.frozen)
    by_token = {place: call.wish.token for place, call in calls.items() if call.wish.token is not None}
    if by_token:
        named = {place: call for place, call in calls.items() if place not in by_token}
        done = await cast_nameless(ballot_id, booth, keys, by_token)
        return done | (await _cast_in(ballot_id, named) if named else {})
    outcomes: dict[int, Outcome[Receipt]] = {}
    people: dict[int, Person] = {}
    for place, call in calls.items():
        try:
            people[place] = the_person(call.actor)
            _by_name(booth)
        except CivicError as error:
            outcomes[place] = error
    calls = {place: call for place, call in calls.items() if place not in outcomes}
    here = [people[place] for place in calls]
    entitled = await listed(ballot_id, here, by_roll=booth.electorate == "roll") if here else set()
    sheets = await paper_box.on_paper(ballot_id, entitled) if booth.paper else set()
    ready: list[tuple[int, str, str]] = []
    for place, call in calls.items():
        voter = str(people[place].id)
        try:
            if voter not in entitled:
                raise await why_not(await Ballot.get(id=ballot_id), people[place])
            if voter in sheets:
                raise has_a_sheet()
            ready.append((place, voter, _clean(booth, keys, call.wish.chosen)))
        except CivicError as error:
            outcomes[place] = error
    try:
        receipts = await box.put(ballot_id, [one[1:] for one in ready], secret=booth.secret, options=keys)
    except CivicError as error:
        return outcomes | dict.fromkeys([place for place, _, _ in ready], error)
    for (place, _, _), receipt in zip(ready, receipts, strict=True):
        payload = {"ballot": str(ballot_id), "commitment": receipt.commitment}
        outcomes[place] = Done(receipt, Record("ballot", ballot_id, payload, anonymous=booth.secret))
    return outcomes


def has_a_sheet() -> Conflict:
    """The refusal for somebody who votes on paper."""
    return Conflict(
        N_(
            "You were handed a paper ballot, so you vote with that. Give it back unused at the polling place to vote here."
        ),
        reason="on_paper",
    )


async def _weigher(ballot: Ballot) -> dict[str, int] | None:
    """By the tag of a voter's paper (in an open ballot by the voter) their weight, where the roll has weights."""
    if not ballot.weighted:
        return None
    if ballot.secret:
        return await weights(ballot, box.key_of(ballot.id))
    return {voter: weight async for voter, weight in voters(ballot)}


@act_on(Ballot, "ballot.close", may=system)
async def close(actor: Actor, ballot: Ballot) -> Ballot:
    """Close a ballot by the clock: its papers are published without tags; its key is destroyed next."""
    await hold_alone(ballot)
    ballot.state = lifecycles.move("ballot", ballot.state, "close")
    options = await Option.filter(ballot_id=ballot.id).order_by("position").values("key", "label")
    quorum = {"numerator": ballot.quorum_numerator, "denominator": ballot.quorum_denominator}
    head = {
        "ballot": str(ballot.id),
        "method": ballot.method,
        "passing": ballot.passing,
        "quorum": quorum if ballot.quorum_numerator else None,
        "options": [{"id": o["key"], "label": o["label"]} for o in options],
        "eligible": ballot.eligible,
        "max_choices": ballot.max_choices,
        "seed": "",
        **({"details": ballot.details} if ballot.details else {}),
        **({"eligible_weight": ballot.eligible_weight, "weight_scale": SCALE} if ballot.weighted else {}),
    }
    if ballot.anonymous:
        issued = TokenIssue.filter(ballot_id=ballot.id)
        head["tokens"] = {"variant": VARIANT, "key": ballot.token_key, "issued": await issued.count()}
        await issued.delete()
    paper = await paper_box.closing(ballot)
    closed = await box.publish(ballot, {**head, **paper.head}, paper.sheets, await _weigher(ballot))
    await paper_box.forget(ballot.id)
    ballot.cast = closed.papers
    await ballot.save()
    payload = {"ballot": str(ballot.id), "box": closed.sha256, "count": closed.papers}
    note(Record("ballot", ballot.id, payload))
    return ballot
