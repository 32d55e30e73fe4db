"""The first steward: somebody has to be able to approve parties and name further stewards."""

from __future__ import annotations

from civic.acts import people
from civic.acts.core import SYSTEM
from civic.models import Person
from civic.operations.backup import OperationError


async def name_steward(email: str) -> Person:
    """Make the person with this address a steward, by the platform itself. Raises OperationError."""
    person = await Person.get_or_none(email=email.strip().lower(), deleted_at=None)
    if person is None:
        raise OperationError(f"Nobody has an account with {email}. Sign up with it first, in the browser.")
    return await people.make_steward(SYSTEM, person)
