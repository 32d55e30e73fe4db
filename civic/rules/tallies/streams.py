"""A published box read piece by piece, so that it need not fit in memory: only its different choices do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from civic.errors import N_, InvalidInput
from civic.rules.tallies.recount import result_of
from civic.rules.tallies.results import Result

MOST_AROUND = 4 * 1024 * 1024  # bytes of what stands around the papers, or of one piece that cannot be cut
_PAPERS = b'"ballots":['


@dataclass(slots=True)
class Streamed:
    """A box without its papers: what stands around them (as `recount.Box` has it), and how often each choice was made.

    papers: how many lie in the box; counted: of those the newest version of each. weights: where the roll has them.
    """

    head: dict[str, Any] = field(default_factory=dict)
    choices: Counter[str] = field(default_factory=Counter)
    weights: Counter[str] = field(default_factory=Counter)
    papers: int = 0
    counted: int = 0
    also: Callable[[list[dict[str, Any]]], None] | None = None
    _held: tuple[str, int, str, int] | None = None

    def result(self, seed: str | None = None) -> Result:
        """The result, as `recount.recount` gives it. Raises InvalidInput, KeyError, TypeError or ValueError."""
        return result_of(self.head, self.choices, self.weights, self.counted, seed)  # type: ignore[arg-type]

    def _add(self, papers: list[dict[str, Any]]) -> None:
        if self.also is not None:
            self.also(papers)
        held = self._held
        for paper in papers:
            tracker, version, choice = paper["tracker"], paper["version"], paper["choice"]
            if held is not None and tracker <= held[0]:
                if tracker < held[0]:
                    raise ValueError("the papers are not in the order of their numbers")
                if version == held[1]:
                    raise InvalidInput(
                        N_("The box holds one ballot twice."), field="ballots", reason="duplicate_tracker"
                    )
                if version < held[1]:
                    continue
            elif held is not None:
                self._take(held)
            held = (tracker, version, choice, paper.get("weight", 0))
        self.papers += len(papers)
        self._held = held

    def _take(self, held: tuple[str, int, str, int]) -> None:
        self.counted += 1
        self.choices[held[2]] += 1
        self.weights[held[2]] += held[3]

    def _end(self) -> None:
        if self._held is not None:
            self._take(self._held)
            self._held = None


def read(pieces: Iterable[bytes], also: Callable[[list[dict[str, Any]]], None] | None = None) -> Streamed:
    """The box in these bytes, which are canonical JSON with the papers in the order of their trackers.

    also: hears of all papers as they stand in the file, some thousand at a time.

    Raises ValueError, KeyError or TypeError when they are not; InvalidInput (``duplicate_tracker``) for a paper twice.
    """
    source, found = iter(pieces), Streamed(also=also)
    before, rest = _until(source, b"", _PAPERS)
    while True:
        if rest[:1] == b"]":
            rest = rest[1:]
            break
        end = rest.find(b"}]")
        cut = end if end >= 0 else rest.rfind(b"},{")
        if cut >= 0:
            found._add(orjson.loads(b"[" + rest[: cut + 1] + b"]"))
            rest = rest[cut + 2 :]
            if end >= 0:
                break
        elif len(rest) > MOST_AROUND:
            raise ValueError("a paper has no end")
        piece = next(source, None)
        if piece is None:
            raise ValueError("the box is cut short")
        rest += piece
    found._end()
    for piece in source:
        rest += piece
        if len(rest) > MOST_AROUND:
            raise ValueError("the box has no end")
    found.head = orjson.loads(before + _PAPERS + b"]" + rest)
    return found


def _until(source: Iterator[bytes], start: bytes, mark: bytes) -> tuple[bytes, bytes]:
    """What stands before and after the first ``mark``."""
    for piece in source:
        start += piece
        before, found, after = start.partition(mark)
        if found:
            return before, after
        if len(start) > MOST_AROUND:
            break
    raise ValueError("this is no published box")
