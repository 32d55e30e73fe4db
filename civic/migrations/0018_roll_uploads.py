"""Lines of a roll belong to an edition of it, so that a new one can be written unseen and put in place in one step.

The table of lines is made by hand: see the model. Lines that are there become edition 0 of their roll.
"""

from typing import Any

from orjson import loads
from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from civic.migrations import Step

KEEP = "CREATE TABLE roll_line_kept AS SELECT ballot_id, person_key, weight FROM roll_line"
LINES = """
DROP TABLE roll_line;
CREATE TABLE roll_line (
    ballot_id BIGINT NOT NULL REFERENCES ballot (id) ON DELETE CASCADE, edition INT NOT NULL DEFAULT 0,
    person_key VARCHAR(64){} NOT NULL, weight BIGINT NOT NULL, PRIMARY KEY (ballot_id, edition, person_key)){};
INSERT INTO roll_line (ballot_id, edition, person_key, weight)
    SELECT ballot_id, 0, person_key, weight FROM roll_line_kept ORDER BY ballot_id, person_key;
DROP TABLE roll_line_kept;
"""


async def keep(apps: Any, editor: Any) -> None:
    await editor.client.execute_script(KEEP)


async def by_hand(apps: Any, editor: Any) -> None:
    client = editor.client
    postgres = client.capabilities.dialect == "postgres"
    collation, kind = (' COLLATE "C"', "") if postgres else ("", " WITHOUT ROWID")
    await client.execute_script(LINES.format(collation, kind))


def to(model: str, name: str, related: str, on_delete: OnDelete, null: bool = False) -> Any:
    return fields.ForeignKeyField(
        f"models.{model}", source_field=name, db_constraint=True, to_field="id", related_name=related,
        on_delete=on_delete, null=null,
    )  # fmt: skip


class Migration(Step):
    atomic = False
    dependencies = [("models", "0017_open_day_turns")]
    operations = [
        ops.RunPython(keep),
        ops.DeleteModel(name="RollLine"),
        ops.CreateModel(
            name="RollLine",
            fields=[
                ("person_key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("ballot", to("Ballot", "ballot_id", "lines", OnDelete.CASCADE)),
                ("edition", fields.IntField(default=0)),
                ("weight", fields.BigIntField(default=1)),
            ],
            options={"table": "roll_line", "app": "models", "pk_attr": "person_key"},
            bases=["Model"],
        ),
        ops.RunPython(by_hand),
        ops.AddField(model_name="Roll", name="edition", field=fields.IntField(default=0, db_default=0)),
        ops.CreateModel(
            name="RollUpload",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("ballot", to("Ballot", "ballot_id", "uploads", OnDelete.CASCADE)),
                ("edition", fields.IntField()),
                ("person", to("Person", "person_id", "roll_uploads", OnDelete.SET_NULL, null=True)),
                ("state", fields.CharField(default="reading", max_length=12)),
                ("take", fields.BooleanField(default=True)),
                ("done", fields.IntField(default=0)),
                ("rows", fields.IntField(default=0)),
                ("weighted", fields.BooleanField(default=False)),
                ("weight", fields.BigIntField(default=0)),
                ("wrong", fields.IntField(default=0)),
                ("refused", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ("error", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("sha256", fields.CharField(default="", max_length=64)),
                ("started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("beat_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "roll_upload", "app": "models", "unique_together": (("ballot_id", "edition"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]  # fmt: skip
