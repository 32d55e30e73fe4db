"""Complaints about a count: made within a time, answered by the host; after that a certified result is final."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from secrets import token_bytes

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from civic import clock
from civic.acts import notifications
from civic.acts.ballots.electorates import listed
from civic.acts.ballots.who import host
from civic.acts.core import Actor, Record, act_on, note
from civic.acts.permissions import require_role, system, the_person
from civic.errors import N_, Conflict, InvalidState, NotAllowed, NotFound
from civic.models import AreaWithin, Ballot, Complaint, Membership, Party, Person, Scrutineer
from civic.rules import lifecycles, working_days
from civic.rules.commitments import commit
from civic.rules.text import multiline, preview
from civic.settings import settings

REASON = 2000
SPEAKERS = ("manager", "delegate")


async def concerned(actor: Actor, subject: Ballot) -> None:
    """somebody on the roll, a scrutineer, or a manager or delegate of a party in or around the area"""
    person = the_person(actor)
    if actor.party is not None:
        await require_role(actor, actor.party, *SPEAKERS)
        if await _near(subject, actor.party.area_id):
            return
    elif await of_the_vote(subject, person):
        return
    raise NotAllowed(
        N_("Voters of this vote, its scrutineers, and parties of the area may complain about its count."),
        reason="not_concerned",
    )


async def of_the_vote(ballot: Ballot, person: Person) -> bool:
    """Whether somebody could vote in it or was named to certify it."""
    return bool(
        await listed(ballot.id, [person], by_roll=ballot.electorate == "roll")
        or await Scrutineer.filter(ballot_id=ballot.id, person_id=person.id).exists()
    )


async def _near(ballot: Ballot, area_id: int) -> bool:
    return bool(
        await AreaWithin.filter(
            Q(ancestor_id=ballot.area_id, descendant_id=area_id)
            | Q(ancestor_id=area_id, descendant_id=ballot.area_id)
        ).exists()
    )


async def parties_of(ballot: Ballot, person: Person) -> list[Party]:
    """The parties for which somebody may complain."""
    today = clock.today()
    rows = await Membership.filter(
        Q(until_day__isnull=True) | Q(until_day__gte=today),
        person_id=person.id,
        from_day__lte=today,
        role__in=SPEAKERS,
        party__state="active",
    ).select_related("party")
    found = {row.party.id: row.party for row in rows}
    return [party for party in found.values() if await _near(ballot, party.area_id)]


def check_time(ballot: Ballot) -> None:
    """Raises InvalidState when one can no longer, or not yet, complain."""
    lifecycles.move("ballot", ballot.state, "complain")
    over = ballot.complaints_until is not None and clock.now() > ballot.complaints_until
    if over or ballot.final_at is not None:
        raise InvalidState(N_("The time for complaints about this vote is over."), reason="too_late")


def answer_by() -> datetime:
    """When a time for complaints, or for an answer, that begins now is over."""
    return working_days.deadline(clock.now(), settings().complaint_working_days, settings().zone)


@act_on(Ballot, "ballot.complain", may=concerned)
async def complain(actor: Actor, ballot: Ballot, *, reason: str) -> Complaint:
    """Complain about the count of a vote, with a reason; the host has to answer."""
    check_time(ballot)
    complaint = Complaint(
        ballot=ballot, number=await Complaint.filter(ballot_id=ballot.id).count() + 1, person=the_person(actor),
        party=actor.party, reason=multiline(reason, field="reason", limit=REASON), salt=token_bytes(16),
        at=clock.now(), answer_by=answer_by(),
    )  # fmt: skip
    try:
        async with in_transaction("default"):
            await complaint.save()
    except IntegrityError:
        raise Conflict(
            N_("You have complained about this vote already; everything you object to stands there."),
            reason="complained",
        ) from None
    text = commit(complaint.salt, complaint.reason)
    note(Record("ballot", ballot.id, {"complaint": complaint.number, "text": text}))
    await _tell(
        await notifications.members(ballot.host_id), "ballot.complaint", ballot, complaint.reason, actor
    )
    return complaint


@act_on(Ballot, "ballot.answer_complaint", may=host)
async def answer(actor: Actor, ballot: Ballot, *, number: int, upheld: bool, text: str) -> Complaint:
    """Answer a complaint about a count, with reasons; an upheld one keeps the result from becoming final."""
    lifecycles.move("ballot", ballot.state, "answer_complaint")
    complaint = await Complaint.get_or_none(ballot_id=ballot.id, number=number).select_related("ballot")
    if complaint is None:
        raise NotFound(N_("There is no complaint with this number."), field="number", reason="unknown")
    if complaint.person_id == the_person(actor).id:
        raise NotAllowed(N_("Nobody answers their own complaint."), reason="own_complaint")
    if complaint.answered_at is not None:
        raise Conflict(N_("This complaint has its answer already."), reason="answered")
    complaint.answer = multiline(text, field="text", limit=REASON)
    complaint.upheld, complaint.answered_at = upheld, clock.now()
    await complaint.save()
    words = commit(bytes(complaint.salt), complaint.answer)
    note(Record("ballot", ballot.id, {"complaint": number, "upheld": upheld, "text": words}))
    await _tell([complaint.person_id], "ballot.complaint_answered", ballot, complaint.answer, actor)
    if upheld:
        await _tell(
            await notifications.stewards(), "ballot.complaint_upheld", ballot, complaint.reason, actor
        )
    return complaint


async def _tell(people: Iterable[object], kind: str, ballot: Ballot, detail: str, actor: Actor) -> None:
    await notifications.tell(
        people, kind, subject="ballot_complaints", subject_id=ballot.id, title=ballot.title,  # type: ignore[arg-type]
        detail=preview(detail, 200), but=actor.person,
    )  # fmt: skip


async def tell_of_voiding(actor: Actor, ballot: Ballot) -> None:
    """Tell those who complained, and the scrutineers, that a vote was declared void."""
    people: list[object] = [
        *await Complaint.filter(ballot_id=ballot.id).values_list("person_id", flat=True),
        *await Scrutineer.filter(ballot_id=ballot.id).values_list("person_id", flat=True),
    ]
    await _tell(people, "ballot.voided", ballot, ballot.void_reason, actor)


@act_on(Ballot, "ballot.finish", may=system)
async def finish(actor: Actor, ballot: Ballot) -> Ballot:
    """Make a certified result final: the time for complaints is over, and each was answered and none upheld."""
    ballot.state = lifecycles.move("ballot", ballot.state, "finish")
    waits = ballot.complaints_until is None or clock.now() < ballot.complaints_until
    if ballot.final_at is not None or waits:
        raise InvalidState(N_("The ballot's state does not allow this now."), reason="wrong_state")
    complaints = await Complaint.filter(ballot_id=ballot.id)
    if any(complaint.upheld is not False for complaint in complaints):
        raise InvalidState(
            N_("A complaint is upheld or waits for its answer, so the result is not final."),
            reason="complaints",
        )
    ballot.final_at = clock.now()
    await ballot.save()
    note(Record("ballot", ballot.id, {"final": True, "complaints": len(complaints)}))
    return ballot
