"""Ballots by tokens: no more papers than tokens, each with its token, signed by the key that was announced."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from civic.ledger.checks import Entry, Finding, Ledger, right, wrong
from civic.rules import tokens
from civic.rules.blind_signatures import PublicKey

ACTS = ("ballot.announce", "ballot.issue_token", "ballot.close")


@dataclass(slots=True)
class _Ballot:
    key: str = ""
    issued: int = 0
    closed: bool = False


class Check:
    def __init__(self) -> None:
        self.ballots: dict[str, _Ballot] = {}

    def see(self, entry: Entry) -> None:
        ballot = self.ballots.setdefault(entry.subject, _Ballot())
        if entry.act == "ballot.announce":
            ballot.key = str(entry.payload.get("token_key", ""))
        elif entry.act == "ballot.issue_token":
            ballot.issued += 1
        else:
            ballot.closed = True

    def conclude(self, ledger: Ledger) -> Iterator[Finding]:
        for number, ballot in self.ballots.items():
            if ballot.issued and not ballot.key:
                yield wrong(f"ballot {number}: tokens were issued, though no key was announced")
            if ballot.key and ballot.closed:
                yield from _box(number, ballot, ledger.file(f"boxes/{number}.json"))


def _box(number: str, ballot: _Ballot, data: bytes | None) -> Iterator[Finding]:
    if data is None:
        return  # the check of ballots says so
    try:
        box = orjson.loads(data)
        papers, head = box["ballots"], box["tokens"]
        key = tokens.public_key(b64decode(ballot.key))
        faults = list(_faults(ballot, head, papers))
        unproven = sum(not _proven(key, number, paper) for paper in papers)
    except (ValueError, KeyError, TypeError, AttributeError):
        yield wrong(f"ballot {number}: its box does not show the tokens of its papers")
        return
    if unproven:
        faults.append(
            f"{unproven} of {len(papers)} papers have no valid token, or were not signed by its holder"
        )
    for fault in faults:
        yield wrong(f"ballot {number}: {fault}")
    if not faults:
        yield right(
            f"ballot {number}: {len(papers)} papers, each with its own token of {ballot.issued} issued, signed by its holder"
        )


def _faults(ballot: _Ballot, head: Any, papers: Any) -> Iterator[str]:
    if head["key"] != ballot.key or head["variant"] != tokens.VARIANT:
        yield "its box names another key than the one that was announced"
    if head["issued"] != ballot.issued:
        yield f"its box says that {head['issued']} tokens were issued; the record has {ballot.issued}"
    if len(papers) > ballot.issued:
        yield f"its box holds {len(papers)} papers, but only {ballot.issued} tokens were issued on the record"
    if len({paper["tracker"] for paper in papers}) != len(papers):
        yield "its box holds two papers of one token"


def _proven(key: PublicKey, number: str, paper: Any) -> bool:
    return tokens.proves(
        key, int(number), paper["tracker"], paper["version"], paper["choice"], paper["token"]
    )
