"""Real ballots of Scottish council elections, counted by us and by pref_voting, which nobody here wrote."""

import csv
import random
from pathlib import Path

import pytest

from civic.rules.tallies.stv import SCALE, quota, single_transferable_vote
from tests.vectors.shared import DATA, needs_data

pytestmark = needs_data
FILES = sorted((DATA / "scottish-councils").glob("*.csv")) if DATA.exists() else []


def read(path: Path) -> tuple[list[str], int, dict[tuple[str, ...], int]]:
    """Candidates as numbers, seats, ballots by ranking."""
    rows = [row for row in csv.reader(path.open(encoding="utf-8-sig")) if row]
    candidates, seats = int(rows[0][0]), int(rows[0][1])
    ballots: dict[tuple[str, ...], int] = {}
    for row in rows[1:]:
        if row[0].isdecimal():
            ranked = tuple(cell for cell in row[1:] if cell)
            ballots[ranked] = ballots.get(ranked, 0) + int(row[0])
    return [str(i) for i in range(1, candidates + 1)], seats, ballots


def test_there_are_eleven() -> None:
    assert len(FILES) == 11


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_same_are_elected(path: Path) -> None:
    from pref_voting.profiles_with_ties import ProfileWithTies
    from pref_voting.proportional_methods import stv_scottish

    options, seats, ballots = read(path)
    elected, rounds = single_transferable_vote(options, ballots, seats, {k: i for i, k in enumerate(options)})
    profile = ProfileWithTies(
        [{int(key): place for place, key in enumerate(ranked, 1)} for ranked in ballots],
        list(ballots.values()),
        candidates=[int(key) for key in options],
    )
    theirs = stv_scottish(profile, num_seats=seats, rng=random.Random(1))
    assert sorted(int(key) for key in elected) == sorted(theirs)
    total = sum(ballots.values())
    assert rounds[0]["quota"] == SCALE * quota(total, seats)
    for step in rounds:
        assert step["base"] + step["exhausted"] == SCALE * total
