"""What people are told, in the platform and by mail, and how they want it."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class Notification(Model):
    """``kind`` names the text (such as response.published); ``subject``/``subject_id`` what it is about.

    shown: stands on the person's page. digest: waits for the daily mail.
    """

    id = fields.BigIntField(primary_key=True)
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="notifications", on_delete=fields.CASCADE
    )
    person_id: UUID
    kind = fields.CharField(40)
    subject = fields.CharField(20)
    subject_id = fields.BigIntField()
    title = fields.CharField(200, default="")
    detail = fields.CharField(500, default="", db_default="")
    at = fields.DatetimeField()
    read_at = fields.DatetimeField(null=True)
    shown = fields.BooleanField(default=True, db_default=True)
    digest = fields.BooleanField(default=False, db_default=False)

    class Meta:
        table = "notification"
        indexes = (("person_id", "read_at", "id"), ("digest", "person_id"))


class NotificationChoice(Model):
    """How often a person is told of a topic on a channel (platform, mail): at_once, daily or never."""

    id = fields.BigIntField(primary_key=True)
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="notification_choices", on_delete=fields.CASCADE
    )
    person_id: UUID
    topic = fields.CharField(20)
    channel = fields.CharField(10)
    often = fields.CharField(10)

    class Meta:
        table = "notification_choice"
        unique_together = (("person_id", "topic", "channel"),)


class Mail(Model):
    """The outbox. Delivery is never part of an act. ``failed`` is why it was given up; its text is then emptied."""

    id = fields.BigIntField(primary_key=True)
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="mails", null=True, on_delete=fields.CASCADE
    )
    person_id: UUID | None
    to = fields.CharField(254)
    subject = fields.CharField(200)
    body = fields.TextField()
    queued_at = fields.DatetimeField()
    next_at = fields.DatetimeField(null=True)
    sent_at = fields.DatetimeField(null=True)
    failures = fields.SmallIntField(default=0)
    failed = fields.CharField(40, default="", db_default="")

    class Meta:
        table = "mail"
        indexes = (("sent_at", "failed", "next_at"),)
