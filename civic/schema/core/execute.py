"""Runs GraphQL documents. Parsing, validation and limits are paid once a document; then it is kept.

graphql-core executes strawberry's schema directly: strawberry's own `execute` builds an extension runner
for each request, which we do not need. Both private names used are pinned with strawberry and tested.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from inspect import isawaitable
from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    TokenKind,
    parse,
    subscribe,
    validate,
)

from civic.errors import CivicError
from civic.schema.core import inputs
from civic.schema.core.context import Context
from civic.schema.core.direct import Operation
from civic.schema.core.errors import format_error
from civic.schema.core.limits import MAX_CHARACTERS, MAX_TOKENS, RULES, TooLarge
from civic.schema.core.plain import Executor

KEPT = 512


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed and validated document. ``errors`` is empty when it may run."""

    node: DocumentNode | None
    errors: tuple[GraphQLError, ...]
    operations: Mapping[str, Operation]
    digest: bytes

    def operation(self, name: str | None) -> Operation:
        """The operation to run. Raises GraphQLError when the name is missing or unknown."""
        if name:
            if name not in self.operations:
                raise GraphQLError(f"Unknown operation named {quoted(name)}.")
            return self.operations[name]
        if len(self.operations) != 1:
            raise GraphQLError("Must provide operation name if query contains multiple operations.")
        return next(iter(self.operations.values()))


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation gave. ``began`` is False when it was refused before it ran: a request error."""

    body: dict[str, Any]
    began: bool
    kind: OperationType | None
    ok: bool


class Engine:
    """A schema and its cache of documents."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self.strawberry = schema
        self.schema = schema._schema
        self.documents: OrderedDict[str, Document] = OrderedDict()

    def document(self, text: str) -> Document:
        """Parse and validate, or take from the cache. Faulty documents are not kept."""
        known = self.documents.get(text)
        if known is not None:
            self.documents.move_to_end(text)
            return known
        document = self.read(text)
        if not document.errors:
            self.documents[text] = document
            if len(self.documents) > KEPT:
                self.documents.popitem(last=False)
        return document

    def read(self, text: str) -> Document:
        if len(text) > MAX_CHARACTERS:
            return _faulty(
                TooLarge(f"A document has at most {MAX_CHARACTERS} characters.", None, "document_size")
            )
        try:
            node = parse(text, max_tokens=MAX_TOKENS)
        except GraphQLError as error:
            if "token" in error.message and str(MAX_TOKENS) in error.message:
                error = TooLarge(error.message, None, "tokens")
            elif "nested too deep" in error.message:
                error = TooLarge("The document is nested too deep.", None, "depth")
            return _faulty(error)
        except RecursionError:
            return _faulty(TooLarge("The document is nested too deep.", None, "depth"))
        try:
            errors = validate(self.schema, node, RULES, max_errors=20, hide_suggestions=True)
        except RecursionError:
            errors = [TooLarge("The document is nested too deep.", None, "depth")]
        plain = not has_directives(node)
        operations = {
            (d.name.value if d.name else ""): Operation(self.schema, node, d, plain)
            for d in node.definitions
            if isinstance(d, OperationDefinitionNode)
        }
        return Document(node, tuple(errors), operations, sha256(text.encode()).digest())

    async def run(
        self,
        document: Document,
        context: Context,
        variables: dict[str, Any] | None = None,
        operation_name: str | None = None,
    ) -> Answer:
        """Execute a query or mutation. Never raises; refusals and failures are in ``errors``."""
        if document.errors or document.node is None:
            return self.refused(document.errors, context)
        try:
            operation = document.operation(operation_name)
        except GraphQLError as error:
            return self.refused((error,), context)
        kind = operation.kind
        if kind == OperationType.SUBSCRIPTION:
            refusal = GraphQLError("Subscriptions run over a WebSocket (graphql-transport-ws).")
            return self.refused((refusal,), context)
        try:
            context.need("write" if kind == OperationType.MUTATION else "read")
            inputs.check(variables or {}, kind)
        except CivicError as error:
            return self.refused((GraphQLError(str(error), original_error=error),), context)
        return self.answer(await operation.run(context, variables), kind, context)

    async def stream(
        self,
        document: Document,
        context: Context,
        variables: dict[str, Any] | None = None,
        operation_name: str | None = None,
    ) -> Answer | AsyncIterator[Answer]:
        """Start a subscription: its answers as they come, or one Answer that refuses it."""
        if document.errors or document.node is None:
            return self.refused(document.errors, context)
        try:
            context.need("read")
            inputs.check(variables or {}, OperationType.SUBSCRIPTION)
        except CivicError as error:
            return self.refused((GraphQLError(str(error), original_error=error),), context)
        found = subscribe(
            self.schema,
            document.node,
            context_value=context,
            variable_values=variables,
            operation_name=operation_name,
            executor_class=Executor,
            operation_extensions={},
            hide_suggestions=True,
        )
        if isawaitable(found):
            found = await found
        if isinstance(found, ExecutionResult):
            return self.refused(tuple(found.errors or ()), context)
        return self.answers(found, context)

    async def answers(
        self, results: AsyncIterator[ExecutionResult], context: Context
    ) -> AsyncIterator[Answer]:
        async for result in results:
            context.memo.clear()
            yield self.answer(result, OperationType.SUBSCRIPTION, context)

    def answer(self, result: ExecutionResult, kind: OperationType, context: Context) -> Answer:
        errors = result.errors
        if not errors:
            return Answer({"data": result.data}, True, kind, True)
        shown = [format_error(error, context.language) for error in errors]
        if result.data is None and all(error.path is None for error in errors):
            return Answer({"errors": shown}, False, kind, False)
        return Answer({"errors": shown, "data": result.data}, True, kind, False)

    def refused(self, errors: tuple[GraphQLError, ...], context: Context) -> Answer:
        return Answer({"errors": [format_error(e, context.language) for e in errors]}, False, None, False)


def has_directives(node: DocumentNode) -> bool:
    """Whether there is a directive, which may ask for other fields each time."""
    token = node.loc and node.loc.start_token
    while token and token.kind is not TokenKind.AT:
        token = token.next
    return token is not None


def quoted(name: str) -> str:
    """A name from a client, shortened and made safe to repeat to it."""
    return '"' + re.sub(r"[^\w]", "?", name[:80]) + '"'


def _faulty(error: GraphQLError) -> Document:
    return Document(None, (error,), {}, b"")
