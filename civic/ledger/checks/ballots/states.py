"""The acts of a ballot in their order: each is possible where it stands, and what it says follows from those before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from civic.ledger.checks import Entry
from civic.rules.lifecycles import BALLOT

_OPEN = ("open",)
# Acts that are no step of the lifecycle, and the states in which they are possible.
WHILE: dict[str, tuple[str, ...]] = {
    "upload_roll": ("draft",),
    "offer_paper": ("announced",),
    "challenge_roll": ("announced",),
    "correct_roll": ("announced",),
    "decide_challenge": ("announced",),
    "issue_token": _OPEN,
    "hand_out_sheet": _OPEN,
    "replace_sheet": _OPEN,
    "take_back_sheet": _OPEN,
    "open_batch": _OPEN,
    "enter_batch": _OPEN,
    "settle_batch": _OPEN,
    "discard_batch": _OPEN,
    "complete_paper": _OPEN,
    "name_scrutineer": ("draft", "announced", "open", "closed", "tallied"),
}
STEPS = (
    "edit",
    "announce",
    "open",
    "cast",
    "close",
    "tally",
    "certify",
    "complain",
    "answer_complaint",
    "finish",
    "void",
)
ACTS = tuple(f"ballot.{step}" for step in (*STEPS, *WHILE, "rerun"))


def moment(text: str) -> datetime:
    """A time of the record or of a published text, to the second."""
    return datetime.fromisoformat(text).replace(microsecond=0)


@dataclass(slots=True)
class Followed:
    """What the record says of one ballot so far. complaints: by number whether upheld, None while unanswered."""

    state: str = "draft"
    faults: dict[str, str] = field(default_factory=dict)
    frozen: str = ""
    token_key: str = ""
    uploaded: str | None = None
    announced_roll: str | None = None
    roll: str | None = None
    lines: int | None = None
    objections: set[int] = field(default_factory=set)
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    eligible: int | None = None
    weight: int | None = None
    cast: int = 0
    out: int = 0
    sheets: int = 0
    box: str = ""
    count: int = 0
    closed: int | None = None
    result: Any = None
    drawn: int | None = None
    scrutineers: dict[str, int] = field(default_factory=dict)
    blocs: set[str] = field(default_factory=set)
    complaints: dict[int, bool | None] = field(default_factory=dict)
    until: datetime | None = None
    final: bool = False
    rerun_of: str = ""
    reruns: list[str] = field(default_factory=list)

    def blame(self, what: str, fault: str) -> None:
        """Note the first fault of each kind: one lie makes many later entries wrong."""
        self.faults.setdefault(what, fault)


def follow(ballot: Followed, entry: Entry) -> None:
    """Hear one act. KeyError, TypeError or ValueError when its entry lacks what the act records."""
    step = entry.act.removeprefix("ballot.")
    if step == "rerun":
        _rerun(ballot, entry.payload)
        return
    before = ballot.state
    fits = before in WHILE[step] if step in WHILE else step in BALLOT[before]
    if not fits:
        ballot.blame(step, f"entry {entry.seq}: {entry.act} is not possible while it is {before}")
    elif ballot.final and step != "finish":
        ballot.blame("final", f"entry {entry.seq}: {entry.act} came after the result was final")
    if heard := HEARD.get(step):
        heard(ballot, entry)
    # Also where it does not fit: what follows is then judged by what the record claims.
    ballot.state = LEADS.get(step, ballot.state)


LEADS = {"announce": "announced", "open": "open", "close": "closed", "tally": "tallied", "void": "void"}


def _rerun(ballot: Followed, payload: dict[str, Any]) -> None:
    if "rerun_of" in payload:
        ballot.rerun_of = str(payload["rerun_of"])
        return
    ballot.reruns.append(str(payload["rerun"]))
    undecided = ballot.final and not (ballot.result or {}).get("passed")
    if ballot.state != "void" and not undecided:
        ballot.blame("rerun", "it is held again, though it is neither void nor final without a decision")


def _upload(ballot: Followed, entry: Entry) -> None:
    ballot.uploaded, ballot.lines = str(entry.payload["roll"]), int(entry.payload["lines"])


def _announce(ballot: Followed, entry: Entry) -> None:
    ballot.frozen = str(entry.payload["frozen"])
    ballot.token_key = str(entry.payload.get("token_key", ""))
    ballot.roll = ballot.announced_roll = entry.payload.get("roll")
    if ballot.roll is not None and ballot.roll != ballot.uploaded:
        ballot.blame("roll", "it was announced with another roll than was uploaded on the record")


def _objection(ballot: Followed, entry: Entry) -> None:
    ballot.objections.add(int(entry.payload["challenge"]))


def _change(ballot: Followed, entry: Entry) -> None:
    """A line of the roll was corrected, perhaps for an objection; or an objection was decided."""
    payload = entry.payload
    if "change" in payload:
        ballot.roll, ballot.lines = str(payload["roll"]), int(payload["lines"])
    if "decision" in payload:
        if int(payload["challenge"]) not in ballot.objections:
            ballot.blame("objection", "an objection was decided that nobody made, or that was decided before")
        ballot.objections.discard(int(payload["challenge"]))


def _open(ballot: Followed, entry: Entry) -> None:
    ballot.eligible = int(entry.payload["eligible"])
    ballot.weight = entry.payload.get("weight")
    ballot.opened_at = moment(entry.time) if entry.time else None
    same_size = ballot.roll is None or ballot.eligible == ballot.lines
    if entry.payload.get("roll") != ballot.roll or not same_size:
        ballot.blame("roll", "it opened with another roll than was announced and corrected on the record")
    if int(entry.payload.get("undecided", 0)) != len(ballot.objections):
        ballot.blame(
            "objection", f"it opened without saying that {len(ballot.objections)} objections are undecided"
        )


def _cast(ballot: Followed, entry: Entry) -> None:
    ballot.cast += 1


def _out(ballot: Followed, entry: Entry) -> None:
    ballot.out += 1


def _back(ballot: Followed, entry: Entry) -> None:
    ballot.out -= 1


def _sheets(ballot: Followed, entry: Entry) -> None:
    ballot.sheets = int(entry.payload["sheets"])


def _close(ballot: Followed, entry: Entry) -> None:
    ballot.closed, ballot.closed_at = entry.seq, moment(entry.time) if entry.time else None
    ballot.box, ballot.count = str(entry.payload["box"]), int(entry.payload["count"])


def _tally(ballot: Followed, entry: Entry) -> None:
    ballot.result, ballot.drawn = entry.payload["result"], entry.payload.get("checkpoint")


def _scrutineer(ballot: Followed, entry: Entry) -> None:
    ballot.scrutineers[str(entry.payload["scrutineer"])] = int(entry.payload["party"])


def _certify(ballot: Followed, entry: Entry) -> None:
    payload = entry.payload
    bloc = str(payload["bloc"])
    if ballot.scrutineers.get(str(entry.actor)) != int(payload["party"]):
        ballot.blame("certify", f"entry {entry.seq}: signed by somebody who was not named as its scrutineer")
    if bloc in ballot.blocs:
        ballot.blame("certify", f"entry {entry.seq}: signed a second time by the same bloc")
    ballot.blocs.add(bloc)
    derived = "certified" if len(ballot.blocs) > 1 else "tallied"
    if payload["state"] != derived:
        ballot.blame(
            "certify", f"entry {entry.seq}: it is called {payload['state']}; the record leads to {derived}"
        )
    ballot.state = str(payload["state"])
    if "complaints_until" in payload:
        ballot.until = moment(str(payload["complaints_until"]))


def _complain(ballot: Followed, entry: Entry) -> None:
    number = int(entry.payload["complaint"])
    if number != len(ballot.complaints) + 1:
        ballot.blame("complain", f"entry {entry.seq}: complaint {number} is not the next one")
    if ballot.until is not None and entry.time and moment(entry.time) > ballot.until:
        ballot.blame("complain", f"entry {entry.seq}: complaint {number} came when the time was over")
    ballot.complaints[number] = None


def _answer(ballot: Followed, entry: Entry) -> None:
    number = int(entry.payload["complaint"])
    if ballot.complaints.get(number, True) is not None:
        ballot.blame(
            "answer", f"entry {entry.seq}: answers complaint {number}, which was not made or has its answer"
        )
    ballot.complaints[number] = bool(entry.payload["upheld"])


def _finish(ballot: Followed, entry: Entry) -> None:
    if ballot.final:
        ballot.blame("final", f"entry {entry.seq}: it became final twice")
    if len(ballot.blocs) < 2:
        ballot.blame("final", "it became final without the signatures of two blocs")
    elif any(upheld is not False for upheld in ballot.complaints.values()):
        ballot.blame("final", "it became final though a complaint was upheld or waited for its answer")
    elif int(entry.payload["complaints"]) != len(ballot.complaints):
        ballot.blame(
            "final",
            f"it became final with {entry.payload['complaints']} complaints; the record has {len(ballot.complaints)}",
        )
    elif ballot.until is not None and entry.time and moment(entry.time) < ballot.until:
        ballot.blame("final", "it became final before the time for complaints was over")
    ballot.final = True


HEARD: dict[str, Callable[[Followed, Entry], None]] = {
    "upload_roll": _upload,
    "announce": _announce,
    "challenge_roll": _objection,
    "correct_roll": _change,
    "decide_challenge": _change,
    "open": _open,
    "cast": _cast,
    "hand_out_sheet": _out,
    "take_back_sheet": _back,
    "complete_paper": _sheets,
    "close": _close,
    "tally": _tally,
    "name_scrutineer": _scrutineer,
    "certify": _certify,
    "complain": _complain,
    "answer_complaint": _answer,
    "finish": _finish,
}
