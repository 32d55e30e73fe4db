"""Counting grouped choices into the result that is published.

A million ballots are at most some thousand different choices; the caller groups them (``Counter`` or SQL's
GROUP BY) and the count is exact on the groups, independent of any order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from civic.rules.tallies import ranked
from civic.rules.tallies.budgets import Purse, equal_shares, greedy
from civic.rules.tallies.choices import ABSTAIN, BUDGETS, RANKED, check_definition
from civic.rules.tallies.lots import Undecided, draw, first
from civic.rules.tallies.papers import checker
from civic.rules.tallies.passing import DUAL, enough, leaders, quorum_needed
from civic.rules.tallies.results import Count, Details, Quorum, Result, Round, Share, Tie, Weights
from civic.rules.tallies.schulze import schulze
from civic.rules.tallies.stv import SCALE, single_transferable_vote


@dataclass(slots=True)
class Counted:
    """The valid choices of a ballot, and how many votes each option has in the plain sense of its method.

    votes: approvals, points or first preferences by option; abstentions under ``abstain``.
    """

    choices: dict[str, int]
    votes: dict[str, int]
    valid: int
    invalid: int

    @property
    def abstentions(self) -> int:
        return self.votes[ABSTAIN]


def count(
    method: str,
    options: Sequence[str],
    choices: Mapping[str, int],
    max_choices: int | None = None,
    details: Details | None = None,
) -> Counted:
    """Votes by option. choices: ballots (or their weight) by canonical choice text.

    A text that is no valid choice is counted as invalid, for nobody.
    """
    votes = dict.fromkeys(options, 0)
    votes.setdefault(ABSTAIN, 0)
    found = Counted({}, votes, 0, 0)
    valid = checker(method, options, max_choices, details)
    for choice, n in choices.items():
        if n < 0:
            raise ValueError("a choice cannot have been made less than never")
        if not valid(choice):
            found.invalid += n
            continue
        found.valid += n
        if choice == ABSTAIN:
            votes[ABSTAIN] += n
            continue
        found.choices[choice] = n
        if method in RANKED:
            votes[choice.partition(">")[0]] += n
        elif method == "score":
            for part in choice.split(","):
                key, _, score = part.partition(":")
                votes[key] += n * int(score)
        else:
            for key in choice.split(","):
                votes[key] += n
    return found


@dataclass(slots=True)
class Outcome:
    """Who comes out ahead, before the passing rule and the quorum are asked."""

    leading: list[str]
    winners: list[str]
    rounds: list[Round]
    tie: Tie | None = None
    extra: Result = field(default_factory=dict)  # type: ignore[assignment]


def tally(
    method: str,
    passing: str,
    options: Sequence[str],
    choices: Mapping[str, int],
    *,
    eligible: int,
    quorum: Share | None = None,
    max_choices: int | None = None,
    seed: bytes = b"",
    details: Details | None = None,
    weights: Mapping[str, int] | None = None,
    eligible_weight: int = 0,
) -> Result:
    """The result of a ballot.

    options: keys in the ballot's order. choices: how many ballots by canonical choice text.
    eligible: voters on the roll. quorum: fraction of them that must have voted, or None.
    seed: draws lots when it is not empty; without it a tie that needs a draw has no winner.
    weights: the same ballots by the sum of their weights, where the roll has weights; the quorum then holds in
    heads and in weight, and votes count by weight except for dual majorities, which need both.

    In the result ``cast`` is all ballots and the turnout's numerator, ``base`` the votes that a majority is of,
    ``leading`` whoever is ahead, ``winners`` is empty unless ``passed``, and ``why`` is one of passed, no_votes,
    no_quorum, tied, not_enough. Raises InvalidInput for a definition that cannot be counted.
    """
    details = details or {}
    check_definition(method, passing, options, max_choices, details)
    heads = count(method, options, choices, max_choices, details)
    heavy = count(method, options, weights, max_choices, details) if weights is not None else None
    decisive = heads if heavy is None or passing in DUAL else heavy
    cast = heads.valid + heads.invalid
    base = decisive.valid - (0 if passing in DUAL else decisive.abstentions)
    real = [key for key in options if key != ABSTAIN]
    try:
        outcome = _outcome(method, real, decisive, details, seed)
    except Undecided as undecided:
        tie: Tie = {"options": undecided.tied, "broken_by": "none", "chosen": None}
        outcome = Outcome(undecided.tied, [], [], tie)
    met = cast >= quorum_needed(eligible, quorum)
    if heavy is not None:
        met = met and heavy.valid + heavy.invalid >= quorum_needed(eligible_weight, quorum)
    why = _why(method, passing, outcome, heads, heavy, decisive, base, met)
    result: Result = {
        "method": method,
        "passing": passing,
        "eligible": eligible,
        "cast": cast,
        "valid": heads.valid,
        "invalid": heads.invalid,
        "abstentions": heads.abstentions,
        "base": heads.valid - (0 if passing in DUAL else heads.abstentions),
        "turnout": {"numerator": cast, "denominator": eligible},
        "quorum": _quorum(quorum, eligible, cast),
        "counts": _counts(options, heads),
        "leading": outcome.leading,
        "winners": outcome.winners if why == "passed" else [],
        "passed": why == "passed",
        "why": why,
        "tie": outcome.tie,
        "rounds": outcome.rounds,
    }
    if heavy is not None:
        by_weight: Weights = {
            "eligible": eligible_weight,
            "cast": heavy.valid + heavy.invalid,
            "base": heavy.valid - (0 if passing in DUAL else heavy.abstentions),
            "quorum": _quorum(quorum, eligible_weight, heavy.valid + heavy.invalid),
            "counts": _counts(options, heavy),
        }
        result["weights"] = by_weight
    if seed:
        result["seed"] = seed.hex()
    result.update(outcome.extra)
    return result


def _quorum(quorum: Share | None, eligible: int, cast: int) -> Quorum | None:
    if quorum is None:
        return None
    needed = quorum_needed(eligible, quorum)
    return {
        "numerator": quorum["numerator"],
        "denominator": quorum["denominator"],
        "needed": needed,
        "met": cast >= needed,
    }


def _counts(options: Sequence[str], counted: Counted) -> list[Count]:
    shown: list[Count] = [{"option": key, "count": counted.votes[key]} for key in options]
    if ABSTAIN not in options and counted.abstentions:
        shown.append({"option": ABSTAIN, "count": counted.abstentions})
    return shown


def _why(
    method: str, passing: str, outcome: Outcome, heads: Counted, heavy: Counted | None, decisive: Counted,
    base: int, quorum_met: bool,
) -> str:  # fmt: skip
    if heads.valid == heads.abstentions:
        return "no_votes"
    if not quorum_met:
        return "no_quorum"
    if not outcome.winners:
        return "tied" if outcome.tie else "not_enough"
    if method in ("yes_no", "single", "approval"):
        winner = outcome.winners[0]
        if not enough(passing, decisive.votes[winner], base):
            return "not_enough"
        if passing in DUAL and heavy is not None and not enough(passing, heavy.votes[winner], heavy.valid):
            return "not_enough"
    return "passed"


def _outcome(method: str, options: Sequence[str], counted: Counted, details: Details, seed: bytes) -> Outcome:
    if method in BUDGETS:
        return _budget(method, options, counted, details, seed)
    if method in RANKED:
        return _ranked(method, options, counted, details, seed)
    return _plain(method, options, counted, seed)


def _plain(method: str, options: Sequence[str], counted: Counted, seed: bytes) -> Outcome:
    """Most votes lead; between yes and no a tie rejects."""
    top = leaders((key, counted.votes[key]) for key in options)
    shown = [*options, ABSTAIN] if method == "yes_no" else options
    round_: Round = {
        "number": 1,
        "counts": [{"option": key, "count": counted.votes[key]} for key in shown],
        "base": counted.valid - counted.abstentions,
        "leading": list(top),
    }
    if method == "yes_no":
        if len(top) > 1:
            return Outcome(top, [], [round_], {"options": top, "broken_by": "rejected", "chosen": None})
        return Outcome(top, ["yes"] if top == ["yes"] else [], [round_])
    if len(top) <= 1:
        return Outcome(top, top, [round_])
    if not seed:
        return Outcome(top, [], [round_], {"options": top, "broken_by": "none", "chosen": None})
    chosen = first(top, draw(top, seed))
    return Outcome([chosen], [chosen], [round_], {"options": top, "broken_by": "seed", "chosen": chosen})


def _ranked(method: str, options: Sequence[str], counted: Counted, details: Details, seed: bytes) -> Outcome:
    rankings, lots = ranked.read(counted.choices), draw(options, seed)
    if method == "runoff":
        winner, rounds = ranked.instant_runoff(options, rankings, lots)
        return Outcome([winner] if winner else [], [winner] if winner else [], rounds)
    if method == "stv":
        if not rankings:
            return Outcome([], [], [])
        elected, rounds = single_transferable_vote(options, rankings, details["seats"], lots)
        return Outcome(elected, elected, rounds, None, {"scale": SCALE})  # type: ignore[typeddict-item]
    winners, table, paths = schulze(options, rankings)
    extra: Result = {"pairwise": table, "paths": paths}  # type: ignore[typeddict-item]
    if not rankings:
        return Outcome([], [], [], None, extra)
    if len(winners) == 1:
        return Outcome(winners, winners, [], None, extra)
    if not seed:
        tie: Tie = {"options": winners, "broken_by": "none", "chosen": None}
        return Outcome(winners, [], [], tie, extra)
    chosen = first(winners, lots)
    drawn: Tie = {"options": winners, "broken_by": "seed", "chosen": chosen}
    return Outcome([chosen], [chosen], [], drawn, extra)


def _budget(method: str, options: Sequence[str], counted: Counted, details: Details, seed: bytes) -> Outcome:
    lots = draw(options, seed)
    if method == "budget_greedy":
        purse: Purse = greedy(options, counted.votes, details, lots)
    else:
        approvals = {tuple(text.split(",")): n for text, n in counted.choices.items()}
        purse = equal_shares(options, approvals, details, lots)
    extra: Result = {"spent": details["budget"] - purse.left}  # type: ignore[typeddict-item]
    return Outcome(purse.funded, purse.funded, purse.rounds, None, extra)
