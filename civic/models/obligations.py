"""Obligations: one duty falling due once, and how it was kept or broken, step by step."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class Obligation(Model):
    """State: pending, reported, confirmed, disputed, broken, overdue, waived.

    ``party`` owes it to the counterpart: a party, or a bloc within an area. It comes from an answer, from a clause of a
    charter, or from something else that ``source_kind``/``source_id`` name. ``occurrence`` counts those of one clause.
    """

    id = fields.BigIntField(primary_key=True)
    party: Any = fields.ForeignKeyField("models.Party", related_name="obligations", on_delete=fields.RESTRICT)
    party_id: int
    counterpart: Any = fields.ForeignKeyField(
        "models.Party", related_name="owed", null=True, on_delete=fields.RESTRICT
    )
    counterpart_id: int | None
    counterpart_bloc = fields.CharField(12, default="", db_default="")
    counterpart_area: Any = fields.ForeignKeyField(
        "models.Area", related_name="owed", null=True, on_delete=fields.RESTRICT
    )
    counterpart_area_id: int | None
    response: Any = fields.ForeignKeyField(
        "models.Response", related_name="obligations", null=True, on_delete=fields.CASCADE
    )
    response_id: int | None
    charter: Any = fields.ForeignKeyField(
        "models.Charter", related_name="obligations", null=True, on_delete=fields.RESTRICT
    )
    charter_id: int | None
    clause: Any = fields.ForeignKeyField(
        "models.Clause", related_name="obligations", null=True, on_delete=fields.SET_NULL
    )
    clause_id: int | None
    source_kind = fields.CharField(12, default="response", db_default="response")
    source_id = fields.BigIntField(null=True)
    occurrence = fields.IntField(default=0, db_default=0)
    text = fields.TextField()
    salt = fields.BinaryField(null=True)
    wanted = fields.CharField(500, default="", db_default="")  # what evidence shows that it was kept
    declared = fields.CharField(500, default="", db_default="")  # of a triggered duty: what happened
    due_on = fields.DateField()
    state = fields.CharField(12, default="pending")
    created_at = fields.DatetimeField(null=True)
    overdue_at = fields.DatetimeField(null=True)  # stays, also when it is kept later
    reported_at = fields.DatetimeField(null=True)
    confirm_by = fields.DatetimeField(null=True)  # silence until then confirms
    confirmed_at = fields.DatetimeField(null=True)
    settled_at = fields.DatetimeField(null=True)  # confirmed, broken or waived
    by_silence = fields.BooleanField(default=False, db_default=False)
    again_on = fields.DateField(null=True)  # of a recurring duty: when the next one is made; null once it is

    class Meta:
        table = "obligation"
        indexes = (
            ("party_id", "state", "due_on"),
            ("counterpart_id", "state", "due_on"),
            ("state", "due_on", "id"),
            ("state", "confirm_by"),
            ("source_kind", "source_id"),
            ("again_on",),
        )


class ObligationStep(Model):
    """What happened to it: reported, confirmed, silence, disputed, kept, broken (both settled), waived, overdue,
    reminded."""

    id = fields.BigIntField(primary_key=True)
    obligation: Any = fields.ForeignKeyField(
        "models.Obligation", related_name="steps", on_delete=fields.CASCADE
    )
    obligation_id: int
    kind = fields.CharField(10)
    party: Any = fields.ForeignKeyField(
        "models.Party", related_name="obligation_steps", null=True, on_delete=fields.RESTRICT
    )
    party_id: int | None
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="obligation_steps", null=True, on_delete=fields.SET_NULL
    )
    person_id: UUID | None
    text = fields.TextField(default="")
    salt = fields.BinaryField()
    at = fields.DatetimeField()

    class Meta:
        table = "obligation_step"
        indexes = (("obligation_id", "id"),)


class Evidence(Model):
    """What a report shows: a link or a file. (Its words are the step's text.)"""

    id = fields.BigIntField(primary_key=True)
    step: Any = fields.ForeignKeyField(
        "models.ObligationStep", related_name="evidence", on_delete=fields.CASCADE
    )
    step_id: int
    kind = fields.CharField(4)  # link, file
    url = fields.CharField(500, default="")
    file: Any = fields.ForeignKeyField(
        "models.File", related_name="evidence", null=True, on_delete=fields.RESTRICT
    )
    file_id: int | None

    class Meta:
        table = "evidence"
        indexes = (("step_id",),)
