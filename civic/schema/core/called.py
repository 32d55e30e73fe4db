"""Calling the resolver of ``field(input: $input)`` at once, when the input holds nothing but plain values.

Most mutations are of this shape. graphql-core coerces such an input value by value and strawberry converts it once
more, which together take as long as all that a vote writes. Here what a plain input object needs is worked out once a
document. Whatever is not plain, or does not fit, is left to them: `read` then gives None, and nothing has run yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLBoolean,
    GraphQLField,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLString,
    OperationDefinitionNode,
    Undefined,
    VariableNode,
    print_ast,
)
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

from civic.schema.core.input_types import Plan

DEFINITION = "strawberry-definition"  # under which strawberry's part of a type is found
Fits = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return type(value) is str


def _truth(value: Any) -> bool:
    return type(value) is bool


def _texts(value: Any) -> bool:
    return type(value) is list and all(type(one) is str for one in value)


@dataclass(frozen=True, slots=True)
class Called:
    """A field with one argument of plain values, given by one variable, and how its resolver is called."""

    variable: str
    argument: str
    make: Callable[..., Any]
    fields: Mapping[
        str, tuple[str, Fits, bool]
    ]  # by the name in GraphQL: that in Python, what fits, whether null does
    least: frozenset[str]
    missing: Mapping[str, None]
    resolver: Callable[..., Any]
    itself: bool
    info: str | None
    field: StrawberryField

    def read(self, variables: Mapping[str, Any] | None) -> Any:
        """The input object; None unless it is there and plain."""
        given = variables.get(self.variable) if variables else None
        if type(given) is not dict or not self.least <= given.keys():
            return None
        values: dict[str, Any] = dict(self.missing)
        for name, value in given.items():
            known = self.fields.get(name)
            if known is None or not (known[1](value) or (value is None and known[2])):
                return None
            values[known[0]] = value
        return self.make(**values)

    def call(self, info: Any, value: Any) -> Any:
        """What the resolver gives, for the root's own source, which is None."""
        named = {self.argument: value}
        if self.info is not None:
            named[self.info] = Info(_raw_info=info, _field=self.field)
        return self.resolver(None, **named) if self.itself else self.resolver(**named)


def called(operation: OperationDefinitionNode, field: GraphQLField, node: FieldNode) -> Called | None:
    """How to call a root field at once, or None."""
    ours = (field.extensions or {}).get(DEFINITION)
    variables, arguments = operation.variable_definitions or (), node.arguments or ()
    if (
        not isinstance(ours, StrawberryField)
        or len(field.args) != 1
        or len(variables) != 1
        or len(arguments) != 1
    ):
        return None
    (variable,), (argument,), ((name, wanted),) = variables, arguments, field.args.items()
    kind = wanted.type.of_type if isinstance(wanted.type, GraphQLNonNull) else wanted.type
    resolver = ours.base_resolver
    if (
        not isinstance(kind, GraphQLInputObjectType)
        or variable.default_value is not None
        or print_ast(variable.type) != str(wanted.type)
        or argument.name.value != name
        or not isinstance(argument.value, VariableNode)
        or argument.value.name.value != variable.variable.name.value
        or resolver is None
        or ours.extensions
        or ours.permission_classes
        or resolver.root_parameter
        or resolver.parent_parameter
    ):
        return None
    definition = (kind.extensions or {}).get(DEFINITION)
    if (
        not isinstance(definition, StrawberryObjectDefinition)
        or not isinstance(definition.from_input, Plan | None)
        or kind.is_one_of
        or (plain := _plain(kind, definition)) is None
    ):
        return None
    by_name, missing = plain
    least = frozenset(n for n, f in kind.fields.items() if isinstance(f.type, GraphQLNonNull))
    return Called(
        variable.variable.name.value, ours.arguments[0].python_name, definition.origin, by_name, least, missing,
        resolver, resolver.self_parameter is not None,
        resolver.info_parameter.name if resolver.info_parameter else None, ours,
    )  # fmt: skip


def _plain(
    kind: GraphQLInputObjectType, definition: StrawberryObjectDefinition
) -> tuple[dict[str, tuple[str, Fits, bool]], dict[str, None]] | None:
    """The fields of an input by their names, and those that are None when missing; None when one is not plain."""
    fields: dict[str, tuple[str, Fits, bool]] = {}
    for name, field in kind.fields.items():
        ours = (field.extensions or {}).get(DEFINITION)
        fits = _fits(field)
        if fits is None or not isinstance(ours, StrawberryField):
            return None
        fields[name] = ours.python_name, fits, not isinstance(field.type, GraphQLNonNull)
    missing = {
        f.python_name: None
        for f in definition.fields
        if f.default_value is MISSING and f.default_factory is MISSING
    }
    return fields, missing


def _fits(field: GraphQLInputField) -> Fits | None:
    if field.default_value not in (Undefined, None):
        return None
    kind = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    if isinstance(kind, GraphQLList):
        inner = kind.of_type.of_type if isinstance(kind.of_type, GraphQLNonNull) else None
        return _texts if inner in (GraphQLID, GraphQLString) else None
    if kind in (GraphQLID, GraphQLString):
        return _text
    return _truth if kind is GraphQLBoolean else None
