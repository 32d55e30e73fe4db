"""Keeps sessions and access tokens in the database."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from strawberry.dataloader import DataLoader

from civic import clock, db
from civic.models import AccessToken, Person, Session
from civic.web.sessions import Found

MOST = 64  # looked up by one statement
# Every request asks this, so the statements are written out: building them anew would take most of a request's time.
_SESSION = (
    "SELECT s.hash AS found, s.ends_at AS session_ends, s.seen_at AS session_seen, p.* FROM session s "
    "JOIN person p ON p.id = s.person_id WHERE s.hash {} AND p.deleted_at IS NULL"
)
_TOKEN = (
    "SELECT t.hash AS found, t.expires_at AS token_expires, t.scopes AS token_scopes, p.* FROM access_token t "
    "JOIN person p ON p.id = t.person_id WHERE t.hash {} AND t.revoked_at IS NULL AND p.deleted_at IS NULL"
)
_ONE_SESSION, _ONE_TOKEN = _SESSION.format("= ?"), _TOKEN.format("= ?")
Together = DataLoader[str, dict[str, Any] | None]
_MOMENT, _SCOPES = Session._meta.fields_map["ends_at"], AccessToken._meta.fields_map["scopes"]


async def _rows(sql: str, hashes: list[str]) -> list[dict[str, Any] | None]:
    """For each hash its row, if there is one; on PostgreSQL, where who ask at the same moment share a round trip."""
    found = {row["found"]: row for row in await db.fetch(sql.format("= ANY(?::text[])"), hashes)}
    return [found.get(hash) for hash in hashes]


async def _row(one: str, together: Together, hash: str) -> dict[str, Any] | None:
    """The row of a hash, if there is one."""
    if db.on_postgres():
        return await together.load(hash)
    rows = await db.look_up(one, hash)
    return rows[0] if rows else None


def _person(row: dict[str, Any]) -> Person:
    return Person._init_from_db(**row)  # as a query of the model makes it


def _moment(value: Any) -> datetime | None:
    found: datetime | None = _MOMENT.to_python_value(value)
    return found


class DatabaseStore:
    """The `civic.web.sessions.Store` of the platform. People who deleted their account find nothing."""

    def __init__(self) -> None:
        self.sessions = DataLoader(partial(_rows, _SESSION), max_batch_size=MOST, cache=False)
        self.tokens = DataLoader(partial(_rows, _TOKEN), max_batch_size=MOST, cache=False)

    async def session(self, hash: str) -> Found | None:
        row = await _row(_ONE_SESSION, self.sessions, hash)
        if row is None:
            return None
        return Found(_person(row), _moment(row["session_ends"]), _moment(row["session_seen"]))

    async def access_token(self, hash: str) -> Found | None:
        row = await _row(_ONE_TOKEN, self.tokens, hash)
        if row is None:
            return None
        scopes: list[str] = _SCOPES.to_python_value(row["token_scopes"])
        return Found(_person(row), _moment(row["token_expires"]), None, frozenset(scopes))

    async def start(self, person: Any, hash: str, ends_at: datetime) -> None:
        now = clock.now()

        async def save() -> None:
            await Session.filter(person_id=person.pk, ends_at__lt=now).delete()
            await Session.create(hash=hash, person_id=person.pk, started_at=now, seen_at=now, ends_at=ends_at)

        await db.write(save)

    async def touch(self, hash: str) -> None:
        async def save() -> None:
            await Session.filter(hash=hash).update(seen_at=clock.now())

        await db.write(save)

    async def end(self, hash: str) -> None:
        async def save() -> None:
            await Session.filter(hash=hash).delete()

        await db.write(save)

    async def end_of(self, person: Any, key: str | None, but: str) -> int:
        rows = Session.filter(person_id=person.pk)
        rows = rows.exclude(hash=but) if key is None else rows.filter(hash__startswith=key)

        async def save() -> int:
            return await rows.delete()

        return await db.write(save)
