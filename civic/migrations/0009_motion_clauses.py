"""Clauses that a motion names."""

from tortoise.migrations import operations as ops

from civic.migrations import Step
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(Step):
    dependencies = [("models", "0008_proposals")]

    initial = False

    operations = [
        ops.CreateModel(
            name="MotionClause",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "motion",
                    fields.ForeignKeyField(
                        "models.Motion",
                        source_field="motion_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="clauses",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number", fields.IntField()),
                (
                    "party",
                    fields.ForeignKeyField(
                        "models.Party",
                        source_field="party_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="motion_clauses",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "counterpart",
                    fields.ForeignKeyField(
                        "models.Party",
                        source_field="counterpart_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="motion_claims",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("text", fields.TextField(unique=False)),
                ("wanted", fields.CharField(default="", max_length=500)),
                ("due_on", fields.DateField()),
                ("salt", fields.BinaryField()),
                (
                    "obligation",
                    fields.ForeignKeyField(
                        "models.Obligation",
                        source_field="obligation_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="motion_clauses",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={
                "table": "motion_clause",
                "app": "models",
                "unique_together": (("motion_id", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
