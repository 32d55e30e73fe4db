"""What a vote looks like: one canonical text for each different choice.

* yes_no: ``yes``, ``no`` or ``abstain``
* single: the key of one option, such as ``3``
* approval: the keys of the approved options in the ballot's order, such as ``1,4``

``abstain`` is a valid choice everywhere: it counts for the turnout and for nothing else. Because a choice has
only one text, equal votes are equal texts and can be counted in groups.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from civic.errors import N_, InvalidInput

METHODS = ("yes_no", "single", "approval")
YES_NO = ("yes", "no", "abstain")
ABSTAIN = "abstain"
_KEY = re.compile(r"[a-z0-9_-]{1,12}", re.ASCII)


def check_definition(
    method: str, passing: str, options: Sequence[str], max_choices: int | None = None
) -> None:
    """Check that a ballot can be counted. ``options`` are keys, in order.

    Raises InvalidInput with reason ``method``, ``passing``, ``options`` or ``max_choices``.
    """
    if method not in METHODS:
        raise InvalidInput(N_("This way of voting is not known."), field="method", reason="method")
    if passing not in ("plurality", "majority", "two_thirds"):
        raise InvalidInput(N_("This rule of passing is not known."), field="passing", reason="passing")
    if len(set(options)) != len(options) or not all(_KEY.fullmatch(key) for key in options):
        raise InvalidInput(N_("Every option needs a key of its own."), field="options", reason="options")
    if method == "yes_no":
        if tuple(options) != YES_NO:
            raise InvalidInput(
                N_("A yes-or-no ballot has the options yes, no and abstain."),
                field="options",
                reason="options",
            )
    elif len(set(options) - {ABSTAIN}) < 2:
        raise InvalidInput(N_("A ballot needs at least two options."), field="options", reason="options")
    if max_choices is not None and (method != "approval" or not 1 <= max_choices <= len(options)):
        raise InvalidInput(
            N_("The most options that one may approve does not fit this ballot."),
            field="max_choices",
            reason="max_choices",
        )


def canonical(method: str, options: Sequence[str], chosen: Collection[str]) -> str:
    """The canonical text of a set of chosen keys. It is not yet checked; see `clean_choice`."""
    wanted = set(chosen)
    if wanted == {ABSTAIN}:
        return ABSTAIN
    order = {key: place for place, key in enumerate(options)}
    return ",".join(sorted(wanted, key=lambda key: (order.get(key, len(order)), key)))


def clean_choice(
    method: str,
    options: Sequence[str],
    chosen: str | Sequence[str],
    max_choices: int | None = None,
    *,
    field: str = "choice",
) -> str:
    """The canonical text of a voter's choice: a key, keys joined by commas, or a list of keys.

    Raises InvalidInput: ``empty``, ``duplicate``, ``unknown_option``, ``one_only``, ``too_many_choices``,
    ``abstain_alone``.
    """
    keys = [key.strip() for key in (chosen.split(",") if isinstance(chosen, str) else chosen)]
    keys = [key for key in keys if key]
    if not keys:
        raise InvalidInput(N_("Choose an option, or abstain."), field=field, reason="empty")
    if len(set(keys)) != len(keys):
        raise InvalidInput(N_("An option can be chosen only once."), field=field, reason="duplicate")
    if not set(keys) <= {*options, ABSTAIN}:
        raise InvalidInput(N_("This option is not on the ballot."), field=field, reason="unknown_option")
    if ABSTAIN in keys and len(keys) > 1:
        raise InvalidInput(
            N_("One either abstains or chooses; not both."), field=field, reason="abstain_alone"
        )
    if method != "approval" and len(keys) > 1:
        raise InvalidInput(N_("Choose one option only."), field=field, reason="one_only")
    if max_choices is not None and len(keys) > max_choices:
        raise InvalidInput(
            N_("At most %(limit)s options can be chosen."),
            field=field,
            reason="too_many_choices",
            limit=max_choices,
        )
    return canonical(method, options, keys)


@lru_cache(maxsize=4096)
def _is_canonical(method: str, options: tuple[str, ...], choice: str, max_choices: int | None) -> bool:
    try:
        return clean_choice(method, options, choice, max_choices) == choice
    except InvalidInput:
        return False


def is_canonical(method: str, options: Sequence[str], choice: str, max_choices: int | None = None) -> bool:
    """Whether a text is a valid choice in its one canonical form."""
    return _is_canonical(method, tuple(options), choice, max_choices)
