"""Obligations: each state follows from what was done, by those who may; nothing is hidden and nothing too early."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from civic.errors import CivicError
from civic.ledger.checks import Entry, Finding, Ledger, right, wrong
from civic.rules import lifecycles

MOVES = {
    "obligation.report": "report",
    "obligation.confirm": "confirm",
    "obligation.confirm_by_silence": "confirm",
    "obligation.dispute": "dispute",
    "obligation.waive": "waive",
    "obligation.fall_due": "fall_due",
}
ACTS = ("obligation.create", "obligation.settle", "obligation.recur", "obligation.remind", *MOVES)
# A day ends at different hours around the world, and a clock that stood still catches up within a day.
EAST, GRACE = timedelta(hours=14), timedelta(days=2)


@dataclass(slots=True)
class _Obligation:
    state: str = "pending"
    party: int = 0
    to: dict[str, Any] = field(default_factory=dict)
    due: date | None = None
    source: tuple[Any, ...] = ()
    occurrence: int = 0
    confirm_by: datetime | None = None
    created: bool = False


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


class Check:
    def __init__(self) -> None:
        self.obligations: dict[str, _Obligation] = {}
        self.faults: list[str] = []
        self.dues: dict[tuple[Any, ...], str] = {}
        self.latest = datetime.min.replace(tzinfo=UTC)

    def see(self, entry: Entry) -> None:
        now = _time(entry.time)
        self.latest = max(self.latest, now)
        one = self.obligations.setdefault(entry.subject, _Obligation())
        if entry.act == "obligation.create":
            self._create(one, entry)
            return
        for fault in [
            *_moved(one, entry),
            *_by_whom(one, entry),
            *_in_time(one, entry, now),
            *self._again(one, entry),
        ]:
            self.faults.append(f"obligation {entry.subject}: entry {entry.seq} {fault}")
        if entry.payload["state"] != one.state:
            self.faults.append(
                f"obligation {entry.subject}: entry {entry.seq} says {entry.payload['state']}; "
                f"the record leads to {one.state}"
            )

    def _create(self, one: _Obligation, entry: Entry) -> None:
        payload, source = entry.payload, entry.payload["source"]
        if one.created or payload["state"] != "pending":
            self.faults.append(f"obligation {entry.subject}: entry {entry.seq} makes what was there already")
        one.created, one.party, one.to = True, int(payload["party"]), dict(payload["to"])
        one.due, one.occurrence = date.fromisoformat(payload["due"]), int(source.get("occurrence", 0))
        one.source = (source["kind"], source["id"], source.get("clause"))
        self.dues[(*one.source, one.occurrence)] = payload["due"]

    def _again(self, one: _Obligation, entry: Entry) -> Iterator[str]:
        """The next one of a recurring duty is on record (it comes first) and due when this entry says."""
        if entry.act == "obligation.recur":
            following = self.dues.get((*one.source, one.occurrence + 1))
            if entry.payload["next"] != following:
                yield f"says that it is due again on {entry.payload['next']}; the record has {following}"

    def conclude(self, ledger: Ledger) -> Iterator[Finding]:
        for fault in self.faults:
            yield wrong(fault)
        if not self.obligations:
            return
        today = (self.latest - GRACE).date()
        hidden = 0
        for key, one in self.obligations.items():
            if one.state == "pending" and one.due is not None and one.due < today:
                hidden += 1
                yield wrong(f"obligation {key} was due on {one.due} and is not said to be overdue")
            elif (
                one.state == "reported"
                and one.confirm_by is not None
                and one.confirm_by < self.latest - GRACE
            ):
                hidden += 1
                yield wrong(
                    f"obligation {key}: silence confirmed it on {one.confirm_by:%Y-%m-%d}, which is not said"
                )
        if self.obligations and not self.faults and not hidden:
            counts = Counter(one.state for one in self.obligations.values())
            told = ", ".join(
                f"{counts[state]} {state}" for state in lifecycles.states("obligation") if counts[state]
            )
            yield right(f"{len(self.obligations)} obligations derived again: {told}")


def _moved(one: _Obligation, entry: Entry) -> Iterator[str]:
    if entry.act in ("obligation.recur", "obligation.remind"):
        return
    kept = entry.payload.get("kept")
    move = MOVES.get(entry.act) or ("uphold" if kept else "break")
    try:
        one.state = lifecycles.move("obligation", one.state, move)
    except CivicError:
        yield f"is {entry.act}, which is not possible while it is {one.state}"


def _by_whom(one: _Obligation, entry: Entry) -> Iterator[str]:
    """Who owes it reports, and never judges; a dispute is settled by somebody on neither side."""
    if not one.created:
        return
    ours, theirs = entry.party == one.party, one.to.get("party")
    if entry.act == "obligation.report":
        if not ours:
            yield "is a report by another party than the one that owes it"
    elif entry.act in ("obligation.confirm", "obligation.waive"):
        if ours or (theirs is not None and entry.party != theirs):
            yield f"is {entry.act} by another party than its counterpart"
    elif (entry.act == "obligation.dispute" and ours) or (
        entry.act == "obligation.settle" and (ours or (theirs is not None and entry.party == theirs))
    ):
        yield f"is {entry.act} by a party that is on a side"


def _in_time(one: _Obligation, entry: Entry, now: datetime) -> Iterator[str]:
    if entry.act == "obligation.report":
        one.confirm_by = _time(entry.payload["confirm_by"])
        if one.confirm_by <= now:
            yield "leaves no time to confirm"
    elif entry.act == "obligation.confirm_by_silence":
        if one.confirm_by is None or now < one.confirm_by:
            yield "lets silence confirm before the time was over"
    elif entry.act == "obligation.remind" and (
        one.state != "pending" or (one.due and one.due < (now - EAST).date())
    ):
        yield "reminds of what is not open any more"
    elif entry.act == "obligation.fall_due" and one.due is not None and (now + EAST).date() <= one.due:
        yield "says overdue before the day had passed"
