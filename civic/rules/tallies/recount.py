"""The published ballot box, and the same result from it by anybody.

A box is one JSON document. Its bytes are canonical (RFC 8785) with the ballots sorted by tracker, so that it
has one hash and its order tells nothing about who voted when.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, TypedDict

import rfc8785

from civic.errors import N_, InvalidInput
from civic.rules.tallies.counting import Result, tally
from civic.rules.tallies.passing import Share


class BoxOption(TypedDict):
    """An option: the key that choices name (``id``) and what the voter read."""

    id: str
    label: str


class BoxBallot(TypedDict):
    """One counted ballot. The tracker is known to its voter only; version counts its replacements from 1."""

    tracker: str
    version: int
    choice: str


class Box(TypedDict):
    """Everything that a recount needs. ``seed`` is hex, or ""."""

    ballot: str
    method: str
    passing: str
    quorum: Share | None
    options: list[BoxOption]
    eligible: int
    max_choices: int | None
    seed: str
    ballots: list[BoxBallot]


def group(ballots: Iterable[BoxBallot]) -> Counter[str]:
    """How often each choice was made, counting the newest version of each tracker.

    Raises InvalidInput (``duplicate_tracker``) when one version of a tracker stands twice.
    """
    newest: dict[str, BoxBallot] = {}
    seen: set[tuple[str, int]] = set()
    for ballot in ballots:
        tracker, version = ballot["tracker"], ballot["version"]
        if (tracker, version) in seen:
            raise InvalidInput(
                N_("The box holds one ballot twice."), field="ballots", reason="duplicate_tracker"
            )
        seen.add((tracker, version))
        if tracker not in newest or newest[tracker]["version"] < version:
            newest[tracker] = ballot
    return Counter(ballot["choice"] for ballot in newest.values())


def recount(box: Box) -> Result:
    """The result of a box; equal to what `tally` gave. Raises InvalidInput for a box that makes no sense."""
    choices = group(box["ballots"])
    if sum(choices.values()) > box["eligible"]:
        raise InvalidInput(
            N_("The box holds more ballots than there are voters."), field="ballots", reason="overfull"
        )
    return tally(
        box["method"],
        box["passing"],
        [option["id"] for option in box["options"]],
        choices,
        eligible=box["eligible"],
        quorum=box["quorum"],
        max_choices=box["max_choices"],
        seed=bytes.fromhex(box["seed"]),
    )


def box_bytes(box: Box) -> bytes:
    """The canonical bytes of a box (RFC 8785), its ballots sorted."""
    content: dict[str, Any] = dict(box)
    content["ballots"] = sorted(box["ballots"], key=lambda ballot: (ballot["tracker"], ballot["version"]))
    return rfc8785.dumps(content)
