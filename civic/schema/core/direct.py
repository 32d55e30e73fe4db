"""Operations of one plain root field without detours: a vote, a support, a list.

Of a document that is kept, all that does not depend on the request is worked out once: the root field, and what writes
its answer out (see `plain`). A request coerces its variables, calls the resolver and writes. graphql-core still coerces,
strawberry still calls, unless the variables are so plain that neither is needed (see `called`); and whatever goes wrong
(a value that does not fit, an argument, a refusal) is told by graphql-core's own execution, which is handed what the
resolver gave or raised, so that nothing runs twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from inspect import isawaitable
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute,
)
from graphql.execution.collect_fields import collect_fields
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values
from graphql.pyutils import Path
from strawberry.schema.schema import _OperationContextAwareGraphQLResolveInfo as ResolveInfo

from civic.schema.core.called import Called, called
from civic.schema.core.plain import Executor, Write

Outcome = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Direct:
    """What an operation of one plain root field needs to run. ``name`` is the field's key in the answer."""

    name: str
    nodes: list[FieldNode]
    field: GraphQLField
    parent: GraphQLObjectType
    fragments: dict[str, FragmentDefinitionNode]
    write: Write
    called: Called | None

    @classmethod
    def of(cls, executor: Executor) -> Direct | None:
        """The short way for this executor's operation, or None when there is none. It must have no directives."""
        operation = executor.operation
        parent = executor.schema.get_root_type(operation.operation)
        if parent is None:
            return None
        given = (executor.schema, executor.fragments, executor.variable_values, parent, operation, True)
        grouped = collect_fields(*given).grouped_field_set
        if len(grouped) != 1:
            return None
        [(name, details)] = grouped.items()
        field = parent.fields.get(details[0].node.name.value)
        write = executor.write(field.type, details) if field and field.resolve else None
        if field is None or write is None:
            return None
        nodes = [one.node for one in details]
        plain = called(operation, field, nodes[0])
        return cls(name, nodes, field, parent, executor.fragment_definitions, write, plain)


@dataclass(slots=True)
class Operation:
    """One operation of a kept document. ``short`` is found with the first request that has valid variables."""

    schema: GraphQLSchema
    document: DocumentNode
    node: OperationDefinitionNode
    may_be_short: bool
    short: Direct | None = None

    async def run(self, context: Any, variables: dict[str, Any] | None) -> ExecutionResult:
        """Execute it for one request."""
        if self.may_be_short and self.short is None:
            self.look(context, variables)
        if self.short is None:
            return await self.by_graphql_core(context, variables)
        return await self.directly(self.short, context, variables)

    def look(self, context: Any, variables: dict[str, Any] | None) -> None:
        executor = Executor.build(
            self.schema, self.document, None, context, variables, self.name, operation_extensions={}
        )
        if isinstance(executor, Executor):
            self.short = Direct.of(executor)
            self.may_be_short = self.short is not None

    @property
    def kind(self) -> OperationType:
        return self.node.operation

    @property
    def name(self) -> str | None:
        return self.node.name.value if self.node.name else None

    async def directly(
        self, short: Direct, context: Any, variables: dict[str, Any] | None
    ) -> ExecutionResult:
        plain = short.called.read(variables) if short.called else None
        if short.called and plain is not None:
            info = self.info(short, context, dict(variables or {}))
            return await self.written(short, context, variables, partial(short.called.call, info, plain))
        try:
            values = get_variable_values(
                self.schema, self.node.variable_definitions or (), variables or {}, 50, True
            )
            if not isinstance(values, VariableValues):
                return ExecutionResult(None, values)
            args = get_argument_values(short.field, short.nodes[0], values, None, True)
        except Exception:  # nothing has run yet: graphql-core tells what is wrong
            return await self.by_graphql_core(context, variables)
        info = self.info(short, context, values.coerced)
        resolve = partial(short.field.resolve, None, info, **args)  # type: ignore[misc, arg-type]
        return await self.written(short, context, variables, resolve)

    async def written(
        self, short: Direct, context: Any, variables: dict[str, Any] | None, resolve: Outcome
    ) -> ExecutionResult:
        """The answer with what the resolver gives."""
        try:
            found = resolve()
            if isawaitable(found):
                found = await found
        except Exception as error:
            return await self.by_graphql_core(context, variables, raising(error))
        try:
            return ExecutionResult({short.name: short.write(found)}, None)
        except Exception:
            return await self.by_graphql_core(context, variables, lambda: found)

    def info(self, short: Direct, context: Any, variables: dict[str, Any]) -> Any:
        """What strawberry tells a resolver."""
        return ResolveInfo(
            short.nodes[0].name.value, short.nodes, short.field.type, short.parent,
            Path(None, short.name, short.parent.name), self.schema, short.fragments, None, self.node, variables,
            context, isawaitable, None, None, {},
        )  # fmt: skip

    async def by_graphql_core(
        self, context: Any, variables: dict[str, Any] | None, outcome: Outcome | None = None
    ) -> ExecutionResult:
        """The long way. ``outcome`` gives or raises what the root field's resolver already gave or raised."""
        result = execute(
            self.schema,
            self.document,
            context_value=context,
            variable_values=variables,
            operation_name=self.name,
            executor_class=Executor,
            operation_extensions={},
            hide_suggestions=True,
            middleware=[already(outcome)] if outcome else None,
        )
        found: ExecutionResult = await result if isawaitable(result) else result
        return found


def raising(error: Exception) -> Outcome:
    def outcome() -> Any:
        raise error

    return outcome


def already(outcome: Outcome) -> Callable[..., Any]:
    """A middleware that calls resolvers, but for the root field's, which has been called."""

    def resolve(resolver: Callable[..., Any], source: Any, info: Any, **args: Any) -> Any:
        return outcome() if info.path.prev is None else resolver(source, info, **args)

    return resolve
