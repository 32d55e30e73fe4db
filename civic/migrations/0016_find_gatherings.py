"""Open days and joint meetings that were public before their words could be searched."""

from typing import Any

from tortoise.migrations import operations as ops

from civic.migrations import Step

from civic.rules.search_text import index_text

PUBLIC = {
    "meeting": "SELECT id, title, about, '' AS place FROM joint_meeting WHERE state <> 'draft'",
    "open_day": "SELECT id, title, about, place FROM open_day WHERE state <> 'draft'",
}


async def forwards(apps: Any, editor: Any) -> None:
    client = editor.client
    marks = ("$1", "$2", "$3") if client.capabilities.dialect == "postgres" else ("?", "?", "?")
    into = f"INSERT INTO search_document (kind, subject_id, terms) VALUES ({', '.join(marks)})"
    for kind, sql in PUBLIC.items():
        for row in await client.execute_query_dict(sql):
            texts = [text for text in (row["title"], row["about"], row["place"]) if text]
            await client.execute_query(into, [kind, row["id"], index_text(*texts)])


class Migration(Step):
    """Made by hand: no table changes."""

    dependencies = [("models", "0015_rolls")]
    operations = [ops.RunPython(forwards)]
