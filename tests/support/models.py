"""Models made ready once for each kind of database: Tortoise does it at every start, and tests start a thousand times."""

from __future__ import annotations

from copy import copy
from typing import Any

from tortoise.apps import Apps

# What of a model depends on the kind of database, and on nothing else of the connection.
PARTS = (
    "filters", "db_default_fields", "db_complex_fields", "db_native_fields", "basetable", "basequery",
    "basequery_all_fields",
)  # fmt: skip


def made_ready_once() -> None:
    """From here on, in this process."""
    make_ready = Apps._build_initial_querysets
    ready: dict[tuple[Any, ...], list[dict[str, Any]]] = {}

    def once(self: Apps) -> None:
        models = [model for app in self.apps.values() for model in app.values()]
        key = (type(self._connections.get("default")), *models)
        if key not in ready:
            make_ready(self)
            ready[key] = [{part: copy(getattr(model._meta, part)) for part in PARTS} for model in models]
        for model, parts in zip(models, ready[key], strict=True):
            for part, value in parts.items():
                setattr(model._meta, part, copy(value))

    Apps._build_initial_querysets = once  # type: ignore[method-assign]
