"""Checks one voter's receipt against a ledger, from outside: the signature, the record, and the box once it is public."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from civic.errors import N_, InvalidInput
from civic.ledger.checks import Entry, Finding, Ledger, right, wrong
from civic.ledger.checks.ballots.box import Hashed
from civic.rules.receipts import opens_receipt, receipt_bytes
from civic.rules.tallies import streams

ACTS = ("ballot.cast", "ballot.close")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a voter kept. ``salt`` opens the commitment to the choice; without it the choice stays unchecked."""

    ballot: str
    tracker: str
    version: int
    commitment: str
    signature: str
    salt: str = ""
    choice: str = ""


def parse(data: bytes, choice: str = "") -> Receipt:
    """A receipt from its JSON, as the API gives it or downloaded. Raises InvalidInput."""
    try:
        content: dict[str, Any] = orjson.loads(data)
        for outer in ("data", "castVote", "receipt"):
            content = content.get(outer, content)
        return Receipt(
            ballot=str(content["ballot"]),
            tracker=str(content["tracker"]),
            version=int(content["version"]),
            commitment=str(content["commitment"]),
            signature=str(content["signature"]),
            salt=str(content.get("salt") or ""),
            choice=choice or str(content.get("choice") or ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InvalidInput(
            N_("This is not a receipt: it is JSON with ballot, tracker, version, commitment and signature."),
            reason="receipt",
        ) from None


class Check:
    """A check for `civic.ledger.verify.verify` that follows one receipt."""

    def __init__(self, receipt: Receipt) -> None:
        self.receipt = receipt
        self.entry: int | None = None
        self.box: str | None = None

    def see(self, entry: Entry) -> None:
        if entry.subject != self.receipt.ballot:
            return
        if entry.act == "ballot.close":
            self.box = str(entry.payload["box"])
        elif entry.payload["commitment"] == self.receipt.commitment:
            self.entry = entry.seq

    def conclude(self, ledger: Ledger) -> Iterator[Finding]:
        mine = self.receipt
        signed = receipt_bytes(mine.ballot, mine.tracker, mine.version, mine.commitment)
        try:
            key = Ed25519PublicKey.from_public_bytes(ledger.receipt_key)
            key.verify(b64decode(mine.signature, validate=True), signed)
            yield right("the receipt is signed by the platform")
        except (ValueError, InvalidSignature):
            yield wrong("the receipt is not signed by the platform, or was changed")
        if self.entry is None:
            yield wrong(f"no vote with this commitment is on the record of ballot {mine.ballot}")
        else:
            yield right(f"the vote is on the record as entry {self.entry}")
        if mine.choice and not mine.salt:
            yield wrong("the receipt has no salt, so it cannot be checked that it stands for this choice")
        elif mine.choice and _opens(mine, mine.choice):
            yield right(f"it stands for the choice “{mine.choice}”")
        elif mine.choice:
            yield wrong(f"it does not stand for the choice “{mine.choice}”")
        if self.box is None:
            yield right(f"ballot {mine.ballot} is not closed yet; check the box once more afterwards")
        else:
            yield from self._in_the_box(ledger.pieces(f"boxes/{mine.ballot}.json"))

    def _in_the_box(self, pieces: Iterable[bytes] | None) -> Iterator[Finding]:
        mine = self.receipt
        if pieces is None:
            return  # the check of ballots has said so
        hashed, papers = Hashed(pieces), list[dict[str, Any]]()
        try:
            streams.read(hashed, lambda some: papers.extend(p for p in some if p["tracker"] == mine.tracker))
        except (ValueError, KeyError, TypeError, AttributeError, InvalidInput):
            return  # likewise
        if hashed.close() != self.box:
            return  # likewise
        newest = max(papers, key=lambda paper: int(paper["version"]), default=None)
        if newest is None or newest["version"] < mine.version:
            yield wrong(f"the box of ballot {mine.ballot} does not hold this vote")
        elif newest["version"] > mine.version:
            yield right(f"it was replaced: the box holds version {newest['version']} of your vote")
        elif mine.salt and not _opens(mine, newest["choice"]):
            yield wrong(f"the box holds another choice under your number: “{newest['choice']}”")
        else:
            yield right(f"the box holds it, and it was counted as “{newest['choice']}”")


def _opens(receipt: Receipt, choice: str) -> bool:
    try:
        salt = bytes.fromhex(receipt.salt)
        return opens_receipt(
            receipt.commitment, receipt.ballot, receipt.tracker, receipt.version, choice, salt
        )
    except ValueError:
        return False
