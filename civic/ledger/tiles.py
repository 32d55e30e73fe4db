"""The layout of C2SP tlog-tiles: paths, hash tiles of up to 256 hashes, and bundles of entries."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping

from civic.rules import merkle
from civic.rules.merkle import Node

WIDTH = 256
HEIGHT = 8


def numbered(index: int) -> str:
    """``1234067`` as ``x001/x234/067``."""
    text = str(index)
    text = text.zfill(-(-len(text) // 3) * 3)
    parts = [text[i : i + 3] for i in range(0, len(text), 3)]
    return "/".join(["x" + p for p in parts[:-1]] + parts[-1:])


def path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Where a tile is served; ``level`` is a number or ``entries``."""
    return f"tile/{level}/{numbered(index)}" + ("" if width == WIDTH else f".p/{width}")


def is_full(name: str) -> bool:
    """Whether this is the path of a full tile or bundle, which never changes."""
    return name.startswith("tile/") and ".p/" not in name


def parse_path(rest: str) -> tuple[str, int, int]:
    """Level, index and width of ``<level>/<index>[.p/<width>]``. ValueError when it is none."""
    level, _, tail = rest.partition("/")
    tail, partial, width = tail.partition(".p/")
    if level != "entries" and not (level.isdecimal() and int(level) < 64):
        raise ValueError(rest)
    number = int("".join(part.removeprefix("x") for part in tail.split("/")))
    wide = int(width) if partial else WIDTH
    if path(level if level == "entries" else int(level), number, wide) != f"tile/{level}/{tail}" + (
        f".p/{width}" if partial else ""
    ):
        raise ValueError(rest)
    return level, number, wide


def of_tree(size: int) -> Iterator[tuple[int, int, int]]:
    """Level, index and width of every hash tile of a tree of ``size`` leaves."""
    level, count = 0, size
    while count:
        for index in range(count // WIDTH):
            yield level, index, WIDTH
        if count % WIDTH:
            yield level, count // WIDTH, count % WIDTH
        level, count = level + 1, count // WIDTH


def bundles(size: int) -> Iterator[tuple[int, int]]:
    """Index and width of every entry bundle."""
    for level, index, width in of_tree(size):
        if level == 0:
            yield index, width


def bundle(entries: list[bytes]) -> bytes:
    """Entries one after another, each after its length in two bytes."""
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def unbundle(data: bytes) -> list[bytes]:
    """The entries of a bundle. ValueError when it is cut short."""
    entries, place = [], 0
    while place < len(data):
        (length,) = struct.unpack(">H", data[place : place + 2].ljust(2, b"\0"))
        entry = data[place + 2 : place + 2 + length]
        if len(entry) != length:
            raise ValueError("the bundle is cut short")
        entries.append(entry)
        place += 2 + length
    return entries


class Nodes:
    """Hashes of complete nodes, read out of the tiles that hold them: level and index to their bytes."""

    def __init__(self, stored: Mapping[tuple[int, int], bytes]) -> None:
        self.stored = stored

    def read(self, node: Node) -> bytes:
        """The hash of a node. KeyError when its tile is missing or too short."""
        level, index = node
        tile_level, tile_index = holder(node)
        steps = level - tile_level * HEIGHT
        first = (index << steps) - tile_index * WIDTH
        data = self.stored[(tile_level, tile_index)]
        leaves = [data[32 * i : 32 * i + 32] for i in range(first, first + (1 << steps))]
        if any(len(leaf) != 32 for leaf in leaves):
            raise KeyError(node)
        return merkle.root(leaves)


def holder(node: Node) -> tuple[int, int]:
    """Level and index of the tile that a node is read from."""
    level, index = node
    tile_level = level // HEIGHT
    return tile_level, (index << (level - tile_level * HEIGHT)) // WIDTH


def holders(nodes: Iterable[Node]) -> set[tuple[int, int]]:
    """The tiles that these nodes are read from."""
    return {holder(node) for node in nodes}
