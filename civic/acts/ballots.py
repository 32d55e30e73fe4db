"""Ballots from draft to certificate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from civic import clock, db
from civic.acts import box
from civic.acts.box import Receipt
from civic.acts.core import Actor, Record, act, act_on, note
from civic.acts.permissions import require_role, signed_in, steward, system, the_party, the_person
from civic.errors import N_, Conflict, InvalidInput, InvalidState, NotAllowed, NotFound
from civic.models import (
    Area,
    AreaWithin,
    Ballot,
    BoxEntry,
    Certification,
    ClosedBox,
    Option,
    Party,
    Person,
    Proposal,
    Residency,
    RollEntry,
    Scrutineer,
)
from civic.rules import lifecycles
from civic.rules.receipts import frozen_hash
from civic.rules.tallies import YES_NO, box_bytes, check_definition, clean_choice, recount
from civic.rules.text import multiline, one_line

MOST_OPTIONS = 50


@dataclass(frozen=True, slots=True)
class NewOption:
    """Something to choose."""

    label: str
    about: str = ""


async def host(actor: Actor, subject: Ballot) -> None:
    """a manager or delegate of the host"""
    await require_role(actor, await Party.get(id=subject.host_id), "manager", "delegate")


async def any_party(actor: Actor, subject: object) -> None:
    """a manager or delegate of a department"""
    party = the_party(actor)
    if party.kind != "government":
        raise NotAllowed(N_("Only a government department may do this."), reason="not_official")
    await require_role(actor, party, "manager", "delegate")


@act("ballot.create", may=any_party)
async def create(
    actor: Actor,
    *,
    title: str,
    question: str,
    area: str,
    opens_at: datetime,
    closes_at: datetime,
    method: str = "yes_no",
    passing: str = "majority",
    options: list[NewOption] | None = None,
    quorum: tuple[int, int] = (0, 1),
    max_choices: int | None = None,
    secret: bool = True,
    proposal: int | None = None,
) -> Ballot:
    """Draft a ballot."""
    party = the_party(actor)
    place = await Area.get_or_none(code=area)
    if place is None:
        raise InvalidInput(N_("There is no area with this code."), field="area", reason="unknown_area")
    if not await AreaWithin.filter(ancestor_id=party.area_id, descendant_id=place.id).exists():
        raise NotAllowed(
            N_("This area is not covered by your department."), field="area", reason="other_area"
        )
    if not clock.now() < opens_at < closes_at:
        raise InvalidInput(
            N_("It opens in the future, and closes after that."), field="opens_at", reason="times"
        )
    if not 0 <= quorum[0] <= quorum[1] or quorum[1] < 1:
        raise InvalidInput(
            N_("The quorum is a part of the roll, at most all."), field="quorum", reason="quorum"
        )
    if proposal is not None and not await Proposal.filter(id=proposal).exists():
        raise InvalidInput(N_("There is no such proposal."), field="proposal", reason="unknown_proposal")
    given = [NewOption(name) for name in YES_NO] if method == "yes_no" else list(options or ())
    if len(given) > MOST_OPTIONS:
        raise InvalidInput(
            N_("At most %(limit)s options."), field="options", reason="too_many", limit=MOST_OPTIONS
        )
    keys = list(YES_NO) if method == "yes_no" else [str(i) for i in range(1, len(given) + 1)]
    check_definition(method, passing, keys, max_choices)
    ballot = await Ballot.create(
        title=one_line(title, field="title", limit=200),
        question=multiline(question, field="question", limit=5000),
        method=method,
        passing=passing,
        quorum_numerator=quorum[0],
        quorum_denominator=quorum[1],
        max_choices=max_choices,
        secret=secret,
        area=place,
        host=party,
        proposal_id=proposal,
        author=the_person(actor),
        opens_at=opens_at,
        closes_at=closes_at,
        created_at=clock.now(),
    )
    for position, (key, option) in enumerate(zip(keys, given, strict=True)):
        await Option.create(
            ballot=ballot,
            key=key,
            position=position,
            label=one_line(option.label, field="options", limit=200),
            about=multiline(option.about, field="options", limit=2000, least=0),
        )
    note(Record("ballot", ballot.id, {"state": "draft"}))
    return ballot


@act_on(Ballot, "ballot.announce", may=host)
async def announce(actor: Actor, ballot: Ballot) -> Ballot:
    """Announce a ballot: question, options, electorate and method are frozen."""
    ballot.state = lifecycles.move("ballot", ballot.state, "announce")
    place = await Area.get(id=ballot.area_id)
    options = await Option.filter(ballot_id=ballot.id).order_by("position").values("key", "label", "about")
    ballot.frozen = frozen_hash(
        title=ballot.title,
        question=ballot.question,
        method=ballot.method,
        passing=ballot.passing,
        quorum=(ballot.quorum_numerator, ballot.quorum_denominator),
        max_choices=ballot.max_choices,
        secret=ballot.secret,
        area=place.code,
        opens_at=ballot.opens_at.isoformat(),
        closes_at=ballot.closes_at.isoformat(),
        options=[dict(option) for option in options],
    )
    await ballot.save()
    box.make_key(ballot.id)
    note(Record("ballot", ballot.id, {"frozen": ballot.frozen}))
    return ballot


_ROLL = (
    "INSERT INTO roll_entry (ballot_id, person_id) SELECT ?, r.person_id FROM residency r "
    "JOIN area_within w ON w.descendant_id = r.area_id "
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


@act("ballot.cast", may=signed_in)
async def cast(actor: Actor, ballot_id: int, *, chosen: list[str]) -> Receipt:
    """Cast a vote, or replace it until closing."""
    ballot = await _open_ballot(ballot_id)
    person = the_person(actor)
    if not await RollEntry.filter(ballot_id=ballot.id, person_id=person.id).exists():
        raise await why_not(ballot, person)
    keys = await Option.filter(ballot_id=ballot.id).order_by("position").values_list("key", flat=True)
    choice = clean_choice(ballot.method, list(keys), chosen, ballot.max_choices)  # type: ignore[arg-type]
    receipt = await box.put(ballot, person, choice)
    payload = {"ballot": str(ballot.id), "commitment": receipt.commitment}
    note(Record("ballot", ballot.id, payload, anonymous=ballot.secret))
    return receipt


async def _open_ballot(ballot_id: int) -> Ballot:
    """The ballot, held open: it cannot close before this vote is in. Voters do not hold up each other."""
    if db.on_postgres():
        await db.fetch("SELECT 1 FROM ballot WHERE id = ? FOR SHARE", ballot_id)
    ballot = await Ballot.get_or_none(id=ballot_id)
    if ballot is None or ballot.state == "draft":
        raise NotFound(N_("This does not exist, or no longer."), reason="gone")
    if ballot.state in ("draft", "announced"):
        raise InvalidState(N_("Voting has not begun yet."), reason="not_open")
    if ballot.state != "open" or clock.now() >= ballot.closes_at:
        raise InvalidState(N_("Voting is over."), reason="closed")
    return ballot


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
    """Close a ballot by the clock: the box is published without tags, and its key destroyed."""
    ballot.state = lifecycles.move("ballot", ballot.state, "close")
    papers = await box.papers(ballot)
    options = await Option.filter(ballot_id=ballot.id).order_by("position").values("key", "label")
    quorum = {"numerator": ballot.quorum_numerator, "denominator": ballot.quorum_denominator}
    content = box_bytes(
        {
            "ballot": str(ballot.id),
            "method": ballot.method,
            "passing": ballot.passing,
            "quorum": quorum if ballot.quorum_numerator else None,  # type: ignore[typeddict-item]
            "options": [{"id": o["key"], "label": o["label"]} for o in options],
            "eligible": ballot.eligible,
            "max_choices": ballot.max_choices,
            "seed": "",
            "ballots": papers,  # type: ignore[typeddict-item]
        }
    )
    digest = sha256(content).hexdigest()
    await ClosedBox.create(ballot_id=ballot.id, content=content, sha256=digest)
    await BoxEntry.filter(ballot_id=ballot.id).delete()
    ballot.cast = len(papers)
    await ballot.save()
    note(Record("ballot", ballot.id, {"ballot": str(ballot.id), "box": digest, "count": len(papers)}))
    return ballot


@act_on(Ballot, "ballot.tally", may=system)
async def tally(actor: Actor, ballot: Ballot) -> Ballot:
    """Count the published box."""
    import orjson

    ballot.state = lifecycles.move("ballot", ballot.state, "tally")
    closed = await ClosedBox.get(ballot_id=ballot.id)
    ballot.result = recount(orjson.loads(bytes(closed.content)))  # type: ignore[assignment]
    await ballot.save()
    note(Record("ballot", ballot.id, {"ballot": str(ballot.id), "result": ballot.result}))
    return ballot


@act_on(Ballot, "ballot.name_scrutineer", may=host)
async def name_scrutineer(actor: Actor, ballot: Ballot, *, person: Person, party: Party) -> Ballot:
    """Name who will certify the count, for which party."""
    from civic.acts.permissions import roles_in

    if ballot.state in ("certified", "void"):
        raise InvalidState(N_("The ballot is over."), reason="wrong_state")
    if not await roles_in(person, party.id):
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
    if named is None:
        raise NotAllowed(
            N_("Only the scrutineers who were named certify the count."), reason="not_scrutineer"
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
    if signatures >= 2:
        ballot.state = after
        await ballot.save()
    note(
        Record(
            "ballot", ballot.id, {"state": ballot.state, "bloc": named.party.kind, "party": named.party.id}
        )
    )
    return ballot


@act_on(Ballot, "ballot.void", may=steward)
async def void(actor: Actor, ballot: Ballot, *, reason: str) -> Ballot:
    """Declare a ballot void, with a public reason."""
    ballot.state = lifecycles.move("ballot", ballot.state, "void")
    ballot.void_reason = one_line(reason, field="reason", limit=500)
    await ballot.save()
    await BoxEntry.filter(ballot_id=ballot.id).delete()
    box.destroy_key(ballot.id)
    note(Record("ballot", ballot.id, {"state": ballot.state}))
    return ballot
