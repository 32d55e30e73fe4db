"""Charters; obligations become a table of their own right. Promises in answers keep their words and evidence."""

from secrets import token_bytes
from typing import Any

from tortoise.migrations import operations as ops

from civic.migrations import Step
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index


async def carry_over(apps: Any, editor: Any) -> None:
    """Promises in answers are owed to the residents of the area; what was reported becomes a step."""
    client = editor.client
    postgres = client.capabilities.dialect == "postgres"

    def sql(text: str) -> str:
        for number in range(1, text.count("?") + 1):
            text = text.replace("?", f"${number}", 1) if postgres else text
        return text

    rows = await client.execute_query_dict(
        "SELECT o.id, o.evidence, o.state, o.party_id, o.response_id, o.reported_at, o.confirmed_at, "
        "r.published_at, r.author_id, COALESCE(p.area_id, b.area_id) AS area_id "
        "FROM obligation o LEFT JOIN response r ON r.id = o.response_id LEFT JOIN deadline d ON d.id = r.deadline_id "
        "LEFT JOIN proposal p ON d.kind = 'proposal' AND p.id = d.subject_id "
        "LEFT JOIN ballot b ON d.kind = 'ballot' AND b.id = d.subject_id ORDER BY o.id"
    )
    for row in rows:
        await client.execute_query(
            sql(
                "UPDATE obligation SET counterpart_bloc = 'residents', counterpart_area_id = ?, source_id = ?, "
                "created_at = ?, settled_at = ?, salt = ? WHERE id = ?"
            ),
            [
                row["area_id"],
                row["response_id"],
                row["published_at"],
                row["confirmed_at"],
                token_bytes(16),
                row["id"],
            ],
        )
        if row["evidence"]:
            await client.execute_query(
                sql(
                    "INSERT INTO obligation_step (obligation_id, kind, party_id, text, salt, at) "
                    "VALUES (?, 'reported', ?, ?, ?, ?)"
                ),
                [
                    row["id"],
                    row["party_id"],
                    row["evidence"],
                    token_bytes(16),
                    row["reported_at"] or row["published_at"],
                ],
            )


class Migration(Step):
    dependencies = [("models", "0005_sealed_box")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Charter",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("title", fields.CharField(max_length=120)),
                ("purpose", fields.TextField(default="", unique=False)),
                ("subject_kind", fields.CharField(default="", max_length=12)),
                ("subject_id", fields.BigIntField(null=True)),
                (
                    "area",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="area_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="charters",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "convener",
                    fields.ForeignKeyField(
                        "models.Party",
                        source_field="convener_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="convened_charters",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "supersedes",
                    fields.ForeignKeyField(
                        "models.Charter",
                        source_field="supersedes_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="superseded_by",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("state", fields.CharField(default="draft", max_length=12)),
                ("version", fields.IntField(default=0)),
                ("text_hash", fields.CharField(default="", max_length=64)),
                ("clauses_made", fields.IntField(default=0)),
                ("language", fields.CharField(default="zh-Hans", max_length=8)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("opened_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("signing_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("in_force_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("over_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("over_reason", fields.CharField(default="", max_length=500)),
            ],
            options={
                "table": "charter",
                "app": "models",
                "indexes": [
                    Index(fields=["state", "id"]),
                    Index(fields=["subject_kind", "subject_id"]),
                    Index(fields=["area_id", "state"]),
                    Index(fields=["convener_id", "state"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CharterVersion",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "charter",
                    fields.ForeignKeyField(
                        "models.Charter",
                        source_field="charter_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="versions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number", fields.IntField()),
                ("text", fields.TextField(unique=False)),
                ("hash", fields.CharField(max_length=64)),
                ("reason", fields.CharField(default="", max_length=500)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Party",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="charter_versions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "charter_version",
                "app": "models",
                "unique_together": (("charter_id", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Clause",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "charter",
                    fields.ForeignKeyField(
                        "models.Charter",
                        source_field="charter_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="clauses",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number", fields.IntField()),
                ("kind", fields.CharField(max_length=8)),
                (
                    "holder",
                    fields.ForeignKeyField(
                        "models.Party",
                        source_field="holder_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="held_clauses",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("holder_bloc", fields.CharField(default="", max_length=12)),
                (
                    "holder_area",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="holder_area_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="held_clauses",
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
                        related_name="faced_clauses",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("counterpart_bloc", fields.CharField(default="", max_length=12)),
                (
                    "counterpart_area",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="counterpart_area_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="faced_clauses",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("text", fields.TextField(unique=False)),
                ("basis", fields.CharField(default="", max_length=300)),
                ("due_kind", fields.CharField(default="", max_length=10)),
                ("due_on", fields.DateField(null=True)),
                ("rule", fields.CharField(default="", max_length=200)),
                ("roll", fields.BooleanField(default=False)),
                ("trigger", fields.CharField(default="", max_length=300)),
                (
                    "declarer",
                    fields.ForeignKeyField(
                        "models.Party",
                        source_field="declarer_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="declared_clauses",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("days", fields.IntField(default=0)),
                ("evidence", fields.CharField(default="", max_length=500)),
                ("revision", fields.IntField(default=1)),
            ],
            options={
                "table": "clause",
                "app": "models",
                "unique_together": (("charter_id", "number"),),
                "indexes": [Index(fields=["holder_id", "kind"]), Index(fields=["counterpart_id", "kind"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ClauseAnswer",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "right",
                    fields.ForeignKeyField(
                        "models.Clause",
                        source_field="right_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="answered_by",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "duty",
                    fields.ForeignKeyField(
                        "models.Clause",
                        source_field="duty_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="answers",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "clause_answer",
                "app": "models",
                "unique_together": (("right_id", "duty_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ClauseChange",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "charter",
                    fields.ForeignKeyField(
                        "models.Charter",
                        source_field="charter_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="changes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number", fields.IntField(null=True)),
                ("revision", fields.IntField(default=0)),
                ("op", fields.CharField(max_length=8)),
                ("content", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("reason", fields.TextField(unique=False)),
                ("salt", fields.BinaryField()),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Party",
                        source_field="by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="clause_changes",
                        on_delete=OnDelete.RESTRICT,
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
                        related_name="clause_changes",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("state", fields.CharField(default="open", max_length=10)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "decided_by",
                    fields.ForeignKeyField(
                        "models.Party",
                        source_field="decided_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="decided_changes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("answer", fields.CharField(default="", max_length=500)),
            ],
            options={
                "table": "clause_change",
                "app": "models",
                "indexes": [Index(fields=["charter_id", "state"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ObligationStep",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "obligation",
                    fields.ForeignKeyField(
                        "models.Obligation",
                        source_field="obligation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="steps",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=10)),
                (
                    "party",
                    fields.ForeignKeyField(
                        "models.Party",
                        source_field="party_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="obligation_steps",
                        on_delete=OnDelete.RESTRICT,
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
                        related_name="obligation_steps",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("text", fields.TextField(default="", unique=False)),
                ("salt", fields.BinaryField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "obligation_step",
                "app": "models",
                "indexes": [Index(fields=["obligation_id", "id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Evidence",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "step",
                    fields.ForeignKeyField(
                        "models.ObligationStep",
                        source_field="step_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="evidence",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=4)),
                ("url", fields.CharField(default="", max_length=500)),
                (
                    "file",
                    fields.ForeignKeyField(
                        "models.File",
                        source_field="file_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="evidence",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "evidence",
                "app": "models",
                "indexes": [Index(fields=["step_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Signature",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "version",
                    fields.ForeignKeyField(
                        "models.CharterVersion",
                        source_field="version_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="signatures",
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
                        related_name="charter_signatures",
                        on_delete=OnDelete.RESTRICT,
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
                        related_name="charter_signatures",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("reservation", fields.TextField(default="", unique=False)),
                ("salt", fields.BinaryField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "signature",
                "app": "models",
                "unique_together": (("version_id", "party_id"),),
                "indexes": [Index(fields=["party_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Obligation",
            name="declared",
            field=fields.CharField(default="", db_default="", max_length=500),
        ),
        ops.AddField(
            model_name="Obligation",
            name="again_on",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="Obligation",
            name="by_silence",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Obligation",
            name="charter",
            field=fields.ForeignKeyField(
                "models.Charter",
                source_field="charter_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="obligations",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Obligation",
            name="clause",
            field=fields.ForeignKeyField(
                "models.Clause",
                source_field="clause_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="obligations",
                on_delete=OnDelete.SET_NULL,
            ),
        ),
        ops.AddField(
            model_name="Obligation",
            name="confirm_by",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Obligation",
            name="counterpart",
            field=fields.ForeignKeyField(
                "models.Party",
                source_field="counterpart_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="owed",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Obligation",
            name="counterpart_area",
            field=fields.ForeignKeyField(
                "models.Area",
                source_field="counterpart_area_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="owed",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Obligation",
            name="counterpart_bloc",
            field=fields.CharField(default="", db_default="", max_length=12),
        ),
        ops.AddField(
            model_name="Obligation",
            name="created_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Obligation",
            name="occurrence",
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Obligation",
            name="overdue_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Obligation",
            name="salt",
            field=fields.BinaryField(null=True),
        ),
        ops.AddField(
            model_name="Obligation",
            name="settled_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Obligation",
            name="source_id",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="Obligation",
            name="source_kind",
            field=fields.CharField(default="response", db_default="response", max_length=12),
        ),
        ops.AddField(
            model_name="Obligation",
            name="wanted",
            field=fields.CharField(default="", db_default="", max_length=500),
        ),
        ops.RunPython(carry_over),
        ops.RemoveField(model_name="Obligation", name="evidence"),
        ops.AddIndex(
            model_name="Obligation",
            index=Index(fields=["counterpart_id", "state", "due_on"]),
        ),
        ops.AddIndex(
            model_name="Obligation",
            index=Index(fields=["state", "due_on", "id"]),
        ),
        ops.AddIndex(
            model_name="Obligation",
            index=Index(fields=["state", "confirm_by"]),
        ),
        ops.AddIndex(
            model_name="Obligation",
            index=Index(fields=["again_on"]),
        ),
        ops.AddIndex(
            model_name="Obligation",
            index=Index(fields=["source_kind", "source_id"]),
        ),
    ]
