"""Ranked ballots: reading them, and instant runoff.

Instant runoff: each ballot counts for the highest-ranked option that is still in. Who has more than half of the
ballots that still count is elected; else the option with the fewest is excluded and its ballots move on. A tie for
exclusion is broken by the most recent round in which the tied differed, then by lot (as rule 51 of the Scottish
Local Government Elections Order 2007 has it for its count).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from civic.rules.tallies.lots import Lots, last, look_back
from civic.rules.tallies.results import Round, Transfer

Ranking = tuple[str, ...]
Rankings = Mapping[Ranking, int]


def read(choices: Mapping[str, int]) -> dict[Ranking, int]:
    """Rankings of canonical choice texts such as ``3>1>2``; each at least one option long."""
    return {tuple(text.split(">")): n for text, n in choices.items() if n}


def instant_runoff(
    options: Sequence[str], rankings: Rankings, lots: Lots, *, batch: bool = False, history: bool = True
) -> tuple[str | None, list[Round]]:
    """The elected option (None when no ballot ranks anything) and the rounds.

    options: keys in the ballot's order. rankings: ballots by ranking. lots: see `civic.rules.tallies.lots`.
    batch: exclude at once all who together have fewer votes than the next one (as in Maine).
    history: look back before lots are drawn. Raises Undecided when lots are needed and there are none.
    """
    piles: dict[str, dict[Ranking, int]] = {key: {} for key in options}
    for ranking, n in rankings.items():
        pile = piles[ranking[0]]
        pile[ranking] = pile.get(ranking, 0) + n
    exhausted = 0
    rounds: list[Round] = []
    past: list[dict[str, int]] = []
    while True:
        votes = {key: sum(pile.values()) for key, pile in piles.items()}
        base = sum(votes.values())
        most = max(votes.values(), default=0)
        leading = [key for key in options if key in votes and votes[key] == most]
        step: Round = {
            "number": len(rounds) + 1,
            "counts": [{"option": key, "count": votes[key]} for key in options if key in votes],
            "base": base,
            "leading": leading if most else [],
            "exhausted": exhausted,
            "elected": [],
            "excluded": [],
            "transfers": [],
        }
        rounds.append(step)
        if not base:
            return None, rounds
        if 2 * most > base:
            step["elected"] = leading
            return leading[0], rounds
        out = _excluded(options, votes, past, lots, batch=batch, history=history)
        past.append(votes)
        step["excluded"] = out
        transfers: list[Transfer] = []
        gone = {key: piles.pop(key) for key in out}
        for key, pile in gone.items():
            moved: dict[str | None, int] = {}
            for ranking, n in pile.items():
                target = next((k for k in ranking if k in piles), None)
                moved[target] = moved.get(target, 0) + n
                if target is not None:
                    piles[target][ranking] = piles[target].get(ranking, 0) + n
            exhausted += moved.get(None, 0)
            transfers += [
                {"from": key, "to": to, "count": moved[to]} for to in [*options, None] if moved.get(to)
            ]
        step["transfers"] = transfers


def _excluded(
    options: Sequence[str], votes: Mapping[str, int], past: list[dict[str, int]], lots: Lots, *,
    batch: bool, history: bool,
) -> list[str]:  # fmt: skip
    if batch:
        rising = sorted(votes, key=lambda key: votes[key])
        total = 0
        safe = 0
        for place, key in enumerate(rising[:-1]):
            total += votes[key]
            if total < votes[rising[place + 1]]:
                safe = place + 1
        if safe > 1:
            return [key for key in options if key in rising[:safe]]
    fewest = min(votes.values())
    tied = [key for key in options if key in votes and votes[key] == fewest]
    if history:
        tied = look_back(tied, past, min)
    return [last(tied, lots)]
