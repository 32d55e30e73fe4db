"""Appending to the ledger, in the transaction of the act. Numbers come later, from the sequencer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import rfc8785

from civic import db
from civic.models import LedgerEntry

MOST_BYTES = 60_000


async def append(
    act: str,
    *,
    at: datetime,
    actor: str | None,
    party: int | None,
    kind: str,
    subject: str,
    payload: dict[str, Any],
    anonymous: bool = False,
) -> None:
    """Write one entry. ``anonymous`` leaves out who acted, and of the time all but the day.

    ValueError when it is larger than an entry may be.
    """
    body: dict[str, Any] = {
        "v": 1,
        "act": act,
        "time": at.strftime("%Y-%m-%d") if anonymous else at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "actor": None if anonymous else actor,
        "party": None if anonymous else party,
        "subject": {"kind": kind, "id": subject},
        "payload": payload,
    }
    text = rfc8785.dumps(body).decode()
    if len(text.encode()) > MOST_BYTES:
        raise ValueError(f"a ledger entry of {act} has more than {MOST_BYTES} bytes")
    values = (act, kind, subject, body["party"], body["time"][:10], text)
    await db.execute(_INSERT_POSTGRES if db.on_postgres() else _INSERT_SQLITE, *values)


_INSERT_SQLITE = (
    "INSERT INTO ledger_entry (act, kind, subject_id, party_id, day, payload) VALUES (?, ?, ?, ?, ?, ?)"
)
_INSERT_POSTGRES = (
    "INSERT INTO ledger_entry (act, kind, subject_id, party_id, day, payload, xid) "
    "VALUES (?, ?, ?, ?, ?, ?, pg_current_xact_id()::text::bigint)"
)


async def latest(kind: str, subject: str) -> LedgerEntry | None:
    """The newest entry about something."""
    return await LedgerEntry.filter(kind=kind, subject_id=subject).order_by("-id").first()
