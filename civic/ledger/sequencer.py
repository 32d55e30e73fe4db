"""Numbers committed entries, grows the tree and signs checkpoints; apart from the acts that write entries.

On PostgreSQL transactions commit in another order than they take numbers. An entry is taken only when its
transaction is older than every one that still runs, so that nothing can commit behind the sequencer's back.
"""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

from civic import clock, db
from civic.ledger import note, proofs, tiles
from civic.ledger.keys import signing_key
from civic.models import LedgerCheckpoint, LedgerEntry, LedgerTile
from civic.rules import merkle
from civic.settings import settings

BATCH = 2000  # entries in one transaction: other writes wait for it on SQLite
PERIOD = 1.0
LOCK = 0x6C6564676572
log = structlog.get_logger("civic.ledger")

_NEXT_SQLITE = "SELECT id, payload FROM ledger_entry WHERE seq IS NULL ORDER BY id LIMIT ?"
_NEXT_POSTGRES = (
    "SELECT id, payload FROM ledger_entry WHERE seq IS NULL "
    "AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint ORDER BY xid, id LIMIT ?"
)


async def size() -> int:
    """How many entries are sealed."""
    newest = await LedgerCheckpoint.all().order_by("-size").first()
    return newest.size if newest else 0


async def waiting() -> int:
    """How many entries are not sealed yet."""
    return await LedgerEntry.filter(seq__isnull=True).count()


async def seal() -> int:
    """Seal what is committed and signed by nobody yet; how many entries that were."""
    total = 0
    while count := await db.write(_seal_batch):
        total += count
        if count < BATCH:
            break
    return total


async def _seal_batch() -> int:
    if db.on_postgres():
        await db.fetch("SELECT pg_advisory_xact_lock(?)", LOCK)
    rows = await db.fetch(_NEXT_POSTGRES if db.on_postgres() else _NEXT_SQLITE, BATCH)
    if not rows:
        return 0
    start = await size()
    numbers = [[seq, row["id"]] for seq, row in enumerate(rows, start)]
    await db.execute_many("UPDATE ledger_entry SET seq = ? WHERE id = ?", numbers)
    root = await grow(start, [merkle.leaf_hash(row["payload"].encode()) for row in rows])
    chosen = settings()
    text = note.Checkpoint(chosen.ledger_origin, start + len(rows), root).text()
    signed = note.sign(text, chosen.ledger_origin, signing_key("ledger"))
    await LedgerCheckpoint.create(size=start + len(rows), root=root.hex(), at=clock.now(), note=signed)
    return len(rows)


async def grow(size: int, leaves: list[bytes]) -> bytes:
    """Append leaf hashes to the stored tiles of a tree of ``size``; the new root."""
    level, count, fresh = 0, size, leaves
    while fresh:
        index = count // tiles.WIDTH
        tile = await LedgerTile.get_or_none(level=level, index=index)
        hashes = bytes(tile.data) if tile else b""
        above: list[bytes] = []
        pending = hashes + b"".join(fresh)
        place = 0
        while place < len(pending):
            part = pending[place : place + tiles.WIDTH * 32]
            width = len(part) // 32
            if tile is not None:
                tile.data, tile.width = part, width
                await tile.save()
                tile = None
            else:
                await LedgerTile.create(level=level, index=index, width=width, data=part)
            if width == tiles.WIDTH:
                above.append(merkle.root([part[i : i + 32] for i in range(0, len(part), 32)]))
            index, place = index + 1, place + tiles.WIDTH * 32
        level, count, fresh = level + 1, count // tiles.WIDTH, above
    return await proofs.root_of(size + len(leaves))


async def run() -> None:
    """Seal about once a second, for as long as the process serves."""
    while True:
        try:
            if await LedgerEntry.filter(seq__isnull=True).exists():
                await seal()
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.error("sealing failed", kind=type(error).__name__)
        await asyncio.sleep(PERIOD)


async def checkpoint() -> Any:
    """The newest checkpoint row, or None."""
    return await LedgerCheckpoint.all().order_by("-size").first()
