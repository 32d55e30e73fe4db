"""A joint meeting for tests: four blocs, two seats each, everybody there unless a test says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from civic import clock
from civic.acts.core import Actor
from civic.acts.joint_meetings import agenda, minutes, motions, planning, seats, session, votes
from civic.acts.joint_meetings.planning import Plan, Seats
from civic.errors import CivicError
from civic.models import JointMeeting, Motion, MotionVote, Seat
from civic.rules.joint_meetings import Bloc
from tests.support import world as rows
from tests.support.world import World

ALL_YES = dict.fromkeys(range(1, 9), "yes")
PARTIES = ("government", "enterprise", "association")
HALF = [Bloc(bloc, 1, 2) for bloc in (*PARTIES, "residents")]


def plan(**changes: Any) -> Plan:
    given: dict[str, Any] = {
        "title": "错时停车联席会议", "about": "讨论单位车位夜间向居民开放。", "place": "街道会议室",
        "starts_at": clock.now() + timedelta(days=3), **changes,
    }  # fmt: skip
    return Plan(**given)


async def refusal(kind: type[CivicError], reason: str, work: Any) -> None:
    with pytest.raises(kind) as caught:
        await work
    assert caught.value.reason == reason, caught.value


@dataclass
class Room:
    """``delegates`` are actors by seat number: 1-2 government, 3-4 enterprise, 5-6 association, 7-8 residents."""

    world: World
    meeting: JointMeeting
    chair: Actor
    secretary: Actor
    delegates: dict[int, Actor]

    @classmethod
    async def draft(cls, world: World, residents: Seats | None = None, **changes: Any) -> Room:
        """A draft with seats, officers and two items."""
        host = world.as_official
        meeting = await planning.create(host, area=world.district.code, plan=plan(**changes))
        delegates: dict[int, Actor] = {}
        groups = []
        for kind in PARTIES:
            party = await rows.party(kind, f"示例{kind}", world.district)
            groups.append(Seats(2, party.id))
            for _ in range(2):
                person = await rows.person(f"{kind}代表{len(delegates) + 1}")
                await rows.member(party, person, "manager")
                delegates[len(delegates) + 1] = Actor(person, party=party)
        groups.append(residents or Seats(2, filled_by="nomination"))
        await planning.set_seats(host, meeting, blocs=HALF, seats=groups)
        chair, secretary = await rows.person("会议主席"), await rows.person("会议秘书")
        await planning.name_officers(host, meeting, chair=chair.pseudonym, secretary=secretary.pseudonym)
        await agenda.add_item(host, meeting, title="试点方案", body="两个地块先行。")
        await agenda.add_item(host, meeting, title="收费标准")
        return cls(world, meeting, Actor(chair), Actor(secretary), delegates)

    @classmethod
    async def convened(cls, world: World, residents: Seats | None = None, **changes: Any) -> Room:
        """Convened, its seats confirmed (those that are not drawn or elected)."""
        room = await cls.draft(world, residents, **changes)
        await planning.convene(world.as_official, room.meeting)
        for number, delegate in room.delegates.items():
            assert delegate.person is not None
            await seats.name_delegate(delegate, room.meeting, number, person=delegate.person.pseudonym)
        if residents is None:
            for number in (7, 8):
                person = await world.resident(f"居民代表{number}", where=world.community)
                await seats.name_delegate(world.as_official, room.meeting, number, person=person.pseudonym)
                room.delegates[number] = Actor(person)
        for delegate in room.delegates.values():
            await seats.confirm(delegate, room.meeting)
        return room

    @classmethod
    async def in_session(cls, world: World, **changes: Any) -> Room:
        """In session on the first item, everybody there."""
        room = await cls.convened(world, **changes)
        for number in room.delegates:
            await session.check_in(room.secretary, room.meeting, number)
        await session.open_(room.chair, room.meeting)
        await session.call_item(room.chair, room.meeting)
        return room

    async def moved(
        self, text: str = "自四月起试行一年。", mover: int = 3, seconder: int | None = 7
    ) -> Motion:
        motion = await motions.move(self.delegates[mover], self.meeting, text=text)
        if seconder is not None:
            await motions.second(self.delegates[seconder], self.meeting, motion.number)
        return motion

    async def roll(self, motion: int, said: dict[int, str]) -> MotionVote:
        """Open the vote, let seats vote, close it."""
        await votes.open_vote(self.chair, self.meeting, motion)
        for number, choice in said.items():
            await votes.vote(self.delegates[number], self.meeting.id, motion, choice=choice)
        return await votes.close_vote(self.chair, self.meeting)

    async def adjourned(self) -> None:
        await session.adjourn(self.chair, self.meeting)

    async def submitted(self) -> None:
        await self.adjourned()
        await minutes.draft(self.secretary, self.meeting)
        await minutes.submit(self.secretary, self.meeting)

    async def seat(self, number: int) -> Seat:
        return await Seat.get(meeting_id=self.meeting.id, number=number)

    async def fresh(self) -> JointMeeting:
        return await JointMeeting.get(id=self.meeting.id)
