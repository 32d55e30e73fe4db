"""How many SQL statements something takes, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager

from civic.db import tables


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that run within the block, in their order, reads and changes alike.

    with statements() as ran:
        await client.get("/proposals")
    assert len(ran) == 2, "\\n".join(ran)
    """
    ran: list[str] = []
    note = tables.note

    def noting(sql: str) -> None:
        ran.append(sql)
        note(sql)

    tables.note = noting
    try:
        yield ran
    finally:
        tables.note = note
