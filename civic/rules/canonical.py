"""Canonical JSON (RFC 8785): one text for one content, so that its hash and signature can be checked by anyone."""

from __future__ import annotations

from types import NoneType
from typing import Any

import orjson
import rfc8785

_LARGEST = 2**53 - 1  # whole numbers beyond it are not JSON's


def canonical(content: Any) -> bytes:
    """The canonical bytes. Raises ValueError or TypeError for what JSON does not have.

    What goes on record is mostly texts, whole numbers and objects with ASCII names. For these orjson with sorted names
    writes the same bytes in a small part of the time; anything else is left to rfc8785.
    """
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS) if _plain(content) else rfc8785.dumps(content)


def _plain(content: Any) -> bool:
    kind = type(content)
    if kind is dict:
        for name, value in content.items():
            if type(name) is not str or not name.isascii():
                return False
            if type(value) is not str and value is not None and not _plain(value):
                return False
        return True
    if kind is int:
        return bool(-_LARGEST <= content <= _LARGEST)
    return kind in (str, bool, NoneType) or (kind in (list, tuple) and all(map(_plain, content)))
