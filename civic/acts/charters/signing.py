"""Signing one exact text, and coming into force when every party named has signed it."""

from __future__ import annotations

from datetime import date
from secrets import token_bytes

from civic import clock
from civic.acts import obligations
from civic.acts.charters import resolutions
from civic.acts.charters.negotiating import require_complete
from civic.acts.charters.telling import tell_parties
from civic.acts.charters.who import convener, signer
from civic.acts.charters.writing import parties_of, read, record
from civic.acts.core import SYSTEM, Actor, act_on
from civic.acts.permissions import system, the_party
from civic.errors import N_, Conflict
from civic.models import Charter, CharterVersion, Clause, Obligation, Signature
from civic.rules import charters as rules
from civic.rules import lifecycles
from civic.rules.commitments import commit
from civic.rules.text import multiline

RESERVATION = 2000


@act_on(Charter, "charter.start_signing", may=convener)
async def start_signing(actor: Actor, charter: Charter) -> Charter:
    """Put the text out for signature, if it is complete; every party named signs this very text."""
    charter.state = lifecycles.move("charter", charter.state, "start_signing")
    clauses = await read(charter.id)
    require_complete(clauses)
    charter.signing_at = clock.now()
    await charter.save()
    record(charter, {"parties": parties_of(clauses)})
    await tell_parties(actor, charter, "charter.signing")
    return charter


@act_on(Charter, "charter.reopen", may=convener)
async def reopen(actor: Actor, charter: Charter) -> Charter:
    """Go back from signing to negotiation."""
    charter.state = lifecycles.move("charter", charter.state, "reopen")
    charter.signing_at = None
    await charter.save()
    await Signature.filter(version__charter_id=charter.id, version__number=charter.version).delete()
    record(charter, {})
    return charter


@act_on(Charter, "charter.sign", may=signer)
async def sign(actor: Actor, charter: Charter, *, text_hash: str, reservation: str = "") -> Charter:
    """Sign the text with this hash for one's party, with or without a reservation."""
    lifecycles.move("charter", charter.state, "sign")
    party = the_party(actor)
    if text_hash.strip().lower() != charter.text_hash:
        raise Conflict(
            N_("The text has changed since you read it. Read version %(version)s, then sign that one."),
            field="text_hash",
            reason="old_version",
            version=charter.version,
        )
    version = await CharterVersion.get(charter_id=charter.id, number=charter.version)
    if await Signature.filter(version_id=version.id, party_id=party.id).exists():
        raise Conflict(N_("Your party has signed this text already."), reason="signed")
    clauses = await read(charter.id)
    require_complete(clauses)
    signature = await Signature.create(
        version=version,
        party=party,
        person=actor.person,
        reservation=multiline(reservation, field="reservation", limit=RESERVATION, least=0),
        salt=token_bytes(16),
        at=clock.now(),
    )
    said: dict[str, object] = {}
    if signature.reservation:
        said["reservation"] = commit(bytes(signature.salt), signature.reservation)
    record(charter, said)
    signed = await Signature.filter(version_id=version.id).values_list("party_id", flat=True)
    if set(parties_of(clauses)) <= set(signed):
        return await enter_into_force(SYSTEM, charter)
    return charter


@act_on(Charter, "charter.enter_into_force", may=system)
async def enter_into_force(actor: Actor, charter: Charter) -> Charter:
    """All have signed: the charter is in force, and its duties become obligations."""
    charter.state = lifecycles.move("charter", charter.state, "enter_into_force")
    charter.in_force_at = clock.now()
    await charter.save()
    clauses = await read(charter.id)
    running = await resolutions.running(charter, clauses)
    record(charter, {"running": {str(n): one.id for n, one in running.items()}} if running else {})
    if charter.supersedes_id is not None:
        old = await Charter.get(id=charter.supersedes_id)
        if lifecycles.can("charter", old.state, "supersede"):
            await supersede(actor, old, by=charter.id)
    keys = dict(await Clause.filter(charter_id=charter.id).values_list("number", "id"))
    for clause in clauses:
        if clause.number in running:
            await resolutions.carry_on(charter, clause, keys[clause.number], running[clause.number])
        elif clause.kind == "duty" and clause.due is not None:
            day = rules.first_due(clause.due, clock.today())
            if day is not None:
                await oblige(charter, clause, keys[clause.number], day, 1)
    await tell_parties(actor, charter, "charter.in_force")
    return charter


async def oblige(
    charter: Charter, clause: rules.Clause, clause_id: int, day: date, occurrence: int
) -> Obligation:
    """Make the obligation of a duty that falls due on a day."""
    assert clause.counterpart is not None
    again = clause.due is not None and clause.due.kind == "recurrence"
    source = obligations.Source(
        "charter", charter.id, charter=charter.id, clause=clause_id, number=clause.number, occurrence=occurrence,
        again=again,
    )  # fmt: skip
    return await obligations.create(
        SYSTEM, party=clause.holder.party, to=clause.counterpart, text=clause.text, due_on=day, source=source,
        wanted=clause.evidence,
    )  # fmt: skip


@act_on(Charter, "charter.supersede", may=system)
async def supersede(actor: Actor, charter: Charter, *, by: int) -> Charter:
    """A newer charter takes this one's place. What fell due before stays to be kept."""
    charter.state = lifecycles.move("charter", charter.state, "supersede")
    charter.over_at = clock.now()
    await charter.save()
    record(charter, {"by": by})
    return charter
