"""Published boxes in the formats of researchers' tools, made from what is published."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from civic.ledger import boxes
from civic.ledger.published import whole
from civic.models import Ballot
from civic.rules.tallies import count, formats
from civic.rules.tallies.formats import Sheet

COUNTED = ("tallied", "certified")
RULES = {"budget_greedy": "greedy", "budget_shares": "equalshares"}


async def kinds(ballot: Ballot) -> list[str]:
    """The formats in which the box of a counted ballot is given out, beside its JSON."""
    if ballot.state not in COUNTED:
        return []
    found = formats.kinds(ballot.method)
    if "soi" in found:
        sheet = await _sheet(ballot, await boxes.head(ballot.id))
        found[found.index("soi")] = "soc" if formats.complete(sheet) else "soi"
    return found


async def pieces(ballot: Ballot, kind: str) -> AsyncIterator[bytes] | None:
    """The box of a counted ballot in this format, piece by piece; None when it is not given out so."""
    if kind not in await kinds(ballot):
        return None
    head = await boxes.head(ballot.id)
    if kind == "csv":
        return _papers(ballot.id, weighted="eligible_weight" in head)
    sheet = await _sheet(ballot, head)
    if kind == "pb":
        result: Any = ballot.result
        text = formats.pabulib(sheet, result["winners"], RULES[ballot.method], result.get("seed", ""))
    else:
        text = formats.blt(sheet) if kind == "blt" else formats.preflib(sheet)
    return whole(text.encode())


async def _sheet(ballot: Ballot, head: dict[str, Any]) -> Sheet:
    keys = [option["id"] for option in head["options"]]
    found = count(
        head["method"], keys, await boxes.groups(ballot.id), head["max_choices"], head.get("details")
    )
    labels = {option["id"]: option["label"] for option in head["options"]}
    return Sheet(ballot.title, labels, found.choices, head.get("details", {}), ballot.closes_at.year)


async def _papers(ballot_id: int, *, weighted: bool) -> AsyncIterator[bytes]:
    first = True
    async for rows in boxes.pages(ballot_id):
        yield formats.csv_lines(rows, first, weighted=weighted).encode()
        first = False
    if first:
        yield formats.csv_lines([], first, weighted=weighted).encode()
