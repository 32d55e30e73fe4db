"""Minutes: drafted, revised, signed, objected to, published."""

from datetime import timedelta

import pytest

from civic import clock, jobs
from civic.acts.joint_meetings import minutes, session, votes
from civic.errors import Conflict, InvalidInput, InvalidState
from civic.models import (
    LedgerEntry,
    Minutes,
)
from civic.rules.joint_meetings.minutes import Section
from tests.support.meetings import ALL_YES, Room, refusal
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_minutes_are_signed_objected_to_and_published(connected: str, world: World) -> None:
    """ "joint_meeting.draft_minutes", "joint_meeting.revise_minutes", "joint_meeting.submit_minutes",
    "joint_meeting.sign_minutes", "joint_meeting.publish_minutes" """
    room = await Room.in_session(world, rule="simple")
    meeting, secretary = room.meeting, room.secretary
    await session.ask_to_speak(room.delegates[7], meeting)
    await session.give_floor(room.chair, meeting)
    motion = (await room.moved()).number
    await room.roll(motion, {**ALL_YES, 8: "no"})
    await votes.dissent(room.delegates[8], meeting, motion, reasons="期限太长")
    await refusal(InvalidState, "wrong_state", minutes.draft(secretary, meeting))
    await room.adjourned()
    await refusal(InvalidState, "no_minutes", minutes.submit(secretary, meeting))
    first = await minutes.draft(secretary, meeting)
    await refusal(Conflict, "drafted", minutes.draft(secretary, meeting))
    text = "".join(s["zh"] for s in first.sections)
    for part in (
        "错时停车联席会议",
        "会议主席",
        "自四月起试行一年。",
        "居民代表7",
        "期限太长",
        "赞成1，反对1",
        "决议1",
    ):
        assert part in text, part
    parts = [Section(s["key"], s["zh"], s["en"]) for s in first.sections]
    revise = minutes.revise
    await refusal(InvalidInput, "sections", revise(secretary, meeting, sections=parts[1:], reason="删"))
    await refusal(InvalidInput, "no_change", revise(secretary, meeting, sections=parts, reason="无"))
    await refusal(InvalidInput, "empty", revise(secretary, meeting, sections=parts[::-1], reason=""))
    await minutes.submit(secretary, meeting)
    await refusal(InvalidState, "submitted", minutes.submit(secretary, meeting))
    await refusal(InvalidState, "old_version", minutes.sign(room.delegates[1], meeting, 2))
    assert (await minutes.sign(room.delegates[1], meeting, 1)).answer == "signed"
    await refusal(Conflict, "answered", minutes.sign(room.delegates[1], meeting, 1))
    objected = await minutes.sign(room.delegates[7], meeting, 1, objection="我的发言未写全")
    assert objected.answer == "objected"
    await refusal(InvalidState, "awaiting", minutes.publish(secretary, meeting))
    changed = [Section(p.key, p.zh + ("\n补充发言内容。" if p.key == "item-1" else ""), p.en) for p in parts]
    await revise(secretary, meeting, sections=changed, reason="补充发言")
    await minutes.submit(secretary, meeting)
    await refusal(InvalidState, "old_version", minutes.sign(room.delegates[1], meeting, 1))
    await minutes.sign(room.delegates[1], meeting, 2)
    await minutes.sign(room.delegates[8], meeting, 2, objection="仍不同意期限的写法")
    await refusal(InvalidState, "awaiting", minutes.publish(secretary, meeting))
    with clock.shift(timedelta(days=8)):
        await refusal(InvalidState, "window_over", minutes.sign(room.delegates[2], meeting, 2))
        await jobs.run_once()
        done = await room.fresh()
        assert done.state == "closed"
        standing = await minutes.standing(done, await Minutes.get(meeting_id=done.id, number=2))
        assert (standing[1], standing[8], standing[2]) == ("signed", "objected", "deemed")
        (entry,) = await world.recorded("joint_meeting.publish_minutes")
        assert entry["payload"]["objected"] == [8] and entry["payload"]["deemed"] == [2, 3, 4, 5, 6, 7]
        again = minutes.revise(secretary, meeting, sections=changed[::-1], reason="调整顺序")
        await refusal(InvalidState, "published", again)
        await refusal(InvalidState, "published", minutes.sign(room.delegates[2], meeting, 2))
        await refusal(InvalidState, "published", minutes.publish(secretary, meeting))
    everything = "".join([e.payload for e in await LedgerEntry.all()])
    assert "期限" not in everything and "会议主席" not in everything
