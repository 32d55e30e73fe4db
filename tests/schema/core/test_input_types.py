"""Inputs built the short way are what strawberry builds."""

from copy import copy
from datetime import UTC, date, datetime
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    is_input_object_type,
)
from strawberry.types.arguments import convert_argument

from civic.schema import engine

SCHEMA = engine().strawberry
CONVERTER = SCHEMA.schema_converter
INPUTS = sorted(name for name, kind in SCHEMA._schema.type_map.items() if is_input_object_type(kind))
VALUES = {
    "String": "字", "ID": "QTox", "Int": 5, "Float": 0.5, "Boolean": True, "DateTime": datetime(2026, 3, 1, tzinfo=UTC),
    "Date": date(2026, 3, 1), "Upload": object(), "Time": "08:00",
}  # fmt: skip


def value_of(kind: Any, *, whole: bool) -> Any:
    """A value as graphql-core would coerce it: with all fields, or with those only that must be there."""
    if isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    if isinstance(kind, GraphQLList):
        return [value_of(kind.of_type, whole=whole)] * 2
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values.values())).value
    if isinstance(kind, GraphQLInputObjectType):
        return {
            name: value_of(field.type, whole=whole)
            for name, field in kind.fields.items()
            if whole or isinstance(field.type, GraphQLNonNull)
        }
    return VALUES[kind.name]


def built(name: str, value: Any, *, by_strawberry: bool) -> Any:
    known = CONVERTER.type_map[name].definition
    hooks = {other: CONVERTER.type_map[other].definition.from_input for other in INPUTS}
    try:
        if by_strawberry:
            for other in INPUTS:
                CONVERTER.type_map[other].definition.from_input = None
        return convert_argument(copy(value), known.origin, CONVERTER.scalar_registry, SCHEMA.config)
    finally:
        for other, hook in hooks.items():
            CONVERTER.type_map[other].definition.from_input = hook


@pytest.mark.parametrize("name", INPUTS)
def test_a_value_is_built_as_strawberry_builds_it(name: str) -> None:
    kind = SCHEMA._schema.type_map[name]
    assert CONVERTER.type_map[name].definition.from_input is not None
    whole = value_of(kind, whole=True)
    nulls = {n: None if not isinstance(f.type, GraphQLNonNull) else whole[n] for n, f in kind.fields.items()}
    for value in (whole, value_of(kind, whole=False), nulls):
        assert built(name, value, by_strawberry=False) == built(name, value, by_strawberry=True)
