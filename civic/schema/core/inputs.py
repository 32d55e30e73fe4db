"""What no text from a client may hold, looked at once for all: variables at each request, literals once a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError, OperationDefinitionNode, OperationType, StringValueNode, ValidationRule

from civic.errors import N_, InvalidInput

LONGEST_ASKED = 5000  # characters of a text in a query: words to search for, codes, ids, cursors
NUL = N_("This text holds the character U+0000, which cannot be kept. Please remove it.")
LONG = N_("At most %(limit)s characters, please; this has %(length)s.")


def check(variables: Mapping[str, Any], kind: OperationType) -> None:
    """Raises InvalidInput for a text with U+0000 in a mutation, and in a query for one too long to match anything."""
    for name, value in variables.items():
        if isinstance(value, str):
            refused = refusal(value, name, kind)
            if refused is not None:
                raise refused
        elif isinstance(value, dict):
            check(value, kind)
        elif isinstance(value, list):
            for inner in value:
                check({name: inner}, kind)


def refusal(text: str, field: str, kind: OperationType) -> InvalidInput | None:
    """Why this text is refused, or None."""
    if "\0" in text and kind == OperationType.MUTATION:
        return InvalidInput(NUL, field=field, reason="nul")
    if kind == OperationType.QUERY and len(text) > LONGEST_ASKED:
        return InvalidInput(LONG, field=field, reason="too_long", limit=LONGEST_ASKED, length=len(text))
    return None


class Literals(ValidationRule):
    """The same for texts that stand in the document itself."""

    kind = OperationType.QUERY

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        self.kind = node.operation

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        refused = refusal(node.value, "", self.kind)
        if refused is not None:
            self.report_error(GraphQLError(str(refused), node, original_error=refused))
