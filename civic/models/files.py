"""Files, stored by the hash of their content, and what they are attached to."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class File(Model):
    """``sha256`` names the content in the file store."""

    id = fields.BigIntField(primary_key=True)
    sha256 = fields.CharField(64, db_index=True)
    name = fields.CharField(200)
    media_type = fields.CharField(100)
    size = fields.BigIntField()
    owner: Any = fields.ForeignKeyField("models.Person", related_name="files", on_delete=fields.CASCADE)
    owner_id: UUID
    at = fields.DatetimeField()

    class Meta:
        table = "file"


class Attachment(Model):
    """A file attached to something: ``kind`` and ``subject_id`` name it, such as proposal 12."""

    id = fields.BigIntField(primary_key=True)
    file: Any = fields.ForeignKeyField("models.File", related_name="attachments", on_delete=fields.CASCADE)
    file_id: int
    kind = fields.CharField(20)
    subject_id = fields.BigIntField()

    class Meta:
        table = "attachment"
        unique_together = (("kind", "subject_id", "file_id"),)
