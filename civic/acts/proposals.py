"""Proposals: written, published, supported, qualified; withdrawn, hidden and restored."""

from __future__ import annotations

from secrets import token_bytes

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from civic import clock
from civic.acts import responses, search
from civic.acts.core import SYSTEM, Actor, Record, act, act_on, note
from civic.acts.notifications import supporters, tell
from civic.acts.permissions import (
    author,
    require_resident,
    require_role,
    resident_of_area,
    signed_in,
    steward,
    system,
    the_party,
    the_person,
)
from civic.errors import N_, Conflict, InvalidInput, InvalidState
from civic.models import Area, AreaWithin, Person, Proposal, ProposalVersion, Scenario, Support
from civic.rules import lifecycles
from civic.rules.commitments import commit, commit_fields
from civic.rules.text import multiline, one_line
from civic.rules.thresholds import inherit, reached
from civic.settings import settings

TITLE, BODY, REASON = 200, 20_000, 500
LANGUAGES = ("zh-Hans", "en", "es")


def payload_of(proposal: Proposal) -> dict[str, object]:
    """What the ledger says of a proposal's text."""
    text = commit_fields(bytes(proposal.salt), {"title": proposal.title, "body": proposal.body})
    return {"state": proposal.state, "version": proposal.version, "text": text}


async def area_of(code: str) -> Area:
    """The area with this code. Raises InvalidInput."""
    area = await Area.get_or_none(code=code.strip())
    if area is None:
        raise InvalidInput(N_("There is no area with this code."), field="area", reason="unknown_area")
    return area


async def _written(
    proposal: Proposal, title: str, body: str, language: str, area: str | None, scenario: int | None
) -> None:
    """Take over what was typed. Raises InvalidInput."""
    if language not in LANGUAGES:
        raise InvalidInput(
            N_("Choose the language that the text is written in."), field="language", reason="language"
        )
    if scenario is not None and not await Scenario.filter(id=scenario).exists():
        raise InvalidInput(N_("There is no such scenario."), field="scenario", reason="unknown_scenario")
    if area is not None:
        proposal.area_id = (await area_of(area)).id
    proposal.title = one_line(title, field="title", limit=TITLE)
    proposal.body = multiline(body, field="body", limit=BODY)
    proposal.language, proposal.scenario_id = language, scenario


@act("proposal.create", may=signed_in)
async def create(
    actor: Actor, *, title: str, body: str, area: str, scenario: int | None = None, language: str = "zh-Hans"
) -> Proposal:
    """Begin a proposal as a draft."""
    if actor.party is not None:
        await require_role(actor, actor.party, "manager", "delegate")
    proposal = Proposal(
        salt=token_bytes(16), author=the_person(actor), party=actor.party, created_at=clock.now()
    )
    await _written(proposal, title, body, language, area, scenario)
    await proposal.save()
    note(Record("proposal", proposal.id, {"state": "draft"}))
    return proposal


@act_on(Proposal, "proposal.edit", may=author)
async def edit(
    actor: Actor,
    proposal: Proposal,
    *,
    title: str,
    body: str,
    reason: str = "",
    language: str | None = None,
    area: str | None = None,
    scenario: int | None = None,
) -> Proposal:
    """Change the text; after publication as a new version, with a reason, and its supporters are told."""
    proposal.state = lifecycles.move("proposal", proposal.state, "edit")
    if proposal.version:
        if area is not None and not await Area.filter(id=proposal.area_id, code=area).exists():
            raise InvalidInput(
                N_("What people supported concerns this area; it cannot be moved after publication."),
                field="area",
                reason="fixed_area",
            )
        area, scenario = None, proposal.scenario_id  # what people supported concerns what it concerned
    await _written(proposal, title, body, language or proposal.language, area, scenario)
    if proposal.version:
        await new_version(proposal, one_line(reason, field="reason", limit=REASON), the_person(actor))
    await proposal.save()
    note(Record("proposal", proposal.id, payload_of(proposal)))
    return proposal


async def new_version(proposal: Proposal, reason: str, by: Person | None) -> None:
    """Keep the text as the next version, make it findable, and tell those who support it."""
    proposal.version += 1
    await ProposalVersion.create(
        proposal=proposal, number=proposal.version, title=proposal.title, body=proposal.body, reason=reason,
        author=by, at=clock.now(),
    )  # fmt: skip
    await search.index("proposal", proposal.id, proposal.title, proposal.body)
    if proposal.version > 1:
        await tell(
            await supporters(proposal.id), "proposal.edited", subject="proposal", subject_id=proposal.id,
            title=proposal.title, detail=reason, but=by,
        )  # fmt: skip


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
    await new_version(proposal, "", actor.person)
    await proposal.save()
    note(Record("proposal", proposal.id, {**payload_of(proposal), "threshold": proposal.threshold}))
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
    return await _counted(proposal, 1)


@act_on(Proposal, "proposal.withdraw_support", may=signed_in)
async def withdraw_support(actor: Actor, proposal: Proposal) -> Proposal:
    """Take one's support back."""
    lifecycles.move("proposal", proposal.state, "support")
    if not await Support.filter(proposal_id=proposal.id, person_id=the_person(actor).id).delete():
        raise InvalidState(N_("You do not support this."), reason="not_supported")
    return await _counted(proposal, -1)


async def _counted(proposal: Proposal, change: int) -> Proposal:
    await Proposal.filter(id=proposal.id).update(
        supports=F("supports") + change, supports_total=F("supports_total") + change
    )
    await proposal.refresh_from_db()
    note(Record("proposal", proposal.id, {"supports": proposal.supports}))
    return await qualify_if_reached(proposal)


async def qualify_if_reached(proposal: Proposal) -> Proposal:
    """Qualify a published proposal that has supports enough."""
    enough = reached(proposal.supports, proposal.imported_supports, proposal.threshold)
    if proposal.state == "published" and enough:
        return await qualify(SYSTEM, proposal, by="supports")
    return proposal


@act_on(Proposal, "proposal.qualify", may=system)
async def qualify(actor: Actor, proposal: Proposal, *, by: str) -> Proposal:
    """Qualify a proposal for an answer: the response clock starts."""
    proposal.state = lifecycles.move("proposal", proposal.state, "qualify")
    proposal.qualified_at = clock.now()
    await proposal.save()
    note(Record("proposal", proposal.id, {"state": proposal.state, "by": by}))
    await tell(
        [proposal.author_id], "proposal.qualified", subject="proposal", subject_id=proposal.id,
        title=proposal.title,
    )  # fmt: skip
    await responses.start_for_area(actor, kind="proposal", subject_id=proposal.id, area_id=proposal.area_id)
    return await Proposal.get(id=proposal.id)


@act_on(Proposal, "proposal.sponsor", may=signed_in)
async def sponsor(actor: Actor, proposal: Proposal) -> Proposal:
    """Qualify a proposal by a party's word for it."""
    party = the_party(actor)
    await require_role(actor, party, "manager", "delegate")
    lifecycles.move("proposal", proposal.state, "qualify")
    proposal.sponsor_id = party.id
    await proposal.save()
    note(Record("proposal", proposal.id, {"sponsor": party.id}))
    return await qualify(SYSTEM, proposal, by="sponsor")


@act_on(Proposal, "proposal.withdraw", may=author)
async def withdraw(actor: Actor, proposal: Proposal) -> Proposal:
    """Withdraw one's proposal; nobody has to answer it any more."""
    proposal.state = lifecycles.move("proposal", proposal.state, "withdraw")
    await leave(proposal, "withdrawn")
    note(Record("proposal", proposal.id, {"state": proposal.state}))
    await tell(
        await supporters(proposal.id), "proposal.withdrawn", subject="proposal", subject_id=proposal.id,
        title=proposal.title, but=actor.person,
    )  # fmt: skip
    return proposal


async def leave(proposal: Proposal, why: str) -> None:
    """Save a proposal that ends here: it is not found any more, and open deadlines end."""
    await proposal.save()
    await search.remove("proposal", proposal.id)
    await responses.end_clocks("proposal", proposal.id, why)


@act_on(Proposal, "proposal.hide", may=steward)
async def hide(actor: Actor, proposal: Proposal, *, reason: str) -> Proposal:
    """Hide a proposal, with a public reason."""
    proposal.state = lifecycles.move("proposal", proposal.state, "hide")
    proposal.hidden_reason = one_line(reason, field="reason", limit=REASON)
    await leave(proposal, "hidden")
    why = commit(bytes(proposal.salt), proposal.hidden_reason)
    note(Record("proposal", proposal.id, {"state": proposal.state, "reason": why}))
    await _tell_author(proposal, "proposal.hidden", proposal.hidden_reason)
    return proposal


@act_on(Proposal, "proposal.restore", may=steward)
async def restore(actor: Actor, proposal: Proposal) -> Proposal:
    """Show a hidden proposal again; if it had qualified, the department's time begins anew."""
    proposal.state = lifecycles.move("proposal", proposal.state, "restore")
    proposal.hidden_reason = ""
    await proposal.save()
    await search.index("proposal", proposal.id, proposal.title, proposal.body)
    note(Record("proposal", proposal.id, {"state": proposal.state}))
    await _tell_author(proposal, "proposal.restored", "")
    if proposal.qualified_at is None:
        return await qualify_if_reached(proposal)
    answered = proposal.answered_at
    proposal = await qualify(SYSTEM, proposal, by="restored")
    if answered and proposal.due_at is None:
        proposal.state = lifecycles.move("proposal", proposal.state, "deliberate")
        await proposal.save()
    return proposal


async def _tell_author(proposal: Proposal, kind: str, detail: str) -> None:
    await tell(
        [proposal.author_id], kind, subject="proposal", subject_id=proposal.id, title=proposal.title,
        detail=detail,
    )  # fmt: skip
