"""Ballots. People and choices stand in different tables that share no column but the ballot.

`RollEntry` says who may vote. `BoxEntry` holds sealed papers under a tag that only the box key (kept outside
the database, destroyed at closing) can make from a voter; the same key seals the paper. `Paper` is what the box
held, as published after closing. Neither has a time or a running number.
"""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class Ballot(Model):
    """State: draft, announced, open, closed, tallied, certified, void. ``frozen`` is the hash of what is voted on.

    Methods and passing rules: see `civic.rules.tallies`; ``details`` holds what some methods need beside their options.
    The quorum is a fraction of the roll; 0/1 means none. ``cast`` counts distinct voters and is exact from closing on.
    Electorate: residents of the area; blocs: those who act for an active party of ``blocs`` there; roll: `RollLine`.
    anonymous: votes come with blind-signed tokens, not with voters; ``token_key`` is the public key, in base64.
    Where the roll has weights, ``weighted``, votes count by heads and by weight.
    From the certification on ``complaints_until`` says until when one may complain; ``final_at`` when that was over.
    """

    id = fields.BigIntField(primary_key=True)
    title = fields.CharField(200)
    question = fields.TextField()
    method = fields.CharField(20)
    passing = fields.CharField(20)
    quorum_numerator = fields.IntField(default=0)
    quorum_denominator = fields.IntField(default=1)
    max_choices = fields.IntField(null=True)
    secret = fields.BooleanField(default=True)
    anonymous = fields.BooleanField(default=False, db_default=False)
    token_key = fields.TextField(default="", db_default="")
    state = fields.CharField(12, default="draft")
    area: Any = fields.ForeignKeyField("models.Area", related_name="ballots", on_delete=fields.RESTRICT)
    area_id: int
    host: Any = fields.ForeignKeyField("models.Party", related_name="ballots", on_delete=fields.RESTRICT)
    host_id: int
    proposal: Any = fields.ForeignKeyField(
        "models.Proposal", related_name="ballots", null=True, on_delete=fields.SET_NULL
    )
    proposal_id: int | None
    author: Any = fields.ForeignKeyField("models.Person", related_name="ballots", on_delete=fields.RESTRICT)
    author_id: UUID
    opens_at = fields.DatetimeField(db_index=True)
    closes_at = fields.DatetimeField(db_index=True)
    details: fields.Field[dict[str, Any]] = fields.JSONField(default=dict, db_default="{}")
    electorate = fields.CharField(12, default="residents", db_default="residents")
    blocs: fields.Field[list[str]] = fields.JSONField(default=list, db_default="[]")
    weighted = fields.BooleanField(default=False, db_default=False)
    shuffled = fields.BooleanField(default=False, db_default=False)
    rerun_of: Any = fields.ForeignKeyField(
        "models.Ballot", related_name="reruns", null=True, on_delete=fields.RESTRICT
    )
    rerun_of_id: int | None
    eligible = fields.IntField(default=0)
    eligible_weight = fields.BigIntField(default=0, db_default=0)
    cast = fields.IntField(default=0)
    frozen = fields.CharField(64, default="")
    result: fields.Field[dict[str, object]] = fields.JSONField(null=True)
    void_reason = fields.CharField(500, default="")
    complaints_until = fields.DatetimeField(null=True)
    final_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "ballot"
        indexes = (("state", "closes_at"), ("area_id", "state"))


class Option(Model):
    """What can be chosen; ``key`` is what a choice names: yes, no, abstain, or 1, 2, 3."""

    id = fields.BigIntField(primary_key=True)
    ballot: Any = fields.ForeignKeyField("models.Ballot", related_name="options", on_delete=fields.CASCADE)
    ballot_id: int
    key = fields.CharField(12)
    position = fields.SmallIntField()
    label = fields.CharField(200)
    about = fields.TextField(default="")

    class Meta:
        table = "option"
        unique_together = (("ballot_id", "key"),)


class RollEntry(Model):
    """This person may vote in this ballot. Made when it opens."""

    id = fields.BigIntField(primary_key=True)
    ballot: Any = fields.ForeignKeyField("models.Ballot", related_name="roll", on_delete=fields.CASCADE)
    ballot_id: int
    person: Any = fields.ForeignKeyField("models.Person", related_name="rolls", on_delete=fields.CASCADE)
    person_id: UUID

    class Meta:
        table = "roll_entry"
        unique_together = (("ballot_id", "person_id"),)


class RollLine(Model):
    """A line of an uploaded roll: the key of a human (`Person.person_key`), account or not, and their weight.

    The table's key is ballot, edition and person key, so rows are never saved or deleted by this model. Lines of another
    edition than `Roll.edition` do not count: they are being written, or about to be swept away.
    """

    person_key = fields.CharField(64, primary_key=True)
    ballot: Any = fields.ForeignKeyField("models.Ballot", related_name="lines", on_delete=fields.CASCADE)
    ballot_id: int
    edition = fields.IntField(default=0)
    weight = fields.BigIntField(default=1)

    class Meta:
        table = "roll_line"


class Roll(Model):
    """An uploaded roll as a whole: how many lines, their weight in hundredths, and the hash of what stands in them.

    ``announced`` is the hash that the announcement froze; each correction before opening changes ``sha256``.
    ``edition`` says which lines are its own.
    """

    ballot: Any = fields.OneToOneField("models.Ballot", related_name="uploaded", primary_key=True)
    ballot_id: int
    edition = fields.IntField(default=0, db_default=0)
    lines = fields.IntField()
    weight = fields.BigIntField()
    sha256 = fields.CharField(64)
    announced = fields.CharField(64, default="")
    corrections = fields.IntField(default=0)

    class Meta:
        table = "roll"


class RollUpload(Model):
    """A file on its way to become a roll, and what its lines are kept under. ``error`` is why nothing came of it.

    State: reading, writing, ready (to be taken over), taken, wrong, failed, lost (its process died), gone (to be swept).
    ``refused``: the first wrong lines. ``take``: it is taken over as soon as it is ready. ``beat_at``: it was alive then.
    """

    id = fields.BigIntField(primary_key=True)
    ballot: Any = fields.ForeignKeyField("models.Ballot", related_name="uploads", on_delete=fields.CASCADE)
    ballot_id: int
    edition = fields.IntField()
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="roll_uploads", null=True, on_delete=fields.SET_NULL
    )
    person_id: UUID | None
    state = fields.CharField(12, default="reading")
    take = fields.BooleanField(default=True)
    done = fields.IntField(default=0)
    rows = fields.IntField(default=0)
    weighted = fields.BooleanField(default=False)
    weight = fields.BigIntField(default=0)
    wrong = fields.IntField(default=0)
    refused: fields.Field[list[dict[str, Any]]] = fields.JSONField(default=list)
    error: fields.Field[dict[str, Any]] = fields.JSONField(null=True)
    sha256 = fields.CharField(64, default="")
    started_at = fields.DatetimeField()
    beat_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "roll_upload"
        unique_together = (("ballot_id", "edition"),)


class RollChallenge(Model):
    """Somebody says that a roll is wrong. ``about``: missing, weight or other. State: open, accepted, rejected, lapsed."""

    id = fields.BigIntField(primary_key=True)
    ballot: Any = fields.ForeignKeyField("models.Ballot", related_name="challenges", on_delete=fields.CASCADE)
    ballot_id: int
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="roll_challenges", on_delete=fields.CASCADE
    )
    person_id: UUID
    about = fields.CharField(12)
    text = fields.CharField(1000)
    salt = fields.BinaryField()
    state = fields.CharField(12, default="open")
    answer = fields.CharField(500, default="")
    at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)

    class Meta:
        table = "roll_challenge"
        indexes = (("ballot_id", "state"), ("person_id",))


class BoxEntry(Model):
    """A sealed paper in the open box. ``tag`` is made from box key and voter, and is the key of the row.

    ``sealed`` is encrypted under the box key: see `civic.rules.sealing`. On SQLite the table has no rowid.
    """

    tag = fields.CharField(32, primary_key=True)
    ballot: Any = fields.ForeignKeyField(
        "models.Ballot", related_name="box", on_delete=fields.RESTRICT, db_constraint=False
    )
    ballot_id: int
    sealed = fields.BinaryField()

    class Meta:
        table = "box_entry"


class OpenVote(Model):
    """A vote in a ballot that is not secret: who voted how."""

    id = fields.BigIntField(primary_key=True)
    ballot: Any = fields.ForeignKeyField("models.Ballot", related_name="open_votes", on_delete=fields.CASCADE)
    ballot_id: int
    person: Any = fields.ForeignKeyField("models.Person", related_name="open_votes", on_delete=fields.CASCADE)
    person_id: UUID
    tracker = fields.CharField(32)
    version = fields.IntField()
    choice = fields.CharField(400)

    class Meta:
        table = "open_vote"
        unique_together = (("ballot_id", "person_id"),)


class Paper(Model):
    """A paper as published after closing. The table's key is ballot and tracker; rows were laid down in that order.

    ``channel`` (online or paper) only where there are enough of both: else it is empty.
    """

    tracker = fields.CharField(32, primary_key=True)
    ballot: Any = fields.ForeignKeyField("models.Ballot", related_name="papers", on_delete=fields.RESTRICT)
    ballot_id: int
    version = fields.IntField()
    choice = fields.CharField(400)
    weight = fields.BigIntField(null=True)
    token = fields.TextField(null=True)
    channel = fields.CharField(6, default="", db_default="")

    class Meta:
        table = "paper"


class ClosedBox(Model):
    """What stands around the papers of a published box, as canonical JSON, and the hash of box and papers."""

    ballot: Any = fields.OneToOneField("models.Ballot", related_name="closed_box", primary_key=True)
    ballot_id: int
    head = fields.TextField()
    papers = fields.IntField()
    sha256 = fields.CharField(64)

    class Meta:
        table = "closed_box"


class Scrutineer(Model):
    """Somebody who will certify the count, for a party."""

    id = fields.BigIntField(primary_key=True)
    ballot: Any = fields.ForeignKeyField(
        "models.Ballot", related_name="scrutineers", on_delete=fields.CASCADE
    )
    ballot_id: int
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="scrutinies", on_delete=fields.RESTRICT
    )
    person_id: UUID
    party: Any = fields.ForeignKeyField("models.Party", related_name="scrutinies", on_delete=fields.RESTRICT)
    party_id: int

    class Meta:
        table = "scrutineer"
        unique_together = (("ballot_id", "person_id"),)


class Certification(Model):
    """A scrutineer's signature under a result; one a bloc."""

    id = fields.BigIntField(primary_key=True)
    ballot: Any = fields.ForeignKeyField(
        "models.Ballot", related_name="certifications", on_delete=fields.CASCADE
    )
    ballot_id: int
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="certifications", on_delete=fields.RESTRICT
    )
    person_id: UUID
    party: Any = fields.ForeignKeyField(
        "models.Party", related_name="certifications", on_delete=fields.RESTRICT
    )
    party_id: int
    bloc = fields.CharField(12)
    at = fields.DatetimeField()

    class Meta:
        table = "certification"
        unique_together = (("ballot_id", "bloc"), ("ballot_id", "person_id"))


class Complaint(Model):
    """What somebody objects to about a count, and what the host answered; one a person. ``salt`` is for the ledger."""

    id = fields.BigIntField(primary_key=True)
    ballot: Any = fields.ForeignKeyField(
        "models.Ballot", related_name="complaints", on_delete=fields.RESTRICT
    )
    ballot_id: int
    number = fields.IntField()
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="ballot_complaints", on_delete=fields.RESTRICT
    )
    person_id: UUID
    party: Any = fields.ForeignKeyField(
        "models.Party", related_name="ballot_complaints", null=True, on_delete=fields.RESTRICT
    )
    party_id: int | None
    reason = fields.TextField()
    salt = fields.BinaryField()
    at = fields.DatetimeField()
    answer_by = fields.DatetimeField()
    upheld = fields.BooleanField(null=True)
    answer = fields.TextField(default="")
    answered_at = fields.DatetimeField(null=True)

    class Meta:
        table = "ballot_complaint"
        unique_together = (("ballot_id", "person_id"), ("ballot_id", "number"))
