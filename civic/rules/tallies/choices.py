"""What a vote looks like: one canonical text for each different choice.

* yes_no: ``yes``, ``no`` or ``abstain``
* single: the key of one option, such as ``3``
* approval, budget_greedy, budget_shares: the keys of the approved options in the ballot's order, such as ``1,4``
* score: scored options in the ballot's order, such as ``1:5,4:2``; what is not named has 0
* runoff, stv, schulze: the ranked options, the best first, such as ``3>1>2``; not all have to be ranked

``abstain`` is a valid choice everywhere: it counts for the turnout and for nothing else. Because a choice has
only one text, equal votes are equal texts and can be counted in groups.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from civic.errors import N_, InvalidInput
from civic.rules.tallies.passing import PASSING
from civic.rules.tallies.results import Details

METHODS = (
    "yes_no", "single", "approval", "score", "runoff", "stv", "schulze", "budget_greedy", "budget_shares",
)  # fmt: skip
RANKED = ("runoff", "stv", "schulze")
BUDGETS = ("budget_greedy", "budget_shares")
APPROVING = ("approval", *BUDGETS)
YES_NO = ("yes", "no", "abstain")
ABSTAIN = "abstain"
MOST_SCORE = 100
MOST_MONEY = 10**15
_KEY = re.compile(r"[a-z0-9_-]{1,12}", re.ASCII)


def check_definition(
    method: str,
    passing: str,
    options: Sequence[str],
    max_choices: int | None = None,
    details: Details | None = None,
) -> None:
    """Check that a ballot can be counted. ``options`` are keys, in order.

    Raises InvalidInput with reason ``method``, ``passing``, ``options``, ``max_choices``, ``seats``,
    ``max_score``, ``budget``, ``costs``, ``categories`` or ``completion``.
    """
    if method not in METHODS:
        raise InvalidInput(N_("This way of voting is not known."), field="method", reason="method")
    if passing not in PASSING:
        raise InvalidInput(N_("This rule of passing is not known."), field="passing", reason="passing")
    if method not in ("yes_no", "single", "approval") and passing != "plurality":
        raise InvalidInput(
            N_("This way of voting finds its winners itself; choose the rule “plurality” for it."),
            field="passing",
            reason="passing",
        )
    if len(set(options)) != len(options) or not all(_KEY.fullmatch(key) for key in options):
        raise InvalidInput(N_("Every option needs a key of its own."), field="options", reason="options")
    if method == "yes_no":
        if tuple(options) != YES_NO:
            raise InvalidInput(
                N_("A yes-or-no ballot has the options yes, no and abstain."),
                field="options",
                reason="options",
            )
    elif len(set(options) - {ABSTAIN}) < (1 if method in BUDGETS else 2):
        raise InvalidInput(N_("A ballot needs at least two options."), field="options", reason="options")
    if max_choices is not None and (
        method not in (*APPROVING, *RANKED) or not 1 <= max_choices <= len(options)
    ):
        raise InvalidInput(
            N_("The most options that one may choose does not fit this ballot."),
            field="max_choices",
            reason="max_choices",
        )
    _check_details(method, options, details or {})


def _check_details(method: str, options: Sequence[str], details: Details) -> None:
    if method == "stv" and not 1 <= details.get("seats", 0) < len(options):
        raise InvalidInput(
            N_("Say how many are to be elected: at least one, and fewer than the options."),
            field="seats",
            reason="seats",
        )
    if method == "score" and not 1 <= details.get("max_score", 0) <= MOST_SCORE:
        raise InvalidInput(
            N_("The best score is from 1 to %(most)s."),
            field="max_score",
            reason="max_score",
            most=MOST_SCORE,
        )
    if method in BUDGETS:
        _check_money(options, details)


def _check_money(options: Sequence[str], details: Details) -> None:
    if not 1 <= details.get("budget", 0) <= MOST_MONEY:
        raise InvalidInput(N_("Say how much money there is."), field="budget", reason="budget")
    costs = details.get("costs", {})
    if set(costs) != set(options) - {ABSTAIN} or not all(1 <= cost <= MOST_MONEY for cost in costs.values()):
        raise InvalidInput(N_("Every project needs its cost."), field="costs", reason="costs")
    categories, limits = details.get("categories", {}), details.get("limits", {})
    if not set(categories) <= set(costs) or not set(limits) <= set(categories.values()):
        raise InvalidInput(
            N_("A limit is for a category that some project has."), field="limits", reason="categories"
        )
    if any(limit < 0 for limit in limits.values()):
        raise InvalidInput(
            N_("A category's limit cannot be below nothing."), field="limits", reason="categories"
        )
    if details.get("completion", "votes") not in ("votes", "none"):
        raise InvalidInput(
            N_("This way to spend what is left is not known."), field="completion", reason="completion"
        )


def canonical(method: str, options: Sequence[str], chosen: Collection[str]) -> str:
    """The canonical text of chosen keys (for scores ``key:score``). It is not yet checked; see `clean_choice`."""
    wanted = list(dict.fromkeys(chosen))
    if wanted == [ABSTAIN]:
        return ABSTAIN
    if method in RANKED:
        return ">".join(wanted)
    order = {key: place for place, key in enumerate(options)}

    def place(part: str) -> tuple[int, str]:
        key = part.partition(":")[0]
        return order.get(key, len(order)), key

    return ",".join(sorted(wanted, key=place))


def clean_choice(
    method: str,
    options: Sequence[str],
    chosen: str | Sequence[str],
    max_choices: int | None = None,
    details: Details | None = None,
    *,
    field: str = "choice",
) -> str:
    """The canonical text of a voter's choice: canonical text, or a list of keys (of ``key:score`` for scores).

    Ranked options stand in their order. Scores of 0 may be named or left out.
    Raises InvalidInput: ``empty``, ``duplicate``, ``unknown_option``, ``one_only``, ``too_many_choices``,
    ``abstain_alone``, ``score``.
    """
    parts = _parts(method, chosen)
    keys = [part.partition(":")[0] if method == "score" else part for part in parts]
    if not keys:
        raise InvalidInput(N_("Choose an option, or abstain."), field=field, reason="empty")
    if len(set(keys)) != len(keys):
        raise InvalidInput(N_("An option can be chosen only once."), field=field, reason="duplicate")
    if not set(keys) <= {*options, ABSTAIN}:
        raise InvalidInput(N_("This option is not on the ballot."), field=field, reason="unknown_option")
    if ABSTAIN in keys and parts != [ABSTAIN]:
        raise InvalidInput(
            N_("One either abstains or chooses; not both."), field=field, reason="abstain_alone"
        )
    if method in ("yes_no", "single") and len(keys) > 1:
        raise InvalidInput(N_("Choose one option only."), field=field, reason="one_only")
    if max_choices is not None and len(keys) > max_choices:
        raise InvalidInput(
            N_("At most %(limit)s options can be chosen."),
            field=field,
            reason="too_many_choices",
            limit=max_choices,
        )
    if method == "score" and parts != [ABSTAIN]:
        parts = _scores(parts, (details or {}).get("max_score", 0), field)
    return canonical(method, options, parts)


def _parts(method: str, chosen: str | Sequence[str]) -> list[str]:
    if isinstance(chosen, str):
        chosen = chosen.split(">" if method in RANKED else ",")
    return [part.strip() for part in chosen if part.strip()]


def _scores(parts: Sequence[str], most: int, field: str) -> list[str]:
    """``key:score`` with plain numbers, without the zeros."""
    found = []
    for part in parts:
        key, _, score = part.partition(":")
        if not (score.isascii() and score.isdecimal()) or len(score) > 3 or int(score) > most:
            raise InvalidInput(
                N_("A score is a whole number from 0 to %(most)s."), field=field, reason="score", most=most
            )
        if int(score):
            found.append(f"{key}:{int(score)}")
    if not found:
        raise InvalidInput(N_("Give at least one option a score, or abstain."), field=field, reason="empty")
    return found
