"""Schulze's method: who beats everybody else by the strongest chain of majorities.

Source: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner
election method", Social Choice and Welfare 36 (2011), with the strength of a majority measured by winning votes.
Options that a ballot does not rank stand equal, below all that it ranks.
"""

from __future__ import annotations

from collections.abc import Sequence

from civic.rules.tallies.ranked import Ranking, Rankings

Table = list[list[int]]  # [i][j]: of option i over option j, in the ballot's order


def pairwise(options: Sequence[str], rankings: Rankings) -> Table:
    """How many ballots prefer each option to each other one."""
    place = {key: i for i, key in enumerate(options)}
    size = len(options)
    ranked = [0] * size  # how many rank this option at all
    behind = [[0] * size for _ in range(size)]  # [j][i]: how many of those rank option i before it
    # Papers that begin alike are looked at together: the longest first, then without their last option.
    begun: list[dict[Ranking, int]] = [{} for _ in range(size + 1)]
    for ranking, n in rankings.items():
        begun[len(ranking)][ranking] = n
    for length in range(size, 0, -1):
        shorter = begun[length - 1]
        for ranking, n in begun[length].items():
            last, before = place[ranking[-1]], ranking[:-1]
            ranked[last] += n
            if before:
                row = behind[last]
                for key in before:
                    row[place[key]] += n
                shorter[before] = shorter.get(before, 0) + n
    return [[0 if i == j else ranked[i] - behind[i][j] for j in range(size)] for i in range(size)]


def strongest_paths(table: Table) -> Table:
    """The strength of the strongest chain of majorities from each option to each other one; 0 where none leads."""
    size = len(table)
    paths = [
        [table[i][j] if table[i][j] > table[j][i] else 0 for j in range(size)] for i in range(size)
    ]  # fmt: skip
    for k in range(size):
        through = paths[k]
        for i in range(size):
            if i != k and (first := paths[i][k]):
                row = paths[i]
                for j in range(size):
                    if j != i and j != k:
                        strength = first if first < through[j] else through[j]
                        if strength > row[j]:
                            row[j] = strength
    return paths


def chain(table: Table, start: int, end: int, strength: int) -> list[int]:
    """The shortest chain of majorities of at least ``strength`` from one option to another, both included; or nothing."""
    came: dict[int, int] = {start: start}
    edge = [start]
    while edge and end not in came:
        edge = [
            j for i in edge for j in range(len(table))
            if j not in came and table[i][j] > table[j][i] and table[i][j] >= strength and came.setdefault(j, i) == i
        ]  # fmt: skip
    if end not in came:
        return []
    found = [end]
    while found[0] != start:
        found.insert(0, came[found[0]])
    return found


def schulze(options: Sequence[str], rankings: Rankings) -> tuple[list[str], Table, Table]:
    """The winners (more than one is a tie), the pairwise table and the strengths of the paths."""
    table = pairwise(options, rankings)
    paths = strongest_paths(table)
    everybody = range(len(options))
    winners = [options[i] for i in everybody if all(paths[i][j] >= paths[j][i] for j in everybody if j != i)]
    return winners, table, paths
