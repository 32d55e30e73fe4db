"""Files of researchers' tools, read to be counted here: ``.pb`` (Pabulib), ``.blt``, PrefLib's ``.soi`` and ``.soc``.

The counterpart of `civic.rules.tallies.formats`. Files of others are read too, as far as they hold what our methods
count: approvals in whole amounts of money, and strict rankings.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from civic.rules.tallies.choices import BUDGETS, RANKED, canonical
from civic.rules.tallies.counting import tally
from civic.rules.tallies.results import Details, Result

KINDS = ("pb", "blt", "soi", "soc")
_RULES = {"greedy": "budget_greedy", "equalshares": "budget_shares"}
_KEY = re.compile(r"[a-z0-9_-]{1,12}", re.ASCII)


@dataclass(slots=True)
class Election:
    """What a file holds. labels: of the options, by key. funded: what the file says was selected, or None."""

    method: str
    labels: dict[str, str]
    choices: Counter[str] = field(default_factory=Counter)
    details: Details = field(default_factory=Details)
    funded: list[str] | None = None
    seed: str = ""

    def result(self, method: str = "", seed: str = "", seats: int = 0) -> Result:
        """The result by ``method``, or by the file's own; likewise ``seats``.

        Raises InvalidInput or ValueError when it cannot be counted.
        """
        method = method or self.method
        if method not in (BUDGETS if self.method in BUDGETS else RANKED):
            raise ValueError(f"ballots of this file cannot be counted by {method}")
        details: Details = {**self.details, "seats": seats} if seats else self.details
        return tally(
            method, "plurality", list(self.labels), self.choices, eligible=sum(self.choices.values()),
            seed=bytes.fromhex(seed or self.seed), details=details,
        )  # fmt: skip


def read(kind: str, text: str) -> Election:
    """The election in a file of this kind. Raises ValueError, with what is wrong."""
    try:
        return {"pb": _pb, "blt": _blt}.get(kind, _preflib)(text)
    except (KeyError, IndexError) as error:
        raise ValueError(f"this is no whole .{kind} file: {error} is missing") from None


def _keys(names: Sequence[str]) -> dict[str, str]:
    """Names of a file as keys of options: as they are where that is possible, else their numbers."""
    if all(_KEY.fullmatch(name) for name in names):
        return {name: name for name in names}
    return {name: str(number) for number, name in enumerate(names, 1)}


def _pb(text: str) -> Election:
    meta: dict[str, str] = {}
    projects: list[dict[str, str]] = []
    votes: list[str] = []
    section, heading = "", list[str]()
    for row in csv.reader(text.removeprefix("\ufeff").splitlines(), delimiter=";"):
        if row and row[0].strip() in ("META", "PROJECTS", "VOTES"):
            section, heading = row[0].strip(), []
        elif row and not heading:
            heading = [cell.strip() for cell in row]
        elif row and section == "META":
            meta[row[0].strip()] = row[1].strip()
        elif row and section == "PROJECTS":
            projects.append(dict(zip(heading, row, strict=False)))
        elif row:
            votes.append(dict(zip(heading, row, strict=False))["vote"])
    if meta["vote_type"] != "approval":
        raise ValueError(f"only approvals can be counted here, not “{meta['vote_type']}”")
    keys = _keys([project["project_id"] for project in projects])
    found = Election(
        _RULES.get(meta.get("rule", "greedy"), "budget_greedy"),
        {keys[p["project_id"]]: p.get("name", "") for p in projects},
        details={
            "budget": int(meta["budget"]),
            "costs": {keys[p["project_id"]]: int(p["cost"]) for p in projects},
            "completion": meta.get("completion", "votes"),
        },
        seed=meta.get("seed", ""),
    )
    limits = {
        name.removeprefix("limit:"): int(most) for name, most in meta.items() if name.startswith("limit:")
    }
    if limits:
        found.details["categories"] = {
            keys[p["project_id"]]: p["category"] for p in projects if p.get("category")
        }
        found.details["limits"] = limits
    for vote in votes:
        chosen = [keys[name] for name in vote.split(",") if name]
        if chosen:
            found.choices[canonical("approval", list(found.labels), chosen)] += 1
    if projects and all("selected" in project for project in projects):
        found.funded = [keys[p["project_id"]] for p in projects if p["selected"].strip() == "1"]
    return found


def _blt(text: str) -> Election:
    lines = [line.strip() for line in text.removeprefix("\ufeff").splitlines() if line.strip()]
    options, seats = (int(part) for part in lines[0].split())
    place = 1
    if lines[place].startswith("-"):
        raise ValueError("options that were withdrawn cannot be counted here")
    found = Election("stv" if seats > 1 else "runoff", {})
    if seats > 1:
        found.details["seats"] = seats
    rankings: list[tuple[int, list[int]]] = []
    while lines[place] != "0":
        parts = [part for part in lines[place].split() if not part.startswith("(")]
        if parts[-1] != "0" or not all(part.isdecimal() for part in parts):
            raise ValueError(f"line {place + 1} is no strict ranking: {lines[place][:60]}")
        rankings.append((int(parts[0]), [int(part) for part in parts[1:-1]]))
        place += 1
    names = [line.strip('"') for line in lines[place + 1 :]]
    found.labels = {str(n): names[n - 1] for n in range(1, options + 1)}
    _rank(found, rankings)
    return found


def _preflib(text: str) -> Election:
    meta: dict[str, str] = {}
    rankings: list[tuple[int, list[int]]] = []
    for line in text.removeprefix("\ufeff").splitlines():
        name, _, value = line.removeprefix("#").strip().partition(":")
        if line.startswith("#"):
            meta[name.strip()] = value.strip()
        elif line.strip():
            if "{" in line:
                raise ValueError("rankings with ties cannot be counted here")
            rankings.append((int(name), [int(part) for part in value.split(",") if part.strip()]))
    count = int(meta["NUMBER ALTERNATIVES"])
    found = Election("schulze", {str(n): meta.get(f"ALTERNATIVE NAME {n}", "") for n in range(1, count + 1)})
    _rank(found, rankings)
    return found


def _rank(found: Election, rankings: list[tuple[int, list[int]]]) -> None:
    for n, ranking in rankings:
        if ranking:
            if len(set(ranking)) != len(ranking) or not {str(key) for key in ranking} <= found.labels.keys():
                raise ValueError(f"this ranks what is not there, or twice: {ranking}")
            found.choices[">".join(map(str, ranking))] += n
