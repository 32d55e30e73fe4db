"""Charters. The department convenes; the enterprise and a residents' committee are the other parties."""

from civic.acts import charters
from civic.models import Charter, Clause, ClauseChange
from civic.rules.charters import Due
from tests.support.charters import Three, day
from tests.support.permissions import Attempt, Cast, row

CONVENER = ("host",)
PARTIES = ("host", "manager", "delegate")


async def three(cast: Cast) -> Three:
    """With the cast's own enterprise as the firm."""
    made = await Three.make(cast.world)
    return Three(cast.world, cast["host"], cast["manager"], made.committee)


@row("charter.create", "host", "manager", "delegate", "official_elsewhere")
async def _(cast: Cast) -> Attempt:
    area = cast.world.district.code
    return lambda actor: charters.create(actor, title="甲", area=area)


@row("charter.edit", *CONVENER)
async def _(cast: Cast) -> Attempt:
    key = (await (await three(cast)).draft()).id
    return lambda actor: charters.edit(actor, key, title="甲")


@row("charter.add_clause", *CONVENER)
async def _(cast: Cast) -> Attempt:
    all_three = await three(cast)
    key = (await all_three.draft()).id
    return lambda actor: charters.add_clause(actor, key, clause=all_three.right(all_three.firm, "甲"))


@row("charter.change_clause", *CONVENER)
async def _(cast: Cast) -> Attempt:
    all_three = await three(cast)
    key = (await all_three.draft()).id
    return lambda actor: charters.change_clause(
        actor, key, number=3, clause=all_three.right(all_three.firm, "甲")
    )


@row("charter.remove_clause", *CONVENER)
async def _(cast: Cast) -> Attempt:
    key = (await (await three(cast)).draft()).id
    return lambda actor: charters.remove_clause(actor, key, number=1)


@row("charter.open", *CONVENER)
async def _(cast: Cast) -> Attempt:
    key = (await (await three(cast)).draft()).id
    return lambda actor: charters.open_(actor, key)


@row("charter.propose_change", *PARTIES)
async def _(cast: Cast) -> Attempt:
    key = (await (await three(cast)).negotiated()).id
    return lambda actor: charters.propose_change(actor, key, number=1, reason="甲")


async def change(all_three: Three, *, own: bool = False) -> ClauseChange:
    """Of clause 6, which the firm owes to the office; by the committee, or by the convener itself."""
    charter = await all_three.negotiated()
    return await charters.propose_change(
        all_three.office if own else all_three.committee, charter, number=6, reason="甲",
        clause=all_three.duty(all_three.firm, all_three.office, "乙", 5),
    )  # fmt: skip


@row("charter.accept_change", *CONVENER)
async def _(cast: Cast) -> Attempt:
    key = (await change(await three(cast))).id
    return lambda actor: charters.accept_change(actor, key)


@row("charter.accept_change", "manager", "delegate")
async def _(cast: Cast) -> Attempt:
    key = (await change(await three(cast), own=True)).id
    return lambda actor: charters.accept_change(actor, key)


@row("charter.decline_change", *CONVENER)
async def _(cast: Cast) -> Attempt:
    key = (await change(await three(cast))).id
    return lambda actor: charters.decline_change(actor, key, answer="甲")


@row("charter.withdraw_change", *CONVENER)
async def _(cast: Cast) -> Attempt:
    key = (await change(await three(cast), own=True)).id
    return lambda actor: charters.withdraw_change(actor, key)


@row("charter.start_signing", *CONVENER)
async def _(cast: Cast) -> Attempt:
    key = (await (await three(cast)).negotiated()).id
    return lambda actor: charters.start_signing(actor, key)


@row("charter.reopen", *CONVENER)
async def _(cast: Cast) -> Attempt:
    key = (await (await three(cast)).signing()).id
    return lambda actor: charters.reopen(actor, key)


@row("charter.sign", "host", "manager")
async def _(cast: Cast) -> Attempt:
    charter = await (await three(cast)).signing()
    return lambda actor: charters.sign(actor, charter.id, text_hash=charter.text_hash)


@row("charter.enter_into_force", "system")
async def _(cast: Cast) -> Attempt:
    key = (await (await three(cast)).signing()).id
    return lambda actor: charters.enter_into_force(actor, key)


@row("charter.supersede", "system")
async def _(cast: Cast) -> Attempt:
    key = (await (await three(cast)).in_force()).id
    return lambda actor: charters.supersede(actor, key, by=0)


@row("charter.declare_trigger", "manager", "delegate")
async def _(cast: Cast) -> Attempt:
    all_three = await three(cast)
    draft = await all_three.draft()
    due = Due("trigger", trigger="甲", declarer=all_three.side(all_three.firm), days=3)
    clause = all_three.duty(all_three.office, all_three.firm, "乙", due=due)
    await charters.add_clause(all_three.office, draft, clause=clause)
    await charters.open_(all_three.office, draft)
    await charters.start_signing(all_three.office, draft)
    await all_three.sign_all(await Charter.get(id=draft.id))
    key = (await Clause.get(charter_id=draft.id, number=7)).id
    return lambda actor: charters.declare_trigger(actor, key, happened_on=day(0), account="丙")


@row("charter.end", "host", "steward")
async def _(cast: Cast) -> Attempt:
    key = (await (await three(cast)).in_force()).id
    return lambda actor: charters.end(actor, key, reason="甲")
