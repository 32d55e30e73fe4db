"""Ballots by blind-signed tokens."""

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from civic.migrations import Step


class Migration(Step):
    """Columns with defaults, so that ballots that exist stay as they are."""

    dependencies = [("models", "0011_electorates")]
    initial = False
    operations = [
        ops.CreateModel(
            name="TokenIssue",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "ballot",
                    fields.ForeignKeyField(
                        "models.Ballot",
                        source_field="ballot_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="token_issues",
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
                        related_name="token_issues",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("blinded", fields.CharField(max_length=64)),
            ],
            options={
                "table": "token_issue",
                "app": "models",
                "unique_together": (("ballot_id", "person_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Ballot", name="anonymous", field=fields.BooleanField(default=False, db_default=False)
        ),
        ops.AddField(
            model_name="Ballot", name="token_key", field=fields.TextField(default="", db_default="")
        ),
        ops.AddField(model_name="Paper", name="token", field=fields.TextField(null=True)),
    ]
