"""The small pieces: languages, redirects, values, throttle, media types."""

import pytest
from graphql import build_schema

from civic.schema.core.throttle import Throttle, network_of
from civic.web import languages
from civic.web.graphql_request import media_type
from civic.web.pages.documents import comments
from civic.web.pages.values import MISSING, Reader, Texts
from civic.web.security import safe_path


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
