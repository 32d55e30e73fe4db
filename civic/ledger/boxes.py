"""Published boxes: what stands around the papers, and the papers row by row, so that no box has to fit in memory.

The file of a box is canonical JSON (RFC 8785) as `civic.rules.tallies.box_bytes` makes it, with the papers sorted
by tracker. Here the same bytes are made piece by piece.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

import orjson

from civic import db
from civic.models import ClosedBox
from civic.rules.canonical import canonical

BATCH = 5000
_PAGE = (
    "SELECT tracker, version, choice, channel, token, weight FROM paper "
    "WHERE ballot_id = ? AND tracker > ? ORDER BY tracker LIMIT ?"
)
_GROUPS = "SELECT choice, count(*) AS n FROM paper WHERE ballot_id = ? GROUP BY choice"
_WEIGHED = "SELECT choice, sum(weight) AS n FROM paper WHERE ballot_id = ? GROUP BY choice"
_OF_CHANNEL = "SELECT choice, count(*) AS n FROM paper WHERE ballot_id = ? AND channel = ? GROUP BY choice"


def frame(head: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """The bytes before and after the papers of a box with this head."""
    before, _, after = canonical({**head, "ballots": []}).partition(b'"ballots":[]')
    return before + b'"ballots":[', b"]" + after


def lines(papers: Iterable[Mapping[str, Any]], first: bool) -> bytes:
    """Papers as they stand in the file; ``first`` says that none came before."""
    found = b",".join(
        b'{%b"choice":%b%b,"tracker":%b,"version":%d%b}'
        % (
            b'"channel":%b,' % orjson.dumps(p["channel"]) if p["channel"] else b"",
            orjson.dumps(p["choice"]),
            b',"token":' + orjson.dumps(p["token"]) if p["token"] else b"",
            orjson.dumps(p["tracker"]),
            p["version"],
            _weight(p["weight"]),
        )
        for p in papers
    )
    return found if first or not found else b"," + found


def _weight(weight: int | None) -> bytes:
    return b"" if weight is None else b',"weight":%d' % weight


async def pages(ballot_id: int) -> AsyncIterator[list[dict[str, Any]]]:
    """The papers in the order of their trackers, some thousand at a time."""
    after = ""
    while rows := await db.fetch(_PAGE, ballot_id, after, BATCH):
        yield rows
        after = rows[-1]["tracker"]


async def stream(ballot_id: int) -> AsyncIterator[bytes] | None:
    """The file of a box, piece by piece; None when it is not published."""
    closed = await ClosedBox.get_or_none(ballot_id=ballot_id)
    return _pieces(ballot_id, orjson.loads(closed.head)) if closed else None


async def _pieces(ballot_id: int, head: dict[str, Any]) -> AsyncIterator[bytes]:
    before, after = frame(head)
    yield before
    first = True
    async for rows in pages(ballot_id):
        yield lines(rows, first)
        first = False
    yield after


async def content(ballot_id: int) -> bytes | None:
    """The whole file of a box; None when it is not published."""
    pieces = await stream(ballot_id)
    return None if pieces is None else b"".join([piece async for piece in pieces])


async def groups(ballot_id: int) -> dict[str, int]:
    """How often each choice was made, counted by the database."""
    return {row["choice"]: row["n"] for row in await db.fetch(_GROUPS, ballot_id)}


async def of_channel(ballot_id: int, channel: str) -> dict[str, int]:
    """How often each choice was made in one channel; nothing where channels are not told."""
    rows = await db.fetch(_OF_CHANNEL, ballot_id, channel)
    return {row["choice"]: row["n"] for row in rows}


async def weighed(ballot_id: int) -> dict[str, int]:
    """The weight of the papers by choice, where they have weights."""
    return {row["choice"]: int(row["n"]) for row in await db.fetch(_WEIGHED, ballot_id)}


async def head(ballot_id: int) -> dict[str, Any]:
    """What stands around the papers. Raises DoesNotExist when the box is not published."""
    closed = await ClosedBox.get(ballot_id=ballot_id)
    found: dict[str, Any] = orjson.loads(closed.head)
    return found
