"""Handing out sheets: who votes on paper does not vote online, and the other way round.

Votes online hold a lock of the ballot together, handing out holds it alone: so of a vote and a sheet at the same
instant one comes first, and the other is refused. The lock is not in any table, so it leaves no trace beside a paper.
"""

from __future__ import annotations

from secrets import token_hex
from typing import Any, NamedTuple

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from civic import clock
from civic.acts import box, paper_box
from civic.acts.ballots.electorates import listed
from civic.acts.ballots.voting import hold_alone
from civic.acts.ballots.who import host
from civic.acts.core import Actor, Record, act_on, note
from civic.acts.permissions import require_role
from civic.acts.residencies import pepper
from civic.errors import N_, Conflict, InvalidInput, InvalidState, NotFound
from civic.models import Ballot, PaperPolling, PaperVoter, Party, Person
from civic.rules import lifecycles
from civic.rules.person_key import person_key


async def clerk(actor: Actor, subject: Ballot) -> None:
    """a manager, delegate or clerk of the host"""
    await require_role(actor, await Party.get(id=subject.host_id), "manager", "delegate", "clerk")


@act_on(Ballot, "ballot.offer_paper", may=host)
async def offer(actor: Actor, ballot: Ballot) -> PaperPolling:
    """Offer paper ballots beside the vote online, before it opens."""
    if ballot.state != "announced":
        raise InvalidState(
            N_("Paper is offered between announcement and opening, so that everybody knows of it in time."),
            reason="wrong_state",
        )
    if not ballot.secret:
        raise InvalidInput(
            N_(
                "In an open vote everybody sees who voted how, and a sheet has no name: it is held online only."
            ),
            reason="open_ballot",
        )
    if ballot.anonymous:
        raise InvalidInput(
            N_(
                "With voting passes every paper proves its pass, which a sheet cannot: it is held online only."
            ),
            reason="anonymous",
        )
    if ballot.weighted:
        raise InvalidInput(
            N_(
                "A sheet with a voter's weight would lead to the voter, so a weighted vote is held online only."
            ),
            reason="weighted",
        )
    if await PaperPolling.filter(ballot_id=ballot.id).exists():
        raise Conflict(N_("Paper is offered already."), reason="offered")
    polling = await PaperPolling.create(ballot_id=ballot.id)
    note(Record("ballot", ballot.id, {"paper": "offered"}))
    return polling


async def polling_of(ballot: Ballot, act: str) -> PaperPolling:
    """The paper of an open ballot, which allows this act. Raises InvalidState."""
    polling = await PaperPolling.get_or_none(ballot_id=ballot.id)
    if polling is None:
        raise InvalidState(N_("This vote is held online only."), reason="no_paper")
    if ballot.state != "open":
        raise InvalidState(N_("The ballot's state does not allow this now."), reason="wrong_state")
    lifecycles.move("paper_polling", polling.state, act)
    return polling


def is_handing_out(ballot: Ballot, polling: PaperPolling) -> bool:
    """Whether sheets are handed out now."""
    return ballot.state == "open" and polling.state == "offered" and clock.now() < ballot.closes_at


def is_entering(ballot: Ballot, polling: PaperPolling) -> bool:
    """Whether voting is over and sheets are entered now."""
    return ballot.state == "open" and polling.state == "offered" and clock.now() >= ballot.closes_at


async def _handing_out(ballot: Ballot) -> PaperPolling:
    polling = await polling_of(ballot, "hand_out")
    if clock.now() >= ballot.closes_at:
        raise InvalidState(N_("Voting is over."), reason="closed")
    return polling


class Voter(NamedTuple):
    """How a person stands at the polling place. ``votes``: not_listed, no_vote, online or paper."""

    person: Person
    votes: str


async def find(actor: Actor, ballot_id: int, *, typed: str) -> Voter:
    """For a clerk, while sheets are handed out: who has this document number or e-mail address.

    Raises what `hand_out` would raise, and InvalidInput (``unknown_voter``) when nobody has it.
    """
    ballot = await Ballot.get_or_none(id=ballot_id)
    if ballot is None:
        raise NotFound(N_("This does not exist, or no longer."), reason="gone")
    await clerk(actor, ballot)
    await _handing_out(ballot)
    if "@" in typed:
        found = await Person.get_or_none(email=typed.strip().lower(), deleted_at=None)
    else:
        key = person_key(pepper(), typed, field="voter")
        found = await Person.get_or_none(person_key=key, deleted_at=None)
    if found is None:
        raise InvalidInput(
            N_("Nobody here has this document number or address. Check it, or verify their residence first."),
            field="voter",
            reason="unknown_voter",
        )
    return Voter(found, await how(ballot, found))


async def how(ballot: Ballot, person: Person) -> str:
    """How a person votes in an open ballot; see `Voter`."""
    if not await listed(ballot.id, [person], by_roll=ballot.electorate == "roll"):
        return "not_listed"
    if await paper_box.on_paper(ballot.id, [str(person.id)]):
        return "paper"
    return "online" if await box.has_voted(ballot, person) else "no_vote"


def _noted(actor: Actor, ballot: Ballot) -> Record:
    """Who handed out and on which day; neither to whom nor when, for times would put voters in an order."""
    said: dict[str, Any] = {"ballot": str(ballot.id)}
    if actor.person and actor.party:
        said |= {"clerk": actor.person.pseudonym, "host": actor.party.id}
    return Record("ballot", ballot.id, said, anonymous=True)


@act_on(Ballot, "ballot.hand_out_sheet", may=clerk)
async def hand_out(actor: Actor, ballot: Ballot, *, voter: Person | None) -> None:
    """Hand out a paper ballot to somebody on the roll; from now on they cannot vote online."""
    await hold_alone(ballot)
    await _handing_out(ballot)
    votes = await how(ballot, voter) if voter is not None else "not_listed"
    if voter is None or votes == "not_listed":
        raise InvalidInput(
            N_("This person is not on the roll of this vote."), field="voter", reason="not_on_roll"
        )
    if votes == "online":
        raise Conflict(
            N_("This person has voted online. They may replace that vote online, but do not get a sheet."),
            field="voter",
            reason="voted_online",
        )
    try:
        async with in_transaction("default"):
            await PaperVoter.create(id=token_hex(16), ballot=ballot, person=voter)
    except IntegrityError:
        raise Conflict(
            N_("This person has a sheet already. If it is spoilt, take it back and replace it."),
            field="voter",
            reason="has_sheet",
        ) from None
    note(_noted(actor, ballot))


@act_on(Ballot, "ballot.replace_sheet", may=clerk)
async def replace(actor: Actor, ballot: Ballot, *, voter: Person | None) -> None:
    """Replace a spoilt sheet that a voter gives back by a new one."""
    polling = await _handing_out(ballot)
    await _holder(ballot, voter)
    polling.replaced += 1
    await polling.save()
    note(_noted(actor, ballot))


@act_on(Ballot, "ballot.take_back_sheet", may=clerk)
async def take_back(actor: Actor, ballot: Ballot, *, voter: Person | None) -> None:
    """Take an unused sheet back; the voter may vote online again."""
    polling = await _handing_out(ballot)
    held = await _holder(ballot, voter)
    await held.delete()
    polling.taken_back += 1
    await polling.save()
    note(_noted(actor, ballot))


async def _holder(ballot: Ballot, voter: Person | None) -> PaperVoter:
    held = await PaperVoter.get_or_none(ballot_id=ballot.id, person_id=voter.id) if voter else None
    if held is None:
        raise InvalidInput(N_("This person has no sheet of this vote."), field="voter", reason="no_sheet")
    return held
