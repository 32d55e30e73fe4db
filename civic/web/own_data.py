"""GET /account/data.json: everything that is held on the person who asks, as one file."""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from civic.acts import accounts
from civic.errors import CivicError
from civic.web.sessions import Sessions


class Own:
    """Gives people their own data, and nobody else's."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions

    async def respond(self, request: Request) -> Response:
        try:
            context = await self.sessions.context(request)
            context.need("read")
        except CivicError as error:
            return Response(str(error), 401, media_type="text/plain")
        if context.viewer is None:
            return RedirectResponse("/sign-in?next=/account", 303, {"Cache-Control": "no-store"})
        body = orjson.dumps(
            await accounts.everything(context.viewer), default=str, option=orjson.OPT_INDENT_2
        )
        headers = {
            "Cache-Control": "private, no-store",
            "Content-Disposition": 'attachment; filename="civic-data.json"',
        }
        return Response(body, headers=headers, media_type="application/json")
