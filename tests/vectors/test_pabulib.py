"""Real participatory budgets: what the cities funded by their greedy rule, and equal shares as pabutools counts it."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from civic.rules.tallies.budgets import equal_shares, greedy
from civic.rules.tallies.results import Details
from tests.vectors.shared import DATA, needs_data

pytestmark = needs_data
FILES = sorted((DATA / "pabulib").glob("*.pb")) if DATA.exists() else []
# The city scored by points, not by approvals; its score stands in the file.
SCORED = {"poland_krakow_2021_czyzyny", "poland_gdansk_2020_oliwa"}
# Gdynia's small projects share a tenth of the district's money, as its figures show; one more ("2") was paid from
# what other districts left, which this file does not hold.
SMALL = {"poland_gdynia_2020_redlowo-small"}
# No column says what was funded.
UNTOLD = {"poland_gdansk_2020_oliwa"}


class Instance:
    """A .pb file: budget, costs, votes or scores, who was selected, ballots."""

    def __init__(self, path: Path) -> None:
        self.meta: dict[str, str] = {}
        self.projects: list[dict[str, str]] = []
        self.ballots: Counter[tuple[str, ...]] = Counter()
        section, heading = "", []
        for row in csv.reader(path.open(encoding="utf-8-sig"), delimiter=";"):
            if row and row[0].strip() in ("META", "PROJECTS", "VOTES"):
                section, heading = row[0].strip(), []
            elif row and not heading:
                heading = [cell.strip() for cell in row]
            elif row and section == "META":
                self.meta[row[0]] = row[1]
            elif row and section == "PROJECTS":
                self.projects.append(dict(zip(heading, row, strict=False)))
            elif row:
                chosen = dict(zip(heading, row, strict=False))["vote"].split(",")
                self.ballots[tuple(sorted(k for k in chosen if k))] += 1
        self.options = sorted(p["project_id"] for p in self.projects)
        self.details: Details = {
            "budget": int(self.meta["budget"]),
            "costs": {p["project_id"]: int(p["cost"]) for p in self.projects},
        }

    def column(self, name: str) -> dict[str, int]:
        return {p["project_id"]: int(p[name]) for p in self.projects}


def test_there_are_ten() -> None:
    assert len(FILES) == 10


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_the_city_funded(path: Path) -> None:
    instance = Instance(path)
    votes = instance.column("score" if path.stem in SCORED else "votes")
    lots = {key: place for place, key in enumerate(instance.options)}
    if path.stem in SMALL:
        instance.details["budget"] //= 10
    funded = greedy(instance.options, votes, instance.details, lots).funded
    assert sum(instance.details["costs"][key] for key in funded) <= instance.details["budget"]
    if path.stem not in UNTOLD:
        assert set(funded) == {key for key, yes in instance.column("selected").items() if yes == 1}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_votes_are_what_the_ballots_say(path: Path) -> None:
    instance = Instance(path)
    counted: Counter[str] = Counter()
    for ballot, n in instance.ballots.items():
        for key in ballot:
            counted[key] += n
    assert {key: counted[key] for key in instance.options} == instance.column("votes")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_equal_shares_as_pabutools(path: Path) -> None:
    from pabutools.election import ApprovalBallot, ApprovalProfile, Cost_Sat, Project
    from pabutools.election import Instance as TheirInstance
    from pabutools.rules import method_of_equal_shares

    instance = Instance(path)
    costs = instance.details["costs"]
    projects = {key: Project(key, costs[key]) for key in instance.options}
    election = TheirInstance(projects.values(), budget_limit=instance.details["budget"])
    profile = ApprovalProfile(
        [
            ApprovalBallot(projects[k] for k in ballot)
            for ballot, n in instance.ballots.items()
            for _ in range(n)
        ],
        instance=election,
    )
    theirs = {p.name for p in method_of_equal_shares(election, profile, sat_class=Cost_Sat)}
    lots = {key: place for place, key in enumerate(instance.options)}
    details: Details = {**instance.details, "completion": "none"}
    assert set(equal_shares(instance.options, instance.ballots, details, lots).funded) == theirs
