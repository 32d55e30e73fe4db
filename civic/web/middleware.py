"""What every request passes through: log, counters, security headers, a largest size, an answer when all else fails."""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from civic.errors import CivicError
from civic.schema.core.errors import failed
from civic.settings import settings
from civic.web import logs, metrics
from civic.web.pages.problems import BY_CODE
from civic.web.security import HEADERS, STRICT_TRANSPORT

OVER_HTTPS = (*HEADERS, STRICT_TRANSPORT)
OURS = frozenset(name for name, _ in HEADERS)


class TooLarge(HTTPException):
    """The body grew past the limit while it was read."""

    def __init__(self) -> None:
        super().__init__(413, f"The request is larger than {settings().body_max_bytes} bytes.")


async def sorry(
    scope: Scope, receive: Receive, send: Send, status: int, refused: CivicError | None = None
) -> None:
    """The platform's error page, or a sentence for programs."""
    request = Request(scope, receive)
    response = await scope["app"].state.pages.sorry(request, status, refused)
    response.headers["Connection"] = "close"
    await response(scope, receive, send)


class Guard:
    """The outermost application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = perf_counter()
        status = 0
        most = settings().body_max_bytes
        read = 0
        announced = length(scope["headers"])

        async def limited() -> Message:
            nonlocal read
            if announced > most:
                raise TooLarge
            message = await receive()
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                if read > most:
                    raise TooLarge
            return message

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = secured(message.get("headers", []))
            await send(message)

        try:
            await self.app(scope, limited, guarded)
        except TooLarge:
            if not status:
                await sorry(scope, receive, guarded, 413)
        except CivicError as error:
            if status:
                raise
            await sorry(scope, receive, guarded, BY_CODE.get(error.code, 400), error)
        except Exception as error:
            if status:
                raise
            await sorry(scope, receive, guarded, 500, failed(error, str(scope.get("civic.route", ""))))
        finally:
            seconds = perf_counter() - began
            route = str(scope.get("civic.route") or logs.route(scope))
            method = scope["method"] if scope["method"] in logs.METHODS else "other"
            metrics.request(route, method, status, seconds)
            logs.request(method, route, status, seconds)


class Straight:
    """Posts to one path go straight to the application that answers them; all else by the routes, which takes longer."""

    def __init__(self, path: str, straight: ASGIApp, otherwise: ASGIApp) -> None:
        self.path, self.straight, self.otherwise = path, straight, otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == self.path and scope["method"] == "POST":
            scope["civic.route"] = self.path
            await self.straight(scope, receive, send)
        else:
            await self.otherwise(scope, receive, send)


def length(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """How many bytes a request says that it has; 0 when it does not."""
    for name, value in headers:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def secured(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer with ours added where it has none of its own."""
    added = OVER_HTTPS if settings().secure_cookies else HEADERS
    here = OURS.intersection([name for name, _ in headers])  # in small letters, as ASGI has them
    return [*headers, *([pair for pair in added if pair[0] not in here] if here else added)]
