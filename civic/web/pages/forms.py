"""Forms: what was typed, what is wrong with it, and that one form is carried out once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from secrets import token_urlsafe
from time import monotonic
from typing import Any

from markupsafe import Markup, escape
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from civic.schema.core.context import Context
from civic.settings import settings
from civic.web.security import csrf_matches, csrf_token
from civic.web.sessions import cookie_name, set_cookie

REMEMBERED = 30 * 60.0  # seconds in which a second sending of a form is recognised
SHOWN_AGAIN = 60.0  # seconds in which a second sending gets the very page that the first one got
MOST_REMEMBERED = 20_000
SECRET = ("password", "secret", "token")
FORM_COOKIE_SECONDS = 7 * 24 * 3600


class Typed(dict[str, str]):
    """Name → the text that was typed; ``getlist`` for names that came several times."""

    def __init__(self, items: list[tuple[str, Any]]) -> None:
        super().__init__()
        self.lists: dict[str, list[str]] = {}
        for name, value in items:
            if isinstance(value, str) and not any(word in name.lower() for word in SECRET):
                self[name] = value
                self.lists.setdefault(name, []).append(value)

    def getlist(self, name: str) -> list[str]:
        return self.lists.get(name, [])


@dataclass(slots=True)
class Form:
    """A form that was sent and refused, or whose operation stays on the page. Templates read what is in it.

    ``done`` is the answer of an operation that stays (a preview); none otherwise.
    """

    op: str
    values: Typed
    errors: dict[str, str] = field(default_factory=dict)
    done: Any = None

    def __getitem__(self, name: str) -> Any:
        return {"values": self.values, "errors": self.errors, "op": self.op, "done": self.done}[name]


@dataclass(slots=True)
class Rendering:
    """What a rendering page notes: whether it holds a form, and the secret its forms carry."""

    request: Request
    context: Context
    language: str
    has_form: bool = False
    visitor: str = ""
    fresh: bool = False

    def token(self) -> str:
        """The secret of the session, or, without one, of a cookie that the page sets."""
        session = self.request.cookies.get(cookie_name(), "") if self.context.session else ""
        if session:
            return csrf_token(session)
        if not self.visitor:
            self.visitor = self.request.cookies.get(form_cookie(), "")
            if not 20 <= len(self.visitor) <= 100:
                self.visitor, self.fresh = token_urlsafe(24), True
        return csrf_token(self.visitor)

    def cookies(self) -> list[str]:
        """The cookie that belongs to the forms on the page, when it is new."""
        return [set_cookie(form_cookie(), self.visitor, FORM_COOKIE_SECONDS)] if self.fresh else []


rendering: ContextVar[Rendering | None] = ContextVar("civic_rendering", default=None)


def form_cookie() -> str:
    return "__Host-civic-form" if settings().secure_cookies else "civic_form"


def form_fields() -> Markup:
    """The hidden fields that every form of a page carries."""
    now = rendering.get()
    if now is None:
        return Markup("")
    now.has_form = True
    pair = (("_csrf", now.token()), ("_once", token_urlsafe(16)))
    return Markup("".join(f'<input type="hidden" name="{n}" value="{escape(v)}">' for n, v in pair))


def authentic(request: Request, context: Context, given: str) -> bool:
    """Whether a form comes from a page that we gave to this browser."""
    if context.scopes is not None:
        return True  # an access token: no cookie that another site could misuse
    secrets = [request.cookies.get(form_cookie(), "")]
    if context.session:
        secrets.append(request.cookies.get(cookie_name(), ""))
    return any(secret and csrf_matches(secret, given) for secret in secrets)


@dataclass(slots=True)
class Done:
    """How a form was answered: where to go next and which cookies to set, or with the page itself."""

    location: str
    cookies: list[str]
    page: Response | None = None


class Once:
    """Remembers forms that are being carried out or were, so that a second sending gets the first one's answer."""

    def __init__(self) -> None:
        self.known: OrderedDict[tuple[str, str], tuple[float, asyncio.Future[Done | None]]] = OrderedDict()

    def begin(self, csrf: str, once: str) -> asyncio.Future[Done | None] | None:
        """None: go ahead, and call `finish`. Else what the first sending will give (None: it was refused)."""
        key = (csrf, once)
        now = monotonic()
        while self.known and next(iter(self.known.values()))[0] < now:
            self.known.popitem(last=False)
        if key in self.known:
            return self.known[key][1]
        while len(self.known) >= MOST_REMEMBERED:
            self.known.popitem(last=False)
        self.known[key] = (now + REMEMBERED, asyncio.get_running_loop().create_future())
        return None

    def finish(self, csrf: str, once: str, done: Done | None) -> None:
        """Tell second sendings. After a refusal the same form may be sent again."""
        entry = self.known.get((csrf, once))
        if entry is None:
            return
        if not entry[1].done():
            entry[1].set_result(done)
        if done is None:
            self.known.pop((csrf, once), None)
        elif done.page is not None:
            asyncio.get_running_loop().call_later(SHOWN_AGAIN, _forget_page, done)


def _forget_page(done: Done) -> None:
    done.page = None


def errors_of(answer: Mapping[str, Any], names: set[str]) -> tuple[dict[str, str], int]:
    """Messages by field name ("" is the whole form) and the HTTP status of a mutation's refusal."""
    messages: dict[str, str] = {}
    status = 422
    for index, error in enumerate(answer.get("errors") or ()):
        extensions = error.get("extensions") or {}
        name = str(extensions.get("field") or "").removeprefix("input.")
        messages.setdefault(name if name in names else "", error["message"])
        if index == 0:
            status = STATUS.get(extensions.get("code", ""), 422)
    return messages, status


STATUS = {
    "NOT_SIGNED_IN": 401,
    "NOT_ALLOWED": 403,
    "NOT_FOUND": 404,
    "INVALID_INPUT": 422,
    "INVALID_STATE": 409,
    "CONFLICT": 409,
    "TOO_MANY": 429,
    "INTERNAL": 500,
}


def pairs(form: Any) -> list[tuple[str, str | UploadFile]]:
    """The fields of a form that belong to the operation: names with a leading ``_`` are ours."""
    return [(name, value) for name, value in form.multi_items() if not name.startswith("_")]
