"""What an import did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from civic.rules.import_rows import Refused

Progress = Callable[[int, int], None]  # rows done, rows in all


@dataclass
class Report:
    """Rows in all, those taken (or, run dry, that would be), those that were there before, and those refused."""

    rows: int = 0
    taken: int = 0
    known: int = 0
    refused: list[Refused] = field(default_factory=list)
    source: str = ""
