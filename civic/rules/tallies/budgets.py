"""Participatory budgets: which projects are funded.

Greedy: by votes, each project that still fits. Equal shares: the Method of Equal Shares (Peters, Pierczyński and
Skowron, "Proportional Participatory Budgeting with Additive Utilities", NeurIPS 2021) with the cost of a project as
its utility: each voter gets an equal part of the budget; a project is bought by its supporters, the one first whose
supporters pay the smallest part of its cost each. Money that is left goes to further projects by votes
("utilitarian completion"). Ties are broken by lot.

All amounts are whole numbers: a voter's money is counted in 1/D of the smallest unit, and D grows when a price needs it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heappop, heappush
from math import gcd

from civic.rules.tallies.lots import Lots, first
from civic.rules.tallies.results import Details, Round

MILLI = 1000


@dataclass(slots=True)
class Purse:
    """The public money, and what has been funded with it."""

    details: Details
    left: int
    by_category: dict[str, int] = field(default_factory=dict)
    funded: list[str] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)

    @classmethod
    def of(cls, details: Details) -> Purse:
        return cls(details, details["budget"])

    def fits(self, option: str) -> bool:
        """Whether a project can be paid from what is left, in all and in its category."""
        cost = self.details["costs"][option]
        category = self.details.get("categories", {}).get(option)
        limit = self.details.get("limits", {}).get(category) if category is not None else None
        return cost <= self.left and (
            limit is None or self.by_category.get(category or "", 0) + cost <= limit
        )

    def fund(self, option: str, supporters: int, by: str, *, pays: int = 0, emptied: int = 0) -> None:
        cost = self.details["costs"][option]
        self.left -= cost
        category = self.details.get("categories", {}).get(option)
        if category is not None:
            self.by_category[category] = self.by_category.get(category, 0) + cost
        self.funded.append(option)
        step: Round = {
            "number": len(self.rounds) + 1, "option": option, "cost": cost, "by": by,
            "supporters": supporters, "left": self.left,
        }  # fmt: skip
        if by == "shares":
            step["pays"], step["emptied"] = pays, emptied
        self.rounds.append(step)


def by_votes(options: Sequence[str], votes: Mapping[str, int], purse: Purse, lots: Lots) -> None:
    """Fund what fits, most votes first; nothing without a vote."""
    waiting = {key for key in options if votes[key] > 0 and key not in purse.funded and purse.fits(key)}
    while waiting:
        most = max(votes[key] for key in waiting)
        key = first([k for k in options if k in waiting and votes[k] == most], lots)
        purse.fund(key, votes[key], "votes")
        waiting = {k for k in waiting - {key} if purse.fits(k)}


def greedy(options: Sequence[str], votes: Mapping[str, int], details: Details, lots: Lots) -> Purse:
    """The greedy rule. votes: by option."""
    purse = Purse.of(details)
    by_votes(options, votes, purse, lots)
    return purse


@dataclass(slots=True)
class Money:
    """What each group of like-minded voters has left for each of its voters, in 1/``unit``."""

    sizes: list[int]
    left: list[int]
    unit: int

    def price(self, groups: Sequence[int], cost: int) -> tuple[int, int] | None:
        """Numerator and number of payers (denominator: that times ``unit``) of the most that a supporter pays.

        None when all the supporters together cannot pay.
        """
        missing = cost * self.unit
        payers = 0
        purses: dict[int, int] = {}
        for group in groups:
            size, left = self.sizes[group], self.left[group]
            payers += size
            purses[left] = purses.get(left, 0) + size
        for left in sorted(purses):
            if left * payers >= missing:
                return missing, payers
            missing -= left * purses[left]
            payers -= purses[left]
        return None

    def pay(self, groups: Sequence[int], price: tuple[int, int]) -> tuple[int, int]:
        """Take the price; thousandths of the smallest unit that the others pay, and how many gave their last."""
        common = gcd(*price)
        amount, finer = price[0] // common, price[1] // common
        if finer > 1:
            self.unit *= finer
            self.left = [left * finer for left in self.left]
        emptied = 0
        for group in groups:
            if self.left[group] <= amount:
                emptied += self.sizes[group] if self.left[group] < amount else 0
                self.left[group] = 0
            else:
                self.left[group] -= amount
        return MILLI * amount // self.unit, emptied


def equal_shares(
    options: Sequence[str], approvals: Mapping[tuple[str, ...], int], details: Details, lots: Lots
) -> Purse:
    """The Method of Equal Shares. approvals: ballots by the approved options.

    Raises Undecided when lots are needed and there are none.
    """
    purse = Purse.of(details)
    groups = list(approvals)
    sizes = [approvals[group] for group in groups]
    voters = sum(sizes)
    votes = dict.fromkeys(options, 0)
    supporters: dict[str, list[int]] = {key: [] for key in options}
    for index, group in enumerate(groups):
        for key in group:
            votes[key] += sizes[index]
            supporters[key].append(index)
    if voters:
        money = Money(sizes, [details["budget"]] * len(groups), voters)
        _buy(options, supporters, votes, money, purse, lots)
    if details.get("completion", "votes") == "votes":
        by_votes(options, votes, purse, lots)
    return purse


def _buy(
    options: Sequence[str], supporters: Mapping[str, list[int]], votes: Mapping[str, int], money: Money,
    purse: Purse, lots: Lots,
) -> None:  # fmt: skip
    """Buy as long as some supporters can pay. A project's price only rises, so old prices are lower bounds."""
    costs = purse.details["costs"]
    heap: list[tuple[Fraction, int]] = []
    for place, key in enumerate(options):
        if votes[key]:
            heappush(heap, (Fraction(0), place))
    while heap:
        best: Fraction | None = None
        found: dict[str, tuple[int, int]] = {}
        rest: list[tuple[Fraction, int]] = []
        while heap and (best is None or heap[0][0] <= best):
            _, place = heappop(heap)
            key = options[place]
            price = money.price(supporters[key], costs[key]) if purse.fits(key) else None
            if price is None:
                continue  # it never becomes payable again
            ratio = Fraction(price[0], price[1] * money.unit * costs[key])
            rest.append((ratio, place))
            if best is None or ratio < best:
                best, found = ratio, {key: price}
            elif ratio == best:
                found[key] = price
        if best is None:
            return
        chosen = first(_in_order(options, found), lots)
        pays, emptied = money.pay(supporters[chosen], found[chosen])
        purse.fund(chosen, votes[chosen], "shares", pays=pays, emptied=emptied)
        for entry in rest:
            if options[entry[1]] != chosen:
                heappush(heap, entry)


def _in_order(options: Sequence[str], found: Collection[str]) -> list[str]:
    return [key for key in options if key in found]
