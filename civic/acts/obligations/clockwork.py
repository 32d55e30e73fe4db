"""What the clock does with obligations: overdue, confirmed by silence, due again."""

from __future__ import annotations

from civic import clock
from civic.acts.core import Actor, act_on
from civic.acts.obligations.creating import Source, create, record, step
from civic.acts.obligations.judging import settled
from civic.acts.obligations.telling import tell_counterpart, tell_debtor
from civic.acts.permissions import system
from civic.errors import N_, InvalidState
from civic.models import Charter, Clause, Obligation, ObligationStep
from civic.rules import charters, lifecycles
from civic.rules import obligations as rules


def _not_yet() -> InvalidState:
    return InvalidState(N_("It is not yet time for this."), reason="not_yet")


@act_on(Obligation, "obligation.remind", may=system)
async def remind(actor: Actor, obligation: Obligation) -> Obligation:
    """Remind those who owe it, once, a few days before its day."""
    if not rules.to_remind(obligation.state, obligation.due_on, clock.today()):
        raise _not_yet()
    if await ObligationStep.filter(obligation_id=obligation.id, kind="reminded").exists():
        raise InvalidState(N_("They have been reminded already."), reason="wrong_state")
    await step(actor, obligation, "reminded")
    record(obligation, {})
    await tell_debtor(actor, obligation, "obligation.soon", obligation.due_on.isoformat())
    return obligation


@act_on(Obligation, "obligation.fall_due", may=system)
async def fall_due(actor: Actor, obligation: Obligation) -> Obligation:
    """Its day has passed and nothing was reported: overdue, for all to see."""
    after = lifecycles.move("obligation", obligation.state, "fall_due")
    if not rules.falls_overdue(obligation.state, obligation.due_on, clock.today()):
        raise _not_yet()
    obligation.state, obligation.overdue_at = after, clock.now()
    await step(actor, obligation, "overdue")
    record(obligation, {})
    await tell_debtor(actor, obligation, "obligation.overdue")
    await tell_counterpart(actor, obligation, "obligation.owed_late")
    return obligation


@act_on(Obligation, "obligation.confirm_by_silence", may=system)
async def confirm_by_silence(actor: Actor, obligation: Obligation) -> Obligation:
    """Nobody confirmed or disputed within the time: silence confirms, and that is said."""
    lifecycles.move("obligation", obligation.state, "confirm")
    if not rules.deemed_confirmed(obligation.state, obligation.confirm_by, clock.now()):
        raise _not_yet()
    obligation.by_silence = True
    done = await settled(actor, obligation, "confirm", "silence")
    await tell_debtor(actor, done, "obligation.confirmed")
    return done


@act_on(Obligation, "obligation.recur", may=system)
async def recur(actor: Actor, obligation: Obligation) -> Obligation | None:
    """A recurring duty falls due again: make the next obligation when the last one's day has come."""
    if obligation.again_on is None or obligation.again_on > clock.today() or obligation.clause_id is None:
        raise _not_yet()
    charter = await Charter.get(id=obligation.charter_id)
    obligation.again_on = None
    await obligation.save(update_fields=["again_on"])
    clause = await Clause.get(id=obligation.clause_id)
    due = charters.Due("recurrence", clause.due_on, clause.rule, clause.roll)
    day = charters.next_due(due, obligation.due_on) if charter.state == "in_force" else None
    record(obligation, {"next": day.isoformat() if day else None})
    if day is None:
        return None
    area = await obligation.counterpart_area if obligation.counterpart_area_id else None
    side = charters.Side(
        obligation.counterpart_id or 0, obligation.counterpart_bloc, area.code if area else ""
    )
    source = Source(
        "charter", charter.id, charter=charter.id, clause=clause.id, number=clause.number,
        occurrence=obligation.occurrence + 1, again=True,
    )  # fmt: skip
    following = await create(
        actor, party=obligation.party_id, to=side, text=obligation.text, due_on=day, source=source,
        wanted=obligation.wanted,
    )  # fmt: skip
    await tell_debtor(actor, following, "obligation.due")
    return following
