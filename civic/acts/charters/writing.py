"""From rows to clauses as plain values, and back; and the exact text of a new version. Helpers of acts."""

from __future__ import annotations

from dataclasses import replace
from secrets import token_hex

from civic import clock
from civic.acts.core import Actor, Record, note
from civic.errors import N_, InvalidInput
from civic.models import Area, Charter, CharterVersion, Clause, ClauseAnswer, Party
from civic.rules import charters as rules
from civic.rules.charters import Due, Side

MOST_CLAUSES = 200
RELATED = ("holder", "holder_area", "counterpart", "counterpart_area", "declarer")


def _side(party: Party | None, bloc: str, area: Area | None) -> Side | None:
    if party is not None:
        return Side(party.id, name=party.name)
    return Side(0, bloc, area.code, area.name) if area is not None else None


def value(row: Clause, answers: tuple[int, ...]) -> rules.Clause:
    """A clause's row, its `RELATED` rows fetched, as a plain value."""
    due = None
    if row.due_kind:
        declarer = _side(row.declarer, "", None)
        due = Due(row.due_kind, row.due_on, row.rule, row.roll, row.trigger, declarer, row.days)
    holder = _side(row.holder, row.holder_bloc, row.holder_area)
    assert holder is not None
    counterpart = _side(row.counterpart, row.counterpart_bloc, row.counterpart_area)
    return rules.Clause(
        row.number, row.kind, holder, counterpart, row.text, row.basis, due, row.evidence, answers
    )


async def read(charter_id: int) -> list[rules.Clause]:
    """The clauses as they stand now, by number."""
    return [clause for _, clause in await read_rows(charter_id)]


async def read_rows(charter_id: int) -> list[tuple[Clause, rules.Clause]]:
    """The same with their rows: two queries whatever their number."""
    rows = await Clause.filter(charter_id=charter_id).select_related(*RELATED).order_by("number")
    pairs = ClauseAnswer.filter(duty__charter_id=charter_id)
    answers: dict[int, list[int]] = {}
    for duty, right in await pairs.values_list("duty_id", "right__number"):
        answers.setdefault(duty, []).append(right)
    return [(row, value(row, tuple(sorted(answers.get(row.id, ()))))) for row in rows]


async def known(side: Side | None, field: str) -> Side | None:
    """The side with its name, if it exists and, being a party, is active. Raises InvalidInput."""
    if side is None:
        return None
    if side.party:
        party = await Party.get_or_none(id=side.party)
        if party is None or party.state != "active":
            raise InvalidInput(N_("Choose an active party."), field=field, reason="unknown_party")
        return Side(party.id, name=party.name)
    area = await Area.get_or_none(code=side.area)
    if area is None:
        raise InvalidInput(N_("There is no area with this code."), field=field, reason="unknown_area")
    return Side(0, side.bloc, area.code, area.name)


async def resolved(charter_id: int, clause: rules.Clause) -> rules.Clause:
    """The clause, clean, its sides and answered rights found. Raises InvalidInput."""
    clean = rules.checked(clause)
    holder = await known(clean.holder, "holder")
    assert holder is not None
    due = clean.due
    if due is not None and due.declarer is not None:
        due = replace(due, declarer=await known(due.declarer, "declarer"))
    if clean.answers:
        rights = Clause.filter(charter_id=charter_id, kind="right", number__in=clean.answers)
        if await rights.count() != len(clean.answers):
            raise InvalidInput(
                N_("A duty answers rights of this charter."), field="answers", reason="not_a_right"
            )
    return replace(clean, holder=holder, counterpart=await known(clean.counterpart, "counterpart"), due=due)


async def write(charter: Charter, clause: rules.Clause, row: Clause | None = None) -> Clause:
    """Write a resolved clause as a new row (it gets the next number) or over one."""
    if row is None:
        if await Clause.filter(charter_id=charter.id).count() >= MOST_CLAUSES:
            raise InvalidInput(
                N_("A charter has at most %(most)s clauses."),
                field="text",
                reason="too_many",
                most=MOST_CLAUSES,
            )
        charter.clauses_made += 1
        await charter.save(update_fields=["clauses_made"])
        row = Clause(charter_id=charter.id, number=charter.clauses_made, revision=0)
    areas = {
        area.code: area.id
        for area in await Area.filter(
            code__in=[s.area for s in (clause.holder, clause.counterpart) if s and s.area]
        )
    }
    row.kind, row.text, row.basis, row.evidence = clause.kind, clause.text, clause.basis, clause.evidence
    row.holder_id, row.holder_bloc = clause.holder.party or None, clause.holder.bloc
    row.holder_area_id = areas.get(clause.holder.area)
    faced = clause.counterpart
    row.counterpart_id = (faced.party or None) if faced else None
    row.counterpart_bloc = faced.bloc if faced else ""
    row.counterpart_area_id = areas.get(faced.area) if faced else None
    due = clause.due or Due("")
    row.due_kind, row.due_on, row.rule, row.roll = due.kind, due.day, due.rule, due.roll
    row.trigger, row.days = due.trigger, due.days
    row.declarer_id = due.declarer.party if due.declarer else None
    row.revision += 1
    await row.save()
    await ClauseAnswer.filter(duty_id=row.id).delete()
    if row.kind != "right":  # what it answered as a duty stays; what answered it as a right does not
        await ClauseAnswer.filter(right_id=row.id).delete()
    for right in await Clause.filter(charter_id=charter.id, kind="right", number__in=list(clause.answers)):
        await ClauseAnswer.create(right_id=right.id, duty_id=row.id)
    return row


def parties_of(clauses: list[rules.Clause]) -> list[int]:
    """The parties that are named, and so have to sign, by number."""
    sides = {side for clause in clauses for side in (clause.holder, clause.counterpart) if side is not None}
    return sorted(side.party for side in sides if side.party)


async def named(charter_id: int) -> list[int]:
    """The parties that a charter names."""
    rows = await Clause.filter(charter_id=charter_id).values_list("holder_id", "counterpart_id")
    return sorted({party for pair in rows for party in pair if party})


async def new_version(actor: Actor, charter: Charter, reason: str = "") -> CharterVersion:
    """Freeze the text as it stands under the next number, set it in the charter (saved) and note it."""
    clauses = await read(charter.id)
    charter.version += 1
    area = await Area.get(id=charter.area_id)
    text = rules.canonical(
        charter=charter.id,
        version=charter.version,
        nonce=token_hex(16),
        title=charter.title,
        purpose=charter.purpose,
        area=area.code,
        convener=charter.convener_id,
        clauses=clauses,
        subject=f"{charter.subject_kind}:{charter.subject_id}" if charter.subject_kind else "",
        supersedes=charter.supersedes_id or 0,
    )
    charter.text_hash = rules.text_hash(text)
    await charter.save()
    version = await CharterVersion.create(
        charter=charter,
        number=charter.version,
        text=text,
        hash=charter.text_hash,
        reason=reason,
        by=actor.party,
        at=clock.now(),
    )
    record(charter, {"parties": parties_of(clauses), "clauses": len(clauses)})
    return version


def record(charter: Charter, payload: dict[str, object]) -> None:
    """Note the charter's state and text, and what else is given."""
    body: dict[str, object] = {"state": charter.state}
    if charter.version:
        body |= {"version": charter.version, "text": charter.text_hash}
    note(Record("charter", charter.id, {**body, **payload}))
