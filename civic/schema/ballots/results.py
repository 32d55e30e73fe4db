"""Results of ballots as the API shows them, and their rounds."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import orjson
import strawberry

from civic.rules.money import plain
from civic.rules.rolls import SCALE
from civic.rules.tallies.choices import ABSTAIN
from civic.rules.tallies.passing import DUAL
from civic.rules.tallies.schulze import chain

Labels = dict[str, str]


@strawberry.type(description="How often an option was chosen.")
class OptionCount:
    option: str
    label: str
    count: int


@strawberry.type(description="Votes of an option in one step of a count; parts of votes are decimals.")
class RoundCount:
    option: str
    label: str
    votes: str = strawberry.field(description="Exact decimal.")
    share: float = strawberry.field(description="Of all votes of the first step, for drawings.")


@strawberry.type(
    description="Votes that pass from one option to another; to null when they count for nobody any more."
)
class Transfer:
    source: str
    target: str | None
    votes: str
    share: float


@strawberry.type(description="One step of a count.")
class Round:
    number: int
    counts: list[RoundCount]
    exhausted: str = strawberry.field(description="Votes that count for nobody any more.")
    quota: str | None
    elected: list[str]
    excluded: list[str]
    surplus_of: str | None
    transfers: list[Transfer]
    option: str | None = strawberry.field(description="The project that this step funds.")
    cost: str | None = strawberry.field(description="In yuan.")
    by: str | None = strawberry.field(description="Funded by equal `shares`, or by `votes`.")
    supporters: int | None
    pays: str | None = strawberry.field(
        description="By equal shares: what a supporter pays, in yuan, rounded down; who has less left pays all of it."
    )
    emptied: int | None = strawberry.field(
        description="By equal shares: how many pay the last that they have."
    )
    left: str | None = strawberry.field(description="What remains of the budget, in yuan.")


@strawberry.type(description="Options that led together, and how that was decided.")
class Tie:
    options: list[str]
    broken_by: str = strawberry.field(description="seed (drawn by lot), rejected (yes and no), or none.")
    chosen: str | None


@strawberry.type(description="The same count by weight: exact decimals.")
class WeightCount:
    eligible: str
    cast: str
    base: str
    needed: str | None
    quorum_met: bool | None
    counts: list[RoundCount]


@strawberry.type(description="One preference of a chain: so many place the option above the other one.")
class ChainStep:
    option: str
    over: str
    votes: int


@strawberry.type(
    description="Schulze: a pair that the winner does not win, and the strongest chains both ways."
)
class Chain:
    winner: str
    over: str
    steps: list[ChainStep]
    strength: int = strawberry.field(description="Of the chain from the winner: its smallest number.")
    back: int = strawberry.field(description="Strength of the strongest chain back to the winner.")


@strawberry.type(description="The outcome, as anybody can recount it from the published box.")
class Result:
    passed: bool
    why: str = strawberry.field(description="passed, no_votes, no_quorum, tied or not_enough.")
    winners: list[str]
    counts: list[OptionCount]
    valid: int
    invalid: int
    abstentions: int
    base: int = strawberry.field(description="The votes that a majority is of.")
    needed: int | None = strawberry.field(description="How many had to vote; null without a quorum.")
    quorum_met: bool | None
    tie: Tie | None
    rounds: list[Round]
    pairwise: list[list[int]] = strawberry.field(
        description="Schulze: how many prefer the option of the row to that of the column."
    )
    chains: list[Chain]
    spent: str | None = strawberry.field(description="Of a budget, in yuan.")
    weights: WeightCount | None = strawberry.field(description="By weight, where the roll has weights.")
    seed: str = strawberry.field(
        description="The checkpoint's root (hex) by which lots were drawn; or empty."
    )
    json: str = strawberry.field(description="The whole result as in the ledger, with sorted keys.")

    @classmethod
    def of(cls, found: Any, labels: Labels) -> Result:
        quorum, tie = found["quorum"], found["tie"]
        counts = [
            OptionCount(option=c["option"], label=labels.get(c["option"], ""), count=c["count"])
            for c in found["counts"]
        ]
        return cls(
            passed=found["passed"], why=found["why"], winners=found["winners"], valid=found["valid"],
            invalid=found["invalid"], abstentions=found["abstentions"], base=found["base"], counts=counts,
            needed=quorum["needed"] if quorum else None, quorum_met=quorum["met"] if quorum else None,
            tie=Tie(options=tie["options"], broken_by=tie["broken_by"], chosen=tie["chosen"]) if tie else None,
            rounds=_rounds(found, labels), pairwise=found.get("pairwise", []),
            chains=_chains(found),
            spent=plain(found["spent"]) if "spent" in found else None,
            weights=_weights(found["weights"], labels) if "weights" in found else None,
            seed=found.get("seed", ""), json=orjson.dumps(found, option=orjson.OPT_SORT_KEYS).decode(),
        )  # fmt: skip


def _chains(found: Any) -> list[Chain]:
    """Why the winner of a Schulze count is ahead of those against whom it does not win its pair."""
    table, paths = found.get("pairwise"), found.get("paths")
    if not table or not paths:
        return []
    keys = [c["option"] for c in found["counts"] if c["option"] != ABSTAIN]
    return [
        Chain(
            winner=keys[i], over=keys[j], strength=paths[i][j], back=paths[j][i],
            steps=[
                ChainStep(option=keys[one], over=keys[other], votes=table[one][other])
                for one, other in pairwise(chain(table, i, j, paths[i][j]))
            ],
        )
        for i in (keys.index(winner) for winner in found["winners"])
        for j in range(len(keys))
        if i != j and table[i][j] <= table[j][i]
    ]  # fmt: skip


def _decimal(amount: int, scale: int) -> str:
    """An exact decimal of ``amount`` in 1/``scale``, a power of ten."""
    whole, part = divmod(amount, scale)
    digits = str(part).zfill(len(str(scale)) - 1).rstrip("0") if part else ""
    return f"{whole}.{digits}" if digits else str(whole)


def _rounds(found: Any, labels: Labels) -> list[Round]:
    scale = found.get("scale", 1) * (SCALE if "weights" in found and found["passing"] not in DUAL else 1)
    rounds = found["rounds"]
    total = max((sum(c["count"] for c in r.get("counts", ())) for r in rounds), default=0) or 1

    def count(c: Any) -> RoundCount:
        name = labels.get(c["option"], c["option"])
        return RoundCount(
            option=c["option"], label=name, votes=_decimal(c["count"], scale), share=c["count"] / total
        )

    return [
        Round(
            number=r["number"],
            counts=[count(c) for c in r.get("counts", ())],
            exhausted=_decimal(r.get("exhausted", 0), scale),
            quota=_decimal(r["quota"], scale) if "quota" in r else None,
            elected=r.get("elected", []),
            excluded=r.get("excluded", []),
            surplus_of=r.get("surplus_of"),
            transfers=[
                Transfer(
                    source=t["from"],
                    target=t["to"],
                    votes=_decimal(t["count"], scale),
                    share=t["count"] / total,
                )
                for t in r.get("transfers", ())
            ],
            option=r.get("option"),
            cost=plain(r["cost"]) if "cost" in r else None,
            by=r.get("by"),
            supporters=r.get("supporters"),
            pays=plain(r["pays"] // 1000) if "pays" in r else None,
            emptied=r.get("emptied"),
            left=plain(r["left"]) if "left" in r else None,
        )
        for r in rounds
    ]


def _weights(found: Any, labels: Labels) -> WeightCount:
    quorum, all_ = found["quorum"], found["cast"] or 1

    def exact(weight: int) -> str:
        return _decimal(weight, SCALE)

    return WeightCount(
        eligible=exact(found["eligible"]),
        cast=exact(found["cast"]),
        base=exact(found["base"]),
        needed=exact(quorum["needed"]) if quorum else None,
        quorum_met=quorum["met"] if quorum else None,
        counts=[
            RoundCount(
                option=c["option"],
                label=labels.get(c["option"], ""),
                votes=exact(c["count"]),
                share=c["count"] / all_,
            )
            for c in found["counts"]
        ],
    )
