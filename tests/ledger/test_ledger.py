"""What acts record is sealed, published, and checked from outside."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic import clock, db
from civic.ledger import entries, note, proofs, published, sequencer, tiles
from civic.ledger.export import export
from civic.ledger.keys import signing_key
from civic.ledger.verify import verify
from civic.models import LedgerCheckpoint, LedgerEntry
from civic.rules import merkle

pytestmark = pytest.mark.anyio


async def append(number: int, first: int = 0) -> None:
    async def write() -> None:
        for i in range(first, first + number):
            await entries.append(
                "test.act", at=clock.now(), actor="a", party=None, kind="t", subject=str(i), payload={"i": i}
            )

    await db.write(write)


async def leaves() -> list[bytes]:
    return [
        merkle.leaf_hash(e.payload.encode())
        for e in await LedgerEntry.filter(seq__isnull=False).order_by("seq")
    ]


async def test_sealing_numbers_all_entries_and_signs_their_root(connected: str) -> None:
    total = 0
    for number in (1, 2, 300, 5, 260):
        await append(number, total)
        assert await sequencer.seal() == number
        total += number
        newest = await sequencer.checkpoint()
        hashes = await leaves()
        assert (newest.size, newest.root) == (total, merkle.root(hashes).hex())
    assert await sequencer.seal() == 0
    verifier = note.verifier_key("civic.example/ledger", signing_key("ledger"))
    assert note.parse(note.verify(newest.note, verifier)).size == total
    for seq in (0, 1, 255, 256, 567):
        merkle.verify_inclusion(
            hashes[seq], seq, total, await proofs.inclusion(seq, total), bytes.fromhex(newest.root)
        )
    for size in (1, 3, 303, 308):
        old = bytes.fromhex((await LedgerCheckpoint.get(size=size)).root)
        proof = await proofs.consistency(size, total)
        merkle.verify_consistency(size, total, old, bytes.fromhex(newest.root), proof)


async def test_an_export_verifies_and_a_changed_byte_is_named(connected: str, tmp_path: Path) -> None:
    await append(520)
    await sequencer.seal()
    folder = tmp_path / "out"
    assert await export(folder) > 6
    report = verify(str(folder))
    assert report.ok, report.wrong
    assert report.size == 520
    for name, said in [
        ("tile/entries/001", "entry 256"),
        ("tile/0/000", "entry 0"),
        ("tile/1/000.p/2", "hash 0 of tile/1"),
        ("checkpoint", "checkpoint"),
    ]:
        path = folder / "ledger" / name
        good = path.read_bytes()
        at = 8 if name == "tile/entries/001" else 3
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        report = verify(str(folder))
        assert not report.ok and any(said in line for line in report.wrong), (name, report.wrong)
        path.write_bytes(good)
    assert verify(str(folder)).ok


async def test_a_late_committer_is_not_left_out(connected: str) -> None:
    """Two transactions take their numbers; the first one commits last, after a sealing in between."""
    if connected != "postgres":
        return  # one writer: nobody commits late
    holding, go = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        await entries.append(
            "test.act", at=clock.now(), actor="a", party=None, kind="t", subject="slow", payload={}
        )
        holding.set()
        await go.wait()

    late = asyncio.create_task(db.write(slow))
    await holding.wait()
    await append(1)
    assert await sequencer.seal() == 0  # the quick one waits, too: the slow one may come before it
    go.set()
    await late
    assert await sequencer.seal() == 2
    assert await LedgerEntry.filter(seq__isnull=True).count() == 0


async def test_two_sealers_do_not_disturb_each_other(connected: str) -> None:
    await append(50)
    assert sum(await asyncio.gather(*(sequencer.seal() for _ in range(4)))) == 50
    hashes = await leaves()
    assert (await sequencer.checkpoint()).root == merkle.root(hashes).hex()


async def test_it_is_served_as_files(client: Any) -> None:
    await append(3)
    await sequencer.seal()
    answer = await client.get("/ledger/tile/entries/000.p/3")
    assert len(tiles.unbundle(answer.content)) == 3
    assert (await client.get("/ledger/checkpoint")).text.startswith("civic.example/ledger\n3\n")
    assert (await client.get("/ledger/tile/0/001")).status_code == 404
    assert await published.file("tile/0/../../keys") is None


async def test_a_client_that_is_not_ours_reads_it(connected: str) -> None:
    """sigstore's parser of checkpoints and its Merkle verification accept what we publish."""
    checkpoint = pytest.importorskip("sigstore._internal.rekor.checkpoint")
    await append(9)
    await sequencer.seal()
    newest = await sequencer.checkpoint()
    signed = checkpoint.SignedNote.from_text(newest.note)
    read = checkpoint.LogCheckpoint.from_text(signed.note)
    assert (read.origin, read.log_size, read.log_hash) == ("civic.example/ledger", 9, newest.root)
    assert [s.name for s in signed.signatures] == ["civic.example/ledger"]


@given(st.integers(0, 10**12))
def test_tile_paths_read_back(index: int) -> None:
    assert tiles.parse_path(tiles.path(3, index).removeprefix("tile/")) == ("3", index, 256)
    assert tiles.parse_path(tiles.path("entries", index, 7).removeprefix("tile/")) == ("entries", index, 7)


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles_read_back(content: list[bytes]) -> None:
    assert tiles.unbundle(tiles.bundle(content)) == content


def test_paths_are_those_of_the_specification() -> None:
    assert tiles.path(0, 1234067) == "tile/0/x001/x234/067"
    assert tiles.path("entries", 5, 112) == "tile/entries/005.p/112"
