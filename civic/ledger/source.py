"""A ledger as a stranger reads it: files by name, from a running platform or from an exported folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from civic.ledger import tiles
from civic.rules import merkle

PIECE = 1024 * 1024


class Read(Protocol):
    """Gives files of a ledger by name: whole, or in pieces where they may be large."""

    def __call__(self, name: str) -> bytes | None: ...

    def pieces(self, name: str) -> Iterator[bytes] | None: ...


class SourceError(Exception):
    """The ledger cannot be read at all. The message says why."""


def reader(source: str) -> Read:
    """Reads files of a ledger, from an address or a folder. SourceError when there is none, or it does not answer."""
    return Address(source) if source.startswith(("http://", "https://")) else Folder(source)


class Address:
    """A running platform, or a mirror of its files."""

    def __init__(self, address: str) -> None:
        import httpx2

        self.address = address.rstrip("/")
        self.client = httpx2.Client(base_url=self.address + "/ledger/", timeout=30)

    def __call__(self, name: str) -> bytes | None:
        pieces = self.pieces(name)
        return None if pieces is None else b"".join(pieces)

    def pieces(self, name: str) -> Iterator[bytes] | None:
        """The file as it comes in; None when there is none of this name."""
        pieces = self._stream(name)
        return pieces if next(pieces, b"") else None

    def _stream(self, name: str) -> Iterator[bytes]:
        """First whether it is there (a byte or none), then the file."""
        import httpx2

        try:
            with self.client.stream("GET", name) as answer:
                if answer.status_code not in (200, 404):
                    raise SourceError(f"{self.address} answers {answer.status_code} to {name}")
                yield b"1" if answer.status_code == 200 else b""
                yield from answer.iter_bytes(PIECE)
        except httpx2.HTTPError as error:
            raise SourceError(f"{self.address} does not answer ({type(error).__name__})") from None


class Folder:
    """An exported folder."""

    def __init__(self, source: str) -> None:
        self.folder = Path(source) / "ledger"
        if not self.folder.is_dir():
            raise SourceError(f"there is no folder {self.folder}; `civic export {source}` makes it")

    def __call__(self, name: str) -> bytes | None:
        path = self.folder / name
        return path.read_bytes() if path.is_file() else None

    def pieces(self, name: str) -> Iterator[bytes] | None:
        path = self.folder / name
        return file_pieces(path) if path.is_file() else None


def file_pieces(path: Path) -> Iterator[bytes]:
    """A file, a part at a time."""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


class VerifiedLedger:
    """The ledger behind ``read``, whose tree of ``size`` entries was found to have ``root``.

    receipt_key: the public key (32 bytes) of receipts, as the ledger's own key vouches for it.
    """

    def __init__(self, read: Read, size: int, root: bytes, receipt_key: bytes) -> None:
        self.file, self.pieces = read, read.pieces
        self.size, self.root, self.receipt_key = size, root, receipt_key

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
