"""Who is told of what happens to an obligation. Helpers of acts, not acts."""

from __future__ import annotations

from uuid import UUID

from civic import clock
from civic.acts import notifications
from civic.acts.core import Actor
from civic.acts.memberships import current
from civic.models import Charter, Deadline, Membership, Obligation, Proposal, Response
from civic.rules.text import preview


async def _tell(
    actor: Actor, obligation: Obligation, kind: str, people: list[UUID | None], detail: str
) -> None:
    await notifications.tell(
        people, kind, subject="obligation", subject_id=obligation.id, title=preview(obligation.text, 100),
        detail=preview(detail, 200), but=actor.person,
    )  # fmt: skip


async def tell_debtor(actor: Actor, obligation: Obligation, kind: str, detail: str = "") -> None:
    """Tell those who act for the party that owes it."""
    await _tell(actor, obligation, kind, [*await notifications.members(obligation.party_id)], detail)


async def tell_counterpart(actor: Actor, obligation: Obligation, kind: str, detail: str = "") -> None:
    """Tell those who may confirm it: the counterpart; of a bloc, its parties in the area; of a promise, who proposed."""
    people: list[UUID | None] = []
    if obligation.counterpart_id is not None:
        people += await notifications.members(obligation.counterpart_id)
    elif obligation.counterpart_area_id is not None:
        speakers = Membership.filter(
            current(clock.today()),
            party__kind=obligation.counterpart_bloc,
            party__state="active",
            party__area__around__ancestor_id=obligation.counterpart_area_id,
        )
        people += list(await speakers.values_list("person_id", flat=True))  # type: ignore[arg-type]
    if obligation.response_id is not None:
        response = await Response.get(id=obligation.response_id)
        deadline = await Deadline.get(id=response.deadline_id)
        if deadline.kind == "proposal":
            people.append((await Proposal.get(id=deadline.subject_id)).author_id)
    await _tell(actor, obligation, kind, people, detail)


async def tell_mediators(actor: Actor, obligation: Obligation, kind: str, detail: str = "") -> None:
    """Tell those who may settle a dispute: the convener where it is on neither side, else the stewards."""
    people: list[UUID | None] = []
    if obligation.charter_id is not None:
        convener = (await Charter.get(id=obligation.charter_id)).convener_id
        if convener not in (obligation.party_id, obligation.counterpart_id):
            people += await notifications.members(convener)
    await _tell(actor, obligation, kind, people or [*await notifications.stewards()], detail)
