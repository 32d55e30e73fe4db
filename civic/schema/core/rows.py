"""One look-ahead query as plain rows: only the columns and joins that a list needs, without building models.

rows = Plain(Proposal.filter(...), own=("id", "title"), one={"author": ("id", "name")}, selected=nodes)
found = await page.rows(rows, order)     # each row has .id, .title, and .author with .id and .name, or None
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from itertools import islice
from types import SimpleNamespace
from typing import Any

from civic.schema.core.lookahead import Selection


class Plain:
    """A Tortoise query set whose rows come as plain objects with the attributes that models would have.

    own: the columns. one: related rows, each with the columns it needs, its key first; one that is not selected is
    neither joined nor fetched, and is None. heavy: columns that are fetched only where they are selected, with
    what they are otherwise.
    """

    def __init__(
        self,
        query: Any,
        own: Sequence[str],
        one: Mapping[str, Sequence[str]],
        selected: Selection,
        heavy: Mapping[str, Any] | None = None,
    ) -> None:
        self.query = query
        heavy = heavy or {}
        self.absent: dict[str, Any] = {name: None for name in one if name not in selected}
        self.absent |= {name: value for name, value in heavy.items() if name not in selected}
        self.own = [*own, *(name for name in heavy if name in selected)]
        self.one = {name: columns for name, columns in one.items() if name in selected}

    def __await__(self) -> Generator[Any, None, list[Any]]:
        return self._rows().__await__()

    def _with(self, query: Any) -> Plain:
        changed = object.__new__(Plain)
        changed.__dict__ = {**self.__dict__, "query": query}
        return changed

    def filter(self, *args: Any, **kwargs: Any) -> Plain:
        return self._with(self.query.filter(*args, **kwargs))

    def order_by(self, *columns: str) -> Plain:
        return self._with(self.query.order_by(*columns))

    def limit(self, number: int) -> Plain:
        return self._with(self.query.limit(number))

    async def _rows(self) -> list[Any]:
        joined = [f"{name}__{column}" for name, columns in self.one.items() for column in columns]
        return [self._row(row) for row in await self.query.values_list(*self.own, *joined)]

    def _row(self, values: Sequence[Any]) -> SimpleNamespace:
        rest = iter(values)
        row = SimpleNamespace(**self.absent)
        row.__dict__.update(zip(self.own, islice(rest, len(self.own)), strict=True))
        for name, columns in self.one.items():
            related = SimpleNamespace(**dict(zip(columns, islice(rest, len(columns)), strict=True)))
            row.__dict__[name] = related if getattr(related, columns[0]) is not None else None
        return row
