"""Single transferable vote as Scotland counts it: weighted inclusive Gregory, Droop quota, five decimal places.

Source: The Scottish Local Government Elections Order 2007 (SSI 2007/42), Schedule 1, rules 45 to 52; the count is
unchanged in the Order of 2011. Votes are whole numbers of 1/100,000, which is what rule 48(3) rounds down to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from civic.rules.tallies.lots import Lots, first, last, look_back
from civic.rules.tallies.ranked import Ranking, Rankings
from civic.rules.tallies.results import Round, Transfer

SCALE = 100_000


# Papers that lie with one candidate: by the value they were received at, rankings and how many there are of each.
Papers = dict[int, list[tuple[Ranking, int]]]


@dataclass(slots=True)
class Count:
    """The state of a count. ``votes`` are in 1/100,000."""

    options: Sequence[str]
    seats: int
    lots: Lots
    quota: int
    papers: dict[str, Papers]
    votes: dict[str, int]
    continuing: list[str]
    elected: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)  # elected, surplus not transferred yet
    lost: int = 0  # not transferable, or lost to rounding
    past: list[dict[str, int]] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)


def quota(valid: int, seats: int) -> int:
    """Rule 46: the votes needed, a whole number."""
    return valid // (seats + 1) + 1


def single_transferable_vote(
    options: Sequence[str], rankings: Rankings, seats: int, lots: Lots
) -> tuple[list[str], list[Round]]:
    """The elected in the order of their election, and the stages; their counts are in 1/100,000 votes.

    Raises Undecided when lots are needed and there are none. With no more candidates than seats all are elected.
    """
    count = _first_stage(options, rankings, seats, lots)
    while True:
        step = _stage(count)
        _elect(count, step)
        vacancies = seats - len(count.elected)
        if vacancies <= 0:
            return count.elected, count.rounds
        if len(count.continuing) <= vacancies:  # rule 52
            step["elected"] = [*step.get("elected", []), *_by_votes(count, count.continuing)]
            count.elected += _by_votes(count, count.continuing)
            return count.elected, count.rounds
        if count.waiting:
            _transfer_surplus(count, step)
        else:
            _exclude(count, step)


def _first_stage(options: Sequence[str], rankings: Rankings, seats: int, lots: Lots) -> Count:
    first_choices: dict[str, list[tuple[Ranking, int]]] = {key: [] for key in options}
    for alike in rankings.items():
        first_choices[alike[0][0]].append(alike)
    valid = sum(rankings.values())
    votes = {key: SCALE * sum(n for _, n in pile) for key, pile in first_choices.items()}
    papers = {key: {SCALE: pile} for key, pile in first_choices.items()}
    return Count(options, seats, lots, SCALE * quota(valid, seats), papers, votes, list(options))


def _stage(count: Count) -> Round:
    """Note the votes as they stand at the end of a stage."""
    most = max(count.votes.values(), default=0)
    step: Round = {
        "number": len(count.rounds) + 1,
        "counts": [{"option": key, "count": count.votes[key]} for key in count.options],
        "base": sum(count.votes.values()),
        "leading": [key for key in count.options if most and count.votes[key] == most],
        "exhausted": count.lost,
        "quota": count.quota,
        "elected": [],
        "excluded": [],
        "transfers": [],
    }
    count.rounds.append(step)
    return step


def _by_votes(count: Count, keys: Sequence[str]) -> list[str]:
    return sorted(keys, key=lambda key: -count.votes[key])


def _elect(count: Count, step: Round) -> None:
    """Rule 47: whoever has the quota is elected."""
    reached = [key for key in count.continuing if count.votes[key] >= count.quota]
    new = _by_votes(count, reached)
    count.elected += new
    count.continuing = [key for key in count.continuing if key not in new]
    count.waiting += [key for key in new if count.votes[key] > count.quota]
    step["elected"] = new


def _transfer_surplus(count: Count, step: Round) -> None:
    """Rules 48 and 49: the largest surplus first."""
    most = max(count.votes[key] for key in count.waiting)
    tied = [key for key in count.waiting if count.votes[key] == most]
    key = first(look_back(tied, count.past, max), count.lots)
    count.past.append(dict(count.votes))
    count.waiting.remove(key)
    total = count.votes[key]
    surplus = total - count.quota
    step["surplus_of"] = key
    moved = _move(count, key, lambda value: surplus * value // total)
    count.votes[key] = count.quota
    _book(count, step, key, moved, surplus)


def _exclude(count: Count, step: Round) -> None:
    """Rules 50 and 51: the lowest candidate's papers move on at the value they came with."""
    fewest = min(count.votes[key] for key in count.continuing)
    tied = [key for key in count.continuing if count.votes[key] == fewest]
    key = last(look_back(tied, count.past, min), count.lots)
    count.past.append(dict(count.votes))
    count.continuing.remove(key)
    step["excluded"] = [key]
    moved = _move(count, key, lambda value: value)
    leaving, count.votes[key] = count.votes[key], 0
    _book(count, step, key, moved, leaving)


def _move(count: Count, key: str, value_of: Callable[[int], int]) -> dict[str, int]:
    """Move a candidate's papers to the next available preferences; the votes that each one receives."""
    moved: dict[str, int] = {}
    for value, papers in count.papers[key].items():
        worth = value_of(value)
        if not worth:
            continue
        piles: dict[str, list[tuple[Ranking, int]]] = {to: [] for to in count.continuing}
        for alike in papers:
            for to in alike[0]:
                if to in piles:
                    piles[to].append(alike)
                    break
        for to, pile in piles.items():
            if pile:
                count.papers[to].setdefault(worth, []).extend(pile)
                moved[to] = moved.get(to, 0) + worth * sum(n for _, n in pile)
    count.papers[key] = {}
    return moved


def _book(count: Count, step: Round, key: str, moved: Mapping[str, int], leaving: int) -> None:
    """Credit what moved; what leaves and does not arrive is lost."""
    transfers: list[Transfer] = []
    for to in count.options:
        if moved.get(to):
            count.votes[to] += moved[to]
            transfers.append({"from": key, "to": to, "count": moved[to]})
    lost = leaving - sum(moved.values())
    if lost:
        transfers.append({"from": key, "to": None, "count": lost})
    count.lost += lost
    step["transfers"] = transfers
