"""The GraphQL schema, put together from one module for each capability.

A module has strawberry classes ``Query``, ``Mutation`` and ``Subscription`` (any of them) and, for interface
types that no field names, a list ``TYPES``. A new capability adds its name to ``CAPABILITIES``.
"""

from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any

import strawberry
from strawberry.schema.config import StrawberryConfig

from civic.schema.core.execute import Engine
from civic.schema.core.input_types import hasten

CAPABILITIES = [
    "core.query",
    "areas",
    "people",
    "accounts",
    "residencies",
    "parties",
    "memberships",
    "scenarios",
    "proposals",
    "comments",
    "responses",
    "charters",
    "obligations",
    "moderation",
    "notifications",
    "open_days",
    "ballots",
    "tokens",
    "paper_ballots",
    "joint_meetings",
    "ledger",
    "demo",
    "desk",
]


def build(modules: list[ModuleType]) -> strawberry.Schema:
    """A schema whose roots inherit from the parts that the modules bring."""
    roots: dict[str, Any] = {}
    for kind in ("Query", "Mutation", "Subscription"):
        parts = tuple(getattr(module, kind) for module in modules if hasattr(module, kind))
        if parts:
            roots[kind] = strawberry.type(type(kind, parts, {}), description=ROOTS[kind])
    types = [t for module in modules for t in getattr(module, "TYPES", [])]
    schema = strawberry.Schema(
        query=roots["Query"],
        mutation=roots.get("Mutation"),
        subscription=roots.get("Subscription"),
        types=types,
        config=StrawberryConfig(disable_field_suggestions=True, batching_config=None),
    )
    hasten(schema)
    return schema


ROOTS = {
    "Query": "What anybody, or the signed-in person, can read.",
    "Mutation": "What people can do. Each takes one `input` and is one act on the record.",
    "Subscription": "Numbers as they change, over graphql-transport-ws.",
}


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The platform's schema, ready to run. Built at first use."""
    return Engine(build([import_module(f"civic.schema.{name}") for name in CAPABILITIES]))


def sdl() -> str:
    """The schema in the schema definition language, as in ``docs/schema.graphql``."""
    return engine().strawberry.as_str() + "\n"
