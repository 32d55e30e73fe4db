"""What every request passes through: a log line and counters, security headers, and a largest size."""

from __future__ import annotations

from time import perf_counter

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from civic.schema.core.errors import failed
from civic.settings import settings
from civic.web import logs, metrics
from civic.web.security import HEADERS, STRICT_TRANSPORT


class TooLarge(HTTPException):
    """The body grew past the limit while it was read."""

    def __init__(self) -> None:
        super().__init__(413, f"The request is larger than {settings().body_max_bytes} bytes.")


async def plain(send: Send, status: int, text: str) -> None:
    """A whole answer of plain text."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})


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

        async def limited() -> Message:
            nonlocal read
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
            length = Headers(scope=scope).get("content-length", "0")
            if length.isdecimal() and int(length) > most:
                raise TooLarge
            await self.app(scope, limited, guarded)
        except TooLarge:
            if not status:
                await plain(guarded, 413, f"The request is larger than {most} bytes.")
        except Exception as error:
            if status:
                raise
            failure = failed(error, str(scope.get("civic.route", "")))
            await plain(guarded, 500, str(failure))
        finally:
            seconds = perf_counter() - began
            route = str(scope.get("civic.route") or logs.route(scope))
            method = scope["method"] if scope["method"] in logs.METHODS else "other"
            metrics.REQUESTS.labels(route, method, str(status)).inc()
            metrics.SECONDS.labels(route).observe(seconds)
            logs.request(method, route, status, seconds)


def secured(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer with ours added where it has none of its own."""
    present = {name.lower() for name, _ in headers}
    added = [pair for pair in HEADERS if pair[0] not in present]
    if settings().secure_cookies:
        added.append(STRICT_TRANSPORT)
    return [*headers, *added]
