"""The short way for plain fields gives what graphql-core gives, errors and nulls included."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from types import ModuleType
from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult, GraphQLError, execute, parse
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from civic.schema import build
from civic.schema.core.execute import Engine
from civic.schema.core.ids import Node
from civic.schema.core.plain import Executor

pytestmark = pytest.mark.anyio


@strawberry.enum
class Tone(Enum):
    CALM = "calm"


@strawberry.type
class Leaf(Node):
    id: strawberry.ID
    name: str
    number: int
    ratio: float | None
    tone: Tone | None
    at: datetime | None
    tags: list[str]

    @strawberry.field
    async def slow(self) -> str:
        return self.name * 2

    @strawberry.field
    def broken(self) -> str | None:
        raise ValueError("no")


@strawberry.type
class Branch:
    name: str
    leaf: Leaf | None
    sure: Leaf
    leaves: list[Leaf]
    maybe: list[Leaf | None] | None
    node: Node | None


def leaf(**changes: Any) -> Leaf:
    given: dict[str, Any] = {
        "id": "1", "name": "甲", "number": 3, "ratio": 0.5, "tone": Tone.CALM, "at": datetime(2026, 3, 18, tzinfo=UTC),
        "tags": ["a", "b"], **changes,
    }  # fmt: skip
    return Leaf(**given)


def branch(**changes: Any) -> Branch:
    given: dict[str, Any] = {
        "name": "枝", "leaf": leaf(), "sure": leaf(), "leaves": [leaf(), leaf(id="2")], "maybe": [leaf(), None],
        "node": leaf(), **changes,
    }  # fmt: skip
    return Branch(**given)


BRANCHES: dict[str, Branch] = {
    "whole": branch(),
    "nulls": branch(leaf=None, maybe=None, node=None, leaves=[leaf(ratio=None, tone=None, at=None)]),
    "null_where_none_may_be": branch(leaf=leaf(name=None)),
    "null_in_a_list": branch(leaves=[leaf(), None, leaf(number=None)]),
    "too_large_a_number": branch(sure=leaf(number=2**40)),
    "not_a_number": branch(leaf=leaf(number="many")),
    "not_a_list": branch(leaves=5),
    "another_enum": branch(leaf=leaf(tone="shrill")),
    "an_exception": branch(leaf=ValueError("inside")),
}


@strawberry.type
class Query:
    @strawberry.field
    def branch(self, which: str) -> Branch | None:
        return BRANCHES[which]


@dataclass
class Told:
    data: Any
    errors: list[Any]


QUERIES = {
    "everything": """query Q($w: String!) { branch(which: $w) { __typename name ...F leaf { id }
        other: leaves { slow at broken } node { __typename id ... on Leaf { name } } } }
        fragment F on Branch { leaf { id name number ratio tone at tags } sure { number }
        leaves { id name number } maybe { id tags } }""",
    "plain_only": "query Q($w: String!) { branch(which: $w) { n: name leaf { a: name tone } leaves { number at } } }",
    "left_out": """query Q($w: String!, $no: Boolean = false) { branch(which: $w) { name @include(if: $no)
        leaf { name @skip(if: true) id } } }""",
}


def engine() -> Engine:
    module = ModuleType("plain")
    module.Query, module.TYPES = Query, [Leaf]  # type: ignore[attr-defined]
    return Engine(build([module]))


async def told(executor: Any, query: str, which: str) -> Told:
    result: Any = execute(
        engine().schema, parse(query), variable_values={"w": which}, executor_class=executor,
        operation_extensions={},
    )  # fmt: skip
    if not isinstance(result, ExecutionResult):
        result = await result

    def shown(error: GraphQLError) -> Any:
        return error.message, error.path, [location.formatted for location in error.locations or ()]

    return Told(result.data, sorted(map(shown, result.errors or ()), key=str))


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("which", BRANCHES)
async def test_it_gives_what_graphql_core_gives(query: str, which: str) -> None:
    short = await told(Executor, QUERIES[query], which)
    assert short == await told(StrawberryGraphQLCoreExecutionContext, QUERIES[query], which)
    if short.data and short.data["branch"]:
        own = await told(StrawberryGraphQLCoreExecutionContext, QUERIES[query], which)
        assert list(short.data["branch"]) == list(own.data["branch"])


async def test_plain_fields_do_take_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    own = StrawberryGraphQLCoreExecutionContext.execute_field

    def noting(self: Any, parent: Any, source: Any, details: Any, path: Any, position: Any) -> Any:
        seen.append(details[0].node.name.value)
        return own(self, parent, source, details, path, position)

    monkeypatch.setattr(StrawberryGraphQLCoreExecutionContext, "execute_field", noting)
    await told(Executor, QUERIES["plain_only"], "whole")
    assert seen == ["branch"]
