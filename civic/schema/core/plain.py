"""Plain fields without detours: most of a list is attributes of objects that its resolver has fetched.

graphql-core builds a resolve info, a path and a dozen calls for each field of each row. Here a selection of plain
fields (attributes without a resolver: scalars, enums, objects and lists of such) is compiled once a request, and its
values are read and written out directly. Whatever is not as simple as that, also a null where none may be and a
value that does not fit, takes graphql-core's own way: it is the truth that tests compare with, and tells errors.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import isawaitable
from typing import Any

from graphql import GraphQLField, GraphQLList, GraphQLNonNull, GraphQLObjectType, is_leaf_type
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

Write = Callable[[Any], Any]


class NotPlain(Exception):
    """A value that graphql-core has to look at."""


def attribute(field: GraphQLField | None) -> str | None:
    """The attribute that a field gives without any resolver, or None."""
    known = (
        field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF) if field and not field.args else None
    )
    return known.python_name if isinstance(known, StrawberryField) and known.is_basic_field else None


def nullable(write: Write) -> Write:
    return lambda value: None if value is None else write(value)


def required(write: Write) -> Write:
    def written(value: Any) -> Any:
        if value is None:
            raise NotPlain
        return write(value)

    return written


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's execution, with the short way for plain fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # By type and selection; the selection is kept, so that its id stays its own.
        self.compiled: dict[tuple[GraphQLObjectType, int], tuple[Any, Write | None]] = {}

    def write(self, kind: Any, details: Any) -> Write | None:
        """What writes out a value of this type with this selection, or None when there is no short way."""
        if isinstance(kind, GraphQLNonNull):
            inner = self.write_value(kind.of_type, details)
            return required(inner) if inner else None
        inner = self.write_value(kind, details)
        return nullable(inner) if inner else None

    def write_value(self, kind: Any, details: Any) -> Write | None:
        if is_leaf_type(kind):
            leaf: Write = kind.coerce_output_value
            return leaf
        if isinstance(kind, GraphQLList):
            item = self.write(kind.of_type, details)
            return (lambda values: [item(value) for value in values]) if item else None
        return self.write_object(kind, details) if isinstance(kind, GraphQLObjectType) else None

    def write_object(self, kind: GraphQLObjectType, details: Any) -> Write | None:
        """Compiled once for all values with the same selection."""
        key = (kind, id(details))
        if key not in self.compiled:
            self.compiled[key] = (details, self.compile(kind, details))
        return self.compiled[key][1]

    def compile(self, kind: GraphQLObjectType, details: Any) -> Write | None:
        parts: list[tuple[str, str, Write]] = []
        for name, below in self.collect_subfields(kind, details)[0].items():
            field = kind.fields.get(below[0].node.name.value)
            read = attribute(field)
            write = self.write(field.type, below) if field and read else None
            if read is None or write is None:
                return None
            parts.append((name, read, write))

        def written(value: Any) -> dict[str, Any]:
            return {name: write(getattr(value, read)) for name, read, write in parts}

        return written

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Any,
        grouped_field_set: Any,
        position: Any,
    ) -> Any:
        results: dict[str, Any] = {}
        others: dict[str, Any] = {}
        for name, details in grouped_field_set.items():
            field = parent_type.fields.get(details[0].node.name.value)
            read = attribute(field)
            write = self.write(field.type, details) if field and read else None
            results[name] = None
            if read is None or write is None:
                others[name] = details
                continue
            try:
                results[name] = write(getattr(source_value, read))
            except Exception:  # graphql-core tells what and where
                others[name] = details
        if not others:
            return results
        rest = super().execute_fields(parent_type, source_value, path, others, position)
        if isawaitable(rest):

            async def merged() -> dict[str, Any]:
                return merge(results, await rest, others)

            return merged()
        return merge(results, rest, others)


def merge(results: dict[str, Any], rest: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    """Put what took the long way into its place; what has no answer there has none here."""
    for name in others:
        if name in rest:
            results[name] = rest[name]
        else:
            del results[name]
    return results
