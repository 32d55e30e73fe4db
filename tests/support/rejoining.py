"""Somebody who has a backup and tries to rejoin voters and papers with every text, number and order in it.

    taken = take(file, folder)                  # tables row by row as they lie, and the bytes of every file
    found = attempts(taken, voters, papers)     # guesses "this voter's is this paper", by the way that led to each
    key = key_in(taken, ballot, voters, tags)   # the key of the box, should it stand anywhere

``voters`` and ``papers`` say by which words in the backup a voter or a paper is known. The thief also knows who voted
when (they watched): the order of ``voters`` is the order of voting.
"""

from __future__ import annotations

import math
import re
import sqlite3
import subprocess
import tarfile
from base64 import b64decode
from binascii import Error
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from civic.rules import sealing

Names = Mapping[str, Sequence[str]]  # of each voter or paper: the words by which it is known
Rows = list[dict[str, str]]
Guess = dict[str, str]  # voter → paper
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
RARE = 8  # rows at most that a word joins
STEPS = 3  # from row to row


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup in the thief's hands."""

    tables: dict[str, Rows]
    files: dict[str, bytes]


def take(backup: Path, folder: Path) -> Taken:
    """Read everything in a backup; ``folder`` is an empty place to lay it out."""
    with tarfile.open(backup) as tar:
        tar.extractall(folder, filter="data")
    files = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    if (folder / "database.sqlite").exists():
        return Taken(_sqlite(folder / "database.sqlite"), files)
    done = subprocess.run(
        ["pg_restore", "--file=-", str(folder / "database.postgres")], capture_output=True, check=True
    )
    files["database.postgres"] = done.stdout  # in the file it is compressed
    return Taken(_copied(done.stdout.decode()), files)


def _sqlite(path: Path) -> dict[str, Rows]:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    try:
        names = [
            row["name"]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        ]
        return {
            name: [
                {key: _text(row[key]) for key in row.keys()}  # noqa: SIM118
                for row in connection.execute(f'SELECT * FROM "{name}"')
            ]
            for name in names
        }
    finally:
        connection.close()


def _text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else "" if value is None else str(value)


def _copied(statements: str) -> dict[str, Rows]:
    """The rows in a dump of PostgreSQL, in the order of the heap."""
    tables: dict[str, Rows] = {}
    rows: Rows | None = None
    columns: list[str] = []
    for line in statements.split("\n"):
        if rows is not None and line == "\\.":
            rows = None
        elif rows is not None:
            cells = [cell.replace("\\\\x", "").replace("\\\\", "\\") for cell in line.split("\t")]
            rows.append(
                {c: "" if cell == "\\N" else cell for c, cell in zip(columns, cells, strict=True)}
            )  # fmt: skip
        elif begun := re.fullmatch(r"COPY public\.(\S+) \((.*)\) FROM stdin;", line):
            columns = [name.strip('"') for name in begun[2].split(", ")]
            rows = tables.setdefault(begun[1], [])
    return tables


def _words(row: Mapping[str, str]) -> set[str]:
    """Whole cells, and the words in them."""
    whole = {cell for cell in row.values() if cell}
    return whole.union(*(re.split(r"""[\s"',:;=/{}()\[\]\\]+""", cell) for cell in whole)) - {""}


def _rank(cell: str) -> tuple[bool, float, str]:
    return (False, float(cell), "") if NUMBER.fullmatch(cell) else (True, 0.0, cell)


def orders(taken: Taken, names: Names) -> dict[str, list[str]]:
    """Every order in which the backup puts these: rows as they lie, by each of their columns, and the bytes of files."""
    known = {word: thing for thing, words in names.items() for word in words}
    found = {}
    for table, rows in taken.tables.items():
        named = [(row, {known[word] for word in _words(row) & known.keys()}) for row in rows]
        clear = [(row, next(iter(things))) for row, things in named if len(things) == 1]
        if len({thing for _, thing in clear}) * 4 < len(names) * 3:
            continue
        found[f"rows of {table}"] = _once(thing for _, thing in clear)
        found[f"last rows of {table}"] = _once(thing for _, thing in reversed(clear))
        for column in clear[0][0]:
            by_value = sorted(clear, key=lambda pair: _rank(pair[0][column]))
            found[f"{table} by {column}"] = _once(thing for _, thing in by_value)
    for name, content in taken.files.items():
        for way, find in (("first", content.find), ("last", content.rfind)):
            places = {t: min(p) for t, words in names.items() if (p := _places(find, words))}
            if len(places) * 4 >= len(names) * 3:
                found[f"{way} in {name}"] = sorted(places, key=places.__getitem__)
    return found


def _places(find: object, words: Iterable[str]) -> list[int]:
    return [place for word in words if (place := find(word.encode())) >= 0]  # type: ignore[operator]


def _once(things: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(things))


def attempts(taken: Taken, voters: Names, papers: Names) -> dict[str, Guess]:
    """All guesses: each order of voters beside each order of papers, and the ways from row to row."""
    people = {"voting": list(voters), **orders(taken, voters)}
    found: dict[str, Guess] = {}
    for what, lying in orders(taken, papers).items():
        for who, standing in people.items():
            found[f"{who} / {what}"] = dict(zip(standing, lying, strict=False))
            found[f"{who} / {what}, backwards"] = dict(zip(standing, reversed(lying), strict=False))
    for least in (1, 6):
        found[f"from row to row by words of {least} and more"] = _walk(taken, voters, papers, least)
    return found


def _walk(taken: Taken, voters: Names, papers: Names, least: int) -> Guess:
    """For each voter the paper that is the fewest rows away; rows are joined by words that few others have."""
    rows = [_words(row) for table in taken.tables.values() for row in table]
    by_word: dict[str, list[int]] = defaultdict(list)
    for number, words in enumerate(rows):
        for word in words:
            by_word[word].append(number)
    known = {word: paper for paper, words in papers.items() for word in words}
    found = {}
    for voter, names in voters.items():
        seen = {number for name in names for number in by_word.get(name, [])}
        edge = set(seen)
        for _ in range(STEPS):
            there = sorted({known[word] for number in edge for word in rows[number] & known.keys()})
            if there:
                found[voter] = there[0]
                break
            joins = {word for number in edge for word in rows[number] if len(word) >= least}
            edge = {n for word in joins if len(by_word[word]) <= RARE for n in by_word[word]} - seen
            seen |= edge
    return found


def right(guess: Guess, truth: Guess) -> int:
    """How many guesses are right."""
    return sum(truth[voter] == paper for voter, paper in guess.items())


def by_chance(guesses: Iterable[Guess]) -> int:
    """The most that any of so many different guesses has right by luck alone, but for once in a million times.

    How many a random order has right is distributed about as Poisson's law for one has it.
    """
    number = len({tuple(sorted(guess.items())) for guess in guesses})
    most, beyond = 0, 1 - 1 / math.e
    while number * beyond > 1e-6:
        most += 1
        beyond -= 1 / math.e / math.factorial(most)
    return most


def key_in(taken: Taken, ballot: int, voters: Iterable[str], tags: Iterable[str]) -> bytes | None:
    """The key of a box, should any 32 bytes in any file be it, or any text in hex or base64 say it."""
    voter, there = next(iter(voters)), set(tags)
    for content in taken.files.values():
        for key in _keys(content):
            if sealing.tag(key, ballot, voter) in there:
                return key
    return None


def _keys(content: bytes) -> Iterator[bytes]:
    size = sealing.KEY_SIZE
    for found in re.finditer(rb"(?=([0-9a-fA-F]{64}))", content):
        yield bytes.fromhex(found[1].decode())
    for found in re.finditer(rb"(?=([0-9A-Za-z+/_-]{43}))", content):
        try:
            yield b64decode(found[1].replace(b"-", b"+").replace(b"_", b"/") + b"=")
        except Error:
            continue
    # A random key has nearly as many different bytes as bytes: 18 of 32 are fewer than any in a billion billion has.
    for place in range(len(content) - size + 1):
        piece = content[place : place + size]
        if len(set(piece)) > 18:
            yield piece
