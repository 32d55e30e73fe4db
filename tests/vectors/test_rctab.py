"""RCTab's own cases: every round of its reports, under the rules that we share with it.

Not ours: write-ins (RCTab excludes them first; here they are left off the ballot, and its round for it is passed
over) and its multi-winner count (a threshold with decimals, several surpluses in one round), of which only the
winners are compared.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from civic.rules.tallies.ranked import instant_runoff
from civic.rules.tallies.stv import single_transferable_vote
from tests.vectors.shared import DATA, needs_data

pytestmark = needs_data
WRITE_INS = "Undeclared Write-ins"
Ranks = list[list[str]]  # what is marked at each rank


def config(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder(name) / f"{name}_config.json").read_text())
    return found


def folder(name: str) -> Path:
    return DATA / "rctab" / name


def report(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder(name) / f"{name}_expected_detailed_report.json").read_text())
    return found


def ranking(ranks: Ranks, rules: dict[str, Any]) -> tuple[str, ...]:
    """What a ballot ranks, by the case's rules on skipped ranks and overvotes."""
    found: list[str] = []
    skipped, most = 0, rules["maxSkippedRanksAllowed"]
    for marks in ranks:
        if not marks:
            skipped += 1
            if most != "unlimited" and skipped > int(most):
                break
            continue
        skipped = 0
        if len(marks) > 1 or marks == ["overvote"]:
            if rules["overvoteRule"] == "exhaustImmediately":
                break
            continue
        if marks[0] not in found:
            found.append(marks[0])
    return tuple(found)


def from_sheet(path: Path) -> list[Ranks]:
    rows = load_workbook(path, read_only=True).active.iter_rows(min_row=2, values_only=True)  # type: ignore[union-attr]
    ballots = []
    for row in rows:
        if not any(row):
            continue
        ranks = ["" if cell == "undervote" else str(cell or "").strip() for cell in row[3:]]
        ballots.append([[name] if name else [] for name in ranks])
    return ballots


def from_cvr(path: Path, names: list[str]) -> list[Ranks]:
    record = json.loads(path.read_text())
    selections = {
        selection["@id"]: selection
        for election in record["Election"]
        for contest in election["Contest"]
        for selection in contest["ContestSelection"]
    }
    candidates = {
        candidate["@id"]: candidate["Name"]
        for election in record["Election"]
        for candidate in election["Candidate"]
    }
    ballots = []
    for cvr in record["CVR"]:
        ranks: Ranks = [[] for _ in range(20)]
        for snapshot in cvr["CVRSnapshot"]:
            for contest in snapshot["CVRContest"]:
                for chosen in contest["CVRContestSelection"]:
                    name = candidates[selections[chosen["ContestSelectionId"]]["CandidateIds"][0]]
                    for position in chosen["SelectionPosition"]:
                        if position["HasIndication"] == "yes":
                            ranks[position["Rank"] - 1].append(name)
        ballots.append(ranks)
    return ballots


def from_table(path: Path) -> list[Ranks]:
    heading, *lines = path.read_text("utf-8-sig").strip().splitlines()
    names = [WRITE_INS if name == "Write-In" else name for name in heading.split(",")[3:]]
    ballots = []
    for line in lines:
        ranks: Ranks = [[] for _ in names]
        for name, rank in zip(names, line.split(",")[3:], strict=True):
            if rank:
                ranks[int(rank) - 1].append(name)
        ballots.append(ranks)
    return ballots


def rankings(name: str) -> tuple[list[str], Counter[tuple[str, ...]]]:
    """The candidates in their order, and how often each ranking was made; write-ins are left out."""
    case = config(name)
    source = folder(name) / case["cvrFileSources"][0]["filePath"]
    names = [candidate["name"] for candidate in case["candidates"]]
    if source.suffix == ".xlsx":
        ballots = from_sheet(source)
    elif source.suffix == ".csv":
        ballots = from_table(source)
    else:
        ballots = from_cvr(source, names)
    found: Counter[tuple[str, ...]] = Counter()
    for ranks in ballots:
        ranked = tuple(n for n in ranking(ranks, case["rules"]) if n in names)
        if ranked:
            found[ranked] += 1
    return names, found


@pytest.mark.parametrize(
    "name",
    [
        "2015_portland_mayor",
        "generic_csv_test",
        "test_set_0_skipped_first_choice",
        "test_set_4_skipped_choice_next",
    ],
)
def test_every_round_is_as_reported(name: str) -> None:
    names, cast = rankings(name)
    rules = config(name)["rules"]
    order = {key: place for place, key in enumerate(names)}
    winner, rounds = instant_runoff(names, cast, order, batch=rules["batchElimination"], history=False)
    expected = [
        {k: int(v) for k, v in step["tally"].items() if k != WRITE_INS} for step in report(name)["results"]
    ]
    if report(name)["results"][0]["tally"].get(WRITE_INS, "0") != "0":
        expected = expected[1:]
    assert [{c["option"]: c["count"] for c in step["counts"]} for step in rounds] == expected
    elected = [
        r["elected"] for step in report(name)["results"] for r in step["tallyResults"] if "elected" in r
    ]
    assert [winner] == elected
    for ours, theirs in zip(rounds, report(name)["results"][-len(rounds) :], strict=True):
        gone = [r for r in theirs["tallyResults"] if "eliminated" in r and r["eliminated"] != WRITE_INS]
        assert set(ours["excluded"]) == {r["eliminated"] for r in gone}
        moved = {(t["from"], t["to"]): t["count"] for t in ours["transfers"] if t["to"]}
        assert moved == {
            (r["eliminated"], to): int(n) for r in gone for to, n in r["transfers"].items() if to in names
        }


def test_the_winners_of_a_multi_winner_count() -> None:
    name = "test_set_multi_winner_fractional_threshold"
    names, cast = rankings(name)
    elected, _ = single_transferable_vote(names, cast, 3, {key: i for i, key in enumerate(names)})
    theirs = {
        r["elected"] for step in report(name)["results"] for r in step["tallyResults"] if "elected" in r
    }
    assert set(elected) == theirs
