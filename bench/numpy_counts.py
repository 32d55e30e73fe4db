"""Elections at random as arrays, and every method's count over them in NumPy: the same winners, without our software.

An array lies as the count likes it best (``ARRAYS``), so that its time is the least that the count can cost. Options
are numbers from 0. Instant runoff, single transferable vote (values in whole 1/100,000) and Schulze count in whole
numbers as ours do; equal shares counts money in floats, where ours is exact.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop
from typing import Any

import numpy as np

from civic.rules.tallies import Details

Array = np.ndarray[Any, Any]
SCALE = 100_000
NOBODY = -1
MOST_SCORE = 5
MOST_APPROVED = 10


def approvals(papers: int, options: int) -> Array:
    """Whether each option (row) is approved by each paper (column); no two options have equally many."""
    rng = np.random.default_rng(papers)
    weights = np.linspace(0.2, 1, options) ** 2
    most = min(MOST_APPROVED, options // 2)
    picks = rng.choice(options, size=(papers, most), p=weights / weights.sum())
    wanted = np.arange(most) < rng.integers(1, most + 1, size=papers)[:, None]
    found = np.zeros((options, papers), dtype=bool)
    found[picks[wanted], np.nonzero(wanted)[0]] = True
    last = -1
    for option in np.argsort(found.sum(axis=1), kind="stable"):
        missing = last + 1 - int(found[option].sum())
        if missing > 0:
            found[option, np.flatnonzero(~found[option])[:missing]] = True
        last = int(found[option].sum())
    return found


def scores(papers: int, options: int) -> Array:
    """The score of each option (row) by each paper (column), from 0; nobody gives only zeros."""
    rng = np.random.default_rng(papers)
    likes = rng.random(options)[:, None]
    found = np.clip(rng.normal(likes * MOST_SCORE, 1.5, size=(options, papers)).round(), 0, MOST_SCORE)
    found[0, ~found.any(axis=0)] = 1
    return found.astype(np.uint8)


def rankings(papers: int, options: int) -> Array:
    """For each paper (row) its options from the best on, `NOBODY` where it ranks no more."""
    rng = np.random.default_rng(papers)
    order = np.argsort(rng.random((papers, options)) * np.linspace(1, 2, options), axis=1).astype(np.int8)
    order[np.arange(options) >= rng.integers(1, options + 1, size=papers)[:, None]] = NOBODY
    return order


def singles(papers: int, options: int) -> Array:
    """The option of each paper."""
    return rankings(papers, options)[:, 0].astype(np.intp)


def texts(method: str, array: Array, keys: list[str]) -> list[str]:
    """The canonical choice of each paper of an array as it was made."""
    if method == "single":
        return [keys[option] for option in array.tolist()]
    if array.dtype == bool:
        return [",".join([keys[i] for i in np.flatnonzero(paper)]) for paper in array.T]
    if method == "score":
        return [
            ",".join([f"{k}:{s}" for k, s in zip(keys, paper, strict=True) if s])
            for paper in array.T.tolist()
        ]
    return [">".join([keys[i] for i in paper if i >= 0]) for paper in array.tolist()]


def _named(approved: Array) -> Array:
    """All approvals one after the other."""
    return np.nonzero(approved)[0]


def _places(ranked: Array) -> Array:
    """The place of each option (row) on each paper (column); who is not ranked stands below all."""
    papers, options = ranked.shape
    found = np.full((options, papers), options, dtype=np.int8)
    paper, place = np.nonzero(ranked >= 0)
    found[ranked[paper, place], paper] = place
    return found


def most(named: Array, options: int, details: Details) -> list[int]:
    """Single choices and approvals: whom most papers name."""
    return [int(np.bincount(named, minlength=options).argmax())]


def points(given: Array, options: int, details: Details) -> list[int]:
    """Scores: the greatest sum."""
    return [int(given.sum(axis=1, dtype=np.int64).argmax())]


def _next(ranked: Array, standing: Array) -> Array:
    """For each paper the best of its options that still stand. ``standing`` ends with a False for `NOBODY`."""
    there = standing[ranked]
    best = there.argmax(axis=1)
    rows = np.arange(len(ranked))
    return np.where(there[rows, best], ranked[rows, best], NOBODY)


def runoff(ranked: Array, options: int, details: Details) -> list[int]:
    """Instant runoff by rounds of elimination."""
    standing = np.array([True] * options + [False])
    top = ranked[:, 0].copy()
    while True:
        votes = np.bincount(top + 1, minlength=options + 1)[1:]
        if 2 * votes.max() > votes.sum():
            return [int(votes.argmax())]
        out = int(np.where(standing[:-1], votes, len(ranked) + 1).argmin())
        standing[out] = False
        moving = np.flatnonzero(top == out)
        top[moving] = _next(ranked[moving], standing)


def stv(ranked: Array, options: int, details: Details) -> list[int]:
    """Single transferable vote with the transfers of Scotland, each paper's value a whole number."""
    seats = details["seats"]
    quota = SCALE * (len(ranked) // (seats + 1) + 1)
    standing = np.array([True] * options + [False])
    top, value = ranked[:, 0].copy(), np.full(len(ranked), SCALE, dtype=np.int64)
    votes = np.bincount(top, minlength=options) * SCALE
    elected: list[int] = []
    waiting: list[int] = []
    while True:
        reached = np.flatnonzero(standing[:-1] & (votes >= quota))
        new = [int(i) for i in reached[np.argsort(-votes[reached], kind="stable")]]
        elected += new
        waiting += [i for i in new if votes[i] > quota]
        standing[new] = False
        left = np.flatnonzero(standing[:-1])
        if len(elected) >= seats:
            return elected
        if len(left) <= seats - len(elected):
            return elected + [int(i) for i in left[np.argsort(-votes[left], kind="stable")]]
        if waiting:
            mover = max(waiting, key=lambda i: int(votes[i]))
            waiting.remove(mover)
            moving = np.flatnonzero(top == mover)
            value[moving] = (votes[mover] - quota) * value[moving] // votes[mover]
            votes[mover] = quota
        else:
            mover = int(left[votes[left].argmin()])
            standing[mover] = False
            moving = np.flatnonzero(top == mover)
            votes[mover] = 0
        to = _next(ranked[moving], standing)
        top[moving] = to
        # Sums of floats are exact here: they stay below 2 ** 53.
        votes += np.bincount(to + 1, weights=value[moving], minlength=options + 1)[1:].astype(np.int64)


def schulze(places: Array, options: int, details: Details) -> list[int]:
    """Schulze: the table of pairs, the strongest chains, and who is beaten by nobody."""
    table = np.array([[np.count_nonzero(mine < other) for other in places] for mine in places])
    paths = np.where(table > table.T, table, 0)
    for k in range(options):
        paths = np.maximum(paths, np.minimum(paths[:, k, None], paths[k]))
    np.fill_diagonal(paths, 0)
    return [int(i) for i in np.flatnonzero((paths >= paths.T).all(axis=1))]


def _money(options: int, details: Details) -> list[int]:
    return [details["costs"][str(option + 1)] for option in range(options)]


def _by_votes(votes: Array, costs: list[int], left: int, funded: list[int]) -> list[int]:
    for option in np.argsort(-votes):
        if int(option) not in funded and votes[option] > 0 and costs[option] <= left:
            funded.append(int(option))
            left -= costs[option]
    return funded


def greedy(named: Array, options: int, details: Details) -> list[int]:
    """What fits, most votes first."""
    votes = np.bincount(named, minlength=options)
    return _by_votes(votes, _money(options, details), details["budget"], [])


def shares(approved: Array, options: int, details: Details) -> list[int]:
    """The method of equal shares with costs as utilities, then by votes with what is left."""
    costs, votes = _money(options, details), approved.sum(axis=1)
    money = np.full(approved.shape[1], details["budget"] / approved.shape[1])
    funded: list[int] = []
    heap = [(0.0, option) for option in range(options)]
    while heap:
        best, chosen, price = float("inf"), NOBODY, 0.0
        rest = []
        while heap and heap[0][0] <= best:
            _, option = heappop(heap)
            pays = _price(money[approved[option]], costs[option])
            if pays is None:
                continue
            rest.append((pays / costs[option], option))
            if rest[-1][0] < best:
                best, chosen, price = rest[-1][0], option, pays
        if chosen == NOBODY:
            break
        payers = approved[chosen]
        money[payers] = np.maximum(money[payers] - price, 0)
        funded.append(chosen)
        heap += [entry for entry in rest if entry[1] != chosen]
        heapify(heap)
    return _by_votes(votes, costs, details["budget"] - sum(costs[i] for i in funded), funded)


def _price(purses: Array, cost: int) -> float | None:
    """The most that a supporter pays; None when all together cannot."""
    purses.sort()
    before = np.concatenate(([0.0], np.cumsum(purses)[:-1]))
    prices = (cost - before) / np.arange(len(purses), 0, -1)
    enough = purses >= prices
    first = int(enough.argmax()) if len(purses) else 0
    return float(prices[first]) if len(purses) and enough[first] else None


Count = Callable[[Array, int, Details], list[int]]
# By method: the papers, what the count reads of them, and the count.
ARRAYS: dict[str, tuple[Callable[[int, int], Array], Callable[[Array], Array], Count]] = {
    "single": (singles, np.asarray, most),
    "approval": (approvals, _named, most),
    "score": (scores, np.asarray, points),
    "runoff": (rankings, np.asarray, runoff),
    "stv": (rankings, np.asarray, stv),
    "schulze": (rankings, _places, schulze),
    "budget_greedy": (approvals, _named, greedy),
    "budget_shares": (approvals, np.asarray, shares),
}
