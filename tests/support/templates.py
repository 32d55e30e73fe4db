"""Migrated databases, made as an operator makes them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.server import ROOT


def migrate(data_dir: Path, database_url: str = "") -> None:
    """Bring a new database to the newest migration, by the operator's own command."""
    environment = {**os.environ, "CIVIC_DATA_DIR": str(data_dir), "CIVIC_DATABASE_URL": database_url}
    done = subprocess.run(
        [sys.executable, "-m", "civic", "migrate"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"civic migrate failed:\n{done.stdout}\n{done.stderr}")
