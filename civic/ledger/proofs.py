"""Proofs from stored tiles: that an entry is in the tree, and that the tree only grew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tortoise.expressions import Q

from civic.ledger.tiles import HEIGHT, WIDTH
from civic.models import LedgerTile
from civic.rules import merkle
from civic.rules.merkle import Node, Range


class Nodes:
    """Hashes of complete nodes, out of the few tiles that hold them."""

    def __init__(self, stored: dict[tuple[int, int], bytes]) -> None:
        self.stored = stored

    @classmethod
    async def load(cls, nodes: Iterable[Node]) -> Nodes:
        wanted = {_tile(node) for node in nodes}
        condition = Q(id=-1)
        for level, index in wanted:
            condition |= Q(level=level, index=index)
        rows = await LedgerTile.filter(condition) if wanted else []
        return cls({(row.level, row.index): bytes(row.data) for row in rows})

    def read(self, node: Node) -> bytes:
        """The hash of a node. KeyError when its tile is missing."""
        level, index = node
        tile_level, tile_index = _tile(node)
        steps = level - tile_level * HEIGHT
        first = (index << steps) - tile_index * WIDTH
        data = self.stored[(tile_level, tile_index)]
        leaves = [data[32 * i : 32 * i + 32] for i in range(first, first + (1 << steps))]
        if any(len(leaf) != 32 for leaf in leaves):
            raise KeyError(node)
        return merkle.root(leaves)


def _tile(node: Node) -> tuple[int, int]:
    level, index = node
    tile_level = level // HEIGHT
    return tile_level, (index << (level - tile_level * HEIGHT)) // WIDTH


async def _prove(ranges: Sequence[Range]) -> list[bytes]:
    nodes = [node for lo, hi in ranges for node in merkle.range_nodes(lo, hi)]
    reader = await Nodes.load(nodes)
    return merkle.prove_from_nodes(ranges, reader.read)


async def inclusion(seq: int, size: int) -> list[bytes]:
    """The hashes that prove entry ``seq`` in the tree of ``size``. Raises `merkle.ProofError`."""
    return await _prove(merkle.inclusion_ranges(seq, size))


async def consistency(size1: int, size2: int) -> list[bytes]:
    """The hashes that prove that the tree of ``size1`` became that of ``size2``. Raises `merkle.ProofError`."""
    return await _prove(merkle.consistency_ranges(size1, size2))
