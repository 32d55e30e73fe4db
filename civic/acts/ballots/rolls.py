"""An uploaded roll: taken over whole or not at all, frozen by the announcement, corrected in public before opening."""

from __future__ import annotations

import asyncio
from asyncio import to_thread
from typing import Any

import structlog

from civic.acts import notifications
from civic.acts.ballots import roll_lines, uploads
from civic.acts.ballots.who import host
from civic.acts.core import Actor, Record, act_on, note
from civic.acts.permissions import any_of, system
from civic.acts.residencies import pepper
from civic.errors import N_, CivicError, InvalidInput, InvalidState, NotFound
from civic.models import Ballot, Person, Roll, RollUpload
from civic.rules import rolls as rules
from civic.rules.person_key import person_key
from civic.rules.rolls import RollFile
from civic.rules.tallies.passing import DUAL
from civic.settings import settings

WEIGHABLE = ("yes_no", "single", "approval", "runoff", "stv")
log = structlog.get_logger("civic.rolls")
_running: set[asyncio.Task[None]] = set()


async def examine(content: bytes, progress: rules.Progress = lambda done, of: None) -> RollFile:
    """What a file holds, and which of its lines are wrong; nothing is kept. Raises InvalidInput."""
    return await to_thread(rules.read, content, pepper(), progress)


async def preview(actor: Actor, ballot_id: int, content: bytes) -> RollFile:
    """As `examine`, for who may upload it and while they may. Raises what `upload` would raise, but for wrong lines."""
    await _draft(actor, ballot_id)
    return await examine(content)


async def upload(
    actor: Actor, ballot: Ballot | int, *, file: RollFile, progress: rules.Progress = lambda done, of: None
) -> Roll:
    """Take over the roll of a draft from a file, whole or not at all; it replaces an earlier one. Others do not wait."""
    key = ballot if isinstance(ballot, int) else ballot.id
    draft = await _draft(actor, key)
    if file.wrong:
        raise _wrong_lines(file)
    started = await uploads.begin(draft, actor.person, take=True)
    try:
        await uploads.write_lines(started, file, progress)
        roll = await take(actor, key, upload=started.id)
    except BaseException:
        await uploads.give_up(started)
        raise
    await uploads.sweep()
    return roll


async def send(actor: Actor, ballot_id: int, content: bytes, *, take_over: bool) -> RollUpload:
    """As `upload`, or with ``take_over`` false all but its last step, in the background: `RollUpload` says how far it is."""
    draft = await _draft(actor, ballot_id)
    started = await uploads.begin(draft, actor.person, take=take_over)
    task = asyncio.create_task(_work(actor, started, content))
    _running.add(task)
    task.add_done_callback(_running.discard)
    return started


async def _work(actor: Actor, started: RollUpload, content: bytes) -> None:
    """What `send` does in the background; whatever comes of it stands in the upload."""
    seen = [0, 0]

    def progress(done: int, of: int) -> None:
        seen[:] = done, of

    reading = asyncio.create_task(examine(content, progress))
    try:
        while not (await asyncio.wait({reading}, timeout=1))[0]:
            await uploads.note(started, done=seen[0], rows=seen[1])
        file = reading.result()
        if file.wrong:
            await uploads.note(
                started, state="wrong", rows=file.rows, done=file.rows, wrong=file.wrong, weighted=file.weighted,
                weight=file.weight, refused=uploads.refusals(file),
            )  # fmt: skip
            return
        await uploads.write_lines(started, file)
        if started.take:
            await take(actor, started.ballot_id, upload=started.id)
    except CivicError as error:
        await uploads.give_up(started, "failed", error)
    except Exception:
        log.exception("roll upload failed", upload=started.id)
        await uploads.give_up(started, "failed", None)


async def _draft(actor: Actor, ballot_id: int) -> Ballot:
    """A ballot to which this actor may upload a roll now."""
    ballot = await Ballot.get_or_none(id=ballot_id)
    if ballot is None:
        raise NotFound(N_("This does not exist, or no longer."), reason="gone")
    await any_of(host, system)(actor, ballot)
    check_draft(ballot)
    return ballot


def _wrong_lines(file: RollFile) -> InvalidInput:
    return InvalidInput(
        N_("%(wrong)s of %(rows)s lines are wrong, so nothing was taken over. Check the file to see which."),
        field="file", reason="wrong_lines", wrong=file.wrong, rows=file.rows,
    )  # fmt: skip


@act_on(Ballot, "ballot.upload_roll", may=any_of(host, system))
async def take(actor: Actor, ballot: Ballot, *, upload: int) -> Roll:
    """Take over the roll of a draft from a file, whole or not at all; it replaces an earlier one."""
    check_draft(ballot)
    found = await RollUpload.get_or_none(id=upload, ballot_id=ballot.id, state="ready")
    if found is None:
        raise InvalidState(
            N_("This roll is not ready to be taken over. Send the file again."), reason="not_ready"
        )
    await clear(ballot.id)
    roll = await Roll.create(
        ballot_id=ballot.id, edition=found.edition, lines=found.rows, weight=found.weight, sha256=found.sha256
    )
    found.state = "taken"
    await found.save()
    ballot.weighted = found.weighted
    await ballot.save()
    note(Record("ballot", ballot.id, {"state": "draft", "lines": roll.lines, "roll": roll.sha256}))
    return roll


def check_draft(ballot: Ballot) -> None:
    """Raises InvalidState unless a roll may be uploaded now."""
    if ballot.electorate != "roll":
        raise InvalidState(N_("This vote does not go by an uploaded roll."), reason="no_roll")
    if ballot.state != "draft":
        raise InvalidState(
            N_("The vote is announced, and its roll with it. Until it opens single lines can be corrected."),
            reason="wrong_state",
        )


async def clear(ballot_id: int) -> None:
    """Take a roll away; its lines no longer count, and are swept away later. A step of acts on drafts."""
    roll = await Roll.get_or_none(ballot_id=ballot_id)
    if roll is not None:
        await uploads.replaced(ballot_id, roll.edition)
        await roll.delete()


async def freeze(ballot: Ballot) -> dict[str, Any]:
    """At the announcement: check that people can vote by this roll, and freeze it. What the record says of it."""
    if ballot.electorate != "roll":
        return {}
    roll = await Roll.get_or_none(ballot_id=ballot.id)
    if roll is None:
        raise InvalidState(N_("Upload the roll first."), reason="no_roll")
    if ballot.passing in DUAL and not ballot.weighted:
        raise InvalidState(
            N_(
                "A majority by heads and by weight needs a roll with weights. Upload one with a column “权重” (weight)."
            ),
            reason="no_weights",
        )
    if ballot.weighted and ballot.method not in WEIGHABLE:
        raise InvalidState(
            N_(
                "Scores, budgets and comparisons in pairs are not counted by weight. Choose another way of voting."
            ),
            reason="not_by_weight",
        )
    await check_secrecy(ballot)
    roll.announced = roll.sha256
    await roll.save()
    return {"roll": roll.sha256, "lines": roll.lines}


async def check_secrecy(ballot: Ballot) -> None:
    """A paper is published with its weight: in a secret ballot no weight may be that of a few. Raises InvalidState."""
    if not (ballot.secret and ballot.weighted):
        return
    least = settings().small_box
    few = rules.rare(await roll_lines.classes(ballot.id), least)
    if few:
        raise InvalidState(
            N_(
                "Papers are published with their weights, and %(few)s people on the roll have a weight that fewer than "
                "%(least)s share: their papers would show who they are. Round the weights to steps that at least "
                "%(least)s people share, or hold the vote openly."
            ),
            reason="weights_identify", few=few, least=least,
        )  # fmt: skip


@act_on(Ballot, "ballot.correct_roll", may=host)
async def correct(
    actor: Actor, ballot: Ballot, *, document_number: str, weight: str = "", remove: bool = False
) -> Roll:
    """Correct one line of an announced roll before voting opens: add it, change its weight, or take it out."""
    check_announced(ballot)
    key = person_key(pepper(), rules.clean_number(document_number))
    return await correct_line(actor, ballot, key, weight=weight, remove=remove)


def check_announced(ballot: Ballot) -> None:
    """Raises InvalidState unless the roll is announced and can be challenged and corrected."""
    if ballot.electorate != "roll":
        raise InvalidState(N_("This vote does not go by an uploaded roll."), reason="no_roll")
    if ballot.state != "announced":
        raise InvalidState(
            N_("A roll is challenged and corrected between the announcement and the opening."),
            reason="wrong_state",
        )


async def correct_line(
    actor: Actor, ballot: Ballot, key: str, *, weight: str, remove: bool, challenge: int | None = None
) -> Roll:
    """A step of acts: change the line of one human, tell them, and put the new hash on record."""
    if ballot.weighted and not remove:
        new = rules.parse_weight(weight)
    elif weight.strip():
        raise InvalidInput(
            N_("Leave the weight empty: this roll has none, or the line goes."), field="weight", reason="no_weights"
        )  # fmt: skip
    else:
        new = rules.SCALE
    roll = await Roll.get(ballot_id=ballot.id)
    before = await roll_lines.weight(ballot.id, key)
    if remove and before is None:
        raise InvalidInput(
            N_("This document is not on the roll."), field="document_number", reason="not_on_roll"
        )
    if not remove and before == new:
        raise InvalidInput(
            N_("This document is on the roll already, just so."), field="document_number", reason="same"
        )
    change = "removed" if remove else "added" if before is None else "changed"
    await roll_lines.put(roll, key, None if remove else new)
    await _change(ballot, roll)
    if roll.lines < 1:
        raise InvalidInput(N_("A roll cannot be empty."), field="document_number", reason="empty")
    await check_secrecy(ballot)
    payload: dict[str, Any] = {"change": change, "roll": roll.sha256, "lines": roll.lines}
    if challenge is not None:
        payload["challenge"] = challenge
    note(Record("ballot", ballot.id, payload))
    concerned = [person.id for person in await Person.filter(person_key=key, deleted_at=None)]
    await notifications.tell(
        concerned, f"roll.{change}", subject="ballot", subject_id=ballot.id, title=ballot.title,
        but=actor.person,
    )  # fmt: skip
    return roll


async def digest(ballot: Ballot) -> str:
    """The hash of an uploaded roll, read anew line by line; empty where there is none. Long, so not within a write."""
    if ballot.electorate != "roll":
        return ""
    return (await _read(ballot)).hex()


async def _read(ballot: Ballot) -> rules.RollHash:
    """The roll, line by line, in memory that does not grow."""
    found = rules.RollHash(ballot.id)
    async for page in roll_lines.pages(ballot.id):
        found.add((row["person_key"], row["weight"]) for row in page)
    return found


async def unaltered(ballot: Ballot, digest: str) -> Roll:
    """The roll, unless what was read is another one: altered past all acts, or just corrected. Raises InvalidState."""
    roll = await Roll.get(ballot_id=ballot.id)
    if digest != roll.sha256:
        raise InvalidState(
            N_("The roll is not the one on record, so the vote cannot open."), reason="roll_altered"
        )
    return roll


async def _change(ballot: Ballot, roll: Roll) -> None:
    """Count, weigh and hash the roll anew."""
    found = await _read(ballot)
    roll.lines, roll.weight = found.lines, found.weight
    if roll.weight > rules.MOST_WEIGHT:
        raise InvalidInput(
            N_("All weights together are at most %(limit)s. Choose a larger unit."),
            field="weight", reason="too_heavy", limit=rules.MOST_WEIGHT // rules.SCALE,
        )  # fmt: skip
    roll.sha256 = found.hex()
    roll.corrections += 1
    await roll.save()
