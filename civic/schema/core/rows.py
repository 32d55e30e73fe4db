"""One look-ahead query as plain rows: only the columns and joins that a list needs, without building models.

rows = Plain(Proposal.filter(...), ("author", "area"), selection(info).nodes)
found = await page.rows(rows, order)     # each row has .id, .title, and .author with .id and .name, or None
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import lru_cache
from itertools import islice
from types import SimpleNamespace
from typing import Any

from tortoise.fields import BinaryField, TextField

from civic.schema.core.errors import camel
from civic.schema.core.lookahead import Selection


@lru_cache(maxsize=256)
def columns(model: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of a model, its key first: those that every row has, and long texts. Bytes are left out."""
    light, texts = [model._meta.pk_attr], []
    for name in model._meta.fields_db_projection:
        field = model._meta.fields_map[name]
        if isinstance(field, TextField):
            texts.append(name)
        elif name not in light and not isinstance(field, BinaryField):
            light.append(name)
    return tuple(light), tuple(texts)


class Plain:
    """A Tortoise query set whose rows come as plain objects with the attributes that models would have.

    one: related rows; those that are not named or not selected are not fetched, and None. Long texts are fetched
    where a field of their name is selected, and are "" otherwise.
    """

    def __init__(self, query: Any, one: Sequence[str], selected: Selection) -> None:
        self.query = query
        self.own, self.absent = _chosen(query.model, selected)
        self.one: dict[str, tuple[list[str], dict[str, Any]]] = {}
        for name in one:
            if name in selected:
                related = query.model._meta.fields_map[name].related_model
                self.one[name] = _chosen(related, selected.below(name))

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
        joined = [f"{name}__{column}" for name, (chosen, _) in self.one.items() for column in chosen]
        return [self._row(row) for row in await self.query.values_list(*self.own, *joined)]

    def _row(self, values: Sequence[Any]) -> SimpleNamespace:
        rest = iter(values)
        row = SimpleNamespace(**self.absent)
        row.__dict__.update(zip(self.own, islice(rest, len(self.own)), strict=True))
        for name, (chosen, absent) in self.one.items():
            related = SimpleNamespace(**absent)
            related.__dict__.update(zip(chosen, islice(rest, len(chosen)), strict=True))
            row.__dict__[name] = related if getattr(related, chosen[0]) is not None else None
        return row


def _chosen(model: Any, selected: Selection) -> tuple[list[str], dict[str, Any]]:
    """The columns to fetch, and what stands for those that are not."""
    light, texts = columns(model)
    wanted = [name for name in texts if camel(name) in selected]
    absent: dict[str, Any] = {name: "" for name in texts if name not in wanted}
    return [*light, *wanted], dict.fromkeys(model._meta.fk_fields | model._meta.o2o_fields) | absent
