"""Uploaded rolls as a whole, and what is said against them."""

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from civic.migrations import Step


class Migration(Step):
    dependencies = [("models", "0014_complaints")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Roll",
            fields=[
                (
                    "ballot",
                    fields.OneToOneField(
                        "models.Ballot",
                        source_field="ballot_id",
                        primary_key=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="uploaded",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("lines", fields.IntField()),
                ("weight", fields.BigIntField()),
                ("sha256", fields.CharField(max_length=64)),
                ("announced", fields.CharField(default="", max_length=64)),
                ("corrections", fields.IntField(default=0)),
            ],
            options={"table": "roll", "app": "models", "pk_attr": "ballot_id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RollChallenge",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "ballot",
                    fields.ForeignKeyField(
                        "models.Ballot",
                        source_field="ballot_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="challenges",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="roll_challenges",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("about", fields.CharField(max_length=12)),
                ("text", fields.CharField(max_length=1000)),
                ("salt", fields.BinaryField()),
                ("state", fields.CharField(default="open", max_length=12)),
                ("answer", fields.CharField(default="", max_length=500)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "roll_challenge",
                "app": "models",
                "indexes": [Index(fields=["ballot_id", "state"]), Index(fields=["person_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
