"""What every request passes through: log, counters, security headers, a largest size, an answer when all else fails."""

from __future__ import annotations

from time import perf_counter

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from civic.errors import CivicError
from civic.schema.core.errors import failed
from civic.settings import settings
from civic.web import logs, metrics
from civic.web.pages.problems import BY_CODE
from civic.web.security import HEADERS, STRICT_TRANSPORT


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
        length = Headers(scope=scope).get("content-length", "0")
        announced = int(length) if length.isascii() and length.isdecimal() else 0

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


def secured(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer with ours added where it has none of its own."""
    present = {name for name, _ in headers}  # in small letters, as ASGI has them
    added = [pair for pair in HEADERS if pair[0] not in present]
    if settings().secure_cookies:
        added.append(STRICT_TRANSPORT)
    return [*headers, *added]
