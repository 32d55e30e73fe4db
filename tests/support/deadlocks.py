"""Deadlocks: PostgreSQL ends one of those who wait in a circle, and the write is done again, so outcomes do not tell."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from civic.db.postgres import Backend


def deadlocks(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """A list to which each deadlock from now on is added. On SQLite, with its one writer, it stays empty."""
    found: list[BaseException] = []
    whole = Backend.transaction

    async def watched(self: Backend, fn: Any, changed: set[str]) -> Any:
        try:
            return await whole(self, fn, changed)
        except Exception as error:
            cause = error.__cause__ or error
            if isinstance(cause, asyncpg.DeadlockDetectedError):
                found.append(cause)
            raise

    monkeypatch.setattr(Backend, "transaction", watched)
    return found
