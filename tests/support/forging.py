"""An operator who lies: the entries of an export are exchanged, the tree grown over them, and all of it truly signed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import orjson

from civic.ledger import note, tiles
from civic.ledger.keys import signing_key
from civic.rules import merkle
from civic.rules.canonical import canonical
from civic.settings import settings

Bodies = list[dict[str, Any]]


def bodies(folder: Path) -> Bodies:
    """The entries of an export, in their order."""
    found: Bodies = []
    for path in sorted((folder / "ledger" / "tile" / "entries").rglob("*")):
        if path.is_file():
            found += [orjson.loads(entry) for entry in tiles.unbundle(path.read_bytes())]
    return found


def forge(folder: Path, told: Bodies) -> None:
    """Let the export in ``folder`` say this instead, signed with the platform's own key."""
    root, texts = folder / "ledger", [canonical(body) for body in told]
    shutil.rmtree(root / "tile")
    hashes = [merkle.leaf_hash(text) for text in texts]
    row = hashes
    levels: list[list[bytes]] = []
    while row:
        levels.append(row)
        full = len(row) // tiles.WIDTH
        row = [merkle.root(row[i * tiles.WIDTH : (i + 1) * tiles.WIDTH]) for i in range(full)]
    for level, index, width in tiles.of_tree(len(texts)):
        first = index * tiles.WIDTH
        _write(root / tiles.path(level, index, width), b"".join(levels[level][first : first + width]))
    for index, width in tiles.bundles(len(texts)):
        first = index * tiles.WIDTH
        _write(root / tiles.path("entries", index, width), tiles.bundle(texts[first : first + width]))
    origin = settings().ledger_origin
    checkpoint = note.Checkpoint(origin, len(texts), merkle.root(hashes))
    _write(root / "checkpoint", note.sign(checkpoint.text(), origin, signing_key("ledger")).encode())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
