"""Paper ballots: what a clerk types for a sheet, when clerks agree on a batch, and how sheets add up.

A batch is read by clerks who do not see each other's reading. A sheet is settled by the first two readings of
different clerks that agree, or by a scrutineer's ruling; a batch when all its sheets are. From the third reading on
only sheets in dispute are read again. After `TRIES` disagreements in a row clerks stop, and a scrutineer rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from civic.errors import N_, InvalidInput
from civic.rules.tallies import ABSTAIN, RANKED, Details, clean_choice

MOST_SHEETS = 50
TRIES = 3
# What is published of a sheet that names no valid choice: a text that no option's key can be, so it counts as invalid.
BLANK, SPOILT = "(blank)", "(spoilt)"
INVALID = "(invalid)"  # either of them, where there are so few sheets that even that would tell
ONLINE, PAPER = "online", "paper"
_BLANK, _SPOILT, _ABSTAIN = ("0", "空", "空白"), ("*", "x", "废", "废票"), ("#", "a", "弃", "弃权")
_BETWEEN = re.compile(r"[\s,;>、。；]+")


class Reading(NamedTuple):
    """What somebody read: choices by the number of the sheet in its batch, from 1."""

    clerk: str
    choices: Mapping[int, str]
    ruling: bool = False


class Compared(NamedTuple):
    """Settled choices by sheet; sheets in dispute; whether clerks have tried often enough."""

    settled: dict[int, str]
    disputed: list[int]
    exhausted: bool


def read_sheet(
    method: str,
    options: Sequence[str],
    typed: str,
    max_choices: int | None = None,
    details: Details | None = None,
    *,
    field: str = "sheets",
) -> str:
    """The choice that a clerk typed for a sheet, as canonical text, `BLANK` or `SPOILT`.

    Options are typed by their numbers on the sheet, from 1: ``3``; several ``1 4``; a ranking the best first
    ``3 1 2``; scores ``1=5 4=2``. ``0`` is a blank sheet, ``*`` a spoilt one, ``#`` an abstention.
    Raises InvalidInput as `clean_choice` does, and ``not_read`` for what is no number of an option.
    """
    text = unicodedata.normalize("NFKC", typed).strip().casefold()
    if text in _BLANK:
        return BLANK
    if text in _SPOILT:
        return SPOILT
    if text in _ABSTAIN:
        return ABSTAIN
    chosen = []
    for part in _BETWEEN.split(text):
        if not part:
            continue
        number, sign, score = part.replace(":", "=").partition("=")
        if not re.fullmatch(r"[0-9]{1,3}", number) or not 1 <= int(number) <= len(options):
            raise InvalidInput(
                N_("“%(typed)s” is no number of an option, from 1 to %(most)s."),
                field=field,
                reason="not_read",
                typed=typed.strip()[:20],
                most=len(options),
            )
        chosen.append(options[int(number) - 1] + (f":{score}" if sign else ""))
    return clean_choice(method, options, chosen, max_choices, details, field=field)


def shown(method: str, options: Sequence[str], choice: str) -> str:
    """What a clerk would type for a choice: the opposite of `read_sheet`."""
    if choice in (BLANK, SPOILT, ABSTAIN) and not (choice == ABSTAIN and ABSTAIN in options):
        return {BLANK: "0", SPOILT: "*", ABSTAIN: "#"}[choice]
    number = {key: str(place) for place, key in enumerate(options, 1)}
    parts = []
    for part in choice.split(">" if method in RANKED else ","):
        key, sign, score = part.partition(":")
        parts.append(number[key] + (f"={score}" if sign else ""))
    return " ".join(parts)


def longest(method: str, options: Sequence[str]) -> int:
    """The most bytes that a choice of a sheet takes."""
    return max(len(BLANK), len(SPOILT), sum(len(key) + 8 for key in (*options, ABSTAIN)))


def compare(sheets: int, readings: Iterable[Reading]) -> Compared:
    """How a batch stands after these readings, in their order."""
    settled: dict[int, str] = {}
    latest: dict[int, dict[str, str]] = {number: {} for number in range(1, sheets + 1)}
    turns = 0
    for reading in readings:
        turns += not reading.ruling
        for number, choice in sorted(reading.choices.items()):
            if number in settled or number not in latest:
                continue
            others = {other for clerk, other in latest[number].items() if clerk != reading.clerk}
            if reading.ruling or choice in others:
                settled[number] = choice
            latest[number][reading.clerk] = choice
    disputed = [number for number in latest if number not in settled]
    return Compared(settled, disputed, bool(disputed) and turns > TRIES)


def outcome(turns: int, compared: Compared) -> str:
    """Which step a batch takes after so many readings: read_once, agree, differ or refer."""
    if turns < 2:
        return "read_once"
    if not compared.disputed:
        return "agree"
    return "refer" if compared.exhausted else "differ"


def check_complete(wanted: Iterable[int], read: Mapping[int, str], *, field: str = "sheets") -> None:
    """Raises InvalidInput unless exactly the wanted sheets were read."""
    missing = sorted(set(wanted) - set(read))
    if missing:
        raise InvalidInput(
            N_("Sheet %(number)s is not entered yet. Type 0 for a blank sheet, * for a spoilt one."),
            field=field,
            reason="sheet_missing",
            number=missing[0],
        )
    if extra := sorted(set(read) - set(wanted)):
        raise InvalidInput(
            N_("Sheet %(number)s is not to be entered now."),
            field=field,
            reason="sheet_unknown",
            number=extra[0],
        )


def check_sheets(batch: int, settled: int, out: int, *, field: str | None = None) -> None:
    """Raises InvalidInput when the box would hold more sheets than voters have.

    batch: sheets that come. settled: sheets of batches that stand already. out: handed out and not given back.
    """
    if settled + batch > out:
        raise InvalidInput(
            N_(
                "More sheets than voters have: %(out)s were handed out and not given back. Count again, and look "
                "for sheets that do not belong here."
            ),
            field=field,
            reason="too_many_sheets",
            out=out,
        )


def broken_down(online: int, paper: int, least: int) -> bool:
    """Whether the channels may be shown apart: only when neither is small, for each tells the other."""
    return online >= least and paper >= least
