"""Comments on proposals: two levels, each with a stance."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class Comment(Model):
    """``stance`` is for, against or neutral. ``parent`` is a comment of the first level, which counts ``answers``."""

    id = fields.BigIntField(primary_key=True)
    proposal: Any = fields.ForeignKeyField(
        "models.Proposal", related_name="comment_rows", on_delete=fields.CASCADE
    )
    proposal_id: int
    parent: Any = fields.ForeignKeyField(
        "models.Comment", related_name="replies", null=True, on_delete=fields.CASCADE
    )
    parent_id: int | None
    author: Any = fields.ForeignKeyField("models.Person", related_name="comments", on_delete=fields.RESTRICT)
    author_id: UUID
    party: Any = fields.ForeignKeyField(
        "models.Party", related_name="comments", null=True, on_delete=fields.RESTRICT
    )
    party_id: int | None
    stance = fields.CharField(8, default="neutral")
    body = fields.TextField()
    salt = fields.BinaryField()
    hidden_reason = fields.CharField(500, default="")
    answers = fields.IntField(default=0, db_default=0)
    at = fields.DatetimeField()

    class Meta:
        table = "comment"
        indexes = (
            ("proposal_id", "parent_id", "id"),
            ("proposal_id", "parent_id", "answers", "id"),
            ("parent_id", "id"),
            ("author_id",),
        )
