"""A paper in the open box, sealed so that only the holder of the box key can read it, or even find it.

The key of a box gives two: one names the place of a voter's paper (its tag, an HMAC), one seals the paper
(AES-256-GCM, NIST SP 800-38D, with a random nonce). Version, tracker and choice are all inside, filled up to one
length, so that neither the row nor its size says anything. With the key destroyed, whatever the database has ever
written of the open box (rows, logs, free pages, copies) is indistinguishable from noise.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from secrets import token_bytes
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_SIZE = 32
TAG_SIZE = 16
NONCE_SIZE = 12
STEP = 64
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
TRACKER_LENGTH = 16
_LETTERS = bytes(ord(ALPHABET[byte & 31]) for byte in range(256))  # of a random byte its letter


class Sealed(ValueError):
    """A paper that this key does not open: another key's, moved from another place, or altered."""


class Paper(NamedTuple):
    """What is on a paper. ``version`` counts from 1."""

    version: int
    tracker: str
    choice: str


def new_tracker() -> str:
    """Sixteen random letters and digits (80 bits), by which a voter finds their paper after closing."""
    return new_trackers(1)[0]


def new_trackers(count: int) -> list[str]:
    """Many of them, by random bytes that the system is asked for once."""
    letters = token_bytes(TRACKER_LENGTH * count).translate(_LETTERS).decode()
    return [letters[at : at + TRACKER_LENGTH] for at in range(0, len(letters), TRACKER_LENGTH)]


def tag(key: bytes, ballot: int, voter: str) -> str:
    """The place of a voter's paper, in hex."""
    return tagger(key, ballot)(voter)


def tagger(key: bytes, ballot: int) -> Callable[[str], str]:
    """A function of a voter that gives the place of their paper."""
    part = _part(key, b"tag")

    def place(voter: str) -> str:
        return hmac.digest(part, f"{ballot}:{voter}".encode(), "sha256")[:TAG_SIZE].hex()

    return place


def room(options: Sequence[str]) -> int:
    """The bytes that any choice among these option keys fits into, whatever the method."""
    longest = sum(len(key) + 8 for key in (*options, "abstain"))
    return -(-longest // STEP) * STEP


def seal(key: bytes, place: str, paper: Paper, room: int) -> bytes:
    """The sealed paper for its place. ValueError for a choice that does not fit."""
    return sealer(key, room)(place, paper)


def sealer(key: bytes, room: int) -> Callable[[str, Paper], bytes]:
    """A function of place and paper that seals it; see `seal`."""
    cipher = AESGCM(_part(key, b"seal"))

    def sealed(place: str, paper: Paper) -> bytes:
        choice, tracker = paper.choice.encode(), paper.tracker.encode()
        if len(choice) > room or len(tracker) > 255:
            raise ValueError("the choice is longer than any choice of this ballot can be")
        text = b"%b%c%b%b%b" % (
            paper.version.to_bytes(4, "big"), len(tracker), tracker,
            len(choice).to_bytes(2, "big"), choice.ljust(room, b"\0"),
        )  # fmt: skip
        nonce = token_bytes(NONCE_SIZE)
        return nonce + cipher.encrypt(nonce, text, place.encode())

    return sealed


def opener(key: bytes) -> Callable[[str, bytes], Paper]:
    """A function of place and sealed paper; it raises Sealed for what this key did not seal there."""
    cipher = AESGCM(_part(key, b"seal"))

    def unseal(place: str, sealed: bytes) -> Paper:
        try:
            text = cipher.decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], place.encode())
        except (InvalidTag, ValueError):
            raise Sealed("this paper was not sealed for this place with this key") from None
        end = 5 + text[4]
        length = int.from_bytes(text[end : end + 2], "big")
        return Paper(
            int.from_bytes(text[:4], "big"),
            text[5:end].decode(),
            text[end + 2 : end + 2 + length].decode(),
        )

    return unseal


def _part(key: bytes, use: bytes) -> bytes:
    if len(key) != KEY_SIZE:
        raise ValueError("a box key has 32 bytes")
    return hmac.digest(key, b"civic/box/v1/" + use, "sha256")
