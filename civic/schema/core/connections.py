"""Lists in pages, as in Relay. A cursor holds the sort values of its row, so a page costs the same anywhere.

page = page_of(first, after)
rows = await page.rows(Proposal.filter(...), order=[("published_at", "desc"), ("id", "desc")])
return page.connection(rows, node=ProposalType.of, total=lambda: Proposal.filter(...).count())
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
import strawberry
from tortoise.expressions import Q

from civic.errors import N_, InvalidInput

T = TypeVar("T")
DEFAULT, MOST = 20, 100
Order = Sequence[tuple[str, str]]


@strawberry.type(description="Where a page of a list begins and ends, and whether there is more.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="One entry of a list, with its cursor.")
class Edge(Generic[T]):
    cursor: str
    node: T


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    nodes: list[T]
    page_info: PageInfo
    cursors: strawberry.Private[list[str]]
    counter: strawberry.Private[Callable[[], Awaitable[int]] | None] = None

    @strawberry.field(description="The same entries, each with its cursor.")
    def edges(self) -> list[Edge[T]]:
        return [Edge(cursor=c, node=n) for c, n in zip(self.cursors, self.nodes, strict=True)]

    @strawberry.field(description="How many there are in all pages; null where that is not counted.")
    async def total_count(self) -> int | None:
        return await self.counter() if self.counter else None


def encode_cursor(values: Sequence[Any]) -> str:
    """Sort values of a row (text, numbers, times, UUIDs, None) as an opaque cursor."""
    return urlsafe_b64encode(orjson.dumps([_plain(v) for v in values])).decode().rstrip("=")


def decode_cursor(cursor: str, length: int, field: str) -> list[Any]:
    """The values within a cursor. Raises InvalidInput when it is not one of ours."""
    try:
        values = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if isinstance(values, list) and len(values) == length:
            return [_rich(v) for v in values]
    except (binascii.Error, ValueError, UnicodeError, KeyError):
        pass
    raise InvalidInput(
        N_("This page mark is not valid. Start from the first page."), field=field, reason="bad_cursor"
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, UUID):
        return {"u": str(value)}
    return value


def _rich(value: Any) -> Any:
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        readers: dict[str, Callable[[str], Any]] = {
            "t": datetime.fromisoformat,
            "d": date.fromisoformat,
            "u": UUID,
        }
        return readers[kind](text)
    if isinstance(value, list):
        raise ValueError
    return value


@dataclass(frozen=True, slots=True)
class Page:
    """What the reader asked for: ``size`` rows after or before a cursor; ``backwards`` with `last`/`before`."""

    size: int
    cursor: str | None
    backwards: bool

    def after(self, order: Order) -> Q | None:
        """The condition that a row comes past the cursor, for columns sorted by ``order``; None: no cursor."""
        if self.cursor is None:
            return None
        values = decode_cursor(self.cursor, len(order), "before" if self.backwards else "after")
        past, same = Q(), Q()
        for index, ((column, direction), value) in enumerate(zip(order, values, strict=True)):
            operator = "lt" if (direction == "desc") != self.backwards else "gt"
            step = Q(**{f"{column}__{operator}": value})
            past = step if index == 0 else past | (same & step)
            same = Q(**{column: value}) if index == 0 else same & Q(**{column: value})
            if index == 0 and len(order) > 1:
                # Says nothing new, but lets a database begin in the middle of the index.
                bound = Q(**{f"{column}__{operator}e": value})
        return past if len(order) == 1 else bound & past

    def sorting(self, order: Order) -> list[str]:
        """``order`` as Tortoise's ``order_by`` takes it, turned round for a page before a cursor."""
        return [("-" if (d == "desc") != self.backwards else "") + column for column, d in order]

    async def rows(self, query: Any, order: Order) -> Rows:
        """Fetch this page of a Tortoise query set (also ``.values()``). The last column of ``order`` is unique."""
        condition = self.after(order)
        if condition is not None:
            query = query.filter(condition)
        found = list(await query.order_by(*self.sorting(order)).limit(self.size + 1))
        return self.cut(found, [column for column, _ in order])

    def cut(self, found: Sequence[Any], columns: Sequence[str]) -> Rows:
        """Of at most ``size + 1`` rows in fetching order, this page in reading order."""
        more = len(found) > self.size
        page = list(found[: self.size])
        if self.backwards:
            page.reverse()
        cursors = [encode_cursor([_get(row, c) for c in columns]) for row in page]
        following = (self.cursor is not None) if self.backwards else more
        preceding = more if self.backwards else self.cursor is not None
        return Rows(page, cursors, following, preceding)


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of rows in reading order, with cursors."""

    rows: list[Any]
    cursors: list[str]
    has_next: bool
    has_previous: bool

    def connection(
        self, node: Callable[[Any], Any], total: Callable[[], Awaitable[int]] | None = None
    ) -> Connection[Any]:
        """The GraphQL object. ``total`` is only called when the reader asks for ``totalCount``."""
        ends = (self.cursors[0], self.cursors[-1]) if self.cursors else (None, None)
        info = PageInfo(
            has_next_page=self.has_next,
            has_previous_page=self.has_previous,
            start_cursor=ends[0],
            end_cursor=ends[1],
        )
        return Connection(
            nodes=[node(r) for r in self.rows], page_info=info, cursors=self.cursors, counter=total
        )


def _get(row: Any, column: str) -> Any:
    return row[column] if isinstance(row, dict) else getattr(row, column)


def page_of(
    first: int | None = None, after: str | None = None, last: int | None = None, before: str | None = None
) -> Page:
    """The page that the four arguments of a connection describe. Raises InvalidInput."""
    backwards = before is not None or (last is not None and first is None)
    if backwards and after is not None:
        raise InvalidInput(N_("Give either `after` or `before`."), field="before", reason="both_directions")
    size, field = (last if last is not None else first, "last") if backwards else (first, "first")
    size = DEFAULT if size is None else size
    if not 1 <= size <= MOST:
        raise InvalidInput(
            N_("Ask for 1 to %(limit)s at a time."), field=field, reason="page_size", limit=MOST
        )
    return Page(size, before if backwards else after, backwards)
