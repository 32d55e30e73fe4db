"""Application scenarios and their modules."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class Scenario(Model):
    """A digital-government application. State: proposed, screening, consultation, admitted, rejected, building,
    trial, evaluation, live, retired."""

    id = fields.BigIntField(primary_key=True)
    title = fields.CharField(120)
    title_en = fields.CharField(120, default="")
    summary = fields.TextField(default="")
    state = fields.CharField(14, default="proposed")
    area: Any = fields.ForeignKeyField("models.Area", related_name="scenarios", on_delete=fields.RESTRICT)
    area_id: int
    lead: Any = fields.ForeignKeyField("models.Party", related_name="scenarios", on_delete=fields.RESTRICT)
    lead_id: int
    modules: Any
    created_at = fields.DatetimeField()

    class Meta:
        table = "scenario"


class Module(Model):
    """A part of a scenario."""

    id = fields.BigIntField(primary_key=True)
    scenario: Any = fields.ForeignKeyField(
        "models.Scenario", related_name="modules", on_delete=fields.CASCADE
    )
    scenario_id: int
    title = fields.CharField(120)
    title_en = fields.CharField(120, default="")

    class Meta:
        table = "module"
