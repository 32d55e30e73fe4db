"""Inputs without detours: strawberry works out names and types of an input's fields anew for each value; here once.

A scalar, an enum or a list of these is taken over as graphql-core coerced it; any other field is converted by strawberry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from functools import partial
from typing import Any

import strawberry
from strawberry.types.arguments import InputContext, _is_leaf_type
from strawberry.types.base import (
    StrawberryList,
    StrawberryMaybe,
    StrawberryObjectDefinition,
    StrawberryOptional,
)

Convert = Callable[[Any], Any]


def hasten(schema: strawberry.Schema) -> None:
    """Let every input type of a schema build its values this way."""
    for known in schema.schema_converter.type_map.values():
        definition = known.definition
        if isinstance(definition, StrawberryObjectDefinition) and definition.is_input:
            if any(isinstance(field.type, StrawberryMaybe) for field in definition.fields):
                raise TypeError(f"{definition.name}: Maybe is checked by strawberry alone")
            definition.from_input = Plan(definition)


class Plan:
    """How values of one input type are built; worked out with the first."""

    def __init__(self, definition: StrawberryObjectDefinition) -> None:
        self.definition = definition
        self.fields: list[tuple[str, str, Any, Convert | None]] | None = None
        self.missing = {
            field.python_name: None
            for field in definition.fields
            if field.default_value is MISSING and field.default_factory is MISSING
        }

    def __call__(self, kind: type, value: Mapping[str, Any], context: InputContext) -> Any:
        if self.fields is None:
            self.fields = self.work_out(context)
        given: dict[str, Any] = dict(self.missing)
        for name, python_name, type_, convert in self.fields:
            if name in value:
                one = value[name]
                given[python_name] = convert(one) if convert else context.convert(one, type_, name)
        return kind(**given)

    def work_out(self, context: InputContext) -> list[tuple[str, str, Any, Convert | None]]:
        fields = []
        for field in self.definition.fields:
            type_ = field.resolve_type(type_definition=self.definition)
            name = context.config.name_converter.from_field(field)
            fields.append((name, field.python_name, type_, conversion(type_, context.scalar_registry)))
        return fields


def conversion(type_: Any, scalars: Any) -> Convert | None:
    """How a field's value is taken over, or None when strawberry has to convert it."""
    if isinstance(type_, StrawberryOptional):
        type_ = type_.of_type
    leaf = partial(_is_leaf_type, scalar_registry=scalars, skip_classes=(strawberry.relay.GlobalID,))
    if leaf(type_):
        return lambda value: value
    if isinstance(type_, StrawberryList) and leaf(type_.of_type):
        return lambda value: None if value is None else list(value)
    return None
