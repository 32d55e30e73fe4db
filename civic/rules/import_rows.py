"""What every import reader gives: a good row, or a refused one with its line and the reason."""

from __future__ import annotations

from dataclasses import dataclass

from civic.errors import CivicError


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken. ``line`` counts from 1 with the heading; ``key`` is what the row calls itself."""

    line: int
    key: str
    error: CivicError


def decode(content: bytes) -> str:
    """The text of a file: UTF-8 (with or without a mark), else GB 18030. UnicodeDecodeError when it is neither."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")
