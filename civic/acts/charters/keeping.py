"""While a charter is in force: triggers are declared; and its end."""

from __future__ import annotations

from datetime import date
from secrets import token_bytes

from civic import clock
from civic.acts.charters.signing import oblige
from civic.acts.charters.telling import tell_parties, tell_party
from civic.acts.charters.who import declarer, ender
from civic.acts.charters.writing import read, record
from civic.acts.core import Actor, act_on
from civic.acts.obligations.telling import tell_debtor
from civic.errors import N_, Conflict, InvalidInput, InvalidState
from civic.models import Charter, Clause, ClauseChange, Obligation
from civic.rules import lifecycles
from civic.rules.charters.schedule import due_after_trigger
from civic.rules.commitments import commit
from civic.rules.text import one_line

ACCOUNT, REASON, LONG_AGO = 500, 500, 366


@act_on(Clause, "charter.declare_trigger", may=declarer)
async def declare_trigger(actor: Actor, clause: Clause, *, happened_on: date, account: str) -> Obligation:
    """Declare that what a duty waits for has happened: the duty falls due."""
    charter = await Charter.select_for_update().get(id=clause.charter_id)
    lifecycles.move("charter", charter.state, "declare")
    if clause.due_kind != "trigger":
        raise InvalidState(N_("This duty does not wait for anything to be declared."), reason="no_trigger")
    today = clock.today()
    if not 0 <= (today - happened_on).days <= LONG_AGO:
        raise InvalidInput(
            N_("It happened today or before, within the last year."), field="happened_on", reason="range"
        )
    plain = next(c for c in await read(charter.id) if c.number == clause.number)
    assert plain.due is not None
    # The time runs from the declaration: nobody is late before they could know.
    day = due_after_trigger(plain.due, today)
    before = Obligation.filter(clause_id=clause.id)
    if await before.filter(due_on=day).exists():
        raise Conflict(N_("This has been declared today already."), reason="declared")
    said = one_line(account, field="account", limit=ACCOUNT)
    salt = token_bytes(16)
    payload: dict[str, object] = {"clause": clause.number, "happened_on": happened_on.isoformat()}
    record(charter, {**payload, "account": commit(salt, said)})
    obligation = await oblige(charter, plain, clause.id, day, await before.count() + 1)
    await Obligation.filter(id=obligation.id).update(declared=said)
    obligation.declared = said
    await tell_debtor(actor, obligation, "obligation.due", said)
    return obligation


@act_on(Charter, "charter.end", may=ender)
async def end(actor: Actor, charter: Charter, *, reason: str) -> Charter:
    """End a charter, with a public reason. What it made due before stays to be kept; only counterparts waive it."""
    charter.state = lifecycles.move("charter", charter.state, "end")
    charter.over_at, charter.over_reason = clock.now(), one_line(reason, field="reason", limit=REASON)
    await charter.save()
    await ClauseChange.filter(charter_id=charter.id, state="open").update(
        state="withdrawn", decided_at=clock.now()
    )
    record(charter, {})
    if charter.opened_at is None:  # nobody but the convener knew of the draft
        await tell_party(actor, charter, "charter.ended", charter.convener_id, detail=charter.over_reason)
    else:
        await tell_parties(actor, charter, "charter.ended", charter.over_reason)
    return charter
