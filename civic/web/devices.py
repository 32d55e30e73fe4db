"""Browsers that somebody has signed in with before, so that a stranger's guesses do not slow the owner.

The cookie holds a random name and our keyed hash of it with the account; nothing is stored. It opens nothing: it
only says that failures of others do not count here.
"""

from __future__ import annotations

import hmac
import os
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes, token_urlsafe

from civic.settings import settings

SECONDS = 365 * 24 * 3600


def cookie_name() -> str:
    return "__Host-civic-device" if settings().secure_cookies else "civic_device"


def make(account: str) -> str:
    """The cookie of a browser that has just signed in to ``account`` (an e-mail address)."""
    name = token_urlsafe(12)
    return f"{name}.{_word(name, account)}"


def read(cookie: str, account: str) -> str:
    """The browser's name, if the cookie was made for this account; else ""."""
    name, _, word = cookie.partition(".")
    if not name or len(cookie) > 200:
        return ""
    return name if hmac.compare_digest(word.encode(), _word(name, account).encode()) else ""


def _word(name: str, account: str) -> str:
    message = f"civic/device/v1\0{name}\0{account.strip().lower()}".encode()
    return hmac.new(_key(settings().keys_dir / "device.key"), message, sha256).hexdigest()[:40]


@lru_cache(maxsize=4)
def _key(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            os.write(descriptor, token_bytes(32))
            os.close(descriptor)
        except FileExistsError:
            pass
    return path.read_bytes()
