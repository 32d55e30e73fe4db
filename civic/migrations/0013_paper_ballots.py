"""Voting on paper: who has a sheet, batches of sheets, and what was read in them."""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from civic.migrations import Step

# No rowid, so that no order of handing out is kept: the key is random.
VOTERS = """
DROP TABLE paper_voter;
CREATE TABLE paper_voter (
    id VARCHAR(32) NOT NULL PRIMARY KEY,
    ballot_id BIGINT NOT NULL REFERENCES ballot (id) ON DELETE CASCADE,
    person_id CHAR(36) NOT NULL REFERENCES person (id) ON DELETE RESTRICT,
    UNIQUE (ballot_id, person_id)) WITHOUT ROWID;
"""


async def without_rowid(apps: Any, editor: Any) -> None:
    if editor.client.capabilities.dialect != "postgres":
        await editor.client.execute_script(VOTERS)


def to(model: str, column: str, related_name: str, on_delete: OnDelete) -> Any:
    return fields.ForeignKeyField(
        f"models.{model}", source_field=column, db_constraint=True, to_field="id", related_name=related_name,
        on_delete=on_delete,
    )  # fmt: skip


def number() -> Any:
    return fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)


class Migration(Step):
    """New tables, and an empty column in published papers."""

    atomic = False
    dependencies = [("models", "0012_tokens")]
    operations = [
        ops.CreateModel(
            name="PaperPolling",
            fields=[
                (
                    "ballot",
                    fields.OneToOneField(
                        "models.Ballot", source_field="ballot_id", primary_key=True, db_index=True,
                        db_constraint=True, to_field="id", related_name="paper_polling",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("state", fields.CharField(default="offered", max_length=12)),
                ("replaced", fields.IntField(default=0)),
                ("taken_back", fields.IntField(default=0)),
                ("missing_reason", fields.CharField(default="", max_length=500)),
            ],
            options={"table": "paper_polling", "app": "models", "pk_attr": "ballot_id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PaperVoter",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ("ballot", to("Ballot", "ballot_id", "paper_voters", OnDelete.CASCADE)),
                ("person", to("Person", "person_id", "paper_votes", OnDelete.RESTRICT)),
            ],
            options={
                "table": "paper_voter", "app": "models", "unique_together": (("ballot_id", "person_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PaperBatch",
            fields=[
                ("id", number()),
                ("ballot", to("Ballot", "ballot_id", "paper_batches", OnDelete.RESTRICT)),
                ("number", fields.IntField()),
                ("sheets", fields.IntField()),
                ("state", fields.CharField(default="open", max_length=12)),
                ("differing", fields.IntField(default=0)),
                ("reason", fields.CharField(default="", max_length=500)),
            ],
            options={
                "table": "paper_batch", "app": "models", "unique_together": (("ballot_id", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PaperReading",
            fields=[
                ("id", number()),
                ("batch", to("PaperBatch", "batch_id", "readings", OnDelete.CASCADE)),
                ("turn", fields.IntField()),
                ("clerk", to("Person", "clerk_id", "paper_readings", OnDelete.RESTRICT)),
                ("ruling", fields.BooleanField(default=False)),
                ("sealed", fields.BinaryField()),
            ],
            options={
                "table": "paper_reading", "app": "models", "unique_together": (("batch_id", "turn"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Paper",
            name="channel",
            field=fields.CharField(default="", db_default="", max_length=6),
        ),
        ops.RunPython(without_rowid),
    ]  # fmt: skip
