"""What the documents for operators name is there."""

import re
from pathlib import Path

from typer.main import get_command

from civic import settings
from civic.acts import core
from civic.cli import app
from civic.measures import REGISTRY
from civic.web import metrics

DOCS = Path(__file__).parents[2] / "docs"
TEXTS = {path: path.read_text("utf-8") for path in (DOCS / "operations.md", DOCS.parent / "README.md")}


def test_every_setting_that_is_named_exists() -> None:
    known = {f"CIVIC_{name.upper()}" for name in settings.Settings.model_fields}
    for path, text in TEXTS.items():
        assert set(re.findall(r"CIVIC_[A-Z_]+", text)) <= known, path
    missing = [name for name, field in settings.Settings.model_fields.items() if not field.description]
    assert missing == [], "every setting says what it means"


def test_every_command_that_is_named_exists() -> None:
    commands = set(getattr(get_command(app), "commands"))  # noqa: B009
    for path, text in TEXTS.items():
        named = set(re.findall(r"(?:^|`|    )civic ([a-z][a-z-]+)", text, re.M))
        assert named and named <= commands, path
    listed = DOCS / "operations.md"
    sentence = TEXTS[listed].split("## Commands")[1].split(";")[0]
    for command in commands - {"acts", "schema", "settings", "makemigrations"}:
        assert f"`{command}" in sentence, command


def test_every_metric_that_is_named_exists() -> None:
    assert metrics.REGISTRY is REGISTRY and core.measures.REGISTRY is REGISTRY
    known = {metric.name for metric in REGISTRY.collect()}
    named = set(re.findall(r"`(civic_[a-z_]+)", TEXTS[DOCS / "operations.md"]))
    assert {name.removesuffix("_total") for name in named} <= known and len(named) >= 6


def test_links_between_documents_lead_somewhere() -> None:
    for path in [*DOCS.rglob("*.md"), DOCS.parent / "README.md"]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), (path.name, target)
    for target in re.findall(r"`(docs/[\w/.-]+)`", TEXTS[DOCS.parent / "README.md"]):
        assert (DOCS.parent / target).exists(), target


def test_documents_name_tests_that_there_are() -> None:
    """A promise in a document is shown by a test of this name."""
    named = [
        (path, name)
        for document in DOCS.rglob("*.md")
        for path, name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", document.read_text("utf-8"))
    ]
    assert named
    missing = [f"{p}::{n}" for p, n in named if f"def {n}(" not in (DOCS.parent / p).read_text("utf-8")]
    assert missing == []
