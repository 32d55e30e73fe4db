"""Seats of a joint meeting: named, elected, drawn, substituted."""

from datetime import timedelta

import pytest

from civic import clock, db, jobs
from civic.acts.core import Actor
from civic.acts.joint_meetings import planning, seats, session, sortition
from civic.acts.joint_meetings.planning import Seats
from civic.errors import Conflict, InvalidInput, InvalidState, NotAllowed, NotFound
from civic.ledger import sequencer
from civic.models import (
    Ballot,
    Seat,
    Sortition,
    Volunteer,
)
from civic.rules.joint_meetings import draw_order
from tests.support import world as rows
from tests.support.meetings import Room, refusal
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_seats_are_named_confirmed_and_substituted(connected: str, world: World) -> None:
    """ "joint_meeting.name_delegate", "joint_meeting.confirm_seat", "joint_meeting.decline_seat",
    "joint_meeting.send_substitute" """
    room = await Room.draft(world)
    boss = room.delegates[3]
    assert boss.person is not None and boss.party is not None
    own = boss.person.pseudonym
    await refusal(InvalidState, "wrong_state", seats.name_delegate(boss, room.meeting, 3, person=own))
    await planning.convene(world.as_official, room.meeting)
    stranger = await world.guest()
    name = seats.name_delegate
    await refusal(NotAllowed, "party_role", name(room.delegates[5], room.meeting, 3, person=own))
    await refusal(InvalidInput, "not_member", name(boss, room.meeting, 3, person=stranger.pseudonym))
    await refusal(NotFound, "unknown_seat", name(boss, room.meeting, 77, person=own))
    await refusal(
        InvalidInput, "not_resident", name(world.as_official, room.meeting, 7, person=stranger.pseudonym)
    )
    await name(boss, room.meeting, 3, person=own)
    await refusal(Conflict, "seated", name(boss, room.meeting, 4, person=own))
    await refusal(NotAllowed, "not_seated", seats.confirm(room.delegates[5], room.meeting))
    assert (await seats.confirm(boss, room.meeting)).state == "confirmed"
    await refusal(InvalidState, "wrong_state", seats.confirm(boss, room.meeting))
    other = await rows.person("替补")
    send = seats.substitute
    await refusal(InvalidInput, "not_member", send(boss, room.meeting, 3, person=other.pseudonym))
    await rows.member(boss.party, other, "delegate")
    await session.check_in(boss, room.meeting)
    await refusal(InvalidState, "present", send(boss, room.meeting, 3, person=other.pseudonym))
    await session.check_out(boss, room.meeting)
    await refusal(Conflict, "seated", send(boss, room.meeting, 3, person=own))
    seat = await send(boss, room.meeting, 3, person=other.pseudonym)
    assert (seat.state, seat.person_id, seat.replaced_id) == ("invited", other.id, boss.person.id)
    await refusal(NotAllowed, "not_seated", session.check_in(boss, room.meeting))
    await refusal(InvalidState, "not_confirmed", session.check_in(Actor(other), room.meeting))
    await seats.confirm(Actor(other), room.meeting)
    await seats.decline(Actor(other), room.meeting)
    assert (await room.seat(3)).state == "vacant"


async def test_an_elected_resident_is_seated(connected: str, world: World) -> None:
    """ "joint_meeting.seat_elected" """
    room = await Room.convened(world, Seats(2, filled_by="ballot"))
    elected, other = await world.residents(2)

    async def certified() -> Ballot:
        return await Ballot.create(
            title="选代表", question="选谁？", method="single", passing="plurality", state="certified",
            area=world.district, host=world.department, author=world.official, opens_at=clock.now(),
            closes_at=clock.now(), created_at=clock.now(), result={"passed": True, "winners": ["2"]},
        )  # fmt: skip

    ballot = (await db.write(certified)).id
    host, code = world.as_official, elected.pseudonym
    seat = seats.seat_elected
    await refusal(
        InvalidInput, "not_elected", seat(host, room.meeting, 7, ballot=ballot, option="1", person=code)
    )
    await refusal(
        InvalidState, "not_by_ballot", seat(host, room.meeting, 1, ballot=ballot, option="2", person=code)
    )
    await seat(host, room.meeting, 7, ballot=ballot, option="2", person=code)
    await refusal(
        Conflict, "seated", seat(host, room.meeting, 8, ballot=ballot, option="2", person=other.pseudonym)
    )
    assert (await seats.confirm(Actor(elected), room.meeting)).number == 7
    await refusal(NotAllowed, "not_named", seats.name_delegate(host, room.meeting, 8, person=code))
    await refusal(
        NotAllowed, "no_substitute", seats.substitute(Actor(elected), room.meeting, 7, person=other.pseudonym)
    )


async def test_residents_are_drawn_from_volunteers(connected: str, world: World) -> None:
    """ "joint_meeting.call_volunteers", "joint_meeting.volunteer", "joint_meeting.withdraw_volunteer",
    "joint_meeting.close_list", "joint_meeting.draw", "joint_meeting.invite_drawn" """
    plain = await Room.convened(world)
    soon = clock.now() + timedelta(days=1)
    call = sortition.call_volunteers
    await refusal(InvalidState, "no_drawn_seats", call(world.as_official, plain.meeting, closes_at=soon))
    room = await Room.convened(world, Seats(3, filled_by="sortition"))
    meeting, people = room.meeting, await world.residents(12)
    await refusal(NotFound, "no_call", sortition.volunteer(Actor(people[0]), meeting))
    late = clock.now() + timedelta(days=9)
    await refusal(InvalidInput, "times", call(world.as_official, meeting, closes_at=late))
    outside = call(world.as_official, meeting, closes_at=soon, area=world.elsewhere.code)
    await refusal(InvalidInput, "other_area", outside)
    await call(world.as_official, meeting, closes_at=soon)
    await refusal(Conflict, "called", call(world.as_official, meeting, closes_at=soon))
    await refusal(NotAllowed, "not_verified", sortition.volunteer(Actor(await world.guest()), meeting))
    foreigner = await world.resident(where=world.elsewhere)
    await refusal(NotAllowed, "other_area", sortition.volunteer(Actor(foreigner), meeting))
    for person in people:
        await sortition.volunteer(Actor(person), meeting)
    await refusal(Conflict, "volunteered", sortition.volunteer(Actor(people[0]), meeting))
    await sortition.withdraw(Actor(people[11]), meeting)
    await refusal(InvalidState, "not_volunteered", sortition.withdraw(Actor(people[11]), meeting))
    with clock.shift(timedelta(days=1, minutes=1)):
        await refusal(InvalidState, "list_closed", sortition.volunteer(Actor(people[11]), meeting))
        await jobs.run_once()
        assert (await Sortition.get(meeting_id=meeting.id)).state == "closed"
        await jobs.run_once()  # no checkpoint covers the closing yet: nothing is drawn
        assert (await Sortition.get(meeting_id=meeting.id)).state == "closed"
        await sequencer.seal()
        await jobs.run_once()
        await jobs.run_once()
        drawn = await Sortition.get(meeting_id=meeting.id)
        assert drawn.state == "drawn" and len(drawn.seed) == 64
        ids = [p.pseudonym for p in people[:11]]
        order = draw_order(bytes.fromhex(drawn.seed), ids)
        (entry,) = await world.recorded("joint_meeting.draw")
        assert entry["payload"]["drawn"] == order[:3] and entry["payload"]["count"] == 11
        taken = (
            await Seat.filter(meeting_id=meeting.id, bloc="residents")
            .order_by("number")
            .select_related("person")
        )
        assert [s.person.pseudonym for s in taken] == order[:3]
        ranks = await Volunteer.filter(meeting_id=meeting.id).order_by("rank").select_related("person")
        assert [v.person.pseudonym for v in ranks] == order
        # The second drawn one declines: the first of the reserve is invited, then the next.
        by_code = {p.pseudonym: p for p in people}
        await seats.decline(Actor(by_code[order[1]]), meeting)
        await seats.decline(Actor(by_code[order[3]]), meeting)
        second = await Seat.get(meeting_id=meeting.id, number=8).select_related("person")
        assert second.person.pseudonym == order[4]
        assert [e["payload"]["rank"] for e in await world.recorded("joint_meeting.invite_drawn")] == [
            1,
            2,
            3,
            4,
            5,
        ]
