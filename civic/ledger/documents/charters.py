"""The exact texts of charters: what is signed, as canonical JSON, so that anybody can hash it."""

from __future__ import annotations

import orjson

from civic.models import CharterVersion, LedgerEntry

FOLDER = "charters"
MAKE = ("charter.open", "charter.accept_change")


async def names(size: int) -> list[str]:
    """``<charter>-<version>.json`` of each version that the record names."""
    rows = LedgerEntry.filter(act__in=MAKE, kind="charter", seq__lt=size).order_by("seq")
    found: dict[str, None] = {}
    for subject, payload in await rows.values_list("subject_id", "payload"):
        found[f"{subject}-{orjson.loads(str(payload))['payload']['version']}.json"] = None
    return list(found)


async def content(name: str) -> bytes | None:
    key, _, kind = name.partition(".")
    charter, _, number = key.partition("-")
    if kind != "json" or not all(part.isdecimal() and len(part) < 10 for part in (charter, number)):
        return None
    row = await CharterVersion.get_or_none(charter_id=int(charter), number=int(number))
    return row.text.encode() if row else None
