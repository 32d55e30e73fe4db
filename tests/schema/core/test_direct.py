"""The short way for operations of one plain root field tells what graphql-core tells, and calls a resolver once."""

from types import ModuleType
from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult, GraphQLError

from civic.errors import Conflict
from civic.schema import build
from civic.schema.core.context import Context
from civic.schema.core.direct import Operation
from civic.schema.core.execute import Engine

pytestmark = pytest.mark.anyio


@strawberry.type
class Cup:
    size: int
    name: str | None
    sure: str

    @strawberry.field
    def by_resolver(self) -> str:
        return self.sure * 2


@strawberry.input
class PourInput:
    what: str
    sizes: list[int]
    note: str | None = None
    sugar: int = 2


@strawberry.input
class FillInput:
    cup: strawberry.ID
    words: list[str]
    hot: bool
    note: str | None
    by: strawberry.ID | None = None


class Calls:
    count = 0


def pour(what: str, size: int) -> Cup | None:
    Calls.count += 1
    if what == "refused":
        raise Conflict("no", reason="no")
    if what == "broken":
        raise ValueError("inside")
    if what == "nothing":
        return None
    return Cup(size=size, name=None, sure=None if what == "null" else what)  # type: ignore[arg-type]


@strawberry.type
class Query:
    @strawberry.field
    def cup(self, what: str, size: int = 1) -> Cup | None:
        return pour(what, size)

    @strawberry.field
    async def cups(self, what: str) -> list[Cup]:
        found = pour(what, 2)
        return [found, found]  # type: ignore[list-item]


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def pour(self, input: PourInput) -> Cup:
        return pour(input.what, sum(input.sizes) * input.sugar + len(input.note or ""))  # type: ignore[return-value]

    @strawberry.mutation
    async def fill(self, info: strawberry.Info, input: FillInput) -> Cup:
        said = [input.cup, *input.words, str(input.hot), str(input.note), str(input.by), info.field_name]
        return pour(input.note or ",".join(said), len(input.words))  # type: ignore[return-value]


WHATS = ["tea", "refused", "broken", "nothing", "null", "热茶"]
SHORT = {
    "sync": "query Q($w: String!) { c: cup(what: $w, size: 3) { size name s: sure } }",
    "list": "query ($w: String!) { cups(what: $w) { sure size ...F } } fragment F on Cup { name }",
    "mutation": "mutation M($w: String!) { pour(input: {what: $w, sizes: [1, 2]}) { size sure name } }",
}
LONG = {
    "two fields": "query ($w: String!) { a: cup(what: $w) { size } b: cup(what: $w) { sure } }",
    "a resolver": "query ($w: String!) { cup(what: $w) { size byResolver } }",
    "a directive": "query ($w: String!, $no: Boolean = false) { cup(what: $w) { size name @include(if: $no) } }",
    "typename": 'query ($w: String = "x") { __typename @skip(if: false) cup(what: $w) { size } }',
}


def engine() -> Engine:
    module = ModuleType("cups")
    module.Query, module.Mutation = Query, Mutation  # type: ignore[attr-defined]
    return Engine(build([module]))


def operation(text: str) -> Operation:
    document = engine().document(text)
    assert not document.errors, document.errors
    return next(iter(document.operations.values()))


def told(result: ExecutionResult) -> Any:
    def shown(error: GraphQLError) -> Any:
        kind = type(error.original_error).__name__
        return error.message, error.path, [one.formatted for one in error.locations or ()], kind

    return result.data, [shown(error) for error in result.errors or ()]


@pytest.mark.parametrize("name", [*SHORT, *LONG])
@pytest.mark.parametrize("what", WHATS)
async def test_it_tells_what_graphql_core_tells(name: str, what: str) -> None:
    one = operation((SHORT | LONG)[name])
    context = Context()
    for _ in range(2):  # the first request looks for the short way, the second has it
        Calls.count = 0
        mine = told(await one.run(context, {"w": what}))
        calls, Calls.count = Calls.count, 0
        assert mine == told(await one.by_graphql_core(context, {"w": what}))
        assert calls == Calls.count
    assert (one.short is not None) is (name in SHORT)


@pytest.mark.parametrize(
    "variables", [None, {}, {"w": None}, {"w": 5}, {"w": ["tea"]}, {"w": "tea", "more": 1}]
)
async def test_variables_that_do_not_fit_are_refused_alike(variables: dict[str, Any] | None) -> None:
    one = operation(SHORT["mutation"])
    await one.run(Context(), {"w": "tea"})
    assert one.short is not None
    Calls.count = 0
    mine = told(await one.run(Context(), variables))
    assert Calls.count == (variables == {"w": "tea", "more": 1})
    assert mine == told(await one.by_graphql_core(Context(), variables))


async def test_variables_that_do_not_fit_at_first_do_not_hide_the_short_way() -> None:
    one = operation(SHORT["mutation"])
    assert (await one.run(Context(), {"w": 5})).errors
    assert (await one.run(Context(), {"w": "tea"})).data == {"pour": {"size": 6, "sure": "tea", "name": None}}
    assert one.short is not None


async def test_each_request_has_its_own_variables_and_context() -> None:
    one = operation("mutation M($i: PourInput!) { pour(input: $i) { size sure } }")
    for what, sizes, more in (
        ("a", [1], {}),
        ("b", [2, 3], {"note": "abc"}),
        ("c", [4], {"sugar": 0, "note": None}),
    ):
        result = await one.run(Context(), {"i": {"what": what, "sizes": sizes, **more}})
        size = sum(sizes) * more.get("sugar", 2) + len(more.get("note") or "")
        assert (result.data, result.errors) == ({"pour": {"size": size, "sure": what}}, None)


GIVEN: dict[str, Any] = {"cup": "甲", "words": ["a", "b"], "hot": True, "note": None}


@pytest.mark.parametrize(
    ("more", "at_once"),
    [
        ({}, True),
        ({"by": "7"}, True),
        ({"by": None, "words": []}, True),
        ({"note": "refused"}, True),
        ({"note": "broken"}, True),
        ({"cup": 5}, False),
        ({"cup": 5.5}, False),
        ({"cup": None}, False),
        ({"words": "a"}, False),
        ({"words": ["a", None]}, False),
        ({"words": ("a",)}, False),
        ({"words": [["a"]]}, False),
        ({"hot": 1}, False),
        ({"note": {}}, False),
        ({"other": "a"}, False),
    ],
)
async def test_plain_inputs_are_read_as_graphql_core_and_strawberry_read_them(
    more: dict[str, Any], at_once: bool
) -> None:
    one = operation("mutation M($i: FillInput!) { fill(input: $i) { size sure } }")
    await one.run(Context(), {"i": GIVEN})
    assert one.short is not None and one.short.called is not None
    for given in (GIVEN | more, {k: v for k, v in (GIVEN | more).items() if v is not None}):
        assert (one.short.called.read({"i": given}) is not None) is (
            at_once and bool(given.keys() >= {"cup"})
        )
        Calls.count = 0
        mine = told(await one.run(Context(), {"i": given}))
        calls, Calls.count = Calls.count, 0
        assert mine == told(await one.by_graphql_core(Context(), {"i": given}))
        assert calls == Calls.count


@pytest.mark.parametrize("variables", [None, {}, {"i": None}, {"i": "x"}, {"i": [GIVEN]}, {"j": GIVEN}])
async def test_an_input_that_is_not_there_is_told_by_graphql_core(variables: dict[str, Any] | None) -> None:
    one = operation("mutation M($i: FillInput!) { fill(input: $i) { size sure } }")
    await one.run(Context(), {"i": GIVEN})
    mine = told(await one.run(Context(), variables))
    assert mine == told(await one.by_graphql_core(Context(), variables)) and mine[1]


@pytest.mark.parametrize(
    "text",
    [
        "mutation M($i: PourInput!) { pour(input: $i) { size } }",  # numbers, and a default
        "mutation M($w: String!) { pour(input: {what: $w, sizes: [1]}) { size } }",
        'mutation M($i: FillInput = {cup: "a", words: [], hot: true}) { fill(input: $i) { size } }',
        "mutation M($i: FillInput!, $j: Int) { fill(input: $i) { size } }",
        "query Q($w: String!) { cup(what: $w) { size } }",
    ],
)
async def test_other_arguments_are_left_to_them(text: str) -> None:
    document = engine().document(text)
    for one in document.operations.values():
        await one.run(Context(), {"w": "a", "i": {"what": "a", "sizes": [1]} if "Pour" in text else GIVEN})
        assert one.short is None or one.short.called is None
