"""The rules of the house: what must hold of the files themselves."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.translations import problems

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "frontend-templates"
# Built from pieces, so that this file does not name what it forbids.
HOSTS = re.compile(
    "|".join(["pypi" + r"\.org", "python" + "hosted", "registry" + r"\.npmjs", "npm" + r"mirror"])
)
MACHINE = re.compile("|".join([r"(?<![\w.])/" + name + "/" for name in ("root", "work", "home/[a-z]+")]))
LONGEST = 400
# Longer files, each with its reason.
LONG: dict[str, str] = {
    "LICENSE": "the licence's own text",
    "frontend-templates/assets/js/qr/decode.js": "another project's file, unchanged",
    "frontend-templates/assets/js/qr/index.js": "another project's file, unchanged",
}
GENERATED = re.compile(
    r"\.(po|pot|txt|json|graphql|svg|min\.js)$|^docs/acts\.md$|^civic/migrations/|^civic/db/snapshots/"
)
# Folders that are made, not written.
MADE = {".git", ".venv", "node_modules", "__pycache__", "var", "dist", "build"}


def files() -> list[Path]:
    """The project's text files: tracked ones and new ones that are not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.splitlines()]
    else:
        paths = [path for path in ROOT.rglob("*") if not MADE & set(path.relative_to(ROOT).parts)]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:1024]]


def civic(*arguments: str) -> str:
    """What a command of the platform prints."""
    done = subprocess.run(
        [sys.executable, "-m", "civic", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_arrows_point_down() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_rules_import_nothing_of_ours_but_errors() -> None:
    ours = re.compile(r"^\s*(?:from|import)\s+(civic(?:\.\w+)*)", re.M)
    for path in (ROOT / "civic" / "rules").rglob("*.py"):
        names = set(ours.findall(path.read_text("utf-8")))
        assert {n for n in names if n != "civic.errors" and not n.startswith("civic.rules")} == set(), path


def test_every_page_has_its_document() -> None:
    pages = TEMPLATES / "pages"
    html = {path.with_suffix("") for path in pages.rglob("*.html")}
    documents = {path.with_suffix("") for path in pages.rglob("*.graphql")}
    assert {str(path.relative_to(pages)) for path in html ^ documents} == set()


def test_every_text_is_translated() -> None:
    assert problems() == []


def test_no_machine_path_and_no_registry() -> None:
    found = []
    for path in files():
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            if HOSTS.search(line) or MACHINE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line[:80]}")
    assert found == []


def test_lists_are_pinned_with_hashes() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        pinned = re.findall(r"^[a-z0-9](?:[^\n]*\\\n)*[^\n]*", path.read_text("utf-8"), re.M)
        assert pinned, path
        assert [
            entry.split()[0] for entry in pinned if "==" not in entry or "--hash=sha256:" not in entry
        ] == []


def test_files_are_short() -> None:
    lengths = {str(path.relative_to(ROOT)): path.read_bytes().count(b"\n") for path in files()}
    long = {name for name, lines in lengths.items() if lines > LONGEST and not GENERATED.search(name)}
    assert long == set(LONG) & long


def test_every_act_is_tested() -> None:
    names: set[str] = set()
    for path in (ROOT / "civic" / "acts").rglob("*.py"):
        names |= set(
            re.findall(r"^@act(?:_on)?\(\s*(?:\w+,\s*)?\"([\w.-]+)\"", path.read_text("utf-8"), re.M)
        )
    tests = "\n".join(
        p.read_text("utf-8") for p in (ROOT / "tests").rglob("test_*.py") if "house" not in p.name
    )
    assert {name for name in names if f'"{name}"' not in tests} == set()


@pytest.mark.parametrize(
    ("file", "command"), [("schema.graphql", "schema"), ("acts.md", "acts"), ("settings.md", "settings")]
)
def test_generated_documents_are_fresh(file: str, command: str) -> None:
    assert (ROOT / "docs" / file).read_text("utf-8") == civic(command), "run: make docs"
