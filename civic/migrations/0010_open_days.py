from typing import Any

from tortoise.migrations import operations as ops

from civic.migrations import Step
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

# Overbooking is refused by the database itself. SQLite adds no check to a table that exists, so a trigger does it.
SQLITE = """
CREATE TRIGGER IF NOT EXISTS open_day_slot_full BEFORE UPDATE OF taken, capacity ON open_day_slot
WHEN new.taken < 0 OR new.taken > new.capacity BEGIN SELECT RAISE(ABORT, 'open_day_slot_full'); END;
"""
POSTGRES = """
ALTER TABLE open_day_slot ADD CONSTRAINT open_day_slot_full CHECK (taken >= 0 AND taken <= capacity);
"""


async def forbid_overbooking(apps: Any, editor: Any) -> None:
    dialect = editor.client.capabilities.dialect
    await editor.client.execute_script(POSTGRES if dialect == "postgres" else SQLITE)


class Migration(Step):
    dependencies = [("models", "0009_motion_clauses")]

    initial = False

    operations = [
        ops.CreateModel(
            name="OpenDaySeries",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "host",
                    fields.ForeignKeyField(
                        "models.Party",
                        source_field="host_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="open_day_series",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "area",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="area_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="open_day_series",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("title", fields.CharField(max_length=120)),
                ("about", fields.TextField(default="", unique=False)),
                ("place", fields.CharField(max_length=200)),
                ("access", fields.CharField(default="", max_length=500)),
                ("rule", fields.CharField(max_length=200)),
                ("first_on", fields.DateField()),
                ("slots", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("announce_days", fields.SmallIntField(default=21)),
                ("state", fields.CharField(default="active", max_length=12)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "open_day_series", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OpenDay",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "series",
                    fields.ForeignKeyField(
                        "models.OpenDaySeries",
                        source_field="series_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="editions",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                (
                    "host",
                    fields.ForeignKeyField(
                        "models.Party",
                        source_field="host_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="open_days",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "area",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="area_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="open_days",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "scenario",
                    fields.ForeignKeyField(
                        "models.Scenario",
                        source_field="scenario_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="open_days",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                (
                    "author",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="author_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="open_days",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("title", fields.CharField(max_length=120)),
                ("about", fields.TextField(default="", unique=False)),
                ("place", fields.CharField(max_length=200)),
                ("access", fields.CharField(default="", max_length=500)),
                ("online_url", fields.CharField(default="", max_length=300)),
                ("latitude", fields.IntField(null=True)),
                ("longitude", fields.IntField(null=True)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("opens_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closes_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("state", fields.CharField(default="draft", max_length=12)),
                ("cancel_reason", fields.CharField(default="", max_length=500)),
                ("report", fields.TextField(default="", unique=False)),
                ("salt", fields.BinaryField()),
                ("on_day", fields.DateField(null=True)),
                ("reported_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("registered", fields.IntField(default=0)),
                ("waiting", fields.IntField(default=0)),
                ("attended", fields.IntField(default=0)),
                ("revision", fields.IntField(default=0)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "open_day",
                "app": "models",
                "unique_together": (("series_id", "on_day"),),
                "indexes": [
                    Index(fields=["state", "starts_at"]),
                    Index(fields=["area_id", "starts_at"]),
                    Index(fields=["host_id", "starts_at"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OpenDayHost",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "open_day",
                    fields.ForeignKeyField(
                        "models.OpenDay",
                        source_field="open_day_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="co_hosts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "party",
                    fields.ForeignKeyField(
                        "models.Party",
                        source_field="party_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="co_hosted",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "open_day_host",
                "app": "models",
                "unique_together": (("open_day_id", "party_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OpenDayQuestion",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "open_day",
                    fields.ForeignKeyField(
                        "models.OpenDay",
                        source_field="open_day_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="questions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "author",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="author_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="questions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("body", fields.CharField(max_length=1000)),
                ("salt", fields.BinaryField()),
                ("state", fields.CharField(default="open", max_length=12)),
                ("supports", fields.IntField(default=0)),
                ("answer", fields.TextField(default="", unique=False)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "answered_by",
                    fields.ForeignKeyField(
                        "models.Party",
                        source_field="answered_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="answered_questions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("hidden_reason", fields.CharField(default="", max_length=500)),
                (
                    "proposal",
                    fields.ForeignKeyField(
                        "models.Proposal",
                        source_field="proposal_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="questions",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "open_day_question",
                "app": "models",
                "indexes": [Index(fields=["open_day_id", "supports"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OpenDaySlot",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "open_day",
                    fields.ForeignKeyField(
                        "models.OpenDay",
                        source_field="open_day_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="slots",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("position", fields.SmallIntField()),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("capacity", fields.IntField()),
                ("taken", fields.IntField(default=0)),
                ("waiting", fields.IntField(default=0)),
            ],
            options={
                "table": "open_day_slot",
                "app": "models",
                "unique_together": (("open_day_id", "position"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="QuestionSupport",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "question",
                    fields.ForeignKeyField(
                        "models.OpenDayQuestion",
                        source_field="question_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="support_rows",
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
                        related_name="question_supports",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "question_support",
                "app": "models",
                "unique_together": (("question_id", "person_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Registration",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "open_day",
                    fields.ForeignKeyField(
                        "models.OpenDay",
                        source_field="open_day_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="registrations",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "slot",
                    fields.ForeignKeyField(
                        "models.OpenDaySlot",
                        source_field="slot_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="registrations",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="registrations",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "party",
                    fields.ForeignKeyField(
                        "models.Party",
                        source_field="party_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="registrations",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "clerk",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="clerk_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="registered_for",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("name", fields.CharField(max_length=80)),
                ("size", fields.SmallIntField()),
                ("state", fields.CharField(max_length=12)),
                ("code", fields.CharField(unique=True, max_length=16)),
                ("current", fields.CharField(null=True, unique=True, max_length=64)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("promoted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("checked_in_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "registration",
                "app": "models",
                "indexes": [
                    Index(fields=["slot_id", "state", "id"]),
                    Index(fields=["open_day_id", "state"]),
                    Index(fields=["person_id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OpenDayFeedback",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "registration",
                    fields.OneToOneField(
                        "models.Registration",
                        source_field="registration_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="feedback",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "open_day",
                    fields.ForeignKeyField(
                        "models.OpenDay",
                        source_field="open_day_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="feedback",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("stars", fields.SmallIntField()),
                ("text", fields.CharField(default="", max_length=1000)),
                ("salt", fields.BinaryField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "open_day_feedback", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunPython(forbid_overbooking),
    ]
