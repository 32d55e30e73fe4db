"""From opening to closing: the roll, the votes, the box."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, datetime
from typing import Any, NamedTuple

from civic import clock, db
from civic.acts import box
from civic.acts.box import Receipt
from civic.acts.core import Actor, Record, act, act_on, note
from civic.acts.permissions import signed_in, system, the_person
from civic.errors import N_, InvalidState, NotAllowed, NotFound
from civic.models import AreaWithin, Ballot, Option, Person, Residency, RollEntry
from civic.rules import lifecycles
from civic.rules.tallies import clean_choice

_ROLL = (
    "INSERT INTO roll_entry (ballot_id, person_id) SELECT DISTINCT CAST(? AS BIGINT), r.person_id "
    "FROM residency r JOIN area_within w ON w.descendant_id = r.area_id "
    "WHERE w.ancestor_id = ? AND r.state = 'verified' AND (r.expires_at IS NULL OR r.expires_at > ?)"
)


@act_on(Ballot, "ballot.open", may=system)
async def open_(actor: Actor, ballot: Ballot) -> Ballot:
    """Open a ballot by the clock; the roll is frozen."""
    ballot.state = lifecycles.move("ballot", ballot.state, "open")
    now = clock.now()
    await db.execute(_ROLL, ballot.id, ballot.area_id, now if db.on_postgres() else now.isoformat(" "))
    ballot.eligible = await RollEntry.filter(ballot_id=ballot.id).count()
    await ballot.save()
    note(Record("ballot", ballot.id, {"eligible": ballot.eligible}))
    return ballot


class Booth(NamedTuple):
    """What casting has to know of a ballot, read and held in one statement."""

    state: str
    closes_at: datetime
    secret: bool
    method: str
    max_choices: int | None
    frozen: str
    listed: bool


_BOOTH = (
    "SELECT b.state, b.closes_at, b.secret, b.method, b.max_choices, b.frozen, EXISTS ("
    "SELECT 1 FROM roll_entry r WHERE r.ballot_id = b.id AND r.person_id = ?) AS listed "
    "FROM ballot b WHERE b.id = ?"
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


async def _booth(ballot_id: int, person: Person) -> Booth:
    rows = await db.fetch(_BOOTH, str(person.id), ballot_id)
    if not rows or rows[0]["state"] == "draft":
        raise NotFound(N_("This does not exist, or no longer."), reason="gone")
    row: dict[str, Any] = dict(rows[0])
    closes_at = row["closes_at"]
    if isinstance(closes_at, str):
        closes_at = datetime.fromisoformat(closes_at)
    row["closes_at"] = closes_at if closes_at.tzinfo else closes_at.replace(tzinfo=UTC)
    return Booth(**{**row, "secret": bool(row["secret"]), "listed": bool(row["listed"])})


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


@act("ballot.cast", may=signed_in)
async def cast(actor: Actor, ballot_id: int, *, chosen: list[str]) -> Receipt:
    """Cast a vote, or replace it until closing."""
    person = the_person(actor)
    if db.on_postgres():
        await db.fetch(_SHARED, _LOCK, ballot_id % 2**31)
    booth, keys, choice = await _enter(person, ballot_id, chosen)
    receipt = await box.put(ballot_id, str(person.id), choice, secret=booth.secret, options=keys)
    payload = {"ballot": str(ballot_id), "commitment": receipt.commitment}
    note(Record("ballot", ballot_id, payload, anonymous=booth.secret))
    return receipt


async def review(actor: Actor, ballot_id: int, *, chosen: list[str]) -> str:
    """The canonical choice as `cast` would take it; raises what `cast` would raise, and writes nothing."""
    return (await _enter(the_person(actor), ballot_id, chosen))[2]


async def _enter(person: Person, ballot_id: int, chosen: list[str]) -> tuple[Booth, list[str], str]:
    """The booth, the keys of the options and the canonical choice of somebody who may vote now."""
    booth = await _booth(ballot_id, person)
    if booth.state == "announced":
        raise InvalidState(N_("Voting has not begun yet."), reason="not_open")
    if booth.state != "open" or clock.now() >= booth.closes_at:
        raise InvalidState(N_("Voting is over."), reason="closed")
    if not booth.listed:
        raise await why_not(await Ballot.get(id=ballot_id), person)
    keys = await option_keys(ballot_id, booth.frozen)
    return booth, keys, clean_choice(booth.method, keys, chosen, booth.max_choices, field="choices")


async def why_not(ballot: Ballot, person: Person) -> NotAllowed:
    """The refusal for somebody who is not on the roll."""
    homes = await Residency.filter(person_id=person.id, state="verified").values_list("area_id", flat=True)
    if not homes:
        return NotAllowed(
            N_(
                "Your residence is not verified yet. Claim it under “My desk”, then show a document at a counter."
            ),
            reason="not_verified",
        )
    if not await AreaWithin.filter(ancestor_id=ballot.area_id, descendant_id__in=list(homes)).exists():
        return NotAllowed(N_("This vote is for residents of another area."), reason="other_area")
    return NotAllowed(N_("The roll was closed before your residence was verified."), reason="not_on_roll")


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
    }
    closed = await box.publish(ballot, head)
    ballot.cast = closed.papers
    await ballot.save()
    payload = {"ballot": str(ballot.id), "box": closed.sha256, "count": closed.papers}
    note(Record("ballot", ballot.id, payload))
    return ballot
