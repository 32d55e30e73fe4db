"""A file becomes a roll: read beside other work, written in small steps where nobody sees it, put in place in one.

A million lines take a while, and nobody else waits for them. Until the last step they are lines of an edition that does not
count; whatever is left of an upload whose process died is swept away by the clock. Not acts, but their steps.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from civic import clock, db
from civic.acts.ballots import roll_lines
from civic.acts.ballots.roll_lines import BATCH
from civic.errors import N_, CivicError, Conflict
from civic.models import Ballot, Person, Roll, RollUpload
from civic.rules import rolls as rules
from civic.rules.rolls import RollFile

LIVE = ("reading", "writing")
DEAD_AFTER = timedelta(minutes=2)
KEPT = timedelta(days=1)  # how long a roll that is ready waits to be taken over
SHOWN = 50  # wrong lines that are kept to be shown
SWEPT = 10  # steps of sweeping at a time


async def begin(ballot: Ballot, person: Person | None, *, take: bool) -> RollUpload:
    """A new upload. Raises Conflict while another is under way."""

    async def write() -> RollUpload:
        others = RollUpload.filter(ballot_id=ballot.id)
        if await others.filter(state__in=LIVE, beat_at__gt=clock.now() - DEAD_AFTER).exists():
            raise _running()
        roll = await Roll.get_or_none(ballot_id=ballot.id)
        editions = [int(str(n)) for n in await others.values_list("edition", flat=True)]
        edition = 1 + max([roll.edition if roll else 0, *editions])
        try:
            async with in_transaction("default"):
                return await RollUpload.create(
                    ballot_id=ballot.id, edition=edition, person=person, take=take,
                    started_at=clock.now(), beat_at=clock.now(),
                )  # fmt: skip
        except IntegrityError:
            raise _running() from None

    return await db.write(write)


def _running() -> Conflict:
    return Conflict(
        N_("A roll is being read for this vote just now. Wait until that is done."), field="file", reason="running"
    )  # fmt: skip


async def note(upload: RollUpload, **changes: Any) -> None:
    """Keep how far an upload is; each time a sign of life."""
    upload.update_from_dict({**changes, "beat_at": clock.now()})

    async def write() -> None:
        await RollUpload.filter(id=upload.id).update(**changes, beat_at=upload.beat_at)

    await db.write(write)


async def write_lines(
    upload: RollUpload, file: RollFile, progress: rules.Progress = lambda done, of: None
) -> None:
    """Write all lines of a good file, a few thousand in each transaction; then it is ready to be taken over."""
    await note(upload, state="writing", rows=file.rows, done=0, weighted=file.weighted, weight=file.weight)
    for start in range(0, len(file.held), BATCH):
        part = list(file.lines(start, start + BATCH))

        async def write(part: list[tuple[str, int]] = part) -> None:
            await roll_lines.add(upload.ballot_id, upload.edition, part)

        await db.write(write)
        done = start + len(part)
        progress(done, file.rows)
        if start % (BATCH * 20) == 0:
            await note(upload, done=done)
        await db.pause()
    digest = await asyncio.to_thread(rules.roll_hash, upload.ballot_id, file.lines())
    await note(upload, state="ready", done=file.rows, sha256=digest)


async def give_up(upload: RollUpload, state: str = "gone", error: CivicError | None = None) -> None:
    """Take back what was written of an upload, and say why; ``gone`` leaves nothing. One that was taken over stays."""
    said = as_json(error) if error else None

    async def write() -> int:
        live = RollUpload.filter(id=upload.id).exclude(state="taken")
        return await live.update(state=state, error=said, beat_at=clock.now())

    if not await db.write(write):
        return
    while await _step(upload):
        await db.pause()
    if state == "gone":
        await _forget(upload)


async def replaced(ballot_id: int, edition: int) -> None:
    """Lines of this edition no longer count: they are to be swept away. Within a write."""
    known = await RollUpload.filter(ballot_id=ballot_id, edition=edition).update(state="gone")
    if not known:
        await RollUpload.create(
            ballot_id=ballot_id, edition=edition, state="gone", started_at=clock.now(), beat_at=clock.now()
        )


async def sweep() -> None:
    """What the clock does: mark uploads whose process died or that nobody wants, and delete some of their lines."""
    if not await RollUpload.exclude(state__in=("taken", "wrong", "failed", "lost")).exists():
        return
    now = clock.now()

    async def mark() -> None:
        dead = RollUpload.filter(state__in=LIVE, beat_at__lt=now - DEAD_AFTER)
        await dead.update(state="lost")
        await RollUpload.filter(state="ready", beat_at__lt=now - KEPT).update(state="gone")

    await db.write(mark)
    for upload in await RollUpload.filter(state__in=("gone", "lost")).order_by("id").limit(100):
        for _ in range(SWEPT):
            if not await _step(upload):
                break
        else:
            return  # there is more: next time
        if upload.state == "gone":
            await _forget(upload)


async def _step(upload: RollUpload) -> int:
    return await db.write(lambda: roll_lines.sweep(upload.ballot_id, upload.edition))


async def _forget(upload: RollUpload) -> None:
    async def write() -> None:
        await RollUpload.filter(id=upload.id).delete()

    await db.write(write)


def as_json(error: CivicError) -> dict[str, Any]:
    """A refusal, to be kept and said later in the reader's language."""
    return {"message": error.msgid, "reason": error.reason, "details": error.details}


def refusals(file: RollFile) -> list[dict[str, Any]]:
    """The first wrong lines of a file, to be kept."""
    return [{"line": refused.line, "error": as_json(refused.error)} for refused in file.refused[:SHOWN]]
