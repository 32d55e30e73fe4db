"""Every page of the page engine, with ids of things that the demonstration holds."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

PAGES = Path(__file__).resolve().parents[2] / "frontend-templates" / "pages"
# What fills a path variable: by folder, a query that gives keys, the most telling ones first.
KEYS = {
    "areas": "SELECT code FROM area WHERE level IN ('district', 'street') ORDER BY id LIMIT 2",
    "ballots": "SELECT min(id) FROM ballot GROUP BY state",
    "ledger": "SELECT max(seq) FROM ledger_entry",
    "parties": "SELECT min(id) FROM party WHERE state = 'active' GROUP BY kind",
    "proposals": "SELECT min(id) FROM proposal WHERE state <> 'draft' GROUP BY state, decision",
    "responses": "SELECT id FROM response ORDER BY id LIMIT 1",
    "charters": "SELECT min(id) FROM charter WHERE opened_at IS NOT NULL GROUP BY state",
    "obligations": "SELECT min(id) FROM obligation GROUP BY state",
    "meetings": "SELECT min(id) FROM joint_meeting GROUP BY state",
    "open-days": "SELECT min(id) FROM open_day WHERE state <> 'draft' GROUP BY state ORDER BY state",
    "reset": "SELECT 'a link that is none'",
    "scenarios": "SELECT min(id) FROM scenario GROUP BY state",
}
# The same for pages that only some things of a folder have.
ONLY = {
    "/ballots/[id]/paper/[number]": "SELECT min(ballot_id) FROM paper_batch",
    "/open-days/series/[id]": "SELECT min(id) FROM open_day_series",
    "/open-days/[id]/ticket": "SELECT max(r.open_day_id) FROM registration r JOIN person p ON p.id = r.person_id "
    "WHERE p.email LIKE 'neighbour@%' AND r.state = 'confirmed'",
    "/open-days/[id]/tickets/[registration]": "SELECT min(open_day_id) FROM registration WHERE clerk_id IS NOT NULL",
}
# Path variables of pages that hang below something of a folder.
INNER = {
    "registration": "SELECT min(id) FROM registration WHERE clerk_id IS NOT NULL "
    "AND open_day_id = (SELECT min(open_day_id) FROM registration WHERE clerk_id IS NOT NULL)",
    "version": "SELECT max(number) FROM proposal_version",
}


# What a page without anything in its path needs in its query.
QUERIES = {
    "/search": "?q=%E7%94%B5%E6%A2%AF",
    "/open-days/series/dates": "?rule=FREQ%3DMONTHLY%3BCOUNT%3D3&firstOn=2027-01-09",
}


def _keys(demo: Path, sql: str) -> list[str]:
    with closing(sqlite3.connect(demo / "civic.db")) as connection:
        try:
            return [str(row[0]) for row in connection.execute(sql) if row[0] is not None]
        except sqlite3.OperationalError:
            return []


def patterns() -> list[str]:
    """Every page as a path with its variables in brackets: ``/proposals/[id]/edit``."""
    found = []
    for file in sorted(PAGES.rglob("*.html")):
        path = "/" + str(file.relative_to(PAGES).with_suffix(""))
        found.append(re.sub(r"/index$", "", path) or "/")
    return found


def addresses(demo: Path) -> dict[str, list[str]]:
    """For each page the addresses at which the demonstration has something to show; without any, none."""
    found: dict[str, list[str]] = {}
    for pattern in patterns():
        folder, variables = pattern.split("/")[1], re.findall(r"\[(\w+)\]", pattern)
        if not variables:
            found[pattern] = [pattern + QUERIES.get(pattern, "")]
            continue
        first = _keys(demo, ONLY.get(pattern) or KEYS.get(folder, "SELECT NULL"))
        paths = [pattern.replace(f"[{variables[0]}]", key) for key in first]
        for name in variables[1:]:
            inner = _keys(demo, INNER.get(name, "SELECT 1"))[:1]
            paths = [path.replace(f"[{name}]", key) for path in paths for key in inner]
        found[pattern] = paths
    return found
