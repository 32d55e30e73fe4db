"""Whether a charter is complete: what each side may claim, somebody else must do; and nobody only takes or gives.

Source: Hohfeld's correlatives (W. N. Hohfeld, "Some Fundamental Legal Conceptions as Applied in Judicial Reasoning",
Yale Law Journal 23, 1913): a right is a right only where another has the duty that answers it.

1. Every right is answered by at least one duty of another holder.
2. Every party named carries at least one duty, and has at least one right or interest.
3. Every duty can fall due: on a day that is not past, by a rule with days left, or by a trigger that somebody else than
   its holder declares. And it can be evidenced: it says what shows that it was kept, and to whom it is owed, because the
   counterpart confirms it.
4. Duties are carried by parties. A bloc may hold rights and interests, but nobody can sign for all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from civic.errors import N_, InvalidInput
from civic.rules.charters.clauses import Clause, Side
from civic.rules.charters.schedule import all_due


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is missing, where, and what to do. ``details`` fill the places of the message.

    clause: its number, or 0 when it is about a party or the whole. message: English template, a gettext id.
    """

    code: str
    message: str
    clause: int = 0
    party: Side | None = None
    details: dict[str, int | str] = field(default_factory=dict)


def findings(clauses: Iterable[Clause], today: date) -> list[Finding]:
    """All that keeps a charter from being signed, by clause, then by party; empty when it is complete."""
    every = sorted(clauses, key=lambda clause: clause.number)
    if not every:
        return [
            Finding(
                "empty", N_("There is no clause yet. Add the rights, duties and interests of each party.")
            )
        ]
    found: list[Finding] = []
    for clause in every:
        if clause.kind == "right":
            found += _right(clause, every)
        elif clause.kind == "duty":
            found += _duty(clause, every, today)
    return found + list(_parties(every))


def _right(right: Clause, every: list[Clause]) -> Iterator[Finding]:
    answering = [c for c in every if c.kind == "duty" and right.number in c.answers]
    where: dict[str, int | str] = {"clause": right.number}
    if not answering:
        yield Finding(
            "right_unanswered",
            N_(
                "Clause %(clause)s is a right that nobody's duty answers. Add a duty of another party that answers it."
            ),
            right.number,
            details=where,
        )
    elif all(duty.holder == right.holder for duty in answering):
        yield Finding(
            "right_answered_by_itself",
            N_(
                "Clause %(clause)s is a right that only its own holder's duty answers. Another party must owe it."
            ),
            right.number,
            details=where,
        )


def _duty(duty: Clause, every: list[Clause], today: date) -> Iterator[Finding]:
    def missing(code: str, message: str) -> Finding:
        return Finding(code, message, duty.number, details={"clause": duty.number})

    rights = {c.number for c in every if c.kind == "right"}
    if not duty.holder.party:
        yield missing(
            "duty_of_bloc",
            N_("Clause %(clause)s puts a duty on a whole bloc, for which nobody can sign. Name a party."),
        )
    if duty.counterpart is None:
        yield missing(
            "duty_to_nobody",
            N_(
                "Clause %(clause)s does not say to whom the duty is owed, so nobody can confirm it. Name them."
            ),
        )
    if not duty.evidence:
        yield missing(
            "duty_without_evidence",
            N_("Clause %(clause)s does not say what shows that the duty was kept. Describe the evidence."),
        )
    if set(duty.answers) - rights:
        yield missing(
            "answers_no_right",
            N_(
                "Clause %(clause)s answers a clause that is not a right, or is gone. Choose again what it answers."
            ),
        )
    if duty.due is None:
        yield missing(
            "duty_without_due",
            N_(
                "Clause %(clause)s does not say when the duty falls due. Give a day, a recurrence or a trigger."
            ),
        )
    elif duty.due.kind == "trigger":
        if duty.due.declarer is None or not duty.due.declarer.party:
            yield missing(
                "trigger_undeclared",
                N_(
                    "Clause %(clause)s does not say who declares that its trigger has occurred. Name a party."
                ),
            )
        elif duty.due.declarer == duty.holder:
            yield missing(
                "trigger_of_holder",
                N_(
                    "Clause %(clause)s falls due only when its own holder says so. Another party must declare it."
                ),
            )
    elif not _falls_due(duty, today):
        yield missing(
            "duty_past", N_("Clause %(clause)s falls due on no day that is still to come. Give a later day.")
        )


def _falls_due(duty: Clause, today: date) -> bool:
    assert duty.due is not None
    try:
        return any(day >= today for day in all_due(duty.due))
    except InvalidInput:
        return False


def _parties(every: list[Clause]) -> Iterator[Finding]:
    sides = {side for c in every for side in (c.holder, c.counterpart) if side is not None}
    named = sorted((side for side in sides if side.party), key=lambda side: side.party)
    if len(sides) < 2:
        yield Finding("one_side", N_("Only one side is named. A charter binds at least two."))
    for side in named:
        held = [c.kind for c in every if c.holder == side]
        details: dict[str, int | str] = {"party": side.name}
        if "duty" not in held:
            yield Finding(
                "party_without_duty",
                N_("“%(party)s” carries no duty. Who is named in a charter has something to do in it."),
                party=side,
                details=details,
            )
        if "right" not in held and "interest" not in held:
            yield Finding(
                "party_without_benefit",
                N_(
                    "“%(party)s” has neither a right nor an interest. Say what it may demand or what it gains."
                ),
                party=side,
                details=details,
            )
