"""Trying something and undoing it, so that what was prepared serves for the next try."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from civic import db


class Undo(Exception):
    """Undoes a transaction."""


async def undone(work: Callable[[], Awaitable[object]]) -> None:
    """Carry out ``work`` in a transaction that is undone; what it raises is raised."""

    async def run() -> None:
        await work()
        raise Undo

    try:
        await db.write(run)
    except Undo:
        return
