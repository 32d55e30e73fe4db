"""A voter's receipt, checked: signed by us, on the record, and after closing in the box. Reading only; no acts."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass

import orjson
from cryptography.exceptions import InvalidSignature

from civic import db
from civic.acts.box import Receipt
from civic.errors import N_, InvalidInput
from civic.ledger.keys import public_bytes, signing_key
from civic.models import Ballot, Paper
from civic.rules.canonical import canonical
from civic.rules.receipts import opens_receipt, receipt_bytes

LONGEST = 2000
_ENTRY = {
    "sqlite": 'substr(payload, instr(payload, \'"commitment":"\') + 14, 16)',
    "postgres": 'substr(payload, position(\'"commitment":"\' in payload) + 14, 16)',
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a vote. ``entry`` is None until it is sealed; ``fate`` says how it stands in the box:

    open (not closed yet), void, counted, replaced (a later version is in the box), other (the box holds another
    choice: an accusation against the platform), missing (likewise).
    """

    ballot: Ballot
    version: int
    commitment: str
    recorded: bool
    entry: int | None
    fate: str
    choice: str = ""


def text_of(receipt: Receipt) -> str:
    """What the voter keeps, as text: canonical JSON."""
    return canonical(
        {
            "type": "civic/receipt/v1",
            "ballot": receipt.ballot,
            "tracker": receipt.tracker,
            "version": receipt.version,
            "commitment": receipt.commitment,
            "salt": receipt.salt,
            "signature": receipt.signature,
            "key": receipt.public_key,
        }
    ).decode()


def parse(text: str) -> Receipt:
    """The receipt that this text is, whoever made it. Raises InvalidInput."""
    try:
        found = orjson.loads(text.strip()[:LONGEST])
        version = found["version"]
        if not isinstance(version, int) or not all(
            isinstance(found.get(name, ""), str)
            for name in ("ballot", "tracker", "commitment", "salt", "signature")
        ):
            raise ValueError
        return Receipt(
            found["ballot"], found["tracker"], version, found.get("salt", ""), found["commitment"],
            found["signature"], str(found.get("key", "")),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        raise InvalidInput(
            N_("This is not a whole receipt. Paste all of its text, from the first bracket to the last."),
            field="receipt",
            reason="not_a_receipt",
        ) from None


def check_signature(receipt: Receipt) -> None:
    """Raises InvalidInput unless this platform signed exactly this receipt."""
    key = signing_key("receipts")
    signed = receipt_bytes(receipt.ballot, receipt.tracker, receipt.version, receipt.commitment)
    try:
        key.public_key().verify(b64decode(receipt.signature, validate=True), signed)
    except (InvalidSignature, ValueError):
        ours = receipt.public_key in ("", b64encode(public_bytes(key)).decode())
        raise InvalidInput(
            N_("This receipt was altered: its signature does not fit its text.")
            if ours
            else N_("This receipt comes from another platform: it is not signed with our key."),
            field="receipt",
            reason="bad_signature" if ours else "other_platform",
        ) from None


async def check(text: str) -> Checked:
    """How the vote of this receipt stands. Raises InvalidInput with the reason when it is none of ours."""
    receipt = parse(text)
    check_signature(receipt)
    ballot = await Ballot.get_or_none(id=int(receipt.ballot)).select_related("area", "host")
    assert ballot is not None, "we sign receipts only of ballots that exist, and those are not deleted"
    recorded, entry = await on_record(receipt.ballot, receipt.commitment)
    fate, choice = await _fate(ballot, receipt)
    return Checked(ballot, receipt.version, receipt.commitment, recorded, entry, fate, choice)


async def on_record(ballot: str, commitment: str) -> tuple[bool, int | None]:
    """Whether the ledger holds this commitment, and its number once it is sealed."""
    start = _ENTRY["postgres" if db.on_postgres() else "sqlite"]
    rows = await db.fetch(
        f"SELECT seq, payload FROM ledger_entry WHERE act = 'ballot.cast' AND {start} = ?", commitment[:16]
    )
    for row in rows:
        if orjson.loads(row["payload"])["payload"] == {"ballot": ballot, "commitment": commitment}:
            return True, row["seq"]
    return False, None


async def _fate(ballot: Ballot, receipt: Receipt) -> tuple[str, str]:
    if ballot.state == "void":
        return "void", ""
    if ballot.state in ("announced", "open"):
        return "open", ""
    paper = await Paper.get_or_none(ballot_id=ballot.id, tracker=receipt.tracker)
    if paper is None or paper.version < receipt.version:
        return "missing", ""
    if paper.version > receipt.version:
        return "replaced", paper.choice
    try:
        salt = bytes.fromhex(receipt.salt)
        same = not salt or opens_receipt(
            receipt.commitment, receipt.ballot, receipt.tracker, receipt.version, paper.choice, salt
        )
    except ValueError:
        same = True  # without the salt only the number can be compared
    return ("counted" if same else "other"), paper.choice
