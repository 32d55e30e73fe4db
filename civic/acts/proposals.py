"""Proposals: written, published, supported, qualified."""

from __future__ import annotations

from secrets import token_bytes

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from civic import clock
from civic.acts import search
from civic.acts.core import SYSTEM, Actor, Record, act, act_on, note
from civic.acts.permissions import (
    author,
    require_resident,
    require_role,
    resident_of_area,
    signed_in,
    steward,
    system,
    the_person,
)
from civic.errors import N_, Conflict, InvalidInput, InvalidState
from civic.models import Area, AreaWithin, Proposal, ProposalVersion, Scenario, Support
from civic.rules import lifecycles
from civic.rules.commitments import commit_fields
from civic.rules.text import multiline, one_line
from civic.rules.thresholds import inherit, reached
from civic.settings import settings

TITLE, BODY, REASON = 200, 20_000, 500


def _payload(proposal: Proposal) -> dict[str, object]:
    text = commit_fields(bytes(proposal.salt), {"title": proposal.title, "body": proposal.body})
    return {"state": proposal.state, "version": proposal.version, "text": text}


async def area_of(code: str) -> Area:
    """The area with this code. Raises InvalidInput."""
    area = await Area.get_or_none(code=code)
    if area is None:
        raise InvalidInput(N_("There is no area with this code."), field="area", reason="unknown_area")
    return area


@act("proposal.create", may=signed_in)
async def create(
    actor: Actor, *, title: str, body: str, area: str, scenario: int | None = None, language: str = "zh-Hans"
) -> Proposal:
    """Begin a proposal as a draft."""
    place = await area_of(area)
    if actor.party is not None:
        await require_role(actor, actor.party, "manager", "delegate")
    if scenario is not None and not await Scenario.filter(id=scenario).exists():
        raise InvalidInput(N_("There is no such scenario."), field="scenario", reason="unknown_scenario")
    proposal = await Proposal.create(
        title=one_line(title, field="title", limit=TITLE),
        body=multiline(body, field="body", limit=BODY),
        salt=token_bytes(16),
        author=the_person(actor),
        party=actor.party,
        area=place,
        scenario_id=scenario,
        language=language,
        created_at=clock.now(),
    )
    note(Record("proposal", proposal.id, {"state": "draft"}))
    return proposal


@act_on(Proposal, "proposal.edit", may=author)
async def edit(actor: Actor, proposal: Proposal, *, title: str, body: str, reason: str = "") -> Proposal:
    """Change the text; after publication as a new version, with a reason."""
    proposal.state = lifecycles.move("proposal", proposal.state, "edit")
    proposal.title = one_line(title, field="title", limit=TITLE)
    proposal.body = multiline(body, field="body", limit=BODY)
    if proposal.version:
        reason = one_line(reason, field="reason", limit=REASON)
        await _new_version(actor, proposal, reason)
    await proposal.save()
    note(Record("proposal", proposal.id, _payload(proposal)))
    return proposal


async def _new_version(actor: Actor, proposal: Proposal, reason: str) -> None:
    proposal.version += 1
    await ProposalVersion.create(
        proposal=proposal,
        number=proposal.version,
        title=proposal.title,
        body=proposal.body,
        reason=reason,
        author=actor.person,
        at=clock.now(),
    )
    await search.index("proposal", proposal.id, proposal.title, proposal.body)


@act_on(Proposal, "proposal.publish", may=author)
async def publish(actor: Actor, proposal: Proposal) -> Proposal:
    """Publish a draft: for verified residents of the area, and delegates of parties."""
    proposal.state = lifecycles.move("proposal", proposal.state, "publish")
    if proposal.party_id is None:
        await require_resident(actor, proposal.area_id)
    above = (
        await AreaWithin.filter(descendant_id=proposal.area_id)
        .order_by("depth")
        .values_list("ancestor__support_threshold", flat=True)
    )
    proposal.threshold = inherit(list(above), settings().support_threshold)  # type: ignore[arg-type]
    proposal.published_at = clock.now()
    await _new_version(actor, proposal, "")
    await proposal.save()
    note(Record("proposal", proposal.id, {**_payload(proposal), "threshold": proposal.threshold}))
    return proposal


@act_on(Proposal, "proposal.support", may=resident_of_area)
async def support(actor: Actor, proposal: Proposal) -> Proposal:
    """Support a proposal, once."""
    lifecycles.move("proposal", proposal.state, "support")
    person = the_person(actor)
    try:
        async with in_transaction("default"):
            await Support.create(proposal=proposal, person=person, at=clock.now())
    except IntegrityError:
        raise Conflict(N_("You support this already."), reason="supported") from None
    return await _counted(actor, proposal, 1)


@act_on(Proposal, "proposal.withdraw_support", may=signed_in)
async def withdraw_support(actor: Actor, proposal: Proposal) -> Proposal:
    """Take one's support back."""
    lifecycles.move("proposal", proposal.state, "support")
    if not await Support.filter(proposal_id=proposal.id, person_id=the_person(actor).id).delete():
        raise InvalidState(N_("You do not support this."), reason="not_supported")
    return await _counted(actor, proposal, -1)


async def _counted(actor: Actor, proposal: Proposal, change: int) -> Proposal:
    await Proposal.filter(id=proposal.id).update(supports=F("supports") + change)
    await proposal.refresh_from_db()
    note(Record("proposal", proposal.id, {"supports": proposal.supports}))
    if proposal.state == "published" and reached(
        proposal.supports, proposal.imported_supports, proposal.threshold
    ):
        return await qualify(SYSTEM, proposal, by="supports")
    return proposal


@act_on(Proposal, "proposal.qualify", may=system)
async def qualify(actor: Actor, proposal: Proposal, *, by: str) -> Proposal:
    """Qualify a proposal for an answer: the response clock starts."""
    from civic.acts import responses

    proposal.state = lifecycles.move("proposal", proposal.state, "qualify")
    proposal.qualified_at = clock.now()
    await proposal.save()
    note(Record("proposal", proposal.id, {"state": proposal.state, "by": by}))
    await responses.start_for_area(actor, kind="proposal", subject_id=proposal.id, area_id=proposal.area_id)
    return proposal


@act_on(Proposal, "proposal.sponsor", may=signed_in)
async def sponsor(actor: Actor, proposal: Proposal) -> Proposal:
    """Qualify a proposal by a party's word for it."""
    from civic.acts.permissions import the_party

    party = the_party(actor)
    await require_role(actor, party, "manager", "delegate")
    note(Record("proposal", proposal.id, {"sponsor": party.id}))
    return await qualify(SYSTEM, proposal, by="sponsor")


@act_on(Proposal, "proposal.withdraw", may=author)
async def withdraw(actor: Actor, proposal: Proposal) -> Proposal:
    """Withdraw one's proposal."""
    proposal.state = lifecycles.move("proposal", proposal.state, "withdraw")
    await proposal.save()
    await search.remove("proposal", proposal.id)
    note(Record("proposal", proposal.id, {"state": proposal.state}))
    return proposal


@act_on(Proposal, "proposal.hide", may=steward)
async def hide(actor: Actor, proposal: Proposal, *, reason: str) -> Proposal:
    """Hide a proposal, with a public reason."""
    proposal.state = lifecycles.move("proposal", proposal.state, "hide")
    proposal.hidden_reason = one_line(reason, field="reason", limit=REASON)
    await proposal.save()
    await search.remove("proposal", proposal.id)
    note(Record("proposal", proposal.id, {"state": proposal.state}))
    return proposal
