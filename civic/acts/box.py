"""The ballot box: choices without people.

A paper lies sealed under a tag; tag and seal come from the box key, a file outside the database that is destroyed
at closing. After that nobody can find or read what lay there. Papers have no time and no running number, and
when the box is opened they are laid out in the order of their random trackers. Not acts, but their steps.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from typing import Any

from civic import db
from civic.errors import N_, InvalidState
from civic.ledger import boxes
from civic.ledger.keys import public_bytes, signing_key
from civic.models import Ballot, BoxEntry, ClosedBox, OpenVote, Person
from civic.rules import sealing
from civic.rules.canonical import canonical
from civic.rules.commitments import SALT_SIZE
from civic.rules.paper_ballots import ONLINE, PAPER, broken_down
from civic.rules.receipts import receipt_bytes, receipt_commitment
from civic.rules.sealing import Paper
from civic.settings import settings

BATCH = 5000


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


def token_key_path(ballot_id: int) -> Path:
    """Beside the key of the box: the private key that signs its tokens."""
    return key_path(ballot_id).with_suffix(".tokens")


def make_key(ballot_id: int) -> None:
    """Make the key of a box, once."""
    write_key(key_path(ballot_id), token_bytes(sealing.KEY_SIZE))


def write_key(path: Path, content: bytes) -> None:
    """Write a key that is not there yet, readable only by the operator."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(fresh, path)  # whole or not at all; fails when it is there already
    except FileExistsError:
        pass
    finally:
        _erase(fresh)


def destroy_key(ballot_id: int) -> bool:
    """Overwrite and remove the key of a box, and that of its tokens; whether there was one."""
    path = key_path(ballot_id)
    if token_key_path(ballot_id).exists():
        _erase(token_key_path(ballot_id))
    if not path.exists():
        return False
    _erase(path)
    return True


def _erase(path: Path) -> None:
    with path.open("r+b") as file:
        if os.fstat(file.fileno()).st_nlink == 1:
            file.write(bytes(os.fstat(file.fileno()).st_size))
            file.flush()
            os.fsync(file.fileno())
    path.unlink()


def has_key(ballot_id: int) -> bool:
    """Whether the box can still be opened."""
    return key_path(ballot_id).exists()


def keys() -> list[int]:
    """The ballots whose boxes have a key."""
    return sorted(int(path.stem) for path in key_path(0).parent.glob("*.key") if path.stem.isdecimal())


def key_of(ballot_id: int) -> bytes:
    """The key of a box, read anew each time so that no copy outlives the file. Raises InvalidState."""
    try:
        return key_path(ballot_id).read_bytes()
    except FileNotFoundError:
        raise InvalidState(N_("The ballot box is closed."), reason="box_closed") from None


def tag(ballot_id: int, person: Person) -> str:
    """Under which tag a voter's paper lies. Raises InvalidState when the key is gone."""
    return sealing.tag(key_of(ballot_id), ballot_id, str(person.id))


_KNOWN = "SELECT tag FROM box_entry WHERE tag IN ({})"
_ADD = "INSERT INTO box_entry (tag, ballot_id, sealed) VALUES (?, ?, ?)"
_ADD_MANY = (
    "INSERT INTO box_entry (tag, ballot_id, sealed) SELECT tag, ?, sealed "
    "FROM unnest(?::text[], ?::bytea[]) AS many (tag, sealed) ORDER BY tag ON CONFLICT (tag) DO NOTHING RETURNING tag"
)
_LOOK_SQLITE = "SELECT tag, sealed FROM box_entry WHERE tag IN ({})"
_LOOK_POSTGRES = "SELECT tag, sealed FROM box_entry WHERE tag = ANY(?::text[]) ORDER BY tag FOR UPDATE"
_REPLACE = "UPDATE box_entry SET sealed = ? WHERE tag = ?"
_REPLACE_MANY = (
    "UPDATE box_entry SET sealed = many.sealed FROM unnest(?::text[], ?::bytea[]) AS many (tag, sealed) "
    "WHERE box_entry.tag = many.tag"
)
_OPEN_VOTE = (
    "INSERT INTO open_vote (ballot_id, person_id, tracker, version, choice) VALUES (?, ?, ?, 1, ?) "
    "ON CONFLICT (ballot_id, person_id) DO UPDATE SET version = open_vote.version + 1, choice = excluded.choice "
    "RETURNING tracker, version"
)


async def put(
    ballot_id: int, votes: Sequence[tuple[str, str]], *, secret: bool, options: Sequence[str]
) -> list[Receipt]:
    """Lay papers into the box, each of a voter (by id) and a choice, or replace the voters' own. In the order given."""
    if not votes:
        return []
    if secret:
        papers = await _put_sealed(ballot_id, votes, sealing.room(options))
    else:
        papers = []
        for voter, choice in votes:
            row = (await db.fetch(_OPEN_VOTE, ballot_id, voter, sealing.new_tracker(), choice))[0]
            papers.append(Paper(row["version"], row["tracker"], choice))
    return sign(str(ballot_id), papers)


async def _put_sealed(ballot_id: int, votes: Sequence[tuple[str, str]], room: int) -> list[Paper]:
    key = key_of(ballot_id)
    place_of, seal = sealing.tagger(key, ballot_id), sealing.sealer(key, room)
    places = [place_of(voter) for voter, _ in votes]
    fresh: dict[str, tuple[int, Paper]] = {}
    for number, (place, tracker) in enumerate(zip(places, sealing.new_trackers(len(votes)), strict=True)):
        if place not in fresh:
            fresh[place] = number, Paper(1, tracker, votes[number][1])
    added = await _add(ballot_id, {place: seal(place, paper) for place, (_, paper) in fresh.items()})
    papers = {number: paper for place, (number, paper) in fresh.items() if place in added}
    # There is one already: hold it, so that two replacements at the same instant get different versions.
    again = sorted((place, number) for number, place in enumerate(places) if number not in papers)
    if again:
        newest = await _held({place for place, _ in again}, sealing.opener(key))
        for place, number in again:
            version, tracker, _ = newest[place]
            papers[number] = newest[place] = Paper(version + 1, tracker, votes[number][1])
        await _replace({place: seal(place, paper) for place, paper in newest.items()})
    return [papers[number] for number in range(len(votes))]


async def _held(places: Collection[str], unseal: Callable[[str, bytes], Paper]) -> dict[str, Paper]:
    """The papers that lie at these places, held until the transaction ends."""
    if db.on_postgres():
        rows = await db.fetch(_LOOK_POSTGRES, sorted(places))
    else:
        rows = await db.fetch(_LOOK_SQLITE.format(", ".join("?" * len(places))), *places)
    return {row["tag"]: unseal(row["tag"], bytes(row["sealed"])) for row in rows}


async def _replace(sealed: dict[str, bytes]) -> None:
    """Lay other papers at places that are taken."""
    if db.on_postgres():
        await db.execute(_REPLACE_MANY, list(sealed), list(sealed.values()))
    else:
        await db.execute_many(_REPLACE, [[paper, place] for place, paper in sealed.items()])


async def _add(ballot_id: int, sealed: dict[str, bytes]) -> set[str]:
    """Lay down what has no paper yet; at which places that was. Places come in one order, so that nobody deadlocks."""
    if db.on_postgres():
        rows = await db.fetch(_ADD_MANY, ballot_id, list(sealed), list(sealed.values()))
        return {row["tag"] for row in rows}
    known = await db.fetch(_KNOWN.format(", ".join("?" * len(sealed))), *sealed)
    added = sealed.keys() - {row["tag"] for row in known}
    await db.execute_many(_ADD, [[place, ballot_id, sealed[place]] for place in sorted(added)])
    return added


def sign(ballot: str, papers: Sequence[Paper]) -> list[Receipt]:
    """The signed receipts of papers."""
    key = signing_key("receipts")
    public = b64encode(public_bytes(key)).decode()
    salts = token_bytes(SALT_SIZE * len(papers))
    receipts = []
    for number, (version, tracker, choice) in enumerate(papers):
        salt = salts[SALT_SIZE * number : SALT_SIZE * (number + 1)]
        commitment = receipt_commitment(ballot, tracker, version, choice, salt)
        signature = b64encode(key.sign(receipt_bytes(ballot, tracker, version, commitment))).decode()
        receipts.append(Receipt(ballot, tracker, version, salt.hex(), commitment, signature, public))
    return receipts


async def has_voted(ballot: Ballot, person: Person) -> bool:
    """Whether this voter's paper lies in the box; only asked for the voter themself."""
    if not ballot.secret:
        return bool(await OpenVote.filter(ballot_id=ballot.id, person_id=person.id).exists())
    if ballot.anonymous:
        return False  # nobody knows
    if ballot.state != "open" or not has_key(ballot.id):
        return False
    return bool(await BoxEntry.filter(tag=tag(ballot.id, person)).exists())


Opened = tuple[str, int, str, int | None]  # tracker, version, choice, weight
Laid = tuple[str, int, str, str, int | None]  # the same with its channel before the weight


async def publish(
    ballot: Ballot,
    head: dict[str, Any],
    sheets: Sequence[str] = (),
    weights: Mapping[str, int] | None = None,
) -> ClosedBox:
    """Open the box: lay all papers out in the order of their trackers, hash the file they make, empty the box.

    sheets: choices on sheets of paper. They get trackers that nobody knows; the channel is only told of two big ones.
    weights: by tag, or by voter in an open ballot, where the roll has weights.
    """
    online = await (_unsealed(ballot, weights) if ballot.secret else _open_papers(ballot, weights))
    apart = broken_down(len(online), len(sheets), settings().small_box)
    papers: list[Laid] = [(t, v, c, ONLINE if apart else "", w) for t, v, c, w in online]
    papers += [(sealing.new_tracker(), 1, choice, PAPER if apart else "", None) for choice in sheets]
    papers.sort(key=lambda paper: paper[0])
    proofs: dict[str, str] = {}
    if ballot.anonymous:  # with the choice lies what proves it
        proofs = {t: c.partition("\n")[2] for t, _, c, _, _ in papers}
        papers = [(t, v, c.partition("\n")[0], h, w) for t, v, c, h, w in papers]
    before, after = boxes.frame(head)
    digest = sha256(before)
    for start in range(0, len(papers), BATCH):
        part = papers[start : start + BATCH]
        rows = [
            {"tracker": t, "version": v, "choice": c, "channel": h, "weight": w, "token": proofs.get(t)}
            for t, v, c, h, w in part
        ]
        digest.update(boxes.lines(rows, start == 0))
        await _lay_out(ballot.id, part, proofs)
        await db.pause()
    digest.update(after)
    await db.execute("DELETE FROM box_entry WHERE ballot_id = ?", ballot.id)
    return await ClosedBox.create(
        ballot_id=ballot.id, head=canonical(head).decode(), papers=len(papers), sha256=digest.hexdigest()
    )


async def _unsealed(ballot: Ballot, weights: Mapping[str, int] | None) -> list[Opened]:
    """Tracker, version, choice and weight of every sealed paper. Raises Sealed when one was tampered with."""
    unseal: Callable[[str, bytes], Paper] = sealing.opener(key_of(ballot.id))
    found: list[Opened] = []
    known: dict[str, str] = {}
    after = ""
    page = "SELECT tag, sealed FROM box_entry WHERE ballot_id = ? AND tag > ? ORDER BY tag LIMIT ?"
    while rows := await db.fetch(page, ballot.id, after, BATCH):
        for row in rows:
            version, tracker, choice = unseal(row["tag"], bytes(row["sealed"]))
            weight = None if weights is None else weights[row["tag"]]
            found.append((tracker, version, known.setdefault(choice, choice), weight))
        after = rows[-1]["tag"]
        await db.pause()
    return found


async def _open_papers(ballot: Ballot, weights: Mapping[str, int] | None) -> list[Opened]:
    rows = OpenVote.filter(ballot_id=ballot.id).values_list("tracker", "version", "choice", "person_id")
    return [
        (str(t), int(v), str(c), None if weights is None else weights[str(who)])
        for t, v, c, who in await rows
    ]


async def _lay_out(ballot_id: int, papers: list[Laid], proofs: dict[str, str]) -> None:
    from tortoise.connection import get_connection

    await get_connection("default").execute_many(
        db.numbered(
            "INSERT INTO paper (ballot_id, tracker, version, choice, channel, weight, token) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)"
        ),
        [[ballot_id, *paper, proofs.get(paper[0])] for paper in papers],
    )


async def scrub() -> None:
    """After a box was emptied: leave no deleted rows in the log or the free pages of the database."""
    if db.on_postgres():
        from tortoise.connection import get_connection

        await get_connection("default").execute_script("VACUUM box_entry")
    else:
        await db.checkpoint_log()
