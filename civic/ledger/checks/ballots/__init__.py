"""Ballots: each act in its place, the announced terms kept, and every closed box counted again to the recorded result."""

from __future__ import annotations

from collections.abc import Iterator

from civic.ledger.checks import Entry, Finding, Ledger, right, wrong
from civic.ledger.checks.ballots import terms
from civic.ledger.checks.ballots.box import examine
from civic.ledger.checks.ballots.states import ACTS, Followed, follow
from civic.rules.merkle import ProofError

__all__ = ["ACTS", "Check"]


class Check:
    def __init__(self) -> None:
        self.ballots: dict[str, Followed] = {}

    def see(self, entry: Entry) -> None:
        follow(self.ballots.setdefault(entry.subject, Followed()), entry)

    def conclude(self, ledger: Ledger) -> Iterator[Finding]:
        for key, ballot in self.ballots.items():
            announced = None
            if ballot.frozen:
                try:
                    announced = terms.read(key, ballot, ledger)
                except terms.NoTerms as why:
                    yield wrong(f"ballot {key}: {why}")
            if ballot.closed is not None:
                yield from _lots(key, ballot, ledger)
                yield from examine(key, ballot, announced, ledger.pieces(f"boxes/{key}.json"))
            self._pair(key, ballot)
            for fault in ballot.faults.values():
                yield wrong(f"ballot {key}: {fault}")
            if ballot.final and not ballot.faults:
                yield right(
                    f"ballot {key}: the result is final, {len(ballot.complaints)} complaints answered"
                )

    def _pair(self, key: str, ballot: Followed) -> None:
        """A vote and the one that is held again name each other."""
        first = self.ballots.get(ballot.rerun_of)
        if ballot.rerun_of and (first is None or key not in first.reruns):
            ballot.blame("rerun", f"it says that it repeats ballot {ballot.rerun_of}, which does not name it")
        for number in ballot.reruns:
            again = self.ballots.get(number)
            if again is None or again.rerun_of != key:
                ballot.blame("rerun", f"it says that ballot {number} repeats it, which does not name it")


def _lots(key: str, ballot: Followed, ledger: Ledger) -> Iterator[Finding]:
    """Lots were drawn by a checkpoint that was signed after the closing."""
    seed = (ballot.result or {}).get("seed", "")
    if not seed and ballot.drawn is None:
        return
    try:
        fair = (
            ballot.drawn is not None
            and ballot.closed is not None
            and ballot.closed < ballot.drawn <= ledger.size
            and ledger.root_at(ballot.drawn).hex() == seed
        )
    except ProofError:
        fair = False
    if not fair:
        yield wrong(f"ballot {key}: its lots were not drawn by a checkpoint after its closing")
