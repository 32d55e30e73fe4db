"""Every act about charters, changes and obligations in every state: carried out as the table says, or refused with its code.

Each act is tried by somebody who may, on something in each state in turn. What the table of states allows leads to the
state that it names; all else is refused as InvalidState ``wrong_state``, changes nothing and leaves no record. Each
attempt is undone before the next.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from civic import clock
from civic.acts import charters, obligations
from civic.acts.core import SYSTEM, Actor
from civic.acts.obligations import Report
from civic.errors import InvalidState
from civic.models import Charter, Clause, ClauseChange, LedgerEntry, Obligation
from civic.rules import lifecycles
from civic.rules.charters import Due
from tests.support.charters import Three, day
from tests.support.undoing import undone
from tests.support.world import World

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(400)]
Work = Callable[[Any], Awaitable[object]]


@pytest.fixture
async def three(connected: str, world: World) -> Three:
    return await Three.make(world)


async def charter_in(three: Three, state: str) -> Charter:
    """A charter in this state, whose clause 7 waits for a trigger that the committee declares."""
    draft = await three.draft()
    fire = Due("trigger", trigger="着火", declarer=three.side(three.committee), days=3)
    await charters.add_clause(
        three.office, draft, clause=three.duty(three.firm, three.office, "报告", due=fire)
    )
    if state == "draft":
        return await Charter.get(id=draft.id)
    await charters.open_(three.office, draft)
    if state == "negotiation":
        return await Charter.get(id=draft.id)
    await charters.start_signing(three.office, draft)
    if state == "signing":
        return await Charter.get(id=draft.id)
    await three.sign_all(draft)
    if state == "superseded":
        await charters.supersede(SYSTEM, draft.id, by=draft.id)
    if state == "ended":
        await charters.end(three.office, draft, reason="甲")
    return await Charter.get(id=draft.id)


async def test_a_charter_in_every_state(three: Three) -> None:
    office, firm, committee = three.office, three.firm, three.committee

    async def trigger(charter: Charter) -> object:
        clause = await Clause.get(charter_id=charter.id, number=7)
        return await charters.declare_trigger(committee, clause, happened_on=day(0), account="甲")

    clause = three.right(firm, "甲")
    tried: list[tuple[str, Work]] = [
        ("edit", lambda c: charters.edit(office, c, title="甲")),
        ("edit", lambda c: charters.add_clause(office, c, clause=clause)),
        ("edit", lambda c: charters.change_clause(office, c, number=3, clause=clause)),
        ("edit", lambda c: charters.remove_clause(office, c, number=7)),
        ("open", lambda c: charters.open_(office, c)),
        ("propose", lambda c: charters.propose_change(firm, c, number=1, reason="甲")),
        ("start_signing", lambda c: charters.start_signing(office, c)),
        ("sign", lambda c: charters.sign(firm, c, text_hash=c.text_hash)),
        ("reopen", lambda c: charters.reopen(office, c)),
        ("enter_into_force", lambda c: charters.enter_into_force(SYSTEM, c)),
        ("declare", trigger),
        ("supersede", lambda c: charters.supersede(SYSTEM, c, by=c.id)),
        ("end", lambda c: charters.end(office, c, reason="甲")),
    ]
    assert {act for act, _ in tried} | {"change"} == lifecycles.acts("charter")
    for state in lifecycles.states("charter"):
        charter = await charter_in(three, state)
        for act, work in tried:
            await undone(partial(attempt, "charter", state, act, work, charter, Charter))


async def attempt(kind: str, state: str, act: str, work: Work, row: Any, model: Any) -> None:
    """One act on something in one state."""
    assert row.state == state
    before = await LedgerEntry.all().count()
    if lifecycles.can(kind, state, act):
        await work(row)
        assert (await model.get(id=row.id)).state == lifecycles.move(kind, state, act), (kind, state, act)
        assert await LedgerEntry.all().count() > before
        return
    with pytest.raises(InvalidState) as refused:
        await work(row)
    assert refused.value.reason == "wrong_state", (kind, state, act, refused.value.reason)
    assert (await model.get(id=row.id)).state == state
    assert await LedgerEntry.all().count() == before


async def test_a_change_of_a_clause_in_every_state(three: Three) -> None:
    """Of a charter that is negotiated or signed; one that is neither refuses it for the charter's own state."""
    works: dict[str, Work] = {
        "accept": lambda c: charters.accept_change(three.office, c),
        "decline": lambda c: charters.decline_change(three.office, c, answer="甲"),
        "withdraw": lambda c: charters.withdraw_change(three.firm, c),
    }
    assert set(works) == lifecycles.acts("clause_change")
    ways = {
        "accepted": works["accept"],
        "declined": works["decline"],
        "withdrawn": works["withdraw"],
    }

    async def proposed(where: str) -> ClauseChange:
        charter = await charter_in(three, where)
        text = three.duty(three.firm, three.office, "另一说法", 5)
        return await charters.propose_change(three.firm, charter, number=6, reason="甲", clause=text)

    for where in ("negotiation", "signing"):
        for state in lifecycles.states("clause_change"):
            change = await proposed(where)
            if state != "open":
                await ways[state](change)
            row = await ClauseChange.get(id=change.id)
            for act, work in works.items():
                await undone(partial(versioned, state, act, work, row))


async def versioned(state: str, act: str, work: Work, row: ClauseChange) -> None:
    """An accepted change, and only that, makes another version of the charter."""
    await attempt("clause_change", state, act, work, row, ClauseChange)
    version = (await Charter.get(id=row.charter_id)).version
    assert version == 1 + ((await ClauseChange.get(id=row.id)).state == "accepted")


async def obligation_in(three: Three, charter: Charter, state: str) -> Obligation:
    """What the committee owes the firm; the office, which convened, is on neither side."""
    one = await three.obligation(charter, 4)
    if state == "overdue":
        with clock.shift(timedelta(days=40)):
            await obligations.fall_due(SYSTEM, one)
    elif state == "waived":
        await obligations.waive(three.firm, one, reason="甲")
    elif state != "pending":
        await obligations.report(three.committee, one, Report("甲"))
        if state == "confirmed":
            await obligations.confirm(three.firm, one)
        elif state != "reported":
            await obligations.dispute(three.firm, one, reason="甲")
            if state == "broken":
                await obligations.settle(three.office, one, kept=False, reason="甲")
    return await Obligation.get(id=one.id)


async def later(act: Callable[[Actor, Obligation], Awaitable[object]], one: Obligation) -> object:
    with clock.shift(timedelta(days=60)):
        return await act(SYSTEM, one)


async def test_an_obligation_in_every_state(three: Three) -> None:
    tried: list[tuple[str, Work]] = [
        ("report", lambda o: obligations.report(three.committee, o, Report("甲"))),
        ("confirm", lambda o: obligations.confirm(three.firm, o)),
        ("confirm", lambda o: later(obligations.confirm_by_silence, o)),
        ("dispute", lambda o: obligations.dispute(three.firm, o, reason="甲")),
        ("uphold", lambda o: obligations.settle(three.office, o, kept=True, reason="甲")),
        ("break", lambda o: obligations.settle(three.office, o, kept=False, reason="甲")),
        ("waive", lambda o: obligations.waive(three.firm, o, reason="甲")),
        ("fall_due", lambda o: later(obligations.fall_due, o)),
    ]
    assert {act for act, _ in tried} == lifecycles.acts("obligation")
    for state in lifecycles.states("obligation"):
        one = await obligation_in(three, await three.in_force(), state)
        for act, work in tried:
            await undone(partial(attempt, "obligation", state, act, work, one, Obligation))
