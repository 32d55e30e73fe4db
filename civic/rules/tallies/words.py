"""A result in plain English sentences, for whoever counts again on a terminal. Pages have their own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from civic.rules.money import plain
from civic.rules.tallies.choices import ABSTAIN, BUDGETS
from civic.rules.tallies.results import Result, Round

_WHY = {
    "no_votes": "Nobody voted for anything, so nothing is decided.",
    "no_quorum": "Too few voted: the quorum was not met.",
    "tied": "The leading options have equally many votes, and no lots were drawn: nothing is decided.",
    "not_enough": "No option got enough votes to pass.",
}


def told(result: Result, labels: Mapping[str, str]) -> Iterator[str]:
    """How the count went and what came out, a line at a time. labels: of the options, by key."""
    yield (
        f"{result['method']}, passing by {result['passing']}: {result['cast']} of {result['eligible']} voted; "
        f"{result['valid']} valid, {result['invalid']} invalid, {result['abstentions']} abstentions"
    )
    quorum = result["quorum"]
    if quorum is not None:
        met = "met" if quorum["met"] else "NOT met"
        yield f"quorum: {quorum['needed']} had to vote, so it was {met}"
    scale = result.get("scale", 1)
    for step in result["rounds"]:
        yield f"round {step['number']}: {'; '.join(_parts(step, labels, scale))}"
    if result["method"] not in BUDGETS and not result["rounds"]:
        yield "votes: " + ", ".join(f"{_name(c['option'], labels)} {c['count']}" for c in result["counts"])
    yield from _pairs(result, labels)
    if "weights" in result:
        weights = result["weights"]
        counts = ", ".join(f"{_name(c['option'], labels)} {c['count']}" for c in weights["counts"])
        yield f"by weight, {weights['cast']} of {weights['eligible']}: {counts}"
    tie = result["tie"]
    if tie is not None:
        yield _tie(tie["options"], tie["broken_by"], tie["chosen"], labels)
    if result["passed"]:
        yield "result: " + ", ".join(_name(key, labels) for key in result["winners"])
    else:
        yield "result: " + _WHY[result["why"]]


def _name(key: str, labels: Mapping[str, str]) -> str:
    label = labels.get(key, "")
    return key if not label or label == key else f"{key} “{label}”"


def _names(keys: Sequence[str], labels: Mapping[str, str]) -> str:
    return ", ".join(_name(key, labels) for key in keys)


def _votes(amount: int, scale: int) -> str:
    """An exact decimal of ``amount`` in 1/``scale``, a power of ten."""
    whole, part = divmod(amount, scale)
    return str(whole) if not part else f"{whole}.{str(part).zfill(len(str(scale)) - 1).rstrip('0')}"


def _parts(step: Round, labels: Mapping[str, str], scale: int) -> Iterator[str]:
    if "option" in step:
        by = {"shares": "by equal shares of its supporters", "votes": "by votes"}[step["by"]]
        yield (
            f"{_name(step['option'], labels)} is funded {by}, for {plain(step['cost'])} "
            f"({step['supporters']} supporters); {plain(step['left'])} is left"
        )
        return
    yield ", ".join(f"{_name(c['option'], labels)} {_votes(c['count'], scale)}" for c in step["counts"])
    if step.get("quota"):
        yield f"needed to be elected: {_votes(step['quota'], scale)}"
    if step.get("elected"):
        yield f"elected: {_names(step['elected'], labels)}"
    if step.get("excluded"):
        yield f"out, with the fewest: {_names(step['excluded'], labels)}"
    if step.get("surplus_of"):
        yield f"what {_name(step['surplus_of'], labels)} has too many passes on"
    for move in step.get("transfers", ()):
        to = "to nobody" if move["to"] is None else f"to {_name(move['to'], labels)}"
        yield f"{_votes(move['count'], scale)} {to}"
    if step.get("exhausted"):
        yield f"for nobody any more: {_votes(step['exhausted'], scale)}"


def _pairs(result: Result, labels: Mapping[str, str]) -> Iterator[str]:
    table = result.get("pairwise", [])
    keys = [count["option"] for count in result["counts"] if count["option"] != ABSTAIN]
    for i, one in enumerate(keys):
        for j in range(i + 1, len(keys)):
            if table:
                pair = f"{_name(one, labels)} against {_name(keys[j], labels)}"
                yield f"pair: {pair}: {table[i][j]} to {table[j][i]}"


def _tie(options: Sequence[str], broken_by: str, chosen: str | None, labels: Mapping[str, str]) -> str:
    tied = _names(options, labels)
    if broken_by == "seed" and chosen is not None:
        return f"tie of {tied}: drawn by lot, {_name(chosen, labels)}"
    return f"tie of {tied}: " + (
        "yes and no are equal, so it is rejected" if broken_by == "rejected" else "open"
    )
