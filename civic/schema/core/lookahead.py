"""What a reader selected below a field, so that one query can fetch just that."""

from __future__ import annotations

from typing import Any

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode


class Selection:
    """Selected fields as a tree of GraphQL names. ``"author.name" in selection`` looks below."""

    __slots__ = ("children",)

    def __init__(self) -> None:
        self.children: dict[str, Selection] = {}

    def __contains__(self, path: str) -> bool:
        here = self
        for name in path.split("."):
            if name not in here.children:
                return False
            here = here.children[name]
        return True

    def below(self, path: str) -> Selection:
        """The selection under ``path``; empty when it was not selected."""
        here = self
        for name in path.split("."):
            here = here.children.get(name) or Selection()
        return here

    @property
    def nodes(self) -> Selection:
        """Of a connection: what is selected of its entries, by ``nodes`` or by ``edges.node``."""
        merged = Selection()
        for path in ("nodes", "edges.node"):
            merged.merge(self.below(path))
        return merged

    def merge(self, other: Selection) -> None:
        for name, child in other.children.items():
            self.children.setdefault(name, Selection()).merge(child)


class Everything(Selection):
    """As if all fields were selected: for what is found by its id alone."""

    __slots__ = ()

    def __contains__(self, path: str) -> bool:
        return True

    def below(self, path: str) -> Selection:
        return self


def selection(info: Any) -> Selection:
    """What is selected below the field being resolved. ``info`` is a strawberry Info."""
    raw = info._raw_info
    found = Selection()
    for node in raw.field_nodes:
        _collect(node.selection_set, raw.fragments, raw.variable_values, found)
    return found


def _collect(
    selections: SelectionSetNode | None, fragments: dict[str, Any], variables: dict[str, Any], into: Selection
) -> None:
    for node in selections.selections if selections else ():
        if _left_out(node, variables):
            continue
        if isinstance(node, FieldNode):
            child = into.children.setdefault(node.name.value, Selection())
            _collect(node.selection_set, fragments, variables, child)
        elif isinstance(node, FragmentSpreadNode):
            _collect(fragments[node.name.value].selection_set, fragments, variables, into)
        elif isinstance(node, InlineFragmentNode):
            _collect(node.selection_set, fragments, variables, into)


def _left_out(node: Any, variables: dict[str, Any]) -> bool:
    for directive in node.directives or ():
        if directive.name.value in ("skip", "include"):
            value = directive.arguments[0].value
            chosen = variables.get(value.name.value) if hasattr(value, "name") else value.value
            if chosen is (directive.name.value == "skip"):
                return True
    return False
