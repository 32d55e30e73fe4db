"""Thousands of random elections, counted by us and by programs that nobody here wrote.

pref_voting counts instant runoff (with every way that ties can fall), Schulze and Scottish STV; pabutools counts greedy
budgets and equal shares. Where lots decide, ours has to be among what theirs allows.
"""

import io
import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from civic.rules.tallies.budgets import equal_shares, greedy
from civic.rules.tallies.formats import Sheet, blt, pabulib, preflib
from civic.rules.tallies.lots import draw
from civic.rules.tallies.ranked import instant_runoff
from civic.rules.tallies.results import Details
from civic.rules.tallies.schulze import schulze
from civic.rules.tallies.stv import single_transferable_vote

RANDOM = 1500  # elections of each kind


def rankings(rng: random.Random, options: list[str], most: int) -> dict[tuple[str, ...], int]:
    """Ballots that rank one option or more, a few of them many times."""
    found: Counter[tuple[str, ...]] = Counter()
    for _ in range(rng.randint(1, most)):
        ranked = rng.sample(options, rng.randint(1, len(options)))
        found[tuple(ranked)] += rng.choice((1, 1, 1, 2, 3, 7))
    return dict(found)


def profile(options: list[str], ballots: dict[tuple[str, ...], int]) -> Any:
    from pref_voting.profiles_with_ties import ProfileWithTies

    found = ProfileWithTies(
        [{int(key): place for place, key in enumerate(ranked, 1)} for ranked in ballots],
        list(ballots.values()),
        candidates=[int(key) for key in options],
    )
    found.use_extended_strict_preference()
    return found


def test_instant_runoff() -> None:
    from pref_voting.iterative_methods import instant_runoff_put

    rng = random.Random(1)
    for case in range(RANDOM):
        options = [str(i) for i in range(1, rng.randint(2, 6) + 1)]
        ballots = rankings(rng, options, 25)
        lots = draw(options, str(case).encode())
        theirs = instant_runoff_put(profile(options, ballots))
        for history in (True, False):
            winner, rounds = instant_runoff(options, ballots, lots, history=history)
            assert winner is not None and int(winner) in theirs, (ballots, winner, theirs)
            assert all(r["base"] + r["exhausted"] == sum(ballots.values()) for r in rounds)


def test_schulze() -> None:
    from pref_voting.margin_based_methods import beat_path

    rng = random.Random(2)
    for _ in range(RANDOM):
        options = [str(i) for i in range(1, rng.randint(2, 7) + 1)]
        ballots = rankings(rng, options, 30)
        theirs = profile(options, ballots)
        winners, table, _ = schulze(options, ballots)
        for a in options:
            for b in options:
                if a != b:
                    assert table[int(a) - 1][int(b) - 1] == theirs.support(int(a), int(b))
        assert [int(key) for key in winners] == sorted(beat_path(theirs, strength_function=theirs.support)), (
            ballots
        )


def test_single_transferable_vote() -> None:
    from pref_voting.proportional_methods import stv_scottish

    rng = random.Random(3)
    compared = 0
    for case in range(RANDOM):
        options = [str(i) for i in range(1, rng.randint(3, 7) + 1)]
        seats = rng.randint(1, len(options) - 1)
        ballots = rankings(rng, options, 40)
        possible = {
            tuple(sorted(single_transferable_vote(options, ballots, seats, draw(options, bytes([n])))[0]))
            for n in range(12)
        }
        ours = tuple(
            sorted(single_transferable_vote(options, ballots, seats, draw(options, str(case).encode()))[0])
        )
        assert len(ours) == seats
        if len(possible) > 1:
            continue  # lots decide; theirs are drawn in another way
        theirs = stv_scottish(profile(options, ballots), num_seats=seats, rng=random.Random(case))
        assert [int(key) for key in ours] == sorted(theirs), (ballots, seats)
        compared += 1
    assert compared > RANDOM // 2


def budget(rng: random.Random) -> tuple[list[str], dict[tuple[str, ...], int], Details]:
    options = sorted(str(i) for i in range(1, rng.randint(2, 9) + 1))
    costs = {key: rng.choice((rng.randint(1, 40), 10, 20)) for key in options}
    found: Counter[tuple[str, ...]] = Counter()
    for _ in range(rng.randint(1, 25)):
        found[tuple(sorted(rng.sample(options, rng.randint(1, min(4, len(options))))))] += 1
    return options, dict(found), {"budget": rng.randint(5, 120), "costs": costs, "completion": "none"}


def theirs_of(options: list[str], ballots: dict[tuple[str, ...], int], details: Details) -> tuple[Any, Any]:
    from pabutools.election import ApprovalBallot, ApprovalProfile, Instance, Project

    projects = {key: Project(key, details["costs"][key]) for key in options}
    instance = Instance(projects.values(), budget_limit=details["budget"])
    cast = [ApprovalBallot(projects[k] for k in ballot) for ballot, n in ballots.items() for _ in range(n)]
    return instance, ApprovalProfile(cast, instance=instance)


def test_equal_shares() -> None:
    """They break ties by name; with lots in that order we fund the same."""
    from pabutools.election import Cost_Sat
    from pabutools.rules import method_of_equal_shares

    rng = random.Random(4)
    for _ in range(RANDOM):
        options, ballots, details = budget(rng)
        instance, cast = theirs_of(options, ballots, details)
        theirs = {project.name for project in method_of_equal_shares(instance, cast, sat_class=Cost_Sat)}
        purse = equal_shares(options, ballots, details, {key: i for i, key in enumerate(options)})
        assert set(purse.funded) == theirs, (ballots, details)
        assert purse.left >= 0


def test_greedy_budgets() -> None:
    from pabutools.election import Cardinality_Sat
    from pabutools.rules import greedy_utilitarian_welfare

    rng = random.Random(5)
    for _ in range(RANDOM):
        options, ballots, details = budget(rng)
        details = {**details, "costs": dict.fromkeys(options, 10)}
        instance, cast = theirs_of(options, ballots, details)
        votes = {key: sum(n for b, n in ballots.items() if key in b) for key in options}
        theirs = {p.name for p in greedy_utilitarian_welfare(instance, cast, sat_class=Cardinality_Sat)}
        funded = greedy(options, votes, details, {key: i for i, key in enumerate(options)}).funded
        # They also fund what nobody approved; we do not.
        assert set(funded) == {key for key in theirs if votes[key]}, (ballots, details)


def sheet(choices: dict[str, int], details: Details) -> Sheet:
    labels = {"1": "长椅; 一", "2": 'Bench "two"', "3": "Drei", "4": "四"}
    return Sheet("投票（测试）", labels, choices, details, 2026)


def ranked_cases() -> list[tuple[dict[tuple[str, ...], int], str]]:
    rng = random.Random(6)
    cases = []
    while len(cases) < 20:
        ballots = rankings(rng, ["1", "2", "3", "4"], 30)
        winners, _, _ = schulze(["1", "2", "3", "4"], ballots)
        if len(winners) == 1:
            cases.append((ballots, winners[0]))
    return cases


@pytest.mark.parametrize(("ballots", "winner"), ranked_cases())
def test_preflib_files_recount_to_the_same(ballots: dict[tuple[str, ...], int], winner: str) -> None:
    from pref_voting.margin_based_methods import beat_path
    from preflibtools.instances import OrdinalInstance

    text = preflib(sheet({">".join(r): n for r, n in ballots.items()}, {}))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("ballot." + ("soc" if "DATA TYPE: soc" in text else "soi"))
        path.write_text(text, "utf-8")
        instance = OrdinalInstance(str(path))
    read = {
        tuple(str(group[0]) for group in order): n
        for order, n in zip(instance.orders, (instance.multiplicity[o] for o in instance.orders), strict=True)
    }
    assert read == ballots and instance.alternatives_name[1] == "长椅; 一"
    again = profile(["1", "2", "3", "4"], read)
    assert beat_path(again, strength_function=again.support) == [int(winner)]


def test_blt_files_recount_to_the_same() -> None:
    """Read as the format's description says, since the reader we know is under the GPL and not on the index."""
    for ballots, _ in ranked_cases():
        text = io.StringIO(blt(sheet({">".join(r): n for r, n in ballots.items()}, {"seats": 2})))
        candidates, seats = map(int, text.readline().split())
        read: dict[tuple[str, ...], int] = {}
        while (line := text.readline().split()) != ["0"]:
            assert line[-1] == "0"
            read[tuple(line[1:-1])] = int(line[0])
        assert (candidates, seats, read) == (4, 2, ballots)
        names = text.read().splitlines()
        assert names == ['"长椅; 一"', '"Bench  two "', '"Drei"', '"四"', '"投票（测试）"']


def test_pabulib_files_recount_to_the_same(tmp_path: Path) -> None:
    from pabutools.election import Cost_Sat, parse_pabulib
    from pabutools.rules import method_of_equal_shares

    rng = random.Random(7)
    for case in range(30):
        options = ["1", "2", "3", "4"]
        costs = {key: rng.randint(3, 40) for key in options}
        details: Details = {"budget": 60, "costs": costs, "categories": {"1": "绿化"}, "completion": "none"}
        ballots: Counter[tuple[str, ...]] = Counter()
        for _ in range(20):
            ballots[tuple(sorted(rng.sample(options, rng.randint(1, 3))))] += 1
        funded = equal_shares(options, ballots, details, {key: i for i, key in enumerate(options)}).funded
        path = tmp_path / f"{case}.pb"
        path.write_text(
            pabulib(sheet({",".join(b): n for b, n in ballots.items()}, details), funded, "equalshares")
        )
        instance, cast = parse_pabulib(str(path))
        theirs = {project.name for project in method_of_equal_shares(instance, cast, sat_class=Cost_Sat)}
        assert set(funded) == theirs
        selected = {
            row[0]
            for row in (line.split(";") for line in path.read_text().splitlines())
            if row[-1:] == ["1"] and len(row) == 6
        }
        assert selected == set(funded)
