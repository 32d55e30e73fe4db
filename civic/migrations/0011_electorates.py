"""All methods, uploaded rolls with weights, votes that are held again."""

from typing import Any

from orjson import loads
from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from civic.migrations import Step


class Longer(ops.AlterField):
    """Makes a text column longer: SQLite does not look at the length, and need not rebuild the table."""

    async def database_forward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None
    ) -> None:
        return None


async def longer(apps: Any, editor: Any) -> None:
    if editor.client.capabilities.dialect == "postgres":
        for column in ("method", "passing"):
            await editor.client.execute_script(f"ALTER TABLE ballot ALTER COLUMN {column} TYPE VARCHAR(20)")


def to_ballot(**options: Any) -> Any:
    return fields.ForeignKeyField("models.Ballot", db_constraint=True, to_field="id", **options)


class Migration(Step):
    """Columns with defaults, so that ballots that exist stay as they are."""

    dependencies = [("models", "0010_open_days")]
    operations = [
        ops.CreateModel(
            name="RollLine",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "ballot",
                    to_ballot(source_field="ballot_id", related_name="lines", on_delete=OnDelete.CASCADE),
                ),
                ("person_key", fields.CharField(max_length=64)),
                ("weight", fields.BigIntField(default=1)),
            ],
            options={
                "table": "roll_line",
                "app": "models",
                "unique_together": (("ballot_id", "person_key"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        Longer(model_name="Ballot", name="method", field=fields.CharField(max_length=20)),
        Longer(model_name="Ballot", name="passing", field=fields.CharField(max_length=20)),
        ops.RunPython(longer),
        *(
            ops.AddField(model_name="Ballot", name=name, field=field)
            for name, field in (
                (
                    "details",
                    fields.JSONField(default=dict, db_default="{}", encoder=JSON_DUMPS, decoder=loads),
                ),
                ("electorate", fields.CharField(default="residents", db_default="residents", max_length=12)),
                ("blocs", fields.JSONField(default=list, db_default="[]", encoder=JSON_DUMPS, decoder=loads)),
                ("weighted", fields.BooleanField(default=False, db_default=False)),
                ("shuffled", fields.BooleanField(default=False, db_default=False)),
                (
                    "rerun_of",
                    to_ballot(
                        source_field="rerun_of_id",
                        null=True,
                        related_name="reruns",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("eligible_weight", fields.BigIntField(default=0, db_default=0)),
            )
        ),
        ops.AddField(model_name="Paper", name="weight", field=fields.BigIntField(null=True)),
    ]
