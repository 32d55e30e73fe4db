"""`pip install .` into a fresh environment gives a whole `civic`, with templates, texts and migrations inside."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.support.server import ROOT, Server

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def run(*command: str, cwd: Path, **environment: str) -> str:
    """What a command prints, with nothing of this checkout on its path."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("CIVIC_", "PYTHON"))}
    done = subprocess.run(command, cwd=cwd, env={**clean, **environment}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the built package in it. The pinned libraries are lent to it by a path file: no network."""
    folder = tmp_path_factory.mktemp("installed")
    wheels = folder / "wheels"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    build = (
        "wheel",
        "--quiet",
        "--no-build-isolation",
        "--no-deps",
        "--no-index",
        "--wheel-dir",
        str(wheels),
        str(ROOT),
    )
    run(*pip, *build, cwd=folder)
    run(sys.executable, "-m", "venv", "--without-pip", str(folder / "venv"), cwd=folder)
    (wheel,) = wheels.glob("civic-*.whl")
    python = folder / "venv" / "bin" / "python"
    run(
        *pip, "--python", str(python), "install", "--quiet", "--no-deps", "--no-index", str(wheel), cwd=folder
    )
    site = next((folder / "venv" / "lib").glob("python*")) / "site-packages"
    libraries = [p for p in sys.path if p.endswith("site-packages")]
    (site / "lent.pth").write_text("\n".join(libraries) + "\n")
    return folder


def test_the_package_holds_everything(installed: Path) -> None:
    civic = next((installed / "venv" / "lib").glob("python*/site-packages/civic"))
    for folder, beside, kind in (
        ("_templates", ROOT / "frontend-templates", "*"),
        ("locales", ROOT / "civic" / "locales", "*.po"),
        ("migrations", ROOT / "civic" / "migrations", "*.py"),
    ):
        inside = {str(p.relative_to(civic / folder)) for p in (civic / folder).rglob(kind) if p.is_file()}
        outside = {str(p.relative_to(beside)) for p in beside.rglob(kind) if p.is_file()}
        assert {n for n in inside if "__pycache__" not in n} == {n for n in outside if "__pycache__" not in n}
        assert inside


def test_the_command_serves_from_another_folder(installed: Path, tmp_path: Path) -> None:
    command = installed / "venv" / "bin" / "civic"
    out = run(str(command), "--help", cwd=tmp_path)
    assert "serve" in out and "verify" in out
    where = run(
        str(command).replace("/civic", "/python"), "-c", "import civic; print(civic.__file__)", cwd=tmp_path
    )
    assert str(installed) in where
    data = tmp_path / "data"
    data.mkdir()
    server = Server(data)
    server.environment.pop("PYTHONPATH")
    server.command, server.cwd = [str(command)], tmp_path
    server.start()
    try:
        for language, words in (("zh-Hans", "公开账本"), ("en", "Public ledger")):
            with urlopen(Request(f"{server.url}/ledger", headers={"Accept-Language": language})) as answer:
                assert words in answer.read().decode()
    finally:
        server.stop()
