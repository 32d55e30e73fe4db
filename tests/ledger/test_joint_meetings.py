"""What a stranger derives again of a joint meeting from an export, and how a falsified record is named."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest

from civic import clock, db, jobs
from civic.acts.core import Actor
from civic.acts.joint_meetings import clauses, minutes, motions, seats, session, sortition, votes
from civic.acts.joint_meetings.planning import Seats
from civic.ledger import sequencer
from civic.ledger.export import export
from civic.ledger.verify import Report, verify
from civic.models import LedgerEntry, Seat
from tests.support.meetings import ALL_YES, Room
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def a_meeting(world: World) -> Room:
    """With a draw of 2 from 9 of whom one declines, a vote lost and won, a recusal, a vote without quorum, and minutes."""
    room = await Room.convened(world, Seats(2, filled_by="sortition"))
    meeting = room.meeting
    people = {p.pseudonym: p for p in await world.residents(9)}
    await sortition.call_volunteers(world.as_official, meeting, closes_at=clock.now() + timedelta(hours=1))
    for person in people.values():
        await sortition.volunteer(Actor(person), meeting)
    with clock.shift(timedelta(hours=2)):
        await jobs.run_once()
        await sequencer.seal()
        await jobs.run_once()
    drawn = await Seat.get(meeting_id=meeting.id, number=8).select_related("person")
    await seats.decline(Actor(people[drawn.person.pseudonym]), meeting)  # the first of the reserve is invited
    for number in (7, 8):
        seat = await Seat.get(meeting_id=meeting.id, number=number).select_related("person")
        room.delegates[number] = Actor(people[seat.person.pseudonym])
        await seats.confirm(room.delegates[number], meeting)
    for number in room.delegates:
        await session.check_in(room.secretary, meeting, number)
    await session.open_(room.chair, meeting)
    await session.call_item(room.chair, meeting)
    motion = await room.moved()
    await motions.recuse(room.delegates[4], meeting, motion.number, interest="股东")
    company, due = room.delegates[3].party, clock.today() + timedelta(days=90)
    assert company is not None
    await clauses.name_clause(
        room.delegates[3], meeting, motion.number, party=company.id, text="安排夜间安保", due_on=due
    )
    said = {n: c for n, c in {**ALL_YES, 7: "no", 8: "no"}.items() if n != 4}
    await room.roll(motion.number, said)
    change = await motions.amend_(room.delegates[7], meeting, motion.number, strike="一年", insert="半年")
    await motions.second(room.delegates[1], meeting, change.number)
    await room.roll(change.number, ALL_YES)
    await votes.open_vote(room.chair, meeting, motion.number)
    for number in (7, 8):
        await session.check_out(room.delegates[number], meeting)
    await votes.close_vote(room.chair, meeting)
    for number in (7, 8):
        await session.check_in(room.delegates[number], meeting)
    await room.roll(motion.number, {n: "yes" for n in ALL_YES if n != 4})
    await room.submitted()
    await minutes.sign(room.delegates[1], meeting, 1)
    await minutes.sign(room.delegates[2], meeting, 1, objection="缺一段")
    with clock.shift(timedelta(days=8)):
        await jobs.run_once()
    return room


async def report(folder: Path) -> Report:
    await sequencer.seal()
    await export(folder)
    return verify(str(folder))


async def test_the_whole_meeting_is_derived_again(connected: str, world: World, tmp_path: Path) -> None:
    await a_meeting(world)
    found = await report(tmp_path)
    assert found.ok, found.wrong
    (line,) = [line for line in found.good if "joint meeting" in line]
    assert "9 quorums and 4 results" in line and "2 residents drawn again from 9" in line


Change = Callable[[dict[str, Any]], Any]


def swap_result(payload: dict[str, Any]) -> None:
    payload["result"] |= {"passed": True, "why": "passed", "against": []}
    payload["state"] = "adopted"


def stuff_roll(payload: dict[str, Any]) -> None:
    payload["roll"]["yes"].append(4)


def turn_voice(payload: dict[str, Any]) -> None:
    """Seat 8 said no; the figures fit a yes."""
    payload["roll"]["no"].remove(8)
    payload["roll"]["yes"].append(8)
    payload["result"] |= {"counts": [6, 1, 0, 1]}
    payload["result"]["blocs"]["residents"] = [1, 1, 0, 0]


def invent_resolution(payload: dict[str, Any]) -> None:
    payload["resolution"] = 1


FALSIFIED: list[tuple[str, int, Change, str]] = [
    ("draw", 0, lambda p: p["drawn"].reverse(), "the draw, repeated"),
    ("draw", 0, lambda p: p.update(seed="00" * 32), "is not the root of the tree"),
    ("draw", 0, lambda p: p.update(size=1), "between the closing of the list and the draw"),
    ("close_list", 0, lambda p: p.update(count=8), "not that of those who volunteered"),
    ("invite_drawn", 1, lambda p: p.update(rank=3), "was invited as no. 3"),
    ("open", 0, lambda p: p["quorum"].update(residents=[1, 1, 2]), "the quorum that follows"),
    ("close_vote", 0, swap_result, "does not follow from its roll-call"),
    ("close_vote", 0, stuff_roll, "not of those who voted: see seats 4"),
    ("close_vote", 2, lambda p: p.update(state="adopted"), "is recorded as adopted"),
    ("check_in", 6, lambda p: p.update(seat=6), "is there already"),
    ("check_in", 0, lambda p: p.update(seat=8), "is there already"),
    ("check_out", 0, lambda p: p.update(seat=1), "the quorum that follows"),
    ("open_vote", 0, lambda p: p["quorum"].update(residents=[1, 1, 2]), "the quorum that follows"),
    ("close_vote", 1, lambda p: p["quorum"].update(enterprise=[2, 2, 2]), "the quorum that follows"),
    ("close_vote", 0, turn_voice, "seat 8 did not say yes on motion 1"),
    ("close_vote", 0, invent_resolution, "is rejected, and the record says otherwise of a resolution"),
    ("close_vote", 3, lambda p: p.pop("resolution"), "is adopted, and the record says otherwise"),
    ("close_vote", 3, lambda p: p.update(resolution=99), "duties of resolution 99 are not the obligations"),
    ("decline_seat", 0, lambda p: p.update(seat=1), "given back by somebody who is not its delegate"),
    ("move", 0, lambda p: p.update(rule="simple"), "under another rule than the meeting's"),
    ("second", 0, lambda p: p.update(seconder=4), "its mover's own bloc"),
    ("open_vote", 0, lambda p: p.update(rule="simple"), "another rule than was fixed"),
    ("vote", 0, lambda p: p.update(seat=8), "not its delegate"),
    ("name_clause", 0, lambda p: p.update(due="2026-01-01"), "are not the obligations that came of it"),
    ("publish_minutes", 0, lambda p: p.update(objected=[]), "seats that objected"),
]  # fmt: skip


async def test_falsified_records_are_named(connected: str, world: World, tmp_path: Path) -> None:
    """The operator writes a false entry before it is sealed: the tree verifies, what it says does not."""
    room = await a_meeting(world)
    missed: list[str] = []
    for number, (act, index, change, named) in enumerate(FALSIFIED):
        await unsealed()
        entry = (await LedgerEntry.filter(act=f"joint_meeting.{act}").order_by("id"))[index]
        body = orjson.loads(entry.payload)
        change(body["payload"])
        text = orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()
        await written(partial(rewrite, entry, text))
        found = await report(tmp_path / str(number))
        about = [line for line in found.wrong if line.startswith(f"joint meeting {room.meeting.id}:")]
        if about != found.wrong or not any(named in line for line in about):
            missed.append(f"{act} {index}, {named!r}: {found.wrong}")
        await written(partial(rewrite, entry, entry.payload))
    assert not missed, "\n".join(missed)
    await unsealed()
    assert (await report(tmp_path / "honest")).ok


async def rewrite(entry: LedgerEntry, payload: str) -> None:
    await LedgerEntry.filter(id=entry.id).update(payload=payload)


async def written(work: Callable[[], Awaitable[Any]]) -> None:
    async def write() -> None:
        await work()

    await db.write(write)


async def unsealed() -> None:
    """Take the seals off, but keep the entries' order: the first checkpoint stays as it was for the draw."""
    from civic.models import LedgerCheckpoint, LedgerTile

    async def write() -> None:
        await LedgerCheckpoint.all().delete()
        await LedgerTile.all().delete()
        await LedgerEntry.all().update(seq=None)

    await db.write(write)
