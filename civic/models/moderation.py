"""What people report to the stewards."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class Report(Model):
    """Somebody asks that a thing (``kind``, ``subject_id``) be looked at; of a hidden one its author: an appeal.

    Open until ``settled_at``; ``outcome`` is then hidden, restored or dismissed.
    """

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(12)  # proposal, comment
    subject_id = fields.BigIntField()
    person: Any = fields.ForeignKeyField("models.Person", related_name="reports", on_delete=fields.CASCADE)
    person_id: UUID
    appeal = fields.BooleanField(default=False)
    reason = fields.CharField(500)
    at = fields.DatetimeField()
    settled_at = fields.DatetimeField(null=True)
    outcome = fields.CharField(10, default="")

    class Meta:
        table = "report"
        unique_together = (("kind", "subject_id", "person_id", "appeal"),)
        indexes = (("settled_at", "id"),)
