"""Who is asking: a session cookie, or a personal access token in the Authorization header.

Only SHA-256 hashes of tokens are stored, so a stolen database signs nobody in. Recent look-ups are
remembered for a few seconds, so that a burst of requests of one person costs one query.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from time import monotonic
from typing import Any, NamedTuple, Protocol

from starlette.requests import HTTPConnection

from civic import clock
from civic.errors import N_, NotSignedIn
from civic.schema.core.context import Context
from civic.settings import settings
from civic.web import devices, languages

REMEMBERED = 5.0  # seconds; the longest that a session ended by another process goes on here
MOST_REMEMBERED = 10_000
TOUCH_EVERY = timedelta(minutes=10)
TOKEN_PREFIX = "civic_"
LINGERS = 7 * 24 * 3600  # seconds that the cookie outlives its session


class Identity(NamedTuple):
    """A signed-in person. ``scopes`` is None for a session; ``hash`` names the session or access token."""

    person: Any
    hash: str
    scopes: frozenset[str] | None = None


class Found(NamedTuple):
    """What the store knows of a token."""

    person: Any
    ends_at: datetime | None
    seen_at: datetime | None
    scopes: frozenset[str] | None = None


class Store(Protocol):
    """Where sessions and access tokens are kept; `civic.web.session_store` keeps them in the database."""

    async def session(self, hash: str) -> Found | None: ...

    async def access_token(self, hash: str) -> Found | None: ...

    async def start(self, person: Any, hash: str, ends_at: datetime) -> None: ...

    async def touch(self, hash: str) -> None: ...

    async def end(self, hash: str) -> None: ...

    async def end_of(self, person: Any, key: str | None, but: str) -> int: ...


def digest(token: str) -> str:
    """What is stored of a token: its SHA-256, 64 hex digits."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def cookie_name() -> str:
    return "__Host-civic" if settings().secure_cookies else "civic_session"


def set_cookie(name: str, value: str, seconds: int, *, readable: bool = False) -> str:
    """A Set-Cookie header value; ``seconds`` 0 removes the cookie."""
    parts = [f"{name}={value}", "Path=/", f"Max-Age={seconds}", "SameSite=Lax"]
    if not readable:
        parts.append("HttpOnly")
    if settings().secure_cookies:
        parts.append("Secure")
    return "; ".join(parts)


class Sessions:
    """Finds out who is asking; starts and ends sessions."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.recent: OrderedDict[str, tuple[float, Identity | None]] = OrderedDict()

    async def identify(self, connection: HTTPConnection) -> Identity | None:
        """The person behind a request, or None. Raises NotSignedIn for an access token that is not valid."""
        header = connection.headers.get("authorization")
        if header is not None:
            return await self.bearer(header)
        token = connection.cookies.get(cookie_name())
        if not token or len(token) > 200:
            return None
        return await self.look_up(digest(token), self.session)

    async def bearer(self, header: str) -> Identity:
        scheme, _, token = header.partition(" ")
        found = None
        if scheme.lower() == "bearer" and 0 < len(token) <= 200:
            found = await self.look_up("t" + digest(token.strip()), self.access_token)
        if found is None:
            raise NotSignedIn(N_("This access token is not valid, or no longer."), reason="bad_token")
        return found

    async def look_up(self, key: str, load: Any) -> Identity | None:
        remembered = self.recent.get(key)
        if remembered and remembered[0] > monotonic():
            return remembered[1]
        identity: Identity | None = await load(key)
        self.recent[key] = (monotonic() + REMEMBERED, identity)
        self.recent.move_to_end(key)
        while len(self.recent) > MOST_REMEMBERED:
            self.recent.popitem(last=False)
        return identity

    async def session(self, hash: str) -> Identity | None:
        found = await self.store.session(hash)
        now = clock.now()
        if found is None or (found.ends_at and found.ends_at <= now):
            return None
        idle = timedelta(hours=settings().session_idle_hours)
        if found.seen_at and found.seen_at + idle <= now:
            return None
        if found.seen_at and found.seen_at + TOUCH_EVERY <= now:
            await self.store.touch(hash)
        return Identity(found.person, hash)

    async def access_token(self, key: str) -> Identity | None:
        found = await self.store.access_token(key[1:])
        if found is None or (found.ends_at and found.ends_at <= clock.now()):
            return None
        return Identity(found.person, key, found.scopes or frozenset())

    def forget(self, hash: str = "") -> None:
        """Look this session (or, without a hash, everybody) up again at the next request."""
        if hash:
            self.recent.pop(hash, None)
        else:
            self.recent.clear()

    def forget_person(self, person: Any) -> None:
        """Look up again all sessions of one person: their rights, language or password have changed."""
        for key in [k for k, (_, i) in self.recent.items() if i and i.person.pk == person.pk]:
            del self.recent[key]

    async def sign_in(self, context: Context, person: Any) -> None:
        """A new session with a new token, so that a token planted before sign-in is worth nothing."""
        await self.sign_out(context)
        token = token_urlsafe(32)
        hours = settings().session_hours
        await self.store.start(person, digest(token), clock.now() + timedelta(hours=hours))
        context.viewer, context.session = person, digest(token)
        # The cookie outlives the session, so that a form sent too late can be told from a stranger's.
        context.cookies[:] = [set_cookie(cookie_name(), token, hours * 3600 + LINGERS)]
        if getattr(person, "email", None):
            context.cookies.append(
                set_cookie(devices.cookie_name(), devices.make(person.email), devices.SECONDS)
            )

    async def end_sessions(self, context: Context, key: str | None) -> int:
        """End a session of the viewer by the beginning of its hash, or all but the present one."""
        ended = await self.store.end_of(context.viewer, key, context.session)
        self.forget_person(context.viewer)
        return ended

    def device(self, context: Context, account: str) -> str:
        """The name of the browser, if it carries our word that it has signed in to this account."""
        cookies = getattr(context.request, "cookies", None) or {}
        return devices.read(cookies.get(devices.cookie_name(), ""), account)

    async def sign_out(self, context: Context) -> None:
        if context.session:
            await self.store.end(context.session)
            self.forget(context.session)
        context.viewer, context.session = None, ""
        context.cookies[:] = [set_cookie(cookie_name(), "", 0)]

    async def context(self, connection: HTTPConnection, *, language: str | None = None) -> Context:
        """The context of a request. Raises NotSignedIn for an access token that is not valid."""
        identity = await self.identify(connection)
        accept = connection.headers.get("accept-language", "")
        if identity and identity.scopes is not None:
            chosen = language or languages.negotiate(accept)
            wishes = (chosen, getattr(identity.person, "language", None))
        else:
            person = identity.person if identity else None
            wishes = (language or connection.cookies.get(languages.COOKIE), getattr(person, "language", None))
        return Context(
            viewer=identity.person if identity else None,
            language=languages.choose(*wishes, accept=accept),
            scopes=identity.scopes if identity else None,
            session=identity.hash if identity and identity.scopes is None else "",
            doorkeeper=self,
            request=connection,
        )
