"""A ledger as a stranger reads it: files by name, from a running platform or from an exported folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from civic.ledger import tiles
from civic.rules import merkle

Read = Callable[[str], bytes | None]


class SourceError(Exception):
    """The ledger cannot be read at all. The message says why."""


def reader(source: str) -> Read:
    """Reads files of a ledger, from an address or a folder. SourceError when there is none, or it does not answer."""
    return _over_http(source) if source.startswith(("http://", "https://")) else _from_folder(source)


def _over_http(address: str) -> Read:
    import httpx2

    client = httpx2.Client(base_url=address.rstrip("/") + "/ledger/", timeout=30)

    def fetch(name: str) -> bytes | None:
        try:
            answer = client.get(name)
        except httpx2.HTTPError as error:
            raise SourceError(f"{address} does not answer ({type(error).__name__})") from None
        if answer.status_code not in (200, 404):
            raise SourceError(f"{address} answers {answer.status_code} to {name}")
        return answer.content if answer.status_code == 200 else None

    return fetch


def _from_folder(source: str) -> Read:
    folder = Path(source) / "ledger"
    if not folder.is_dir():
        raise SourceError(f"there is no folder {folder}; `civic export {source}` makes it")

    def load(name: str) -> bytes | None:
        path = folder / name
        return path.read_bytes() if path.is_file() else None

    return load


class VerifiedLedger:
    """The ledger behind ``read``, whose tree of ``size`` entries was found to have ``root``.

    receipt_key: the public key (32 bytes) of receipts, as the ledger's own key vouches for it.
    """

    def __init__(self, read: Read, size: int, root: bytes, receipt_key: bytes) -> None:
        self.file, self.size, self.root, self.receipt_key = read, size, root, receipt_key

    def root_at(self, size: int) -> bytes:
        """The root when the tree had ``size`` entries, proved from the verified one. Raises `merkle.ProofError`."""
        if size == 0:
            return merkle.EMPTY_ROOT
        ranges = merkle.consistency_ranges(size, self.size)
        before = merkle.range_nodes(0, size)
        nodes = before + [node for lo, hi in ranges for node in merkle.range_nodes(lo, hi)]
        stored = {place: self.tile(*place) for place in tiles.holders(nodes)}
        try:
            known = tiles.Nodes(stored)
            root = merkle.fold([known.read(node) for node in before])
            proof = merkle.prove_from_nodes(ranges, known.read)
        except KeyError:
            raise merkle.ProofError("a tile is missing") from None
        merkle.verify_consistency(size, self.size, root, self.root, proof)
        return root

    def tile(self, level: int, index: int) -> bytes:
        width = min(tiles.WIDTH, (self.size >> (tiles.HEIGHT * level)) - index * tiles.WIDTH)
        return self.file(tiles.path(level, index, width)) or b""
