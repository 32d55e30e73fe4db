"""Merkle trees as in RFC 9162 section 2.1 (the same hashing as RFC 6962), with SHA-256.

Hashes are 32 bytes. Sizes and indexes count leaves from zero. A range ``(lo, hi)`` means the leaves
``lo <= i < hi``, and its hash is the RFC's MTH of them. Nodes are addressed as ``(level, index)``: the
complete subtree over the leaves ``index << level`` to ``(index + 1) << level``.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()

Node = tuple[int, int]
Range = tuple[int, int]


class ProofError(ValueError):
    """A proof does not show what it claims. The message says why."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf: SHA-256 of a zero byte and the data."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 of a one byte and the children's hashes."""
    return sha256(b"\x01" + left + right).digest()


def pair_up(hashes: Sequence[bytes]) -> list[bytes]:
    """The next level of a perfect tree. ``hashes`` has an even length."""
    return [sha256(b"\x01" + hashes[i] + hashes[i + 1]).digest() for i in range(0, len(hashes), 2)]


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes (RFC 9162, 2.1.1); of none, the hash of nothing.

    Works level by level: an odd last node rises unchanged, which gives the RFC's left-heavy split.
    """
    if not leaf_hashes:
        return EMPTY_ROOT
    level = list(leaf_hashes)
    while len(level) > 1:
        odd = [level.pop()] if len(level) % 2 else []
        level = pair_up(level) + odd
    return level[0]


class CompactRange:
    """The right edge of a growing tree: all that is needed to append leaves and know the root.

    ``nodes`` are the hashes of the perfect subtrees, largest first: one for each bit set in ``size``.
    """

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.nodes = list(nodes)
        if size < 0 or len(self.nodes) != size.bit_count():
            raise ValueError(f"a compact range of size {size} has {size.bit_count()} nodes")

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash at the right."""
        size = self.size
        while size & 1:
            leaf = node_hash(self.nodes.pop(), leaf)
            size >>= 1
        self.nodes.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes at the right, in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """The root of the tree as it is now."""
        return fold(self.nodes)


def fold(nodes: Sequence[bytes]) -> bytes:
    """The hash over adjacent perfect subtrees, left to right with falling size."""
    if not nodes:
        return EMPTY_ROOT
    result = nodes[-1]
    for left in reversed(nodes[:-1]):
        result = node_hash(left, result)
    return result


def range_nodes(lo: int, hi: int) -> list[Node]:
    """The complete nodes that make up a range which starts where a subtree starts, left to right.

    `fold` of their hashes is the hash of the range. ``lo`` is a multiple of the largest power of two that
    is not above ``hi - lo``, as in all ranges of proofs.
    """
    nodes: list[Node] = []
    while lo < hi:
        level = (hi - lo).bit_length() - 1
        nodes.append((level, lo >> level))
        lo += 1 << level
    return nodes


def _split(size: int) -> int:
    """The largest power of two below ``size`` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose hashes prove leaf ``index`` in a tree of ``size``, lowest first (2.1.3.1)."""
    if not 0 <= index < size:
        raise ProofError(f"leaf {index} is not in a tree of size {size}")
    ranges: list[Range] = []
    lo, hi = 0, size
    while hi - lo > 1:
        middle = lo + _split(hi - lo)
        if index < middle:
            ranges.append((middle, hi))
            hi = middle
        else:
            ranges.append((lo, middle))
            lo = middle
    return ranges[::-1]


def consistency_ranges(size1: int, size2: int) -> list[Range]:
    """The ranges whose hashes prove that a tree of ``size1`` became one of ``size2`` (2.1.4.1)."""
    if not 0 < size1 <= size2:
        raise ProofError(f"no consistency proof from size {size1} to size {size2}")
    ranges: list[Range] = []
    lo, hi = 0, size2
    while hi != size1:
        middle = lo + _split(hi - lo)
        if size1 <= middle:
            ranges.append((middle, hi))
            hi = middle
        else:
            ranges.append((lo, middle))
            lo = middle
    if lo:
        ranges.append((lo, hi))
    return ranges[::-1]


def _prove(leaves: Sequence[bytes], ranges: Iterable[Range]) -> list[bytes]:
    return [root(leaves[lo:hi]) for lo, hi in ranges]


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The proof that leaf ``index`` is in the tree over ``leaf_hashes``."""
    return _prove(leaf_hashes, inclusion_ranges(index, len(leaf_hashes)))


def consistency_proof(leaf_hashes: Sequence[bytes], size1: int) -> list[bytes]:
    """The proof that the tree over the first ``size1`` leaves is a prefix of the whole one."""
    return _prove(leaf_hashes, consistency_ranges(size1, len(leaf_hashes)))


def prove_from_nodes(ranges: Iterable[Range], read: Callable[[Node], bytes]) -> list[bytes]:
    """The hashes of ``ranges`` where only complete nodes are stored; ``read`` gives a node's hash."""
    return [fold([read(node) for node in range_nodes(lo, hi)]) for lo, hi in ranges]


def _check_hashes(**named: bytes) -> None:
    for name, value in named.items():
        if len(value) != HASH_SIZE:
            raise ProofError(f"{name} has {len(value)} bytes, not {HASH_SIZE}")


def _check_proof(proof: Sequence[bytes], expected: int) -> None:
    if len(proof) != expected:
        raise ProofError(f"the proof has {len(proof)} hashes, not {expected}")
    for i, item in enumerate(proof):
        _check_hashes(**{f"hash {i} of the proof": item})


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes) -> None:
    """Check that the leaf with hash ``leaf`` is at ``index`` of the tree with this size and root.

    RFC 9162, 2.1.3.2. Raises `ProofError` also for a proof that is too long or too short.
    """
    if not 0 <= index < size:
        raise ProofError(f"leaf {index} is not in a tree of size {size}")
    _check_hashes(**{"the leaf's hash": leaf, "the root": root_hash})
    _check_proof(proof, len(inclusion_ranges(index, size)))
    fn, sn, result = index, size - 1, leaf
    for item in proof:
        if fn & 1 or fn == sn:
            result = node_hash(item, result)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            result = node_hash(result, item)
        fn, sn = fn >> 1, sn >> 1
    if sn or result != root_hash:
        raise ProofError("the proof leads to another root")


def verify_consistency(size1: int, size2: int, root1: bytes, root2: bytes, proof: Sequence[bytes]) -> None:
    """Check that the tree of ``size2`` and ``root2`` starts with the tree of ``size1`` and ``root1``.

    RFC 9162, 2.1.4.2. Of equal sizes the proof is empty and the roots are the same. Nothing can be proved
    from an empty tree to another, so that is refused. Raises `ProofError`.
    """
    if not 0 <= size1 <= size2:
        raise ProofError(f"a tree of size {size1} cannot become one of size {size2}")
    if size1 == size2:
        _check_proof(proof, 0)
        if not size1 and root1 != EMPTY_ROOT:
            raise ProofError("this is not the root of an empty tree")
        if root1 != root2:
            raise ProofError("trees of the same size have different roots")
        return
    if not size1:
        raise ProofError("an empty tree is consistent with everything: nothing to prove")
    _check_hashes(**{"the first root": root1, "the second root": root2})
    _check_proof(proof, len(consistency_ranges(size1, size2)))
    path = list(proof)
    if size1.bit_count() == 1:
        path.insert(0, root1)
    fn, sn = size1 - 1, size2 - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for item in path[1:]:
        if fn & 1 or fn == sn:
            fr, sr = node_hash(item, fr), node_hash(item, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, item)
        fn, sn = fn >> 1, sn >> 1
    if fr != root1:
        raise ProofError("the proof leads to another first root")
    if sn or sr != root2:
        raise ProofError("the proof leads to another second root")
