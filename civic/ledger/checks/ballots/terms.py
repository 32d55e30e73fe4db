"""What the announcement froze: the published text is the one on the record, and the box was counted by it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import orjson

from civic.ledger.checks import Ledger
from civic.ledger.checks.ballots.states import Followed, moment


class NoTerms(Exception):
    """Why the terms of a ballot cannot be believed."""


def read(key: str, ballot: Followed, ledger: Ledger) -> dict[str, Any]:
    """The announced terms of a ballot, as `civic.rules.receipts.frozen_bytes` writes them. Raises NoTerms."""
    name = f"terms/{key}.json"
    data = ledger.file(name)
    if data is None:
        raise NoTerms(f"{name} is missing")
    if sha256(data).hexdigest() != ballot.frozen:
        raise NoTerms(f"{name} is not what was announced on the record")
    try:
        terms: dict[str, Any] = orjson.loads(data)
        fault = _fault(ballot, terms)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NoTerms(f"{name} cannot be read") from None
    if fault:
        raise NoTerms(fault)
    return terms


def _fault(ballot: Followed, terms: dict[str, Any]) -> str:
    """Where the record does not follow what was announced; empty when it does."""
    if (terms.get("electorate") or {}).get("roll") != ballot.announced_roll:
        return "the announcement names another roll than the terms that it froze"
    if (terms.get("tokens") or {}).get("key", "") != ballot.token_key:
        return "the announcement names another key for voting passes than the terms that it froze"
    if ballot.opened_at is not None and ballot.opened_at < moment(terms["opens_at"]):
        return "it was opened before the time that was announced"
    if ballot.closed_at is not None and ballot.closed_at < moment(terms["closes_at"]):
        return "it was closed before the time that was announced"
    return ""


def unlike(terms: dict[str, Any] | None, head: dict[str, Any]) -> str:
    """Where a box was not made by the terms that were announced; empty when it was, or when they are not known."""
    if terms is None:
        return ""
    quorum = head["quorum"]
    said = {
        "method": head["method"],
        "passing": head["passing"],
        "quorum": (quorum["numerator"], quorum["denominator"]) if quorum else None,
        "max_choices": head["max_choices"],
        "options": [(option["id"], option["label"]) for option in head["options"]],
        "details": head.get("details") or {},
    }
    numerator, denominator = terms["quorum"]
    details = {name: value for name, value in terms.get("details", {}).items() if name != "shuffled"}
    announced = {
        "method": terms["method"],
        "passing": terms["passing"],
        "quorum": (numerator, denominator) if numerator else None,
        "max_choices": terms["max_choices"],
        "options": [(option["key"], option["label"]) for option in terms["options"]],
        "details": details,
    }
    other = [name for name in said if said[name] != announced[name]]
    return f"has another {' and '.join(other)} than was announced" if other else ""
