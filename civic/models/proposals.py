"""Proposals, their versions and their supports."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class Proposal(Model):
    """State: draft, published, qualified, deliberating, decided, carried_out; withdrawn, merged, hidden.

    ``supports`` and ``comments`` count rows of their tables; ``imported_supports`` are those that a source
    platform counted, ``supports_total`` is both, for sorting. ``threshold`` is fixed at publication. ``due_at`` is
    the nearest time for an answer that is still open, ``answered_at`` when one was given; both follow the
    deadlines. ``source`` and ``source_id`` name an import.
    """

    id = fields.BigIntField(primary_key=True)
    title = fields.CharField(200)
    body = fields.TextField()
    salt = fields.BinaryField()
    state = fields.CharField(12, default="draft")
    decision = fields.CharField(12, default="")  # accepted, declined
    hidden_reason = fields.CharField(500, default="")
    version = fields.IntField(default=0)
    author: Any = fields.ForeignKeyField(
        "models.Person", related_name="proposals", null=True, on_delete=fields.RESTRICT
    )
    author_id: UUID | None
    party: Any = fields.ForeignKeyField(
        "models.Party", related_name="proposals", null=True, on_delete=fields.RESTRICT
    )
    party_id: int | None
    author_label = fields.CharField(80, default="")  # of an imported proposal
    area: Any = fields.ForeignKeyField("models.Area", related_name="proposals", on_delete=fields.RESTRICT)
    area_id: int
    scenario: Any = fields.ForeignKeyField(
        "models.Scenario", related_name="proposals", null=True, on_delete=fields.SET_NULL
    )
    scenario_id: int | None
    merged_into: Any = fields.ForeignKeyField(
        "models.Proposal", related_name="merged", null=True, on_delete=fields.SET_NULL
    )
    merged_into_id: int | None
    sponsor: Any = fields.ForeignKeyField(
        "models.Party", related_name="sponsored", null=True, on_delete=fields.RESTRICT
    )
    sponsor_id: int | None
    supports = fields.IntField(default=0)
    imported_supports = fields.IntField(default=0)
    supports_total = fields.IntField(default=0, db_default=0)
    comments = fields.IntField(default=0)
    threshold = fields.IntField(default=0)
    language = fields.CharField(8, default="zh-Hans")
    source = fields.CharField(40, null=True)
    source_id = fields.CharField(80, null=True)
    created_at = fields.DatetimeField()
    published_at = fields.DatetimeField(null=True)
    qualified_at = fields.DatetimeField(null=True)
    due_at = fields.DatetimeField(null=True)
    answered_at = fields.DatetimeField(null=True)

    class Meta:
        table = "proposal"
        unique_together = (("source", "source_id"),)
        indexes = (
            ("state", "published_at"),
            ("area_id", "state", "published_at"),
            ("state", "supports"),
            ("author_id",),
            ("scenario_id",),
            ("published_at", "id"),
            ("supports_total", "id"),
            ("comments", "id"),
            ("due_at", "id"),
            ("merged_into_id",),
        )


class ProposalVersion(Model):
    """A text as it stood, from publication on, with the reason of the change."""

    id = fields.BigIntField(primary_key=True)
    proposal: Any = fields.ForeignKeyField(
        "models.Proposal", related_name="versions", on_delete=fields.CASCADE
    )
    proposal_id: int
    number = fields.IntField()
    title = fields.CharField(200)
    body = fields.TextField()
    reason = fields.CharField(500, default="")
    author: Any = fields.ForeignKeyField(
        "models.Person", related_name="+", null=True, on_delete=fields.RESTRICT
    )
    author_id: UUID | None
    at = fields.DatetimeField()

    class Meta:
        table = "proposal_version"
        unique_together = (("proposal_id", "number"),)


class Support(Model):
    """One person supports one proposal, once."""

    id = fields.BigIntField(primary_key=True)
    proposal: Any = fields.ForeignKeyField(
        "models.Proposal", related_name="support_rows", on_delete=fields.CASCADE
    )
    proposal_id: int
    person: Any = fields.ForeignKeyField("models.Person", related_name="supports", on_delete=fields.CASCADE)
    person_id: UUID
    at = fields.DatetimeField()

    class Meta:
        table = "support"
        unique_together = (("proposal_id", "person_id"),)
        indexes = (("person_id",),)


class Amendment(Model):
    """A changed text that somebody else proposes. State: proposed, accepted, declined, withdrawn.

    ``base`` is the version that it changes; ``answer`` the author's reason for declining.
    """

    id = fields.BigIntField(primary_key=True)
    proposal: Any = fields.ForeignKeyField(
        "models.Proposal", related_name="amendments", on_delete=fields.CASCADE
    )
    proposal_id: int
    author: Any = fields.ForeignKeyField(
        "models.Person", related_name="amendments", on_delete=fields.RESTRICT
    )
    author_id: UUID
    party: Any = fields.ForeignKeyField(
        "models.Party", related_name="amendments", null=True, on_delete=fields.RESTRICT
    )
    party_id: int | None
    base = fields.IntField()
    title = fields.CharField(200)
    body = fields.TextField()
    reason = fields.CharField(500)
    salt = fields.BinaryField()
    state = fields.CharField(10, default="proposed")
    answer = fields.CharField(500, default="")
    at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)

    class Meta:
        table = "amendment"
        indexes = (("proposal_id", "state"), ("author_id",))


class MergeRequest(Model):
    """The author of one proposal asks the author of another to take it in. State: open, accepted, declined.

    ``current`` is the proposal while the request is open: one at a time.
    """

    id = fields.BigIntField(primary_key=True)
    proposal: Any = fields.ForeignKeyField(
        "models.Proposal", related_name="merge_requests", on_delete=fields.CASCADE
    )
    proposal_id: int
    into: Any = fields.ForeignKeyField(
        "models.Proposal", related_name="merge_offers", on_delete=fields.CASCADE
    )
    into_id: int
    reason = fields.CharField(500, default="")
    state = fields.CharField(8, default="open")
    at = fields.DatetimeField()
    current = fields.BigIntField(null=True, unique=True)

    class Meta:
        table = "merge_request"
        indexes = (("into_id", "state"),)
