"""HTTP by uvicorn, but for the head of an ordinary answer: it leaves together with the body, and known lines are kept.

uvicorn looks through every header of every answer for characters that may not stand there, and writes head and body
one after the other, each a call to the system. Here both is done for answers of a known length with headers that
hold no secret. All others (streams, redirects, cookies, HEAD, the last answer of a connection) are uvicorn's own, and
so are all where uvicorn is made otherwise than this module knows.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from civic.web.security import HEADERS, STRICT_TRANSPORT

LENGTH = b"content-length"
KNOWN = {LENGTH, b"content-type", b"content-encoding", b"cache-control", b"vary", b"etag", b"date", b"server"}
KNOWN |= {name for name, _ in (*HEADERS, STRICT_TRANSPORT)}
USED = ("response_started", "waiting_for_100_continue", "expected_content_length", "chunked_encoding")
READ = ("scope", "keep_alive", "access_log", "default_headers", "disconnected")
_WRONG = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


@lru_cache(maxsize=1024)
def line(name: bytes, value: bytes) -> bytes:
    """One line of a head. ValueError for what may not stand there."""
    if _WRONG.search(value):
        raise ValueError
    return b"%b: %b\r\n" % (name, value)


def head(status: int, headers: list[tuple[bytes, bytes]]) -> tuple[bytes, int] | None:
    """The head of an answer and the length of its body; None when uvicorn has to look at it."""
    given = dict(headers)
    length = given.get(LENGTH, b"")
    if not given.keys() <= KNOWN or len(given) != len(headers) or not length.isdigit():
        return None
    try:
        lines = [line(name, value) for name, value in headers]
    except ValueError:
        return None
    return b"".join((STATUS_LINE[status], *lines, b"\r\n")), int(length)


class Cycle(RequestResponseCycle):
    """A request and its answer. ``head`` waits for the first part of the body."""

    head = b""

    async def send(self, message: Any) -> None:
        if self.head and message["type"] == "http.response.body":
            self.expected_content_length += len(self.head)
            message = {**message, "body": self.head + message.get("body", b"")}
            self.head = b""
        elif (
            message["type"] == "http.response.start"
            and not self.response_started
            and self.keep_alive
            and not self.access_log
            and not self.disconnected
            and self.scope["method"] != "HEAD"
            and (known := head(message["status"], [*self.default_headers, *message.get("headers", ())]))
        ):
            self.response_started, self.waiting_for_100_continue, self.chunked_encoding = True, False, False
            self.head, self.expected_content_length = known
            return
        await super().send(message)


class Quick(HttpToolsProtocol):
    """uvicorn's protocol with these cycles."""

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        cycle.__class__ = Cycle
        super()._start_asgi_task(cycle, app)


def fits(cycle: type, protocol: type) -> bool:
    """Whether uvicorn is made as this module knows it."""
    names = getattr(getattr(cycle, "__init__", None), "__code__", None)
    return names is not None and {*USED, *READ} <= {*names.co_names} and hasattr(protocol, "_start_asgi_task")


Protocol: type[HttpToolsProtocol] = (
    Quick if fits(RequestResponseCycle, HttpToolsProtocol) else HttpToolsProtocol
)
