"""In session: coming and going, speaking, moving and amending."""

from datetime import timedelta
from typing import Any

import pytest

from civic import clock
from civic.acts import responses
from civic.acts.joint_meetings import clauses, motions, session, votes
from civic.acts.responses import Commitment
from civic.errors import Conflict, InvalidInput, InvalidState, NotAllowed
from civic.models import (
    Deadline,
    LedgerEntry,
    Motion,
    MotionClause,
    Notification,
    Obligation,
    Resolution,
    Seat,
)
from tests.support.meetings import ALL_YES, Room, refusal
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_people_come_speak_and_go(connected: str, world: World) -> None:
    """ "joint_meeting.open", "joint_meeting.check_in", "joint_meeting.check_out", "joint_meeting.call_item",
    "joint_meeting.ask_to_speak", "joint_meeting.leave_speakers", "joint_meeting.give_floor",
    "joint_meeting.end_speech", "joint_meeting.adjourn" """
    room = await Room.convened(world)
    meeting, one, two = room.meeting, room.delegates[1], room.delegates[7]
    await refusal(InvalidState, "wrong_state", session.ask_to_speak(one, meeting))
    await session.check_in(one, meeting)
    await refusal(Conflict, "present", session.check_in(room.secretary, meeting, 1))
    await refusal(NotAllowed, "officer", session.check_in(one, meeting, 7))
    opened = await session.open_(room.chair, meeting)
    assert opened.quorum_at_opening == {
        "government": [1, 1, 2], "enterprise": [0, 1, 2], "association": [0, 1, 2], "residents": [0, 1, 2],
    }  # fmt: skip
    await session.check_in(room.secretary, meeting, 7)
    first = await session.call_item(room.chair, meeting)
    assert first.title == "试点方案"
    await refusal(InvalidState, "absent", session.ask_to_speak(room.delegates[3], meeting))
    await session.ask_to_speak(one, meeting)
    await refusal(Conflict, "on_list", session.ask_to_speak(one, meeting))
    await session.ask_to_speak(two, meeting)
    await session.leave_speakers(one, meeting)
    await refusal(InvalidState, "not_on_list", session.leave_speakers(one, meeting))
    await refusal(InvalidState, "nobody_speaks", session.end_speech(room.chair, meeting))
    assert (await session.give_floor(room.chair, meeting)).person_id == two.person.id  # type: ignore[union-attr]
    await refusal(InvalidState, "nobody_waits", session.give_floor(room.chair, meeting))
    await refusal(Conflict, "on_list", session.ask_to_speak(two, meeting))
    await refusal(NotAllowed, "speaker", session.end_speech(one, meeting))
    await session.end_speech(two, meeting)
    await session.ask_to_speak(two, meeting)
    await session.check_out(two, meeting)  # who leaves is off the list
    await refusal(InvalidState, "nobody_waits", session.give_floor(room.chair, meeting, 7))
    await refusal(InvalidState, "absent", session.check_out(room.secretary, meeting, 7))
    assert (await session.call_item(room.chair, meeting)).title == "收费标准"
    await refusal(InvalidState, "no_item", session.call_item(room.chair, meeting))
    done = await session.adjourn(room.chair, meeting)
    assert done.state == "adjourned" and not await Seat.filter(meeting_id=meeting.id, present=True).exists()
    await refusal(InvalidState, "wrong_state", session.check_in(room.secretary, meeting, 1))


async def test_a_concurrent_majority_fails_and_passes_amended(connected: str, world: World) -> None:
    """ "joint_meeting.move", "joint_meeting.second", "joint_meeting.amend", "joint_meeting.withdraw_motion",
    "joint_meeting.fix_rule", "joint_meeting.open_vote", "joint_meeting.vote", "joint_meeting.close_vote",
    "joint_meeting.dissent" """
    room = await Room.in_session(world)
    meeting, seats_ = room.meeting, room.delegates
    motion = await room.moved(mover=3, seconder=None)
    await refusal(NotAllowed, "same_bloc", motions.second(seats_[4], meeting, motion.number))
    await refusal(InvalidState, "wrong_state", votes.open_vote(room.chair, meeting, motion.number))
    await motions.second(seats_[7], meeting, motion.number)
    await refusal(InvalidState, "wrong_state", motions.second(seats_[1], meeting, motion.number))
    await refusal(NotAllowed, "mover", motions.withdraw(seats_[7], meeting, motion.number))
    vote = votes.vote
    await refusal(InvalidState, "not_open", vote(seats_[1], meeting.id, motion.number, choice="yes"))
    lost = await room.roll(motion.number, {**ALL_YES, 7: "no", 8: "no"})
    result: Any = lost.result
    assert (result["passed"], result["why"], result["against"]) == (False, "blocs_against", ["residents"])
    assert result["counts"] == [6, 2, 0, 0]
    await refusal(InvalidState, "closed", vote(seats_[1], meeting.id, motion.number, choice="yes"))
    await votes.dissent(seats_[7], meeting, motion.number, reasons="没有写明夜间安保由谁负责。")
    await refusal(
        InvalidState, "dissented", votes.dissent(seats_[7], meeting, motion.number, reasons="又一条")
    )
    await refusal(NotAllowed, "no_dissent", votes.dissent(seats_[1], meeting, motion.number, reasons="x"))
    await refusal(
        InvalidState,
        "passage_gone",
        motions.amend_(seats_[7], meeting, motion.number, strike="两年", insert="三年"),
    )
    change = await motions.amend_(
        seats_[7],
        meeting,
        motion.number,
        strike="试行一年",
        insert="试行半年，企业负责夜间安保",
        why="安保要有人管",
    )
    await motions.second(seats_[1], meeting, change.number)
    await refusal(InvalidState, "amendment", motions.amend_(seats_[1], meeting, change.number, insert="x"))
    passed = await room.roll(change.number, ALL_YES)
    assert passed.text == "自四月起试行半年，企业负责夜间安保。"
    again = await Motion.get(id=motion.id)
    assert (again.state, again.version, again.text) == ("seconded", 2, passed.text)
    await refusal(
        InvalidState, "rule_fixed", motions.fix_rule(room.chair, meeting, motion.number, rule="simple")
    )
    won = await room.roll(motion.number, {**ALL_YES, 8: "abstain"})
    assert won.number == 2 and won.result is not None and won.result["passed"]
    resolution = await Resolution.get(motion_id=motion.id)
    assert (resolution.number, resolution.text) == (1, passed.text)
    entries = await world.recorded("joint_meeting.close_vote")
    assert entries[0]["payload"]["roll"] == {
        "yes": [1, 2, 3, 4, 5, 6],
        "no": [7, 8],
        "abstain": [],
        "recused": [],
    }
    assert "安保" not in "".join([e.payload for e in await LedgerEntry.all()])
    other = await room.moved("另一动议", mover=1, seconder=None)
    assert (await motions.withdraw(seats_[1], meeting, other.number)).state == "withdrawn"
    await refusal(
        InvalidState, "wrong_state", motions.fix_rule(room.chair, meeting, other.number, rule="simple")
    )
    third = await room.moved("再一动议", mover=1, seconder=3)
    await refusal(
        InvalidInput, "unknown_rule", motions.fix_rule(room.chair, meeting, third.number, rule="loud")
    )
    await motions.fix_rule(room.chair, meeting, third.number, rule="consensus")
    await votes.open_vote(room.chair, meeting, third.number)
    await refusal(
        InvalidState, "wrong_state", motions.fix_rule(room.chair, meeting, third.number, rule="simple")
    )
    await refusal(InvalidInput, "empty", vote(seats_[5], meeting.id, third.number, choice="no"))
    await vote(seats_[5], meeting.id, third.number, choice="no", reasons="影响会员单位")
    await vote(seats_[1], meeting.id, third.number, choice="yes")
    closed: Any = (await votes.close_vote(room.chair, meeting)).result
    assert (closed["why"], closed["objections"]) == ("objection", 1)


async def test_amendments_are_voted_first(connected: str, world: World) -> None:
    room = await Room.in_session(world)
    motion = await room.moved("甲、乙、丙三处开放。")
    one = await motions.amend_(
        room.delegates[1], room.meeting, motion.number, strike="丙三处", insert="丙、丁四处"
    )
    two = await motions.amend_(room.delegates[5], room.meeting, motion.number, strike="三处", insert="若干处")
    unseconded = await motions.amend_(room.delegates[6], room.meeting, motion.number, insert="另行公告。")
    await motions.second(room.delegates[7], room.meeting, one.number)
    await motions.second(room.delegates[7], room.meeting, two.number)
    first = votes.open_vote(room.chair, room.meeting, motion.number)
    await refusal(InvalidState, "amendments_first", first)
    await room.roll(one.number, ALL_YES)
    # The other amendment's words are gone: it cannot overwrite the first.
    await refusal(InvalidState, "passage_gone", votes.open_vote(room.chair, room.meeting, two.number))
    await motions.withdraw(room.delegates[5], room.meeting, two.number)
    await room.roll(motion.number, ALL_YES)
    assert (await Motion.get(id=unseconded.id)).state == "lapsed"
    assert (await Resolution.get(motion_id=motion.id)).text == "甲、乙、丙、丁四处开放。"


async def test_clauses_of_a_resolution_become_obligations(connected: str, world: World) -> None:
    """ "joint_meeting.name_clause" """
    room = await Room.in_session(world)
    mover, meeting = room.delegates[3], room.meeting
    motion = (await room.moved()).number
    company, association = mover.party, room.delegates[5].party
    assert company is not None and association is not None
    soon = clock.today() + timedelta(days=30)
    given = {"party": company.id, "text": "安排夜间安保", "due_on": soon, "evidence": "排班表"}
    name = clauses.name_clause
    await refusal(NotAllowed, "mover", name(room.delegates[7], meeting, motion, **given))
    await refusal(
        InvalidInput, "not_seated", name(mover, meeting, motion, **{**given, "party": world.department.id})
    )
    await refusal(InvalidInput, "same_party", name(mover, meeting, motion, **given, counterpart=company.id))
    await refusal(InvalidInput, "past", name(mover, meeting, motion, **{**given, "due_on": clock.today()}))
    assert (await name(mover, meeting, motion, **given)).number == 1
    await name(room.chair, meeting, motion, **{**given, "text": "公示收费"}, counterpart=association.id)
    change = await motions.amend_(room.delegates[1], meeting, motion, insert="另行公告。")
    await refusal(InvalidState, "amendment", name(room.delegates[1], meeting, change.number, **given))
    await votes.open_vote(room.chair, meeting, motion)
    await refusal(InvalidState, "wrong_state", name(mover, meeting, motion, **given))
    for number, delegate in room.delegates.items():
        await votes.vote(delegate, meeting.id, motion, choice="yes" if number else "no")
    await votes.close_vote(room.chair, meeting)
    made = await Obligation.filter(source_kind="resolution").order_by("id")
    assert [(o.text, o.due_on, o.counterpart_id, o.counterpart_bloc) for o in made] == [
        ("安排夜间安保", soon, None, "residents"),
        ("公示收费", soon, association.id, ""),
    ]
    assert await MotionClause.filter(obligation_id__isnull=False).count() == 2


async def test_a_department_named_in_a_resolution_has_to_answer(connected: str, world: World) -> None:
    room = await Room.in_session(world)
    meeting, office = room.meeting, room.delegates[1]
    motion = (await room.moved()).number
    assert office.party is not None
    soon = clock.today() + timedelta(days=30)
    for party, text in (
        (office.party, "公布试点地块"),
        (office.party, "公布监督电话"),
        (room.delegates[3].party, "排班"),
    ):
        assert party is not None
        await clauses.name_clause(room.chair, meeting, motion, party=party.id, text=text, due_on=soon)
    assert not await Deadline.filter(kind="resolution").exists(), "a motion asks nothing of anybody"
    await room.roll(motion, ALL_YES)
    deadline = await Deadline.get(
        kind="resolution"
    )  # one, though two clauses name it; no enterprise has a clock
    assert deadline.department_id == office.party.id and deadline.answered_at is None
    resolution = await Resolution.get(meeting_id=meeting.id)
    assert deadline.subject_id == resolution.motion_id
    assert [p["payload"]["department"] for p in await world.recorded("response.start_clock")] == [
        office.party.id
    ]
    told = await Notification.filter(kind="response.started").values_list("person_id", flat=True)
    assert room.delegates[1].person is not None and room.delegates[1].person.id in told

    # Only that department answers; its promise is an obligation to the residents; the delegates rate, nobody else.
    given: dict[str, Any] = {
        "verdict": "accepted",
        "reasons": "本周公布。",
        "commitments": [Commitment("挂牌", soon)],
    }
    await refusal(NotAllowed, "party_role", responses.publish(room.delegates[3], deadline, **given))
    answer = await responses.publish(office, deadline, **given)
    promise = await Obligation.get(source_kind="response")
    assert (promise.party_id, promise.counterpart_bloc) == (office.party.id, "residents")
    await responses.rate(room.delegates[7], answer, stars=4)
    await refusal(NotAllowed, "not_asked", responses.rate(room.chair, answer, stars=1))
    rejected = (await room.moved("不通过的动议")).number
    await clauses.name_clause(room.chair, meeting, rejected, party=office.party.id, text="甲", due_on=soon)
    await room.roll(rejected, dict.fromkeys(range(1, 9), "no"))
    assert await Deadline.filter(kind="resolution").count() == 1, "what is rejected asks nothing"
