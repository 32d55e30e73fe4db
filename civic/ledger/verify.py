"""Checks a ledger from outside: from the files it publishes and nothing else.

It reads an export or a running platform, recomputes every leaf, every tile and the root, checks the signature, and
recounts every closed ballot from its published box. It shares pure rules with the platform, but no state.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from civic.ledger import note, tiles
from civic.rules import merkle
from civic.rules.tallies import recount

Read = Callable[[str], bytes | None]


@dataclass
class Report:
    """What was checked and what is wrong."""

    size: int = 0
    root: str = ""
    good: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.wrong


def reader(source: str) -> Read:
    """Reads files of a ledger by name, from an address or a folder."""
    if source.startswith(("http://", "https://")):
        import httpx2

        client = httpx2.Client(base_url=source.rstrip("/") + "/ledger/", timeout=30)

        def fetch(name: str) -> bytes | None:
            answer = client.get(name)
            return answer.content if answer.status_code == 200 else None

        return fetch
    folder = Path(source) / "ledger"

    def load(name: str) -> bytes | None:
        path = folder / name
        return path.read_bytes() if path.is_file() else None

    return load


def verify(source: str, key: str = "") -> Report:
    """Check the ledger at ``source``. ``key`` is a verifier key known from elsewhere; else the published one."""
    read, report = reader(source), Report()
    checkpoint, published = read("checkpoint"), read("key")
    if checkpoint is None or published is None:
        report.wrong.append("checkpoint or key is missing")
        return report
    try:
        text = note.verify(checkpoint.decode("utf-8", "replace"), key or published.decode("utf-8", "replace"))
        stated = note.parse(text)
    except note.NoteError as error:
        report.wrong.append(f"checkpoint: {error}")
        return report
    report.size, report.root = stated.size, stated.root.hex()
    report.good.append(f"the checkpoint of {stated.origin} over {stated.size} entries is signed")
    entries = _entries(read, stated, report)
    if entries is not None:
        _ballots(read, entries, report)
    return report


def _entries(read: Read, stated: note.Checkpoint, report: Report) -> list[dict[str, Any]] | None:
    """The entries, when every leaf, tile and the root agree."""
    hashes: list[bytes] = []
    entries: list[dict[str, Any]] = []
    for index, width in tiles.bundles(stated.size):
        name = tiles.path("entries", index, width)
        data = read(name)
        try:
            bundle = tiles.unbundle(data) if data is not None else []
        except ValueError:
            bundle = []
        if len(bundle) != width:
            report.wrong.append(f"{name} is missing or damaged")
            return None
        for entry in bundle:
            hashes.append(merkle.leaf_hash(entry))
            try:
                entries.append(orjson.loads(entry))
            except orjson.JSONDecodeError:
                report.wrong.append(f"entry {len(hashes) - 1} in {name} is not JSON")
                entries.append({})
    level, below = 0, hashes
    while below:
        for index in range(-(-len(below) // tiles.WIDTH)):
            part = below[index * tiles.WIDTH : (index + 1) * tiles.WIDTH]
            name = tiles.path(level, index, len(part))
            data = read(name)
            if data != b"".join(part):
                report.wrong.append(_difference(name, level, index, part, data))
        below = [
            merkle.root(below[i : i + tiles.WIDTH])
            for i in range(0, len(below) - len(below) % tiles.WIDTH, tiles.WIDTH)
        ]
        level += 1
    if merkle.root(hashes) != stated.root:
        report.wrong.append("the entries do not lead to the root of the checkpoint")
    if report.wrong:
        return None
    report.good.append(f"all {len(hashes)} entries lead to the signed root {stated.root.hex()[:16]}…")
    return entries


def _difference(name: str, level: int, index: int, part: list[bytes], data: bytes | None) -> str:
    if data is None or len(data) != 32 * len(part):
        return f"{name} is missing or has the wrong length"
    bad = next(i for i, h in enumerate(part) if data[32 * i : 32 * i + 32] != h)
    if level == 0:
        return f"entry {index * tiles.WIDTH + bad} does not have the hash that {name} says"
    return f"hash {bad} of {name} is not that of the tile below it"


def _ballots(read: Read, entries: list[dict[str, Any]], report: Report) -> None:
    """Recount every closed ballot."""
    cast: dict[str, int] = {}
    boxes: dict[str, tuple[str, int]] = {}
    results: dict[str, Any] = {}
    for entry in entries:
        act, payload = entry.get("act"), entry.get("payload", {})
        ballot = str(payload.get("ballot", entry.get("subject", {}).get("id")))
        if act == "ballot.cast":
            cast[ballot] = cast.get(ballot, 0) + 1
        elif act == "ballot.close":
            boxes[ballot] = (payload.get("box", ""), payload.get("count", 0))
        elif act == "ballot.tally":
            results[ballot] = payload.get("result")
    for ballot, (digest, count) in boxes.items():
        name = f"boxes/{ballot}.json"
        data = read(name)
        if data is None:
            report.wrong.append(f"{name} is missing")
        elif sha256(data).hexdigest() != digest:
            report.wrong.append(f"{name} is not the box that was closed on the record")
        else:
            _recount(ballot, name, data, count, cast.get(ballot, 0), results.get(ballot), report)


def _recount(ballot: str, name: str, data: bytes, count: int, cast: int, result: Any, report: Report) -> None:
    box = orjson.loads(data)
    if len(box["ballots"]) != count:
        report.wrong.append(f"{name} holds {len(box['ballots'])} ballots; the record says {count}")
    if cast and count > cast:
        report.wrong.append(f"{name} holds {count} ballots, but only {cast} were cast on the record")
    if result is None:
        report.good.append(f"ballot {ballot}: the box of {count} is as recorded; it is not tallied yet")
    elif recount(box) != result:
        report.wrong.append(f"ballot {ballot}: the recount of {name} differs from the recorded result")
    else:
        report.good.append(f"ballot {ballot}: {count} ballots recounted, same result")


def main_verify(source: str, key: str = "") -> int:
    """Print what `verify` finds; 0 when all is well, else 1."""
    report = verify(source, key)
    out = sys.stdout.write
    for line in report.good:
        out(f"ok     {line}\n")
    for line in report.wrong:
        out(f"WRONG  {line}\n")
    out("The ledger verifies.\n" if report.ok else "The ledger does NOT verify.\n")
    return 0 if report.ok else 1
