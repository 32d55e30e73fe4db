"""What is voted on: drafted and changed by the host, frozen by the announcement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, NotRequired, TypedDict, Unpack

from civic import clock
from civic.acts import box, search, tokens
from civic.acts.ballots import rolls
from civic.acts.ballots.who import host
from civic.acts.core import Actor, Record, act, act_on, note
from civic.acts.permissions import department, the_party, the_person, within
from civic.errors import N_, InvalidInput, NotAllowed
from civic.ledger import ballot_terms
from civic.models import Area, Ballot, Option, Party, Proposal
from civic.rules import lifecycles
from civic.rules.electorate import clean_electorate, least_quorum
from civic.rules.tallies import BUDGETS, RANKED, YES_NO, Details, check_definition
from civic.rules.text import multiline, one_line

MOST_OPTIONS = 100
WINNERS_OF_ITSELF = (*RANKED, *BUDGETS, "score")  # these find their winners themselves


@dataclass(frozen=True, slots=True)
class NewOption:
    """Something to choose. ``cost`` (in the smallest unit of money) and ``category`` are for budgets."""

    label: str
    about: str = ""
    cost: int | None = None
    category: str = ""


class Terms(TypedDict):
    """What a ballot is about.

    quorum: a fraction of the roll as two numbers. options: ignored for yes_no. seats: for stv. max_score: for score.
    budget: for budgets, in the smallest unit of money. limits: by category. shuffled: each voter sees another order.
    electorate: residents (the default of a new draft), blocs (of the kinds in blocs) or roll (which is uploaded to the
    draft); left out when a draft is changed, electorate and blocs stay as they are.
    """

    title: str
    question: str
    area: str
    opens_at: datetime
    closes_at: datetime
    method: NotRequired[str]
    passing: NotRequired[str]
    options: NotRequired[list[NewOption] | None]
    quorum: NotRequired[tuple[int, int]]
    max_choices: NotRequired[int | None]
    secret: NotRequired[bool]
    anonymous: NotRequired[bool]
    proposal: NotRequired[int | None]
    seats: NotRequired[int | None]
    max_score: NotRequired[int | None]
    budget: NotRequired[int | None]
    limits: NotRequired[dict[str, int]]
    shuffled: NotRequired[bool]
    electorate: NotRequired[str]
    blocs: NotRequired[list[str]]


@act("ballot.create", may=department)
async def create(actor: Actor, **terms: Unpack[Terms]) -> Ballot:
    """Draft a ballot."""
    party = the_party(actor)
    values, options = await _checked(party, terms)
    ballot = await Ballot.create(**values, host=party, author=the_person(actor), created_at=clock.now())
    await _write_options(ballot, options)
    note(Record("ballot", ballot.id, {"state": "draft"}))
    return ballot


@act_on(Ballot, "ballot.edit", may=host)
async def edit(actor: Actor, ballot: Ballot, **terms: Unpack[Terms]) -> Ballot:
    """Change a draft; after the announcement nothing can be changed."""
    lifecycles.move("ballot", ballot.state, "edit")
    if "electorate" not in terms:  # left out, it stays as it is: a roll is not lost by a change of the title
        terms["electorate"] = ballot.electorate
        terms.setdefault("blocs", ballot.blocs)
    values, options = await _checked(the_party(actor), terms)
    ballot.update_from_dict(values)
    if ballot.electorate != "roll":
        await rolls.clear(ballot.id)
        ballot.weighted = False
    await ballot.save()
    await Option.filter(ballot_id=ballot.id).delete()
    await _write_options(ballot, options)
    note(Record("ballot", ballot.id, {"state": "draft"}))
    return ballot


async def _checked(party: Party, terms: Terms) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The columns of the ballot and of its options. Raises InvalidInput, NotAllowed."""
    method, passing = terms.get("method", "yes_no"), terms.get("passing", "majority")
    quorum, max_choices = terms.get("quorum", (0, 1)), terms.get("max_choices")
    if method in ("yes_no", "single", "score"):
        max_choices = None
    if method in WINNERS_OF_ITSELF:
        passing = "plurality"
    proposal = terms.get("proposal")
    place = await Area.get_or_none(code=terms["area"].strip())
    if place is None:
        raise InvalidInput(N_("There is no area with this code."), field="area", reason="unknown_area")
    if not await within(place.id, party.area_id):
        raise NotAllowed(
            N_("This area is not covered by your department."), field="area", reason="other_area"
        )
    check_times(terms["opens_at"], terms["closes_at"])
    kind, blocs = clean_electorate(terms.get("electorate", "residents"), terms.get("blocs", []), passing)
    if not 0 <= quorum[0] <= quorum[1] or quorum[1] < 1:
        raise InvalidInput(
            N_("The quorum is a part of the roll, at most all."), field="quorum", reason="quorum"
        )
    if proposal is not None and not await Proposal.filter(id=proposal).exclude(state="draft").exists():
        raise InvalidInput(N_("There is no such proposal."), field="proposal", reason="unknown_proposal")
    secret, anonymous = terms.get("secret", True), terms.get("anonymous", False)
    if anonymous and not secret:
        raise InvalidInput(
            N_("An open ballot shows who voted how, so voting passes do not fit it."),
            field="anonymous",
            reason="anonymous_open",
        )
    quorum = least_quorum(passing, quorum)
    options = _options(method, terms.get("options"))
    _check_money(method, options, terms)
    details = _details(method, options, terms)
    check_definition(method, passing, [str(o["key"]) for o in options], max_choices, details)
    values: dict[str, Any] = {
        "title": one_line(terms["title"], field="title", limit=200),
        "question": multiline(terms["question"], field="question", limit=5000),
        "method": method,
        "passing": passing,
        "quorum_numerator": quorum[0],
        "quorum_denominator": quorum[1],
        "max_choices": max_choices,
        "secret": secret,
        "anonymous": anonymous,
        "details": details,
        "shuffled": terms.get("shuffled", False) and method != "yes_no",
        "area": place,
        "electorate": kind,
        "blocs": blocs,
        "proposal_id": proposal,
        "opens_at": terms["opens_at"],
        "closes_at": terms["closes_at"],
    }
    return values, options


def check_times(opens_at: datetime, closes_at: datetime) -> None:
    """Raises InvalidInput unless it opens in the future and closes after that."""
    if not clock.now() < opens_at < closes_at:
        raise InvalidInput(
            N_("It opens in the future, and closes after that."), field="opens_at", reason="times"
        )


def _options(method: str, given: list[NewOption] | None) -> list[dict[str, Any]]:
    """The columns of the options. A yes-or-no ballot has its own three."""
    chosen = [NewOption(name) for name in YES_NO] if method == "yes_no" else list(given or ())
    if len(chosen) > MOST_OPTIONS:
        raise InvalidInput(
            N_("At most %(limit)s options."), field="options", reason="too_many", limit=MOST_OPTIONS
        )
    rows = [
        {
            "key": YES_NO[place] if method == "yes_no" else str(place + 1),
            "position": place,
            "label": one_line(option.label, field="options", limit=200),
            "about": multiline(option.about, field="options", limit=2000, least=0),
            "cost": option.cost,
            "category": one_line(option.category, field="options", limit=40, least=0),
        }
        for place, option in enumerate(chosen)
    ]
    if len({str(row["label"]).casefold() for row in rows}) != len(rows):
        raise InvalidInput(N_("Two options read the same."), field="options", reason="same_label")
    return rows


def _check_money(method: str, options: list[dict[str, Any]], terms: Terms) -> None:
    """Amounts and categories are for budgets; elsewhere they would be forgotten, so they are refused."""
    given = any(row["cost"] is not None or row["category"] for row in options)
    if method not in BUDGETS and (given or terms.get("budget") is not None or terms.get("limits")):
        raise InvalidInput(
            N_("Only a budget has an amount, costs and categories: leave them empty, or choose a budget."),
            field="options" if given else "budget",
            reason="not_a_budget",
        )


def _details(method: str, options: list[dict[str, Any]], terms: Terms) -> Details:
    """What the method needs beside its options; nothing else."""
    details: Details = {}
    if method == "stv":
        details["seats"] = terms.get("seats") or 0
    elif method == "score":
        details["max_score"] = terms.get("max_score") or 0
    elif method in BUDGETS:
        details["budget"] = terms.get("budget") or 0
        details["costs"] = {o["key"]: o["cost"] for o in options if o["cost"] is not None}
        details["completion"] = "votes"
        if categories := {o["key"]: o["category"] for o in options if o["category"]}:
            details["categories"] = categories
            details["limits"] = terms.get("limits", {})
    return details


async def _write_options(ballot: Ballot, options: list[dict[str, Any]]) -> None:
    columns = ("key", "position", "label", "about")
    await Option.bulk_create([Option(ballot=ballot, **{c: row[c] for c in columns}) for row in options])


@act_on(Ballot, "ballot.announce", may=host)
async def announce(actor: Actor, ballot: Ballot) -> Ballot:
    """Announce a ballot: question, options, electorate and method are frozen."""
    ballot.state = lifecycles.move("ballot", ballot.state, "announce")
    check_times(ballot.opens_at, ballot.closes_at)
    payload = await rolls.freeze(ballot)
    if ballot.anonymous:
        if ballot.weighted:
            raise InvalidInput(
                N_("Voting passes are all alike, so they do not fit a roll with weights."),
                reason="anonymous_weighted",
            )
        ballot.token_key = tokens.make_key(ballot.id)
        payload["token_key"] = ballot.token_key
    ballot.frozen = sha256(await ballot_terms.of(ballot)).hexdigest()
    await ballot.save()
    if ballot.secret:
        box.make_key(ballot.id)
    await search.index("ballot", ballot.id, ballot.title, ballot.question)
    note(Record("ballot", ballot.id, {"frozen": ballot.frozen, **payload}))
    return ballot


async def frozen_terms(ballot: Ballot) -> str:
    """Exactly what the announcement freezes: the text whose SHA-256 is ``frozen``."""
    return (await ballot_terms.of(ballot)).decode()
