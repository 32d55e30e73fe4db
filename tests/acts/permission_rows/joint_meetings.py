"""Joint meetings. The department convenes; ``chair`` and ``secretary`` have their offices in these meetings too.

Seats: 1 host, 2 host_clerk, 3 manager, 4 delegate, 5 resident. Whoever has none of this may do nothing of it.
"""

from datetime import timedelta
from typing import Any

from civic import clock, db
from civic.acts import files
from civic.acts.core import SYSTEM
from civic.acts.joint_meetings import agenda, planning, seats, sortition
from civic.acts.joint_meetings.planning import Seats
from civic.ledger import sequencer
from civic.models import Ballot, JointMeeting
from civic.rules.joint_meetings import Bloc
from tests.support.meetings import plan
from tests.support.permissions import PEOPLE, Attempt, Cast, row

SEATED = ("host", "host_clerk", "manager", "delegate", "resident")
CHAIR, SECRETARY = "chair", "secretary"
BLOCS = [Bloc(bloc, 1, 2) for bloc in ("government", "enterprise", "residents")]


def groups(cast: Cast, how: str) -> list[Seats]:
    return [Seats(2, cast.party("host").id), Seats(2, cast.party("manager").id), Seats(1, filled_by=how)]


async def draft(cast: Cast, how: str = "nomination") -> JointMeeting:
    host = cast["host"]
    meeting = await planning.create(host, area=cast.world.district.code, plan=plan())
    await planning.set_seats(host, meeting, blocs=BLOCS, seats=groups(cast, how))
    chair, secretary = cast.person(CHAIR).pseudonym, cast.person(SECRETARY).pseudonym
    await planning.name_officers(host, meeting, chair=chair, secretary=secretary)
    await agenda.add_item(host, meeting, title="议题一")
    await agenda.add_item(host, meeting, title="议题二")
    return meeting


async def convened(cast: Cast, how: str = "nomination") -> JointMeeting:
    return await planning.convene(cast["host"], await draft(cast, how))


async def named(cast: Cast, how: str = "nomination") -> JointMeeting:
    meeting = await convened(cast, how)
    for number, role in enumerate(SEATED, 1):
        naming = "manager" if role in ("manager", "delegate") else "host"
        if role != "resident" or how == "nomination":
            await seats.name_delegate(cast[naming], meeting, number, person=cast.person(role).pseudonym)
    return meeting


async def confirmed(cast: Cast) -> JointMeeting:
    meeting = await named(cast)
    for role in SEATED:
        await seats.confirm(cast[role], meeting)
    return meeting


async def called(cast: Cast) -> JointMeeting:
    meeting = await named(cast, "sortition")
    await sortition.call_volunteers(cast["host"], meeting, closes_at=clock.now() + timedelta(days=1))
    return meeting


@row("joint_meeting.create", "host")
async def _(cast: Cast) -> Attempt:
    return lambda actor: planning.create(actor, area=cast.world.district.code, plan=plan())


@row("joint_meeting.edit", "host")
async def _(cast: Cast) -> Attempt:
    key = (await draft(cast)).id
    return lambda actor: planning.edit(actor, key, plan=plan(title="新标题"))


@row("joint_meeting.set_seats", "host")
async def _(cast: Cast) -> Attempt:
    key = (await draft(cast)).id
    return lambda actor: planning.set_seats(actor, key, blocs=BLOCS, seats=groups(cast, "ballot"))


@row("joint_meeting.name_officers", "host")
async def _(cast: Cast) -> Attempt:
    key, code = (await draft(cast)).id, cast.person("resident").pseudonym
    return lambda actor: planning.name_officers(actor, key, chair=code, secretary=code)


@row("joint_meeting.convene", "host")
async def _(cast: Cast) -> Attempt:
    key = (await draft(cast)).id
    return lambda actor: planning.convene(actor, key)


@row("joint_meeting.cancel", "host")
async def _(cast: Cast) -> Attempt:
    key = (await convened(cast)).id
    return lambda actor: planning.cancel(actor, key, reason="改期")


@row("joint_meeting.add_item", "host", CHAIR)
async def _(cast: Cast) -> Attempt:
    key = (await convened(cast)).id
    return lambda actor: agenda.add_item(actor, key, title="议题三")


@row("joint_meeting.attach", "host", CHAIR)
async def _(cast: Cast) -> Attempt:
    key, file = (await convened(cast)).id, await files.store("图.txt", "车位示意".encode())
    return lambda actor: agenda.attach(actor, key, 1, file=file)


@row("joint_meeting.move_item", "host", CHAIR)
async def _(cast: Cast) -> Attempt:
    key = (await convened(cast)).id
    return lambda actor: agenda.move_item(actor, key, 2, to=1)


@row("joint_meeting.request_item", "host", "manager", "delegate")
async def _(cast: Cast) -> Attempt:
    key = (await convened(cast)).id
    return lambda actor: agenda.request_item(actor, key, title="请列入")


@row("joint_meeting.decide_item", CHAIR)
async def _(cast: Cast) -> Attempt:
    meeting = await convened(cast)
    item = await agenda.request_item(cast["manager"], meeting, title="请列入")
    return lambda actor: agenda.decide_item(actor, meeting.id, item.position, accept=True)


@row("joint_meeting.name_delegate", "manager")
async def _(cast: Cast) -> Attempt:
    key, code = (await convened(cast)).id, cast.person("clerk").pseudonym
    return lambda actor: seats.name_delegate(actor, key, 3, person=code)


@row("joint_meeting.name_delegate", "host")
async def _(cast: Cast) -> Attempt:
    key, code = (await convened(cast)).id, cast.person("resident").pseudonym
    return lambda actor: seats.name_delegate(actor, key, 5, person=code)


@row("joint_meeting.seat_elected", "host")
async def _(cast: Cast) -> Attempt:
    meeting, place = await convened(cast, "ballot"), cast.world.district
    given: dict[str, Any] = {"area": place, "host": cast.party("host"), "author": cast.person("host")}
    times = dict.fromkeys(("opens_at", "closes_at", "created_at"), clock.now())

    async def certified() -> Ballot:
        return await Ballot.create(
            title="选代表", question="选谁？", method="single", passing="plurality", state="certified",
            result={"winners": ["1"]}, **given, **times,
        )  # fmt: skip

    ballot, code = (await db.write(certified)).id, cast.person("resident").pseudonym
    return lambda actor: seats.seat_elected(actor, meeting.id, 5, ballot=ballot, option="1", person=code)


@row("joint_meeting.confirm_seat", *SEATED)
async def _(cast: Cast) -> Attempt:
    key = (await named(cast)).id
    return lambda actor: seats.confirm(actor, key)


@row("joint_meeting.decline_seat", *SEATED)
async def _(cast: Cast) -> Attempt:
    key = (await confirmed(cast)).id
    return lambda actor: seats.decline(actor, key)


@row("joint_meeting.send_substitute", "manager", "delegate")
async def _(cast: Cast) -> Attempt:
    key, code = (await confirmed(cast)).id, cast.person("clerk").pseudonym
    return lambda actor: seats.substitute(actor, key, 4, person=code)


@row("joint_meeting.call_volunteers", "host")
async def _(cast: Cast) -> Attempt:
    key = (await convened(cast, "sortition")).id
    return lambda actor: sortition.call_volunteers(actor, key, closes_at=clock.now() + timedelta(days=1))


@row("joint_meeting.volunteer", "resident")
async def _(cast: Cast) -> Attempt:
    key = (await called(cast)).id
    return lambda actor: sortition.volunteer(actor, key)


OTHERS = tuple(role for role in PEOPLE if role != "resident")


@row("joint_meeting.withdraw_volunteer", "resident", not_now=OTHERS)
async def _(cast: Cast) -> Attempt:
    key = (await called(cast)).id
    await sortition.volunteer(cast["resident"], key)
    return lambda actor: sortition.withdraw(actor, key)


@row("joint_meeting.close_list", "system")
async def _(cast: Cast) -> Attempt:
    key = (await called(cast)).id
    return lambda actor: sortition.close_list(actor, key)


@row("joint_meeting.draw", "system", committed=True)
async def _(cast: Cast) -> Attempt:
    key = (await called(cast)).id
    await sortition.volunteer(cast["resident"], key)
    await sortition.close_list(SYSTEM, key)
    await sequencer.seal()
    return lambda actor: sortition.draw(actor, key)


@row("joint_meeting.invite_drawn", "system")
async def _(cast: Cast) -> Attempt:
    key = (await called(cast)).id
    return lambda actor: sortition.invite_drawn(actor, key, 5, cast.person("resident").pseudonym, 1)
