"""Keeps sessions and access tokens in the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from civic import clock, db
from civic.models import AccessToken, Session
from civic.web.sessions import Found


class DatabaseStore:
    """The `civic.web.sessions.Store` of the platform. People who deleted their account find nothing."""

    async def session(self, hash: str) -> Found | None:
        row = await Session.get_or_none(hash=hash).select_related("person")
        if row is None or row.person.deleted_at is not None:
            return None
        return Found(row.person, row.ends_at, row.seen_at)

    async def access_token(self, hash: str) -> Found | None:
        row = await AccessToken.get_or_none(hash=hash, revoked_at=None).select_related("person")
        if row is None or row.person.deleted_at is not None:
            return None
        return Found(row.person, row.expires_at, None, frozenset(row.scopes))

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
