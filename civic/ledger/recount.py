"""Counts a ballot again, from what is published and nothing else: a stranger's recount.

The box comes from a running platform, from an exported folder, or from a file alone; files of researchers' tools are
counted too. It shares pure rules with the platform, but no state: neither settings nor a database are read. That the
record itself is whole is checked by `civic.ledger.verify`.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from civic.errors import CivicError
from civic.ledger import tiles
from civic.ledger.checks.ballots.box import Hashed
from civic.ledger.source import Address, Folder, Read, SourceError, file_pieces
from civic.rules.tallies import reading, streams
from civic.rules.tallies.results import Result
from civic.rules.tallies.words import told

_ADDRESS = re.compile(r"(https?://.+?)/(?:ledger/boxes|ballots)/(\d{1,18})(?:\.json)?/?(?:[?#].*)?")
_QUERY = "query($id: ID!) { ballot(id: $id) { state voidReason result { json } record { seq act } } }"
_ACTS = {"ballot.close": "closing", "ballot.tally": "tally", "ballot.void": "voiding"}


@dataclass(slots=True)
class Recount:
    """What was counted, in sentences. equal: to what is published; None when there was nothing to compare with."""

    lines: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    compared: bool = False

    @property
    def equal(self) -> bool | None:
        return False if self.wrong else (True if self.compared else None)


def recount(
    source: str, *, ballot: str = "", method: str = "", seed: str = "", seats: int = 0
) -> list[Recount]:
    """Count again what is at ``source``: an address of a ballot, an exported folder, or a file.

    ballot: which one of a folder; all when empty. method, seats, seed (hex): for files that do not say them.
    Raises SourceError when there is nothing that can be read.
    """
    found = _ADDRESS.fullmatch(source)
    if found is not None:
        return [_published(Address(found[1]), found[2], _told_by(found[1], found[2]))]
    if source.startswith(("http://", "https://")):
        raise SourceError(f"{source} is no address of a ballot; such as https://example.org/ballots/7")
    path = Path(source)
    if path.is_dir():
        return _of_folder(Folder(source), ballot)
    if not path.is_file():
        raise SourceError(f"there is no file or folder {source}")
    kind = path.suffix.removeprefix(".")
    if kind in reading.KINDS:
        return [_of_file(path, kind, method, seed, seats)]
    home = path.resolve().parent.parent
    if (home / "checkpoint").is_file() and path.resolve().parent.name == "boxes":
        return _of_folder(Folder(str(home.parent)), path.stem)
    return [_counted(file_pieces(path), seed, Recount())[0]]


def _of_folder(read: Folder, ballot: str) -> list[Recount]:
    record: dict[str, dict[str, Any]] = {}
    size = _size(read)
    for index, width in tiles.bundles(size):
        for entry in _entries(read, index, width):
            if entry["act"] in _ACTS and ballot in ("", entry["subject"]["id"]):
                record.setdefault(entry["subject"]["id"], {})[_ACTS[entry["act"]]] = entry["payload"]
    found = {key: kept for key, kept in record.items() if "closing" in kept}
    if not found:
        raise SourceError(f"there is no closed ballot {ballot} in it".replace("  ", " "))
    return [_published(read, key, kept) for key, kept in sorted(found.items(), key=lambda item: int(item[0]))]


def _told_by(address: str, ballot: str) -> dict[str, Any]:
    """What a running platform has on the record of a ballot, and what its pages show as the result."""
    import httpx2

    key = urlsafe_b64encode(f"Ballot:{ballot}".encode()).decode().rstrip("=")
    try:
        answer = httpx2.post(
            f"{address}/graphql", json={"query": _QUERY, "variables": {"id": key}}, timeout=30
        )
        found = answer.json()["data"]["ballot"]
    except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
        raise SourceError(f"{address} does not answer ({type(error).__name__})") from None
    if found is None:
        raise SourceError(f"{address} has no ballot {ballot}")
    read, kept = Address(address), dict[str, Any]()
    size = _size(read)
    for entry in found["record"]:
        seq = entry["seq"]
        if entry["act"] in _ACTS and seq is not None and seq < size:
            index = seq // tiles.WIDTH
            body = _entries(read, index, min(tiles.WIDTH, size - index * tiles.WIDTH))[seq % tiles.WIDTH]
            if (body["act"], body["subject"]["id"]) == (entry["act"], ballot):
                kept[_ACTS[entry["act"]]] = body["payload"]
    if found["result"] is not None:
        kept["shown"] = orjson.loads(found["result"]["json"])
    return kept


def _size(read: Read) -> int:
    """How many entries the checkpoint says there are."""
    lines = (read("checkpoint") or b"").decode("utf-8", "replace").split("\n")
    if len(lines) < 3 or not lines[1].isdecimal():
        raise SourceError("its checkpoint is missing or malformed")
    return int(lines[1])


def _entries(read: Read, index: int, width: int) -> list[Any]:
    name = tiles.path("entries", index, width)
    try:
        return [orjson.loads(entry) for entry in tiles.unbundle(read(name) or b"")]
    except ValueError:
        raise SourceError(f"{name} is missing or malformed") from None


def _published(read: Read, ballot: str, kept: dict[str, Any]) -> Recount:
    """Count a published box, and compare it with what is on the record and with what is shown."""
    done = Recount([f"ballot {ballot}"])
    pieces = read.pieces(f"boxes/{ballot}.json")
    if "voiding" in kept:
        done.lines.append("it was declared void, whatever the papers say")
    if pieces is None:
        done.wrong.append("its box is not published: it is not closed yet, or never will be")
        return done
    published = kept.get("tally", {}).get("result") or kept.get("shown")
    done, result, sha256 = _counted(pieces, (published or {}).get("seed", ""), done)
    closing = kept.get("closing")
    if closing is None:
        done.lines.append(
            "its closing is not sealed in the ledger yet, so its fingerprint cannot be compared"
        )
    elif closing["box"] != sha256:
        done.wrong.append("this is not the box whose fingerprint is on the record since the closing")
    if result is None:
        return done
    for name, words in (("tally", "the result in the ledger"), ("shown", "the result that is shown")):
        recorded = kept.get(name, {}).get("result") if name == "tally" else kept.get(name)
        if recorded is None:
            continue
        done.compared = True
        if recorded == result:
            done.lines.append(f"equal to {words}")
        else:
            done.wrong.append(f"it differs from {words}: {', '.join(_differing(recorded, result))}")
    if not done.compared:
        done.lines.append("no result is published yet that could be compared")
    return done


def _differing(one: dict[str, Any], other: Result) -> Iterator[str]:
    for name in sorted({*one, *other}):
        if one.get(name) != other.get(name):
            yield name


def _counted(pieces: Iterator[bytes], seed: str, done: Recount) -> tuple[Recount, Result | None, str]:
    """The result of a box and its SHA-256 (hex); what cannot be counted is said."""
    hashed = Hashed(pieces)
    try:
        box = streams.read(hashed)
        result = box.result(seed or None)
        labels = {option["id"]: option["label"] for option in box.head["options"]}
    except (ValueError, KeyError, TypeError, AttributeError, CivicError) as error:
        done.wrong.append(f"the box cannot be counted: {error}")
        return done, None, hashed.close()
    done.lines.append(f"{box.papers} papers in the box")
    done.lines += told(result, labels)
    sha256 = hashed.close()
    done.lines.append(f"fingerprint of the box: {sha256}")
    return done, result, sha256


def _of_file(path: Path, kind: str, method: str, seed: str, seats: int) -> Recount:
    """Count a file of a researchers' tool; a ``.pb`` says itself what was selected."""
    done = Recount([path.name])
    try:
        election = reading.read(kind, path.read_text("utf-8-sig"))
        result = election.result(method, seed, seats)
    except (ValueError, CivicError) as error:
        raise SourceError(f"{path.name} cannot be counted: {error}") from None
    done.lines += told(result, election.labels)
    if election.funded is not None:
        done.compared = True
        if sorted(election.funded) == sorted(result["winners"]):
            done.lines.append("equal to what the file says was selected")
        else:
            done.wrong.append(f"the file says that these were selected: {', '.join(election.funded)}")
    return done
