"""What browsers are told to refuse, and which posts we refuse ourselves."""

from __future__ import annotations

import hmac
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from civic.settings import settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
SANDBOX = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox; frame-ancestors 'none'"
)

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(), microphone=(), payment=(), usb=()"),
)
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")


def from_here(headers: Headers) -> bool | None:
    """Whether a request was made by a page of this site. None: the client does not say (not a browser)."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin") or headers.get("referer")
    if not origin:
        return None
    parts = urlsplit(origin)
    if not parts.netloc:
        return False  # "null": a sandboxed frame or a data: URL
    return parts.netloc == headers.get("host") or f"{parts.scheme}://{parts.netloc}" == settings().origin


def csrf_token(session_token: str) -> str:
    """The secret that forms of one session carry. It follows from the session's token, so it is stored nowhere."""
    return hmac.new(session_token.encode(), b"civic form", sha256).hexdigest()[:32]


def csrf_matches(session_token: str, given: str) -> bool:
    """Whether a form carries the secret of its session."""
    return hmac.compare_digest(csrf_token(session_token).encode(), given.encode("utf-8", "replace"))


def safe_path(target: str | None) -> str | None:
    """``target`` when it is a path of this site that may be redirected to, else None."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(c) < 33 or ord(c) == 127 or c == "\\" for c in target) or len(target) > 2000:
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target
