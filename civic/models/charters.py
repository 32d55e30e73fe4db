"""Charters: who has which right, duty and interest; how the text came about, and who signed it."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class Charter(Model):
    """State: draft, negotiation, signing, in_force, superseded, ended.

    ``subject_kind``/``subject_id`` is what it belongs to (scenario, meeting, resolution), or "" and null. ``version``
    counts the texts since negotiation opened (0 before) and ``text_hash`` is that of the newest.
    """

    id = fields.BigIntField(primary_key=True)
    title = fields.CharField(120)
    purpose = fields.TextField(default="")
    subject_kind = fields.CharField(12, default="")
    subject_id = fields.BigIntField(null=True)
    area: Any = fields.ForeignKeyField("models.Area", related_name="charters", on_delete=fields.RESTRICT)
    area_id: int
    convener: Any = fields.ForeignKeyField(
        "models.Party", related_name="convened_charters", on_delete=fields.RESTRICT
    )
    convener_id: int
    supersedes: Any = fields.ForeignKeyField(
        "models.Charter", related_name="superseded_by", null=True, on_delete=fields.RESTRICT
    )
    supersedes_id: int | None
    state = fields.CharField(12, default="draft")
    version = fields.IntField(default=0)
    text_hash = fields.CharField(64, default="")
    clauses_made = fields.IntField(default=0)  # numbers of removed clauses are not given again
    language = fields.CharField(8, default="zh-Hans")
    created_at = fields.DatetimeField()
    opened_at = fields.DatetimeField(null=True)
    signing_at = fields.DatetimeField(null=True)
    in_force_at = fields.DatetimeField(null=True)
    over_at = fields.DatetimeField(null=True)
    over_reason = fields.CharField(500, default="")

    class Meta:
        table = "charter"
        indexes = (
            ("state", "id"),
            ("subject_kind", "subject_id"),
            ("area_id", "state"),
            ("convener_id", "state"),
        )


class Clause(Model):
    """A right, duty or interest. A holder and a counterpart are a party, or a bloc within an area.

    ``due_kind`` of a duty: "" (not said), day (``due_on``), recurrence (``rule`` from ``due_on`` on) or trigger
    (``trigger``, declared by ``declarer``, then ``days`` days). ``roll``: a day off moves to the next working day.
    """

    id = fields.BigIntField(primary_key=True)
    charter: Any = fields.ForeignKeyField("models.Charter", related_name="clauses", on_delete=fields.CASCADE)
    charter_id: int
    number = fields.IntField()
    kind = fields.CharField(8)
    holder: Any = fields.ForeignKeyField(
        "models.Party", related_name="held_clauses", null=True, on_delete=fields.RESTRICT
    )
    holder_id: int | None
    holder_bloc = fields.CharField(12, default="")
    holder_area: Any = fields.ForeignKeyField(
        "models.Area", related_name="held_clauses", null=True, on_delete=fields.RESTRICT
    )
    holder_area_id: int | None
    counterpart: Any = fields.ForeignKeyField(
        "models.Party", related_name="faced_clauses", null=True, on_delete=fields.RESTRICT
    )
    counterpart_id: int | None
    counterpart_bloc = fields.CharField(12, default="")
    counterpart_area: Any = fields.ForeignKeyField(
        "models.Area", related_name="faced_clauses", null=True, on_delete=fields.RESTRICT
    )
    counterpart_area_id: int | None
    text = fields.TextField()
    basis = fields.CharField(300, default="")
    due_kind = fields.CharField(10, default="")
    due_on = fields.DateField(null=True)
    rule = fields.CharField(200, default="")
    roll = fields.BooleanField(default=False)
    trigger = fields.CharField(300, default="")
    declarer: Any = fields.ForeignKeyField(
        "models.Party", related_name="declared_clauses", null=True, on_delete=fields.RESTRICT
    )
    declarer_id: int | None
    days = fields.IntField(default=0)
    evidence = fields.CharField(500, default="")
    revision = fields.IntField(default=1)

    class Meta:
        table = "clause"
        unique_together = (("charter_id", "number"),)
        indexes = (("holder_id", "kind"), ("counterpart_id", "kind"))


class ClauseAnswer(Model):
    """``duty`` answers ``right``: it is what makes the right real."""

    id = fields.BigIntField(primary_key=True)
    right: Any = fields.ForeignKeyField("models.Clause", related_name="answered_by", on_delete=fields.CASCADE)
    right_id: int
    duty: Any = fields.ForeignKeyField("models.Clause", related_name="answers", on_delete=fields.CASCADE)
    duty_id: int

    class Meta:
        table = "clause_answer"
        unique_together = (("right_id", "duty_id"),)


class CharterVersion(Model):
    """The exact text as it stood: canonical JSON, whose SHA-256 is ``hash`` and is what parties sign."""

    id = fields.BigIntField(primary_key=True)
    charter: Any = fields.ForeignKeyField("models.Charter", related_name="versions", on_delete=fields.CASCADE)
    charter_id: int
    number = fields.IntField()
    text = fields.TextField()
    hash = fields.CharField(64)
    reason = fields.CharField(500, default="")
    by: Any = fields.ForeignKeyField(
        "models.Party", related_name="charter_versions", null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None
    at = fields.DatetimeField()

    class Meta:
        table = "charter_version"
        unique_together = (("charter_id", "number"),)


class Signature(Model):
    """A party's signature under one version. A reservation stands beside it."""

    id = fields.BigIntField(primary_key=True)
    version: Any = fields.ForeignKeyField(
        "models.CharterVersion", related_name="signatures", on_delete=fields.CASCADE
    )
    version_id: int
    party: Any = fields.ForeignKeyField(
        "models.Party", related_name="charter_signatures", on_delete=fields.RESTRICT
    )
    party_id: int
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="charter_signatures", null=True, on_delete=fields.SET_NULL
    )
    person_id: UUID | None
    reservation = fields.TextField(default="")
    salt = fields.BinaryField()
    at = fields.DatetimeField()

    class Meta:
        table = "signature"
        unique_together = (("version_id", "party_id"),)
        indexes = (("party_id",),)


class ClauseChange(Model):
    """A change that a party proposes: op add, change or remove. State: open, accepted, declined, withdrawn.

    ``content`` is the clause as it shall be (see `civic.rules.charters.clauses`). ``revision`` is that of the clause
    which the proposer saw.
    """

    id = fields.BigIntField(primary_key=True)
    charter: Any = fields.ForeignKeyField("models.Charter", related_name="changes", on_delete=fields.CASCADE)
    charter_id: int
    number = fields.IntField(null=True)  # of the clause; null for a new one
    revision = fields.IntField(default=0)
    op = fields.CharField(8)
    content: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    reason = fields.TextField()
    salt = fields.BinaryField()
    by: Any = fields.ForeignKeyField("models.Party", related_name="clause_changes", on_delete=fields.RESTRICT)
    by_id: int
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="clause_changes", null=True, on_delete=fields.SET_NULL
    )
    person_id: UUID | None
    state = fields.CharField(10, default="open")
    at = fields.DatetimeField()
    decided_by: Any = fields.ForeignKeyField(
        "models.Party", related_name="decided_changes", null=True, on_delete=fields.RESTRICT
    )
    decided_by_id: int | None
    decided_at = fields.DatetimeField(null=True)
    answer = fields.CharField(500, default="")

    class Meta:
        table = "clause_change"
        indexes = (("charter_id", "state"),)
