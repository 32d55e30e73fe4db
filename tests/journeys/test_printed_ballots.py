"""The ballot papers for a polling place, as Chromium prints them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import DESKTOP
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_a_stack_is_printed_a_sheet_a_page_and_all_alike(
    demo: Path, demo_site: tuple[Server, dict[str, Any]], visit: Callable[..., Any], language: str
) -> None:
    server, _ = demo_site
    with closing(sqlite3.connect(demo / "civic.db")) as connection:
        ((ballot,),) = connection.execute("SELECT ballot_id FROM paper_polling").fetchall()
    page = visit(server.url, language, DESKTOP)
    page.goto(f"/ballots/{ballot}/paper/sheet?copies=4")
    page.emulate_media(media="print")
    seen = page.locator("body *:visible").evaluate_all(
        "all => all.filter(e => !e.children.length && e.innerText && e.innerText.trim() && !e.closest('.ballot-sheet')).map(e => e.innerText)"
    )
    assert seen == [], "nothing but sheets is printed"
    sheets = page.locator(".ballot-sheet").evaluate_all("all => all.map(e => e.outerHTML)")
    assert len(sheets) == 4 and len(set(sheets)) == 1
    assert page.locator(".ballot-sheet").first.bounding_box()["y"] == 0, (
        "the first begins where the others begin"
    )
    assert len(PAGE.findall(page.pdf(format="A4", prefer_css_page_size=True))) == 4
