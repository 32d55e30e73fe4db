"""Counting grouped choices, and the result that is published.

A million ballots are at most some thousand different choices; the caller groups them (``Counter`` or SQL's
GROUP BY) and the count is exact on the groups, independent of any order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from civic.rules.tallies.choices import ABSTAIN, check_definition, is_canonical
from civic.rules.tallies.passing import Share, break_tie, enough, leaders, quorum_needed


class Count(TypedDict):
    """Votes of one option, by its key."""

    option: str
    count: int


class Quorum(Share):
    """The quorum as a fraction of the roll, the voters needed for it, and whether they came."""

    needed: int
    met: bool


class Tie(TypedDict):
    """Options that lead together, and what was done: ``seed`` (drawn), ``rejected`` (yes = no), ``none``."""

    options: list[str]
    broken_by: str
    chosen: str | None


class Round(TypedDict):
    """One step of the count. Today's methods have one."""

    number: int
    counts: list[Count]
    base: int
    leading: list[str]


class Result(TypedDict):
    """The published result; plain JSON. See `tally` for the meaning of its parts."""

    method: str
    passing: str
    eligible: int
    cast: int
    valid: int
    invalid: int
    abstentions: int
    base: int
    turnout: Share
    quorum: Quorum | None
    counts: list[Count]
    leading: list[str]
    winners: list[str]
    passed: bool
    why: str
    tie: Tie | None
    rounds: list[Round]
    seed: NotRequired[str]


def count(
    method: str, options: Sequence[str], choices: Mapping[str, int], max_choices: int | None = None
) -> tuple[dict[str, int], int, int]:
    """Votes by option (abstentions under ``abstain``), valid and invalid ballots.

    choices: ballots by canonical choice text. A text that is no valid choice is counted as invalid, for nobody.
    """
    votes = dict.fromkeys(options, 0)
    votes.setdefault(ABSTAIN, 0)
    valid = invalid = 0
    for choice, n in choices.items():
        if n < 0:
            raise ValueError("a choice cannot have been made less than never")
        if not is_canonical(method, options, choice, max_choices):
            invalid += n
            continue
        valid += n
        for key in choice.split(","):
            votes[key] += n
    return votes, valid, invalid


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
) -> Result:
    """The result of a ballot.

    options: keys in the ballot's order. choices: how many ballots by canonical choice text.
    eligible: voters on the roll. quorum: fraction of them that must have voted, or None.
    seed: breaks ties between options when it is not empty; without it a tie has no winner.

    In the result ``cast`` is all ballots and the turnout's numerator, ``base`` the votes that a majority is of,
    ``leading`` whoever has most votes (after a broken tie, one), ``winners`` is empty unless ``passed``, and
    ``why`` is one of passed, no_votes, no_quorum, tied, not_enough.
    Raises InvalidInput for a definition that cannot be counted.
    """
    check_definition(method, passing, options, max_choices)
    votes, valid, invalid = count(method, options, choices, max_choices)
    abstentions = votes[ABSTAIN]
    cast, base = valid + invalid, valid - abstentions
    real = [key for key in options if key != ABSTAIN]
    counts: list[Count] = [{"option": key, "count": votes[key]} for key in options]
    if ABSTAIN not in options and abstentions:
        counts.append({"option": ABSTAIN, "count": abstentions})
    top = leaders((key, votes[key]) for key in real)
    round_: Round = {"number": 1, "counts": counts, "base": base, "leading": list(top)}
    tie: Tie | None = None
    if len(top) > 1:
        if method == "yes_no":
            tie = {"options": top, "broken_by": "rejected", "chosen": None}
        elif seed:
            chosen = break_tie(top, seed)
            tie = {"options": top, "broken_by": "seed", "chosen": chosen}
            top = [chosen]
        else:
            tie = {"options": top, "broken_by": "none", "chosen": None}
    needed = quorum_needed(eligible, quorum)
    candidate = "yes" if method == "yes_no" else top[0] if len(top) == 1 else None
    if not base:
        why = "no_votes"
    elif cast < needed:
        why = "no_quorum"
    elif len(top) > 1:
        why = "tied"
    elif (
        candidate is None
        or not enough(passing, votes[candidate], base)
        or (method == "yes_no" and top != ["yes"])
    ):
        why = "not_enough"
    else:
        why = "passed"
    quorum_result: Quorum | None = None
    if quorum is not None:
        quorum_result = {
            "numerator": quorum["numerator"],
            "denominator": quorum["denominator"],
            "needed": needed,
            "met": cast >= needed,
        }
    result: Result = {
        "method": method,
        "passing": passing,
        "eligible": eligible,
        "cast": cast,
        "valid": valid,
        "invalid": invalid,
        "abstentions": abstentions,
        "base": base,
        "turnout": {"numerator": cast, "denominator": eligible},
        "quorum": quorum_result,
        "counts": counts,
        "leading": list(top),
        "winners": [candidate] if why == "passed" and candidate else [],
        "passed": why == "passed",
        "why": why,
        "tie": tie,
        "rounds": [round_],
    }
    if seed:
        result["seed"] = seed.hex()
    return result
