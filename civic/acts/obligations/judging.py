"""Those to whom a duty is owed confirm, dispute or waive it; somebody on neither side settles a dispute."""

from __future__ import annotations

from civic import clock
from civic.acts.core import Actor, act_on
from civic.acts.obligations.creating import record, step
from civic.acts.obligations.telling import tell_counterpart, tell_debtor, tell_mediators
from civic.acts.obligations.who import concerned, counterpart, mediator
from civic.models import Obligation
from civic.rules import lifecycles
from civic.rules.text import multiline

REASON = 1000


async def settled(
    actor: Actor, obligation: Obligation, act_name: str, kind: str, text: str = "", **payload: object
) -> Obligation:
    obligation.state = lifecycles.move("obligation", obligation.state, act_name)
    obligation.settled_at = clock.now()
    if obligation.state == "confirmed":
        obligation.confirmed_at = obligation.settled_at
    _, words = await step(actor, obligation, kind, text)
    record(obligation, {**payload, **({"text": words} if text else {})})
    return obligation


@act_on(Obligation, "obligation.confirm", may=counterpart)
async def confirm(actor: Actor, obligation: Obligation, *, remark: str = "") -> Obligation:
    """Confirm that a duty was kept: the counterpart, never who owes it."""
    text = multiline(remark, field="remark", limit=REASON, least=0)
    done = await settled(actor, obligation, "confirm", "confirmed", text)
    await tell_debtor(actor, done, "obligation.confirmed")
    return done


@act_on(Obligation, "obligation.dispute", may=concerned)
async def dispute(actor: Actor, obligation: Obligation, *, reason: str) -> Obligation:
    """Dispute a report, with the reason. A mediator on neither side settles it."""
    obligation.state = lifecycles.move("obligation", obligation.state, "dispute")
    text = multiline(reason, field="reason", limit=REASON)
    _, words = await step(actor, obligation, "disputed", text)
    record(obligation, {"text": words})
    await tell_debtor(actor, obligation, "obligation.disputed", text)
    await tell_mediators(actor, obligation, "obligation.to_settle", text)
    return obligation


@act_on(Obligation, "obligation.settle", may=mediator)
async def settle(actor: Actor, obligation: Obligation, *, kept: bool, reason: str) -> Obligation:
    """Settle a dispute: kept or broken, with the reason."""
    text = multiline(reason, field="reason", limit=REASON)
    done = await settled(
        actor, obligation, "uphold" if kept else "break", "kept" if kept else "broken", text, kept=kept
    )
    await tell_debtor(actor, done, "obligation.settled", text)
    await tell_counterpart(actor, done, "obligation.settled", text)
    return done


@act_on(Obligation, "obligation.waive", may=counterpart)
async def waive(actor: Actor, obligation: Obligation, *, reason: str) -> Obligation:
    """Waive a duty that is owed to oneself, with the reason."""
    text = multiline(reason, field="reason", limit=REASON)
    done = await settled(actor, obligation, "waive", "waived", text)
    await tell_debtor(actor, done, "obligation.waived", text)
    return done
