"""Global ids, cursors, pages of lists, look-ahead, errors, and who acts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from graphql import GraphQLError, parse

from civic.errors import InvalidInput, NotAllowed, NotFound, NotSignedIn
from civic.schema.core import connections, ids
from civic.schema.core.answers import Answers, Reading, matches
from civic.schema.core.context import Context
from civic.schema.core.errors import describe, format_error
from civic.schema.core.lookahead import selection


def test_ids_go_there_and_back() -> None:
    key = uuid4()
    assert ids.decode_int(ids.encode("Proposal", 12), "Proposal") == 12
    assert ids.decode_uuid(ids.encode("Person", key), "Person", "Party") == key
    assert ids.split(ids.encode("Area", "a:b")) == ("Area", "a:b")


@pytest.mark.parametrize("bad", ["", "x", "é", "AAAA", "UHJvcG9zYWw6", "=" * 9, "\x00", "6" * 10_000])
def test_ids_that_we_never_gave(bad: str) -> None:
    with pytest.raises(NotFound):
        ids.decode(bad, "Proposal")


def test_ids_of_another_kind() -> None:
    for wrong in (ids.encode("Area", 1), ids.encode("Proposal", "x"), ids.encode("Proposal", "9" * 30)):
        with pytest.raises(NotFound):
            ids.decode_int(wrong, "Proposal")
    with pytest.raises(NotFound):
        ids.decode_uuid(ids.encode("Person", 1), "Person")


VALUES = [datetime(2026, 3, 18, tzinfo=UTC), date(2026, 3, 18), UUID(int=5), 3, "x", None]


def test_cursors_keep_their_types() -> None:
    assert connections.decode_cursor(connections.encode_cursor(VALUES), len(VALUES), "after") == VALUES


@pytest.mark.parametrize("bad", ["", "x", "W10", "bnVsbA", "é", connections.encode_cursor([1])])
def test_cursors_that_are_not_ours(bad: str) -> None:
    with pytest.raises(InvalidInput):
        connections.decode_cursor(bad, 2, "after")


@dataclass
class Row:
    id: int


class Table:
    """As much of a query set as `Page.rows` uses."""

    def __init__(self, rows: list[Row]) -> None:
        self.found = rows

    def filter(self, condition: Any) -> "Table":
        ((name, value),) = condition.filters.items()
        larger = name.endswith("__gt")
        return Table([r for r in self.found if (r.id > value if larger else r.id < value)])

    def order_by(self, column: str) -> "Table":
        return Table(sorted(self.found, key=lambda r: r.id, reverse=column.startswith("-")))

    def limit(self, count: int) -> Any:
        async def rows() -> list[Row]:
            return self.found[:count]

        return rows()


@pytest.mark.anyio
async def test_pages_forwards_and_backwards() -> None:
    table, order = Table([Row(n) for n in range(1, 8)]), [("id", "desc")]

    async def page(*arguments: Any) -> connections.Rows:
        return await connections.page_of(*arguments).rows(table, order)

    first = await page(3)
    assert ([r.id for r in first.rows], first.has_next, first.has_previous) == ([7, 6, 5], True, False)
    second = await page(3, first.cursors[-1])
    assert ([r.id for r in second.rows], second.has_next, second.has_previous) == ([4, 3, 2], True, True)
    last = await page(3, second.cursors[-1])
    assert ([r.id for r in last.rows], last.has_next) == ([1], False)
    back = await page(None, None, 2, last.cursors[0])
    assert ([r.id for r in back.rows], back.has_next, back.has_previous) == ([3, 2], True, True)
    end = await page(None, None, 2)
    assert ([r.id for r in end.rows], end.has_next, end.has_previous) == ([2, 1], False, True)


@pytest.mark.parametrize("arguments", [(0,), (101,), (None, None, 0), (1, "x", None, "y")])
def test_pages_that_cannot_be(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(InvalidInput):
        connections.page_of(*arguments)


def test_look_ahead_sees_through_fragments() -> None:
    text = """query($no: Boolean = false) { list { nodes { id ... on A { name @skip(if: true) } ...F }
      edges { node { state } } totalCount @include(if: $no) } } fragment F on A { author { name } }"""
    document = parse(text)

    raw = SimpleNamespace(
        field_nodes=[document.definitions[0].selection_set.selections[0]],  # type: ignore[attr-defined]
        fragments={"F": document.definitions[1]},
        variable_values={"no": False},
    )
    found = selection(SimpleNamespace(_raw_info=raw))
    assert "nodes.author.name" in found and "nodes.name" not in found and "totalCount" not in found
    assert set(found.nodes.children) == {"id", "author", "state"}


def test_refusals_are_described_in_the_readers_language() -> None:
    error = InvalidInput("At most %(limit)s.", field="credit_code", reason="too_long", limit=5)
    extensions = {"code": "INVALID_INPUT", "reason": "too_long", "field": "creditCode", "limit": 5}
    assert describe(error, "en") == {"message": "At most 5.", "extensions": extensions}


def test_failures_tell_nothing() -> None:
    crash = GraphQLError("secret row", path=["a", 0, "b"], original_error=ValueError("secret row"))
    shown = format_error(crash, "en")
    assert shown["extensions"]["code"] == "INTERNAL" and "secret" not in str(shown)


def test_answers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Answers(1000)
    for number in range(20):
        answers.put(number, b"x" * 100, Reading(set(), {}))
    assert answers.size <= 1000 and answers.get(19) and answers.get(0) is None
    assert answers.get(19) is answers.get(19)
    answers.put("large", b"x" * 500, Reading(set(), {}))
    answers.put("spoiled", b"x", Reading(set(), {}, spoiled=True))
    assert answers.get("large") is None and answers.get("spoiled") is None


def test_etags() -> None:
    assert matches('W/"a", "b"', '"a"') and matches("*", '"a"')
    assert not matches(None, '"a"') and not matches('"ab"', '"a"')


@pytest.mark.anyio
async def test_who_acts(database: str) -> None:
    from civic import clock, db
    from civic.models import Area, Membership, Party, Person

    await db.start()
    try:

        async def make() -> tuple[Any, Any]:
            person = await Person.create(pseudonym="p", name="Lin", created_at=clock.now())
            area = await Area.create(name="A", level="city", code="1")
            party = await Party.create(kind="government", name="G", area=area, created_at=clock.now())
            return person, party

        person, party = await db.write(make)
        context = Context(viewer=person)
        global_id = ids.encode("Party", party.id)
        assert (await context.actor()).person is person
        with pytest.raises(NotSignedIn):
            await Context().actor()
        with pytest.raises(NotAllowed):
            await context.actor(global_id)
        with pytest.raises(NotFound):
            await context.actor(ids.encode("Party", 99))

        async def join() -> None:
            await Membership.create(party=party, person=person, role="clerk", from_day=clock.today())

        await db.write(join)
        assert (await context.actor(global_id)).party.id == party.id  # type: ignore[union-attr]
    finally:
        await db.stop()
