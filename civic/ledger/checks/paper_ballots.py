"""Paper ballots: each batch was read by two people or ruled on, and no more sheets count than voters were handed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from civic.ledger.checks import Entry, Finding, Ledger, right, wrong

HANDED = {"ballot.hand_out_sheet": 1, "ballot.take_back_sheet": -1}
ACTS = (*HANDED, "ballot.open_batch", "ballot.enter_batch", "ballot.settle_batch", "ballot.complete_paper")


@dataclass(slots=True)
class _Paper:
    """What the record says of one ballot's sheets. By the number of a batch: its sheets, and who read it."""

    out: int = 0
    batches: dict[int, int] = field(default_factory=dict)
    readers: dict[int, set[str | None]] = field(default_factory=lambda: defaultdict(set))
    settled: set[int] = field(default_factory=set)
    ruled: dict[int, str | None] = field(default_factory=dict)
    completed: int | None = None


class Check:
    def __init__(self) -> None:
        self.ballots: dict[str, _Paper] = {}

    def see(self, entry: Entry) -> None:
        paper = self.ballots.setdefault(entry.subject, _Paper())
        if entry.act in HANDED:
            paper.out += HANDED[entry.act]
            return
        if entry.act == "ballot.complete_paper":
            paper.completed = int(entry.payload["sheets"])
            return
        batch = int(entry.payload["batch"])
        if entry.act == "ballot.open_batch":
            paper.batches[batch] = int(entry.payload["sheets"])
        elif entry.act == "ballot.enter_batch":
            paper.readers[batch].add(entry.actor)
        else:
            paper.ruled[batch] = entry.actor
        if entry.payload.get("state") == "settled":
            paper.settled.add(batch)

    def conclude(self, ledger: Ledger) -> Iterator[Finding]:
        for key, paper in self.ballots.items():
            faults = list(_faults(paper))
            for fault in faults:
                yield wrong(f"ballot {key}: {fault}")
            if paper.completed is not None and not faults:
                yield right(
                    f"ballot {key}: {paper.completed} sheets of paper in {len(paper.settled)} settled batches"
                )


def _faults(paper: _Paper) -> Iterator[str]:
    for batch in sorted(paper.settled):
        if len(paper.readers[batch]) < 2:
            yield f"batch {batch} of paper was settled, though two people have not read it"
        if batch in paper.ruled and paper.ruled[batch] in paper.readers[batch]:
            yield f"batch {batch} of paper was ruled on by somebody who had read it"
    if paper.completed is None:
        return
    sheets = sum(paper.batches.get(batch, 0) for batch in paper.settled)
    if sheets != paper.completed:
        yield f"{paper.completed} sheets of paper were completed, but {sheets} lie in settled batches"
    if paper.completed > paper.out:
        yield f"{paper.completed} sheets of paper were completed, but only {paper.out} voters have one"
