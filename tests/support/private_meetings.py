"""What is private of joint meetings, with marks: drafts, minutes that are not published, voices before they are counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from civic import db
from civic.acts.files import store
from civic.acts.joint_meetings import agenda, minutes, planning, votes
from civic.models import AgendaItem, JointMeeting, Minutes, RollCall
from tests.acts.permission_rows import joint_meetings as before
from tests.acts.permission_rows import joint_meetings_in_session as after
from tests.support.permissions import Cast

Mark = Callable[..., str]


async def _written(work: Callable[[], Any]) -> None:
    async def write() -> None:
        await work()

    await db.write(write)


async def _draft(cast: Cast, mark: Mark, name: str) -> JointMeeting:
    """A draft that only those who act for its convener see, every text of it marked."""
    meeting = await before.draft(cast)
    said = {field: mark(name + field, "host") for field in ("title", "about", "place")}
    await _written(
        lambda: JointMeeting.filter(id=meeting.id).update(
            **said, link=f"https://{mark(name + 'link', 'host')}"
        )
    )
    item = {"title": mark(name + "item", "host"), "body": mark(name + "body", "host")}
    await _written(lambda: AgendaItem.filter(meeting_id=meeting.id, position=1).update(**item))
    await agenda.attach(
        cast["host"], meeting, 1, file=await store(mark(name + "file", "host") + ".txt", name.encode())
    )
    return meeting


async def _version(meeting: JointMeeting, number: int, text: str) -> None:
    row = await Minutes.get(meeting_id=meeting.id, number=number)
    parts = [{**part, "en": text} for part in row.sections]
    await _written(lambda: Minutes.filter(id=row.id).update(sections=parts))


async def private_meetings(cast: Cast, mark: Mark) -> list[int]:
    """Keys of meetings with private texts; ``mark(name, *roles)`` gives a text that only these roles may be told."""
    draft = await _draft(cast, mark, "draft")
    dropped = await _draft(cast, mark, "dropped")
    await planning.cancel(cast["host"], dropped, reason=mark("droppedreason", "host"))
    # Minutes under review are the seats' to read, drafts only the officers'; who is neither reads none.
    reviewed = await after.adjourned(cast)
    await minutes.draft(cast["secretary"], reviewed)
    await _version(reviewed, 1, mark("reviewed", "host", "manager", "resident"))
    await minutes.submit(cast["secretary"], reviewed)
    reply = mark("objection", "host", "manager", "resident")
    await minutes.sign(cast["resident"], reviewed, 1, objection=reply)
    written = await after.adjourned(cast)
    await minutes.draft(cast["secretary"], written)
    await _version(written, 1, mark("written"))
    # While a vote is open nobody is told what a seat says, nor why: but everybody what is held on themself.
    voting, motion = await after.moved(cast)
    await votes.open_vote(cast["chair"], voting, motion.number)
    await votes.vote(
        cast["resident"], voting.id, motion.number, choice="no", reasons=mark("reasons", "resident")
    )
    assert await RollCall.filter(vote__motion_id=motion.id).count() == 1
    return [draft.id, dropped.id, reviewed.id, written.id, voting.id]
