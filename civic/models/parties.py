"""Parties: organisations and groups that hold rights and duties, and who acts for them."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class Party(Model):
    """``kind`` is its bloc: government, enterprise, association, residents or institution.

    State: applied, active, suspended, closed. For a government department ``area`` is what it covers.
    """

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(12)
    name = fields.CharField(120)
    name_en = fields.CharField(120, default="")
    credit_code = fields.CharField(18, null=True, unique=True)
    area: Any = fields.ForeignKeyField("models.Area", related_name="parties", on_delete=fields.RESTRICT)
    area_id: int
    about = fields.TextField(default="")
    state = fields.CharField(12, default="applied")
    reason = fields.CharField(500, default="")
    created_at = fields.DatetimeField()
    approved_at = fields.DatetimeField(null=True)  # null: never approved, so never public

    class Meta:
        table = "party"
        indexes = (("kind", "state"), ("area_id", "kind"))


class Membership(Model):
    """A person's role in a party (manager, delegate, clerk) from a day to a day."""

    id = fields.BigIntField(primary_key=True)
    party: Any = fields.ForeignKeyField("models.Party", related_name="memberships", on_delete=fields.CASCADE)
    party_id: int
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="memberships", on_delete=fields.CASCADE
    )
    person_id: UUID
    role = fields.CharField(12)
    from_day = fields.DateField()
    until_day = fields.DateField(null=True)

    class Meta:
        table = "membership"
        unique_together = (("party_id", "person_id", "role", "from_day"),)
        indexes = (("person_id",),)


class Invitation(Model):
    """A role that waits for its person to take it. Taken, declined or withdrawn, it is gone."""

    id = fields.BigIntField(primary_key=True)
    party: Any = fields.ForeignKeyField("models.Party", related_name="invitations", on_delete=fields.CASCADE)
    party_id: int
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="invitations", on_delete=fields.CASCADE
    )
    person_id: UUID
    role = fields.CharField(12)
    from_day = fields.DateField()
    until_day = fields.DateField(null=True)
    invited_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()

    class Meta:
        table = "invitation"
        unique_together = (("party_id", "person_id", "role"),)
        indexes = (("person_id",),)
