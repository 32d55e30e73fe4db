"""The system's Chromium, driven by Playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--in-process-gpu",
    # A frame of its own for each page takes a sixth of the work. Only the last such list counts, so the others are here too.
    "--disable-features=RenderDocument,HttpsUpgrades,MediaRouter,OptimizationHints,PaintHolding",
]


def executable() -> str | None:
    """The path of Chromium; None when there is none. Its headless shell draws the same with less than half of the work."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    return next((path for path in map(shutil.which, names) if path), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser until the block ends. Raises RuntimeError without Chromium."""
    path = executable()
    if path is None:
        raise RuntimeError("Chromium is missing: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
