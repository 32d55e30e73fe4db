"""Nothing committed is ever left out, whatever dies and whoever works at the same time."""

import asyncio
import os
import subprocess
import sys
import time
from typing import Any

import asyncpg
import pytest

from civic import db
from civic.ledger import sequencer
from civic.models import LedgerCheckpoint, LedgerEntry, LedgerTile
from civic.rules import merkle
from civic.settings import settings
from tests.support.records import append, leaves, record
from tests.support.server import ROOT

pytestmark = pytest.mark.anyio


async def whole(size: int) -> None:
    """The tree has this size, every entry one number, and the newest checkpoint is its root."""
    assert await LedgerEntry.filter(seq__isnull=True).count() == 0
    numbers = await LedgerEntry.all().order_by("seq").values_list("seq", flat=True)
    assert list(numbers) == list(range(size))
    newest = await sequencer.checkpoint()
    assert (newest.size, newest.root) == (size, merkle.root(await leaves()).hex())


async def held(subject: str, holding: asyncio.Event, go: asyncio.Event, fail: bool = False) -> None:
    """Write an entry, and commit (or fail) only when told to."""

    async def work() -> None:
        await record(subject)
        holding.set()
        await go.wait()
        if fail:
            raise ValueError("undone")

    await db.write(work)


async def test_a_late_committer_is_neither_skipped_nor_put_into_a_sealed_range(connected: str) -> None:
    """It took its number first and commits last; others commit and are sealed around it."""
    if connected != "postgres":
        return  # one writer at a time: nobody commits late
    await append(3)
    assert await sequencer.seal() == 3
    sealed = (await sequencer.checkpoint()).note
    holding, go = asyncio.Event(), asyncio.Event()
    late = asyncio.create_task(held("late", holding, go))
    await holding.wait()
    for i in range(5):
        await append(1, 10 + i)
        assert await sequencer.seal() == 0  # they wait: the late one may come before them
    go.set()
    await late
    assert await sequencer.seal() == 6
    await whole(9)
    assert (await LedgerCheckpoint.get(size=3)).note == sealed
    order = await LedgerEntry.filter(seq__gte=3).order_by("seq").values_list("subject_id", flat=True)
    assert list(order) == ["late", "10", "11", "12", "13", "14"]  # by transaction, as it began


async def test_one_that_is_undone_leaves_no_gap(connected: str) -> None:
    holding, go = asyncio.Event(), asyncio.Event()
    late = asyncio.create_task(held("undone", holding, go, fail=True))
    await holding.wait()
    if connected == "postgres":
        await append(2)
        assert await sequencer.seal() == 0
    go.set()
    with pytest.raises(ValueError, match="undone"):
        await late
    if connected == "sqlite":
        await append(2)
    assert await sequencer.seal() == 2
    await whole(2)


async def test_many_writers_and_many_sealers_at_once(connected: str) -> None:
    writing = True

    async def seals() -> int:
        total = 0
        while writing:
            total += await sequencer.seal()
            await asyncio.sleep(0)
        return total

    async def writes(number: int) -> None:
        for i in range(20):
            await append(1 + i % 3, number * 1000 + i * 10)

    sealers = [asyncio.create_task(seals()) for _ in range(4)]
    await asyncio.gather(*(writes(n) for n in range(5)))
    writing = False
    counted = sum(await asyncio.gather(*sealers)) + await sequencer.seal()
    expected = 5 * sum(1 + i % 3 for i in range(20))
    assert counted == expected
    await whole(expected)


async def test_only_one_seals_at_a_time(connected: str) -> None:
    """Somebody else holds the lock: sealing waits for it, then finds everything."""
    if connected != "postgres":
        return  # the one writing connection is the lock
    await append(4)
    other = await asyncpg.connect(settings().database_url)
    try:
        await other.execute("SELECT pg_advisory_lock($1)", sequencer.LOCK)
        waiting = asyncio.create_task(sequencer.seal())
        await asyncio.sleep(0.3)
        assert not waiting.done()
        await other.execute("SELECT pg_advisory_unlock($1)", sequencer.LOCK)
        assert await asyncio.wait_for(waiting, 5) == 4
    finally:
        await other.close()
    await whole(4)


DYING = """
import asyncio, os, signal, sys
from civic import db
from civic.ledger import note, proofs, sequencer, tiles
from civic.models import LedgerCheckpoint

def die(*a, **k):
    os.kill(os.getpid(), signal.SIGKILL)

step = sys.argv[1]
if step == "numbered":
    sequencer.grow = die
elif step == "tiles":
    proofs.root_of = die
elif step == "signed":
    LedgerCheckpoint.create = die
elif step == "uncommitted":
    inner = sequencer._seal_batch
    async def then_die():
        await inner()
        die()
    sequencer._seal_batch = then_die

async def main():
    await db.start()
    await sequencer.seal()
    if step == "committed":
        die()
asyncio.run(main())
"""


@pytest.mark.parametrize("step", ["numbered", "tiles", "signed", "uncommitted", "committed"])
async def test_a_sequencer_killed_at_any_step_leaves_nothing_half_done(connected: str, step: str) -> None:
    await append(258)
    assert await sequencer.seal() == 258
    await append(10, 258)
    before = await LedgerTile.all().order_by("level", "index").values("level", "index", "width", "data")

    def run() -> int:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.run([sys.executable, "-c", DYING, step], env=environment, cwd=ROOT).returncode

    assert await asyncio.to_thread(run) == -9
    if step == "committed":
        assert await sequencer.seal() == 0
    else:
        after = await LedgerTile.all().order_by("level", "index").values("level", "index", "width", "data")
        assert [{**t, "data": bytes(t["data"])} for t in after] == [
            {**t, "data": bytes(t["data"])} for t in before
        ]
        assert await sequencer.size() == 258
        assert await sequencer.seal() == 10
    await whole(268)


async def test_it_is_sealed_about_a_second_later(app: Any) -> None:
    """The served platform does it by itself."""
    for i in range(3):
        before = await sequencer.size()
        began = time.monotonic()
        await append(50, i * 50)
        while await sequencer.size() < before + 50:
            await asyncio.sleep(0.02)
            assert time.monotonic() - began < 4  # a second, and air for a busy machine
    await whole(150)
