"""A clause as a plain value, and what may be written in one.

`plain` and `from_plain` are its form in JSON, which is signed and compared. Empty parts are left out of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from civic.errors import N_, InvalidInput
from civic.rules import recurrence
from civic.rules.text import multiline, one_line

KINDS = ("right", "duty", "interest")
BLOCS = ("government", "enterprise", "association", "residents", "institution")
DUE = ("day", "recurrence", "trigger")
TEXT, BASIS, EVIDENCE, TRIGGER, MOST_DAYS = 2000, 300, 500, 300, 366


@dataclass(frozen=True, slots=True)
class Side:
    """Who holds a clause, or whom it faces: a party by its number, or a bloc within an area (by its code).

    name: of the party or of the area, for readers; two sides are the same whatever they are called.
    """

    party: int = 0
    bloc: str = ""
    area: str = ""
    name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Due:
    """When a duty falls due: on a day; by a rule from a day on; or some days after a trigger that somebody declares."""

    kind: str
    day: date | None = None
    rule: str = ""
    roll: bool = False
    trigger: str = ""
    declarer: Side | None = None
    days: int = 0


@dataclass(frozen=True, slots=True)
class Clause:
    """A right, duty or interest. ``answers`` are the numbers of the rights that this duty answers."""

    number: int
    kind: str
    holder: Side
    counterpart: Side | None = None
    text: str = ""
    basis: str = ""
    due: Due | None = None
    evidence: str = ""
    answers: tuple[int, ...] = ()


def checked(clause: Clause) -> Clause:
    """The clause with clean texts. It may be incomplete, but not malformed. Raises InvalidInput."""
    if clause.kind not in KINDS:
        raise InvalidInput(N_("Choose right, duty or interest."), field="kind", reason="kind")
    for name, side in (("holder", clause.holder), ("counterpart", clause.counterpart)):
        if side is not None and not side.party and (side.bloc not in BLOCS or not side.area):
            raise InvalidInput(N_("Choose a party, or a bloc within an area."), field=name, reason="side")
    if clause.counterpart == clause.holder:
        raise InvalidInput(
            N_("Nobody owes something to themself: choose another counterpart."),
            field="counterpart",
            reason="same_side",
        )
    if clause.kind != "duty" and (clause.due is not None or clause.evidence or clause.answers):
        raise InvalidInput(
            N_("Only a duty falls due, is shown by evidence and answers rights."),
            field="kind",
            reason="not_a_duty",
        )
    return replace(
        clause,
        text=multiline(clause.text, field="text", limit=TEXT),
        basis=one_line(clause.basis, field="basis", limit=BASIS, least=0),
        evidence=one_line(clause.evidence, field="evidence", limit=EVIDENCE, least=0),
        due=_checked_due(clause.due) if clause.due else None,
        answers=tuple(sorted(set(clause.answers))),
    )


def _checked_due(due: Due) -> Due:
    if due.kind == "day":
        if due.day is None:
            raise InvalidInput(N_("Say on which day it is due."), field="due_on", reason="no_day")
        return Due("day", due.day, roll=due.roll)
    if due.kind == "recurrence":
        if due.day is None:
            raise InvalidInput(N_("Say from which day on it recurs."), field="due_on", reason="no_day")
        recurrence.dates(due.rule, due.day)
        return Due("recurrence", due.day, due.rule.strip().upper().removeprefix("RRULE:"), due.roll)
    if due.kind == "trigger":
        if not 0 <= due.days <= MOST_DAYS:
            raise InvalidInput(
                N_("From 0 to %(most)s days, please."), field="days", reason="range", most=MOST_DAYS
            )
        text = one_line(due.trigger, field="trigger", limit=TRIGGER)
        return Due("trigger", roll=due.roll, trigger=text, declarer=due.declarer, days=due.days)
    raise InvalidInput(N_("Choose a day, a recurrence or a trigger."), field="due_kind", reason="due_kind")


def plain(clause: Clause) -> dict[str, Any]:
    """The clause as JSON has it."""
    found: dict[str, Any] = {
        "number": clause.number,
        "kind": clause.kind,
        "holder": _side(clause.holder),
        "counterpart": _side(clause.counterpart) if clause.counterpart else None,
        "text": clause.text,
        "basis": clause.basis,
        "due": _due(clause.due) if clause.due else None,
        "evidence": clause.evidence,
        "answers": list(clause.answers),
    }
    return _without_empty(found)


def _side(side: Side) -> dict[str, Any]:
    who: dict[str, Any] = {"party": side.party} if side.party else {"bloc": side.bloc, "area": side.area}
    return {**who, "name": side.name}


def _due(due: Due) -> dict[str, Any]:
    return _without_empty(
        {
            "kind": due.kind,
            "day": due.day.isoformat() if due.day else None,
            "rule": due.rule,
            "roll": due.roll,
            "trigger": due.trigger,
            "declarer": _side(due.declarer) if due.declarer else None,
            "days": due.days,
        }
    )


def _without_empty(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if value not in (None, "", [], False, 0)}


def from_plain(found: Mapping[str, Any]) -> Clause:
    """The clause that `plain` wrote. KeyError, TypeError or ValueError for anything else."""
    due, counterpart = found.get("due"), found.get("counterpart")
    return Clause(
        number=int(found.get("number", 0)),
        kind=str(found["kind"]),
        holder=_from_side(found["holder"]),
        counterpart=_from_side(counterpart) if counterpart else None,
        text=str(found.get("text", "")),
        basis=str(found.get("basis", "")),
        due=_from_due(due) if due else None,
        evidence=str(found.get("evidence", "")),
        answers=tuple(int(number) for number in found.get("answers", ())),
    )


def _from_side(found: Mapping[str, Any]) -> Side:
    return Side(
        int(found.get("party", 0)),
        str(found.get("bloc", "")),
        str(found.get("area", "")),
        str(found.get("name", "")),
    )


def _from_due(found: Mapping[str, Any]) -> Due:
    day, declarer = found.get("day"), found.get("declarer")
    return Due(
        kind=str(found["kind"]),
        day=date.fromisoformat(day) if day else None,
        rule=str(found.get("rule", "")),
        roll=bool(found.get("roll", False)),
        trigger=str(found.get("trigger", "")),
        declarer=_from_side(declarer) if declarer else None,
        days=int(found.get("days", 0)),
    )
