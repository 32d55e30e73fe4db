"""The QR code of a receipt, read from the screen as a camera would: it holds the receipt, and the receipt holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.journeys.conftest import DESKTOP, PHONE
from tests.support.qr import read_qr
from tests.support.server import Server
from tests.support.somebody import Somebody

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(
    ("size", "theme", "mode"),
    [(PHONE, "light", "standard"), (PHONE, "dark", "senior"), (DESKTOP, "dark", "standard")],
)
def test_what_is_read_is_the_receipt(
    demo: Path,
    demo_site: tuple[Server, dict[str, Any]],
    visit: Callable[..., Any],
    size: dict[str, int],
    theme: str,
    mode: str,
) -> None:
    server, about = demo_site
    with closing(sqlite3.connect(demo / "civic.db")) as connection:
        (ballot,) = connection.execute(
            "SELECT id FROM ballot WHERE state = 'open' AND method = 'yes_no' AND title LIKE '%步行街%'"
        ).fetchone()
    me = Somebody(visit(server.url, "en", size, theme=theme, mode=mode), "en")
    me.sign_in("resident", about["password"]).go(f"/ballots/{ballot}/vote")
    me.page.check("input[value=yes]")
    me.press("Read it over").press("Cast my vote").reads("Your vote is in the box")
    read = read_qr(me.page, ".qr-frame")
    assert read == me.page.locator("#receipt-text").text_content()
    assert orjson.loads(read)["tracker"] == me.page.inner_text(".receipt-code").replace(" ", "")
    # Handed in as the camera read it, it is the receipt of this vote.
    me.go("/receipts").write(receipt=read)
    me.press("Check it").reads("Your vote is recorded", "Signed by this platform")
