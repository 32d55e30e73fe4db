"""Migrated databases that test runs copy, kept in pytest's cache: migrating anew takes longer than most tests.

A template is known by the contents of all that makes it, so a changed migration makes a new one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from tests.support.server import ROOT

MAKERS = ("civic/migrations/*.py", "civic/models/**/*.py", "civic/db/*.py", "requirements/runtime.txt")


def migrate(data_dir: Path, database_url: str = "") -> None:
    """Bring a new database to the newest migration, by the operator's own command."""
    environment = {**os.environ, "CIVIC_DATA_DIR": str(data_dir), "CIVIC_DATABASE_URL": database_url}
    done = subprocess.run(
        [sys.executable, "-m", "civic", "migrate"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"civic migrate failed:\n{done.stdout}\n{done.stderr}")


def kept(folder: Path, kind: str, make: Callable[[Path], None]) -> Path:
    """The template of this kind (``sqlite``, a folder; ``postgres``, a dump), made by the first worker that asks."""
    digest = sha256()
    for path in sorted(path for pattern in MAKERS for path in ROOT.glob(pattern)):
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    target = folder / f"{kind}-{digest.hexdigest()[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            for older in folder.glob(f"{kind}-*"):
                shutil.rmtree(older) if older.is_dir() else older.unlink()
            fresh = folder / f"{kind}-{os.getpid()}.new"
            make(fresh)
            fresh.rename(target)
    return target
