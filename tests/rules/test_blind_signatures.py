"""RFC 9474: its vectors step by step, and agreement with another implementation of RSASSA-PSS."""

import json
from math import gcd
from secrets import randbelow, token_bytes

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from civic.rules import blind_signatures as bs
from civic.rules.blind_signatures import PrivateKey
from tests.support.server import ROOT

PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA384()), salt_length=bs.SALT_SIZE)
VECTOR = json.loads((ROOT / "tests" / "vectors" / "rfc9474_a1.json").read_text("utf-8"))


def number(name: str) -> int:
    return int(VECTOR[name], 16)


def octets(name: str) -> bytes:
    return bytes.fromhex(VECTOR[name])


def made(bits: int) -> tuple[PrivateKey, rsa.RSAPrivateKey]:
    other = rsa.generate_private_key(65537, bits)
    numbers = other.private_numbers()
    return PrivateKey(numbers.p, numbers.q, 65537), other


def test_the_vector_of_the_rfc_is_repeated_step_by_step() -> None:
    key = PrivateKey(number("p"), number("q"), 65537)
    public = key.public
    prepared = bs.prepare(octets("msg"), octets("msg_prefix"))
    assert prepared == octets("msg_prefix") + octets("msg")
    r = pow(number("inv"), -1, public.n)
    blinded, inverse = bs.blind(public, prepared, salt=octets("salt"), r=r)
    assert blinded == octets("blinded_msg") and inverse == octets("inv")
    answer = bs.blind_sign(key, blinded, mask=2 + randbelow(public.n - 2))
    assert answer == octets("blind_sig")
    signature = bs.finalize(public, prepared, answer, inverse)
    assert signature == octets("sig") and bs.verify(public, prepared, signature)
    # The public numbers were copied rightly: another implementation accepts the signature too.
    rsa.RSAPublicNumbers(65537, public.n).public_key().verify(signature, prepared, PSS, hashes.SHA384())


@pytest.mark.parametrize("bits", [2048, 2049, 2055, 3072])
def test_what_we_make_others_verify_and_the_other_way_round(bits: int) -> None:
    """Sizes that are no multiple of eight bits have other paddings."""
    key, other = made(bits)
    public = key.public
    prepared = bs.prepare(token_bytes(70), token_bytes(bs.PREFIX_SIZE))
    blinded, inverse = bs.blind(
        public, prepared, salt=token_bytes(bs.SALT_SIZE), r=1 + randbelow(public.n - 1)
    )
    signature = bs.finalize(public, prepared, bs.blind_sign(key, blinded, mask=3), inverse)
    other.public_key().verify(signature, prepared, PSS, hashes.SHA384())
    theirs = other.sign(prepared, PSS, hashes.SHA384())
    assert bs.verify(public, prepared, theirs)
    for place in (0, 1, len(theirs) // 2, -1):
        changed = bytearray(theirs)
        changed[place] ^= 1
        assert not bs.verify(public, prepared, bytes(changed))
        with pytest.raises(InvalidSignature):
            other.public_key().verify(bytes(changed), prepared, PSS, hashes.SHA384())
    assert not bs.verify(public, prepared + b"\0", theirs)
    assert not bs.verify(public, prepared, theirs + b"\0") and not bs.verify(public, prepared, b"")
    shorter = other.sign(
        prepared, padding.PSS(mgf=padding.MGF1(hashes.SHA384()), salt_length=20), hashes.SHA384()
    )
    assert not bs.verify(public, prepared, shorter), "only salts of the length that the variant names"


def test_a_signature_by_another_key_or_of_another_message_is_none() -> None:
    (key, _), (another, _) = made(2048), made(2048)
    prepared = bs.prepare(b"vote", bytes(bs.PREFIX_SIZE))
    blinded, inverse = bs.blind(key.public, prepared, salt=bytes(bs.SALT_SIZE), r=5)
    answer = bs.blind_sign(key, blinded, mask=7)
    signature = bs.finalize(key.public, prepared, answer, inverse)
    assert not bs.verify(another.public, prepared, signature)
    with pytest.raises(ValueError, match="unblind"):
        bs.finalize(key.public, prepared + b"!", answer, inverse)
    with pytest.raises(ValueError, match="as long"):
        bs.finalize(key.public, prepared, answer[1:], inverse)


def test_each_blinded_message_fits_each_signature() -> None:
    """Blindness is a matter of counting: for any pair there is a blinding that joins them, so none is the likelier."""
    key, _ = made(2048)
    n = key.public.n
    pairs = []
    for _ in range(4):
        prepared = bs.prepare(token_bytes(8), token_bytes(bs.PREFIX_SIZE))
        blinded, inverse = bs.blind(
            key.public, prepared, salt=token_bytes(bs.SALT_SIZE), r=1 + randbelow(n - 1)
        )
        answer = bs.blind_sign(key, blinded, mask=11)
        pairs.append((answer, bs.finalize(key.public, prepared, answer, inverse)))
    for answer, _ in pairs:
        for _, signature in pairs:
            z, s = int.from_bytes(answer, "big"), int.from_bytes(signature, "big")
            r = z * pow(s, -1, n) % n
            assert gcd(r, n) == 1 and s * r % n == z


def test_wrong_sizes_are_refused() -> None:
    key, _ = made(2048)
    public = key.public
    with pytest.raises(ValueError, match="prefix"):
        bs.prepare(b"x", b"short")
    with pytest.raises(ValueError, match="salt"):
        bs.blind(public, b"x", salt=b"", r=5)
    for r in (0, public.n):
        with pytest.raises(ValueError, match="r is from"):
            bs.blind(public, b"x", salt=bytes(bs.SALT_SIZE), r=r)
    for blinded in (b"", bytes(255), bytes(257), public.n.to_bytes(256, "big")):
        with pytest.raises(ValueError, match="below the modulus"):
            bs.blind_sign(key, blinded, mask=3)
