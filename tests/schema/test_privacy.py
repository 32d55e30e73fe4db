"""Nothing private leaks: the whole API is walked as each kind of reader, every field of everything that can be reached.

Private things hold marks. A mark names the roles that may see it; nobody else may find it in any answer, and at least
one of those who may must find it, or the walk would be blind. What has an id is found again by `node`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any

import orjson
import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    OperationDefinitionNode,
    is_required_argument,
    parse,
)

from civic import clock, db, schema
from civic.acts import charters, comments, proposals, residencies
from civic.ledger import sequencer
from civic.models import AccessToken, Charter, Notification, Person, Proposal, Session
from civic.schema.core.context import Context
from civic.schema.core.direct import Operation
from civic.schema.core.execute import Document
from civic.schema.core.ids import _loaders as LOADERS
from civic.schema.core.ids import encode
from tests.acts.permission_rows import ballots as ballot_rows
from tests.acts.permission_rows import proposals as proposal_rows
from tests.support import open_days as open_day_rows
from tests.support import world as rows
from tests.support.charters import Three
from tests.support.hostile import sample
from tests.support.permissions import Cast
from tests.support.private_meetings import private_meetings
from tests.support.world import World

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(900)]
ENGINE = schema.engine()
READERS = (
    "guest",
    "unverified",
    "resident",
    "resident_elsewhere",
    "manager",
    "host",
    "official_elsewhere",
    "steward",
)
NODES = {kind.name for kind in ENGINE.schema.get_possible_types(ENGINE.schema.type_map["Node"])}  # type: ignore[arg-type]
FOUND_AS = {"Answer": "Deadline", "Member": "Membership"}  # of types whose ids name the table
DEEP = 3
Seen = dict[str, set[str]]  # role -> marks


def of(kind: Any) -> Any:
    """A type without its list and non-null around it."""
    while isinstance(kind, GraphQLNonNull | GraphQLList):
        kind = kind.of_type
    return kind


@cache
def fields(kind: Any, depth: int, above: tuple[str, ...] = ()) -> str:
    """Everything that can be selected of a type without arguments, this deep."""
    parts = ["__typename"]
    if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
        for possible in ENGINE.schema.get_possible_types(kind):
            inner = fields(possible, depth, above)
            # Fields of the same name differ in their types, so each has a name of its own.
            parts.append(f"... on {possible.name} {inner}")
        return "{ " + " ".join(parts) + " }"
    for name, field in kind.fields.items():
        needed = {n: of(a.type).name for n, a in field.args.items() if is_required_argument(a)}
        if set(needed.values()) - {"Int"}:
            continue
        call = name + (f"({', '.join(f'{n}: 1' for n in needed)})" if needed else "")
        inner_kind = of(field.type)
        label = f"{kind.name}_{name}"
        if not isinstance(inner_kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType):
            parts.append(f"{label}: {call}")
        elif depth > 0 and above.count(inner_kind.name) < 2:
            parts.append(f"{label}: {call} " + fields(inner_kind, depth - 1, (*above, inner_kind.name)))
    return "{ " + " ".join(parts) + " }"


@cache
def document(text: str) -> Document:
    """A document without the limits that clients have."""
    node = parse(text)
    (operation,) = (d for d in node.definitions if isinstance(d, OperationDefinitionNode))
    operations = {"": Operation(ENGINE.schema, node, operation, True)}
    return Document(node, (), operations, b"")


def identified(value: Any) -> Iterator[tuple[str, str]]:
    """Type and id of every node in an answer."""
    if isinstance(value, dict):
        kind = value.get("__typename", "")
        if isinstance(value.get(f"{kind}_id"), str) and kind in NODES:
            yield kind, value[f"{kind}_id"]
        for inner in value.values():
            yield from identified(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from identified(inner)


class Walk:
    """One reader, and all that they were told."""

    def __init__(self, cast: Cast, role: str) -> None:
        self.cast, self.role = cast, role
        self.told: list[bytes] = []
        self.ids: dict[str, str] = {}

    async def ask(self, text: str, variables: dict[str, Any] | None = None) -> Any:
        actor = self.cast[self.role]
        answer = await ENGINE.run(
            document(text), Context(viewer=actor.person, language="en"), variables or {}
        )
        codes = {error["extensions"]["code"] for error in answer.body.get("errors", ())}
        assert codes <= {"NOT_SIGNED_IN", "NOT_ALLOWED", "NOT_FOUND", "INVALID_INPUT", "INVALID_STATE"}, (
            answer.body["errors"]
        )
        self.told.append(orjson.dumps(answer.body, default=str))
        data = answer.body.get("data") or {}
        self.ids.update({id: kind for kind, id in identified(data)})
        return data

    async def everything(self, values: dict[str, list[Any]]) -> None:
        root: Any = ENGINE.schema.query_type
        for name, field in root.fields.items():
            kind = of(field.type)
            below = fields(kind, DEEP) if not isinstance(kind, GraphQLScalarType) else ""
            required = {n: a for n, a in field.args.items() if is_required_argument(a)}
            if not required:
                await self.ask(f"{{ {name} {below} }}")
                if "open" in field.args:
                    await self.ask(f"{{ {name}(open: false) {below} }}")
                continue
            heads = ", ".join(f"${n}: {a.type}" for n, a in required.items())
            places = ", ".join(f"{n}: ${n}" for n in required)
            usual = {n: sample(a.type, {"ballot": values["ballot"][0]}) for n, a in required.items()}
            (one, argument), *_ = required.items()
            for value in values.get(one, [usual[one]]):
                many = isinstance(of_list(argument.type), GraphQLList) and not isinstance(value, list)
                given = {**usual, one: [value] if many else value}
                try:
                    await self.ask(f"query({heads}) {{ {name}({places}) {below} }}", given)
                except AssertionError as error:
                    raise AssertionError(f"{name} {given}: {error}") from error


def of_list(kind: Any) -> Any:
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind


async def in_force(cast: Cast) -> Charter:
    """A charter of the department with the enterprise, which everybody may read."""
    made = await Three.make(cast.world)
    return await Three(cast.world, cast["host"], cast["manager"], made.committee).in_force()


async def drafted(cast: Cast, text: str, supersedes: int | None = None) -> Charter:
    """A draft of the department that names the enterprise: in its title, its purpose, and each kind of clause."""
    three = Three(cast.world, cast["host"], cast["manager"], cast["host"])
    area = cast.world.district.code
    draft = await charters.create(cast["host"], title=text, purpose=text, area=area, supersedes=supersedes)
    for clause in (
        three.right(three.firm, text),
        three.duty(three.office, three.firm, text, 1, evidence=text),
        three.duty(three.firm, three.residents, text),
    ):
        await charters.add_clause(cast["host"], draft, clause=clause)
    return draft


async def marked(cast: Cast) -> tuple[dict[str, set[str]], dict[str, list[Any]]]:
    """Private things with their marks and who may see them; and values for arguments of the roots."""
    world, now = cast.world, clock.now()
    author, claimant = cast.person("resident"), cast.person("unverified")
    marks: dict[str, set[str]] = {}

    def mark(name: str, *roles: str) -> str:
        text = f"MARK{len(marks)}{name}"
        marks[text] = set(roles)
        return text

    people_seen: dict[str, str] = {}
    for role in (
        "resident",
        "unverified",
        "manager",
        "host",
        "steward",
        "resident_elsewhere",
        "official_elsewhere",
    ):
        people_seen[role] = mark("mail" + role, role)
    officials = ("host", "unverified")
    claim = await residencies.claim(cast["unverified"], area=world.community.code)
    draft, hidden = await proposal_rows.draft(cast), await proposal_rows.published(cast)
    await proposals.sponsor(cast["delegate"], hidden)
    open_, answered = await proposal_rows.published(cast), await proposal_rows.answered(cast)
    comment = await comments.create(cast["resident_elsewhere"], open_, body="公开意见", stance="for")
    unseen = await comments.create(cast["resident_elsewhere"], open_, body="会隐藏", stance="for")
    ballot_draft, ballot = await ballot_rows.draft(cast), await ballot_rows.announced(cast)
    applied = await rows.party(
        "association", mark("applied", "steward", "resident_elsewhere"), world.district, "applied"
    )
    await rows.member(applied, cast.person("resident_elsewhere"), "manager")
    charter = await drafted(cast, mark("charter", "host"))
    replaced = await in_force(cast)
    ended = await drafted(cast, mark("charterended", "host"), supersedes=replaced.id)
    await charters.end(cast["host"], ended, reason="不谈了")
    clerk_name = mark("clerk", "manager", "steward")
    clerk = cast.person("clerk")
    open_days = await open_day_rows.private(cast)

    async def write() -> None:
        for role, text in people_seen.items():
            await Person.filter(id=cast.person(role).id).update(
                email=f"{text.lower()}@example.org", password_hash=mark("hash"), person_key=mark("key")
            )
        await Person.filter(id=claimant.id).update(name=mark("claimant", *officials))
        await Person.filter(id=clerk.id).update(name=clerk_name)
        await Proposal.filter(id=draft.id).update(
            title=mark("draft", "resident"), body=mark("draftbody", "resident")
        )
        await Proposal.filter(id=hidden.id).update(
            state="hidden",
            hidden_reason="个人信息",
            title=mark("hidden", "resident", "steward"),
            body=mark("hiddenbody", "resident", "steward"),
        )
        await (
            type(unseen)
            .filter(id=unseen.id)
            .update(hidden_reason="广告", body=mark("comment", "resident_elsewhere"))
        )
        await open_day_rows.mark(open_days, mark)
        await type(ballot_draft).filter(id=ballot_draft.id).update(title=mark("ballot", "host"))
        await Notification.create(
            person_id=author.id,
            kind="x",
            subject="proposal",
            subject_id=1,
            title=mark("notification", "resident"),
            at=now,
        )
        await Session.create(
            hash=mark("session").ljust(64, "x"), person_id=author.id, started_at=now, seen_at=now,
            ends_at=now + timedelta(days=1),
        )  # fmt: skip
        await AccessToken.create(
            person_id=author.id, hash=mark("token").ljust(64, "x"), label=mark("label", "resident"), scopes=["read"],
            created_at=now,
        )  # fmt: skip

    await db.write(write)
    meetings = await private_meetings(cast, mark)
    for role in READERS[1:]:
        await cast.person(role).refresh_from_db()
    await sequencer.seal()
    keys: dict[str, list[Any]] = {
        "Proposal": [draft.id, hidden.id, open_.id], "Party": [world.department.id, applied.id, cast.party("manager").id],
        "Ballot": [ballot_draft.id, ballot.id], "Deadline": [answered.deadline_id], "Response": [answered.id],
        "Residency": [claim.id], "Comment": [comment.id, unseen.id], "Area": [world.community.id],
        **open_days.keys(),
        "Person": [author.id, author.pseudonym], "Membership": [1, 2], "Member": [1, 2], "Session": [1], "AccessToken": [1],
        "JointMeeting": meetings,
        "Charter": [charter.id, ended.id, replaced.id],
    }  # fmt: skip
    ids = {kind: [encode(kind, key) for key in found] for kind, found in keys.items()}
    values: dict[str, list[Any]] = {
        "code": [world.community.code],
        "area": [world.community.code],
        "seq": [1, 2],
    }
    values |= {
        "party": ids["Party"],
        "ballot": ids["Ballot"][1:],
        "id": [id for found in ids.values() for id in found],
        "ids": ids["Proposal"],
    }
    return marks, values


def test_whatever_says_that_it_is_a_node_is_found_by_its_id() -> None:
    assert {FOUND_AS.get(kind, kind) for kind in NODES} == set(LOADERS)


async def test_nobody_is_told_what_is_private(connected: str, world: World) -> None:
    cast = await Cast.make(world)
    marks, values = await marked(cast)
    leaks: list[str] = []
    seen_by_some: set[str] = set()
    for role in READERS:
        walk = Walk(cast, role)
        await walk.everything(values)
        whole = b"\n".join(walk.told).lower()
        for text, may in marks.items():
            if text.lower().encode() in whole:
                seen_by_some.add(text)
                if role not in may:
                    at = whole.index(text.lower().encode())
                    leaks.append(
                        f"{role} was told {text}: …{whole[max(0, at - 160) : at + 40].decode(errors='replace')}"
                    )
        if role == "guest":
            assert len(walk.ids) > 5
            for id, kind in walk.ids.items():
                again = await walk.ask("query($i: ID!) { node(id: $i) { __typename id } }", {"i": id})
                assert again["node"] == {"__typename": kind, "id": id}, (
                    f"{kind} {id} is public, but node() gives {again}"
                )
    assert not leaks, "\n".join(leaks)
    blind = {text for text, may in marks.items() if may} - seen_by_some
    assert not blind, f"The walk never came to {sorted(blind)}"
