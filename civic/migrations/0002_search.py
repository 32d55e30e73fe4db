"""Full-text indexes: FTS5 over `search_document` on SQLite, a GIN index on PostgreSQL."""

from typing import Any

from tortoise.migrations import operations as ops

from civic.migrations import Step

SQLITE = """
CREATE VIRTUAL TABLE IF NOT EXISTS search_index USING fts5(
    terms, content='search_document', content_rowid='id', tokenize="porter unicode61 remove_diacritics 2");
CREATE TRIGGER IF NOT EXISTS search_added AFTER INSERT ON search_document BEGIN
    INSERT INTO search_index(rowid, terms) VALUES (new.id, new.terms); END;
CREATE TRIGGER IF NOT EXISTS search_removed AFTER DELETE ON search_document BEGIN
    INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', old.id, old.terms); END;
CREATE TRIGGER IF NOT EXISTS search_changed AFTER UPDATE ON search_document BEGIN
    INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', old.id, old.terms);
    INSERT INTO search_index(rowid, terms) VALUES (new.id, new.terms); END;
"""
POSTGRES = """
CREATE INDEX IF NOT EXISTS search_document_terms ON search_document USING gin (to_tsvector('simple', terms));
"""


async def forwards(apps: Any, editor: Any) -> None:
    dialect = editor.client.capabilities.dialect
    await editor.client.execute_script(POSTGRES if dialect == "postgres" else SQLITE)


class Migration(Step):
    """Made by hand: no model describes these."""

    atomic = False
    dependencies = [("models", "0001_initial")]
    operations = [ops.RunPython(forwards)]
