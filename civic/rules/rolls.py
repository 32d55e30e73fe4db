"""An uploaded roll: a table of document numbers, perhaps with weights, read line by line and trusted in nothing.

The number leads to the key of a human (`civic.rules.person_key`) and is kept nowhere, not even in an error. Weights
are decimals with at most two places and are kept exactly, as whole hundredths.
"""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class RollFile:
    """What a file holds. lines: by key of a human, the line of the file. weights: in the same order, in hundredths.

    rows: lines below the heading that are not empty. refused: at most a thousand of them; wrong: how many in all.
    """

    rows: int = 0
    weighted: bool = False
    lines: dict[str, int] = field(default_factory=dict)
    weights: array[int] = field(default_factory=lambda: array("q"))
    refused: list[Refused] = field(default_factory=list)
    wrong: int = 0

    @property
    def weight(self) -> int:
        return sum(self.weights)

    def refuse(self, line: int, error: InvalidInput) -> None:
        self.wrong += 1
        if len(self.refused) < MOST_REFUSED:
            self.refused.append(Refused(line, "", error))


def read(content: bytes, pepper: bytes, progress: Progress = lambda done, of: None) -> RollFile:
    """Read a roll. Raises InvalidInput for a file that is no roll at all; rows that are wrong are in the answer.

    Long work of pure computing: call it in a thread.
    """
    text = decode(content)
    table, place, weighing = _open(text)
    found = RollFile(weighted=weighing is not None)
    about = max(text.count("\n"), 1)
    try:
        for cells in table:
            if not any(cell.strip() for cell in cells):
                continue
            found.rows += 1
            if found.rows > MOST_LINES:
                raise InvalidInput(
                    N_("A roll has at most %(limit)s lines."),
                    field="file",
                    reason="too_many",
                    limit=MOST_LINES,
                )
            _row(found, table.line_num, cells, pepper, place, weighing)
            if found.rows % 10_000 == 0:
                progress(found.rows, max(about, found.rows))
    except csv.Error:
        raise InvalidInput(
            N_("From line %(line)s on the file is no table: look for a quotation mark that is not closed."),
            field="file", reason="table", line=table.line_num,
        ) from None  # fmt: skip
    if not found.rows:
        raise InvalidInput(N_("The roll has no lines below its heading."), field="file", reason="empty")
    if found.weight > MOST_WEIGHT:
        raise _too_heavy("file")
    progress(found.rows, found.rows)
    return found


def _too_heavy(field: str) -> InvalidInput:
    return InvalidInput(
        N_("All weights together are at most %(limit)s. Choose a larger unit."),
        field=field, reason="too_heavy", limit=MOST_WEIGHT // SCALE,
    )  # fmt: skip


def decode(content: bytes) -> str:
    """The text of a file in UTF-8, with or without its mark. Raises InvalidInput for anything else, saying what it is."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InvalidInput(
            N_("This is a spreadsheet. Save it as “CSV UTF-8” and send that file."), field="file", reason="spreadsheet"
        )  # fmt: skip
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" not in text:
        return text
    raise InvalidInput(
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


def _open(text: str) -> tuple[Any, int, int | None]:
    """The table behind its heading, and in which columns numbers and weights stand."""
    heading = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
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
        first = found.lines.setdefault(key, line)
        if first != line:
            raise InvalidInput(
                N_("This document stands in line %(first)s already. Add up the weights in one line, or take one out."),
                field="file", reason="twice", first=first,
            )  # fmt: skip
    except InvalidInput as error:
        found.refuse(line, error)
        return
    found.weights.append(weight)


def clean_number(cell: str) -> str:
    """A document number from a cell. Raises InvalidInput for formulas, and for what a spreadsheet has rounded."""
    cell = cell.strip(" ")
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
    found = _WEIGHT.fullmatch(cell)
    weight = int(found[1]) * SCALE + int((found[2] or "").ljust(2, "0")) if found else 0
    if weight <= 0:
        raise InvalidInput(
            N_("A weight is a number above 0 such as 89.50, with at most two places and without separators."),
            field=field, reason="weight",
        )  # fmt: skip
    return weight


def _formula(field: str = "file") -> InvalidInput:
    return InvalidInput(
        N_("This cell holds a formula. Only plain values are read; nothing is computed."), field=field, reason="formula"
    )  # fmt: skip


def plain_weight(weight: int) -> str:
    """Hundredths as an exact decimal: 8950 is 89.5."""
    whole, part = divmod(weight, SCALE)
    return f"{whole}.{part:02}".rstrip("0") if part else str(whole)


def roll_hash(ballot: int, lines: Iterable[tuple[str, int]]) -> str:
    """SHA-256 (hex) of a roll: of its ballot, and of keys and weights in the order of the keys.

    The keys are HMACs under a secret, so the hash tells nothing about anybody.
    """
    digest = sha256(f"civic/roll/v1\n{ballot}\n".encode())
    for key, weight in lines:
        digest.update(f"{key} {weight}\n".encode())
    return digest.hexdigest()


def rare(classes: Iterable[tuple[int, int]], least: int) -> int:
    """How many voters have a weight that fewer than ``least`` have. classes: weight, and how many have it."""
    return sum(n for _, n in classes if n < least)
