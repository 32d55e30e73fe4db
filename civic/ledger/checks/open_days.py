"""Open days: each line is played again, turn by turn; states and the host's numbers follow from the record.

Entries of concurrent acts may stand in another order than they happened in. Whatever moves the places of a slot therefore
carries its turn, counted under the slot's lock: the turns 1, 2, 3 … are a whole and ordered account of it, in which
each registration fits or waits, and each place that comes free goes to the first group in line that fits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from civic.ledger.checks import Entry, Finding, Ledger, right, wrong
from civic.rules import open_days
from civic.rules.open_days import Group

ACTS = (
    "open_day.create",
    "open_day.make_edition",
    "open_day.announce",
    "open_day.set_capacity",
    "open_day.register",
    "open_day.register_for",
    "open_day.leave",
    "open_day.check_in",
    "open_day.hold",
    "open_day.cancel",
    "open_day.report",
    "open_day.ask",
    "open_day.answer_question",
    "open_day.hide_question",
    "open_day.rate",
    "obligation.create",
    "response.publish",
)
# How far along a registration is, whatever order its entries stand in.
_LATER = {"waitlisted": 0, "confirmed": 1, "attended": 2, "cancelled": 3}
_LEADS_TO = {
    "open_day.create": ("draft",),
    "open_day.make_edition": ("draft",),
    "open_day.announce": ("announced",),
    "open_day.hold": ("held",),
    "open_day.cancel": ("cancelled", "discarded"),
    "open_day.report": ("reported",),
}
_BEFORE = {"held": "announced", "cancelled": "announced", "reported": "held"}


@dataclass(slots=True)
class _Day:
    states: set[str] = field(default_factory=set)
    capacity: dict[int, int] = field(default_factory=dict)
    # By slot and turn: what changed hands, and the entry that says so.
    turns: dict[int, dict[int, tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    # By registration: slot, size, state.
    places: dict[int, tuple[int, int, str]] = field(default_factory=dict)
    report: dict[str, int] | None = None
    promised: int = 0
    owed: int = 0
    rated: bool = False
    asked: set[int] = field(default_factory=set)
    answered: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


class Check:
    def __init__(self) -> None:
        self.days: dict[str, _Day] = {}
        self.answered: set[int] = set()  # questions that were answered from the desk

    def see(self, entry: Entry) -> None:
        payload = entry.payload
        if entry.act == "response.publish":
            if entry.kind == "question" and payload["verdict"] != "transferred":
                self.answered.add(int(entry.subject))
            return
        if entry.act == "obligation.create":
            if payload["source"]["kind"] == "open_day":
                self.days.setdefault(str(payload["source"]["id"]), _Day()).owed += 1
            return
        day = self.days.setdefault(entry.subject, _Day())
        if "turn" in payload:
            self._turn(day, entry)
        if "registration" in payload:
            _place(day, entry)
        elif "question" in payload:
            kept = {"open_day.ask": day.asked, "open_day.answer_question": day.answered}
            kept.get(entry.act, day.hidden).add(int(payload["question"]))
        elif "state" in payload:
            self._state(day, entry)
        elif entry.act == "open_day.set_capacity" and "turn" not in payload:
            day.capacity[int(payload["slot"])] = int(payload["capacity"])
        elif entry.act == "open_day.rate":
            day.rated = True

    def _state(self, day: _Day, entry: Entry) -> None:
        payload = entry.payload
        if payload["state"] not in _LEADS_TO[entry.act]:
            day.faults.append(
                f"entry {entry.seq} says {payload['state']}, to which {entry.act} does not lead"
            )
        day.states.add(str(payload["state"]))
        if entry.act == "open_day.announce":
            for position, slot in enumerate(payload["slots"], 1):
                day.capacity[position] = int(slot["capacity"])
        elif entry.act == "open_day.report":
            day.report = {name: int(number) for name, number in payload["numbers"].items()}
            day.promised = int(payload["follow_ups"])

    def _turn(self, day: _Day, entry: Entry) -> None:
        turns = day.turns.setdefault(int(entry.payload["slot"]), {})
        number = int(entry.payload["turn"])
        if number in turns:
            day.faults.append(
                f"entries {turns[number][0]} and {entry.seq} both claim turn {number} of a slot"
            )
        turns[number] = entry.seq, entry.payload

    def conclude(self, ledger: Ledger) -> Iterator[Finding]:
        counts: Counter[str] = Counter()
        for key, day in self.days.items():
            day.answered |= self.answered & day.asked
            faults = [*day.faults, *_states(day), *_lines(day)]
            if "cancelled" not in day.states:
                faults += [*_slots(day), *_numbers(day)]
            for fault in faults:
                yield wrong(f"open day {key}: {fault}")
            counts[_last(day)] += not faults
            if day.capacity and not faults:
                yield right(
                    f"open day {key} ({_last(day)}): {len(day.places)} registrations played again, "
                    "no slot overbooked, nobody passed over"
                )
        if drafts := counts["draft"] + counts["discarded"]:
            yield right(f"{drafts} drafts of open days, without registrations")


def _last(day: _Day) -> str:
    for state in ("reported", "cancelled", "held", "announced", "discarded"):
        if state in day.states:
            return state
    return "draft"


def _place(day: _Day, entry: Entry) -> None:
    payload = entry.payload
    key, state = int(payload["registration"]), str(payload["state"])
    slot, size = int(payload["slot"]), int(payload["size"])
    known = day.places.get(key)
    if known is not None and known[:2] != (slot, size):
        day.faults.append(f"entry {entry.seq} gives registration {key} another slot or size")
    if known is None or _LATER[state] >= _LATER[known[2]]:
        day.places[key] = (slot, size, state)


def _states(day: _Day) -> Iterator[str]:
    """Each state that it reached had the one before."""
    for state, before in _BEFORE.items():
        if state in day.states and before not in day.states:
            yield f"it is said to be {state}, but was never {before}"
    if "discarded" in day.states and "announced" in day.states:
        yield "it is said to be discarded, but was announced"
    if "cancelled" in day.states and day.states & {"held", "reported"}:
        yield "it is said to be cancelled and to be held"
    if day.places and "announced" not in day.states:
        yield "somebody is registered, but it was never announced"
    if day.rated and "held" not in day.states:
        yield "somebody rates it, but it was never held"


def _lines(day: _Day) -> Iterator[str]:
    """Play each slot again. What was recorded before turns were counted has none, and is not played."""
    for slot, turns in sorted(day.turns.items()):
        if sorted(turns) != list(range(1, len(turns) + 1)):
            yield f"slot {slot} has {len(turns)} turns on record, but the last is turn {max(turns)}: one is left out"
            continue
        yield from _played(slot, day.capacity.get(slot, 0), [turns[n] for n in sorted(turns)])


def _played(slot: int, capacity: int, turns: list[tuple[int, dict[str, Any]]]) -> Iterator[str]:
    inside: dict[int, int] = {}
    line: list[Group] = []
    due: list[int] = []  # who moves up next
    for seq, payload in turns:
        says = f"slot {slot}, entry {seq}"
        if "registration" not in payload:
            if due:
                yield f"{says}: registration {due[0]} stood first and fits, but did not move up"
            capacity = int(payload["capacity"])
            if sum(inside.values()) > capacity:
                yield f"{says} makes room for {capacity}, but {sum(inside.values())} have places"
            due = open_days.promotions(capacity - sum(inside.values()), line)
            continue
        key, size, state = int(payload["registration"]), int(payload["size"]), str(payload["state"])
        waits = next((group for group in line if group.key == key), None)
        if due and (state != "confirmed" or key != due[0]):
            yield f"{says}: registration {due[0]} stood first and fits, but registration {key} went before it"
            due = []
        if state == "cancelled":
            if key not in inside and waits is None:
                yield f"{says} gives back places of registration {key}, which had none"
            inside.pop(key, None)
            line = [group for group in line if group.key != key]
            due = open_days.promotions(capacity - sum(inside.values()), line)
        elif waits is not None:
            if not due:
                yield f"{says} lets registration {key} move up, though it was not its turn"
            line.remove(waits)
            inside[key], due = size, due[1:]
        else:
            follows = open_days.places_for(size, capacity, sum(inside.values()))
            if state != follows:
                yield f"{says} says that registration {key} is {state}; it follows that it is {follows}"
            if state == "confirmed":
                inside[key] = size
            else:
                line.append(Group(key, size))
    if due:
        yield f"slot {slot}: registration {due[0]} stood first and fits, but still waits"


def _slots(day: _Day) -> Iterator[str]:
    capacities = dict(day.capacity)
    for slot, turns in day.turns.items():
        changed = [n for n in turns if "registration" not in turns[n][1]]
        if changed:
            capacities[slot] = int(turns[max(changed)][1]["capacity"])
    for slot, capacity in sorted(capacities.items()):
        here = [(size, state) for number, size, state in day.places.values() if number == slot]
        taken = sum(size for size, state in here if state in ("confirmed", "attended"))
        if taken > capacity:
            yield f"slot {slot} holds {taken} people; its capacity is {capacity}"
        waiting = [size for size, state in here if state == "waitlisted"]
        if waiting and min(waiting) <= capacity - taken:
            yield f"somebody waits for slot {slot}, though there is room"
    for slot in {slot for slot, _, _ in day.places.values()} - set(capacities):
        yield f"somebody is registered for slot {slot}, which was never announced"


def _numbers(day: _Day) -> Iterator[str]:
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
            yield f"the host reports {name}={day.report.get(name)}; the record has {number}"
    if day.promised != day.owed:
        yield f"the host promises {day.promised} follow-ups; the record has {day.owed} obligations"
