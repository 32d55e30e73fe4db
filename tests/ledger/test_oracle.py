"""What we publish, read by a client that is not ours: sigstore's parser of checkpoints, its keys and its proofs."""

import json
from base64 import b64decode, b64encode
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from civic.ledger import published, sequencer, tiles
from civic.rules import merkle
from tests.support.records import append

sigstore_merkle = pytest.importorskip("sigstore._internal.merkle")
from sigstore._internal.rekor.checkpoint import SignedCheckpoint  # noqa: E402
from sigstore._internal.trust import Keyring  # noqa: E402
from sigstore.errors import VerificationError  # noqa: E402
from sigstore_models.common import v1 as common  # noqa: E402

pytestmark = pytest.mark.anyio
VECTORS = Path(__file__).parents[2].parent / "shared" / "data" / "merkle" / "inclusion"


def keyring(key: str) -> tuple[Any, bytes]:
    """sigstore's keyring of a key in notes' form, and the four bytes that name it."""
    _, number, encoded = key.strip().split("+", 2)
    public = Ed25519PublicKey.from_public_bytes(b64decode(encoded)[1:])
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    details = common.PublicKeyDetails.PKIX_ED25519
    ring = Keyring([common.PublicKey(raw_bytes=b64encode(der), key_details=details)])
    return ring, bytes.fromhex(number)


def proved(body: bytes, index: int, size: int, hashes: list[bytes], root: bytes) -> Any:
    """An entry as sigstore's verifier takes it."""
    proof = SimpleNamespace(log_index=index, tree_size=size, hashes=hashes, root_hash=root)
    return SimpleNamespace(_inner=SimpleNamespace(inclusion_proof=proof, canonicalized_body=body))


async def test_checkpoints_entries_and_tiles_over_http(client: Any) -> None:
    """A stranger fetches files, and trusts only sigstore's code and the published key."""
    await append(300)
    while await sequencer.size() < 300:
        await sequencer.seal()
    ring, number = keyring((await client.get("/ledger/key")).text)
    text = (await client.get("/ledger/checkpoint")).text
    read = SignedCheckpoint.from_text(text)
    read.signed_note.verify(ring, number)
    assert (read.checkpoint.origin, read.checkpoint.log_size) == ("civic.example/ledger", 300)
    root = bytes.fromhex(read.checkpoint.log_hash)

    bundles = [(await client.get(f"/ledger/tile/entries/{p}")).content for p in ("000", "001.p/44")]
    bodies = [body for bundle in bundles for body in tiles.unbundle(bundle)]
    hashes = b"".join([(await client.get(f"/ledger/tile/0/{p}")).content for p in ("000", "001.p/44")])
    assert hashes == b"".join(sigstore_merkle._hash_leaf(body) for body in bodies)
    above = (await client.get("/ledger/tile/1/000.p/1")).content
    assert above == merkle.root([hashes[i : i + 32] for i in range(0, 256 * 32, 32)])

    query = "query($s: Int!) { ledgerEntry(seq: $s) { payload proof } }"
    for seq in (0, 1, 100, 255, 256, 298, 299):
        answer = await client.post("/graphql", json={"query": query, "variables": {"s": seq}})
        entry = answer.json()["data"]["ledgerEntry"]
        assert entry["payload"].encode() == bodies[seq]
        proof = [bytes.fromhex(h) for h in entry["proof"]]
        sigstore_merkle.verify_merkle_inclusion(proved(bodies[seq], seq, 300, proof, root))
        with pytest.raises(VerificationError):
            sigstore_merkle.verify_merkle_inclusion(proved(bodies[seq] + b" ", seq, 300, proof, root))


async def test_a_forged_checkpoint_is_refused_there_too(connected: str) -> None:
    await append(3)
    await sequencer.seal()
    ring, number = keyring(published.verifier())
    text = (await sequencer.checkpoint()).note
    SignedCheckpoint.from_text(text).signed_note.verify(ring, number)
    with pytest.raises(VerificationError):
        SignedCheckpoint.from_text(text.replace("\n3\n", "\n4\n")).signed_note.verify(ring, number)


def test_every_probe_of_inclusion_is_answered_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """On transparency-dev's probes our verifier and sigstore's say the same, and what the probes say."""
    files = sorted(VECTORS.rglob("*.json"))
    if not files:
        pytest.skip(f"no probes in {VECTORS.name}")
    monkeypatch.setattr(sigstore_merkle, "_hash_leaf", lambda leaf: leaf)
    for file in files:
        case = json.loads(file.read_text())
        proof = [b64decode(h) for h in case["proof"] or []]
        leaf, root = b64decode(case["leafHash"]), b64decode(case["root"])
        index, size = case["leafIdx"], case["treeSize"]
        mine = theirs = True
        try:
            merkle.verify_inclusion(leaf, index, size, proof, root)
        except merkle.ProofError:
            mine = False
        try:
            # What sigstore leaves to the model that it reads entries into.
            if not 0 <= index < size or len(leaf) != 32 or len(root) != 32:
                raise VerificationError("not an entry")
            sigstore_merkle.verify_merkle_inclusion(proved(leaf, index, size, proof, root))
        except VerificationError:
            theirs = False
        assert mine == theirs == (not case["wantErr"]), (file.name, case["desc"])
