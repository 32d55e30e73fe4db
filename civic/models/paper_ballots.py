"""Voting on paper. Who was handed a sheet and what sheets say stand in tables that share no column but the ballot.

`PaperVoter` says that a person votes on paper. `PaperBatch` is a stack of sheets out of the box; what clerks read in it
lies sealed under the box key, which is destroyed at closing. None of these has a time.
"""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class PaperPolling(Model):
    """Paper beside the vote online. State: offered, completed. Counts are of sheets.

    replaced: given back spoilt, for which another was handed out. taken_back: given back unused.
    ``missing_reason`` says in public why fewer sheets were in the box than were handed out.
    """

    ballot: Any = fields.OneToOneField("models.Ballot", related_name="paper_polling", primary_key=True)
    ballot_id: int
    state = fields.CharField(12, default="offered")
    replaced = fields.IntField(default=0)
    taken_back = fields.IntField(default=0)
    missing_reason = fields.CharField(500, default="")

    class Meta:
        table = "paper_polling"


class PaperVoter(Model):
    """This person has a sheet, and so votes on paper. The key is random; on SQLite the table has no rowid."""

    id = fields.CharField(32, primary_key=True)
    ballot: Any = fields.ForeignKeyField(
        "models.Ballot", related_name="paper_voters", on_delete=fields.CASCADE
    )
    ballot_id: int
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="paper_votes", on_delete=fields.RESTRICT
    )
    person_id: UUID

    class Meta:
        table = "paper_voter"
        unique_together = (("ballot_id", "person_id"),)


class PaperBatch(Model):
    """A stack of sheets. State: open, entered, differing, referred, settled, discarded. It counts once it is settled.

    ``differing`` is the number of sheets on which clerks do not agree yet.
    """

    id = fields.BigIntField(primary_key=True)
    ballot: Any = fields.ForeignKeyField(
        "models.Ballot", related_name="paper_batches", on_delete=fields.RESTRICT
    )
    ballot_id: int
    number = fields.IntField()
    sheets = fields.IntField()
    state = fields.CharField(12, default="open")
    differing = fields.IntField(default=0)
    reason = fields.CharField(500, default="")

    class Meta:
        table = "paper_batch"
        unique_together = (("ballot_id", "number"),)


class PaperReading(Model):
    """What somebody read on sheets of a batch, sealed. ``ruling``: by a scrutineer, who settles what clerks could not."""

    id = fields.BigIntField(primary_key=True)
    batch: Any = fields.ForeignKeyField(
        "models.PaperBatch", related_name="readings", on_delete=fields.CASCADE
    )
    batch_id: int
    turn = fields.IntField()
    clerk: Any = fields.ForeignKeyField(
        "models.Person", related_name="paper_readings", on_delete=fields.RESTRICT
    )
    clerk_id: UUID
    ruling = fields.BooleanField(default=False)
    sealed = fields.BinaryField()

    class Meta:
        table = "paper_reading"
        unique_together = (("batch_id", "turn"),)
