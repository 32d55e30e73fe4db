"""Keeps the search index beside what acts change. Helpers of acts, not acts."""

from __future__ import annotations

from civic.models import SearchDocument
from civic.rules.search_text import index_text


async def index(kind: str, subject_id: int, *texts: str) -> None:
    """Make a public text findable, or find it by its new words."""
    terms = index_text(*texts)
    if not await SearchDocument.filter(kind=kind, subject_id=subject_id).update(terms=terms):
        await SearchDocument.create(kind=kind, subject_id=subject_id, terms=terms)


async def remove(kind: str, subject_id: int) -> None:
    """Make a text no longer findable."""
    await SearchDocument.filter(kind=kind, subject_id=subject_id).delete()
