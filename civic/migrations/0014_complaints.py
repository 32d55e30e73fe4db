"""Complaints about a count, and when a certified result is final."""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from civic.migrations import Step


def to(model: str, **options: Any) -> Any:
    names = {"db_constraint": True, "to_field": "id", "on_delete": OnDelete.RESTRICT}
    return fields.ForeignKeyField(f"models.{model}", **names, **options)


async def final(apps: Any, editor: Any) -> None:
    """What was certified before there was a time for complaints is final."""
    await editor.client.execute_script(
        "UPDATE ballot SET final_at = (SELECT max(at) FROM certification c WHERE c.ballot_id = ballot.id) "
        "WHERE state = 'certified'"
    )


class Migration(Step):
    dependencies = [("models", "0013_paper_ballots")]
    operations = [
        ops.AddField(model_name="Ballot", name="complaints_until", field=fields.DatetimeField(null=True)),
        ops.AddField(model_name="Ballot", name="final_at", field=fields.DatetimeField(null=True)),
        ops.RunPython(final),
        ops.CreateModel(
            name="Complaint",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("ballot", to("Ballot", source_field="ballot_id", related_name="complaints")),
                ("number", fields.IntField()),
                ("person", to("Person", source_field="person_id", related_name="ballot_complaints")),
                (
                    "party",
                    to("Party", source_field="party_id", related_name="ballot_complaints", null=True),
                ),
                ("reason", fields.TextField(unique=False)),
                ("salt", fields.BinaryField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("answer_by", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("upheld", fields.BooleanField(null=True)),
                ("answer", fields.TextField(default="", unique=False)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "ballot_complaint",
                "app": "models",
                "unique_together": (("ballot_id", "person_id"), ("ballot_id", "number")),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
