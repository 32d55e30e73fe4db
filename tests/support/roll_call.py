"""A hall of delegates who vote at the same instant through the API, and somebody who follows the figures live."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from secrets import token_hex
from typing import Any
from uuid import uuid4

import httpx2
import orjson
import websockets

from civic import clock, db
from civic.acts.core import Actor
from civic.acts.joint_meetings import seats, session, votes
from civic.acts.joint_meetings.planning import Seats
from civic.models import AccessToken, Person, Residency
from civic.schema.core.ids import encode
from civic.web import graphql_ws
from tests.support.meetings import Room
from tests.support.world import World

VOTE = "mutation($i: SeatVoteInput!) { castSeatVote(input: $i) { number } }"
CLOSE = "mutation($i: MeetingInput!) { closeMotionVote(input: $i) { state } }"
FIGURES = """subscription($id: ID!) { jointMeetingRoom(id: $id) {
  vote { state cast present passed counts { yes no abstain recused } blocs { bloc cast } } } }"""
CHOICES = ("yes", "yes", "no", "abstain")
OF_PARTIES = 6  # seats that a room's parties have
LATEST = 120  # seconds after which a silent server is a failure, not a slow one


@dataclass
class Hall:
    """A meeting with its vote open. ``tokens``: by seat, those of its delegate."""

    room: Room
    motion: int
    tokens: dict[int, str]
    chair: str

    @property
    def id(self) -> str:
        return encode("JointMeeting", self.room.meeting.id)

    def choice(self, seat: int) -> str:
        """What a seat says in the end."""
        return CHOICES[seat % 4] if seat > OF_PARTIES else "yes"

    def counts(self) -> dict[str, int]:
        """The figures that must come out."""
        said = [self.choice(seat) for seat in self.tokens]
        return {choice: said.count(choice) for choice in ("yes", "no", "abstain", "recused")}

    @classmethod
    async def fill(cls, world: World, size: int) -> Hall:
        """So many seats in all, each named, confirmed and checked in by acts, and a motion whose vote is open."""
        crowd = Seats(size - OF_PARTIES, filled_by="nomination")
        room = await Room.convened(world, crowd, live_choices=True)
        for delegate in room.delegates.values():
            await session.check_in(delegate, room.meeting)
        people = dict(enumerate(await _residents(world, crowd.count), OF_PARTIES + 1))
        for number, person in people.items():
            room.delegates[number] = Actor(person)

        async def take(number: int) -> None:
            code = people[number].pseudonym
            await seats.name_delegate(world.as_official, room.meeting, number, person=code)
            await seats.confirm(room.delegates[number], room.meeting)
            await session.check_in(room.delegates[number], room.meeting)

        await asyncio.gather(*map(take, people))
        await session.open_(room.chair, room.meeting)
        await session.call_item(room.chair, room.meeting)
        motion = (await room.moved()).number
        await votes.open_vote(room.chair, room.meeting, motion)
        tokens = await _tokens([d.person for d in room.delegates.values() if d.person])
        assert room.chair.person is not None
        return cls(
            room, motion, dict(zip(room.delegates, tokens, strict=True)), await world.token(room.chair.person)
        )

    async def vote(self, port: int, connections: int = 64) -> list[int]:
        """Everybody votes at once, each third changes their mind; the seats whose last vote was acknowledged."""
        limits = httpx2.Limits(max_connections=connections)
        base = f"http://127.0.0.1:{port}"
        async with httpx2.AsyncClient(base_url=base, limits=limits, timeout=LATEST) as client:

            async def one(seat: int) -> int:
                said = ["no", self.choice(seat)] if seat % 3 == 0 else [self.choice(seat)]
                for version, choice in enumerate(said, 1):
                    given = {"meeting": self.id, "motion": self.motion, "choice": choice}
                    answer = await _post(client, VOTE, given, self.tokens[seat])
                    assert answer["data"]["castSeatVote"]["number"] == version, answer
                return seat

            return list(await asyncio.gather(*map(one, self.tokens)))

    async def close(self, port: int) -> None:
        """The chair closes the vote."""
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=LATEST) as client:
            answer = await _post(client, CLOSE, {"meeting": self.id}, self.chair)
            assert answer["data"]["closeMotionVote"]["state"] == "closed", answer

    async def figures(self, port: int) -> AsyncIterator[dict[str, Any]]:
        """What a subscriber is shown of the vote, from now until it is closed."""
        protocols: Any = [graphql_ws.PROTOCOL]
        async with websockets.connect(f"ws://127.0.0.1:{port}/graphql", subprotocols=protocols) as ws:
            await ws.send('{"type":"connection_init"}')
            await ws.recv()
            payload = {"query": FIGURES, "variables": {"id": self.id}}
            await ws.send(orjson.dumps({"type": "subscribe", "id": "1", "payload": payload}).decode())
            state = "open"
            while state == "open":
                message = orjson.loads(await asyncio.wait_for(ws.recv(), LATEST))
                if message["type"] == "next":
                    vote = message["payload"]["data"]["jointMeetingRoom"]["vote"]
                    yield vote
                    state = vote["state"]


async def _post(client: httpx2.AsyncClient, query: str, input: dict[str, Any], token: str) -> Any:
    body = {"query": query, "variables": {"i": input}}
    return (await client.post("/graphql", json=body, headers={"Authorization": f"Bearer {token}"})).json()


async def _residents(world: World, count: int) -> list[Person]:
    now = clock.now()
    people = [
        Person(id=uuid4(), pseudonym=token_hex(8), name=f"居民{i}", created_at=now) for i in range(count)
    ]
    lives: Any = {"area": world.community, "state": "verified", "method": "counter", "claimed_at": now,
                  "decided_at": now, "expires_at": now + timedelta(days=365)}  # fmt: skip

    async def write() -> None:
        await Person.bulk_create(people, batch_size=200)
        await Residency.bulk_create(
            [Residency(person_id=p.id, current=p.id, **lives) for p in people], batch_size=200
        )

    await db.write(write)
    return people


async def _tokens(people: list[Person]) -> list[str]:
    tokens = ["civic_" + token_hex(16) for _ in people]
    rows = [
        AccessToken(
            person_id=person.id, hash=sha256(token.encode()).hexdigest(), label="", scopes=["read", "write"],
            created_at=clock.now(),
        )
        for person, token in zip(people, tokens, strict=True)
    ]  # fmt: skip

    async def write() -> None:
        await AccessToken.bulk_create(rows, batch_size=200)

    await db.write(write)
    return tokens
