"""Votes by roll-call: who may, with which quorum, and at the same instant."""

import asyncio
from typing import Any

import pytest

from civic import clock, db
from civic.acts.core import Actor
from civic.acts.joint_meetings import motions, session, votes
from civic.errors import Conflict, InvalidInput, InvalidState, NotAllowed, NotFound
from civic.models import (
    JointMeeting,
    Motion,
    RollCall,
    Seat,
)
from tests.support.meetings import Room, refusal
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_who_may_vote_and_who_may_not(connected: str, world: World) -> None:
    """ "joint_meeting.recuse" """
    room = await Room.in_session(world)
    meeting, seats_ = room.meeting, room.delegates
    motion = (await room.moved()).number
    await motions.recuse(seats_[4], meeting, motion, interest="本人持有该停车场股份")
    await refusal(Conflict, "recused", motions.recuse(seats_[4], meeting, motion, interest="同上"))
    await votes.open_vote(room.chair, meeting, motion)
    await refusal(InvalidState, "voting", votes.open_vote(room.chair, meeting, motion))
    await refusal(InvalidState, "voting", session.adjourn(room.chair, meeting))
    await refusal(InvalidState, "voting", session.call_item(room.chair, meeting))
    vote = votes.vote
    await refusal(NotAllowed, "not_seated", vote(world.as_official, meeting.id, motion, choice="yes"))
    await refusal(NotAllowed, "recused", vote(seats_[4], meeting.id, motion, choice="yes"))
    await refusal(InvalidInput, "unknown_choice", vote(seats_[1], meeting.id, motion, choice="recused"))
    await refusal(NotFound, "unknown_motion", vote(seats_[1], meeting.id, 99, choice="yes"))
    await refusal(NotFound, "gone", vote(seats_[1], 10**9, motion, choice="yes"))
    assert await vote(seats_[1], meeting.id, motion, choice="no") == 1
    assert await vote(seats_[1], meeting.id, motion, choice="yes") == 2
    await vote(seats_[3], meeting.id, motion, choice="yes")
    await motions.recuse(seats_[3], meeting, motion, interest="同为业主")  # takes the vote back
    await vote(seats_[5], meeting.id, motion, choice="yes")
    await session.check_out(room.secretary, meeting, 7)
    await refusal(InvalidState, "absent", vote(seats_[7], meeting.id, motion, choice="yes"))
    await vote(seats_[8], meeting.id, motion, choice="yes")
    closed: Any = (await votes.close_vote(room.chair, meeting)).result
    assert closed["counts"] == [3, 0, 0, 2] and closed["against"] == ["enterprise"]


async def test_no_quorum_no_vote(connected: str, world: World) -> None:
    room = await Room.in_session(world)
    motion = (await room.moved()).number
    for number in (7, 8):
        await session.check_out(room.secretary, room.meeting, number)
    await refusal(InvalidState, "no_quorum", votes.open_vote(room.chair, room.meeting, motion))
    await session.check_in(room.secretary, room.meeting, 7)
    await votes.open_vote(room.chair, room.meeting, motion)
    for number in range(1, 8):
        await votes.vote(room.delegates[number], room.meeting.id, motion, choice="yes")
    await session.check_out(room.delegates[7], room.meeting)
    void = await votes.close_vote(room.chair, room.meeting)
    assert void.state == "void" and void.result is not None and void.result["why"] == "no_quorum"
    assert (await Motion.get(meeting_id=room.meeting.id, number=motion)).state == "seconded"
    await refusal(InvalidState, "not_open", votes.close_vote(room.chair, room.meeting))
    await session.check_in(room.secretary, room.meeting, 7)
    again = await room.roll(motion, dict.fromkeys(range(1, 8), "yes"))
    assert again.number == 2 and again.state == "closed"


@pytest.mark.slow
async def test_a_thousand_seats_vote_within_the_same_second(connected: str, world: World) -> None:
    """Every vote counts once, half of them replaced meanwhile, and the figures at the end are the record."""
    room = await Room.convened(world)
    meeting, count = room.meeting, 1000

    async def crowd() -> list[Actor]:
        from uuid import uuid4

        from civic.models import Person

        people = [
            Person(id=uuid4(), pseudonym=f"{i:016x}", name=f"甲{i}", created_at=clock.now())
            for i in range(count)
        ]
        await Person.bulk_create(people, batch_size=200)
        more = [
            Seat(meeting_id=meeting.id, number=100 + i, bloc="residents", filled_by="nomination", state="confirmed",
                 present=True, person_id=p.id)
            for i, p in enumerate(people)
        ]  # fmt: skip
        await Seat.bulk_create(more, batch_size=200)
        return [Actor(p) for p in people]

    actors = await db.write(crowd)
    for number in room.delegates:
        await session.check_in(room.secretary, meeting, number)
    await session.open_(room.chair, meeting)
    await session.call_item(room.chair, meeting)
    motion = (await room.moved()).number
    await votes.open_vote(room.chair, meeting, motion)
    choices = ["yes", "yes", "no", "abstain"]
    first = [votes.vote(a, meeting.id, motion, choice="no") for a in actors[::2]]
    last = [votes.vote(a, meeting.id, motion, choice=choices[i % 4]) for i, a in enumerate(actors)]
    await asyncio.gather(*first)
    await asyncio.gather(*last)
    closed: Any = await votes.close_vote(room.chair, meeting)
    assert closed.result["counts"] == [500, 250, 250, 0]
    assert closed.result["blocs"]["residents"] == [500, 250, 250, 0]
    (entry,) = await world.recorded("joint_meeting.close_vote")
    recorded = await RollCall.filter(vote_id=closed.id).select_related("seat")
    assert {
        c: sorted(r.seat.number for r in recorded if r.choice == c) for c in ("yes", "no", "abstain")
    } == {c: entry["payload"]["roll"][c] for c in ("yes", "no", "abstain")}
    assert len(await world.recorded("joint_meeting.vote")) == 1500


async def test_closing_and_voting_at_the_same_instant(connected: str, world: World) -> None:
    """Who is told that the vote is in is in the result; who comes too late is refused."""
    room = await Room.in_session(world)
    motion = (await room.moved()).number
    await votes.open_vote(room.chair, room.meeting, motion)

    async def attempt(number: int) -> int:
        try:
            await votes.vote(room.delegates[number], room.meeting.id, motion, choice="yes")
        except InvalidState as error:
            assert error.reason == "closed"
            return 0
        return number

    work = [attempt(n) for n in range(1, 5)]
    closing = votes.close_vote(room.chair, room.meeting)
    told = await asyncio.gather(*work, closing, *[attempt(n) for n in range(5, 9)])
    inside = sorted(n for n in told if isinstance(n, int) and n)
    (entry,) = await world.recorded("joint_meeting.close_vote")
    assert entry["payload"]["roll"]["yes"] == inside


async def test_two_chairs_at_once_open_one_vote(connected: str, world: World) -> None:
    room = await Room.in_session(world)
    motion = (await room.moved()).number
    done = await asyncio.gather(
        *(votes.open_vote(room.chair, room.meeting, motion) for _ in range(5)), return_exceptions=True
    )
    assert sum(not isinstance(d, Exception) for d in done) == 1
    assert {getattr(d, "reason", None) for d in done if isinstance(d, Exception)} <= {"voting", "wrong_state"}
    assert (await JointMeeting.get(id=room.meeting.id)).open_vote is not None
