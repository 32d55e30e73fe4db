"""The GraphQL-over-HTTP specification, by the audits of its reference implementation."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.server import Server

NPM = Path(__file__).resolve().parents[1] / "npm"


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is missing: apt-get install nodejs npm")
@pytest.mark.skipif(not (NPM / "node_modules" / "graphql-http").is_dir(), reason="run: make npm")
def test_every_audit_passes(server: Server) -> None:
    done = subprocess.run(
        ["node", "audit.mjs", f"{server.url}/graphql"], cwd=NPM, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == 61
