"""Batches: the sheets of the box in stacks, read twice by different clerks, who must agree before a batch counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from civic import clock, db
from civic.acts import paper_box
from civic.acts.ballots.voting import option_keys
from civic.acts.ballots.who import host
from civic.acts.core import Actor, Record, act_on, note
from civic.acts.paper_ballots.sheets import clerk, polling_of
from civic.acts.permissions import roles_in, signed_in, the_person
from civic.errors import N_, Conflict, InvalidInput, InvalidState, NotAllowed
from civic.models import Ballot, PaperBatch, PaperPolling, PaperReading, Scrutineer
from civic.rules import lifecycles
from civic.rules import paper_ballots as rules
from civic.rules.paper_ballots import Reading
from civic.rules.tallies import Details
from civic.rules.text import one_line


async def clerk_of_batch(actor: Actor, subject: PaperBatch) -> None:
    """a manager, delegate or clerk of the host"""
    await clerk(actor, await Ballot.get(id=subject.ballot_id))


async def host_of_batch(actor: Actor, subject: PaperBatch) -> None:
    """a manager or delegate of the host"""
    await host(actor, await Ballot.get(id=subject.ballot_id))


async def _counting(ballot: Ballot) -> PaperPolling:
    """The paper of a ballot whose voting is over and whose box is not closed yet."""
    polling = await polling_of(ballot, "read")
    if clock.now() < ballot.closes_at:
        raise InvalidState(
            N_("The box of paper ballots is opened when voting is over, not before."), reason="not_over"
        )
    return polling


@act_on(Ballot, "ballot.open_batch", may=clerk)
async def open_batch(actor: Actor, ballot: Ballot, *, sheets: int) -> PaperBatch:
    """Make a batch of so many sheets out of the box, mixed beforehand."""
    polling = await _counting(ballot)
    if not 1 <= sheets <= rules.MOST_SHEETS:
        raise InvalidInput(
            N_("A batch has from 1 to %(most)s sheets."),
            field="sheets",
            reason="batch_size",
            most=rules.MOST_SHEETS,
        )
    stock = await paper_box.stock(polling)
    rules.check_sheets(sheets, stock.in_batches, stock.out, field="sheets")
    number = 1 + await PaperBatch.filter(ballot_id=ballot.id).count()
    batch = await PaperBatch.create(ballot=ballot, number=number, sheets=sheets)
    note(Record("ballot", ballot.id, {"batch": number, "sheets": sheets}))
    return batch


async def _reading(ballot: Ballot, who: str, typed: Mapping[int, str], *, ruling: bool = False) -> Reading:
    keys, details = await option_keys(ballot.id, ballot.frozen), cast(Details, ballot.details)
    choices = {
        number: rules.read_sheet(
            ballot.method, keys, text, ballot.max_choices, details, field=f"sheets.{number - 1}.text"
        )
        for number, text in typed.items()
        if text.strip()
    }
    return Reading(who, choices, ruling)


async def _keep(ballot: Ballot, batch: PaperBatch, turn: int, reading: Reading) -> None:
    keys = await option_keys(ballot.id, ballot.frozen)
    sealed = paper_box.seal(ballot, batch, turn, reading, keys)
    await PaperReading.create(
        batch=batch, turn=turn, clerk_id=reading.clerk, ruling=reading.ruling, sealed=sealed
    )


@act_on(PaperBatch, "ballot.enter_batch", may=clerk_of_batch)
async def enter(actor: Actor, batch: PaperBatch, *, typed: Mapping[int, str]) -> PaperBatch:
    """Enter what is on the sheets of a batch; it is settled once two clerks agree on each.

    typed: by the number of the sheet, as `read_sheet` takes it. From the third time on only sheets in dispute.
    """
    ballot = await Ballot.get(id=batch.ballot_id)
    await _counting(ballot)
    before = (await paper_box.readings(ballot, [batch]))[batch.id]
    who = str(the_person(actor).id)
    if batch.state not in ("open", "entered", "differing"):
        lifecycles.move("paper_batch", batch.state, "differ")
    if len(before) == 1 and before[0].clerk == who:
        raise Conflict(
            N_("You have entered this batch. Another clerk enters it the second time, without seeing yours."),
            reason="same_clerk",
        )
    wanted = rules.compare(batch.sheets, before).disputed if len(before) > 1 else range(1, batch.sheets + 1)
    reading = await _reading(ballot, who, typed)
    rules.check_complete(wanted, reading.choices)
    compared = rules.compare(batch.sheets, [*before, reading])
    turn = len(before) + 1
    batch.state = lifecycles.move("paper_batch", batch.state, rules.outcome(turn, compared))
    batch.differing = len(compared.disputed) if turn > 1 else 0
    await _keep(ballot, batch, turn, reading)
    await batch.save()
    said = {"batch": batch.number, "turn": turn, "state": batch.state, "differing": batch.differing}
    note(Record("ballot", ballot.id, said))
    return batch


@act_on(PaperBatch, "ballot.settle_batch", may=signed_in)
async def settle(actor: Actor, batch: PaperBatch, *, typed: Mapping[int, str], reason: str) -> PaperBatch:
    """Settle, as a named scrutineer, the sheets of a batch on which clerks differ, with a public reason."""
    ballot = await Ballot.get(id=batch.ballot_id)
    person = the_person(actor)
    named = await Scrutineer.get_or_none(ballot_id=ballot.id, person_id=person.id)
    if named is None or not await roles_in(person, named.party_id):
        raise NotAllowed(
            N_("Only a scrutineer who was named settles what clerks differ on."), reason="not_scrutineer"
        )
    await _counting(ballot)
    after = lifecycles.move("paper_batch", batch.state, "rule")
    before = (await paper_box.readings(ballot, [batch]))[batch.id]
    if any(reading.clerk == str(person.id) for reading in before):
        raise NotAllowed(N_("Whoever entered a batch does not settle it."), reason="own_reading")
    reading = await _reading(ballot, str(person.id), typed, ruling=True)
    rules.check_complete(rules.compare(batch.sheets, before).disputed, reading.choices)
    batch.state, ruled = after, batch.differing
    batch.differing = 0
    batch.reason = one_line(reason, field="reason", limit=500)
    await _keep(ballot, batch, len(before) + 1, reading)
    await batch.save()
    said = {"batch": batch.number, "ruled": ruled, "state": batch.state, "party": named.party_id}
    note(Record("ballot", ballot.id, said))
    return batch


@act_on(PaperBatch, "ballot.discard_batch", may=host_of_batch)
async def discard(actor: Actor, batch: PaperBatch, *, reason: str) -> PaperBatch:
    """Give up a batch that was made up wrongly, with a public reason; its sheets go into others."""
    await _counting(await Ballot.get(id=batch.ballot_id))
    batch.state = lifecycles.move("paper_batch", batch.state, "discard")
    batch.reason, batch.differing = one_line(reason, field="reason", limit=500), 0
    await batch.save()
    await db.execute("DELETE FROM paper_reading WHERE batch_id = ?", batch.id)
    note(Record("ballot", batch.ballot_id, {"batch": batch.number, "state": batch.state}))
    return batch


@act_on(Ballot, "ballot.complete_paper", may=host)
async def complete(actor: Actor, ballot: Ballot, *, reason: str = "") -> PaperPolling:
    """Say that all sheets are entered, so that the box is closed; with a public reason where some are missing."""
    polling = await _counting(ballot)
    stock = await paper_box.stock(polling)
    if stock.open_batches:
        raise InvalidState(
            N_("%(count)s batches are not settled yet."), reason="open_batches", count=stock.open_batches
        )
    if stock.missing and not reason.strip():
        raise InvalidInput(
            N_(
                "%(count)s sheets were handed out and are in no batch. Look for them, or say why they are missing."
            ),
            field="reason",
            reason="sheets_missing",
            count=stock.missing,
        )
    polling.missing_reason = one_line(reason, field="reason", limit=500, least=0) if stock.missing else ""
    polling.state = lifecycles.move("paper_polling", polling.state, "complete")
    await polling.save()
    said = {"handed_out": stock.handed_out, "replaced": stock.replaced, "taken_back": stock.taken_back}
    note(Record("ballot", ballot.id, {**said, "sheets": stock.settled, "missing": stock.missing}))
    return polling


async def in_dispute(ballot: Ballot, batch: PaperBatch) -> dict[int, list[str]]:
    """What each reading says of the sheets in dispute, as it was typed; an empty text where one does not name the sheet."""
    if batch.state not in ("differing", "referred"):
        return {}
    keys = await option_keys(ballot.id, ballot.frozen)
    before = (await paper_box.readings(ballot, [batch]))[batch.id]
    disputed = rules.compare(batch.sheets, before).disputed

    def typed(reading: Reading, number: int) -> str:
        choice = reading.choices.get(number)
        return rules.shown(ballot.method, keys, choice) if choice is not None else ""

    return {number: [typed(reading, number) for reading in before] for number in disputed}
