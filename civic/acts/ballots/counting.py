"""From the published box to a certified result, or to none."""

from __future__ import annotations

from typing import Any

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from civic import clock, db
from civic.acts import paper_box, responses
from civic.acts.ballots import complaints
from civic.acts.ballots.voting import hold_alone
from civic.acts.ballots.who import host
from civic.acts.core import SYSTEM, Actor, Record, act_on, note
from civic.acts.permissions import any_of, roles_in, signed_in, steward, system, the_person
from civic.errors import N_, Conflict, InvalidInput, InvalidState, NotAllowed
from civic.ledger import boxes
from civic.models import Ballot, Certification, LedgerCheckpoint, LedgerEntry, Party, Person, Scrutineer
from civic.rules import lifecycles
from civic.rules.tallies import tally as count
from civic.rules.text import one_line


async def recounted(ballot: Ballot, seed: str = "") -> dict[str, Any]:
    """The result, counted now from the published papers: grouped by the database, exact on the groups.

    seed: of the draw (hex), where one is needed.
    """
    head = await boxes.head(ballot.id)
    result: Any = count(
        head["method"],
        head["passing"],
        [option["id"] for option in head["options"]],
        await boxes.groups(ballot.id),
        eligible=head["eligible"],
        quorum=head["quorum"],
        max_choices=head["max_choices"],
        seed=bytes.fromhex(seed),
        details=head.get("details"),
        weights=await boxes.weighed(ballot.id) if "eligible_weight" in head else None,
        eligible_weight=head.get("eligible_weight", 0),
    )
    return dict(result)


@act_on(Ballot, "ballot.tally", may=system)
async def tally(actor: Actor, ballot: Ballot) -> Ballot:
    """Count the published box."""
    ballot.state = lifecycles.move("ballot", ballot.state, "tally")
    payload: dict[str, Any] = {"ballot": str(ballot.id), "result": await recounted(ballot)}
    tie = payload["result"]["tie"]
    if tie is not None and tie["broken_by"] == "none":
        drawn = await _draw(ballot)
        payload["result"] = await recounted(ballot, drawn.root)
        payload["checkpoint"] = drawn.size
    ballot.result = payload["result"]
    await ballot.save()
    note(Record("ballot", ballot.id, payload))
    return ballot


async def _draw(ballot: Ballot) -> LedgerCheckpoint:
    """The checkpoint that draws lots: the first one that was signed over the closing. It could not be known before."""
    closing = await LedgerEntry.filter(kind="ballot", subject_id=str(ballot.id), act="ballot.close").first()
    found = None
    if closing is not None and closing.seq is not None:
        found = await LedgerCheckpoint.filter(size__gt=closing.seq).order_by("size").first()
    if found is None:
        raise InvalidState(N_("Lots are drawn once the closing is sealed in the ledger."), reason="unsealed")
    return found


@act_on(Ballot, "ballot.name_scrutineer", may=host)
async def name_scrutineer(
    actor: Actor, ballot: Ballot, *, person: Person | None, party: Party | None
) -> Ballot:
    """Name who will certify the count, for which party."""
    if ballot.state in ("certified", "void"):
        raise InvalidState(N_("The ballot is over."), reason="wrong_state")
    if person is None or party is None or party.state != "active" or not await roles_in(person, party.id):
        raise InvalidInput(N_("A scrutineer acts for a party."), field="party", reason="party_role")
    try:
        async with in_transaction("default"):
            await Scrutineer.create(ballot=ballot, person=person, party=party)
    except IntegrityError:
        raise Conflict(N_("This person is a scrutineer already."), reason="named") from None
    note(Record("ballot", ballot.id, {"scrutineer": person.pseudonym, "party": party.id}))
    return ballot


@act_on(Ballot, "ballot.certify", may=signed_in)
async def certify(actor: Actor, ballot: Ballot) -> Ballot:
    """Certify the count; the second scrutineer, of another bloc, makes it final."""
    after = lifecycles.move("ballot", ballot.state, "certify")
    person = the_person(actor)
    named = await Scrutineer.get_or_none(ballot_id=ballot.id, person_id=person.id).select_related("party")
    if named is None or not await roles_in(person, named.party_id):
        raise NotAllowed(
            N_("Only the scrutineers who were named certify the count."), reason="not_scrutineer"
        )
    recorded: Any = ballot.result
    if await recounted(ballot, recorded.get("seed", "")) != recorded:
        raise Conflict(
            N_("The published box does not lead to this result, so it cannot be certified."),
            reason="count_differs",
        )
    try:
        async with in_transaction("default"):
            await Certification.create(
                ballot=ballot, person=person, party=named.party, bloc=named.party.kind, at=clock.now()
            )
    except IntegrityError:
        raise Conflict(
            N_("This bloc has certified already; the second signature comes from another."),
            reason="same_bloc",
        ) from None
    signatures = await Certification.filter(ballot_id=ballot.id).count()
    said: dict[str, Any] = {"bloc": named.party.kind, "party": named.party.id}
    if signatures >= 2:
        ballot.state, ballot.complaints_until = after, complaints.answer_by()
        await ballot.save()
        said["complaints_until"] = ballot.complaints_until.isoformat()
        asked = await Party.get(id=ballot.host_id)
        await responses.start_clock(SYSTEM, kind="ballot", subject_id=ballot.id, department=asked)
    note(Record("ballot", ballot.id, {"state": ballot.state, **said}))
    return ballot


async def host_before_opening(actor: Actor, subject: Ballot) -> None:
    """a manager or delegate of the host, before it opens"""
    await host(actor, subject)
    if subject.state != "announced":
        raise NotAllowed(
            N_("Once voting has begun, only a platform steward can declare a vote void."), reason="steward"
        )


@act_on(Ballot, "ballot.void", may=any_of(host_before_opening, steward))
async def void(actor: Actor, ballot: Ballot, *, reason: str) -> Ballot:
    """Declare a ballot void, with a public reason."""
    await hold_alone(ballot)
    ballot.state = lifecycles.move("ballot", ballot.state, "void")
    if ballot.final_at is not None:
        raise InvalidState(N_("The result is final, so it cannot be declared void."), reason="final")
    ballot.void_reason = one_line(reason, field="reason", limit=500)
    await ballot.save()
    await db.execute("DELETE FROM box_entry WHERE ballot_id = ?", ballot.id)
    await db.execute("DELETE FROM open_vote WHERE ballot_id = ?", ballot.id)
    await db.execute("DELETE FROM token_issue WHERE ballot_id = ?", ballot.id)
    await paper_box.forget(ballot.id)
    await responses.end_clocks("ballot", ballot.id, "void")
    note(Record("ballot", ballot.id, {"state": ballot.state}))
    await complaints.tell_of_voiding(actor, ballot)
    return ballot
