"""Browsers that somebody has signed in with before, so that a stranger's guesses do not slow the owner.

The cookie holds a random name and our keyed hash of it with the account; nothing is stored. It opens nothing: it
only says that failures of others do not count here.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from secrets import token_urlsafe

from civic.ledger.keys import secret
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
    return hmac.new(secret("device.key"), message, sha256).hexdigest()[:40]
