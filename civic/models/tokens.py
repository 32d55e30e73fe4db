"""To whom the right to an anonymous vote was given: never what became of it."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class TokenIssue(Model):
    """This voter was given the token of this ballot. The rows are deleted at closing.

    ``blinded`` is the hash of what was signed, so that a lost answer can be given again. It says nothing about the
    token: every blinded message fits every token equally well.
    """

    id = fields.BigIntField(primary_key=True)
    ballot: Any = fields.ForeignKeyField(
        "models.Ballot", related_name="token_issues", on_delete=fields.CASCADE
    )
    ballot_id: int
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="token_issues", on_delete=fields.CASCADE
    )
    person_id: UUID
    blinded = fields.CharField(64)

    class Meta:
        table = "token_issue"
        unique_together = (("ballot_id", "person_id"),)
