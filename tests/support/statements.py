"""How many SQL statements something takes, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from civic.db import tables

_counting: ContextVar[list[str] | None] = ContextVar("counted_statements", default=None)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that run within the block, reads and changes alike, but not those of loops beside it.

    with statements() as ran:
        await client.get("/proposals")
    assert len(ran) == 2, "\\n".join(ran)
    """
    ran: list[str] = []
    note = tables.note

    def noting(sql: str) -> None:
        if _counting.get() is ran:
            ran.append(sql)
        note(sql)

    token = _counting.set(ran)
    tables.note = noting
    try:
        yield ran
    finally:
        tables.note = note
        _counting.reset(token)
