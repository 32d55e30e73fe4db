"""Ballots and scenarios that were public before their words could be searched."""

from typing import Any

from tortoise.migrations import operations as ops

from civic.migrations import Step

from civic.rules.search_text import index_text

BALLOTS = "SELECT id, title, question AS about, '' AS english FROM ballot WHERE state <> 'draft'"
SCENARIOS = "SELECT id, title, summary AS about, title_en AS english FROM scenario"
MODULES = "SELECT scenario_id, title FROM module ORDER BY id"


async def forwards(apps: Any, editor: Any) -> None:
    client = editor.client
    marks = ("$1", "$2", "$3") if client.capabilities.dialect == "postgres" else ("?", "?", "?")
    into = f"INSERT INTO search_document (kind, subject_id, terms) VALUES ({', '.join(marks)})"
    parts: dict[int, list[str]] = {}
    for row in await client.execute_query_dict(MODULES):
        parts.setdefault(row["scenario_id"], []).append(row["title"])
    for kind, sql, more in (("ballot", BALLOTS, {}), ("scenario", SCENARIOS, parts)):
        for row in await client.execute_query_dict(sql):
            texts = [row["title"], row["english"], row["about"], *more.get(row["id"], [])]
            await client.execute_query(into, [kind, row["id"], index_text(*filter(None, texts))])


class Migration(Step):
    """Made by hand: no table changes."""

    dependencies = [("models", "0018_roll_uploads")]
    operations = [ops.RunPython(forwards)]
