"""The published ballot box, and the same result from it by anybody.

A box is one JSON document. Its bytes are canonical (RFC 8785) with the ballots sorted by tracker, so that it
has one hash and its order tells nothing about who voted when.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, NotRequired, TypedDict

from civic.errors import N_, InvalidInput
from civic.rules.canonical import canonical
from civic.rules.tallies.counting import tally
from civic.rules.tallies.results import Details, Result, Share


class BoxOption(TypedDict):
    """An option: the key that choices name (``id``) and what the voter read."""

    id: str
    label: str


class BoxBallot(TypedDict):
    """One counted ballot. The tracker is known to its voter only; version counts its replacements from 1.

    weight: where the roll has weights. token: of an anonymous ballot, see `civic.rules.tokens`.
    channel: online or paper, where both are big enough to be told apart.
    """

    tracker: str
    version: int
    choice: str
    channel: NotRequired[str]
    weight: NotRequired[int]
    token: NotRequired[str]


class Box(TypedDict):
    """Everything that a recount needs. ``seed`` is hex, or "". ``eligible_weight`` where the roll has weights.

    ``paper``: numbers of sheets, where some voted on paper.
    """

    ballot: str
    method: str
    passing: str
    quorum: Share | None
    options: list[BoxOption]
    eligible: int
    max_choices: int | None
    seed: str
    ballots: list[BoxBallot]
    details: NotRequired[Details]
    eligible_weight: NotRequired[int]
    paper: NotRequired[dict[str, int]]


def newest(ballots: Iterable[BoxBallot]) -> list[BoxBallot]:
    """The newest version of each tracker.

    Raises InvalidInput (``duplicate_tracker``) when one version of a tracker stands twice.
    """
    found: dict[str, BoxBallot] = {}
    seen: set[tuple[str, int]] = set()
    for ballot in ballots:
        tracker, version = ballot["tracker"], ballot["version"]
        if (tracker, version) in seen:
            raise InvalidInput(
                N_("The box holds one ballot twice."), field="ballots", reason="duplicate_tracker"
            )
        seen.add((tracker, version))
        if tracker not in found or found[tracker]["version"] < version:
            found[tracker] = ballot
    return list(found.values())


def group(ballots: Iterable[BoxBallot]) -> Counter[str]:
    """How often each choice was made."""
    return Counter(ballot["choice"] for ballot in ballots)


def recount(box: Box, seed: str | None = None) -> Result:
    """The result of a box; equal to what `tally` gave. ``seed`` (hex) is for lots that were drawn after closing.

    Raises InvalidInput for a box that makes no sense.
    """
    counted = newest(box["ballots"])
    weights: Counter[str] = Counter()
    for ballot in counted:
        weights[ballot["choice"]] += ballot.get("weight", 0)
    return result_of(box, group(counted), weights, len(counted), seed)


def result_of(
    head: Box, choices: Counter[str], weights: Counter[str], counted: int, seed: str | None = None
) -> Result:
    """The result of papers that are grouped already; of ``head`` everything but the papers is looked at.

    Raises InvalidInput for a box that makes no sense.
    """
    if counted > head["eligible"]:
        raise InvalidInput(
            N_("The box holds more ballots than there are voters."), field="ballots", reason="overfull"
        )
    weighted = "eligible_weight" in head
    if weighted and sum(weights.values()) > head["eligible_weight"]:
        raise InvalidInput(N_("The box holds more weight than the roll."), field="ballots", reason="overfull")
    return tally(
        head["method"],
        head["passing"],
        [option["id"] for option in head["options"]],
        choices,
        eligible=head["eligible"],
        quorum=head["quorum"],
        max_choices=head["max_choices"],
        seed=bytes.fromhex(head["seed"] if seed is None else seed),
        details=head.get("details"),
        weights=weights if weighted else None,
        eligible_weight=head.get("eligible_weight", 0),
    )


def box_bytes(box: Box) -> bytes:
    """The canonical bytes of a box (RFC 8785), its ballots sorted."""
    content: dict[str, Any] = dict(box)
    content["ballots"] = sorted(box["ballots"], key=lambda ballot: (ballot["tracker"], ballot["version"]))
    return canonical(content)
