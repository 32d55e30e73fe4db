"""Drawing lots that anybody can repeat.

Each volunteer is known by a public pseudonym. The seed is the root hash (32 bytes) of a ledger checkpoint that was
signed after the list was closed, so nobody who volunteers or closes the list knows it. A volunteer's ticket is
SHA-256(seed || 0x00 || pseudonym in UTF-8); tickets are sorted, the lowest first (by the pseudonym if two were
equal). The first k are drawn; those after them are the reserve, in this order. By shell, for each pseudonym:

    (printf %s "$ROOT_HEX" | xxd -r -p; printf '\\0%s' "$PSEUDONYM") | sha256sum
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256

from civic.rules.commitments import domain_hash


def ticket(seed: bytes, id: str) -> bytes:
    """The 32 bytes by which a volunteer is sorted."""
    return sha256(seed + b"\x00" + id.encode()).digest()


def draw_order(seed: bytes, ids: Collection[str]) -> list[str]:
    """All volunteers in the order of the draw. Neither their order in ``ids`` nor repetition matters."""
    return sorted(set(ids), key=lambda id: (ticket(seed, id), id))


def list_hash(ids: Collection[str]) -> str:
    """The fingerprint (hex) of a closed list: of its pseudonyms, sorted."""
    return domain_hash("civic/sortition/v1", *(id.encode() for id in sorted(set(ids))))
