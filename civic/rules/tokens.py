"""Voting tokens: a key that the voter's device made, signed blindly for one ballot; and votes signed by that key.

The token's message is the device's public key (P-256, uncompressed), bound to the ballot. Whoever holds the private
key can vote, and vote again; nobody else can, also not whoever has seen the token: the operator, the network, a copy
of the box. Each vote says its version, so that an earlier one is no use to anybody.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from civic.rules import blind_signatures
from civic.rules.blind_signatures import PublicKey
from civic.rules.sealing import ALPHABET, TRACKER_LENGTH

VARIANT = "RSABSSA-SHA384-PSS-Randomized"
KEY_BITS = 2048
KEY_SIZE = 65
SIGNATURE_SIZE = KEY_BITS // 8
VOTE_SIGNATURE_SIZE = 64
MOST_VERSIONS = 2**31 - 1
_SHAPE = re.compile(r"[1-9][0-9]{0,17}(?:\.[A-Za-z0-9_-]+){3}")


class Token(NamedTuple):
    """The right to vote in one ballot: the device's key, the random prefix, and the ballot's signature under both."""

    ballot: int
    key: bytes
    prefix: bytes
    signature: bytes


class NoToken(ValueError):
    """A text that is no whole token."""


def message(ballot: int, key: bytes) -> bytes:
    """What a token's signature is of, without its prefix."""
    return b"civic/token/v1\n%d\n" % ballot + key


def vote_message(ballot: int, version: int, choice: str) -> bytes:
    """What the device signs (ECDSA with SHA-256): ballot, version and the canonical choice."""
    return f"civic/token-vote/v1\n{ballot}\n{version}\n{choice}".encode()


def tracker(token: Token) -> str:
    """The number of its vote in the box: sixteen letters and digits that follow from the token."""
    number = int.from_bytes(
        sha256(b"civic/tracker/v1\n" + message(token.ballot, token.key)).digest()[:10], "big"
    )
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(TRACKER_LENGTH))


def write(token: Token) -> str:
    """A token as text: ballot, key, prefix and signature, in base64url, with dots between."""
    return ".".join([str(token.ballot), *(encode(part) for part in token[1:])])


def read(text: str) -> Token:
    """Raises NoToken."""
    if len(text) > 1000 or not _SHAPE.fullmatch(text):
        raise NoToken("a token has four parts with dots between")
    ballot, *parts = text.split(".")
    try:
        key, prefix, signature = (decode(part) for part in parts)
    except ValueError:
        raise NoToken("a part of the token is no base64url") from None
    if (len(key), len(prefix), len(signature)) != (KEY_SIZE, blind_signatures.PREFIX_SIZE, SIGNATURE_SIZE):
        raise NoToken("a part of the token has another length")
    return Token(int(ballot), key, prefix, signature)


def encode(part: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(part).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Raises ValueError for what `encode` does not make."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise ValueError("this is no base64url")
    part = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode(part) != text:
        raise ValueError("this is no canonical base64url")
    return part


def public_key(spki: bytes) -> PublicKey:
    """A ballot's public key from its SubjectPublicKeyInfo. Raises ValueError."""
    found = load_der_public_key(spki)
    if not isinstance(found, rsa.RSAPublicKey) or found.key_size != KEY_BITS:
        raise ValueError("a ballot's key is an RSA key of 2048 bits")
    numbers = found.public_numbers()
    return PublicKey(numbers.n, numbers.e)


def is_signed(key: PublicKey, token: Token) -> bool:
    """Whether the ballot's key signed this token."""
    prepared = blind_signatures.prepare(message(token.ballot, token.key), token.prefix)
    return blind_signatures.verify(key, prepared, token.signature)


def is_vote(token: Token, version: int, choice: str, signature: bytes) -> bool:
    """Whether the holder of the token signed this vote. ``signature`` is r and s, 32 bytes each, as WebCrypto gives it."""
    if len(signature) != VOTE_SIGNATURE_SIZE:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), token.key)
        signed = vote_message(token.ballot, version, choice)
        key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


class Proven(NamedTuple):
    """A paper's proof as the box publishes it: the token, and the vote's signature."""

    token: Token
    signature: bytes


def write_proof(token: str, signature: str) -> str:
    return f"{token}.{signature}"


def read_proof(text: str) -> Proven:
    """Raises NoToken."""
    token, _, signature = text.rpartition(".")
    try:
        return Proven(read(token), decode(signature))
    except NoToken:
        raise
    except ValueError:
        raise NoToken("the vote's signature is no base64url") from None


def proves(key: PublicKey, ballot: int, number: str, version: int, choice: str, proof: str) -> bool:
    """Whether a published paper was cast with a token of this ballot, by the token's holder, as it stands there."""
    try:
        token, signature = read_proof(proof)
    except NoToken:
        return False
    return (
        token.ballot == ballot
        and tracker(token) == number
        and is_signed(key, token)
        and is_vote(token, version, choice, signature)
    )
