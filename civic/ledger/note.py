"""Signed notes (C2SP signed-note) with Ed25519, and checkpoints (C2SP tlog-checkpoint) in them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from civic.ledger.keys import public_bytes

ED25519 = b"\x01"
DASH = "\u2014"


class NoteError(ValueError):
    """A note that is malformed or not signed by whom it should be."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Size and root (32 bytes) of the tree called ``origin``."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes that name a key in signatures."""
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, key: Ed25519PrivateKey) -> str:
    """The public key as notes' tools write it: name+id+key."""
    public = public_bytes(key)
    return f"{name}+{key_id(name, public).hex()}+{b64encode(ED25519 + public).decode()}"


def sign(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """The note of ``text`` (ends with a newline), signed."""
    signature = key_id(name, public_bytes(key)) + key.sign(text.encode())
    return f"{text}\n{DASH} {name} {b64encode(signature).decode()}\n"


def public_key(verifier: str) -> tuple[str, bytes]:
    """Name and public key (32 bytes) of ``name+id+key``, in which nothing may be out of place. Raises NoteError."""
    name, _, rest = verifier.partition("+")
    try:
        raw = _strict(rest.partition("+")[2])
    except ValueError:
        raise NoteError("the key is malformed") from None
    public = raw[1:]
    if not name or len(public) != 32 or rest != f"{key_id(name, public).hex()}+{b64encode(raw).decode()}":
        raise NoteError("the key is malformed")
    if raw[:1] != ED25519:
        raise NoteError("the key is not an Ed25519 key")
    return name, public


def verify(note: str, verifier: str) -> str:
    """The text of a note that the holder of ``verifier`` signed. Raises NoteError.

    Signatures by others are passed over: witnesses add theirs.
    """
    name, public = public_key(verifier)
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures.endswith("\n"):
        raise NoteError("the note is malformed")
    text += "\n"
    for line in signatures[:-1].split("\n"):
        dash, _, rest = line.partition(" ")
        signer, _, value = rest.partition(" ")
        try:
            raw = _strict(value)
        except ValueError:
            raise NoteError("a signature is malformed") from None
        if dash == DASH and signer == name and raw[:4] == key_id(name, public):
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], text.encode())
            except (ValueError, InvalidSignature):
                raise NoteError(f"the signature of {name} is not valid") from None
            return text
    raise NoteError(f"it is not signed by {name}")


def _strict(text: str) -> bytes:
    """Base64 in its one canonical form. ValueError otherwise."""
    raw = b64decode(text, validate=True)
    if b64encode(raw).decode() != text:
        raise ValueError(text)
    return raw


def parse(text: str) -> Checkpoint:
    """The checkpoint that a note's text states. Raises NoteError."""
    lines = text.split("\n")
    try:
        root = b64decode(lines[2], validate=True)
        if len(root) != 32 or not lines[0] or not lines[1].isdecimal() or str(int(lines[1])) != lines[1]:
            raise ValueError
        return Checkpoint(lines[0], int(lines[1]), root)
    except (IndexError, ValueError):
        raise NoteError("the checkpoint is malformed") from None
