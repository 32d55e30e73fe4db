"""Opaque global ids, as in Relay: base64url of "Type:key". The key alone is what page URLs show."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry

from civic.errors import N_, NotFound

if TYPE_CHECKING:
    from civic.schema.core.context import Context

Loader = Callable[["Context", str], Awaitable[Any]]
_loaders: dict[str, Loader] = {}
LONGEST_KEPT = 80  # characters of a global id that is remembered


@strawberry.interface(description="Something with a global id, which `node(id:)` finds again.")
class Node:
    id: strawberry.ID


@lru_cache(maxsize=4096)
def encode(type_name: str, key: object) -> strawberry.ID:
    """The global id of a thing. ``key`` is its primary key (number, UUID or text)."""
    return strawberry.ID(urlsafe_b64encode(f"{type_name}:{key}".encode()).decode().rstrip("="))


def split(global_id: str) -> tuple[str, str]:
    """Type name and key of a global id. Raises NotFound: an id that we never gave out names nothing."""
    return _split_kept(global_id) if len(global_id) <= LONGEST_KEPT else _split(global_id)


def _split(global_id: str) -> tuple[str, str]:
    try:
        padded = global_id + "=" * (-len(global_id) % 4)
        type_name, _, key = urlsafe_b64decode(padded.encode("ascii")).decode().partition(":")
    except (binascii.Error, UnicodeError, ValueError):
        type_name = key = ""
    if not (type_name.isidentifier() and key):
        raise NotFound(N_("There is nothing with this id."), reason="unknown_id", field="id")
    return type_name, key


_split_kept = lru_cache(maxsize=4096)(_split)  # many ask for the same: all who vote name one ballot


def decode(global_id: str, *type_names: str, field: str = "id") -> str:
    """The key within a global id, which must be of one of ``type_names``. Raises NotFound."""
    type_name, key = split(global_id)
    if type_names and type_name not in type_names:
        raise NotFound(N_("There is nothing with this id."), reason="unknown_id", field=field)
    return key


def whole(key: str) -> int | None:
    """A key that is a whole number, as loaders of nodes get it, or None."""
    return int(key) if key.isascii() and key.isdecimal() and len(key) < 19 else None


def decode_int(global_id: str, *type_names: str, field: str = "id") -> int:
    """As `decode`, for tables with a whole number as key."""
    number = whole(decode(global_id, *type_names, field=field))
    if number is None:
        raise NotFound(N_("There is nothing with this id."), reason="unknown_id", field=field)
    return number


def decode_uuid(global_id: str, *type_names: str, field: str = "id") -> UUID:
    """As `decode`, for tables with a UUID as key."""
    try:
        return UUID(decode(global_id, *type_names, field=field))
    except ValueError:
        raise NotFound(N_("There is nothing with this id."), reason="unknown_id", field=field) from None


def register_node(type_name: str, loader: Loader) -> None:
    """Let ``node(id:)`` find things of this type: ``loader(context, key)`` gives the object or None."""
    _loaders[type_name] = loader


async def load_node(context: "Context", global_id: str) -> Any:
    """The object behind a global id, or None when there is none for this reader."""
    try:
        type_name, key = split(global_id)
        loader = _loaders.get(type_name)
        return await loader(context, key) if loader else None
    except NotFound:
        return None
