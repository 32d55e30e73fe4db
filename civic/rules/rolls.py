"""An uploaded roll: a table of document numbers, perhaps with weights, read line by line and trusted in nothing.

The number leads to the key of a human (`civic.rules.person_key`) and is kept nowhere, not even in an error. Weights
are decimals with at most two places and are kept exactly, as whole hundredths.
"""

from __future__ import annotations

import csv
import io
import re
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any

from civic.errors import N_, InvalidInput
from civic.rules.import_rows import Refused
from civic.rules.person_key import person_key

SCALE = 100  # a weight of 89.5 is kept as 8950
MOST_LINES = 1_000_000
MOST_WEIGHT = (
    500_000_000 * SCALE
)  # of all together: with the five places of a count still a safe whole number
MOST_REFUSED = 1000
NUMBER_COLUMNS = ("document_number", "证件号码", "身份证号", "身份证号码")
WEIGHT_COLUMNS = ("weight", "权重", "面积", "专有部分面积")
_WEIGHT = re.compile(r"(\d{1,9})(?:\.(\d{1,2}))?", re.ASCII)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+?\d+", re.ASCII)
Progress = Callable[[int, int], None]


# A line as it is held: key of a human, line of the file, weight in hundredths. So it takes some ninety bytes, and lines
# sort by key, the first of the same key first.
_LINE = struct.Struct(">32sIQ")


@dataclass(slots=True)
class RollFile:
    """What a file holds: good lines in the order of their keys, each key once.

    rows: lines below the heading that are not empty. refused: at most a thousand of them; wrong: how many in all.
    weight: of all good lines together, in hundredths.
    """

    rows: int = 0
    weighted: bool = False
    weight: int = 0
    refused: list[Refused] = field(default_factory=list)
    wrong: int = 0
    held: list[bytes] = field(default_factory=list, repr=False)

    def lines(self, start: int = 0, end: int | None = None) -> Iterator[tuple[str, int]]:
        """Keys and weights, in the order of the keys."""
        for place in range(start, len(self.held) if end is None else min(end, len(self.held))):
            key, _, weight = _LINE.unpack(self.held[place])
            yield key.hex(), weight

    def refuse(self, line: int, error: InvalidInput) -> None:
        self.wrong += 1
        if len(self.refused) < MOST_REFUSED:
            self.refused.append(Refused(line, "", error))


def read(content: bytes, pepper: bytes, progress: Progress = lambda done, of: None) -> RollFile:
    """Read a roll. Raises InvalidInput for a file that is no roll at all; rows that are wrong are in the answer.

    Long work of pure computing: call it in a thread. It holds about a hundred bytes a line beside the content.
    """
    check_text(content)
    about = max(content.count(b"\n"), 1)
    found = RollFile()
    line = 1
    try:
        table, place, weighing = _open(content)
        found.weighted = weighing is not None
        for cells in table:
            line = table.line_num
            if not any(map(str.strip, cells)):
                continue
            found.rows += 1
            if found.rows > MOST_LINES:
                raise InvalidInput(
                    N_("A roll has at most %(limit)s lines."),
                    field="file",
                    reason="too_many",
                    limit=MOST_LINES,
                )
            _row(found, line, cells, pepper, place, weighing)
            if found.rows % 10_000 == 0:
                progress(found.rows, max(about, found.rows))
    except csv.Error:
        raise InvalidInput(
            N_("From line %(line)s on the file is no table: look for a quotation mark that is not closed."),
            field="file", reason="table", line=line,
        ) from None  # fmt: skip
    except UnicodeDecodeError:
        raise _encoding(content) from None
    if not found.rows:
        raise InvalidInput(N_("The roll has no lines below its heading."), field="file", reason="empty")
    _settle(found)
    if found.weight > MOST_WEIGHT:
        raise _too_heavy("file")
    progress(found.rows, found.rows)
    return found


def _settle(found: RollFile) -> None:
    """Sort the lines, refuse those whose key stands in an earlier one, and weigh the rest."""
    found.held.sort()
    before, first, kept = b"", 0, 0
    for packed in found.held:
        key, line, weight = _LINE.unpack(packed)
        if key == before:
            error = InvalidInput(
                N_("This document stands in line %(first)s already. Add up the weights in one line, or take one out."),
                field="file", reason="twice", first=first,
            )  # fmt: skip
            found.refuse(line, error)
            continue
        before, first = key, line
        found.held[kept] = packed
        found.weight += weight
        kept += 1
    del found.held[kept:]
    found.refused.sort(key=lambda refused: refused.line)


def _too_heavy(field: str) -> InvalidInput:
    return InvalidInput(
        N_("All weights together are at most %(limit)s. Choose a larger unit."),
        field=field, reason="too_heavy", limit=MOST_WEIGHT // SCALE,
    )  # fmt: skip


def check_text(content: bytes) -> None:
    """Raises InvalidInput for what is surely no text in UTF-8, saying what it is."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InvalidInput(
            N_("This is a spreadsheet. Save it as “CSV UTF-8” and send that file."), field="file", reason="spreadsheet"
        )  # fmt: skip
    if b"\0" in content:
        raise _encoding(content)


def _encoding(content: bytes) -> InvalidInput:
    return InvalidInput(
        N_("The file is not in UTF-8; it seems to be in %(encoding)s. Save it as “CSV UTF-8” and send that file."),
        field="file", reason="encoding", encoding=_guess(content),
    )  # fmt: skip


def _guess(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:200]:
        return "UTF-16"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "—"
    return "GB 18030"


def _open(content: bytes) -> tuple[Any, int, int | None]:
    """The table behind its heading, with or without UTF-8's mark, and in which columns numbers and weights stand."""
    heading = content[:4096].split(b"\n", 1)[0]
    delimiter = max(",;\t", key=lambda sign: heading.count(sign.encode()))
    text = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline="")
    table = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        names = [name.strip() for name in next(table, [])]
    except csv.Error:
        names = []
    for name in names:
        if name.casefold() not in (*NUMBER_COLUMNS, *WEIGHT_COLUMNS):
            raise InvalidInput(
                N_(
                    "The column “%(column)s” is not known. A roll has the column “证件号码” (document_number), and perhaps "
                    "“权重” (weight); leave out everything else."
                ),
                field="file", reason="unknown_column", column=name[:40],
            )  # fmt: skip
    known = [name.casefold() for name in names]
    numbers = [place for place, name in enumerate(known) if name in NUMBER_COLUMNS]
    weights = [place for place, name in enumerate(known) if name in WEIGHT_COLUMNS]
    if len(numbers) != 1 or len(weights) > 1:
        raise InvalidInput(
            N_("The first line has to name one column “证件号码” (document_number), and at most one “权重” (weight)."),
            field="file", reason="columns",
        )  # fmt: skip
    return table, numbers[0], weights[0] if weights else None


def _row(
    found: RollFile, line: int, cells: list[str], pepper: bytes, place: int, weighing: int | None
) -> None:
    try:
        if len(cells) != (1 if weighing is None else 2):
            raise InvalidInput(
                N_("This line has %(number)s cells, not as many as the heading."),
                field="file", reason="cells", number=len(cells),
            )  # fmt: skip
        key = person_key(pepper, clean_number(cells[place]), field="file")
        weight = SCALE if weighing is None else parse_weight(cells[weighing], field="file")
    except InvalidInput as error:
        found.refuse(line, error)
        return
    found.held.append(_LINE.pack(bytes.fromhex(key), line, weight))


def clean_number(cell: str) -> str:
    """A document number from a cell. Raises InvalidInput for formulas, and for what a spreadsheet has rounded."""
    cell = cell.strip(" ")
    if cell.isdecimal():  # as most are
        return cell
    if cell.startswith(_FORMULA):
        raise _formula()
    if _ROUNDED.fullmatch(cell):
        raise InvalidInput(
            N_("A spreadsheet has rounded this number. Format the column as text and enter the numbers again."),
            field="file", reason="rounded",
        )  # fmt: skip
    return cell


def parse_weight(cell: str, *, field: str = "weight") -> int:
    """A weight in hundredths. Raises InvalidInput unless it is a decimal above nothing with at most two places."""
    cell = cell.strip(" ")
    if cell.startswith(_FORMULA):
        raise _formula(field)
    weight = _hundredths(cell)
    if weight <= 0:
        raise InvalidInput(
            N_("A weight is a number above 0 such as 89.50, with at most two places and without separators."),
            field=field, reason="weight",
        )  # fmt: skip
    return weight


@lru_cache(maxsize=65_536)
def _hundredths(cell: str) -> int:
    """A decimal in hundredths; 0 when it is none."""
    found = _WEIGHT.fullmatch(cell)
    return int(found[1]) * SCALE + int((found[2] or "").ljust(2, "0")) if found else 0


def _formula(field: str = "file") -> InvalidInput:
    return InvalidInput(
        N_("This cell holds a formula. Only plain values are read; nothing is computed."), field=field, reason="formula"
    )  # fmt: skip


def plain_weight(weight: int) -> str:
    """Hundredths as an exact decimal: 8950 is 89.5."""
    whole, part = divmod(weight, SCALE)
    return f"{whole}.{part:02}".rstrip("0") if part else str(whole)


class RollHash:
    """SHA-256 of a roll: of its ballot, and of keys and weights in the order of the keys; and how many, and their weight.

    The keys are HMACs under a secret, so the hash tells nothing about anybody.
    """

    def __init__(self, ballot: int) -> None:
        self.digest = sha256(f"civic/roll/v1\n{ballot}\n".encode())
        self.lines = self.weight = 0

    def add(self, lines: Iterable[tuple[str, int]]) -> None:
        """Hear more lines, in the order of their keys."""
        for key, weight in lines:
            self.digest.update(f"{key} {weight}\n".encode())
            self.lines += 1
            self.weight += weight

    def hex(self) -> str:
        return self.digest.hexdigest()


def roll_hash(ballot: int, lines: Iterable[tuple[str, int]]) -> str:
    """The hash (hex) of a whole roll."""
    found = RollHash(ballot)
    found.add(lines)
    return found.hex()


def rare(classes: Iterable[tuple[int, int]], least: int) -> int:
    """How many voters have a weight that fewer than ``least`` have. classes: weight, and how many have it."""
    return sum(n for _, n in classes if n < least)
