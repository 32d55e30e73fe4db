"""Appending to the ledger, in the transaction of the act. Numbers come later, from the sequencer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from civic import db
from civic.models import LedgerEntry
from civic.rules.canonical import canonical

MOST_BYTES = 60_000


Row = tuple[str, str, str, int | None, str, str]


def row(
    act: str,
    *,
    at: datetime,
    actor: str | None,
    party: int | None,
    kind: str,
    subject: str,
    payload: dict[str, Any],
    anonymous: bool = False,
) -> Row:
    """One entry. ``anonymous`` leaves out who acted, and of the time all but the day.

    ValueError when it is larger than an entry may be.
    """
    moment = at.isoformat(timespec="seconds")[:19] + "Z"
    body: dict[str, Any] = {
        "v": 1,
        "act": act,
        "time": moment[:10] if anonymous else moment,
        "actor": None if anonymous else actor,
        "party": None if anonymous else party,
        "subject": {"kind": kind, "id": subject},
        "payload": payload,
    }
    text = canonical(body)
    if len(text) > MOST_BYTES:
        raise ValueError(f"a ledger entry of {act} has more than {MOST_BYTES} bytes")
    return act, kind, subject, body["party"], moment[:10], text.decode()


_COLUMNS = "INSERT INTO ledger_entry (act, kind, subject_id, party_id, day, payload"
_INSERT_SQLITE = f"{_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"
_INSERT_POSTGRES = f"{_COLUMNS}, xid) VALUES (?, ?, ?, ?, ?, ?, pg_current_xact_id()::text::bigint)"
_INSERT_MANY = (
    f"{_COLUMNS}, xid) SELECT act, kind, subject, party, day, payload, pg_current_xact_id()::text::bigint "
    "FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[]) "
    "WITH ORDINALITY AS many (act, kind, subject, party, day, payload, place) ORDER BY place"
)


async def append(act: str, **given: Any) -> None:
    """Write one entry within the transaction of its act; see `row`."""
    await append_rows([row(act, **given)])


async def append_rows(rows: Sequence[Row]) -> None:
    """Write entries, in their order, within the transaction of their act."""
    if not rows:
        return
    if not db.on_postgres():
        await db.execute_many(_INSERT_SQLITE, [list(one) for one in rows])
    elif len(rows) == 1:
        await db.execute(_INSERT_POSTGRES, *rows[0])
    else:
        await db.execute(_INSERT_MANY, *(list(column) for column in zip(*rows, strict=True)))


async def latest(kind: str, subject: str) -> LedgerEntry | None:
    """The newest entry about something."""
    return await LedgerEntry.filter(kind=kind, subject_id=subject).order_by("-id").first()
