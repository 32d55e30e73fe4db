"""The exact text of a version: canonical JSON (RFC 8785), so that its SHA-256 names it and nothing else.

It carries a random ``nonce``: who only has the hash, as in the public ledger, cannot guess the text from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import orjson
import rfc8785

from civic.rules.charters.clauses import Clause, from_plain, plain

TYPE = "civic/charter/v1"


def canonical(
    *,
    charter: int,
    version: int,
    nonce: str,
    title: str,
    purpose: str,
    area: str,
    convener: int,
    clauses: Iterable[Clause],
    subject: str = "",
    supersedes: int = 0,
) -> str:
    """The text that is signed. area: its code. subject: such as "scenario:12", or "". nonce: 32 hex digits."""
    body: dict[str, Any] = {
        "type": TYPE,
        "charter": charter,
        "version": version,
        "nonce": nonce,
        "title": title,
        "purpose": purpose,
        "area": area,
        "convener": convener,
        "clauses": [plain(clause) for clause in sorted(clauses, key=lambda clause: clause.number)],
    }
    if subject:
        body["subject"] = subject
    if supersedes:
        body["supersedes"] = supersedes
    return rfc8785.dumps(body).decode()


def text_hash(text: str) -> str:
    """SHA-256 (hex) of a version's text."""
    return sha256(text.encode()).hexdigest()


def clauses_of(text: str) -> list[Clause]:
    """The clauses within a version's text. ValueError, KeyError or TypeError when it is not one."""
    body = orjson.loads(text)
    if body["type"] != TYPE:
        raise ValueError("not the text of a charter")
    return [from_plain(found) for found in body["clauses"]]
