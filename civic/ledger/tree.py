"""Reads a ledger's entries in order and finds whether leaves, tiles and root agree, in memory that does not grow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from civic.ledger import tiles
from civic.ledger.source import Read
from civic.rules import merkle

Hear = Callable[[int, bytes], None]
Wrong = Callable[[str], Any]
FULL = tiles.WIDTH * merkle.HASH_SIZE


class _Level:
    """The tile of one level that is being filled."""

    def __init__(self) -> None:
        self.index = 0
        self.hashes = bytearray()


class Tree:
    """The tree as it grows from recomputed leaf hashes; each finished tile is compared with the published one."""

    def __init__(self, read: Read, wrong: Wrong) -> None:
        self.read, self.wrong = read, wrong
        self.levels: list[_Level] = []
        self.size = 0

    def append(self, leaf: bytes) -> None:
        self.size += 1
        self._push(0, leaf)

    def _push(self, number: int, node: bytes) -> None:
        if number == len(self.levels):
            self.levels.append(_Level())
        level = self.levels[number]
        level.hashes += node
        if len(level.hashes) == FULL:
            self._compare(number, level)
            above = merkle.root(split(bytes(level.hashes)))
            level.index, level.hashes = level.index + 1, bytearray()
            self._push(number + 1, above)

    def finish(self) -> bytes:
        """Compare the tiles that stay partly filled; the root."""
        for number, level in enumerate(self.levels):
            if level.hashes:
                self._compare(number, level)
        edge = tiles.Nodes({(n, level.index): bytes(level.hashes) for n, level in enumerate(self.levels)})
        return merkle.fold([edge.read(node) for node in merkle.range_nodes(0, self.size)])

    def _compare(self, number: int, level: _Level) -> None:
        mine = bytes(level.hashes)
        name = tiles.path(number, level.index, len(mine) // merkle.HASH_SIZE)
        theirs = self.read(name)
        if theirs == mine:
            return
        if theirs is None or len(theirs) != len(mine):
            self.wrong(f"{name} is missing or has the wrong length")
            return
        bad = next(i for i, (a, b) in enumerate(zip(split(mine), split(theirs), strict=True)) if a != b)
        if number == 0:
            entry = level.index * tiles.WIDTH + bad
            self.wrong(f"entry {entry} does not have the hash that {name} says")
        else:
            self.wrong(f"hash {bad} of {name} is not that of the tile below it")


def split(hashes: bytes) -> list[bytes]:
    return [hashes[i : i + merkle.HASH_SIZE] for i in range(0, len(hashes), merkle.HASH_SIZE)]


def walk(
    read: Read, size: int, hear: Hear, wrong: Wrong, progress: Callable[[int, int], Any]
) -> bytes | None:
    """Read the ``size`` entries; the root that they lead to, or None when some are missing.

    hear: gets number and bytes of each entry. wrong: gets a sentence for each thing that does not fit.
    """
    tree = Tree(read, wrong)
    for index, width in tiles.bundles(size):
        name = tiles.path("entries", index, width)
        data = read(name)
        try:
            bundle = tiles.unbundle(data) if data is not None else []
        except ValueError:
            bundle = []
        if len(bundle) != width:
            first = index * tiles.WIDTH
            wrong(f"{name} (entries {first} to {first + width - 1}) is missing or damaged")
            return None
        for entry in bundle:
            hear(tree.size, entry)
            tree.append(merkle.leaf_hash(entry))
        progress(tree.size, size)
    return tree.finish()
