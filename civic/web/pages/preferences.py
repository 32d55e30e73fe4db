"""POST /preferences (language, colours, senior mode) and POST /sign-out."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from civic import i18n
from civic.web import languages
from civic.web.pages.problems import CROSS_SITE
from civic.web.pages.site import MODE_COOKIE, MODES, THEME_COOKIE, THEMES
from civic.web.security import from_here, safe_path
from civic.web.sessions import Sessions, set_cookie

YEAR = 365 * 24 * 3600


def elsewhere(request: Request) -> Response | None:
    """A refusal, when another site sent the form."""
    if from_here(request.headers) is False:
        return Response(i18n.gettext(CROSS_SITE), 403, media_type="text/plain")
    return None


async def preferences(request: Request) -> Response:
    """Remember a choice in a cookie that says nothing about who made it."""
    if refused := elsewhere(request):
        return refused
    async with request.form(max_files=0, max_fields=10) as form:
        given = {name: value for name, value in form.items() if isinstance(value, str)}
    response = RedirectResponse(safe_path(given.get("next")) or "/", 303)
    wanted = (
        (THEME_COOKIE, given.get("theme"), THEMES),
        (MODE_COOKIE, given.get("mode"), MODES),
        (languages.COOKIE, given.get("lang"), tuple(languages.LANGUAGES)),
    )
    for cookie, value, allowed in wanted:
        if value in allowed:
            response.headers.append("Set-Cookie", set_cookie(cookie, value, YEAR))
    response.headers["Cache-Control"] = "no-store"
    return response


class SignOut:
    """POST /sign-out."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions

    async def respond(self, request: Request) -> Response:
        if refused := elsewhere(request):
            return refused
        context = await self.sessions.context(request)
        await self.sessions.sign_out(context)
        response = RedirectResponse("/", 303)
        for cookie in context.cookies:
            response.headers.append("Set-Cookie", cookie)
        response.headers["Cache-Control"] = "no-store"
        return response
