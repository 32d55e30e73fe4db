"""Hostile text as the value of every text field of every mutation and every argument of every query.

Made from the schema, so that new fields are tried by themselves. Each attempt runs in a transaction that is undone.
What is accepted must be stored as it was given (in normal form); everything else must be refused with a typed error.
Never a crash. ``VALUES`` has what a mutation needs to get as far as reading its texts; a mutation that no role can
carry out with it is tried all the same, but its texts may not be reached: `test_most_mutations_are_reached` counts.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from graphql import GraphQLNonNull

from civic import db, schema
from civic.acts import ballots
from civic.db.tables import changed_tables
from civic.errors import InvalidInput
from civic.models import Ballot, Deadline, Residency, Response
from civic.rules.text import multiline, one_line
from civic.schema.core.context import Context
from civic.schema.core.ids import encode
from tests.acts.permission_rows import ballots as ballot_rows
from tests.acts.permission_rows import people as people_rows
from tests.acts.permission_rows import proposals as proposal_rows
from tests.acts.test_parties import code
from tests.support.hostile import (
    DAYS,
    NUL,
    NUMBERS,
    OURS,
    TIMES,
    leaves,
    naughty,
    placed,
    sample,
    selection,
    strings,
)
from tests.support.permissions import Cast
from tests.support.undoing import undone
from tests.support.world import World

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(600)]
ENGINE = schema.engine()
# Those that take something; a few only end things.
MUTATIONS: dict[str, Any] = {
    name: field
    for name, field in ENGINE.schema.mutation_type.fields.items()  # type: ignore[union-attr]
    if "input" in field.args
}
QUERIES: dict[str, Any] = ENGINE.schema.query_type.fields  # type: ignore[union-attr]
# The list is dealt out: each text of a mutation or a query gets so small a part of it, the next one the next part, and
# with it as small a part of ours and a NUL. Ids are all read by one function, so they get fewer.
TEXTS = strings()
SHARES = {"String": 12, "ID": 60}
GROUPS = 4  # mutations are tried in so many groups, since preparing takes longer than most of them
WHO = ("resident", "host", "steward", "manager", "unverified")
# Told only to those concerned, kept as a hash, looked up and not kept, or read as a number.
NOT_KEPT = {
    "quorum",
    "password",
    "currentPassword",
    "documentNumber",
    "documentNumbers",
    "accountCode",
    "email",
}
KEEPS_NOTHING = {"previewProposal"}
# Several things, one on each line: each is kept for itself.
LINES = {"modules"}
CODES = {
    "NOT_SIGNED_IN", "NOT_ALLOWED", "NOT_FOUND", "INVALID_INPUT", "INVALID_STATE", "CONFLICT", "TOO_MANY", "BAD_REQUEST",
}  # fmt: skip


async def values(cast: Cast) -> dict[str, dict[str, Any]]:
    """By mutation ("" is for all) what its fields need."""
    world = cast.world
    draft, published = await proposal_rows.draft(cast), await proposal_rows.published(cast)
    answered: Response = await proposal_rows.answered(cast)
    deadline: Deadline = await proposal_rows.deadline(cast)
    claim: Residency = await people_rows.claim(cast)
    ballot: Ballot = await ballot_rows.draft(cast)
    counted, objected = await ballot_rows.counted(cast), await ballot_rows.counted(cast)
    await ballots.complain(cast["resident"], objected, reason="理由")
    department = encode("Party", world.department.id)
    common = {
        "area": world.community.code, "proposal": encode("Proposal", published.id),
        "residency": encode("Residency", claim.id),
        "answer": encode("Deadline", deadline.id), "response": encode("Response", answered.id), "asParty": department,
        "ballot": encode("Ballot", ballot.id), "party": encode("Party", cast.party("manager").id), "verdict": "accepted",
        "stance": "for", "kind": "association", "email": "new@example.org", "password": "correct horse", "scopes": ["read"],
        "documentNumber": "AB1234567", "role": "delegate", "accountCode": cast.person("unverified").pseudonym,
        "method": "single", "passing": "plurality", "language": "zh-Hans",
        "scenario": None, "otherArea": None, "electorate": None, "blocs": [], "quorum": "",
        "seats": None, "maxScore": None, "budget": "", "limits": [],
        "cost": "", "options": [{"label": "甲"}, {"label": "乙"}], "quorumPercent": 10,
        "opensAt": "2100-03-01T02:00:00Z", "closesAt": "2100-03-02T02:00:00Z", "creditCode": "", "parent": None,
        "manager": cast.person("unverified").pseudonym, "maxChoices": None,
    }  # fmt: skip
    alone = {"asParty": None}
    return {
        "": common,
        "createProposal": alone,
        "comment": alone,
        "publishProposal": {**alone, "proposal": encode("Proposal", draft.id)},
        "createBallot": {"proposal": None},
        "fileComplaint": {**alone, "ballot": encode("Ballot", counted.id)},
        "answerComplaint": {"ballot": encode("Ballot", objected.id), "number": 1},
        "applyAsParty": {"creditCode": code(7)},
    }


async def text_columns(table: str) -> list[str]:
    if db.on_postgres():
        sql = (
            "SELECT column_name AS name FROM information_schema.columns WHERE table_name = ? "
            "AND data_type IN ('text', 'character varying')"
        )
        return [row["name"] for row in await db.fetch(sql, table)]
    rows = await db.fetch(f"PRAGMA table_info({table})")
    return [row["name"] for row in rows if row["type"].upper().startswith(("VARCHAR", "TEXT"))]


async def stored(text: str, tables: set[str], columns: dict[str, list[str]]) -> bool:
    """Whether a text column of one of these tables holds exactly this text."""
    for table in tables:
        if table not in columns:
            columns[table] = await text_columns(table)
        names = columns[table]
        where = " OR ".join(f'"{name}" = ?' for name in names)
        if names and await db.fetch(
            f'SELECT 1 AS one FROM "{table}" WHERE {where} LIMIT 1', *[text] * len(names)
        ):
            return True
    return False


def clean(text: str) -> set[str]:
    """How a text may be stored: on one line, on many, or in small letters."""
    found = set()
    for way in (one_line, multiline):
        try:
            found.add(way(text, field="x", limit=10**6, least=0))
        except InvalidInput:
            continue
    assert all(unicodedata.is_normalized("NFC", way) for way in found)
    return found


class Tries:
    """One mutation, tried again and again in transactions that are undone."""

    def __init__(self, name: str, cast: Cast, given: dict[str, Any]) -> None:
        self.name, self.cast = name, cast
        field = MUTATIONS[name]
        self.kind = field.args["input"].type
        text = f"mutation($i: {self.kind}) {{ {name}(input: $i){selection(ENGINE.schema, field.type)} }}"
        self.document = ENGINE.document(text)
        assert not self.document.errors, self.document.errors
        inner = self.kind.of_type if isinstance(self.kind, GraphQLNonNull) else self.kind
        self.leaves = list(leaves(inner))
        self.usual = sample(inner, given)
        self.who = "resident"
        self.columns: dict[str, list[str]] = {}

    async def run(self, value: Any, expected: list[str] | None = None) -> tuple[str, str]:
        """``("", "stored" or "lost" or "")`` or code and reason of the refusal. Each of ``expected`` must be stored."""
        told: tuple[str, str] = ("", "")

        async def work() -> None:
            nonlocal told
            changed: set[str] = set()
            token = changed_tables.set(changed)
            context = Context(viewer=self.cast.actors[self.who].person, language="en")
            answer = await ENGINE.run(self.document, context, {"i": value})
            changed_tables.reset(token)
            if answer.ok and expected is not None:
                is_there = [
                    any([await stored(way, changed, self.columns) for way in clean(text)])
                    for text in expected
                ]
                told = ("", "stored" if all(is_there) else "lost")
            elif not answer.ok:
                extensions = answer.body["errors"][0]["extensions"]
                told = extensions["code"], extensions.get("reason", "") or answer.body["errors"][0]["message"]

        await undone(work)
        return told

    async def begin(self) -> bool:
        """Choose who can carry it out with usual values; whether anybody can."""
        for who in WHO:
            self.who = who
            if (await self.run(self.usual))[0] == "":
                return True
        self.who = "host"
        return False

    async def all(self, thin: int) -> list[str]:
        """What went wrong, a line for each."""
        wrong: list[str] = []
        turn = list(MUTATIONS).index(self.name)
        for place, (path, scalar) in enumerate(self.leaves, turn):
            for value in offered(scalar, place, thin):
                kept = isinstance(value, str) and scalar == "String" and not NOT_KEPT & set(map(str, path))
                kept = kept and self.name not in KEEPS_NOTHING
                parts = value.splitlines() if kept and path[-1] in LINES else [value]
                expected = [part for part in parts if clean(part) != {""}] if kept else []
                code, reason = await self.run(placed(self.usual, path, value), expected or None)
                if code and code not in CODES:
                    wrong.append(f"{self.name} {path} {value!r:.60}: {code} {reason}")
                if reason == "lost":
                    wrong.append(f"{self.name} {path} {value!r:.60}: taken, but stored as something else")
        return wrong


async def prepared(world: World) -> Callable[[str], Tries]:
    """Makes the attempts at a mutation; all of them share what was prepared, because nothing that they do stays."""
    cast = await Cast.make(world)
    by_name = await values(cast)
    return lambda name: Tries(name, cast, {**by_name[""], **by_name.get(name, {})})


def offered(scalar: str, turn: int, thin: int = 1) -> list[Any]:
    """What is tried as a value of this scalar: of texts the part whose turn it is, the ``thin``-th part of the usual."""
    extremes: dict[str, list[Any]] = {"Int": NUMBERS, "Date": DAYS, "DateTime": TIMES}
    if scalar not in SHARES:
        return extremes.get(scalar, [])
    share = SHARES[scalar] * thin
    ours = OURS[turn % 6 :: 6]
    return list(dict.fromkeys([*TEXTS[turn % share :: share], *ours, NUL[turn % len(NUL)]]))


@naughty
@pytest.mark.parametrize("group", range(GROUPS))
async def test_every_text_of_every_mutation(connected: str, world: World, group: int) -> None:
    attempts = await prepared(world)
    wrong: list[str] = []
    for name in list(MUTATIONS)[group::GROUPS]:
        tries = attempts(name)
        # Fewer on PostgreSQL, since most is decided before the database, and where usual values are refused, since the
        # texts are hardly looked at.
        wrong += await tries.all(1 if await tries.begin() and connected == "sqlite" else 4)
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:20])


async def test_most_mutations_are_reached(connected: str, world: World) -> None:
    attempts = await prepared(world)
    reached = {name for name in MUTATIONS if await attempts(name).begin()}
    least = {"signUp", "claimResidency", "verifyResidency", "createToken", "createProposal", "editProposal", "comment",
             "publishResponse", "createBallot", "applyAsParty", "rejectResidency", "fileComplaint",
             "answerComplaint"}  # fmt: skip
    assert least <= reached, f"not reached: {sorted(least - reached)}"


@naughty
async def test_every_argument_of_every_query(connected: str, world: World) -> None:
    await world.resident()
    wrong: list[str] = []
    for turn, (name, field) in enumerate(QUERIES.items()):
        if field.args:
            wrong += await ask(name, field, world, turn)
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:20])


async def ask(name: str, field: Any, world: World, turn: int) -> list[str]:
    """What went wrong when a query was asked with hostile values in each argument."""
    arguments: dict[str, Any] = field.args
    heads = ", ".join(f"${n}: {a.type}" for n, a in arguments.items())
    places = ", ".join(f"{n}: ${n}" for n in arguments)
    text = f"query({heads}) {{ {name}({places}){selection(ENGINE.schema, field.type)} }}"
    document = ENGINE.document(text)
    assert not document.errors, document.errors
    usual = {
        n: sample(a.type, {}) if isinstance(a.type, GraphQLNonNull) else None for n, a in arguments.items()
    }
    usual = {n: v for n, v in usual.items() if v is not None}
    tried = [(n, path, scalar) for n, a in arguments.items() for path, scalar in leaves(a.type)]
    wrong = []
    for place, (argument, path, scalar) in enumerate(tried, turn):
        for value in offered(scalar, place):
            variables = {**usual, argument: placed(usual.get(argument), path, value)}
            answer = await ENGINE.run(document, Context(viewer=world.steward), variables)
            codes = {e["extensions"]["code"] for e in answer.body.get("errors", ())}
            if codes - CODES:
                wrong.append(f"{name} {argument}{path} {value!r:.60}: {codes}")
    return wrong
