"""The small pieces: languages, redirects, values, throttle, media types."""

import pytest
from graphql import build_schema
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from civic.schema.core.throttle import Throttle, network_of
from civic.web import languages
from civic.web.graphql_request import Refused, body, media_type
from civic.web.middleware import length, secured
from civic.web.pages.documents import comments
from civic.web.pages.values import MISSING, Reader, Texts
from civic.web.requests import Asking, Given
from civic.web.security import HEADERS, safe_path


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("fr, en-GB;q=0.7, zh;q=0.3", "en"),
        ("", "zh-Hans"),
        ("de", "zh-Hans"),
        ("en;q=x", "zh-Hans"),
    ],
)
def test_language(header: str, language: str) -> None:
    assert languages.choose(accept=header) == language


@pytest.mark.parametrize(
    "target",
    [
        "//evil",
        "/\\evil",
        "https://evil",
        "evil",
        "",
        None,
        "/a\nb",
        "/a b",
        "javascript:x",
        "/" + "x" * 3000,
    ],
)
def test_a_redirect_stays_here(target: str | None) -> None:
    assert safe_path(target) is None


def test_paths_of_ours_are_kept() -> None:
    assert safe_path("/a?b=/c#d") == "/a?b=/c#d"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/graphql-response+json, application/json;q=0.9", "application/graphql-response+json"),
        ("application/json;q=0, text/html", None),
    ],
)
def test_media_type(accept: str, chosen: str | None) -> None:
    assert media_type(accept) == chosen


SCHEMA = build_schema(
    "enum E { OPEN_NOW CLOSED } input F { state: E, min: Int } input G { a: Int! = 4, b: Boolean! }"
    "type Query { f(a: [Int!], b: F, c: Boolean, d: [E!]!, e: Float, g: G, i: ID!, l: [F!]): Int }"
)
ARGUMENTS = SCHEMA.query_type.fields["f"].args if SCHEMA.query_type else {}


@pytest.mark.parametrize(
    ("name", "items", "value"),
    [
        ("a", [("a", "1"), ("a", "2"), ("a", "")], [1, 2]),
        ("b", [("b.state", "open-now"), ("b.min", "")], {"state": "OPEN_NOW", "min": None}),
        ("b", [("b.state", "")], MISSING),
        ("c", [("c", "on")], True),
        ("c", [("c", "")], None),
        ("d", [("d", "closed")], ["CLOSED"]),
        ("e", [("e", "1.5")], 1.5),
        ("l", [("l.0.min", "1"), ("l.3.min", "2"), ("l.2.min", "")], [{"min": 1}, {"min": 2}]),
        ("a", [], MISSING),
    ],
)
def test_texts_become_values(name: str, items: list[tuple[str, str]], value: object) -> None:
    reader = Reader(Texts(items), form=False)
    assert reader.read(ARGUMENTS[name].type, name) == value
    assert not reader.errors


@pytest.mark.parametrize(
    ("name", "text"),
    [("a", "x"), ("a", "99999999999"), ("c", "maybe"), ("d", "none"), ("e", "nan?"), ("i", "")],
)
def test_texts_that_do_not_fit(name: str, text: str) -> None:
    reader = Reader(Texts([(name, text)]), form=True)
    reader.read(ARGUMENTS[name].type, name)
    assert list(reader.errors) == [name]


def test_forms_leave_out_unticked_boxes() -> None:
    reader = Reader(Texts([("g.a", "")]), form=True)
    assert reader.read(ARGUMENTS["g"].type, "g") is MISSING
    reader = Reader(Texts([("g.x", "1")]), form=True)
    assert reader.read(ARGUMENTS["g"].type, "g") == {"b": False} and not reader.errors


def test_comments_belong_to_the_operation_below() -> None:
    text = "# @id A\n# text\nquery P($x: I = {a: 1}) {\n # @not this\n a { b } }\n# @redirect /x\nmutation M { c }\n"
    assert comments(text) == {"P": [("id", "A")], "M": [("redirect", "/x")]}


def test_waiting_doubles_and_is_forgiven(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("civic.schema.core.throttle.monotonic", lambda: now[0])
    throttle = Throttle(free=2, first=1, longest=5)
    waits = []
    for _ in range(6):
        throttle.failed("k")
        waits.append(throttle.wait("k"))
    assert waits == [0, 0, 1, 2, 4, 5]
    throttle.succeeded("k")
    throttle.check("k")


def test_network() -> None:
    class Client:
        host = "192.0.2.77"

    class Request:
        client = Client()

    assert network_of(Request()) == "192.0.2.0/24"
    Client.host = "2001:db8::1"
    assert network_of(Request()) == "2001:db8::/64"
    assert network_of(None) == ""


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


@pytest.mark.parametrize("name", ["host", "Accept", "x-many", "X-MANY", "absent", "cookie"])
def test_headers_are_those_that_starlette_finds(name: str) -> None:
    sent = [
        (b"host", b"a"),
        (b"accept", b"text/\xe9"),
        (b"x-many", b"first"),
        (b"x-many", b"second"),
        (b"x-empty", b""),
    ]
    theirs, ours = (
        kind({"type": "http", "headers": list(sent)}, _nothing).headers for kind in (Request, Asking)
    )
    assert isinstance(ours, Given) and not isinstance(theirs, Given)
    assert ours.get(name) == theirs.get(name) and ours.get(name, "-") == theirs.get(name, "-")
    assert (name in ours) is (name in theirs)
    assert ours.getlist(name) == theirs.getlist(name) and ours == theirs
    if name in theirs:
        assert ours[name] == theirs[name]
    else:
        with pytest.raises(KeyError):
            ours[name]


async def _read(*parts: bytes, gone: bool = False) -> tuple[bytes, int]:
    """A body that comes in these parts, read up to five bytes; and how many parts were asked for."""
    messages: list[Message] = [{"type": "http.request", "body": p, "more_body": True} for p in parts]
    messages.append({"type": "http.disconnect"} if gone else {"type": "http.request", "body": b""})
    total = len(messages)

    async def receive() -> Message:
        return messages.pop(0)

    try:
        return await body(Asking({"type": "http", "headers": []}, receive), 5), total - len(messages)
    except Refused as refused:
        assert refused.reason == "body_size"
        return b"refused", total - len(messages)


@pytest.mark.anyio
async def test_a_body_is_read_up_to_its_limit_and_no_further() -> None:
    assert await _read(b"ab", b"", b"cde") == (b"abcde", 4)
    assert await _read() == (b"", 1)
    assert await _read(b"abc", b"def", b"never") == (b"refused", 2)
    with pytest.raises(ClientDisconnect):
        await _read(b"abc", gone=True)


def test_our_headers_stand_in_every_answer_once() -> None:
    own = [(b"content-type", b"text/plain"), (b"referrer-policy", b"no-referrer")]
    sent = secured(own)
    assert sent[:2] == own and len({name for name, _ in sent}) == len(sent) == 1 + len(HEADERS)
    assert secured([]) == list(HEADERS) and own[1:] == [(b"referrer-policy", b"no-referrer")]
    assert [length([(b"host", b"a"), (b"content-length", given)]) for given in (b"7", b"-7", b"x", b"")] == [
        7,
        0,
        0,
        0,
    ]
    assert length([]) == 0
