"""What acts record is sealed and published."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.ledger import note, proofs, published, sequencer, tiles
from civic.ledger.keys import signing_key
from civic.models import LedgerCheckpoint
from civic.rules import merkle
from tests.support.records import append, leaves

pytestmark = pytest.mark.anyio


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


async def test_it_is_served_as_files(client: Any) -> None:
    await append(3)
    await sequencer.seal()
    answer = await client.get("/ledger/tile/entries/000.p/3")
    assert len(tiles.unbundle(answer.content)) == 3
    assert (await client.get("/ledger/checkpoint")).text.startswith("civic.example/ledger\n3\n")
    assert (await client.get("/ledger/tile/0/001")).status_code == 404
    assert await published.file("tile/0/../../keys") is None


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
