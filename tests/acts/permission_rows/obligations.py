"""Obligations of a charter that the department convened, and of an answer to the resident's proposal."""

from datetime import date, timedelta

from civic import clock
from civic.acts import charters, obligations, proposals, responses
from civic.acts.obligations import Report, Source
from civic.acts.responses import Commitment
from civic.models import Charter, Deadline, Obligation
from civic.rules.charters import Due, Side
from tests.acts.permission_rows.charters import three
from tests.support.charters import day
from tests.support.permissions import Attempt, Cast, row


async def owed(cast: Cast, number: int) -> Obligation:
    """Clause 2: the department owes it to the committee; 4: the committee to the enterprise; 6: it to the department."""
    all_three = await three(cast)
    return await all_three.obligation(await all_three.in_force(), number)


async def reported(cast: Cast, number: int) -> Obligation:
    """The same, reported by who owes it."""
    all_three = await three(cast)
    one = await all_three.obligation(await all_three.in_force(), number)
    by = {2: all_three.office, 4: all_three.committee, 6: all_three.firm}[number]
    return await obligations.report(by, one, Report("甲"))


async def promised(cast: Cast) -> Obligation:
    """A department's promise to the residents of the community, reported as kept; the resident asked for it."""
    draft = await proposals.create(cast["resident"], title="甲", body="乙", area=cast.world.community.code)
    await proposals.publish(cast["resident"], draft)
    await proposals.sponsor(cast["delegate"], draft)
    deadline = await Deadline.get(kind="proposal", subject_id=draft.id)
    await responses.publish(
        cast["host"],
        deadline,
        verdict="accepted",
        reasons="丙",
        commitments=[Commitment("丁", date(2027, 3, 1))],
    )
    return await obligations.report(cast["host"], await Obligation.get(source_kind="response"), Report("甲"))


@row("obligation.create", "system")
async def _(cast: Cast) -> Attempt:
    given = {"party": cast.party("host").id, "to": Side(cast.party("manager").id), "text": "甲"}
    return lambda actor: obligations.create(actor, due_on=day(1), source=Source("resolution", 1), **given)


@row("obligation.report", "manager", "delegate")
async def _(cast: Cast) -> Attempt:
    key = (await owed(cast, 6)).id
    return lambda actor: obligations.report(actor, key, Report("甲"))


@row("obligation.confirm", "manager", "delegate")
async def _(cast: Cast) -> Attempt:
    key = (await reported(cast, 4)).id
    return lambda actor: obligations.confirm(actor, key)


@row("obligation.confirm", "resident")
async def _(cast: Cast) -> Attempt:
    key = (await promised(cast)).id
    return lambda actor: obligations.confirm(actor, key)


@row("obligation.dispute", "manager", "delegate")
async def _(cast: Cast) -> Attempt:
    key = (await reported(cast, 4)).id
    return lambda actor: obligations.dispute(actor, key, reason="甲")


@row("obligation.dispute", "resident")
async def _(cast: Cast) -> Attempt:
    key = (await promised(cast)).id
    return lambda actor: obligations.dispute(actor, key, reason="甲")


@row("obligation.settle", "host", "steward")
async def _(cast: Cast) -> Attempt:
    key = (await obligations.dispute(cast["manager"], await reported(cast, 4), reason="甲")).id
    return lambda actor: obligations.settle(actor, key, kept=True, reason="乙")


@row("obligation.settle", "steward")
async def _(cast: Cast) -> Attempt:
    key = (await obligations.dispute(cast["host"], await reported(cast, 6), reason="甲")).id
    return lambda actor: obligations.settle(actor, key, kept=False, reason="乙")


@row("obligation.waive", "host")
async def _(cast: Cast) -> Attempt:
    key = (await owed(cast, 6)).id
    return lambda actor: obligations.waive(actor, key, reason="甲")


@row("obligation.remind", "system")
async def _(cast: Cast) -> Attempt:
    one = await owed(cast, 6)

    async def attempt(actor: object) -> object:
        with clock.shift(one.due_on - clock.today()):
            return await obligations.remind(actor, one.id)  # type: ignore[arg-type]

    return attempt


@row("obligation.fall_due", "system")
async def _(cast: Cast) -> Attempt:
    key = (await owed(cast, 6)).id

    async def attempt(actor: object) -> object:
        with clock.shift(timedelta(days=40)):
            return await obligations.fall_due(actor, key)  # type: ignore[arg-type]

    return attempt


@row("obligation.confirm_by_silence", "system")
async def _(cast: Cast) -> Attempt:
    key = (await reported(cast, 6)).id

    async def attempt(actor: object) -> object:
        with clock.shift(timedelta(days=40)):
            return await obligations.confirm_by_silence(actor, key)  # type: ignore[arg-type]

    return attempt


@row("obligation.recur", "system")
async def _(cast: Cast) -> Attempt:
    all_three = await three(cast)
    draft = await all_three.draft()
    due = Due("recurrence", day(0), "FREQ=DAILY;COUNT=3")
    clause = all_three.duty(all_three.office, all_three.firm, "乙", due=due)
    await charters.add_clause(all_three.office, draft, clause=clause)
    await charters.open_(all_three.office, draft)
    await charters.start_signing(all_three.office, draft)
    await all_three.sign_all(await Charter.get(id=draft.id))
    key = (await all_three.obligation(draft, 7)).id
    return lambda actor: obligations.recur(actor, key)
