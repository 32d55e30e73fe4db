"""The shape of a published result; plain JSON in whole numbers."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class Share(TypedDict):
    """A fraction as two whole numbers."""

    numerator: int
    denominator: int


class Count(TypedDict):
    """Votes of one option, by its key."""

    option: str
    count: int


class Quorum(Share):
    """The quorum as a fraction of the roll, what is needed for it, and whether it came."""

    needed: int
    met: bool


class Tie(TypedDict):
    """Options that lead together, and what was done: ``seed`` (drawn), ``rejected`` (yes = no), ``none``."""

    options: list[str]
    broken_by: str
    chosen: str | None


# "from" is a keyword, hence the call. ``to`` is None for votes that count for nobody any more.
Transfer = TypedDict("Transfer", {"from": str, "to": str | None, "count": int})


class Round(TypedDict):
    """One step of the count. ``counts`` and what follows them are in 1/``scale`` votes of the result.

    Ranked methods: ``elected`` and ``excluded`` by this step, ``surplus_of`` whom it moves votes from, and the
    ``transfers`` that lead to the next step. Budgets: ``option`` with its ``cost`` is funded ``by`` equal
    ``shares`` or ``votes``; of its ``supporters`` some pay ``pays`` (thousandths of the smallest unit of money,
    rounded down), ``emptied`` give all that they had left; ``left`` remains of the budget.
    """

    number: int
    counts: NotRequired[list[Count]]
    base: NotRequired[int]
    leading: NotRequired[list[str]]
    exhausted: NotRequired[int]
    quota: NotRequired[int]
    elected: NotRequired[list[str]]
    excluded: NotRequired[list[str]]
    surplus_of: NotRequired[str]
    transfers: NotRequired[list[Transfer]]
    option: NotRequired[str]
    cost: NotRequired[int]
    by: NotRequired[str]
    supporters: NotRequired[int]
    pays: NotRequired[int]
    emptied: NotRequired[int]
    left: NotRequired[int]


class Weights(TypedDict):
    """The same by weight: of the roll, cast, the base, the quorum and the votes by option."""

    eligible: int
    cast: int
    base: int
    quorum: Quorum | None
    counts: list[Count]


class Result(TypedDict):
    """The published result. See `civic.rules.tallies.counting.tally` for the meaning of its parts."""

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
    scale: NotRequired[int]
    weights: NotRequired[Weights]
    pairwise: NotRequired[list[list[int]]]
    paths: NotRequired[list[list[int]]]
    spent: NotRequired[int]


class Details(TypedDict, total=False):
    """What some methods need beside their options; plain JSON, frozen with the ballot.

    seats: to be filled (stv). max_score: the best score (score). budget, costs: money in its smallest unit
    (budgets). categories: of options; limits: the most that may be spent in a category. completion: what happens
    with money that equal shares leave: ``votes`` or ``none``.
    """

    seats: int
    max_score: int
    budget: int
    costs: dict[str, int]
    categories: dict[str, str]
    limits: dict[str, int]
    completion: str
