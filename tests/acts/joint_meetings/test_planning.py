"""A joint meeting is planned and convened; its agenda."""

from datetime import timedelta

import pytest

from civic import clock
from civic.acts import files
from civic.acts.core import Actor
from civic.acts.joint_meetings import agenda, planning, session
from civic.acts.joint_meetings.planning import Seats
from civic.errors import InvalidInput, InvalidState, NotAllowed, NotFound, TooMany
from civic.models import (
    Notification,
)
from civic.rules.joint_meetings import Bloc
from civic.web.files import public_item
from tests.support import world as rows
from tests.support.meetings import HALF, Room, plan, refusal
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_a_meeting_is_planned_and_convened(connected: str, world: World) -> None:
    """ "joint_meeting.create", "joint_meeting.edit", "joint_meeting.set_seats", "joint_meeting.name_officers",
    "joint_meeting.convene", "joint_meeting.cancel" """
    host, area = world.as_official, world.district.code
    await refusal(NotAllowed, "no_right", planning.create(await world.delegate(), area=area, plan=plan()))
    await refusal(NotAllowed, "other_area", planning.create(host, area=world.elsewhere.code, plan=plan()))
    for changes, reason in (
        ({"starts_at": clock.now() - timedelta(hours=1)}, "past"),
        ({"items_until": clock.now() + timedelta(days=9)}, "times"),
        ({"rule": "shouting"}, "unknown_rule"),
        ({"review_days": 0}, "review_days"),
        ({"scenario": 99}, "unknown_scenario"),
        ({"proposals": (99,)}, "unknown_proposal"),
        ({"title": " \u200b "}, "empty"),
        ({"link": "javascript:alert(1)"}, "not_a_link"),
    ):
        await refusal(InvalidInput, reason, planning.create(host, area=area, plan=plan(**changes)))
    meeting = await planning.create(host, area=area, plan=plan())
    await planning.edit(host, meeting, plan=plan(title="改名的会议"))
    await refusal(InvalidState, "no_seats", planning.convene(host, meeting))
    company = (await world.delegate("enterprise")).party
    assert company is not None
    sleeping = await rows.party("enterprise", "停用的企业", world.district, state="suspended")
    one = [Bloc("enterprise", 1, 2)]
    for blocs, groups, reason in (
        ([], [Seats(1, company.id)], "no_blocs"),
        (HALF, [Seats(1, company.id)], "bloc_without_seat"),
        (one, [Seats(0, company.id)], "seats"),
        (one, [Seats(2001, company.id)], "seats"),
        (one, [Seats(1, sleeping.id)], "party_inactive"),
        (one, [Seats(1, filled_by="party")], "filled_by"),
    ):
        await refusal(InvalidInput, reason, planning.set_seats(host, meeting, blocs=blocs, seats=groups))
    await planning.set_seats(host, meeting, blocs=one, seats=[Seats(3, company.id)])
    await refusal(InvalidState, "no_officers", planning.convene(host, meeting))
    code = world.official.pseudonym
    await refusal(
        InvalidInput, "unknown_person", planning.name_officers(host, meeting, chair="x", secretary=code)
    )
    await planning.name_officers(host, meeting, chair=code, secretary=code)
    await refusal(InvalidState, "no_agenda", planning.convene(host, meeting))
    await agenda.add_item(host, meeting, title="唯一议题")
    done = await planning.convene(host, meeting)
    assert (done.state, done.title) == ("convened", "改名的会议")
    (entry,) = await world.recorded("joint_meeting.convene")
    assert entry["payload"]["seats"] == [[1, 3, "enterprise", company.id, "party"]]
    assert entry["payload"]["blocs"] == {"enterprise": [1, 2]} and "改名" not in str(entry)
    assert await Notification.filter(kind="joint_meeting.convened").count() == 1
    await refusal(InvalidState, "wrong_state", planning.edit(host, meeting, plan=plan()))
    await refusal(InvalidState, "wrong_state", planning.convene(host, meeting))
    await refusal(InvalidInput, "empty", planning.cancel(host, meeting, reason=""))
    assert (await planning.cancel(host, meeting, reason="改期")).state == "cancelled"
    await refusal(InvalidState, "wrong_state", session.open_(Actor(world.official), meeting))


async def test_items_are_asked_for_until_the_cut_off(connected: str, world: World) -> None:
    """ "joint_meeting.add_item", "joint_meeting.request_item", "joint_meeting.decide_item", "joint_meeting.move_item" """
    room = await Room.convened(world)
    outsider = await world.delegate("enterprise")
    asks = room.delegates[3]
    await refusal(NotAllowed, "not_seated", agenda.request_item(outsider, room.meeting, title="插队"))
    item = await agenda.request_item(asks, room.meeting, title="车位地锁")
    assert (item.position, item.state) == (3, "requested")
    second = await agenda.request_item(asks, room.meeting, title="充电桩")
    await refusal(
        InvalidInput, "empty", agenda.decide_item(room.chair, room.meeting, second.position, accept=False)
    )
    refused = await agenda.decide_item(
        room.chair, room.meeting, second.position, accept=False, reason="另会讨论"
    )
    assert (refused.state, refused.reason) == ("refused", "另会讨论")
    await agenda.decide_item(room.chair, room.meeting, item.position, accept=True)
    await refusal(
        InvalidState, "decided", agenda.decide_item(room.chair, room.meeting, item.position, accept=True)
    )
    await refusal(NotFound, "unknown_item", agenda.move_item(room.chair, room.meeting, 9, to=1))
    await refusal(InvalidInput, "position", agenda.move_item(room.chair, room.meeting, 1, to=9))
    await agenda.move_item(room.chair, room.meeting, 3, to=1)
    assert (await agenda.find_item(room.meeting, 1)).title == "车位地锁"
    with clock.travel(room.meeting.items_until + timedelta(seconds=1)):
        await refusal(InvalidState, "cut_off", agenda.request_item(asks, room.meeting, title="晚了"))
    await session.open_(room.chair, room.meeting)
    await session.call_item(room.chair, room.meeting)
    await refusal(InvalidInput, "position", agenda.move_item(room.chair, room.meeting, 3, to=1))
    await refusal(InvalidState, "wrong_state", agenda.request_item(asks, room.meeting, title="会中临时"))


async def test_documents_of_an_item(connected: str, world: World) -> None:
    """ "joint_meeting.attach" """
    room = await Room.draft(world)
    host, meeting = world.as_official, room.meeting
    file = await files.store("车位 示意.txt", "两个地块".encode())
    await refusal(NotFound, "unknown_item", agenda.attach(host, meeting, 9, file=file))
    made = await agenda.attach(host, meeting, 1, file=file)
    await refusal(InvalidState, "attached", agenda.attach(host, meeting, 1, file=file))
    for number in range(9):
        await agenda.attach(host, meeting, 1, file=await files.store(f"{number}.txt", str(number).encode()))
    one_more = await files.store("x.txt", b"x")
    await refusal(TooMany, "too_many", agenda.attach(host, meeting, 1, file=one_more))
    assert not await public_item(made.subject_id)
    await planning.convene(host, meeting)
    assert await public_item(made.subject_id)
    entries = await world.recorded("joint_meeting.attach")
    assert len(entries) == 10 and file.sha256 not in str(entries)
