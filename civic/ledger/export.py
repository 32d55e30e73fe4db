"""Writes the whole public ledger into a folder, for `civic verify` and for mirrors."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from civic.ledger import published, tiles
from civic.ledger.sequencer import checkpoint


async def export(folder: Path, say: Callable[[int, int | None], None] = lambda *_: None) -> int:
    """Write every file of the ledger below ``folder``; how many. ``say`` hears of each, and of about how many.

    Stopped in between, it goes on where it was: full tiles never change, so those that are there are left. The
    checkpoint is written last, so a folder never claims more than it holds.
    """
    root = folder / "ledger"
    newest = await checkpoint()
    names = [name async for name in published.names(newest.size if newest else 0)]
    for count, name in enumerate(names, 1):
        path = root / name
        if not (tiles.is_full(name) and path.exists()):
            pieces = await published.pieces(name)
            if pieces is None:
                raise RuntimeError(f"{name} is missing from the ledger")
            await write(path, pieces)
        say(count, len(names))
    if newest is not None:
        await write(root / "checkpoint", published.whole(newest.note.encode()))
    return len(names) + bool(newest)


async def write(path: Path, pieces: AsyncIterator[bytes]) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.part-{os.getpid()}")
    with fresh.open("wb") as file:
        async for piece in pieces:
            file.write(piece)
    fresh.replace(path)
