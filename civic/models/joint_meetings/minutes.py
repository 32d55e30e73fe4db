"""Minutes in versions, and what each seat said to them."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class Minutes(Model):
    """A version. ``sections`` is a list of {key, zh, en} in order; ``submitted_at``: the seats were asked to sign it."""

    id = fields.BigIntField(primary_key=True)
    meeting: Any = fields.ForeignKeyField(
        "models.JointMeeting", related_name="minutes", on_delete=fields.CASCADE
    )
    meeting_id: int
    number = fields.IntField()
    sections: fields.Field[list[dict[str, str]]] = fields.JSONField()
    salt = fields.BinaryField()
    reason = fields.CharField(500, default="")
    author: Any = fields.ForeignKeyField("models.Person", related_name="minutes", on_delete=fields.RESTRICT)
    author_id: UUID
    at = fields.DatetimeField()
    submitted_at = fields.DatetimeField(null=True)
    until = fields.DatetimeField(null=True)

    class Meta:
        table = "minutes"
        unique_together = (("meeting_id", "number"),)


class MinutesReply(Model):
    """A seat's answer to a version: signed or objected, with its text. It stays attached."""

    id = fields.BigIntField(primary_key=True)
    minutes: Any = fields.ForeignKeyField("models.Minutes", related_name="replies", on_delete=fields.CASCADE)
    minutes_id: int
    seat: Any = fields.ForeignKeyField("models.Seat", related_name="replies", on_delete=fields.RESTRICT)
    seat_id: int
    person: Any = fields.ForeignKeyField("models.Person", related_name="replies", on_delete=fields.RESTRICT)
    person_id: UUID
    answer = fields.CharField(8)
    text = fields.TextField(default="")
    salt = fields.BinaryField()
    at = fields.DatetimeField()

    class Meta:
        table = "minutes_reply"
        unique_together = (("minutes_id", "seat_id"),)
