"""Reads tables of proposals from other platforms by a mapping of columns.

A mapping says which column holds what. Three are known by their headings: the message boards of Chinese cities,
Consul's export and Decidim's; any other table is read with a mapping of one's own.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from civic.errors import N_, InvalidInput
from civic.rules.html_text import plain_paragraphs
from civic.rules.import_rows import Refused
from civic.rules.text import multiline, one_line

csv.field_size_limit(16 * 1024 * 1024)
_TIMES = (
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Names of columns; "" for what the table does not have. ``source`` names the platform it came from."""

    source: str = ""
    id: str = ""
    title: str = ""
    body: str = ""
    created_at: str = ""
    author: str = ""
    supports: str = ""
    answer: str = ""
    answered_at: str = ""
    retired_at: str = ""
    language: str = "zh-Hans"


PRESETS = {
    "cn-messages": Mapping(
        "cn-messages", "留言编号", "留言主题", "留言详情", "留言时间", "留言用户", "点赞数", "答复意见", "答复时间",
    ),
    "consul": Mapping(
        "consul", "id", "title", "description", "created_at", supports="cached_votes_up",
        retired_at="retired_at", language="es",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal to be. Times are aware; ``answer`` is "" where there is none."""

    line: int
    source_id: str
    title: str
    body: str
    created_at: datetime
    author: str = ""
    supports: int = 0
    answer: str = ""
    answered_at: datetime | None = None
    retired: bool = False


def open_table(text: str) -> csv.DictReader[str]:
    """A table with its heading read; the delimiter is what the heading holds most of. InvalidInput when empty."""
    heading = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=heading.count)
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    if not table.fieldnames or len(table.fieldnames) < 2:
        raise InvalidInput(
            N_("The first line has to name the columns, separated by commas, semicolons or tabs."), field="file",
            reason="columns",
        )  # fmt: skip
    return table


def recognise(columns: list[str]) -> Mapping:
    """The mapping of a known platform by its columns. InvalidInput when none fits."""
    for mapping in PRESETS.values():
        if {mapping.id, mapping.title, mapping.body, mapping.created_at} <= set(columns):
            return mapping
    titles = [c for c in columns if c.startswith("title/")]
    if titles and "id" in columns:
        language = titles[0].partition("/")[2]
        return Mapping(
            "decidim", "id", titles[0], f"body/{language}",
            next((c for c in ("published_at", "created_at") if c in columns), ""),
            next((c for c in ("author/name", "author_name") if c in columns), ""),
            next((c for c in ("proposal_votes_count", "votes", "endorsements/total_count") if c in columns), ""),
            f"answer/{language}", "answered_at", "withdrawn_at", language,
        )  # fmt: skip
    raise InvalidInput(
        N_("These columns are not known. Name them with --map, such as --map title=Heading."),
        field="file",
        reason="unknown_columns",
    )


def mapped(mapping: Mapping, changes: dict[str, str], columns: list[str]) -> Mapping:
    """``mapping`` with the operator's changes, columns that the table lacks left out. InvalidInput when unusable."""
    for name, column in changes.items():
        if name not in Mapping.__slots__:
            raise InvalidInput(
                N_("“%(name)s” is not something that can be mapped."),
                field="map",
                reason="unknown_field",
                name=name,
            )
        if name not in ("source", "language") and column not in columns:
            raise InvalidInput(
                N_("The table has no column “%(column)s”."), field="map", reason="no_column", column=column
            )
    mapping = replace(mapping, **changes)
    absent = {
        name: "" for name in Mapping.__slots__
        if name not in ("source", "language") and getattr(mapping, name) not in columns
    }  # fmt: skip
    mapping = replace(mapping, **absent)
    for name in ("source", "id", "title", "created_at"):
        if not getattr(mapping, name):
            raise InvalidInput(N_("“%(name)s” has to be mapped."), field="map", reason="unmapped", name=name)
    return mapping


def read(table: csv.DictReader[str], mapping: Mapping, zone: ZoneInfo) -> Iterator[ProposalLine | Refused]:
    """The rows of a table in their order; times without a zone are taken in ``zone``."""
    seen: dict[str, int] = {}
    for raw in table:
        line = table.line_num
        cells = {
            name: (raw.get(getattr(mapping, name)) or "").strip()
            for name in Mapping.__slots__
            if name not in ("source", "language") and getattr(mapping, name)
        }
        key = cells["id"]
        try:
            if key in seen:
                raise InvalidInput(
                    N_("The same id stands in line %(first)s already."),
                    field="id",
                    reason="twice",
                    first=seen[key],
                )
            row = _clean(line, cells, zone)
        except InvalidInput as error:
            yield Refused(line, key, error)
            continue
        seen[key] = line
        yield row


def _clean(line: int, cells: dict[str, str], zone: ZoneInfo) -> ProposalLine:
    answer = plain_paragraphs(cells.get("answer", ""))
    created = _time(cells["created_at"], "created_at", zone)
    answered = (
        _time(cells["answered_at"], "answered_at", zone) if answer and cells.get("answered_at") else None
    )
    if answered and answered < created:
        raise InvalidInput(N_("It was answered before it was asked."), field="answered_at", reason="order")
    return ProposalLine(
        line=line,
        source_id=one_line(cells["id"], field="id", limit=80),
        title=one_line(cells["title"], field="title", limit=200),
        body=multiline(plain_paragraphs(cells.get("body", "")), field="body", limit=20_000, least=0),
        created_at=created,
        author=one_line(cells.get("author", ""), field="author", limit=80, least=0),
        supports=_count(cells.get("supports", "")),
        answer=multiline(answer, field="answer", limit=20_000) if answer else "",
        answered_at=answered or (created if answer else None),
        retired=bool(cells.get("retired_at")),
    )


def _time(text: str, field: str, zone: ZoneInfo) -> datetime:
    for form in _TIMES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
    try:
        found = datetime.fromisoformat(
            text.removesuffix(" UTC") + ("+00:00" if text.endswith(" UTC") else "")
        )
    except ValueError:
        raise InvalidInput(
            N_("“%(text)s” is not a date or time."), field=field, reason="time", text=text[:40]
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _count(text: str) -> int:
    if not text:
        return 0
    if not text.isdecimal() or len(text) > 9:
        raise InvalidInput(
            N_("“%(text)s” is not a number."), field="supports", reason="number", text=text[:40]
        )
    return int(text)
