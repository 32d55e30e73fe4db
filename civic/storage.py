"""Where uploaded content is kept: by its hash, each content once. The only file that knows how."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from civic.settings import settings


def place(digest: str) -> Path:
    """Where the content of this hash is kept, or would be."""
    folder = settings().files_dir
    flat = folder / digest
    return flat if flat.is_file() else folder / digest[:2] / digest


def put(content: bytes) -> str:
    """Keep content durably; its SHA-256 in hex. The same content twice is kept once. Blocks: use a thread."""
    digest = sha256(content).hexdigest()
    target = place(digest)
    if target.is_file():
        return digest
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{token_hex(8)}")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)  # whole, or not there
    finally:
        draft.unlink(missing_ok=True)
    return digest
