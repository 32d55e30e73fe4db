"""Parties: each state follows from what was done by those who may, and who acts for a party has the role on that day.

A day ends at different hours around the world and the record is in UTC, so a role counts a day before and after as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from civic.errors import CivicError
from civic.ledger.checks import Entry, Finding, Ledger, right, wrong
from civic.rules import lifecycles

MOVES = {
    "party.edit": "edit",
    "party.approve": "approve",
    "party.reject": "reject",
    "party.suspend": "suspend",
    "party.reinstate": "reinstate",
    "party.close": "close",
}
ROLES = (
    "membership.invite",
    "membership.accept",
    "membership.decline",
    "membership.withdraw",
    "membership.end",
)
STEWARDS = ("person.make_steward", "person.end_steward", "person.delete")
# Who speaks for a party in these has the role; whether the other side may is for the check of charters or obligations.
SPEAKERS = ("manager", "delegate")
SPOKEN = {
    **dict.fromkeys(
        (
            "charter.create", "charter.edit", "charter.add_clause", "charter.change_clause", "charter.remove_clause",
            "charter.open", "charter.propose_change", "charter.accept_change", "charter.decline_change",
            "charter.withdraw_change", "charter.start_signing", "charter.reopen", "charter.declare_trigger",
            "obligation.report", "obligation.confirm", "obligation.waive",
        ),
        SPEAKERS,
    ),
    "charter.sign": ("manager",),
}  # fmt: skip
ACTS = ("party.apply", "party.register", *MOVES, *ROLES, *STEWARDS, *SPOKEN)
BY_STEWARD = ("party.register", "party.approve", "party.reject", "party.suspend", "party.reinstate")
BY_MANAGER = ("party.edit", "party.close", "membership.invite", "membership.withdraw")
DAY = timedelta(days=1)


@dataclass(slots=True)
class _Role:
    role: str
    since: date
    until: date | None = None

    def on(self, day: date) -> bool:
        return self.since - DAY <= day and (self.until is None or day <= self.until + DAY)


@dataclass(slots=True)
class _Party:
    state: str
    people: dict[str, list[_Role]] = field(default_factory=dict)

    def holds(self, who: str | None, day: date, *roles: str) -> bool:
        return any(one.role in roles and one.on(day) for one in self.people.get(who or "", ()))


def _day(time: str) -> date:
    return datetime.fromisoformat(time.replace("Z", "+00:00")).date()


class Check:
    def __init__(self) -> None:
        self.parties: dict[int, _Party] = {}
        self.stewards: set[str] = set()
        self.invited: Counter[tuple[int, str, str]] = Counter()
        self.faults: list[str] = []
        self.spoken = 0

    def see(self, entry: Entry) -> None:
        if entry.act in STEWARDS:
            self._steward(entry)
        elif entry.act in SPOKEN:
            self._spoken(entry)
        else:
            for fault in self._of_party(int(entry.subject), entry):
                self.faults.append(f"party {entry.subject}: entry {entry.seq} {fault}")

    def conclude(self, ledger: Ledger) -> Iterator[Finding]:
        for fault in self.faults:
            yield wrong(fault)
        if self.parties and not self.faults:
            counts = Counter(party.state for party in self.parties.values())
            told = ", ".join(
                f"{counts[state]} {state}" for state in lifecycles.states("party") if counts[state]
            )
            yield right(
                f"{len(self.parties)} parties derived again: {told}; {self.spoken} acts for them about charters and "
                "obligations, each by somebody who had the role that day"
            )

    def _steward(self, entry: Entry) -> None:
        if entry.act == "person.make_steward":
            if entry.actor is not None and entry.actor not in self.stewards:
                self.faults.append(f"entry {entry.seq} makes a steward and is by nobody who is one")
            self.stewards.add(entry.subject)
            return
        if entry.act == "person.end_steward" and entry.actor not in self.stewards:
            self.faults.append(f"entry {entry.seq} ends a stewardship and is by nobody who is a steward")
        self.stewards.discard(entry.subject)
        if entry.act == "person.delete" and entry.actor != entry.subject:
            self.faults.append(f"entry {entry.seq} is the leaving of an account by somebody else")
        if entry.act == "person.delete":
            last = _day(entry.time) - DAY
            for party in self.parties.values():
                for one in party.people.get(entry.subject, ()):
                    one.until = min(one.until or last, last)

    def _spoken(self, entry: Entry) -> None:
        """Somebody acts for a party: it is active, and they have one of the roles that the act asks for."""
        if entry.party is None:
            return
        roles, party = SPOKEN[entry.act], self.parties.get(entry.party)
        about = f"party {entry.party}: entry {entry.seq} ({entry.act})"
        if party is None:
            self.faults.append(f"{about} is for a party of which nothing is on record")
        elif party.state != "active":
            self.faults.append(f"{about} is for a party that is {party.state}")
        elif not party.holds(entry.actor, _day(entry.time), *roles):
            self.faults.append(f"{about} is by nobody who was its {' or '.join(roles)} that day")
        else:
            self.spoken += 1

    def _of_party(self, key: int, entry: Entry) -> Iterator[str]:
        payload, day = entry.payload, _day(entry.time)
        if entry.act in BY_STEWARD and entry.actor not in self.stewards:
            yield f"is {entry.act} by nobody who was a steward"
        if entry.act in ("party.apply", "party.register"):
            if key in self.parties:
                yield "makes what was there already"
            manager = str(payload["manager"] if entry.act == "party.register" else entry.actor)
            state = "active" if entry.act == "party.register" else "applied"
            self.parties[key] = _Party(state, {manager: [_Role("manager", day - DAY)]})
            if payload["state"] != state:
                yield f"says {payload['state']}; the record leads to {state}"
            return
        party = self.parties.get(key)
        if party is None:
            yield f"is {entry.act} of a party of which nothing is on record"
            return
        if entry.act in BY_MANAGER and not (
            entry.actor in self.stewards or party.holds(entry.actor, day, "manager")
        ):
            yield f"is {entry.act} by nobody who was its manager or a steward"
        if entry.act in MOVES:
            yield from _moved(party, entry)
        else:
            yield from self._role(key, party, entry, day)

    def _role(self, key: int, party: _Party, entry: Entry, day: date) -> Iterator[str]:
        payload = entry.payload
        who, role = str(payload["member"]), str(payload["role"])
        held = party.people.setdefault(who, [])
        if entry.act == "membership.invite":
            if party.state not in ("applied", "active"):
                yield f"invites somebody to a party that is {party.state}"
            self.invited[key, who, role] += 1
            return
        if entry.act == "membership.end":
            last = date.fromisoformat(payload["until"])
            since = payload.get("since")
            mine = [one for one in held if one.role == role and (one.until is None or one.until > last)]
            if since is not None:
                mine = [one for one in mine if abs(one.since - date.fromisoformat(since)) <= 2 * DAY]
            if not mine:
                yield f"ends what nobody had: {role}"
            if not (entry.actor in (who, *self.stewards) or party.holds(entry.actor, day, "manager")):
                yield "ends a role and is by neither themself, a manager nor a steward"
            for one in mine[:1]:
                one.until = last
            return
        if not self.invited[key, who, role]:
            yield f"is {entry.act} of an invitation that is not on record"
        self.invited[key, who, role] = 0
        if entry.act != "membership.withdraw" and entry.actor != who:
            yield f"is {entry.act} by somebody else than who was invited"
        if entry.act == "membership.accept":
            until = payload.get("until")
            begins = date.fromisoformat(payload["since"])
            held[:] = [one for one in held if (one.role, one.since) != (role, begins)]
            held.append(_Role(role, begins, date.fromisoformat(until) if until else None))


def _moved(party: _Party, entry: Entry) -> Iterator[str]:
    try:
        party.state = lifecycles.move("party", party.state, MOVES[entry.act])
    except CivicError:
        yield f"is {entry.act}, which is not possible while it is {party.state}"
    if entry.payload["state"] != party.state:
        yield f"says {entry.payload['state']}; the record leads to {party.state}"
