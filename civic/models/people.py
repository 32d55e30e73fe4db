"""People: accounts, how they sign in, and where they live."""

from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model


class Person(Model):
    """A human with an account. ``pseudonym`` stands for them in the public ledger."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    pseudonym = fields.CharField(16, unique=True)
    name = fields.CharField(80)
    email = fields.CharField(254, null=True, unique=True)
    password_hash = fields.CharField(200, null=True)
    language = fields.CharField(8, default="zh-Hans")
    person_key = fields.CharField(
        64, null=True, unique=True
    )  # HMAC of a document number: one human, one voice
    steward = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "person"


class Identity(Model):
    """A person as an OpenID Connect provider knows them."""

    id = fields.BigIntField(primary_key=True)
    person: Any = fields.ForeignKeyField("models.Person", related_name="identities", on_delete=fields.CASCADE)
    person_id: UUID
    issuer = fields.CharField(200)
    subject = fields.CharField(255)

    class Meta:
        table = "identity"
        unique_together = (("issuer", "subject"),)


class Session(Model):
    """A signed-in browser. ``hash`` is the SHA-256 of its token."""

    hash = fields.CharField(64, primary_key=True)
    person: Any = fields.ForeignKeyField("models.Person", related_name="sessions", on_delete=fields.CASCADE)
    person_id: UUID
    started_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()

    class Meta:
        table = "session"


class AccessToken(Model):
    """A personal access token for programs. ``scopes`` is a list such as ``["read", "write"]``."""

    id = fields.BigIntField(primary_key=True)
    person: Any = fields.ForeignKeyField("models.Person", related_name="tokens", on_delete=fields.CASCADE)
    person_id: UUID
    hash = fields.CharField(64, unique=True)
    label = fields.CharField(80)
    scopes: fields.Field[list[str]] = fields.JSONField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "access_token"


class OneTimeCode(Model):
    """A code from a letter that verifies a residency. Only its hash is kept.

    ``person_key`` is of the document that the roll names: the code is good for that human only, once.
    """

    id = fields.BigIntField(primary_key=True)
    hash = fields.CharField(64, unique=True)
    area: Any = fields.ForeignKeyField("models.Area", related_name="codes", on_delete=fields.CASCADE)
    area_id: int
    person_key = fields.CharField(64)
    party: Any = fields.ForeignKeyField("models.Party", related_name="codes", on_delete=fields.CASCADE)
    party_id: int
    made_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "one_time_code"
        indexes = (("person_key",),)


class Residency(Model):
    """A person's claim to live in an area: claimed, verified, rejected, expired, revoked."""

    id = fields.BigIntField(primary_key=True)
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="residencies", on_delete=fields.CASCADE
    )
    person_id: UUID
    area: Any = fields.ForeignKeyField("models.Area", related_name="residencies", on_delete=fields.RESTRICT)
    area_id: int
    state = fields.CharField(12, default="claimed")
    method = fields.CharField(12, default="")
    reason = fields.CharField(500, default="")
    claimed_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)
    decided_by: Any = fields.ForeignKeyField(
        "models.Person", related_name="decided", null=True, on_delete=fields.SET_NULL
    )
    decided_by_id: UUID | None
    expires_at = fields.DatetimeField(null=True)
    current = fields.UUIDField(null=True, unique=True)  # the person, while claimed or verified: one at a time

    class Meta:
        table = "residency"
        indexes = (("area_id", "state"), ("person_id", "state"))
