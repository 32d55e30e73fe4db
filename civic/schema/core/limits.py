"""How large a document may be. Judged once a document, together with its validation; then it is cached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
    specified_rules,
)

from civic.schema.core.inputs import Literals

MAX_TOKENS = 3000
MAX_CHARACTERS = 40_000
MAX_DEPTH = 12
MAX_ALIASES = 30
MAX_BREADTH = 60
MAX_FIELDS = 20_000
MAX_MUTATIONS = 3
MOST_ROWS = 100
PAGED = ("first", "last")


class TooLarge(GraphQLError):
    """A document that asks for too much."""

    def __init__(self, message: str, node: Any, reason: str) -> None:
        super().__init__(message, node, extensions={"code": "TOO_MANY", "reason": reason})


@dataclass(slots=True)
class Size:
    """Of a selection, fragments filled in. ``fields`` counts a field in a paged list as often as it may appear."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0


class Limits(ValidationRule):
    """Refuses documents that are too deep, too wide, alias too much or could return too many fields."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self.fragments: dict[str, FragmentDefinitionNode] = {}
        self.sizes: dict[str, Size | None] = {}
        operations: list[OperationDefinitionNode] = []
        for definition in context.document.definitions:
            if isinstance(definition, FragmentDefinitionNode):
                self.fragments[definition.name.value] = definition
            elif isinstance(definition, OperationDefinitionNode):
                operations.append(definition)
        for operation in operations:
            self.judge(operation)

    def judge(self, operation: OperationDefinitionNode) -> None:
        size = self.measure(operation.selection_set)
        if size.depth > MAX_DEPTH:
            self.refuse(
                f"The query is nested {size.depth} deep; at most {MAX_DEPTH} is allowed.", operation, "depth"
            )
        if size.aliases > MAX_ALIASES:
            self.refuse(
                f"The query has {size.aliases} aliases; at most {MAX_ALIASES} are allowed.",
                operation,
                "aliases",
            )
        if size.fields > MAX_FIELDS:
            self.refuse(
                f"The query could return {size.fields} fields; at most {MAX_FIELDS} are allowed. "
                "Ask for fewer at a time with `first`.",
                operation,
                "size",
            )
        if operation.operation == OperationType.MUTATION:
            count = self.breadth(operation.selection_set, set())
            if count > MAX_MUTATIONS:
                self.refuse(f"At most {MAX_MUTATIONS} mutations in one request.", operation, "mutations")

    def refuse(self, message: str, node: Any, reason: str) -> None:
        self.context.report_error(TooLarge(message, node, reason))

    def measure(self, selections: SelectionSetNode | None) -> Size:
        total = Size()
        if selections is None:
            return total
        width = 0
        for node in selections.selections:
            if isinstance(node, FieldNode):
                width += 1
                total.aliases += node.alias is not None
                if node.name.value.startswith("__"):
                    continue  # graphql-core limits introspection by a rule of its own
                below = self.measure(node.selection_set)
                total.aliases += below.aliases
                total.depth = max(total.depth, 1 + below.depth)
                total.fields += 1 + rows(node) * below.fields
            else:
                below = self.inner(node)
                total.aliases += below.aliases
                total.depth = max(total.depth, below.depth)
                total.fields += below.fields
        if width > MAX_BREADTH:
            self.refuse(
                f"A selection has {width} fields; at most {MAX_BREADTH} are allowed.", selections, "breadth"
            )
        return total

    def inner(self, node: Any) -> Size:
        """The size of a fragment, named or inline."""
        return self.spread(node) if isinstance(node, FragmentSpreadNode) else self.measure(node.selection_set)

    def spread(self, node: FragmentSpreadNode) -> Size:
        """The size of a fragment, measured once. A cycle, which another rule refuses, counts as nothing."""
        name = node.name.value
        if name not in self.sizes:
            self.sizes[name] = None
            fragment = self.fragments.get(name)
            self.sizes[name] = self.measure(fragment.selection_set) if fragment else Size()
        return self.sizes[name] or Size()

    def breadth(self, selections: SelectionSetNode, seen: set[str]) -> int:
        count = 0
        for node in selections.selections:
            if isinstance(node, FieldNode):
                count += 1
            elif isinstance(node, InlineFragmentNode):
                count += self.breadth(node.selection_set, seen)
            elif (
                isinstance(node, FragmentSpreadNode)
                and node.name.value not in seen
                and node.name.value in self.fragments
            ):
                seen.add(node.name.value)
                count += self.breadth(self.fragments[node.name.value].selection_set, seen)
        return count


def rows(node: FieldNode) -> int:
    """How many rows a paged field may return; 1 for any other. A variable counts as the most there can be."""
    for argument in node.arguments or ():
        if argument.name.value in PAGED:
            return (
                min(int(argument.value.value), MOST_ROWS)
                if isinstance(argument.value, IntValueNode)
                else MOST_ROWS
            )
    return 1


RULES = (*specified_rules, Literals, Limits)
