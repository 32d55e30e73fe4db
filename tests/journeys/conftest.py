"""Browsers for the journeys: a phone in Chinese, a desktop in English, with and without a script."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.demo import served
from tests.support.postgres import Cluster
from tests.support.server import Server

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def demo_site(
    demo: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, dict[str, Any]]]:
    """A served copy of the demonstration, and what its ``demo.json`` says."""
    folder = tmp_path_factory.mktemp("site") / "demo"
    server, about = served(demo, folder)
    yield server, about
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def durable_template(durable_cluster: Cluster, cluster: Cluster, postgres_template: str) -> str:
    """The migrated database that tests copy, in the durable cluster."""
    durable_cluster.copy(cluster, postgres_template, "durable_template")
    return "durable_template"


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Any]]:
    """``visit(url, language, size, theme=…, mode=…, script=…, touch=…, motion=…)``: a browser of somebody's own, as a page."""
    contexts: list[Any] = []

    def start(
        url: str,
        language: str = "zh-Hans",
        size: dict[str, int] = PHONE,
        *,
        theme: str = "light",
        mode: str = "standard",
        script: bool = True,
        touch: bool = False,
        motion: bool = False,
    ) -> Any:
        context = browser.new_context(
            base_url=url,
            viewport=size,
            locale="zh-CN" if language == "zh-Hans" else "en-GB",
            color_scheme=theme,
            java_script_enabled=script,
            has_touch=touch,
            reduced_motion="no-preference" if motion else "reduce",
        )
        cookies = {"civic_lang": language, "civic_mode": mode}
        context.add_cookies([{"name": n, "value": v, "url": url} for n, v in cookies.items()])
        contexts.append(context)
        return context.new_page()

    yield start
    for context in contexts:
        context.close()


@pytest.fixture
def town(demo: Path, tmp_path: Path) -> Iterator[Any]:
    """The demonstration in this process, its clock in the test's hand; and its password."""
    from tests.support.town import Town

    folder = tmp_path / "demo"
    shutil.copytree(demo, folder)
    town = Town(folder)
    town.password = json.loads((folder / "demo.json").read_text("utf-8"))["password"]
    yield town
    town.stop()
