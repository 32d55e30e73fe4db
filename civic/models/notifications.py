"""What people are told, in the platform and by mail."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class Notification(Model):
    """``kind`` names the text (such as response.published); ``kind_of``/``subject_id`` what it is about."""

    id = fields.BigIntField(primary_key=True)
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="notifications", on_delete=fields.CASCADE
    )
    person_id: UUID
    kind = fields.CharField(40)
    subject = fields.CharField(20)
    subject_id = fields.BigIntField()
    title = fields.CharField(200, default="")
    at = fields.DatetimeField()
    read_at = fields.DatetimeField(null=True)

    class Meta:
        table = "notification"
        indexes = (("person_id", "read_at", "id"),)


class Mail(Model):
    """The outbox. Delivery is never part of an act."""

    id = fields.BigIntField(primary_key=True)
    to = fields.CharField(254)
    subject = fields.CharField(200)
    body = fields.TextField()
    queued_at = fields.DatetimeField()
    sent_at = fields.DatetimeField(null=True)
    failures = fields.SmallIntField(default=0)

    class Meta:
        table = "mail"
