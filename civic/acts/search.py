"""Keeps the search index beside what acts change. Helpers of acts, not acts."""

from __future__ import annotations

from collections.abc import Iterable

from civic.models import SearchDocument
from civic.rules.search_text import index_text


async def index(kind: str, subject_id: int, *texts: str) -> None:
    """Make a public text findable, or find it by its new words."""
    terms = index_text(*texts)
    if not await SearchDocument.filter(kind=kind, subject_id=subject_id).update(terms=terms):
        await SearchDocument.create(kind=kind, subject_id=subject_id, terms=terms)


async def index_new(kind: str, texts: Iterable[tuple[int, *tuple[str, ...]]]) -> None:
    """Make public texts findable that never were, each given as its subject's key and its parts."""
    await SearchDocument.bulk_create(
        SearchDocument(kind=kind, subject_id=key, terms=index_text(*parts)) for key, *parts in texts
    )


async def remove(kind: str, subject_id: int) -> None:
    """Make a text no longer findable."""
    await SearchDocument.filter(kind=kind, subject_id=subject_id).delete()
