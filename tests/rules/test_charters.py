"""Clauses, completeness, exact texts, comparison and schedules of charters."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.errors import InvalidInput
from civic.rules import charters, working_days
from civic.rules.charters import Clause, Due, Side
from civic.rules.charters.schedule import due_after_trigger

TODAY = date(2026, 3, 18)
A, B, C = Side(1, name="甲"), Side(2, name="乙"), Side(3, name="丙")
RESIDENTS = Side(0, "residents", "310104", "徐汇区")
DAY = Due("day", TODAY + timedelta(days=30))


def duty(number: int, holder: Side, to: Side | None, *answers: int, **more: object) -> Clause:
    given: dict[str, object] = {"due": DAY, "evidence": "照片", "text": f"第{number}条", **more}
    return Clause(number, "duty", holder, to, answers=answers, **given)  # type: ignore[arg-type]


def right(number: int, holder: Side, **more: object) -> Clause:
    return Clause(number, "right", holder, text=f"第{number}条", **more)  # type: ignore[arg-type]


WHOLE = [
    right(1, A),
    duty(2, B, A, 1),
    right(3, B),
    duty(4, A, B, 3),
    Clause(5, "interest", RESIDENTS, text="夜里安静"),
]


def codes(clauses: list[Clause]) -> list[tuple[str, int]]:
    return [
        (f.code, f.clause or (f.party.party if f.party else 0)) for f in charters.findings(clauses, TODAY)
    ]


def test_a_complete_charter_has_no_findings() -> None:
    assert codes(WHOLE) == []


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        ([], [("empty", 0)]),
        ([*WHOLE, right(6, RESIDENTS)], [("right_unanswered", 6)]),
        ([*WHOLE, right(6, A), duty(7, A, B, 6)], [("right_answered_by_itself", 6)]),
        ([*WHOLE, duty(6, A, B, evidence="")], [("duty_without_evidence", 6)]),
        ([*WHOLE, duty(6, A, None)], [("duty_to_nobody", 6)]),
        ([*WHOLE, duty(6, A, B, due=None)], [("duty_without_due", 6)]),
        ([*WHOLE, duty(6, RESIDENTS, A)], [("duty_of_bloc", 6)]),
        ([*WHOLE, duty(6, A, B, 9)], [("answers_no_right", 6)]),
        ([*WHOLE, duty(6, A, B, 5)], [("answers_no_right", 6)]),
        ([*WHOLE, duty(6, A, B, due=Due("day", TODAY - timedelta(days=1)))], [("duty_past", 6)]),
        ([*WHOLE, duty(6, A, B, due=Due("recurrence", date(2025, 1, 1), "FREQ=MONTHLY;COUNT=3"))], [("duty_past", 6)]),
        ([*WHOLE, duty(6, A, B, due=Due("trigger", trigger="着火"))], [("trigger_undeclared", 6)]),
        ([*WHOLE, duty(6, A, B, due=Due("trigger", trigger="着火", declarer=A))], [("trigger_of_holder", 6)]),
        ([*WHOLE, duty(6, A, C)], [("party_without_duty", 3), ("party_without_benefit", 3)]),
        ([*WHOLE, duty(6, C, A)], [("party_without_benefit", 3)]),
        ([*WHOLE, Clause(6, "interest", C)], [("party_without_duty", 3)]),
        ([duty(1, A, None)], [("duty_to_nobody", 1), ("one_side", 0), ("party_without_benefit", 1)]),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(clauses: list[Clause], expected: list[tuple[str, int]]) -> None:
    assert codes(clauses) == expected


def test_a_trigger_that_another_declares_and_a_day_of_today_are_fine() -> None:
    today = duty(6, A, B, due=Due("day", TODAY))
    triggered = duty(7, A, B, due=Due("trigger", trigger="着火", declarer=B, days=3))
    assert codes([*WHOLE, today, triggered]) == []


sides = st.sampled_from([A, B, C, RESIDENTS])
dues = st.one_of(
    st.none(),
    st.builds(Due, st.just("day"), st.dates(date(2026, 1, 1), date(2027, 1, 1)), roll=st.booleans()),
    st.builds(
        Due,
        st.just("recurrence"),
        st.dates(date(2026, 1, 1), date(2027, 1, 1)),
        st.just("FREQ=MONTHLY;COUNT=4"),
    ),
    st.builds(
        Due,
        st.just("trigger"),
        trigger=st.just("着火"),
        declarer=st.one_of(st.none(), sides),
        days=st.integers(0, 9),
    ),
)


@st.composite
def clauses(draw: st.DrawFn) -> list[Clause]:
    found = []
    for number in range(1, draw(st.integers(1, 8)) + 1):
        kind = draw(st.sampled_from(charters.KINDS))
        holder, other = draw(sides), draw(st.one_of(st.none(), sides))
        clause = Clause(
            number, kind, holder, None if other == holder else other, text=draw(st.text(max_size=9))
        )
        if kind == "duty":
            answers = tuple(sorted(draw(st.sets(st.integers(1, 8), max_size=3))))
            evidence = draw(st.sampled_from(["", "照片"]))
            clause = replace(clause, due=draw(dues), evidence=evidence, answers=answers)
        found.append(clause)
    return found


CODES = {
    "right_unanswered", "right_answered_by_itself", "duty_of_bloc", "duty_to_nobody", "duty_without_evidence",
    "answers_no_right", "duty_without_due", "trigger_undeclared", "trigger_of_holder", "duty_past", "one_side",
    "party_without_duty", "party_without_benefit",
}  # fmt: skip


def _nominal(due: Due) -> list[date]:
    """The days of a due as drawn here, counted by hand: one day (rolled), or that day of four months that have it."""
    assert due.day is not None
    if due.kind == "day":
        day = due.day
        while due.roll and not working_days.is_working_day(day):
            day += timedelta(days=1)
        return [day]
    found, year, month = [], due.day.year, due.day.month
    while len(found) < 4:
        if due.day.day <= monthrange(year, month)[1]:
            found.append(date(year, month, due.day.day))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found


@given(clauses())
def test_hohfeld_whoever_may_demand_somebody_else_must(every: list[Clause]) -> None:
    """No findings if and only if the three sentences of the domain hold, counted out here another way."""
    found = {f.code for f in charters.findings(every, TODAY)}
    rights = {c.number: c for c in every if c.kind == "right"}
    duties = [c for c in every if c.kind == "duty"]
    answered = all(any(n in d.answers and d.holder != r.holder for d in duties) for n, r in rights.items())
    assert answered == (not found & {"right_unanswered", "right_answered_by_itself"})
    named = {s.party for c in every for s in (c.holder, c.counterpart) if s and s.party}
    gives = {d.holder.party for d in duties}
    takes = {c.holder.party for c in every if c.kind != "duty"}
    assert (named <= gives) == ("party_without_duty" not in found)
    assert (named <= takes) == ("party_without_benefit" not in found)
    assert all(d.evidence for d in duties) == ("duty_without_evidence" not in found)
    assert all(d.due for d in duties) == ("duty_without_due" not in found)
    assert all(d.counterpart for d in duties) == ("duty_to_nobody" not in found)
    assert all(d.holder.party for d in duties) == ("duty_of_bloc" not in found)
    assert all(set(d.answers) <= set(rights) for d in duties) == ("answers_no_right" not in found)
    waits = [d for d in duties if d.due and d.due.kind == "trigger"]
    named_declarer = all(d.due.declarer and d.due.declarer.party for d in waits if d.due)
    assert named_declarer == ("trigger_undeclared" not in found)
    own = any(d.due.declarer == d.holder and d.holder.party for d in waits if d.due)
    assert own == ("trigger_of_holder" in found)
    dated = [d.due for d in duties if d.due and d.due.kind != "trigger"]
    to_come = all(any(day >= TODAY for day in _nominal(due)) for due in dated)
    assert to_come == ("duty_past" not in found)
    assert ("one_side" in found) == (len({s for c in every for s in (c.holder, c.counterpart) if s}) < 2)
    assert found <= CODES
    assert all(
        f.details.get("clause", f.clause) == f.clause for f in charters.findings(every, TODAY) if f.clause
    )


@given(clauses())
def test_a_text_gives_its_clauses_back_and_another_text_has_another_hash(every: list[Clause]) -> None:
    def text(of: list[Clause]) -> str:
        return charters.canonical(
            charter=1,
            version=2,
            nonce="0" * 32,
            title="示例",
            purpose="",
            area="310104",
            convener=9,
            clauses=of,
        )

    written = text(every)
    assert charters.clauses_of(written) == every
    assert text(list(reversed(every))) == written
    changed = replace(every[0], text=every[0].text + "。")
    assert charters.text_hash(text([changed, *every[1:]])) != charters.text_hash(written)
    with pytest.raises(ValueError):
        charters.clauses_of(orjson.dumps({**orjson.loads(written), "type": "x"}).decode())


@given(clauses(), clauses())
def test_a_comparison_tells_both_texts(old: list[Clause], new: list[Clause]) -> None:
    found = charters.compare(old, new)
    assert [d.old for d in found if d.old] == old and [d.new for d in found if d.new] == new
    for difference in found:
        before = "".join(p["text"] for p in difference.parts if p["op"] != "add")
        after = "".join(p["text"] for p in difference.parts if p["op"] != "del")
        assert before == (difference.old.text if difference.old else "")
        assert after == (difference.new.text if difference.new else "")
        assert (difference.op == "same") == (difference.old == difference.new and _named_alike(difference))


def _named_alike(difference: charters.Difference) -> bool:
    assert difference.old and difference.new
    return charters.plain(difference.old) == charters.plain(difference.new)


@pytest.mark.parametrize(
    ("clause", "field", "reason"),
    [
        (Clause(1, "wish", A, text="x"), "kind", "kind"),
        (Clause(1, "right", A, text="  "), "text", "empty"),
        (Clause(1, "right", A, text="字" * 2001), "text", "too_long"),
        (Clause(1, "right", Side(0, "martians", "310104"), text="x"), "holder", "side"),
        (Clause(1, "right", Side(0, "residents"), text="x"), "holder", "side"),
        (Clause(1, "right", A, A, text="x"), "counterpart", "same_side"),
        (Clause(1, "right", A, text="x", evidence="照片"), "kind", "not_a_duty"),
        (Clause(1, "interest", A, text="x", due=DAY), "kind", "not_a_duty"),
        (Clause(1, "duty", A, text="x", due=Due("day")), "due_on", "no_day"),
        (Clause(1, "duty", A, text="x", due=Due("someday")), "due_kind", "due_kind"),
        (Clause(1, "duty", A, text="x", due=Due("trigger")), "trigger", "empty"),
        (Clause(1, "duty", A, text="x", due=Due("trigger", trigger="着火", days=367)), "days", "range"),
        (Clause(1, "duty", A, text="x", due=Due("recurrence", TODAY, "FREQ=DAILY")), "rule", "endless"),
    ],
)
def test_what_cannot_be_written_is_refused_beside_its_field(clause: Clause, field: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        charters.checked(clause)
    assert (refused.value.field, refused.value.reason) == (field, reason)


@given(st.dates(date(2026, 1, 1), date(2026, 12, 1)), st.integers(1, 24), st.booleans())
def test_a_recurring_duty_falls_due_again_until_its_rule_ends(start: date, count: int, roll: bool) -> None:
    due = Due("recurrence", start, f"FREQ=MONTHLY;COUNT={count}", roll)
    seen = [charters.first_due(due, start)]
    assert seen[0] is not None
    while (following := charters.next_due(due, seen[-1] or start)) is not None:
        assert following > (seen[-1] or start)
        seen.append(following)
    assert len(seen) <= count
    assert charters.first_due(due, (seen[-1] or start) + timedelta(days=1)) is None
    assert charters.next_due(Due("day", start), start) is None


@given(st.dates(date(2025, 1, 1), date(2026, 11, 30)), st.integers(0, 366), st.booleans())
def test_a_declared_trigger_gives_its_days_and_never_less(declared: date, days: int, roll: bool) -> None:
    due = due_after_trigger(Due("trigger", roll=roll, trigger="着火", declarer=B, days=days), declared)
    assert due >= declared + timedelta(days=days)
    if not roll:
        assert due == declared + timedelta(days=days)
    else:
        between = [declared + timedelta(days=n) for n in range(days, (due - declared).days)]
        assert working_days.is_working_day(due) and not any(map(working_days.is_working_day, between))
    assert charters.first_due(Due("trigger", trigger="着火", days=days), declared) is None
