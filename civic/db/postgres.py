"""PostgreSQL: a pool, a transaction for each write, and LISTEN/NOTIFY between processes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from os import getpid
from secrets import token_hex
from typing import Any

import asyncpg
import orjson
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    NestedTransactionContext,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

from civic import events as bus
from civic.db import tables

CHANNEL = "civic"
TRIES = 5
MOST_BYTES = 7000  # a notification holds 8000


def storable(values: list[Any] | None) -> list[Any] | None:
    """PostgreSQL has no NUL in texts; one that somebody searches for is looked for as the replacement character."""
    return [v.replace("\0", "\ufffd") if isinstance(v, str) else v for v in values] if values else values


class Noting:
    """Notes the tables that statements touch."""

    async def execute_insert(self, query: str, values: list[Any]) -> Any:
        tables.note(query)
        return await super().execute_insert(query, values)  # type: ignore[misc]

    async def execute_many(self, query: str, values: list[Any]) -> None:
        tables.note(query)
        await super().execute_many(query, values)  # type: ignore[misc]

    async def execute_query(self, query: str, values: list[Any] | None = None) -> Any:
        tables.note(query)
        return await super().execute_query(query, storable(values))  # type: ignore[misc]

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> Any:
        tables.note(query)
        return await super().execute_query_dict(query, storable(values))  # type: ignore[misc]


class Transaction(Noting, TransactionWrapper):
    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(Transaction(self))


class Client(Noting, AsyncpgDBClient):
    def _in_transaction(self) -> TransactionContext:
        return TransactionContextPooled(Transaction(self), self._pool_init_lock)

    async def create_pool(self, **given: Any) -> asyncpg.Pool[Any]:
        return await super().create_pool(**given, reset=reset)


async def reset(connection: Any) -> None:
    """Before the next use of a connection. Nothing of ours stays in a session: locks and settings are a transaction's.
    So the round trip that asyncpg would make for each statement is needed only when a transaction was left behind."""
    if connection.is_in_transaction():
        await connection.reset()


client_class = Client


class Backend:
    """Writes, and news from and to other processes."""

    def __init__(self) -> None:
        self.me = f"{getpid()}-{token_hex(4)}"
        self.waiting: list[tuple[list[tuple[str, str]], set[str]]] = []
        self.wake = asyncio.Event()

    async def listen(self) -> None:
        pool_client: Any = get_connection("default")
        if pool_client._pool is None:
            await pool_client.create_connection(with_db=True)
        template = pool_client._template
        self.line = await asyncpg.connect(
            host=template["host"],
            port=template["port"],
            user=template["user"],
            password=pool_client.password,
            database=template["database"],
        )
        await self.line.add_listener(CHANNEL, self.hear)
        self.task = asyncio.create_task(self.send())

    async def write(self, fn: Callable[[], Awaitable[Any]]) -> Any:
        for attempt in range(TRIES):
            changed: set[str] = set()
            try:
                result = await asyncio.create_task(self.transaction(fn, changed))
            except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError, OperationalError) as error:
                cause = error.__cause__ or error
                again = isinstance(cause, asyncpg.DeadlockDetectedError | asyncpg.SerializationError)
                if not again or attempt == TRIES - 1:
                    raise
                await asyncio.sleep(0.01 * 2**attempt)
                continue
            tables.bump(changed)
            self.tell([], changed)
            return result

    async def transaction(self, fn: Callable[[], Awaitable[Any]], changed: set[str]) -> Any:
        tables.changed_tables.set(changed)
        tables.touched_tables.set(None)
        async with in_transaction("default"):
            return await fn()

    def queued(self) -> int:
        return 0  # connections queue within the pool, and the database takes them side by side

    def tell(self, events: list[tuple[str, str]], changed: set[str]) -> None:
        if events or changed:
            self.waiting.append((events, changed))
            self.wake.set()

    async def send(self) -> None:
        """Tell others what happened, several commits at once: NOTIFY within each would make commits queue up."""
        while True:
            await self.wake.wait()
            await asyncio.sleep(0.02)
            self.wake.clear()
            news, self.waiting = self.waiting, []
            changed = sorted(set().union(*(c for _, c in news)))
            events = sorted({event for many, _ in news for event in many})
            while events or changed:
                body = orjson.dumps([self.me, changed, events[:50]])
                while len(body) > MOST_BYTES:
                    events = events[: len(events) // 2]
                    body = orjson.dumps([self.me, changed, events[:50]])
                changed, events = [], events[50:]
                try:
                    await self.line.execute("SELECT pg_notify($1, $2)", CHANNEL, body.decode())
                except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                    break

    def hear(self, _line: Any, _pid: int, _channel: str, body: str) -> None:
        sender, changed, events = orjson.loads(body)
        if sender != self.me:
            tables.bump(changed)
            for topic, act in events:
                bus.publish(topic, act)

    async def close(self) -> None:
        self.task.cancel()
        await self.line.close()


async def open() -> Backend:
    """Connect, and listen to other processes."""
    backend = Backend()
    await backend.listen()
    return backend
