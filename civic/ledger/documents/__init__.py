"""What the ledger publishes beside its tree, one module for each capability: documents whose hash is on the record.

To add one, write a module here, named as the capability is on every floor. It has

    FOLDER = "boxes"                                        the documents are served as /ledger/boxes/<name>

    async def names(size: int) -> list[str]                 those that the first ``size`` entries speak of
    async def content(name: str) -> bytes | None            one of them; None when there is none of that name
    async def pieces(name: str) -> AsyncIterator[bytes] | None      instead, where a document may be large

Nothing else is to be registered: it is served, exported and mirrored with the rest. The bytes of a document never
change once an entry names their hash. The module of the same name in `civic.ledger.checks` compares them with it.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


@lru_cache(maxsize=1)
def sources() -> dict[str, ModuleType]:
    """The modules by their folder."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return {module.FOLDER: module for module in modules}
