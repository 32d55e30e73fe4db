"""Parties that a charter names propose changes of its clauses; others decide on them, with a reason."""

from __future__ import annotations

from secrets import token_bytes

from civic import clock
from civic.acts.charters.drafting import clause_of, content_of
from civic.acts.charters.telling import tell_parties, tell_party
from civic.acts.charters.who import decider, proposer, taking_part
from civic.acts.charters.writing import new_version, read, record, resolved, write
from civic.acts.core import Actor, act_on
from civic.acts.permissions import the_party
from civic.errors import N_, Conflict, InvalidInput, InvalidState
from civic.models import Charter, ClauseChange
from civic.rules import charters as rules
from civic.rules import lifecycles
from civic.rules.commitments import commit
from civic.rules.text import multiline, one_line

REASON, ANSWER, MOST_OPEN = 1000, 500, 100


@act_on(Charter, "charter.propose_change", may=taking_part)
async def propose_change(
    actor: Actor,
    charter: Charter,
    *,
    reason: str,
    number: int | None = None,
    clause: rules.Clause | None = None,
) -> ClauseChange:
    """Propose to add (no number), change, or remove (no clause) a clause, with the reason."""
    lifecycles.move("charter", charter.state, "propose")
    if number is None and clause is None:
        raise InvalidInput(N_("Say which clause, or what it shall say."), field="number", reason="nothing")
    row = await clause_of(charter, number) if number is not None else None
    content = content_of(await resolved(charter.id, clause)) if clause is not None else None
    if row is not None and content is not None:
        now = next(c for c in await read(charter.id) if c.number == number)
        if content_of(now) == content:
            raise InvalidInput(N_("This is what the clause says already."), field="text", reason="no_change")
    if await ClauseChange.filter(charter_id=charter.id, state="open").count() >= MOST_OPEN:
        raise Conflict(N_("Too many changes are open. Decide on some first."), reason="too_many_open")
    change = await ClauseChange.create(
        charter=charter,
        number=number,
        revision=row.revision if row else 0,
        op="add" if number is None else ("remove" if content is None else "change"),
        content=content,
        reason=multiline(reason, field="reason", limit=REASON),
        salt=token_bytes(16),
        by=the_party(actor),
        person=actor.person,
        at=clock.now(),
    )
    _note(charter, change, {"text": commit(bytes(change.salt), change.reason)})
    await tell_party(actor, charter, "charter.proposed", charter.convener_id, detail=change.reason)
    return change


def _note(charter: Charter, change: ClauseChange, payload: dict[str, object]) -> None:
    said: dict[str, object] = {"change": change.id, "op": change.op, "change_state": change.state}
    if change.number is not None:
        said["clause"] = change.number
    record(charter, {**said, **{("reason" if k == "text" else k): v for k, v in payload.items()}})


async def _decided(actor: Actor, change: ClauseChange, act: str, answer: str) -> Charter:
    change.state = lifecycles.move("clause_change", change.state, act)
    charter = await Charter.select_for_update().get(id=change.charter_id)
    lifecycles.move("charter", charter.state, "propose")
    change.decided_by, change.decided_at, change.answer = actor.party, clock.now(), answer
    return charter


@act_on(ClauseChange, "charter.accept_change", may=decider)
async def accept_change(actor: Actor, change: ClauseChange, *, answer: str = "") -> ClauseChange:
    """Take a change into the text: a new version, and where signing has begun it begins again."""
    words = one_line(answer, field="answer", limit=ANSWER, least=0)
    charter = await _decided(actor, change, "accept", words)
    charter.state = lifecycles.move("charter", charter.state, "change")
    row = await clause_of(charter, change.number) if change.number is not None else None
    if row is not None and row.revision != change.revision:
        raise Conflict(
            N_("The clause has changed since this was proposed. Decline it, or propose it again."),
            reason="stale",
        )
    if change.content is None:
        assert row is not None
        await row.delete()
    else:
        clause = await resolved(charter.id, rules.from_plain(change.content))
        written = await write(charter, clause, row)
        change.number = written.number
    if charter.state == "signing":
        require_complete(await read(charter.id))
        charter.signing_at = clock.now()
    await change.save()
    await new_version(actor, charter, change.reason[:ANSWER])
    _note(charter, change, {})
    anew = "charter.signing_anew" if charter.state == "signing" else "charter.changed"
    await tell_parties(actor, charter, anew, change.reason)
    return change


@act_on(ClauseChange, "charter.decline_change", may=decider)
async def decline_change(actor: Actor, change: ClauseChange, *, answer: str) -> ClauseChange:
    """Decline a change, with the reason."""
    charter = await _decided(actor, change, "decline", one_line(answer, field="answer", limit=ANSWER))
    await change.save()
    _note(charter, change, {})
    await tell_party(actor, charter, "charter.declined", change.by_id, detail=change.answer)
    return change


@act_on(ClauseChange, "charter.withdraw_change", may=proposer)
async def withdraw_change(actor: Actor, change: ClauseChange) -> ClauseChange:
    """Withdraw a change that one's party proposed."""
    charter = await _decided(actor, change, "withdraw", "")
    await change.save()
    _note(charter, change, {})
    return change


def require_complete(clauses: list[rules.Clause]) -> None:
    """Raises InvalidState that names the first thing that is missing, and how many there are."""
    missing = rules.findings(clauses, clock.today())
    if missing:
        first = missing[0]
        raise InvalidState(
            N_("The charter is not complete, so it cannot be signed. Points still missing: %(number)s."),
            reason="incomplete",
            number=len(missing),
            finding=first.code,
            clause=first.clause,
            codes=",".join(finding.code for finding in missing),
        )
