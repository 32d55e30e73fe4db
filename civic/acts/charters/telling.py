"""Who is told of what happens to a charter. Helpers of acts, not acts."""

from __future__ import annotations

from uuid import UUID

from civic.acts import notifications
from civic.acts.charters.writing import named
from civic.acts.core import Actor
from civic.models import Charter
from civic.rules.text import preview


async def tell_parties(actor: Actor, charter: Charter, kind: str, detail: str = "") -> None:
    """Tell those who act for the convener and for every party that is named."""
    await tell_party(actor, charter, kind, *{charter.convener_id, *await named(charter.id)}, detail=detail)


async def tell_party(actor: Actor, charter: Charter, kind: str, *parties: int, detail: str = "") -> None:
    """Tell those who act for these parties."""
    people: list[UUID | None] = [
        one for party in sorted(parties) for one in await notifications.members(party)
    ]
    await notifications.tell(
        people, kind, subject="charter", subject_id=charter.id, title=charter.title, detail=preview(detail, 200),
        but=actor.person,
    )  # fmt: skip
