"""Clauses, and how two versions of them differ."""

from __future__ import annotations

from datetime import date

import strawberry

from civic import clock
from civic.rules import charters as rules
from civic.rules.charters.schedule import all_due
from civic.schema.obligations.sides import Side
from civic.schema.proposals import Change


@strawberry.type(description="When a duty falls due.")
class Due:
    kind: str = strawberry.field(description="day, recurrence or trigger.")
    day: date | None = strawberry.field(description="The day; of a recurrence, the first one.")
    rule: str = strawberry.field(description="Of a recurrence: an RFC 5545 RRULE.")
    roll: bool = strawberry.field(description="Whether a day off moves to the next working day.")
    trigger: str = strawberry.field(description="What has to happen.")
    declarer: Side | None = strawberry.field(description="Who declares that it has happened.")
    days: int = strawberry.field(description="After the declaration.")
    next: list[date] = strawberry.field(description="The next days on which it falls due; at most four.")
    last: date | None = strawberry.field(description="Of a recurrence, the last one.")

    @classmethod
    def of(cls, due: rules.Due, kinds: dict[int, str]) -> Due:
        days = all_due(due)
        return cls(
            kind=due.kind, day=due.day, rule=due.rule, roll=due.roll, trigger=due.trigger, days=due.days,
            declarer=Side.plain(due.declarer, kinds) if due.declarer else None,
            next=[day for day in days if day >= clock.today()][:4], last=days[-1] if days else None,
        )  # fmt: skip


@strawberry.type(description="A right, a duty or an interest.")
class Clause:
    id: strawberry.ID | None = strawberry.field(description="Null where it is part of an earlier version.")
    number: int
    kind: str = strawberry.field(description="right, duty or interest.")
    holder: Side
    counterpart: Side | None
    text: str
    basis: str = strawberry.field(description="The law or resolution on which it rests.")
    due: Due | None
    evidence: str = strawberry.field(description="What shows that a duty was kept.")
    answers: list[int] = strawberry.field(description="Of a duty: numbers of the rights that it answers.")
    answered_by: list[int] = strawberry.field(description="Of a right: numbers of the duties that answer it.")

    @classmethod
    def of(
        cls,
        clause: rules.Clause,
        kinds: dict[int, str],
        every: list[rules.Clause],
        id: strawberry.ID | None = None,
    ) -> Clause:
        return cls(
            id=id, number=clause.number, kind=clause.kind, holder=Side.plain(clause.holder, kinds),
            counterpart=Side.plain(clause.counterpart, kinds) if clause.counterpart else None, text=clause.text,
            basis=clause.basis, due=Due.of(clause.due, kinds) if clause.due else None, evidence=clause.evidence,
            answers=list(clause.answers), answered_by=[c.number for c in every if clause.number in c.answers],
        )  # fmt: skip


@strawberry.type(description="One clause in two versions.")
class ClauseDifference:
    number: int
    op: str = strawberry.field(description="same, added, removed or changed.")
    old: Clause | None
    new: Clause | None
    changes: list[Change] = strawberry.field(description="The words, compared.")
    fields: list[str] = strawberry.field(
        description="What else differs: kind, holder, counterpart, basis, due, evidence, answers."
    )


def differences(
    old: list[rules.Clause], new: list[rules.Clause], kinds: dict[int, str]
) -> list[ClauseDifference]:
    """Two lists of clauses compared, clause by clause."""
    return [
        ClauseDifference(
            number=d.number, op=d.op, old=Clause.of(d.old, kinds, old) if d.old else None,
            new=Clause.of(d.new, kinds, new) if d.new else None,
            changes=[Change(op=part["op"], text=part["text"]) for part in d.parts], fields=list(d.fields),
        )
        for d in rules.compare(old, new)
    ]  # fmt: skip
