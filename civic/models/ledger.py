"""The public ledger's rows. Acts append entries; the sequencer numbers them and builds the tree."""

from tortoise import fields
from tortoise.models import Model


class LedgerEntry(Model):
    """``payload`` is the canonical JSON (RFC 8785) that the tree hashes. ``seq`` counts from 0; null: not sealed.

    ``kind``, ``subject_id``, ``party_id`` and ``day`` (UTC) repeat the payload for look-ups. ``xid`` is PostgreSQL's
    transaction number, by which the sequencer knows that nothing earlier can still commit.
    """

    id = fields.BigIntField(primary_key=True)
    seq = fields.BigIntField(null=True, unique=True)
    act = fields.CharField(40)
    kind = fields.CharField(20)
    subject_id = fields.CharField(40)
    party_id = fields.BigIntField(null=True)
    day = fields.CharField(10, default="", db_default="")
    payload = fields.TextField()
    xid = fields.BigIntField(null=True)

    class Meta:
        table = "ledger_entry"
        indexes = (("kind", "subject_id", "id"), ("act", "seq"))


class LedgerTile(Model):
    """A tile of tree hashes: up to 256 hashes of 32 bytes."""

    id = fields.BigIntField(primary_key=True)
    level = fields.SmallIntField()
    index = fields.BigIntField()
    width = fields.SmallIntField()
    data = fields.BinaryField()

    class Meta:
        table = "ledger_tile"
        unique_together = (("level", "index"),)


class LedgerCheckpoint(Model):
    """A signed statement of the tree's size and root (hex)."""

    size = fields.BigIntField(primary_key=True, generated=False)
    root = fields.CharField(64)
    at = fields.DatetimeField()
    note = fields.TextField()

    class Meta:
        table = "ledger_checkpoint"
