"""The tree against the definition in RFC 9162, 2.1.1, written down again as plainly as the RFC does."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.rules import merkle


def mth(data: list[bytes]) -> bytes:
    if not data:
        return sha256(b"").digest()
    if len(data) == 1:
        return sha256(b"\0" + data[0]).digest()
    k = 1
    while k * 2 < len(data):
        k *= 2
    return sha256(b"\1" + mth(data[:k]) + mth(data[k:])).digest()


LEAVES = [bytes([i % 256]) * (i % 7) + str(i).encode() for i in range(600)]
HASHES = [merkle.leaf_hash(x) for x in LEAVES]
sizes = st.integers(1, 600)


@pytest.mark.parametrize("size", [*range(70), 127, 128, 129, 255, 256, 257, 600])
def test_root_is_the_definition(size: int) -> None:
    assert merkle.root(HASHES[:size]) == mth(LEAVES[:size])


@given(st.lists(st.integers(0, 90), max_size=6))
def test_growing_in_any_steps_gives_the_same_root(steps: list[int]) -> None:
    edge, size = merkle.CompactRange(), 0
    for step in steps:
        edge.extend(HASHES[size : size + step])
        size += step
        assert edge.size == size
        assert edge.root() == merkle.root(HASHES[:size])
        again = merkle.CompactRange(edge.size, edge.nodes)
        assert again.root() == edge.root()


def test_a_compact_range_refuses_a_wrong_number_of_nodes() -> None:
    with pytest.raises(ValueError):
        merkle.CompactRange(3, [HASHES[0]])


def nodes(size: int) -> dict[merkle.Node, bytes]:
    """Only the complete nodes of a tree."""
    return {
        (level, i): merkle.root(HASHES[i << level : (i + 1) << level])
        for level in range(11)
        for i in range(size >> level)
    }


@settings(deadline=None, max_examples=60)
@given(sizes, st.data())
def test_inclusion(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, root = merkle.inclusion_proof(HASHES[:size], index), merkle.root(HASHES[:size])
    merkle.verify_inclusion(HASHES[index], index, size, proof, root)
    stored = nodes(size)
    assert merkle.prove_from_nodes(merkle.inclusion_ranges(index, size), stored.__getitem__) == proof
    for bad in damaged(proof, data):
        with pytest.raises(merkle.ProofError):
            merkle.verify_inclusion(HASHES[index], index, size, bad, root)
    other = data.draw(st.integers(0, size).filter(lambda i: i != index))
    with pytest.raises(merkle.ProofError):
        merkle.verify_inclusion(HASHES[index], other, size, proof, root)


@settings(deadline=None, max_examples=60)
@given(sizes, st.data())
def test_consistency(size2: int, data: st.DataObject) -> None:
    size1 = data.draw(st.integers(1, size2))
    proof = merkle.consistency_proof(HASHES[:size2], size1)
    root1, root2 = merkle.root(HASHES[:size1]), merkle.root(HASHES[:size2])
    merkle.verify_consistency(size1, size2, root1, root2, proof)
    stored = nodes(size2)
    assert merkle.prove_from_nodes(merkle.consistency_ranges(size1, size2), stored.__getitem__) == proof
    for bad in damaged(proof, data):
        with pytest.raises(merkle.ProofError):
            merkle.verify_consistency(size1, size2, root1, root2, bad)
    if size1 != size2:
        for first, second in ((root2, root2), (root1, root1), (root2, root1)):
            with pytest.raises(merkle.ProofError):
                merkle.verify_consistency(size1, size2, first, second, proof)


def damaged(proof: list[bytes], data: st.DataObject) -> list[list[bytes]]:
    """The proof with something too much, too little, or one bit different."""
    bad = [[*proof, HASHES[0]], [HASHES[0], *proof]]
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        bit = data.draw(st.integers(0, 255))
        flipped = (int.from_bytes(proof[at]) ^ 1 << bit).to_bytes(32)
        bad += [proof[:-1], proof[1:], [*proof[:at], flipped, *proof[at + 1 :]]]
        bad += [[*proof[:at], proof[at][:-1], *proof[at + 1 :]], [*proof[:at], b"", *proof[at + 1 :]]]
    return bad


@pytest.mark.parametrize("index,size", [(0, 0), (-1, 4), (4, 4), (2**64 - 1, 1)])
def test_no_proof_for_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(merkle.ProofError):
        merkle.inclusion_ranges(index, size)
    with pytest.raises(merkle.ProofError):
        merkle.verify_inclusion(HASHES[0], index, size, [], HASHES[0])


@pytest.mark.parametrize("size1,size2", [(0, 0), (0, 5), (6, 5), (-1, 5)])
def test_no_consistency_proof_from_nothing_or_backwards(size1: int, size2: int) -> None:
    with pytest.raises(merkle.ProofError):
        merkle.consistency_ranges(size1, size2)
    if size1 != size2:
        with pytest.raises(merkle.ProofError):
            merkle.verify_consistency(size1, size2, HASHES[0], HASHES[0], [])
