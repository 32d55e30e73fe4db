"""Charters: each text is what was recorded and signed, the moment of coming into force is that of the last signature,
and the duties of that text are the obligations on record: made of it, or of the resolution that it was drafted from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from civic.errors import CivicError
from civic.ledger.checks import Entry, Finding, Ledger, right, wrong
from civic.rules import charters as rules
from civic.rules import lifecycles
from civic.rules.charters.schedule import all_due

# The act, and what it does in the table of states. Signing is heard apart.
MOVES = {
    "charter.edit": "edit",
    "charter.add_clause": "edit",
    "charter.change_clause": "edit",
    "charter.remove_clause": "edit",
    "charter.open": "open",
    "charter.propose_change": "propose",
    "charter.accept_change": "change",
    "charter.decline_change": "propose",
    "charter.withdraw_change": "propose",
    "charter.start_signing": "start_signing",
    "charter.reopen": "reopen",
    "charter.enter_into_force": "enter_into_force",
    "charter.declare_trigger": "declare",
    "charter.supersede": "supersede",
    "charter.end": "end",
}
# What each does with the change of a clause that its entry is about.
CHANGES = {
    "charter.accept_change": "accept",
    "charter.decline_change": "decline",
    "charter.withdraw_change": "withdraw",
}
# What the clock does with obligations is heard only for how far time had come.
CLOCK = ("obligation.remind", "obligation.fall_due", "obligation.recur")
ACTS = ("charter.create", "charter.sign", "obligation.create", *CLOCK, *MOVES)
NEW_TEXT = ("charter.open", "charter.accept_change")
ROLLED = 15  # days: a day off is never followed by more of them
GRACE = timedelta(days=2)  # a clock that stood still catches up within it


@dataclass(slots=True)
class _Charter:
    state: str = "draft"
    version: int = 0
    text: str = ""
    parties: set[int] = field(default_factory=set)
    signed: dict[int, str] = field(default_factory=dict)
    entered: str = ""
    over: str = ""
    texts: dict[int, tuple[str, set[int]]] = field(default_factory=dict)
    offered: dict[int, str] = field(default_factory=dict)
    made: list[dict[str, Any]] = field(default_factory=list)
    resolution: int = 0
    running: dict[int, str] = field(default_factory=dict)  # clause: the resolution's obligation that runs on
    changes: dict[int, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


class Check:
    def __init__(self) -> None:
        self.charters: dict[str, _Charter] = {}
        self.resolved: dict[str, dict[str, Any]] = {}  # obligations that resolutions made
        self.latest = ""

    def see(self, entry: Entry) -> None:
        self.latest = max(self.latest, entry.time)
        if entry.act in CLOCK:
            return
        if entry.act == "obligation.create":
            source = entry.payload["source"]
            if source["kind"] == "charter":
                charter = self.charters.setdefault(str(source["id"]), _Charter())
                charter.made.append(entry.payload)
            elif source["kind"] == "resolution":
                self.resolved[entry.subject] = entry.payload
            return
        charter = self.charters.setdefault(entry.subject, _Charter())
        if entry.act == "charter.sign":
            _sign(charter, entry)
        elif entry.act == "charter.create":
            charter.resolution = int(entry.payload.get("resolution", 0))
        else:
            _move(charter, entry)

    def conclude(self, ledger: Ledger) -> Iterator[Finding]:
        for key, charter in self.charters.items():
            faults = [*charter.faults, *_texts(key, charter, ledger)]
            if charter.entered:
                clauses = {
                    c.number: c for c in _clauses(key, charter.version, ledger) or () if c.kind == "duty"
                }
                faults += [
                    *_force(charter),
                    *_running(charter, clauses, self.resolved),
                    *_duties(charter, clauses),
                    *_again(charter, clauses, self.latest),
                ]
            elif charter.made:
                faults.append(
                    f"{len(charter.made)} obligations were made of it, though it did not come into force"
                )
            for fault in faults:
                yield wrong(f"charter {key}: {fault}")
            if not faults and charter.entered:
                yield right(
                    f"charter {key}: in force since {charter.entered}, when the last of {len(charter.parties)} parties "
                    f"signed version {charter.version}; {len(charter.made)} obligations follow from its text"
                    + (f", {len(charter.running)} run on from a resolution" if charter.running else "")
                )
            elif not faults and charter.texts:
                yield right(f"charter {key}: {len(charter.texts)} versions are as recorded; {charter.state}")


def _sign(charter: _Charter, entry: Entry) -> None:
    """A signature under the text of then. The last one is recorded after the coming into force that it causes."""
    party = int(entry.party or 0)
    if (entry.payload["version"], entry.payload["text"]) != (charter.version, charter.text):
        charter.faults.append(f"entry {entry.seq} signs another text than version {charter.version}")
    elif party not in charter.parties or party in charter.signed:
        charter.faults.append(f"entry {entry.seq} is a signature of party {party}, which has none to give")
    elif charter.state not in ("signing", "in_force"):
        charter.faults.append(f"entry {entry.seq} signs while it is {charter.state}")
    else:
        charter.signed[party] = entry.time


def _move(charter: _Charter, entry: Entry) -> None:
    payload = entry.payload
    said = entry.act == "charter.accept_change" and "parties" not in payload  # the second record of one act
    if not said:
        try:
            charter.state = lifecycles.move("charter", charter.state, MOVES[entry.act])
        except CivicError:
            charter.faults.append(
                f"entry {entry.seq}: {entry.act} is not possible while it is {charter.state}"
            )
    if payload["state"] != charter.state:
        charter.faults.append(
            f"entry {entry.seq} says {payload['state']}; the record leads to {charter.state}"
        )
    if "change" in payload:
        charter.faults += _changed(charter, entry)
    if entry.act in NEW_TEXT and not said:
        charter.version, charter.text = int(payload["version"]), str(payload["text"])
        charter.parties, charter.signed = {int(party) for party in payload["parties"]}, {}
        if charter.version != len(charter.texts) + 1:
            charter.faults.append(f"entry {entry.seq}: version {charter.version} does not follow")
        charter.texts[charter.version] = (charter.text, charter.parties)
    elif (
        payload.get("version", charter.version) != charter.version
        or payload.get("text", charter.text) != charter.text
    ):
        charter.faults.append(f"entry {entry.seq} speaks of another text than version {charter.version}")
    if entry.act in ("charter.start_signing", "charter.reopen"):
        charter.signed = {}
    if charter.state == "signing" and entry.act in ("charter.start_signing", "charter.accept_change"):
        charter.offered[charter.version] = entry.time
    if entry.act in ("charter.end", "charter.supersede"):
        charter.over = entry.time
    if entry.act == "charter.enter_into_force":
        charter.entered = entry.time
        charter.running = {int(number): str(key) for number, key in payload.get("running", {}).items()}


def _changed(charter: _Charter, entry: Entry) -> Iterator[str]:
    """A proposed change of a clause is decided once, after it was proposed."""
    key, now = int(entry.payload["change"]), charter.changes.get(int(entry.payload["change"]))
    if entry.act == "charter.propose_change":
        if now is not None:
            yield f"entry {entry.seq} proposes change {key}, which is there already"
        charter.changes[key] = "open"
    elif now is None:
        yield f"entry {entry.seq} decides on change {key}, which nobody proposed"
        return
    else:
        try:
            charter.changes[key] = lifecycles.move("clause_change", now, CHANGES[entry.act])
        except CivicError:
            yield f"entry {entry.seq} is {entry.act} of change {key}, which was {now}"
    if entry.payload["change_state"] != charter.changes[key]:
        yield f"entry {entry.seq} says {entry.payload['change_state']}; the record leads to {charter.changes[key]}"


def _force(charter: _Charter) -> list[str]:
    missing = sorted(charter.parties - set(charter.signed))
    if missing:
        return [f"it came into force without the signature of party {missing[0]}"]
    if charter.entered != max(charter.signed.values(), default=""):
        return [
            f"it came into force at {charter.entered}, the last signature is of {max(charter.signed.values())}"
        ]
    return []


def _clauses(key: str, version: int, ledger: Ledger) -> list[rules.Clause] | None:
    data = ledger.file(f"charters/{key}-{version}.json")
    if data is None:
        return None
    try:
        return rules.clauses_of(data.decode())
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _texts(key: str, charter: _Charter, ledger: Ledger) -> Iterator[str]:
    """Every version's document has the recorded hash and parties; what was put out for signature was complete."""
    for version, (digest, parties) in charter.texts.items():
        name = f"charters/{key}-{version}.json"
        data = ledger.file(name)
        if data is None:
            yield f"{name} is missing"
            continue
        if sha256(data).hexdigest() != digest:
            yield f"{name} is not the text on record"
            continue
        clauses = _clauses(key, version, ledger)
        if clauses is None:
            yield f"{name} is not the text of a charter"
            continue
        named = {s.party for c in clauses for s in (c.holder, c.counterpart) if s and s.party}
        if named != parties:
            yield f"{name} names parties {sorted(named)}; the record says {sorted(parties)}"
        if version in charter.offered:
            today = date.fromisoformat(charter.offered[version][:10])
            missing = [f for f in rules.findings(clauses, today) if f.code != "duty_past"]
            if missing:
                yield f"{name} was put out for signature although {missing[0].code} (clause {missing[0].clause})"


def _day(time: str) -> date:
    return datetime.fromisoformat(time.replace("Z", "+00:00")).date()


def _owed(clause: rules.Clause) -> tuple[int, dict[str, Any] | None]:
    """Who owes a duty and to whom, as obligations record it."""
    to = clause.counterpart
    if to is None:
        return clause.holder.party, None
    return clause.holder.party, {"party": to.party} if to.party else {"bloc": to.bloc, "area": to.area}


def _running(
    charter: _Charter, clauses: dict[int, rules.Clause], resolved: dict[str, dict[str, Any]]
) -> Iterator[str]:
    """What is said to run on from the resolution is an obligation of it, and says what the text says."""
    for number, key in charter.running.items():
        clause, made = clauses.get(number), resolved.get(key)
        if made is None or clause is None or clause.due is None or made["source"]["id"] != charter.resolution:
            yield f"clause {number} is said to run on as obligation {key}, which is none of its resolution"
        elif (made["party"], made["to"]) != _owed(clause) or made["due"] != str(clause.due.day):
            yield f"clause {number} is said to run on as obligation {key}, which says something else"


def _duties(charter: _Charter, clauses: dict[int, rules.Clause]) -> Iterator[str]:
    """Obligations are those of the text's duties: who, to whom, when; and no duty that was due was left out."""
    seen: dict[int, list[str]] = {}
    for payload in charter.made:
        number = int(payload["source"]["clause"])
        clause = clauses.get(number)
        if clause is None or clause.due is None or clause.counterpart is None:
            yield f"an obligation says clause {number}, which is no duty of version {charter.version}"
            continue
        if (payload["party"], payload["to"]) != _owed(clause):
            yield f"an obligation from clause {number} has another holder or counterpart than the text"
        if not _fits(clause.due, date.fromisoformat(payload["due"])):
            yield f"an obligation from clause {number} is due on {payload['due']}, which the text does not say"
        seen.setdefault(number, []).append(payload["due"])
        if int(payload["source"]["occurrence"]) != len(seen[number]):
            yield f"the obligations from clause {number} are not counted one by one"
    entered = _day(charter.entered)
    for number, clause in clauses.items():
        assert clause.due is not None
        days = all_due(clause.due)
        upcoming = clause.due.kind == "day" or any(day > entered + timedelta(days=1) for day in days)
        if days and upcoming and number not in seen and number not in charter.running:
            yield f"clause {number} fell due by its text, and no obligation was made of it"
        if seen.get(number, []) != sorted(seen.get(number, [])):
            yield f"the obligations from clause {number} are out of order"


def _again(charter: _Charter, clauses: dict[int, rules.Clause], latest: str) -> Iterator[str]:
    """A recurring duty fell due on each of its days while the charter was in force."""
    since, until = _day(charter.entered) + GRACE, _day(charter.over or latest) - GRACE
    for number, clause in clauses.items():
        if clause.due is None or clause.due.kind != "recurrence":
            continue
        made = [date.fromisoformat(p["due"]) for p in charter.made if int(p["source"]["clause"]) == number]
        off = ROLLED if clause.due.roll else 0  # the calendar of days off may have been revised since
        for day in all_due(clause.due):
            if since < day < until and not any(abs((one - day).days) <= off for one in made):
                yield f"clause {number} fell due again on {day} by its text, and no obligation was made of it"
                break


def _fits(due: rules.Due, day: date) -> bool:
    if due.kind == "trigger":
        return True
    nominal = all_due(rules.Due(due.kind, due.day, due.rule))
    return any(0 <= (day - one).days <= (ROLLED if due.roll else 0) for one in nominal)
