"""A ballot's box in the formats that researchers' tools read.

* ``.pb`` of Pabulib (M. Faliszewski et al., "Participatory Budgeting: Data, Tools, and Analysis", IJCAI 2023)
* ``.blt`` of OpaVote and OpenSTV: ranked ballots
* ``.soi`` of PrefLib: strict orders, incomplete; ``.soc`` where every ballot ranks all
* ``.csv``: every paper as it lies in the box, for methods of all kinds

Ballots stand grouped by choice, so the files tell nothing that the published count does not. Abstentions and invalid
ballots are left out, for these formats have no place for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civic.rules.tallies.choices import BUDGETS, RANKED
from civic.rules.tallies.results import Details


def kinds(method: str) -> list[str]:
    """The formats beside JSON in which a box of this method is given out."""
    if method in BUDGETS:
        return ["pb", "csv"]
    if method in RANKED:
        return [*(["blt"] if method != "schulze" else []), "soi", "csv"]
    return ["csv"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file needs: a title, options by key in the ballot's order, valid choices by their canonical text."""

    title: str
    options: Mapping[str, str]
    choices: Mapping[str, int]
    details: Details
    year: int = 0


def _line(text: str, *, without: str = "") -> str:
    """A text on one line, without what the format gives a meaning."""
    text = " ".join(text.split())
    for sign in without:
        text = text.replace(sign, " ")
    return text


def _grouped(choices: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(((c, n) for c, n in choices.items() if n), key=lambda item: (-item[1], item[0]))


def blt(sheet: Sheet) -> str:
    """Ranked ballots; options are numbered from 1 in the ballot's order."""
    number = {key: str(i) for i, key in enumerate(sheet.options, 1)}
    lines = [f"{len(number)} {sheet.details.get('seats', 1)}"]
    for choice, n in _grouped(sheet.choices):
        lines.append(" ".join([str(n), *(number[key] for key in choice.split(">")), "0"]))
    lines.append("0")
    lines += ['"' + _line(label, without='"') + '"' for label in sheet.options.values()]
    lines.append('"' + _line(sheet.title, without='"') + '"')
    return "\n".join(lines) + "\n"


def complete(sheet: Sheet) -> bool:
    """Whether every ballot ranks all options, so that the file is a ``.soc``."""
    return all(choice.count(">") == len(sheet.options) - 1 for choice, n in sheet.choices.items() if n)


def preflib(sheet: Sheet) -> str:
    """Ranked ballots as PrefLib's SOI (or SOC when every ballot ranks all)."""
    number = {key: str(i) for i, key in enumerate(sheet.options, 1)}
    orders = [(choice.split(">"), n) for choice, n in _grouped(sheet.choices)]
    kind = "soc" if complete(sheet) else "soi"
    lines = [
        f"# FILE NAME: ballot.{kind}",
        f"# TITLE: {_line(sheet.title)}",
        "# DESCRIPTION: ",
        f"# DATA TYPE: {kind}",
        "# MODIFICATION TYPE: original",
        "# RELATES TO: ",
        "# RELATED FILES: ",
        "# PUBLICATION DATE: ",
        "# MODIFICATION DATE: ",
        f"# NUMBER ALTERNATIVES: {len(number)}",
        f"# NUMBER VOTERS: {sum(n for _, n in orders)}",
        f"# NUMBER UNIQUE ORDERS: {len(orders)}",
    ]
    lines += [f"# ALTERNATIVE NAME {number[key]}: {_line(label)}" for key, label in sheet.options.items()]
    lines += [f"{n}: {','.join(number[key] for key in order)}" for order, n in orders]
    return "\n".join(lines) + "\n"


def pabulib(sheet: Sheet, funded: Sequence[str], rule: str, seed: str = "") -> str:
    """A participatory budget with approval ballots. rule: ``greedy`` or ``equalshares``. seed: by which lots were drawn.

    What Pabulib has no name for stands under names of ours, which its tools pass over: ``completion``, ``seed`` and
    ``limit:<category>``.
    """
    costs, categories = sheet.details["costs"], sheet.details.get("categories", {})
    votes = dict.fromkeys(sheet.options, 0)
    for choice, n in sheet.choices.items():
        for key in choice.split(","):
            votes[key] += n
    meta = {
        "description": _line(sheet.title, without=";"),
        "country": "China",
        "unit": "Civic",
        "instance": str(sheet.year),
        "num_projects": str(len(sheet.options)),
        "num_votes": str(sum(sheet.choices.values())),
        "budget": str(sheet.details["budget"]),
        "vote_type": "approval",
        "rule": rule,
        "comment": "#1: Amounts are in the smallest unit of money, a hundredth of a yuan.",
    }
    if rule == "equalshares":
        meta["completion"] = sheet.details.get("completion", "votes")
    if seed:
        meta["seed"] = seed
    for category, most in sheet.details.get("limits", {}).items():
        meta[f"limit:{_line(category, without=';,')}"] = str(most)
    lines = ["META", "key;value", *(f"{key};{value}" for key, value in meta.items())]
    lines += ["PROJECTS", "project_id;cost;votes;name;category;selected"]
    for key in sorted(sheet.options, key=lambda key: (-votes[key], key)):
        name, category = _line(sheet.options[key], without=";"), _line(categories.get(key, ""), without=";,")
        lines.append(f"{key};{costs[key]};{votes[key]};{name};{category};{int(key in funded)}")
    lines += ["VOTES", "voter_id;vote"]
    voter = 0
    for choice, n in _grouped(sheet.choices):
        for _ in range(n):
            voter += 1
            lines.append(f"{voter};{choice}")
    return "\n".join(lines) + "\n"


def csv_lines(papers: Iterable[Mapping[str, Any]], first: bool, *, weighted: bool = False) -> str:
    """Papers, a line each; before the ``first`` the names of the columns. Cells hold keys and numbers only."""
    columns = ["tracker", "version", "choice", *(["weight"] if weighted else [])]
    lines = [",".join(columns)] if first else []
    for paper in papers:
        choice = f'"{paper["choice"]}"' if "," in paper["choice"] else paper["choice"]
        cells = [paper["tracker"], str(paper["version"]), choice]
        lines.append(",".join([*cells, str(paper["weight"])] if weighted else cells))
    return "".join(line + "\r\n" for line in lines)
