"""The agenda: items in order; seated parties ask for items until the cut-off, the chair decides."""

from __future__ import annotations

from secrets import token_bytes
from typing import Any

from civic import clock
from civic.acts.core import Actor, act_on
from civic.acts.files import Stored
from civic.acts.joint_meetings.access import chair, convener, record, tell
from civic.acts.notifications import members
from civic.acts.permissions import any_of, require_role, the_party, the_person
from civic.errors import N_, InvalidInput, InvalidState, NotAllowed, NotFound, TooMany
from civic.models import AgendaItem, Attachment, File, JointMeeting, Seat
from civic.rules import lifecycles
from civic.rules.commitments import commit, commit_fields
from civic.rules.text import multiline, one_line

MOST_ITEMS, MOST_FILES = 50, 10


async def seated_party(actor: Actor, meeting: JointMeeting) -> None:
    """a manager or delegate of a seated party"""
    party = the_party(actor)
    await require_role(actor, party, "manager", "delegate")
    if not await Seat.filter(meeting_id=meeting.id, party_id=party.id).exists():
        raise NotAllowed(N_("Your party has no seat in this meeting."), reason="not_seated")


async def find_item(meeting: JointMeeting, position: int) -> AgendaItem:
    """An item by its number on the agenda. Raises NotFound."""
    item = await AgendaItem.get_or_none(meeting_id=meeting.id, position=position)
    if item is None:
        raise NotFound(N_("This meeting has no item with this number."), field="item", reason="unknown_item")
    return item


async def _new(meeting: JointMeeting, title: str, body: str, **more: Any) -> AgendaItem:
    count = await AgendaItem.filter(meeting_id=meeting.id).count()
    if count >= MOST_ITEMS:
        raise InvalidInput(N_("At most %(limit)s items."), field="title", reason="too_many", limit=MOST_ITEMS)
    return await AgendaItem.create(
        meeting=meeting, position=count + 1, title=one_line(title, field="title", limit=200),
        body=multiline(body, field="body", limit=20_000, least=0), salt=token_bytes(16), **more,
    )  # fmt: skip


def _commitment(item: AgendaItem) -> str:
    return commit_fields(bytes(item.salt), {"title": item.title, "body": item.body})


@act_on(JointMeeting, "joint_meeting.add_item", may=any_of(convener, chair))
async def add_item(actor: Actor, meeting: JointMeeting, *, title: str, body: str = "") -> AgendaItem:
    """Put an item on the agenda."""
    lifecycles.move("joint_meeting", meeting.state, "plan")
    item = await _new(meeting, title, body)
    record(meeting, item=item.position, text=_commitment(item))
    return item


@act_on(JointMeeting, "joint_meeting.attach", may=any_of(convener, chair))
async def attach(actor: Actor, meeting: JointMeeting, item: int, *, file: Stored) -> Attachment:
    """Attach a document to an item of the agenda."""
    lifecycles.move("joint_meeting", meeting.state, "plan")
    found = await find_item(meeting, item)
    rows = Attachment.filter(kind="agenda_item", subject_id=found.id)
    if await rows.count() >= MOST_FILES:
        raise TooMany(N_("At most %(limit)s files."), field="file", reason="too_many", limit=MOST_FILES)
    if await rows.filter(file__sha256=file.sha256).exists():
        raise InvalidState(N_("This file is attached already."), field="file", reason="attached")
    row = await File.create(
        sha256=file.sha256, name=file.name, media_type=file.media_type, size=file.size,
        owner=the_person(actor), at=clock.now(),
    )  # fmt: skip
    made = await Attachment.create(file=row, kind="agenda_item", subject_id=found.id)
    record(meeting, item=item, attached=made.id, file=commit(bytes(found.salt), file.sha256))
    return made


@act_on(JointMeeting, "joint_meeting.move_item", may=any_of(convener, chair))
async def move_item(actor: Actor, meeting: JointMeeting, item: int, *, to: int) -> AgendaItem:
    """Give an item another place among those that have not been dealt with."""
    lifecycles.move("joint_meeting", meeting.state, "plan")
    moved = await find_item(meeting, item)
    rows = list(await AgendaItem.filter(meeting_id=meeting.id).order_by("position"))
    begun = [row.position for row in rows if row.done_at or row.id == meeting.current_item]
    if not max(begun, default=0) < to <= len(rows) or moved.position in begun:
        raise InvalidInput(
            N_("An item can be moved among those that have not been dealt with."),
            field="to",
            reason="position",
        )
    rows.remove(next(row for row in rows if row.id == moved.id))
    rows.insert(to - 1, moved)
    for position, row in enumerate(rows, 1):
        if row.position != position:
            await AgendaItem.filter(id=row.id).update(position=position)
    moved.position = to
    record(meeting, item=item, to=to)
    return moved


@act_on(JointMeeting, "joint_meeting.request_item", may=seated_party)
async def request_item(actor: Actor, meeting: JointMeeting, *, title: str, body: str = "") -> AgendaItem:
    """Ask for an item, for a seated party, until the cut-off."""
    lifecycles.move("joint_meeting", meeting.state, "ask_item")
    if clock.now() >= meeting.items_until:
        raise InvalidState(N_("The time to ask for items is over."), reason="cut_off")
    item = await _new(meeting, title, body, state="requested", requested_by=the_party(actor))
    record(meeting, item=item.position, requested=True, text=_commitment(item))
    return item


@act_on(JointMeeting, "joint_meeting.decide_item", may=chair)
async def decide_item(
    actor: Actor, meeting: JointMeeting, item: int, *, accept: bool, reason: str = ""
) -> AgendaItem:
    """Accept an item that a party asks for, or refuse it with the reason."""
    lifecycles.move("joint_meeting", meeting.state, "plan")
    found = await find_item(meeting, item)
    if found.state != "requested":
        raise InvalidState(N_("This item does not wait for a decision."), reason="decided")
    found.state = "accepted" if accept else "refused"
    found.reason = one_line(reason, field="reason", limit=500, least=0 if accept else 1)
    await found.save()
    if found.requested_by_id is not None:
        await tell(await members(found.requested_by_id), "joint_meeting.item", meeting)
    record(meeting, item=item, state=found.state)
    return found
