"""Sheets of paper on their way into the box. Not acts, but their steps; see `civic.acts.box` for the box itself.

What clerks read in a batch lies sealed under the box key, so that nothing of the result is readable before closing and
no order of sheets is left after it: the readings are deleted, and what they were sealed with is destroyed.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Sequence
from hashlib import sha256
from secrets import token_bytes
from typing import Any, NamedTuple

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from civic import db
from civic.acts import box
from civic.errors import N_, InvalidState
from civic.models import Ballot, PaperBatch, PaperPolling, PaperReading, PaperVoter
from civic.rules import paper_ballots as rules
from civic.rules.paper_ballots import Reading
from civic.rules.sealing import NONCE_SIZE, Sealed
from civic.settings import settings

_WAITING = (
    "SELECT ballot_id FROM paper_polling p WHERE state = 'offered' AND (replaced > 0 OR taken_back > 0 "
    "OR EXISTS (SELECT 1 FROM paper_voter v WHERE v.ballot_id = p.ballot_id) "
    "OR EXISTS (SELECT 1 FROM paper_batch b WHERE b.ballot_id = p.ballot_id AND b.state <> 'discarded'))"
)


class Stock(NamedTuple):
    """Sheets of a ballot. handed_out: in all; out: of them, not given back; settled: in settled batches.

    in_batches: in all batches but discarded ones.
    """

    voters: int
    replaced: int
    taken_back: int
    settled: int
    open_batches: int
    in_batches: int

    @property
    def handed_out(self) -> int:
        return self.voters + self.replaced + self.taken_back

    @property
    def out(self) -> int:
        return self.voters

    @property
    def missing(self) -> int:
        """Handed out, not given back, and in no settled batch."""
        return self.out - self.settled

    @property
    def loose(self) -> int:
        """Handed out, not given back, and in no batch at all."""
        return self.out - self.in_batches


async def stock(polling: PaperPolling) -> Stock:
    """How the sheets of a ballot stand."""
    batches = await PaperBatch.filter(ballot_id=polling.ballot_id).values_list("state", "sheets")
    return Stock(
        await PaperVoter.filter(ballot_id=polling.ballot_id).count(),
        polling.replaced,
        polling.taken_back,
        sum(int(str(sheets)) for state, sheets in batches if state == "settled"),
        sum(state not in ("settled", "discarded") for state, _ in batches),
        sum(int(str(sheets)) for state, sheets in batches if state != "discarded"),
    )


async def on_paper(ballot_id: int, voters: Collection[str]) -> set[str]:
    """Those of these people (by id) who have a sheet."""
    if not voters:
        return set()
    rows = PaperVoter.filter(ballot_id=ballot_id, person_id__in=list(voters))
    return {str(key) for key in await rows.values_list("person_id", flat=True)}


async def waiting() -> set[int]:
    """Ballots whose sheets are not all entered: they are not closed before that."""
    return {int(row["ballot_id"]) for row in await db.fetch(_WAITING)}


def _cipher(ballot: Ballot) -> AESGCM:
    return AESGCM(hmac.new(box.key_of(ballot.id), b"civic/paper/v1/seal", sha256).digest())


def _place(batch: PaperBatch, turn: int, clerk: str) -> bytes:
    return f"{batch.ballot_id}:{batch.id}:{turn}:{clerk}".encode()


def seal(ballot: Ballot, batch: PaperBatch, turn: int, reading: Reading, keys: Sequence[str]) -> bytes:
    """A reading, sealed for its place and filled up, so that its size says only how many sheets the batch has."""
    text = orjson.dumps({str(number): choice for number, choice in reading.choices.items()})
    room = batch.sheets * (rules.longest(ballot.method, keys) + 16) + 64
    nonce = token_bytes(NONCE_SIZE)
    return nonce + _cipher(ballot).encrypt(nonce, text.ljust(room), _place(batch, turn, reading.clerk))


async def readings(ballot: Ballot, batches: Sequence[PaperBatch]) -> dict[int, list[Reading]]:
    """The readings of each batch in their order. Raises Sealed when one was tampered with, InvalidState without a key."""
    by_id = {batch.id: batch for batch in batches}
    found: dict[int, list[Reading]] = {key: [] for key in by_id}
    if not by_id:
        return found
    cipher = _cipher(ballot)
    for row in await PaperReading.filter(batch_id__in=list(by_id)).order_by("batch_id", "turn"):
        sealed, clerk = bytes(row.sealed), str(row.clerk_id)
        place = _place(by_id[row.batch_id], row.turn, clerk)
        try:
            text = cipher.decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], place)
        except (InvalidTag, ValueError):
            raise Sealed("this reading was not sealed for this place with this key") from None
        choices = {int(number): str(choice) for number, choice in orjson.loads(text).items()}
        found[row.batch_id].append(Reading(clerk, choices, row.ruling))
    return found


async def sheets(ballot: Ballot) -> list[str]:
    """The choices on all sheets of settled batches. Raises Sealed for a batch that does not read as it was settled."""
    batches = {b.id: b for b in await PaperBatch.filter(ballot_id=ballot.id, state="settled")}
    found: list[str] = []
    for key, read in (await readings(ballot, list(batches.values()))).items():
        compared = rules.compare(batches[key].sheets, read)
        if compared.disputed:
            raise Sealed("a settled batch does not read as it was settled")
        found += compared.settled.values()
    return found


class Closing(NamedTuple):
    """What paper adds to a box that is closed: choices, and what its head says."""

    sheets: list[str]
    head: dict[str, Any]


async def closing(ballot: Ballot) -> Closing:
    """What is added to the box now. Raises InvalidState (``paper_open``) while sheets are not all entered."""
    polling = await PaperPolling.get_or_none(ballot_id=ballot.id)
    if polling is None:
        return Closing([], {})
    counted = await stock(polling)
    if polling.state != "completed" and (counted.handed_out or counted.open_batches or counted.settled):
        raise InvalidState(
            N_("Not all sheets of paper are entered and settled yet, so the box stays closed."),
            reason="paper_open",
        )
    found = await sheets(ballot)
    said = {
        "handed_out": counted.handed_out,
        "replaced": counted.replaced,
        "taken_back": counted.taken_back,
        "sheets": len(found),
        "missing": counted.missing,
    }
    if len(found) >= settings().small_box:
        said |= {"blank": found.count(rules.BLANK), "spoilt": found.count(rules.SPOILT)}
    else:
        found = [rules.INVALID if choice in (rules.BLANK, rules.SPOILT) else choice for choice in found]
    return Closing(found, {"paper": said})


async def forget(ballot_id: int) -> None:
    """Delete what was read in batches: it is in the published box, or the ballot is void."""
    await db.execute(
        "DELETE FROM paper_reading WHERE batch_id IN (SELECT id FROM paper_batch WHERE ballot_id = ?)",
        ballot_id,
    )
