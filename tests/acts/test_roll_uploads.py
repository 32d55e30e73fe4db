"""A file becomes a roll in the background: followed, left and come back to, whole or not at all, others not waiting."""

import asyncio
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from civic import clock, db, jobs
from civic.acts import ballots
from civic.acts.ballots import roll_lines, rolls, uploads
from civic.errors import Conflict, InvalidInput, InvalidState, NotAllowed
from civic.models import Ballot, Roll, RollLine, RollUpload
from civic.rules.rolls import RollFile, roll_hash
from tests.acts.test_ballots import refusal, terms
from tests.acts.test_rolls import announce, drafted
from tests.support.rolls import document, table
from tests.support.server import ROOT
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def settled(upload: RollUpload) -> RollUpload:
    """The upload once it is no longer under way."""
    while True:
        row = await RollUpload.get(id=upload.id)
        if row.state not in uploads.LIVE and not (row.state == "ready" and row.take):
            return row
        await asyncio.sleep(0.01)


def numbers(count: int, first: int = 0) -> bytes:
    return table([[document(n), "60.5"] for n in range(first, first + count)])


async def test_sent_followed_and_taken_over(
    connected: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "BATCH", 50)
    examine, begin = rolls.examine, asyncio.Event()

    async def waiting(*given: Any) -> RollFile:
        await begin.wait()
        return await examine(*given)

    monkeypatch.setattr(rolls, "examine", waiting)
    draft = await drafted(world)
    host = world.as_official
    sent = await ballots.send(host, draft.id, numbers(230), take_over=False)
    assert sent.state == "reading"
    await refusal(Conflict, "running", ballots.send(host, draft.id, numbers(3), take_over=False))
    begin.set()
    ready = await settled(sent)
    assert (ready.state, ready.done, ready.rows, ready.weight) == ("ready", 230, 230, 230 * 6050)
    assert not await Roll.all().exists() and not (await Ballot.get(id=draft.id)).weighted
    keys = [str(key) for key in await RollLine.all().limit(5).values_list("person_key", flat=True)]
    assert len(keys) == 5 and await ballots.on_rolls([draft.id], keys) == {}
    assert await world.recorded("ballot.upload_roll") == [], "what is only ready is on no record"
    await refusal(InvalidState, "no_roll", announce(world, draft))
    roll = await ballots.take(host, draft.id, upload=sent.id)
    assert (roll.lines, roll.sha256) == (230, ready.sha256) and (await Ballot.get(id=draft.id)).weighted
    assert (await world.recorded("ballot.upload_roll"))[0]["payload"]["roll"] == roll.sha256
    await refusal(InvalidState, "not_ready", ballots.take(host, draft.id, upload=sent.id))
    # Another one at once: it replaces the first, whose lines are swept away.
    again = await settled(await ballots.send(host, draft.id, numbers(7, 500), take_over=True))
    assert again.state == "taken" and (await Roll.get(ballot_id=draft.id)).lines == 7
    await jobs.run_once()
    assert await RollLine.all().count() == 7
    assert [u.state for u in await RollUpload.all()] == ["taken"]
    await announce(world, draft)
    await refusal(InvalidState, "wrong_state", ballots.send(host, draft.id, numbers(3), take_over=True))


async def test_a_file_that_cannot_be_taken_over_says_why(connected: str, world: World) -> None:
    draft = await drafted(world)
    host = world.as_official
    await ballots.upload(host, draft, file=await ballots.examine(numbers(2)))
    rows = [["=1+1", "1"]] * 60 + [[document(1), "1"], [document(1), "2"]]
    wrong = await settled(await ballots.send(host, draft.id, table(rows), take_over=True))
    assert (wrong.state, wrong.wrong, len(wrong.refused)) == ("wrong", 61, uploads.SHOWN)
    assert wrong.refused[0]["line"] == 2 and wrong.refused[0]["error"]["reason"] == "formula"
    for content, reason in ((numbers(2).decode().encode("gb18030"), "encoding"), (b"", "columns")):
        failed = await settled(await ballots.send(host, draft.id, content, take_over=True))
        assert failed.state == "failed" and failed.error is not None and failed.error["reason"] == reason
    assert (await Roll.get(ballot_id=draft.id)).lines == 2 and await RollLine.all().count() == 2
    assert "310104" not in str([(u.refused, u.error) for u in await RollUpload.all()])
    clerk = await world.delegate("enterprise")
    with pytest.raises(NotAllowed):
        await ballots.send(clerk, draft.id, numbers(1), take_over=True)
    other = await ballots.create(host, **terms(world))
    await refusal(InvalidState, "no_roll", ballots.send(host, other.id, numbers(1), take_over=True))


async def test_what_goes_wrong_between_two_steps_leaves_nothing(
    connected: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "BATCH", 10)
    draft = await drafted(world)
    host = world.as_official
    await ballots.upload(host, draft, file=await ballots.examine(numbers(5)))
    real, calls = roll_lines.add, 0

    async def failing(*given: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise RuntimeError("the disk is full")
        await real(*given)

    monkeypatch.setattr(roll_lines, "add", failing)
    with pytest.raises(RuntimeError):
        await ballots.upload(host, draft, file=await ballots.examine(numbers(60, 100)))
    assert await RollLine.all().count() == 5, "what was written is taken back at once"
    calls = 0
    failed = await settled(await ballots.send(host, draft.id, numbers(60, 100), take_over=True))
    assert (failed.state, failed.error) == ("failed", None)
    while await RollLine.all().count() != 5:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    # Announced in the middle: the roll that stands there stays.
    monkeypatch.setattr(roll_lines, "add", real)
    sent = await settled(await ballots.send(host, draft.id, numbers(60, 100), take_over=False))
    await announce(world, draft)
    await refusal(InvalidState, "wrong_state", ballots.take(host, draft.id, upload=sent.id))
    assert (await Roll.get(ballot_id=draft.id)).lines == 5
    with clock.shift(timedelta(days=2)):
        await uploads.sweep()
        await uploads.sweep()
    assert await RollLine.all().count() == 5, "nobody took it over within a day"


async def test_a_roll_that_was_taken_over_is_not_given_up(connected: str, world: World) -> None:
    """Whoever waited for it may have gone in that very moment."""
    draft = await drafted(world)
    await ballots.upload(world.as_official, draft, file=await ballots.examine(numbers(5)))
    await uploads.give_up(await RollUpload.get(ballot_id=draft.id, state="taken"))
    await uploads.sweep()
    assert await RollLine.all().count() == 5 and (await Roll.get(ballot_id=draft.id)).lines == 5


async def test_others_write_between_the_steps(
    connected: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "BATCH", 20)
    turns = asyncio.Semaphore(0)
    monkeypatch.setattr(
        db, "pause", turns.acquire
    )  # after each step it waits until somebody else has written
    draft = await drafted(world)
    sent = await ballots.send(world.as_official, draft.id, numbers(200), take_over=True)
    between = 0
    while (await RollUpload.get(id=sent.id)).state in uploads.LIVE:
        await world.guest()
        if (await RollUpload.get(id=sent.id)).state == "writing":
            between += 1
            turns.release()
    assert between >= 10 and (await settled(sent)).state == "taken"


async def test_leftovers_of_a_process_that_died_are_swept_away(
    connected: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "SWEPT", 2)
    draft = await drafted(world)
    host = world.as_official
    await ballots.upload(host, draft, file=await ballots.examine(numbers(3)))
    file = await ballots.examine(numbers(40, 100))
    dead = await uploads.begin(draft, world.official, take=True)
    await uploads.note(dead, state="writing")
    await db.write(lambda: roll_lines.add(draft.id, dead.edition, list(file.lines())))
    await jobs.run_once()
    assert await RollLine.all().count() == 43, "it may still live"
    await refusal(Conflict, "running", ballots.upload(host, draft, file=file))
    with clock.shift(timedelta(minutes=5)):
        await jobs.run_once()
        assert await RollLine.all().count() == 3
        assert (await RollUpload.get(id=dead.id)).state == "lost"
        assert (await ballots.upload(host, draft, file=file)).lines == 40
    with pytest.raises(InvalidInput):
        await ballots.upload(host, draft, file=await ballots.examine(table([["x"]], "证件号码")))


@pytest.mark.timeout(400)  # a process is started several times
async def test_an_import_that_is_killed_leaves_the_roll_as_it_was(
    connected: str, world: World, tmp_path: Path
) -> None:
    """SIGKILL at different moments: the whole new roll is there, or the old one, and nothing else after sweeping."""
    draft = await drafted(world)
    await ballots.upload(world.as_official, draft, file=await ballots.examine(numbers(3)))
    path = tmp_path / "roll.csv"
    path.write_bytes(numbers(20_000))
    cut = 0
    for written in (0, 5000):
        command = [sys.executable, "-m", "civic", "import", "roll", str(path), "--ballot", str(draft.id)]
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        before, writing = await RollLine.all().count(), RollUpload.filter(state="writing")
        while process.returncode is None:
            if await writing.exists() and await RollLine.all().count() >= before + written:
                break
            await asyncio.sleep(0.002)
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()
        roll = await Roll.get(ballot_id=draft.id)
        cut += roll.lines == 3
        assert roll.lines in (3, 20_000)
        with clock.shift(timedelta(minutes=5)):
            for _ in range(3):
                await uploads.sweep()
        held = [(r["person_key"], r["weight"]) async for page in roll_lines.pages(draft.id) for r in page]
        assert len(held) == roll.lines == await RollLine.all().count()
        assert roll_hash(draft.id, held) == roll.sha256
    assert cut, "at least one was cut short"
