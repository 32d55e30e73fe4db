"""Salted commitments: the public ledger holds the hash, the text can be erased and the hash then says nothing.

A hash of a short text could be guessed; 16 random bytes of salt, kept and erased with the text, prevent it.
Fields are length-prefixed, so that no two different lists of fields give the same input.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest

from civic.rules.canonical import canonical

SALT_SIZE = 16


def domain_hash(domain: str, *fields: bytes) -> str:
    """SHA-256 (hex) over a named domain and length-prefixed fields (8 bytes, big-endian)."""
    named = (domain.encode(), *fields)
    return sha256(b"".join([len(field).to_bytes(8, "big") + field for field in named])).hexdigest()


def commit(salt: bytes, text: str) -> str:
    """The commitment to ``text``, as 64 hex digits. Raises ValueError for a salt shorter than 16 bytes."""
    if len(salt) < SALT_SIZE:
        raise ValueError("a salt has at least 16 bytes")
    return domain_hash("civic/commitment/v1", bytes(salt), text.encode())


def opens(commitment: str, salt: bytes, text: str) -> bool:
    """Whether this salt and text are what was committed to."""
    return compare_digest(commitment, commit(salt, text))


def commit_fields(salt: bytes, fields: Mapping[str, str]) -> str:
    """One commitment to several named texts, as to their canonical JSON (RFC 8785)."""
    return commit(salt, canonical(dict(fields)).decode())
