"""RSA blind signatures: RFC 9474, variant RSABSSA-SHA384-PSS-Randomized, on Python's whole numbers.

The signer signs what it cannot see, and cannot recognise the signature later: whatever computing power it has, each
blinded message fits each signature equally well. Signatures are plain RSASSA-PSS (RFC 8017, section 8.1) with
SHA-384 and a salt of 48 bytes, so any cryptographic library verifies them.

Randomness is given by the caller, so that the RFC's vectors can be repeated.
"""

from __future__ import annotations

from hashlib import sha384
from math import gcd
from typing import NamedTuple

HASH_SIZE = 48
SALT_SIZE = 48
PREFIX_SIZE = 32


class PublicKey(NamedTuple):
    """Modulus and exponent."""

    n: int
    e: int

    @property
    def size(self) -> int:
        """The bytes of a signature."""
        return (self.n.bit_length() + 7) // 8


class PrivateKey(NamedTuple):
    """The two primes, and the public exponent."""

    p: int
    q: int
    e: int

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.p * self.q, self.e)


def prepare(message: bytes, prefix: bytes) -> bytes:
    """What is signed: 32 random bytes, then the message (section 4.1)."""
    if len(prefix) != PREFIX_SIZE:
        raise ValueError("the prefix has 32 bytes")
    return prefix + message


def blind(key: PublicKey, prepared: bytes, *, salt: bytes, r: int) -> tuple[bytes, bytes]:
    """The blinded message for the signer, and the secret inverse that unblinds its answer (section 4.2).

    r: random, from 1 to n - 1. ValueError when the message or r has a factor in common with n, or salt or r have the
    wrong size: draw again.
    """
    if not 1 <= r < key.n:
        raise ValueError("r is from 1 to n - 1")
    m = int.from_bytes(_encode(prepared, key.n.bit_length() - 1, salt), "big")
    if gcd(m, key.n) != 1:
        raise ValueError("the encoded message is not coprime to the modulus")
    z = m * pow(r, key.e, key.n) % key.n
    return z.to_bytes(key.size, "big"), pow(r, -1, key.n).to_bytes(key.size, "big")


def blind_sign(key: PrivateKey, blinded: bytes, *, mask: int) -> bytes:
    """The signer's answer (section 4.3). ValueError for what is no number below n, or a fault in the computation.

    mask: random, from 2 to n - 1. The power is taken of the number times a power of it, so that the time it takes says
    nothing about the key (section 7.1): Python's powers do not take constant time.
    """
    public = key.public
    m = int.from_bytes(blinded, "big")
    if len(blinded) != public.size or m >= public.n:
        raise ValueError("the blinded message is no number below the modulus")
    masked = m * pow(mask, key.e, public.n) % public.n
    s = _power(key, masked) * pow(mask, -1, public.n) % public.n
    if pow(s, key.e, public.n) != m:
        raise ValueError("signing failed")
    return s.to_bytes(public.size, "big")


def finalize(key: PublicKey, prepared: bytes, blind_signature: bytes, inverse: bytes) -> bytes:
    """The signature (section 4.4). ValueError when the signer's answer does not lead to a valid one."""
    if len(blind_signature) != key.size:
        raise ValueError("a blind signature is as long as the modulus")
    z, inv = int.from_bytes(blind_signature, "big"), int.from_bytes(inverse, "big")
    signature = (z * inv % key.n).to_bytes(key.size, "big")
    if not verify(key, prepared, signature):
        raise ValueError("the signer's answer does not unblind to a signature")
    return signature


def verify(key: PublicKey, prepared: bytes, signature: bytes) -> bool:
    """Whether this is the key's signature of the prepared message: RSASSA-PSS-VERIFY (RFC 8017, section 8.1.2)."""
    s = int.from_bytes(signature, "big")
    if len(signature) != key.size or s >= key.n:
        return False
    bits = key.n.bit_length() - 1
    m = pow(s, key.e, key.n)
    size = (bits + 7) // 8
    if m.bit_length() > 8 * size:
        return False
    encoded = m.to_bytes(size, "big")
    masked, digest, last = encoded[: -HASH_SIZE - 1], encoded[-HASH_SIZE - 1 : -1], encoded[-1]
    spare = 8 * size - bits
    if last != 0xBC or masked[0] >> (8 - spare):
        return False
    block = _xor(masked, _mgf1(digest, len(masked)))
    block = bytes([block[0] & (0xFF >> spare)]) + block[1:]
    zeros = len(block) - SALT_SIZE - 1
    if zeros < 0 or any(block[:zeros]) or block[zeros] != 1:
        return False
    return digest == _digest(prepared, block[zeros + 1 :])


def _power(key: PrivateKey, m: int) -> int:
    """m to the private exponent, by the Chinese remainder theorem."""
    p, q = key.p, key.q
    d = pow(key.e, -1, (p - 1) * (q - 1))
    at_p, at_q = pow(m % p, d % (p - 1), p), pow(m % q, d % (q - 1), q)
    return at_q + q * ((at_p - at_q) * pow(q, -1, p) % p)


def _encode(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE (RFC 8017, section 9.1.1) for a number of so many bits."""
    if len(salt) != SALT_SIZE:
        raise ValueError("the salt has 48 bytes")
    size = (bits + 7) // 8
    digest = _digest(message, salt)
    block = bytes(size - SALT_SIZE - HASH_SIZE - 2) + b"\x01" + salt
    masked = _xor(block, _mgf1(digest, len(block)))
    masked = bytes([masked[0] & (0xFF >> (8 * size - bits))]) + masked[1:]
    return masked + digest + b"\xbc"


def _digest(message: bytes, salt: bytes) -> bytes:
    return sha384(bytes(8) + sha384(message).digest() + salt).digest()


def _mgf1(seed: bytes, size: int) -> bytes:
    """MGF1 (RFC 8017, appendix B.2.1)."""
    blocks = -(-size // HASH_SIZE)
    return b"".join(sha384(seed + n.to_bytes(4, "big")).digest() for n in range(blocks))[:size]


def _xor(left: bytes, right: bytes) -> bytes:
    return (int.from_bytes(left, "big") ^ int.from_bytes(right, "big")).to_bytes(len(left), "big")
