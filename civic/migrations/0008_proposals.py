"""Amendments, merging, moderation, taking an answer further, choices of notification; counts for fast lists."""

from tortoise.migrations import operations as ops

from civic.migrations import Step
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

FILL = (
    "UPDATE deadline SET warn_at = due_at WHERE answered_at IS NULL",
    "UPDATE proposal SET supports_total = supports + imported_supports",
    "UPDATE proposal SET due_at = (SELECT min(d.due_at) FROM deadline d WHERE d.kind = 'proposal' "
    "AND d.subject_id = proposal.id AND d.answered_at IS NULL)",
    "UPDATE proposal SET answered_at = (SELECT max(d.answered_at) FROM deadline d WHERE d.kind = 'proposal' "
    "AND d.subject_id = proposal.id)",
    "UPDATE comment SET answers = (SELECT count(*) FROM comment c WHERE c.parent_id = comment.id)",
)


async def fill(apps, editor):
    """The new columns of rows that are there already."""
    for statement in FILL:
        await editor.client.execute_query(statement)


class Migration(Step):
    dependencies = [("models", "0007_ledger_filters")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Amendment",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "proposal",
                    fields.ForeignKeyField(
                        "models.Proposal",
                        source_field="proposal_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="amendments",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "author",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="author_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="amendments",
                        on_delete=OnDelete.RESTRICT,
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
                        related_name="amendments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("base", fields.IntField()),
                ("title", fields.CharField(max_length=200)),
                ("body", fields.TextField(unique=False)),
                ("reason", fields.CharField(max_length=500)),
                ("salt", fields.BinaryField()),
                ("state", fields.CharField(default="proposed", max_length=10)),
                ("answer", fields.CharField(default="", max_length=500)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "amendment",
                "app": "models",
                "indexes": [Index(fields=["proposal_id", "state"]), Index(fields=["author_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Escalation",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "response",
                    fields.OneToOneField(
                        "models.Response",
                        source_field="response_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="escalation",
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
                        related_name="escalations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.TextField(unique=False)),
                ("salt", fields.BinaryField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "escalation", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MergeRequest",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "proposal",
                    fields.ForeignKeyField(
                        "models.Proposal",
                        source_field="proposal_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="merge_requests",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "into",
                    fields.ForeignKeyField(
                        "models.Proposal",
                        source_field="into_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="merge_offers",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("reason", fields.CharField(default="", max_length=500)),
                ("state", fields.CharField(default="open", max_length=8)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("current", fields.BigIntField(null=True, unique=True)),
            ],
            options={
                "table": "merge_request",
                "app": "models",
                "indexes": [Index(fields=["into_id", "state"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="NotificationChoice",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="notification_choices",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("topic", fields.CharField(max_length=20)),
                ("channel", fields.CharField(max_length=10)),
                ("often", fields.CharField(max_length=10)),
            ],
            options={
                "table": "notification_choice",
                "app": "models",
                "unique_together": (("person_id", "topic", "channel"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Report",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("kind", fields.CharField(max_length=12)),
                ("subject_id", fields.BigIntField()),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="reports",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("appeal", fields.BooleanField(default=False)),
                ("reason", fields.CharField(max_length=500)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("settled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("outcome", fields.CharField(default="", max_length=10)),
            ],
            options={
                "table": "report",
                "app": "models",
                "unique_together": (("kind", "subject_id", "person_id", "appeal"),),
                "indexes": [Index(fields=["settled_at", "id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Comment",
            name="answers",
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddIndex(
            model_name="Comment",
            index=Index(fields=["proposal_id", "parent_id", "answers", "id"]),
        ),
        ops.AddIndex(
            model_name="Comment",
            index=Index(fields=["parent_id", "id"]),
        ),
        ops.AddIndex(
            model_name="Comment",
            index=Index(fields=["author_id"]),
        ),
        ops.AddIndex(
            model_name="Deadline",
            index=Index(fields=["answered_at", "due_at", "id"]),
        ),
        ops.AddIndex(
            model_name="Deadline",
            index=Index(fields=["answered_at", "id"]),
        ),
        ops.AddIndex(
            model_name="Deadline",
            index=Index(fields=["provisional"]),
        ),
        ops.AddField(
            model_name="Mail",
            name="failed",
            field=fields.CharField(default="", db_default="", max_length=40),
        ),
        ops.AddField(
            model_name="Mail",
            name="next_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Mail",
            name="person",
            field=fields.ForeignKeyField(
                "models.Person",
                source_field="person_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="mails",
                on_delete=OnDelete.CASCADE,
            ),
        ),
        ops.AddIndex(
            model_name="Mail",
            index=Index(fields=["sent_at", "failed", "next_at"]),
        ),
        ops.AddField(
            model_name="Notification",
            name="detail",
            field=fields.CharField(default="", db_default="", max_length=500),
        ),
        ops.AddField(
            model_name="Notification",
            name="digest",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Notification",
            name="shown",
            field=fields.BooleanField(default=True, db_default=True),
        ),
        ops.AddIndex(
            model_name="Notification",
            index=Index(fields=["digest", "person_id"]),
        ),
        ops.AddField(
            model_name="Proposal",
            name="answered_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Proposal",
            name="due_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Proposal",
            name="supports_total",
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddIndex(
            model_name="Proposal",
            index=Index(fields=["published_at", "id"]),
        ),
        ops.AddIndex(
            model_name="Proposal",
            index=Index(fields=["supports_total", "id"]),
        ),
        ops.AddIndex(
            model_name="Proposal",
            index=Index(fields=["comments", "id"]),
        ),
        ops.AddIndex(
            model_name="Proposal",
            index=Index(fields=["due_at", "id"]),
        ),
        ops.AddIndex(
            model_name="Proposal",
            index=Index(fields=["merged_into_id"]),
        ),
        ops.AddField(
            model_name="Proposal",
            name="sponsor",
            field=fields.ForeignKeyField(
                "models.Party",
                source_field="sponsor_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="sponsored",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Deadline",
            name="warn_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name="Deadline",
            index=Index(fields=["warn_at"]),
        ),
        ops.AddField(
            model_name="Deadline",
            name="ended",
            field=fields.CharField(default="", db_default="", max_length=10),
        ),
        ops.AddField(
            model_name="Response",
            name="transferred_to",
            field=fields.ForeignKeyField(
                "models.Party",
                source_field="transferred_to_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="received",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="ResponseVersion",
            name="cost",
            field=fields.CharField(default="", db_default="", max_length=200),
        ),
        ops.RunPython(fill),
    ]
