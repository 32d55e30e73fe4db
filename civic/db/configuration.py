"""Tortoise's configuration, from the settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from civic.settings import settings


def config(*, plain: bool = False) -> dict[str, Any]:
    """``plain``: a single ordinary connection without foreign key checks, as migrations need it."""
    return {
        "connections": {"default": _postgres(plain) if settings().on_postgres else _sqlite(plain)},
        "apps": {"models": {"models": ["civic.models"], "migrations": "civic.migrations"}},
        "use_tz": True,
        "timezone": "UTC",
    }


def _sqlite(plain: bool) -> dict[str, Any]:
    path = str(settings().sqlite_path)
    if plain:
        credentials = {"file_path": path, "foreign_keys": "OFF", "busy_timeout": 10_000}
        return {"engine": "tortoise.backends.sqlite", "credentials": credentials}
    credentials = {"file_path": path, "busy_timeout": 5000, "query_only": "ON", "cache_size": -65536}
    return {"engine": "civic.db.sqlite_reader", "credentials": credentials}


def _postgres(plain: bool) -> dict[str, Any]:
    """The parts of ``postgres://user:password@host:port/name?host=/socket/folder&port=5432``."""
    url = urlsplit(settings().database_url)
    query = {key: values[-1] for key, values in parse_qs(url.query).items()}
    credentials: dict[str, Any] = {
        "host": query.get("host") or url.hostname or "localhost",
        "port": int(query.get("port") or url.port or 5432),
        "user": url.username or "postgres",
        "password": url.password,
        "database": url.path.strip("/"),
        "minsize": 1,
        "maxsize": 2 if plain else settings().pool_size,
    }
    return {
        "engine": "tortoise.backends.asyncpg" if plain else "civic.db.postgres",
        "credentials": credentials,
    }


# For Tortoise's own command line: drafts of migrations.
TORTOISE_ORM = config(plain=True)
