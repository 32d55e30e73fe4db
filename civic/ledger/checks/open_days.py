"""Open days: no slot holds more people than announced, nobody who fits waits, and the host's numbers are the record's.

Entries of concurrent acts may stand in another order than they happened in, so what is checked is what holds of them all
together: where each registration ended, and what each slot held then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from civic.ledger.checks import Entry, Finding, Ledger, right, wrong

ACTS = (
    "open_day.announce",
    "open_day.set_capacity",
    "open_day.register",
    "open_day.register_for",
    "open_day.leave",
    "open_day.check_in",
    "open_day.cancel",
    "open_day.report",
    "open_day.ask",
    "open_day.answer_question",
    "open_day.hide_question",
    "response.publish",
)
# How far along a registration is, whatever order its entries stand in.
_LATER = {"waitlisted": 0, "confirmed": 1, "attended": 2, "cancelled": 3}


@dataclass(slots=True)
class _Day:
    capacity: dict[int, int] = field(default_factory=dict)
    # By registration: slot, size, state.
    places: dict[int, tuple[int, int, str]] = field(default_factory=dict)
    cancelled: bool = False
    report: dict[str, int] | None = None
    asked: set[int] = field(default_factory=set)
    answered: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)


class Check:
    def __init__(self) -> None:
        self.days: dict[str, _Day] = {}
        self.answered: set[int] = set()  # questions that were answered from the desk

    def see(self, entry: Entry) -> None:
        if entry.act == "response.publish":
            if entry.kind == "question" and entry.payload["verdict"] != "transferred":
                self.answered.add(int(entry.subject))
            return
        day = self.days.setdefault(entry.subject, _Day())
        payload = entry.payload
        if "registration" in payload:
            self._place(day, payload)
        elif entry.act == "open_day.announce":
            for position, slot in enumerate(payload["slots"], 1):
                day.capacity[position] = int(slot["capacity"])
        elif entry.act == "open_day.set_capacity":
            day.capacity[int(payload["slot"])] = int(payload["capacity"])
        elif entry.act == "open_day.cancel":
            day.cancelled = True
        elif entry.act == "open_day.report":
            day.report = {name: int(number) for name, number in payload["numbers"].items()}
        elif entry.act == "open_day.ask" and "question" in payload:
            day.asked.add(int(payload["question"]))
        elif entry.act == "open_day.answer_question":
            day.answered.add(int(payload["question"]))
        elif entry.act == "open_day.hide_question":
            day.hidden.add(int(payload["question"]))

    def _place(self, day: _Day, payload: dict[str, Any]) -> None:
        key, state = int(payload["registration"]), str(payload["state"])
        slot, size = int(payload["slot"]), int(payload["size"])
        known = day.places.get(key)
        if known is not None and known[:2] != (slot, size):
            raise ValueError("a registration changed its slot or size")
        if known is None or _LATER[state] >= _LATER[known[2]]:
            day.places[key] = (slot, size, state)

    def conclude(self, ledger: Ledger) -> Iterator[Finding]:
        for key, day in self.days.items():
            day.answered |= self.answered & day.asked
            findings = [] if day.cancelled else [*_slots(key, day), *_numbers(key, day)]
            yield from findings
            if day.capacity and not findings:
                yield right(f"open day {key}: {len(day.places)} registrations, no slot overbooked")


def _slots(key: str, day: _Day) -> Iterator[Finding]:
    for slot, capacity in sorted(day.capacity.items()):
        here = [(size, state) for number, size, state in day.places.values() if number == slot]
        taken = sum(size for size, state in here if state in ("confirmed", "attended"))
        if taken > capacity:
            yield wrong(f"open day {key}: slot {slot} holds {taken} people; its capacity is {capacity}")
        waiting = [size for size, state in here if state == "waitlisted"]
        if waiting and min(waiting) <= capacity - taken:
            yield wrong(f"open day {key}: somebody waits for slot {slot}, though there is room")


def _numbers(key: str, day: _Day) -> Iterator[Finding]:
    if day.report is None:
        return
    places = day.places.values()
    found = {
        "registered": sum(size for _, size, state in places if state in ("confirmed", "attended")),
        "attended": sum(size for _, size, state in places if state == "attended"),
        "questions": len(day.asked - day.hidden),
        "answered": len(day.answered - day.hidden),
    }
    for name, number in found.items():
        if day.report.get(name) != number:
            yield wrong(
                f"open day {key}: the host reports {name}={day.report.get(name)}; the record has {number}"
            )
