"""The connection that reads on SQLite. It is ``query_only``, so that nothing can be written outside an act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tortoise.backends.sqlite.client import SqliteClient

from civic.db import tables


class Reader(SqliteClient):
    """Tortoise's client, which also notes the tables that are read."""

    async def execute_query(
        self, query: str, values: list[Any] | None = None
    ) -> tuple[int, Sequence[dict[str, Any]]]:
        tables.note(query)
        return await super().execute_query(query, values)  # type: ignore[no-any-return]

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        tables.note(query)
        return await super().execute_query_dict(query, values)  # type: ignore[no-any-return]


client_class = Reader
