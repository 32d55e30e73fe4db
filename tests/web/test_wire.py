"""Answers on the wire: byte for byte what uvicorn sends by itself, but an ordinary one in one piece."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from civic.web import wire

pytestmark = pytest.mark.anyio
Send = Callable[[Any], Awaitable[None]]
Shape = Callable[[Send], Awaitable[None]]
PLAIN = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store"), (b"etag", b'"1"')]


class Line(asyncio.Transport):
    """A connection that remembers what is written to it."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 5), "sockname": ("127.0.0.1", 6)})
        self.written: list[bytes] = []
        self.closed = False

    def write(self, data: Any) -> None:
        if data:
            self.written.append(bytes(data))

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...


def answer(*bodies: bytes, status: int = 200, length: int | None = None, more: Any = ()) -> Shape:
    """An application that sends these parts; ``length`` -1: does not say how long they are."""

    async def send_it(send: Send) -> None:
        said = sum(map(len, bodies)) if length is None else length
        counted = [] if said < 0 else [(b"content-length", str(said).encode())]
        headers = [*PLAIN, *more, *counted]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for number, body in enumerate(bodies, 1):
            await asyncio.sleep(0)
            await send({"type": "http.response.body", "body": body, "more_body": number < len(bodies)})

    return send_it


async def fails(send: Send) -> None:
    raise ZeroDivisionError


async def fails_later(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [*PLAIN, (b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"ab", "more_body": True})
    raise ZeroDivisionError


async def twice(send: Send) -> None:
    await answer(b"whole")(send)
    await send({"type": "http.response.body", "body": b"again"})


SHAPES: dict[str, Shape] = {
    "plain": answer(b"hello"),
    "empty": answer(b""),
    "large": answer(b"x" * 300_000),
    "not found": answer(b"no", status=404),
    "in parts": answer(b"one", b"two", b"three"),
    "of no known length": answer(b"one", b"two", length=-1),
    "204": answer(b"", status=204, length=-1),
    "304": answer(b"", status=304, length=-1),
    "with a cookie": answer(b"hello", more=[(b"set-cookie", b"a=b")]),
    "two cookies": answer(b"hello", more=[(b"set-cookie", b"a=b"), (b"set-cookie", b"c=d")]),
    "elsewhere": answer(b"", status=303, more=[(b"location", b"/x")]),
    "the last": answer(b"bye", more=[(b"connection", b"close")]),
    "capitals": answer(b"hello", more=[(b"Vary", b"Accept")]),
    "a line break in a header": answer(b"hello", more=[(b"vary", b"a\r\nset-cookie: evil=1")]),
    "twice the same header": answer(b"hello", more=[(b"vary", b"a"), (b"vary", b"b")]),
    "shorter than said": answer(b"hello", length=9),
    "fails": fails,
    "fails later": fails_later,
    "twice": twice,
}
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
ASKED = {
    "GET": GET,
    "HEAD": GET.replace(b"GET", b"HEAD"),
    "POST": b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
    "old": b"GET / HTTP/1.0\r\nHost: a\r\n\r\n",
    "closing": b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "three at once": GET * 3,
}


async def on_the_wire(protocol: Any, shape: Shape, asked: bytes) -> Line:
    async def app(scope: Any, receive: Any, send: Send) -> None:
        await receive()
        await shape(send)

    config = Config(
        app, http=protocol, access_log=False, log_config=None, log_level="critical", lifespan="off"
    )
    config.load()
    state, line = ServerState(), Line()
    state.default_headers = [(b"date", b"Sun, 29 Nov 2026 12:00:00 GMT"), (b"server", b"uvicorn")]
    served = config.http_protocol_class(config=config, server_state=state, app_state={})  # type: ignore[call-arg]
    served.connection_made(line)
    served.data_received(asked)
    while state.tasks:
        await asyncio.gather(*state.tasks)
    served.connection_lost(None)
    return line


@pytest.mark.parametrize("asked", ASKED.values(), ids=list(ASKED))
@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
async def test_it_is_what_uvicorn_sends(shape: Shape, asked: bytes) -> None:
    theirs = await on_the_wire(HttpToolsProtocol, shape, asked)
    for _ in range(2):  # the second time from what is kept
        ours = await on_the_wire(wire.Quick, shape, asked)
        assert b"".join(ours.written) == b"".join(theirs.written)
        assert ours.closed == theirs.closed


async def test_an_ordinary_answer_is_one_piece() -> None:
    assert wire.Protocol is wire.Quick, "uvicorn is not made as this module knows it any more"
    assert len((await on_the_wire(HttpToolsProtocol, SHAPES["plain"], GET)).written) == 2
    (whole,) = (await on_the_wire(wire.Protocol, SHAPES["plain"], GET)).written
    assert whole.startswith(b"HTTP/1.1 200 OK\r\n") and whole.endswith(b"\r\n\r\nhello")
    assert len((await on_the_wire(wire.Protocol, SHAPES["plain"], GET * 3)).written) == 3


async def test_a_mistake_before_the_body_sends_nothing_and_hangs_up() -> None:
    async def begins(send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
        raise ZeroDivisionError

    for shape in (answer(b"hello", length=3), begins):
        line = await on_the_wire(wire.Quick, shape, GET)
        assert line.closed and line.written == []


async def test_what_may_be_secret_is_not_kept() -> None:
    wire.line.cache_clear()
    for name in ("with a cookie", "elsewhere"):
        await on_the_wire(wire.Quick, SHAPES[name], GET)
    assert wire.line.cache_info().currsize == 0


def test_another_uvicorn_is_left_alone() -> None:
    class Other(RequestResponseCycle):
        def __init__(self) -> None:
            self.begun = False

    assert wire.fits(RequestResponseCycle, HttpToolsProtocol)
    assert not wire.fits(Other, HttpToolsProtocol)
    assert not wire.fits(object, HttpToolsProtocol)
    assert not wire.fits(RequestResponseCycle, asyncio.Protocol)
