"""A page's GraphQL document: its query, its mutations, and the directives in its comments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from graphql import (
    GraphQLInputType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    type_from_ast,
)

from civic.schema.core.execute import Document, Engine

DIRECTIVE = re.compile(r"^\s*#\s*@([a-z-]+)[ \t]*(.*?)\s*$")
BEGIN = re.compile(r"^\s*(?:(query|mutation|subscription|fragment)\b\s*(\w*)|(\{))")
KNOWN = {
    "query": {"signed-in", "id", "require", "show"},
    "mutation": {"redirect", "flash", "show", "stay", "open"},
}


class Faulty(Exception):
    """A page's document that cannot run: a mistake of its author."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A query or mutation of a page, its variables' types and what its comments say.

    show: the page itself is the answer to the form, with what the operation gave as ``shown``. reads: a query.
    open: it needs nobody signed in.
    """

    name: str
    variables: dict[str, GraphQLInputType]
    defaults: frozenset[str]
    redirect: str = ""
    flash: str = ""
    show: bool = False
    reads: bool = False
    stay: bool = False
    open: bool = False


@dataclass(frozen=True, slots=True)
class PageDocument:
    """What a page runs. Without a query and mutations it has no data."""

    document: Document | None = None
    query: Operation | None = None
    mutations: dict[str, Operation] = field(default_factory=dict)
    signed_in: bool = False
    ids: dict[str, str] = field(default_factory=dict)
    require: tuple[str, ...] = ()


EMPTY = PageDocument()


def comments(text: str) -> dict[str, list[tuple[str, str]]]:
    """Of each operation, by name, the directives in the comments before it. "" is a query without a name."""
    found: dict[str, list[tuple[str, str]]] = {}
    pending: list[tuple[str, str]] = []
    depth = 0
    for line in text.splitlines():
        if depth == 0 and (match := DIRECTIVE.match(line)):
            pending.append((match[1], match[2]))
        elif depth == 0 and (begin := BEGIN.match(line)):
            if begin[1] != "fragment":
                found[begin[2] or ""] = pending
            pending = []
        if not line.lstrip().startswith("#"):
            depth += len(re.findall(r"[{(]", line)) - len(re.findall(r"[})]", line))
    return found


def read(text: str, engine: Engine) -> PageDocument:
    """The document of a page. Raises Faulty with what is wrong with it."""
    if not re.sub(r"#[^\n]*", "", text).strip():
        return _without_data(text)
    document = engine.document(text)
    if document.errors:
        where = "; ".join(
            f"{e.message} (line {e.locations[0].line if e.locations else '?'})" for e in document.errors
        )
        raise Faulty(where)
    said = comments(text)
    query: Operation | None = None
    mutations: dict[str, Operation] = {}
    signed_in, ids, require = False, {}, []
    for name, known in document.operations.items():
        node = known.node
        directives = said.get(name, [])
        kind = node.operation.value
        for directive, _ in directives:
            if directive not in KNOWN.get(kind, ()):
                raise Faulty(f"@{directive} does not belong before a {kind}.")
        texts = dict(directives)
        operation = Operation(
            name,
            _variables(node, engine.schema),
            frozenset(v.variable.name.value for v in node.variable_definitions or () if v.default_value),
            texts.get("redirect", ""),
            texts.get("flash", ""),
            "show" in texts,
            node.operation == OperationType.QUERY,
            "stay" in texts,
            "open" in texts,
        )
        if name and (node.operation == OperationType.MUTATION or "show" in texts):
            mutations[name] = operation
        elif node.operation == OperationType.QUERY and query is None:
            query = operation
            signed_in = "signed-in" in texts
            ids = dict(_ids(directives))
            require = [value for directive, value in directives if directive == "require"]
        else:
            raise Faulty(
                "A page has one query of its own; others have names and @show, mutations have names."
            )
    return PageDocument(document, query, mutations, signed_in, ids, tuple(require))


def _without_data(text: str) -> PageDocument:
    """Comments only: a page without data may still ask for a signed-in reader."""
    said = [match[1] for line in text.splitlines() if (match := DIRECTIVE.match(line))]
    return PageDocument(signed_in="signed-in" in said)


def _ids(directives: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """``@id Proposal`` speaks of ``$id``; ``@id party Party`` of ``$party``."""
    pairs = []
    for directive, value in directives:
        if directive == "id":
            *name, type_name = value.split()
            pairs.append((name[0] if name else "id", type_name))
    return pairs


def _variables(node: OperationDefinitionNode, schema: GraphQLSchema) -> dict[str, GraphQLInputType]:
    types: dict[str, GraphQLInputType] = {}
    for definition in node.variable_definitions or ():
        found = type_from_ast(schema, definition.type)
        if found is not None:
            types[definition.variable.name.value] = found  # type: ignore[assignment]
    return types


class Documents:
    """Reads documents from files and keeps them until the pages change."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.kept: dict[tuple[Path, int], PageDocument] = {}

    def get(self, path: Path, generation: int) -> PageDocument:
        """The document in this file; a missing file is a page without data. Raises Faulty."""
        key = (path, generation)
        if key not in self.kept:
            if any(g != generation for _, g in self.kept):
                self.kept.clear()
            self.kept[key] = read(path.read_text("utf-8"), self.engine) if path.is_file() else EMPTY
        return self.kept[key]


@lru_cache(maxsize=256)
def places(template: str) -> tuple[str, ...]:
    """The names in the ``{…}`` places of a redirect."""
    return tuple(re.findall(r"\{([\w.]+)\}", template))
