"""Templates are compiled once for all workers and starts; without a safe place they are compiled as ever."""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment

from civic.web.assets import shared
from civic.web.pages import templates


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for temporary things, and as good as a new process."""
    (tmp_path / "temporary").mkdir()
    (tmp_path / "pages").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    templates.compiled.cache_clear()
    yield tmp_path / "temporary"
    templates.compiled.cache_clear()


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that were compiled."""
    made: list[str] = []
    compile_ = Environment._generate

    def noted(self: Any, source: Any, name: str, *rest: Any, **more: Any) -> Any:
        made.append(name)
        return compile_(self, source, name, *rest, **more)

    monkeypatch.setattr(Environment, "_generate", noted)
    return made


def shown(folder: Path) -> str:
    return templates.environment(folder, shared()).get_template("a.html").render(word="甲<")


def test_the_next_start_need_not_compile(place: Path, compilations: list[str]) -> None:
    pages = place.parent / "pages"
    (pages / "a.html").write_text("1 {{ word }}", "utf-8")
    assert [shown(pages), shown(pages)] == ["1 甲&lt;"] * 2
    assert compilations == ["a.html"]
    (kept,) = place.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700, "nobody else may write there"
    (pages / "a.html").write_text("2 {{ word }}", "utf-8")
    assert shown(pages) == "2 甲&lt;" and compilations == ["a.html"] * 2


def test_without_a_safe_place(place: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    pages = place.parent / "pages"
    (pages / "a.html").write_text("1 {{ word }}", "utf-8")
    monkeypatch.setattr(tempfile, "tempdir", str(place / "nowhere"))
    assert templates.compiled() is None
    assert [shown(pages), shown(pages)] == ["1 甲&lt;"] * 2 and compilations == ["a.html"] * 2


def test_a_kept_template_that_is_broken_or_cannot_be_kept(place: Path, compilations: list[str]) -> None:
    pages = place.parent / "pages"
    (pages / "a.html").write_text("1 {{ word }}", "utf-8")
    shown(pages)
    (folder,) = place.iterdir()
    (kept,) = folder.iterdir()
    kept.write_bytes(kept.read_bytes()[:40])
    assert shown(pages) == "1 甲&lt;"
    kept.unlink()
    folder.rmdir()
    assert shown(pages) == "1 甲&lt;" and compilations == ["a.html"] * 3
