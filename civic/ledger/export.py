"""Writes the whole public ledger into a folder, for `civic verify` and for mirrors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from civic.ledger import published


async def export(folder: Path, say: Callable[[int], None] = lambda _: None) -> int:
    """Write every file of the ledger below ``folder``; how many. ``say`` hears of each."""
    count = 0
    async for name in published.names():
        content = await published.file(name)
        if content is None:
            raise RuntimeError(f"{name} is missing from the ledger")
        path = folder / "ledger" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        count += 1
        say(count)
    return count
