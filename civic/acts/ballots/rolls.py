"""An uploaded roll: taken over whole or not at all, frozen by the announcement, corrected in public before opening."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import AsyncIterator
from itertools import islice
from typing import Any

from civic import db
from civic.acts import notifications
from civic.acts.ballots.who import host
from civic.acts.core import Actor, Record, act_on, note
from civic.acts.permissions import any_of, system
from civic.acts.residencies import pepper
from civic.errors import N_, InvalidInput, InvalidState, NotFound
from civic.models import Ballot, Person, Roll, RollLine
from civic.rules import rolls as rules
from civic.rules.person_key import person_key
from civic.rules.rolls import RollFile
from civic.rules.tallies.passing import DUAL
from civic.settings import settings

BATCH = 5000
WEIGHABLE = ("yes_no", "single", "approval", "runoff", "stv")
_ADD = "INSERT INTO roll_line (ballot_id, person_key, weight) VALUES (?, ?, ?)"
_ADD_MANY = (
    "INSERT INTO roll_line (ballot_id, person_key, weight) SELECT ?, key, weight "
    "FROM unnest(?::text[], ?::bigint[]) AS many (key, weight)"
)
_PAGE = "SELECT person_key, weight FROM roll_line WHERE ballot_id = ? AND person_key > ? ORDER BY person_key LIMIT ?"
_CLASSES = "SELECT weight, count(*) AS n FROM roll_line WHERE ballot_id = ? GROUP BY weight"


async def examine(content: bytes, progress: rules.Progress = lambda done, of: None) -> RollFile:
    """What a file holds, and which of its lines are wrong; nothing is kept. Raises InvalidInput."""
    return await to_thread(rules.read, content, pepper(), progress)


async def preview(actor: Actor, ballot_id: int, content: bytes) -> RollFile:
    """As `examine`, for who may upload it and while they may. Raises what `upload` would raise, but for wrong lines."""
    ballot = await Ballot.get_or_none(id=ballot_id)
    if ballot is None:
        raise NotFound(N_("This does not exist, or no longer."), reason="gone")
    await host(actor, ballot)
    check_draft(ballot)
    return await examine(content)


@act_on(Ballot, "ballot.upload_roll", may=any_of(host, system))
async def upload(
    actor: Actor, ballot: Ballot, *, file: RollFile, progress: rules.Progress = lambda done, of: None
) -> Roll:
    """Take over the roll of a draft from a file, whole or not at all; it replaces an earlier one."""
    check_draft(ballot)
    if file.wrong:
        raise InvalidInput(
            N_("%(wrong)s of %(rows)s lines are wrong, so nothing was taken over. Check the file to see which."),
            field="file", reason="wrong_lines", wrong=file.wrong, rows=file.rows,
        )  # fmt: skip
    await clear(ballot.id)
    items = iter(zip(file.lines, file.weights, strict=True))
    done = 0
    while part := list(islice(items, BATCH)):
        await _add(ballot.id, part)
        done += len(part)
        progress(done, file.rows)
        await db.pause()
    ordered = sorted(zip(file.lines, file.weights, strict=True))
    digest = await to_thread(rules.roll_hash, ballot.id, ordered)
    roll = await Roll.create(ballot_id=ballot.id, lines=done, weight=file.weight, sha256=digest)
    ballot.weighted = file.weighted
    await ballot.save()
    note(Record("ballot", ballot.id, {"state": "draft", "lines": done, "roll": digest}))
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
    """Take a roll away. A step of acts on drafts."""
    await db.execute("DELETE FROM roll_line WHERE ballot_id = ?", ballot_id)
    await Roll.filter(ballot_id=ballot_id).delete()


async def _add(ballot_id: int, part: list[tuple[str, int]]) -> None:
    if db.on_postgres():
        keys, weights = (list(column) for column in zip(*part, strict=True))
        await db.execute(_ADD_MANY, ballot_id, keys, weights)
    else:
        await db.execute_many(_ADD, [[ballot_id, key, weight] for key, weight in part])


async def lines(ballot_id: int) -> AsyncIterator[list[dict[str, Any]]]:
    """The lines of a roll in the order of their keys, some thousand at a time."""
    after = ""
    while rows := await db.fetch(_PAGE, ballot_id, after, BATCH):
        yield rows
        after = rows[-1]["person_key"]
        await db.pause()


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
    classes = await db.fetch(_CLASSES, ballot.id)
    few = rules.rare(((row["weight"], row["n"]) for row in classes), least)
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
    line = await RollLine.get_or_none(ballot_id=ballot.id, person_key=key)
    change = "changed"
    if remove:
        if line is None:
            raise InvalidInput(
                N_("This document is not on the roll."), field="document_number", reason="not_on_roll"
            )
        await line.delete()
        change = "removed"
    elif line is None:
        await RollLine.create(ballot_id=ballot.id, person_key=key, weight=new)
        change = "added"
    elif line.weight == new:
        raise InvalidInput(
            N_("This document is on the roll already, just so."), field="document_number", reason="same"
        )
    else:
        line.weight = new
        await line.save()
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


async def unaltered(ballot: Ballot) -> Roll:
    """The roll, read anew line by line. Raises InvalidState when it was altered past all acts."""
    roll = await Roll.get(ballot_id=ballot.id)
    found = [(row["person_key"], row["weight"]) async for part in lines(ballot.id) for row in part]
    if await to_thread(rules.roll_hash, ballot.id, found) != roll.sha256:
        raise InvalidState(
            N_("The roll is not the one on record, so the vote cannot open."), reason="roll_altered"
        )
    return roll


async def _change(ballot: Ballot, roll: Roll) -> None:
    """Count, weigh and hash the roll anew."""
    found = [(row["person_key"], row["weight"]) async for part in lines(ballot.id) for row in part]
    roll.lines, roll.weight = len(found), sum(weight for _, weight in found)
    if roll.weight > rules.MOST_WEIGHT:
        raise InvalidInput(
            N_("All weights together are at most %(limit)s. Choose a larger unit."),
            field="weight", reason="too_heavy", limit=rules.MOST_WEIGHT // rules.SCALE,
        )  # fmt: skip
    roll.sha256 = await to_thread(rules.roll_hash, ballot.id, found)
    roll.corrections += 1
    await roll.save()
