"""The tree of areas, and its closure, so that "within" is one join."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class Area(Model):
    """A node of the tree. ``level`` is one of country, province, city, district, street, community, grid, building."""

    id = fields.BigIntField(primary_key=True)
    code = fields.CharField(20, unique=True)
    name = fields.CharField(120)
    name_en = fields.CharField(120, default="")
    level = fields.CharField(12)
    parent: Any = fields.ForeignKeyField(
        "models.Area", related_name="children", null=True, on_delete=fields.RESTRICT
    )
    parent_id: int | None
    support_threshold = fields.IntField(null=True)  # null: as the area above

    class Meta:
        table = "area"


class AreaWithin(Model):
    """``descendant`` lies within ``ancestor``, ``depth`` steps below; each area within itself at depth 0."""

    id = fields.BigIntField(primary_key=True)
    ancestor: Any = fields.ForeignKeyField("models.Area", related_name="inside", on_delete=fields.CASCADE)
    ancestor_id: int
    descendant: Any = fields.ForeignKeyField("models.Area", related_name="around", on_delete=fields.CASCADE)
    descendant_id: int
    depth = fields.SmallIntField()

    class Meta:
        table = "area_within"
        unique_together = (("ancestor_id", "descendant_id"),)
        indexes = (("descendant_id", "depth"),)
