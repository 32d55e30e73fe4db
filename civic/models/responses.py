"""What awaits an answer, the answers and how they were rated. Their commitments are obligations."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class Deadline(Model):
    """A subject (``kind``, ``subject_id``) awaits the answer of a department by ``due_at``.

    It is open until ``answered_at``, or until it ``ended`` without an answer: withdrawn, merged, hidden.
    """

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(12)  # proposal, ballot, question, resolution
    subject_id = fields.BigIntField()
    department: Any = fields.ForeignKeyField(
        "models.Party", related_name="deadlines", on_delete=fields.RESTRICT
    )
    department_id: int
    started_at = fields.DatetimeField()
    due_at = fields.DatetimeField(db_index=True)
    working_days = fields.IntField()
    provisional = fields.BooleanField(default=False)  # reaches beyond the announced calendar
    extended_at = fields.DatetimeField(null=True)
    extension_reason = fields.CharField(500, default="")
    answered_at = fields.DatetimeField(null=True)
    ended = fields.CharField(10, default="", db_default="")
    warn_at = fields.DatetimeField(null=True)  # when the next warning falls due
    warned = fields.SmallIntField(default=0)  # 1 half, 2 four fifths, 3 over

    class Meta:
        table = "deadline"
        unique_together = (("kind", "subject_id", "department_id"),)
        indexes = (
            ("department_id", "answered_at", "due_at"),
            ("answered_at", "due_at", "id"),
            ("answered_at", "id"),
            ("provisional",),
            ("warn_at",),
        )


class Response(Model):
    """The one answer to a deadline. Verdict: accepted, partly, declined, studying, transferred."""

    id = fields.BigIntField(primary_key=True)
    deadline: Any = fields.OneToOneField(
        "models.Deadline", related_name="response", on_delete=fields.RESTRICT
    )
    deadline_id: int
    verdict = fields.CharField(12)
    reasons = fields.TextField()
    salt = fields.BinaryField()
    cost = fields.CharField(200, default="")
    transferred_to: Any = fields.ForeignKeyField(
        "models.Party", related_name="received", null=True, on_delete=fields.RESTRICT
    )
    transferred_to_id: int | None
    version = fields.IntField(default=1)
    author: Any = fields.ForeignKeyField(
        "models.Person", related_name="responses", null=True, on_delete=fields.RESTRICT
    )
    author_id: UUID | None
    published_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "response"


class ResponseVersion(Model):
    """An answer as it stood."""

    id = fields.BigIntField(primary_key=True)
    response: Any = fields.ForeignKeyField(
        "models.Response", related_name="versions", on_delete=fields.CASCADE
    )
    response_id: int
    number = fields.IntField()
    verdict = fields.CharField(12)
    reasons = fields.TextField()
    cost = fields.CharField(200, default="", db_default="")
    reason = fields.CharField(500, default="")
    at = fields.DatetimeField()

    class Meta:
        table = "response_version"
        unique_together = (("response_id", "number"),)


class Rating(Model):
    """What one who asked thinks of the answer: 1 (bad) to 5 (good)."""

    id = fields.BigIntField(primary_key=True)
    response: Any = fields.ForeignKeyField(
        "models.Response", related_name="ratings", on_delete=fields.CASCADE
    )
    response_id: int
    person: Any = fields.ForeignKeyField("models.Person", related_name="ratings", on_delete=fields.CASCADE)
    person_id: UUID
    stars = fields.SmallIntField()
    at = fields.DatetimeField()

    class Meta:
        table = "rating"
        unique_together = (("response_id", "person_id"),)


class Escalation(Model):
    """One who asked takes an answer to a joint meeting, once an answer. A meeting picks it up from here."""

    id = fields.BigIntField(primary_key=True)
    response: Any = fields.OneToOneField(
        "models.Response", related_name="escalation", on_delete=fields.CASCADE
    )
    response_id: int
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="escalations", on_delete=fields.RESTRICT
    )
    person_id: UUID
    reason = fields.TextField()
    salt = fields.BinaryField()
    at = fields.DatetimeField()

    class Meta:
        table = "escalation"
