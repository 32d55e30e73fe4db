"""Full-text search for other modules: conditions and candidates, on either database."""

from __future__ import annotations

from civic import db
from civic.rules.search_text import any_fts5, any_tsquery, match_fts5, match_tsquery


def condition(kind: str, column: str, q: str) -> tuple[str, list[object]]:
    """An SQL condition that the thing with this key has all words of ``q``, and its parameters."""
    words = match_tsquery(q) if db.on_postgres() else match_fts5(q)
    if not words:
        return "1 = 0", []
    if db.on_postgres():
        found = (
            "SELECT subject_id FROM search_document WHERE kind = ? "
            "AND to_tsvector('simple', terms) @@ to_tsquery('simple', ?)"
        )
        return f"{column} IN ({found})", [kind, words]
    found = (
        "SELECT d.subject_id FROM search_index i JOIN search_document d ON d.id = i.rowid "
        "WHERE i.terms MATCH ? AND d.kind = ?"
    )
    return f"{column} IN ({found})", [words, kind]


async def matching(kind: str, q: str) -> list[int]:
    """Keys of things that have all words of ``q``, for lists that hold hundreds; [-1] when there is none."""
    sql, params = condition(kind, "d.subject_id", q)
    rows = await db.fetch(
        f"SELECT d.subject_id FROM search_document d WHERE d.kind = ? AND {sql}", kind, *params
    )
    return [int(row["subject_id"]) for row in rows] or [-1]


async def candidates(kind: str, text: str, limit: int = 60) -> list[int]:
    """Keys of things that share words with ``text``, the most telling first."""
    if db.on_postgres():
        words = any_tsquery(text)
        sql = (
            "SELECT subject_id FROM search_document, to_tsquery('simple', ?) q WHERE kind = ? "
            "AND to_tsvector('simple', terms) @@ q "
            "ORDER BY ts_rank(to_tsvector('simple', terms), q) DESC, subject_id LIMIT ?"
        )
    else:
        words = any_fts5(text)
        sql = (
            "SELECT d.subject_id FROM search_index i JOIN search_document d ON d.id = i.rowid "
            "WHERE i.terms MATCH ? AND d.kind = ? ORDER BY i.rank, d.subject_id LIMIT ?"
        )
    return [int(row["subject_id"]) for row in await db.fetch(sql, words, kind, limit)] if words else []
