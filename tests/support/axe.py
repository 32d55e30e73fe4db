"""axe-core's accessibility rules, run in an open page."""

from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).resolve().parents[1] / "npm" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """One line for each broken rule of WCAG 2.2 AA: its name, and the first three places.

    ``evaluate`` is not subject to the page's content security policy; a script element would be refused.
    """
    page.evaluate(SCRIPT.read_text("utf-8") + "\n;0")
    found = page.evaluate("tags => axe.run(document, {runOnly: tags}).then(r => r.violations)", TAGS)
    return [f"{rule['id']}: {[node['html'][:120] for node in rule['nodes'][:3]]}" for rule in found]


def assert_accessible(page: Page) -> None:
    """Fail with the list of broken rules."""
    assert violations(page) == []
