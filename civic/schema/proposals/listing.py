"""Lists of proposals: one statement for a page, whatever is asked for, as plain rows.

The ORM would cost more than the database here; the tests compare what the statement finds with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

import strawberry

from civic import db
from civic.schema.core.connections import Page, Rows, decode_cursor
from civic.schema.search import condition

PUBLIC = ("published", "qualified", "deliberating", "decided", "carried_out")
# What is public, said so that the index of the order is used for a page, and that of the states for a count.
NOT_HIDDEN = "p.state NOT IN ('draft', 'withdrawn', 'merged', 'hidden')"
SHOWN = "p.state IN ('published', 'qualified', 'deliberating', 'decided', 'carried_out')"
TIMES = ("published_at", "qualified_at", "due_at", "answered_at")


@strawberry.enum(description="DUE: awaiting an answer, the nearest day first.")
class ProposalOrder(Enum):
    NEWEST = "published_at"
    SUPPORTS = "supports_total"
    COMMENTS = "comments"
    DUE = "due_at"


@strawberry.enum
class ProposalBy(Enum):
    RESIDENTS = "residents"
    PARTIES = "parties"


COLUMNS = (
    "p.id, p.title, p.state, p.decision, p.hidden_reason, p.version, p.supports_total, p.threshold, p.comments, "
    "p.published_at, p.qualified_at, p.due_at, p.answered_at, p.author_id, p.author_label, p.language, "
    "p.merged_into_id, p.scenario_id, p.sponsor_id, "
    "a.id AS area_id, a.code AS area_code, a.name AS area_name, a.level AS area_level, "
    "u.name AS author_name, u.pseudonym AS author_pseudonym, p.party_id"
)
TABLES = "proposal p JOIN area a ON a.id = p.area_id LEFT JOIN person u ON u.id = p.author_id"


@dataclass(slots=True)
class Where:
    """Conditions and their parameters, in the order in which they stand."""

    parts: list[str] = field(default_factory=list)
    params: list[object] = field(default_factory=list)

    def add(self, sql: str, *params: object) -> None:
        self.parts.append(sql)
        self.params += params

    @property
    def sql(self) -> str:
        return " AND ".join(self.parts) or "1 = 1"


def moment(value: Any) -> Any:
    """A sort value as a parameter: times are text on SQLite."""
    return value.isoformat(" ") if isinstance(value, datetime) and not db.on_postgres() else value


def asked(
    q: str | None,
    area: int | None,
    within: bool,
    state: str | None,
    answered: bool | None,
    by: ProposalBy | None,
    scenario: int | None,
    sort: ProposalOrder,
    party: int | None = None,
) -> Where:
    """The filters of a list as conditions."""
    where = Where()
    if state in PUBLIC:
        where.add("p.state = ?", state)
    else:
        where.add(NOT_HIDDEN)
    if area is not None and within:
        where.add("p.area_id IN (SELECT descendant_id FROM area_within WHERE ancestor_id = ?)", area)
    elif area is not None:
        where.add("p.area_id = ?", area)
    if q and q.strip():
        sql, params = condition("proposal", "p.id", q)
        where.add(sql, *params)
    if answered is not None:
        where.add("p.answered_at IS NOT NULL" if answered else "p.answered_at IS NULL")
    if by is not None:
        where.add("p.party_id IS NULL" if by is ProposalBy.RESIDENTS else "p.party_id IS NOT NULL")
    if party is not None:
        where.add("p.party_id = ?", party)
    if scenario is not None:
        where.add("p.scenario_id = ?", scenario)
    if sort is ProposalOrder.DUE:
        where.add("p.due_at IS NOT NULL")
    return where


async def page_rows(page: Page, where: Where, sort: ProposalOrder, body: bool) -> Rows:
    """One page, with everything that its rows show: one statement."""
    column, falling = f"p.{sort.value}", sort is not ProposalOrder.DUE
    down = falling != page.backwards
    condition_, params = where.sql, list(where.params)
    if page.cursor is not None:
        value, key = decode_cursor(page.cursor, 2, "before" if page.backwards else "after")
        condition_ += f" AND ({column}, p.id) {'<' if down else '>'} (?, ?)"
        params += [moment(value), key]
    way = "DESC" if down else "ASC"
    found = await rows(
        f"{condition_} ORDER BY {column} {way}, p.id {way} LIMIT ?", [*params, page.size + 1], body
    )
    return page.cut(found, [sort.value, "id"])


async def rows(rest: str, params: list[object], body: bool) -> list[dict[str, Any]]:
    """Rows by an SQL condition (and what follows it), their times as times."""
    columns = COLUMNS + (", p.body" if body else "")
    found = await db.fetch(f"SELECT {columns} FROM {TABLES} WHERE {rest}", *params)
    if not db.on_postgres():
        for row in found:
            for name in TIMES:
                if row[name] is not None:
                    row[name] = datetime.fromisoformat(row[name])
    return found


async def count(where: Where) -> int:
    """How many there are in all pages."""
    sql = where.sql.replace(NOT_HIDDEN, SHOWN)
    found = await db.fetch(f"SELECT count(*) AS n FROM proposal p WHERE {sql}", *where.params)
    return int(found[0]["n"])
