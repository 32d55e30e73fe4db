"""The ballot box: choices without people.

A paper lies under a tag, HMAC(box key, voter). The key is a file outside the database, destroyed at closing;
after that nobody can make a tag again. Papers have no time and no running number. Not acts, but their steps.
"""

from __future__ import annotations

import hmac
import os
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes, token_hex

from civic import db
from civic.errors import N_, InvalidState
from civic.ledger.keys import public_bytes, signing_key
from civic.models import Ballot, BoxEntry, OpenVote, Person
from civic.rules.receipts import receipt_bytes, receipt_commitment
from civic.settings import settings


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a voter takes home. ``salt`` is given to nobody else and stored nowhere."""

    ballot: str
    tracker: str
    version: int
    salt: str
    commitment: str
    signature: str
    public_key: str


def key_path(ballot_id: int) -> Path:
    return settings().keys_dir / "boxes" / f"{ballot_id}.key"


def make_key(ballot_id: int) -> None:
    """Make the key of a box, once, readable only by the operator."""
    path = key_path(ballot_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    try:
        os.write(descriptor, token_bytes(32))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def destroy_key(ballot_id: int) -> None:
    """Overwrite and remove the key of a box."""
    path = key_path(ballot_id)
    if path.exists():
        with path.open("r+b") as file:
            file.write(bytes(32))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


def tag(ballot_id: int, person: Person) -> str:
    """Under which tag a voter's paper lies. Raises InvalidState when the box is closed for good."""
    try:
        key = key_path(ballot_id).read_bytes()
    except FileNotFoundError:
        raise InvalidState(N_("The ballot box is closed."), reason="box_closed") from None
    return hmac.new(key, f"{ballot_id}:{person.id}".encode(), sha256).hexdigest()


_UPSERT = (
    "INSERT INTO box_entry (tag, ballot_id, tracker, version, choice) VALUES (?, ?, ?, 1, ?) "
    "ON CONFLICT (tag) DO UPDATE SET version = box_entry.version + 1, choice = excluded.choice "
    "RETURNING tracker, version"
)
_UPSERT_OPEN = (
    "INSERT INTO open_vote (ballot_id, person_id, tracker, version, choice) VALUES (?, ?, ?, 1, ?) "
    "ON CONFLICT (ballot_id, person_id) DO UPDATE SET version = open_vote.version + 1, choice = excluded.choice "
    "RETURNING tracker, version"
)


async def put(ballot: Ballot, person: Person, choice: str) -> Receipt:
    """Lay a paper into the box, or replace the voter's own. One statement: no moment between look and write."""
    if ballot.secret:
        row = (await db.fetch(_UPSERT, tag(ballot.id, person), ballot.id, token_hex(12), choice))[0]
    else:
        voter = person.id if db.on_postgres() else str(person.id)
        row = (await db.fetch(_UPSERT_OPEN, ballot.id, voter, token_hex(12), choice))[0]
    return sign(str(ballot.id), row["tracker"], row["version"], choice)


def sign(ballot: str, tracker: str, version: int, choice: str) -> Receipt:
    """The signed receipt of a paper."""
    salt = token_bytes(16)
    commitment = receipt_commitment(ballot, tracker, version, choice, salt)
    key = signing_key("receipts")
    signature = key.sign(receipt_bytes(ballot, tracker, version, commitment))
    public = b64encode(public_bytes(key)).decode()
    return Receipt(ballot, tracker, version, salt.hex(), commitment, b64encode(signature).decode(), public)


async def has_voted(ballot: Ballot, person: Person) -> bool:
    """Whether this voter's paper lies in the box; only asked for the voter themself."""
    if not ballot.secret:
        return bool(await OpenVote.filter(ballot_id=ballot.id, person_id=person.id).exists())
    if ballot.state != "open" or not key_path(ballot.id).exists():
        return False
    return bool(await BoxEntry.filter(tag=tag(ballot.id, person)).exists())


async def papers(ballot: Ballot) -> list[dict[str, object]]:
    """All papers without a trace of who laid them in, in the order of their random trackers."""
    table = BoxEntry if ballot.secret else OpenVote
    rows = await table.filter(ballot_id=ballot.id).order_by("tracker").values("tracker", "version", "choice")
    return [dict(row) for row in rows]


async def scrub() -> None:
    """After a box was emptied: leave no deleted rows in the log or the free pages of the database."""
    if db.on_postgres():
        from tortoise.connection import get_connection

        await get_connection("default").execute_script("VACUUM box_entry")
    else:
        await db.checkpoint_log()
