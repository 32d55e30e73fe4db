"""A meeting replayed from its entries: who sits, who is there, what is moved, what is voted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from civic.errors import CivicError
from civic.ledger.checks import Entry
from civic.rules import lifecycles
from civic.rules.joint_meetings import CHOICES, Bloc, check_seconder, decide, quorate
from civic.rules.joint_meetings.decisions import Voice, bound
from civic.rules.joint_meetings.quorum import as_record, presences


@dataclass(slots=True)
class _Motion:
    mover: int
    rule: str
    amends: int | None = None
    state: str = "moved"
    recused: set[int] = field(default_factory=set)
    votes: int = 0
    clauses: dict[int, tuple[int, str]] = field(default_factory=dict)


class Meeting:
    """What follows from the entries of one meeting, and what does not."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.state = "draft"
        self.seats: dict[int, str] = {}
        self.blocs: list[Bloc] = []
        self.usual = ""  # the decision rule where the chair fixes no other
        self.delegates: dict[int, str] = {}
        self.before: dict[int, str] = {}  # who was the delegate of a seat before the one there is
        self.confirmed: set[int] = set()
        self.present: set[int] = set()
        self.motions: dict[int, _Motion] = {}
        self.voting: int | None = None
        self.cast: dict[int, tuple[int, str]] = {}  # seat -> version of its voice, commitment to it
        self.quorums = self.results = 0
        self.until: dict[int, tuple[datetime, set[int]]] = {}
        self.replies: dict[int, dict[str, set[int]]] = {}
        self.duties: dict[int, dict[int, tuple[int, str]]] = {}  # of a resolution: clause -> who, by when

    def _say(self, entry: Entry, text: str) -> None:
        self.wrong.append(f"entry {entry.seq}: {text}")

    def _state(self, entry: Entry, act: str) -> None:
        """The meeting moves as its lifecycle allows."""
        try:
            self.state = lifecycles.move("joint_meeting", self.state, act)
        except CivicError:
            self._say(entry, f"the meeting is {self.state}, so this cannot happen")

    def _move(self, entry: Entry, number: int, act: str) -> None:
        """A motion moves as its lifecycle allows."""
        motion = self.motions[number]
        try:
            motion.state = lifecycles.move("motion", motion.state, act)
        except CivicError:
            self._say(entry, f"motion {number} is {motion.state}, so this cannot happen")

    # The meeting

    def convene(self, entry: Entry) -> None:
        self._state(entry, "convene")
        self.usual = str(entry.payload["rule"])
        self.blocs = [Bloc(bloc, int(n), int(d)) for bloc, (n, d) in entry.payload["blocs"].items()]
        for first, last, bloc, _party, _how in entry.payload["seats"]:
            self.seats |= dict.fromkeys(range(first, last + 1), bloc)

    def cancel(self, entry: Entry) -> None:
        self._state(entry, "cancel")

    def open(self, entry: Entry) -> None:
        self._state(entry, "open")
        self._quorum(entry, entry.payload["quorum"])

    def adjourn(self, entry: Entry) -> None:
        self._state(entry, "adjourn")
        self.present.clear()
        for number in entry.payload["lapsed"]:
            self._move(entry, number, "lapse")

    def _quorum(self, entry: Entry, said: Any) -> bool:
        """Derive the quorum from who came and went; whether it is there."""
        blocs = presences(self.blocs, [(bloc, n in self.present) for n, bloc in self.seats.items()])
        self.quorums += 1
        if as_record(blocs) != said:
            self._say(entry, "the quorum that follows from who came and went is not the one recorded")
        return quorate(blocs)

    # Seats

    def invited(self, entry: Entry) -> None:
        seat = int(entry.payload["seat"])
        if seat in self.delegates:
            self.before[seat] = self.delegates[seat]
        self.delegates[seat] = str(entry.payload["person"])
        self.confirmed.discard(seat)

    def confirm(self, entry: Entry) -> None:
        seat = int(entry.payload["seat"])
        if self.delegates.get(seat) != entry.actor:
            self._say(entry, f"seat {seat} is confirmed by somebody who was not invited to it")
        self.confirmed.add(seat)

    def decline(self, entry: Entry) -> None:
        seat = int(entry.payload["seat"])
        if self.delegates.get(seat) == entry.actor:
            self.before[seat] = self.delegates.pop(seat)
            self.confirmed.discard(seat)
        elif (
            self.before.get(seat) != entry.actor
        ):  # or the next of the reserve was invited in the same breath
            self._say(entry, f"seat {seat} is given back by somebody who is not its delegate")

    def come(self, entry: Entry) -> None:
        seat = int(entry.payload["seat"])
        if seat not in self.confirmed or seat in self.present:
            self._say(entry, f"seat {seat} cannot come: it is not confirmed, or is there already")
        self.present.add(seat)

    def leave(self, entry: Entry) -> None:
        self.present.discard(int(entry.payload["seat"]))

    def _voice(self, entry: Entry) -> int:
        """The seat that speaks here: its delegate, confirmed and there."""
        seat = int(entry.payload["seat"])
        if self.delegates.get(seat) != entry.actor or seat not in self.confirmed:
            self._say(entry, f"somebody acts for seat {seat} who is not its delegate")
        elif seat not in self.present:
            self._say(entry, f"seat {seat} acts while it is absent")
        return seat

    # Motions

    def moved(self, entry: Entry) -> None:
        number, amends = int(entry.payload["motion"]), entry.payload.get("amends")
        if amends is not None:
            self._move(entry, amends, "amend")
        self.motions[number] = _Motion(self._voice(entry), str(entry.payload["rule"]), amends)
        if self.motions[number].rule != self.usual:
            self._say(entry, f"motion {number} is moved under another rule than the meeting's")

    def second(self, entry: Entry) -> None:
        number, seat = int(entry.payload["motion"]), int(entry.payload["seconder"])
        self._move(entry, number, "second")
        try:
            check_seconder(self.seats[self.motions[number].mover], self.seats[seat])
        except CivicError:
            self._say(entry, f"motion {number} is seconded by its mover's own bloc")

    def withdraw(self, entry: Entry) -> None:
        for number in entry.payload["withdrawn"]:
            self._move(entry, number, "withdraw")

    def rule(self, entry: Entry) -> None:
        motion = self.motions[int(entry.payload["motion"])]
        if motion.votes:
            self._say(entry, "the decision rule was changed after the first vote")
        motion.rule = str(entry.payload["rule"])

    def recuse(self, entry: Entry) -> None:
        seat = self._voice(entry)
        self._move(entry, int(entry.payload["motion"]), "recuse")
        self.motions[int(entry.payload["motion"])].recused.add(seat)
        self.cast.pop(seat, None)

    def clause(self, entry: Entry) -> None:
        said = entry.payload
        self._move(entry, int(said["motion"]), "name_clause")
        self.motions[int(said["motion"])].clauses[int(said["clause"])] = int(said["party"]), str(said["due"])

    # Votes

    def open_vote(self, entry: Entry) -> None:
        number = int(entry.payload["motion"])
        motion = self.motions[number]
        pending = [n for n, m in self.motions.items() if m.amends == number and m.state == "seconded"]
        if pending:
            self._say(entry, f"motion {number} is voted on before its amendment {pending[0]}")
        if not self._quorum(entry, entry.payload["quorum"]):
            self._say(entry, f"the vote on motion {number} was opened without a quorum")
        if entry.payload["rule"] != motion.rule:
            self._say(entry, f"motion {number} is voted on by another rule than was fixed")
        for lapsed in entry.payload["lapsed"]:
            self._move(entry, lapsed, "lapse")
        self._move(entry, number, "open_vote")
        motion.votes += 1
        self.voting, self.cast = number, {}

    def vote(self, entry: Entry) -> None:
        number, seat = int(entry.payload["motion"]), self._voice(entry)
        if number != self.voting or int(entry.payload["vote"]) != self.motions[number].votes:
            self._say(entry, f"seat {seat} votes on motion {number} while no vote on it is open")
        elif seat in self.motions[number].recused:
            self._say(entry, f"seat {seat} votes on motion {number} though it is recused")
        # Two voices of one seat at the same instant may be numbered the other way round; the later version counts.
        said = int(entry.payload["version"]), str(entry.payload["said"])
        self.cast[seat] = max(said, self.cast.get(seat, said))

    def close_vote(self, entry: Entry) -> None:
        number, said = int(entry.payload["motion"]), entry.payload
        if number != self.voting:
            self._say(entry, f"a vote on motion {number} is closed that is not open")
        motion = self.motions[number]
        roll = {choice: set(said["roll"][choice]) for choice in CHOICES}
        self._roll(entry, number, roll)
        self._voices(entry, number, roll)
        voices = [
            Voice(self.seats[seat], choice, seat in said["reasoned"])
            for choice, numbers in roll.items()
            for seat in numbers
        ]
        result = decide(motion.rule, voices, [b.bloc for b in self.blocs]).as_record()
        quorum = self._quorum(entry, said["quorum"])
        self.results += 1
        if not quorum:
            result |= {"passed": False, "why": "no_quorum"}
        if result != said["result"]:
            self._say(entry, f"the result on motion {number} does not follow from its roll-call")
        self._move(entry, number, "void" if not quorum else ("adopt" if result["passed"] else "reject"))
        if motion.state != said["state"]:
            self._say(
                entry, f"motion {number} is recorded as {said['state']}, but follows to be {motion.state}"
            )
        parent = motion.amends if motion.state == "adopted" else None
        if parent is not None and self.motions[parent].state == "rejected":
            self._move(entry, parent, "reconsider")
        if (motion.state == "adopted" and motion.amends is None) != ("resolution" in said):
            self._say(
                entry, f"motion {number} is {motion.state}, and the record says otherwise of a resolution"
            )
        elif "resolution" in said:
            self.duties[int(said["resolution"])] = motion.clauses
        self.voting = None

    def _roll(self, entry: Entry, number: int, roll: dict[str, set[int]]) -> None:
        voted = roll["yes"] | roll["no"] | roll["abstain"]
        if sum(map(len, roll.values())) != len(voted | roll["recused"]):
            self._say(entry, f"a seat stands twice in the roll-call on motion {number}")
        if voted != set(self.cast):
            seats = ", ".join(map(str, sorted(voted ^ set(self.cast))[:5]))
            self._say(entry, f"the roll-call on motion {number} is not of those who voted: see seats {seats}")
        if not roll["recused"] <= self.motions[number].recused:
            self._say(entry, f"the roll-call on motion {number} names a seat as recused that is not")

    def _voices(self, entry: Entry, number: int, roll: dict[str, set[int]]) -> None:
        """Each seat stands in the roll-call with what it was bound to when it voted."""
        key = str(entry.payload["key"])
        for choice in CHOICES[:3]:
            for seat in sorted(roll[choice] & set(self.cast)):
                version, said = self.cast[seat]
                if bound(key, seat, version, choice) != said:
                    self._say(
                        entry, f"seat {seat} did not say {choice} on motion {number}, as the roll-call has it"
                    )

    # Minutes

    def submit(self, entry: Entry) -> None:
        self._state(entry, "submit")
        number = int(entry.payload["minutes"])
        self.until[number] = datetime.fromisoformat(entry.payload["until"]), set(entry.payload["seats"])
        self.replies[number] = {"signed": set(), "objected": set()}

    def sign(self, entry: Entry) -> None:
        self._state(entry, "sign")
        seat = int(entry.payload["seat"])
        if self.delegates.get(seat) != entry.actor:
            self._say(entry, f"somebody answers the minutes for seat {seat} who is not its delegate")
        self.replies[int(entry.payload["minutes"])][str(entry.payload["answer"])].add(seat)

    def publish(self, entry: Entry) -> None:
        self._state(entry, "publish")
        number, said = int(entry.payload["minutes"]), entry.payload
        until, seats = self.until[number]
        replies = self.replies[number]
        for answer in ("signed", "objected"):
            if set(said[answer]) != replies[answer]:
                self._say(
                    entry, f"the seats that {answer} version {number} of the minutes are not those recorded"
                )
        if set(said["deemed"]) != seats - replies["signed"] - replies["objected"]:
            self._say(
                entry, f"the seats whose silence accepted version {number} are not those that were silent"
            )
        published = datetime.fromisoformat(entry.time.replace("Z", "+00:00"))
        if said["deemed"] and published + timedelta(seconds=1) < until:
            self._say(entry, "silence was taken for acceptance before the window was over")

    STEPS: ClassVar[dict[str, Callable[[Meeting, Entry], None]]] = {
        "convene": convene,
        "cancel": cancel,
        "open": open,
        "adjourn": adjourn,
        "name_delegate": invited,
        "seat_elected": invited,
        "invite_drawn": invited,
        "send_substitute": invited,
        "confirm_seat": confirm,
        "decline_seat": decline,
        "check_in": come,
        "check_out": leave,
        "move": moved,
        "amend": moved,
        "second": second,
        "withdraw_motion": withdraw,
        "fix_rule": rule,
        "name_clause": clause,
        "recuse": recuse,
        "open_vote": open_vote,
        "vote": vote,
        "close_vote": close_vote,
        "submit_minutes": submit,
        "sign_minutes": sign,
        "publish_minutes": publish,
    }
