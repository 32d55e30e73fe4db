"""Proofs from stored tiles: that an entry is in the tree, and that the tree only grew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tortoise.expressions import Q

from civic.ledger.tiles import Nodes, holders
from civic.models import LedgerTile
from civic.rules import merkle
from civic.rules.merkle import Node, Range


async def load(nodes: Iterable[Node]) -> Nodes:
    """The few stored tiles that hold these nodes."""
    condition, wanted = Q(id=-1), holders(nodes)
    for level, index in wanted:
        condition |= Q(level=level, index=index)
    rows = await LedgerTile.filter(condition) if wanted else []
    return Nodes({(row.level, row.index): bytes(row.data) for row in rows})


async def root_of(size: int) -> bytes:
    """The root of the first ``size`` leaves."""
    nodes = merkle.range_nodes(0, size)
    reader = await load(nodes)
    return merkle.fold([reader.read(node) for node in nodes])


async def _prove(ranges: Sequence[Range]) -> list[bytes]:
    nodes = [node for lo, hi in ranges for node in merkle.range_nodes(lo, hi)]
    reader = await load(nodes)
    return merkle.prove_from_nodes(ranges, reader.read)


async def inclusion(seq: int, size: int) -> list[bytes]:
    """The hashes that prove entry ``seq`` in the tree of ``size``. Raises `merkle.ProofError`."""
    return await _prove(merkle.inclusion_ranges(seq, size))


async def consistency(size1: int, size2: int) -> list[bytes]:
    """The hashes that prove that the tree of ``size1`` became that of ``size2``. Raises `merkle.ProofError`."""
    return await _prove(merkle.consistency_ranges(size1, size2))
