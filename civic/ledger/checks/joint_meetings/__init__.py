"""Joint meetings, entry by entry: every draw, every quorum, every roll-call and its result, and how minutes stand.

Nothing is taken on trust but who came and went and what each seat said, which the entries themselves are: who sits
where follows from the call, who may speak from who was invited and confirmed, quorum from coming and going, the result
from the roll, and the drawn from the volunteers and the root of the tree at the draw's checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterator

from civic.ledger.checks import Entry, Finding, Ledger, right, wrong
from civic.ledger.checks.joint_meetings.draws import Draw
from civic.ledger.checks.joint_meetings.meeting import Meeting

_PREFIX = "joint_meeting."
ACTS = (*(_PREFIX + name for name in {**Meeting.STEPS, **Draw.STEPS}), "obligation.create")


class Check:
    def __init__(self) -> None:
        self.meetings: dict[str, tuple[Meeting, Draw]] = {}
        self.obliged: dict[int, dict[int, tuple[int, str]]] = {}  # of a resolution: clause -> who, by when

    def see(self, entry: Entry) -> None:
        if entry.act == "obligation.create":
            source = entry.payload["source"]
            if source["kind"] == "resolution":
                made = int(entry.payload["party"]), str(entry.payload["due"])
                self.obliged.setdefault(int(source["id"]), {})[int(source["clause"])] = made
            return
        meeting, draw = self.meetings.setdefault(entry.subject, (Meeting(), Draw()))
        step = entry.act.removeprefix(_PREFIX)
        if step in Meeting.STEPS:
            Meeting.STEPS[step](meeting, entry)
        if step in Draw.STEPS:
            Draw.STEPS[step](draw, entry)

    def conclude(self, ledger: Ledger) -> Iterator[Finding]:
        for key, (meeting, draw) in self.meetings.items():
            name = f"joint meeting {key}"
            bad = [*meeting.wrong, *draw.conclude(ledger), *self._duties(meeting)]
            for text in bad:
                yield wrong(f"{name}: {text}")
            if bad or not meeting.seats:
                continue
            done = f"{meeting.quorums} quorums and {meeting.results} results derived again"
            drawn = f", {len(draw.drawn)} residents drawn again from {draw.count}" if draw.size else ""
            yield right(f"{name}: {done}{drawn}")

    def _duties(self, meeting: Meeting) -> Iterator[str]:
        """The clauses of each resolution are obligations, and no others come of it."""
        for resolution, clauses in meeting.duties.items():
            if self.obliged.get(resolution, {}) != clauses:
                yield f"the duties of resolution {resolution} are not the obligations that came of it"
