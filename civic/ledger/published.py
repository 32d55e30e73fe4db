"""What the ledger publishes, as named bytes: the same over HTTP and in an export."""

from __future__ import annotations

from collections.abc import AsyncIterator

from civic.ledger import note, tiles
from civic.ledger.documents import sources
from civic.ledger.keys import signing_key
from civic.ledger.sequencer import checkpoint
from civic.models import LedgerEntry, LedgerTile
from civic.settings import settings


async def file(name: str) -> bytes | None:
    """The content of ``checkpoint``, ``key``, ``receipt-key``, ``tile/…`` or of a document; None when there is none."""
    if name == "checkpoint":
        newest = await checkpoint()
        return newest.note.encode() if newest else None
    if name == "key":
        return (verifier() + "\n").encode()
    if name == "receipt-key":
        return receipt_key().encode()
    folder, _, rest = name.partition("/")
    if folder == "tile":
        return await _tile(rest)
    if folder not in sources():
        return None
    found = await pieces(name)
    return None if found is None else b"".join([piece async for piece in found])


async def pieces(name: str) -> AsyncIterator[bytes] | None:
    """The same piece by piece, so that a large document need not fit in memory."""
    folder, _, rest = name.partition("/")
    source = sources().get(folder)
    if source is not None and hasattr(source, "pieces"):
        found: AsyncIterator[bytes] | None = await source.pieces(rest)
        return found
    content = await (source.content(rest) if source else file(name))
    return None if content is None else whole(content)


async def whole(content: bytes) -> AsyncIterator[bytes]:
    """Content in one piece."""
    yield content


def verifier() -> str:
    """The public key that the ledger's checkpoints are verified with, as notes' tools write it."""
    return note.verifier_key(settings().ledger_origin, signing_key("ledger"))


def receipt_key() -> str:
    """The public key that voters' receipts are verified with, in a note that the ledger's key signs."""
    name = f"{settings().ledger_origin}/receipts"
    text = note.verifier_key(name, signing_key("receipts")) + "\n"
    return note.sign(text, settings().ledger_origin, signing_key("ledger"))


async def _tile(rest: str) -> bytes | None:
    try:
        level, index, width = tiles.parse_path(rest)
    except ValueError:
        return None
    if level == "entries":
        return await _bundle(index, width)
    tile = await LedgerTile.get_or_none(level=int(level), index=index)
    return bytes(tile.data)[: width * 32] if tile and tile.width >= width else None


async def _bundle(index: int, width: int) -> bytes | None:
    first = index * tiles.WIDTH
    rows = (
        await LedgerEntry.filter(seq__gte=first, seq__lt=first + width)
        .order_by("seq")
        .values_list("payload", flat=True)
    )
    return tiles.bundle([str(row).encode() for row in rows]) if len(rows) == width else None


async def names(size: int) -> AsyncIterator[str]:
    """Every file of the ledger when it has ``size`` entries, without ``checkpoint`` itself."""
    yield "key"
    yield "receipt-key"
    for level, index, width in tiles.of_tree(size):
        yield tiles.path(level, index, width)
    for index, width in tiles.bundles(size):
        yield tiles.path("entries", index, width)
    for folder, source in sources().items():
        for name in await source.names(size):
            yield f"{folder}/{name}"
