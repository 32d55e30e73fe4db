"""Receipts of cast ballots, and the hash of what is voted on.

A receipt names ballot, tracker, version and commitment; it is signed by the platform and its commitment stands
in the ledger. It does not contain the choice: only with the salt, which the voter alone is given, does the
commitment open to it. It holds no time, for time could rejoin people and choices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hmac import compare_digest
from typing import Any

from civic.rules.canonical import canonical
from civic.rules.commitments import SALT_SIZE, domain_hash


def receipt_commitment(ballot: str, tracker: str, version: int, choice: str, salt: bytes) -> str:
    """SHA-256 (hex) of the ballot's id, tracker, version, canonical choice and salt (16 bytes or more)."""
    if len(salt) < SALT_SIZE:
        raise ValueError("a salt has at least 16 bytes")
    fields = (ballot.encode(), tracker.encode(), str(version).encode(), choice.encode(), bytes(salt))
    return domain_hash("civic/receipt/v1", *fields)


def opens_receipt(commitment: str, ballot: str, tracker: str, version: int, choice: str, salt: bytes) -> bool:
    """Whether a commitment stands for this choice."""
    return compare_digest(commitment, receipt_commitment(ballot, tracker, version, choice, salt))


def receipt_bytes(ballot: str, tracker: str, version: int, commitment: str) -> bytes:
    """What the platform signs: canonical JSON (RFC 8785)."""
    return canonical(
        {
            "type": "civic/receipt/v1",
            "ballot": ballot,
            "tracker": tracker,
            "version": version,
            "commitment": commitment,
        }
    )


def frozen_bytes(
    *,
    title: str,
    question: str,
    method: str,
    passing: str,
    quorum: tuple[int, int],
    max_choices: int | None,
    secret: bool,
    area: str,
    opens_at: str,
    closes_at: str,
    options: Sequence[Mapping[str, str]],
    details: Mapping[str, Any] | None = None,
    electorate: Mapping[str, Any] | None = None,
    tokens: Mapping[str, str] | None = None,
) -> bytes:
    """All that may not change after announcement, as canonical JSON. Times are ISO 8601 in UTC, area is its code."""
    payload: dict[str, Any] = {
        "type": "civic/ballot/v1",
        "title": title,
        "question": question,
        "method": method,
        "passing": passing,
        "quorum": list(quorum),
        "max_choices": max_choices,
        "secret": secret,
        "area": area,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "options": [dict(option) for option in options],
    }
    if details:
        payload["details"] = dict(details)
    if electorate:
        payload["electorate"] = dict(electorate)
    if tokens:
        payload["tokens"] = dict(tokens)
    return canonical(payload)
