"""Sealed papers: what goes in comes out, only with the key and only in its place, and nothing shows outside."""

import hmac
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from civic.rules import sealing
from civic.rules.sealing import Paper, Sealed

KEY, OTHER = bytes(range(32)), bytes(32)
PLACE = sealing.tag(KEY, 7, "0b0e")


@given(version=st.integers(1, 2**32 - 1), choice=st.text("abc,:123", max_size=64))
def test_what_is_sealed_comes_out(version: int, choice: str) -> None:
    paper = Paper(version, sealing.new_tracker(), choice)
    sealed = sealing.seal(KEY, PLACE, paper, 64)
    assert sealing.opener(KEY)(PLACE, sealed) == paper
    assert len(sealed) == len(sealing.seal(KEY, PLACE, Paper(1, sealing.new_tracker(), ""), 64))


def test_only_the_key_opens_it_and_only_in_its_place() -> None:
    sealed = sealing.seal(KEY, PLACE, Paper(1, sealing.new_tracker(), "yes"), 64)
    for key, place, text in (
        (OTHER, PLACE, sealed),
        (KEY, sealing.tag(KEY, 7, "0b0f"), sealed),
        (KEY, PLACE, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (KEY, PLACE, b""),
    ):
        with pytest.raises(Sealed):
            sealing.opener(key)(place, text)


def test_the_same_paper_never_looks_the_same() -> None:
    paper = Paper(1, sealing.new_tracker(), "yes")
    assert len({sealing.seal(KEY, PLACE, paper, 64) for _ in range(100)}) == 100


def test_a_choice_that_has_no_room_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        sealing.seal(KEY, PLACE, Paper(1, sealing.new_tracker(), "x" * 65), 64)
    with pytest.raises(ValueError, match="32 bytes"):
        sealing.tag(b"short", 1, "x")


def test_there_is_room_for_every_choice() -> None:
    for keys in (["yes", "no", "abstain"], [str(n) for n in range(1, 51)]):
        room = sealing.room(keys)
        assert room % sealing.STEP == 0
        assert max(len(",".join(f"{key}:100" for key in keys)), len("abstain")) <= room


def test_trackers_are_easy_to_read_and_hard_to_guess() -> None:
    trackers = {sealing.new_tracker() for _ in range(10_000)}
    assert len(trackers) == 10_000
    assert set("".join(trackers)) == set(sealing.ALPHABET)


def test_places_and_seals_follow_from_the_key_alone() -> None:
    """As written down when the first boxes were made: whoever holds the key of an old box opens it."""
    part = hmac.new(KEY, b"civic/box/v1/tag", sha256).digest()
    assert hmac.new(part, b"7:0b0e", sha256).hexdigest()[:32] == PLACE == sealing.tagger(KEY, 7)("0b0e")
    paper, seal = Paper(3, "T" * 16, "yes"), sealing.sealer(KEY, 64)
    first, second = seal(PLACE, paper), seal(PLACE, paper)
    assert first != second
    cipher = AESGCM(hmac.new(KEY, b"civic/box/v1/seal", sha256).digest())
    for sealed in (first, second):
        text = cipher.decrypt(sealed[:12], sealed[12:], PLACE.encode())
        assert text == b"\0\0\0\3" + b"\x10" + b"T" * 16 + b"\0\3" + b"yes".ljust(64, b"\0")
