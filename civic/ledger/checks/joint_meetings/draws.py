"""The draw of residents: its list, its seed, its order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from civic.ledger.checks import Entry, Ledger
from civic.rules.joint_meetings import draw_order, list_hash
from civic.rules.merkle import ProofError


class Draw:
    """The volunteers of one meeting and what was drawn."""

    def __init__(self) -> None:
        self.seats = 0
        self.volunteers: set[str] = set()
        self.closed: tuple[int, str, int] | None = None  # place in the ledger, fingerprint, number
        self.size = 0
        self.seed = ""
        self.count = 0
        self.drawn: list[str] = []
        self.invited: list[tuple[int, str]] = []
        self.wrong: list[str] = []

    def convene(self, entry: Entry) -> None:
        self.seats = sum(
            last - first + 1 for first, last, _, _, how in entry.payload["seats"] if how == "sortition"
        )

    def volunteer(self, entry: Entry) -> None:
        self._while_open(str(entry.payload["volunteer"]))
        self.volunteers.add(str(entry.payload["volunteer"]))

    def withdraw(self, entry: Entry) -> None:
        self._while_open(str(entry.payload["volunteer"]))
        self.volunteers.discard(str(entry.payload["volunteer"]))

    def _while_open(self, who: str) -> None:
        if self.closed:
            self.wrong.append(f"the list of volunteers was changed for {who} after it was closed")

    def close(self, entry: Entry) -> None:
        self.closed = entry.seq, str(entry.payload["list"]), int(entry.payload["count"])

    def draw(self, entry: Entry) -> None:
        self.size, self.seed = int(entry.payload["size"]), str(entry.payload["seed"])
        self.count, self.drawn = int(entry.payload["count"]), list(entry.payload["drawn"])
        if self.closed is None or not self.closed[0] < self.size <= entry.seq:
            self.wrong.append(
                "the draw's seed is not a checkpoint between the closing of the list and the draw"
            )

    def invite(self, entry: Entry) -> None:
        self.invited.append((int(entry.payload["rank"]), str(entry.payload["person"])))

    STEPS: ClassVar[dict[str, Callable[[Draw, Entry], None]]] = {
        "convene": convene,
        "volunteer": volunteer,
        "withdraw_volunteer": withdraw,
        "close_list": close,
        "draw": draw,
        "invite_drawn": invite,
    }

    def conclude(self, ledger: Ledger) -> Iterator[str]:
        yield from self.wrong
        if self.closed and self.closed[1:] != (list_hash(self.volunteers), len(self.volunteers)):
            yield "the closed list is not that of those who volunteered"
        if not self.size:
            return
        try:
            root = ledger.root_at(self.size).hex()
        except ProofError:
            root = ""
        if root != self.seed:
            yield f"the draw's seed is not the root of the tree of {self.size} entries"
        order = draw_order(bytes.fromhex(self.seed), self.volunteers)
        if self.count != len(self.volunteers) or self.drawn != order[: self.seats]:
            yield "the draw, repeated from its seed and its list, gives others than those recorded"
        for rank, person in self.invited:
            if order[rank - 1 : rank] != [person]:
                yield f"{person} was invited as no. {rank} of the draw, but is not"
