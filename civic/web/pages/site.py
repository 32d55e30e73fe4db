"""What every page shows around its content: the site, its sections, the reader, choices and messages."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.requests import Request

from civic import i18n
from civic.errors import N_
from civic.schema.core.context import Context
from civic.schema.core.ids import encode
from civic.settings import settings
from civic.web import languages
from civic.web.sessions import set_cookie

THEME_COOKIE, MODE_COOKIE, FLASH_COOKIE = "civic_theme", "civic_mode", "civic_flash"
THEMES, MODES = ("auto", "light", "dark"), ("standard", "senior")
FLASH_SECONDS = 120
TONES = ("success", "error", "warning", "info")

# Section, its name and its sign; one whose page does not exist is left out.
SECTIONS = (
    ("/open-days", N_("Open days"), "calendar"),
    ("/meetings", N_("Joint meetings"), "users-round"),
    ("/proposals", N_("Proposals"), "sprout"),
    ("/scenarios", N_("Scenarios"), "layers"),
    ("/ballots", N_("Ballots"), "vote"),
    ("/charters", N_("Rights and duties"), "scale"),
    ("/responses", N_("Responses"), "reply"),
    ("/areas", N_("Areas"), "map-pin"),
    ("/parties", N_("Parties"), "users"),
    ("/ledger", N_("Ledger"), "link"),
    ("/data", N_("Data"), "database"),
)


def navigation(path: str, language: str, exists: Callable[[str], Any]) -> list[dict[str, Any]]:
    """The sections of the site; the one that ``path`` is in is current."""
    return [
        {
            "href": href,
            "label": str(i18n.gettext(label, language)),
            "icon": icon,
            "current": path == href or path.startswith(href + "/"),
        }
        for href, label, icon in SECTIONS
        if exists(href)
    ]


async def viewer(context: Context) -> dict[str, Any] | None:
    """What pages show of the signed-in person."""
    person = context.viewer
    if person is None:
        return None
    from civic.models import Notification

    unread = await Notification.filter(person_id=person.pk, read_at=None).count()
    return {
        "id": encode("Person", person.pk),
        "name": person.name,
        "pseudonym": person.pseudonym,
        "email": person.email,
        "language": person.language,
        "steward": person.steward,
        "unread": unread,
    }


def choice(request: Request, cookie: str, allowed: tuple[str, ...]) -> str:
    """What this browser chose, or the first of ``allowed``."""
    chosen = request.cookies.get(cookie, "")
    return chosen if chosen in allowed else allowed[0]


def flashes(request: Request, language: str) -> list[dict[str, str]]:
    """The messages that the page before left for this one."""
    cookie = request.cookies.get(FLASH_COOKIE, "")
    if not cookie or len(cookie) > 2000:
        return []
    try:
        found = orjson.loads(urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4)))
        return [
            {"tone": tone, "text": str(i18n.gettext(text, language))}
            for tone, text in found[:5]
            if tone in TONES and isinstance(text, str)
        ]
    except (binascii.Error, ValueError, TypeError):
        return []


def flash_cookie(text: str, tone: str = "success") -> str:
    """A Set-Cookie header that leaves a message (a gettext message id) for the next page."""
    packed = urlsafe_b64encode(orjson.dumps([[tone, text]])).decode().rstrip("=")
    return set_cookie(FLASH_COOKIE, packed, FLASH_SECONDS)


def no_flash() -> str:
    return set_cookie(FLASH_COOKIE, "", 0)


class Address:
    """``url(after=x)``: the page's own address with another query string; none removes a name."""

    def __init__(self, request: Request) -> None:
        self.path = request.url.path
        self.pairs = [(k, v) for k, v in request.query_params.multi_items() if k != "_block"]

    def __call__(self, **changes: Any) -> str:
        kept = [(k, v) for k, v in self.pairs if k not in changes and v != ""]
        for name, value in changes.items():
            values = value if isinstance(value, (list, tuple)) else [value]
            kept += [(name, str(v)) for v in values if v is not None and v != ""]
        return self.path + ("?" + urlencode(kept) if kept else "")


def surroundings(request: Request, context: Context, exists: Callable[[str], Any]) -> dict[str, Any]:
    """The context names that depend on the request only."""
    address = Address(request)
    return {
        "lang": context.language,
        "languages": [{"code": code, "label": label} for code, label in languages.LANGUAGES.items()],
        "theme": choice(request, THEME_COOKIE, THEMES),
        "mode": choice(request, MODE_COOKIE, MODES),
        "path": address(),
        "url": address,
        "query": dict(request.query_params),
        "q": request.query_params.get("q", ""),
        "site": {
            "name": settings().name,
            "demo": settings().demo,
            "timezone": settings().timezone,
            "origin": settings().origin,
            "provider": settings().oidc_label if settings().oidc_issuer else "",
        },
        "links": {"search": "/search" if exists("/search") else ""},
        "nav": navigation(request.url.path, context.language, exists),
        "flashes": flashes(request, context.language),
    }
