"""What the ledger publishes, as named bytes: the same over HTTP and in an export."""

from __future__ import annotations

from collections.abc import AsyncIterator

from civic.ledger import note, tiles
from civic.ledger.keys import signing_key
from civic.ledger.sequencer import checkpoint
from civic.models import LedgerEntry, LedgerTile
from civic.settings import settings


async def file(name: str) -> bytes | None:
    """The content of ``checkpoint``, ``key``, ``tile/…`` or ``boxes/<id>.json``; None when there is none."""
    if name == "checkpoint":
        newest = await checkpoint()
        return newest.note.encode() if newest else None
    if name == "key":
        return (note.verifier_key(settings().ledger_origin, signing_key("ledger")) + "\n").encode()
    if name == "boxes/index.json":
        return await _box_list()
    if name.startswith("boxes/") and name.endswith(".json"):
        return await _box(name[6:-5])
    if not name.startswith("tile/"):
        return None
    try:
        level, index, width = tiles.parse_path(name.removeprefix("tile/"))
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


async def _box(key: str) -> bytes | None:
    from civic.models import ClosedBox

    box = await ClosedBox.get_or_none(ballot_id=int(key)) if key.isdecimal() and len(key) < 19 else None
    return bytes(box.content) if box else None


async def _box_list() -> bytes:
    import orjson

    from civic.models import ClosedBox

    return orjson.dumps(sorted(await ClosedBox.all().values_list("ballot_id", flat=True)))


async def names() -> AsyncIterator[str]:
    """Every file of the ledger as it stands, the checkpoint last."""
    import orjson

    yield "key"
    newest = await checkpoint()
    if newest is None:
        return
    for level, index, width in tiles.of_tree(newest.size):
        yield tiles.path(level, index, width)
    for index, width in tiles.bundles(newest.size):
        yield tiles.path("entries", index, width)
    yield "boxes/index.json"
    for ballot in orjson.loads(await _box_list()):
        yield f"boxes/{ballot}.json"
    yield "checkpoint"
