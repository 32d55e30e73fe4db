"""The lines of uploaded rolls: those of a roll's own edition are read, others are written and swept away in small steps."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from typing import Any

from civic import db
from civic.models import Roll

BATCH = 5000
_ADD = "INSERT INTO roll_line (ballot_id, edition, person_key, weight) VALUES (?, ?, ?, ?)"
_ADD_MANY = (
    "INSERT INTO roll_line (ballot_id, edition, person_key, weight) SELECT ?, ?, key, weight "
    "FROM unnest(?::text[], ?::bigint[]) AS many (key, weight)"
)
_OWN = "FROM roll r JOIN roll_line l ON l.ballot_id = r.ballot_id AND l.edition = r.edition WHERE r.ballot_id"
_PAGE = (
    f"SELECT l.person_key, l.weight {_OWN} = ? AND l.ballot_id = ? AND l.person_key > ? "
    "ORDER BY l.person_key LIMIT ?"
)
_CLASSES = f"SELECT l.weight, count(*) AS n {_OWN} = ? GROUP BY l.weight"
_OF = (
    "SELECT l.ballot_id, l.weight FROM roll r JOIN roll_line l ON l.ballot_id = r.ballot_id AND l.edition = r.edition "
    "WHERE l.person_key = ? ORDER BY l.ballot_id"
)
_SWEEP = (
    "DELETE FROM roll_line WHERE ballot_id = ? AND edition = ? AND person_key IN "
    "(SELECT person_key FROM roll_line WHERE ballot_id = ? AND edition = ? ORDER BY person_key LIMIT ?)"
)


async def add(ballot_id: int, edition: int, part: list[tuple[str, int]]) -> None:
    """Write lines, within a write."""
    if db.on_postgres():
        keys, weights = (list(column) for column in zip(*part, strict=True))
        await db.execute(_ADD_MANY, ballot_id, edition, keys, weights)
    else:
        await db.execute_many(_ADD, [[ballot_id, edition, key, weight] for key, weight in part])


async def pages(ballot_id: int) -> AsyncIterator[list[dict[str, Any]]]:
    """The lines of a roll in the order of their keys, some thousand at a time."""
    after = ""
    while rows := await db.fetch(_PAGE, ballot_id, ballot_id, after, BATCH):
        yield rows
        after = rows[-1]["person_key"]
        await db.pause()


async def classes(ballot_id: int) -> list[tuple[int, int]]:
    """Each weight of a roll, and how many have it."""
    return [(row["weight"], row["n"]) for row in await db.fetch(_CLASSES, ballot_id)]


async def weights(ballots: Collection[int], keys: Collection[str]) -> dict[tuple[int, str], int]:
    """By ballot and key of a human their weight, of those who are on the rolls."""
    if not ballots or not keys:
        return {}
    where = f"IN ({', '.join('?' * len(ballots))}) AND l.person_key IN ({', '.join('?' * len(keys))})"
    rows = await db.fetch(f"SELECT l.ballot_id, l.person_key, l.weight {_OWN} {where}", *ballots, *keys)
    return {(row["ballot_id"], row["person_key"]): row["weight"] for row in rows}


async def weight(ballot_id: int, key: str) -> int | None:
    """The weight of somebody on a roll; None when they are not on it."""
    return (await weights([ballot_id], [key])).get((ballot_id, key))


async def of_human(key: str) -> list[dict[str, Any]]:
    """On which rolls somebody stands: ballot_id and weight of each."""
    return await db.fetch(_OF, key)


async def sharing(ballot_id: int, weight: int) -> int:
    """How many on a roll have this weight."""
    return int(
        (await db.fetch(f"SELECT count(*) AS n {_OWN} = ? AND l.weight = ?", ballot_id, weight))[0]["n"]
    )


async def put(roll: Roll, key: str, weight: int | None) -> None:
    """Set the weight of one line of a roll, or with None take it away. Within a write."""
    own = (roll.ballot_id, roll.edition, key)
    await db.execute("DELETE FROM roll_line WHERE ballot_id = ? AND edition = ? AND person_key = ?", *own)
    if weight is not None:
        await db.execute(_ADD, *own, weight)


async def sweep(ballot_id: int, edition: int, most: int = BATCH) -> int:
    """Delete some lines of an edition that does not count; how many. Within a write."""
    own = (ballot_id, edition)
    return await db.execute(_SWEEP, *own, *own, most)
