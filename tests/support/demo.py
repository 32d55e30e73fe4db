"""The demonstration, built once for all workers of a test run, and copied for whoever changes it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.server import ROOT, Server

BUILD = "from pathlib import Path; from civic.demo.run import prepare; import sys; prepare(Path(sys.argv[1]))"


def built(folder: Path) -> Path:
    """The demo's data folder within ``folder``, built by the first who asks, as a process of its own.

    ``CIVIC_TEST_DEMO`` names a folder that keeps it between runs, while one writes tests.
    """
    folder = Path(os.environ.get("CIVIC_TEST_DEMO") or folder)
    with (folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        target = folder / "demo"
        if not (target / "demo.json").exists():
            done = subprocess.run(
                [sys.executable, "-c", BUILD, str(target)], cwd=ROOT, capture_output=True, text=True,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )  # fmt: skip
            if done.returncode:
                raise RuntimeError(f"the demo was not built:\n{done.stdout}\n{done.stderr}")
    return target


def served(original: Path, folder: Path) -> tuple[Server, dict[str, Any]]:
    """A started server on a copy of the demo, and what its ``demo.json`` says."""
    shutil.copytree(original, folder)
    server = Server(folder, demo="true")
    server.start()
    return server, json.loads((folder / "demo.json").read_text("utf-8"))
