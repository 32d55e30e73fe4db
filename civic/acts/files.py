"""Attachments of proposals."""

from __future__ import annotations

from asyncio import to_thread
from dataclasses import dataclass

from civic import clock, storage
from civic.acts.core import Actor, Record, act_on, note
from civic.acts.permissions import author, the_person
from civic.errors import N_, InvalidState, NotFound, TooMany
from civic.models import Attachment, File, Proposal
from civic.rules import lifecycles
from civic.rules.commitments import commit
from civic.rules.files import examine
from civic.settings import settings

MOST = 10


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is kept, not yet attached to anything."""

    sha256: str
    name: str
    media_type: str
    size: int


async def store(name: str, content: bytes) -> Stored:
    """Check a file and keep its content, before any transaction. Raises InvalidInput."""
    checked = await to_thread(examine, name, content, most=settings().upload_max_bytes)
    digest = await to_thread(storage.put, checked.content)
    return Stored(digest, checked.name, checked.media_type, len(checked.content))


@act_on(Proposal, "proposal.attach", may=author)
async def attach(actor: Actor, proposal: Proposal, *, file: Stored) -> Attachment:
    """Attach a file to one's proposal."""
    lifecycles.move("proposal", proposal.state, "edit")
    rows = Attachment.filter(kind="proposal", subject_id=proposal.id)
    if await rows.count() >= MOST:
        raise TooMany(
            N_("At most %(limit)s files. Remove one first."), field="file", reason="too_many", limit=MOST
        )
    if await rows.filter(file__sha256=file.sha256).exists():
        raise InvalidState(N_("This file is attached already."), field="file", reason="attached")
    row = await File.create(
        sha256=file.sha256, name=file.name, media_type=file.media_type, size=file.size,
        owner=the_person(actor), at=clock.now(),
    )  # fmt: skip
    made = await Attachment.create(file=row, kind="proposal", subject_id=proposal.id)
    digest = commit(bytes(proposal.salt), file.sha256)
    note(Record("proposal", proposal.id, {"attached": made.id, "file": digest}))
    return made


@act_on(Proposal, "proposal.detach", may=author)
async def detach(actor: Actor, proposal: Proposal, *, attachment: int) -> Proposal:
    """Remove a file from one's proposal; that it was there stays on the record."""
    lifecycles.move("proposal", proposal.state, "edit")
    row = await Attachment.get_or_none(id=attachment, kind="proposal", subject_id=proposal.id)
    if row is None:
        raise NotFound(N_("This does not exist, or no longer."), field="attachment", reason="gone")
    await row.delete()
    note(Record("proposal", proposal.id, {"detached": attachment}))
    return proposal
