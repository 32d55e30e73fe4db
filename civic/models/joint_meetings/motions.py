"""Motions, amendments, their votes by roll-call, and the resolutions that come of them."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class Motion(Model):
    """State: moved, seconded, voting, adopted, rejected, withdrawn, lapsed. An amendment has a ``parent``.

    ``number`` counts within the meeting. Of an amendment ``strike`` and ``insert`` say what it changes in the parent's
    text, and ``text`` why. ``version`` grows with every amendment that is adopted.
    """

    id = fields.BigIntField(primary_key=True)
    meeting: Any = fields.ForeignKeyField(
        "models.JointMeeting", related_name="motions", on_delete=fields.CASCADE
    )
    meeting_id: int
    item: Any = fields.ForeignKeyField("models.AgendaItem", related_name="motions", on_delete=fields.RESTRICT)
    item_id: int
    parent: Any = fields.ForeignKeyField(
        "models.Motion", related_name="amendments", null=True, on_delete=fields.CASCADE
    )
    parent_id: int | None
    number = fields.IntField()
    text = fields.TextField()
    original = fields.TextField()
    strike = fields.TextField(default="")
    insert = fields.TextField(default="")
    version = fields.IntField(default=1)
    salt = fields.BinaryField()
    rule = fields.CharField(12)
    state = fields.CharField(12, default="moved")
    mover: Any = fields.ForeignKeyField("models.Seat", related_name="moved", on_delete=fields.RESTRICT)
    mover_id: int
    mover_person: Any = fields.ForeignKeyField(
        "models.Person", related_name="moved", on_delete=fields.RESTRICT
    )
    mover_person_id: UUID
    seconder: Any = fields.ForeignKeyField(
        "models.Seat", related_name="seconded", null=True, on_delete=fields.RESTRICT
    )
    seconder_id: int | None
    seconder_person: Any = fields.ForeignKeyField(
        "models.Person", related_name="seconded", null=True, on_delete=fields.RESTRICT
    )
    seconder_person_id: UUID | None
    moved_at = fields.DatetimeField()

    class Meta:
        table = "motion"
        unique_together = (("meeting_id", "number"),)
        indexes = (("parent_id", "state"),)


class MotionClause(Model):
    """A duty that a motion names: what a seated party owes to another, or to the residents (no counterpart).

    When the motion is adopted it becomes an obligation.
    """

    id = fields.BigIntField(primary_key=True)
    motion: Any = fields.ForeignKeyField("models.Motion", related_name="clauses", on_delete=fields.CASCADE)
    motion_id: int
    number = fields.IntField()
    party: Any = fields.ForeignKeyField(
        "models.Party", related_name="motion_clauses", on_delete=fields.RESTRICT
    )
    party_id: int
    counterpart: Any = fields.ForeignKeyField(
        "models.Party", related_name="motion_claims", null=True, on_delete=fields.RESTRICT
    )
    counterpart_id: int | None
    text = fields.TextField()
    wanted = fields.CharField(500, default="")
    due_on = fields.DateField()
    salt = fields.BinaryField()
    obligation: Any = fields.ForeignKeyField(
        "models.Obligation", related_name="motion_clauses", null=True, on_delete=fields.SET_NULL
    )
    obligation_id: int | None

    class Meta:
        table = "motion_clause"
        unique_together = (("motion_id", "number"),)


class Recusal(Model):
    """A seat takes no part in a motion, because of an interest that it declares."""

    id = fields.BigIntField(primary_key=True)
    motion: Any = fields.ForeignKeyField("models.Motion", related_name="recusals", on_delete=fields.CASCADE)
    motion_id: int
    seat: Any = fields.ForeignKeyField("models.Seat", related_name="recusals", on_delete=fields.CASCADE)
    seat_id: int
    interest = fields.CharField(500)
    salt = fields.BinaryField()
    at = fields.DatetimeField()

    class Meta:
        table = "recusal"
        unique_together = (("motion_id", "seat_id"),)


class MotionVote(Model):
    """One vote on a motion as its text then stood. State: open, closed, void (the quorum was lost).

    ``text`` and ``rule`` are frozen when it opens; the quorums are as in the ledger: bloc -> present, needed, seats.
    """

    id = fields.BigIntField(primary_key=True)
    motion: Any = fields.ForeignKeyField("models.Motion", related_name="votes", on_delete=fields.CASCADE)
    motion_id: int
    number = fields.IntField()
    text = fields.TextField()
    rule = fields.CharField(12)
    state = fields.CharField(8, default="open")
    quorum_opened: fields.Field[dict[str, list[int]]] = fields.JSONField()
    quorum_closed: fields.Field[dict[str, list[int]]] = fields.JSONField(null=True)
    result: fields.Field[dict[str, Any]] = fields.JSONField(null=True)
    opened_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "motion_vote"
        unique_together = (("motion_id", "number"),)


class RollCall(Model):
    """What a seat said in a vote: yes, no, abstain or recused. ``reasons`` is its dissent."""

    id = fields.BigIntField(primary_key=True)
    vote: Any = fields.ForeignKeyField("models.MotionVote", related_name="roll", on_delete=fields.CASCADE)
    vote_id: int
    seat: Any = fields.ForeignKeyField("models.Seat", related_name="roll_calls", on_delete=fields.RESTRICT)
    seat_id: int
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="roll_calls", on_delete=fields.RESTRICT
    )
    person_id: UUID
    choice = fields.CharField(8)
    version = fields.IntField(default=1)
    reasons = fields.TextField(default="")
    salt = fields.BinaryField(null=True)

    class Meta:
        table = "roll_call"
        unique_together = (("vote_id", "seat_id"),)


class Resolution(Model):
    """An adopted motion, with its number among the resolutions of the meeting."""

    motion: Any = fields.OneToOneField("models.Motion", related_name="resolution", primary_key=True)
    motion_id: int
    meeting: Any = fields.ForeignKeyField(
        "models.JointMeeting", related_name="resolutions", on_delete=fields.CASCADE
    )
    meeting_id: int
    number = fields.IntField()
    text = fields.TextField()
    adopted_at = fields.DatetimeField()

    class Meta:
        table = "resolution"
        unique_together = (("meeting_id", "number"),)
