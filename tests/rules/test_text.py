"""Cleaning of typed text, commitments, and the numbers of organisations and people."""

import unicodedata
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.errors import InvalidInput
from civic.rules import commitments, credit_code, person_key, receipts
from civic.rules.text import is_blank, multiline, normalise, one_line, preview

SALT = bytes(range(16))
texts = st.text(max_size=200)


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_normalising_is_stable_and_leaves_nothing_that_hides(text: str) -> None:
    clean = normalise(text)
    assert normalise(clean) == clean == unicodedata.normalize("NFC", clean)
    clean.encode()  # no lone surrogate
    assert not {c for c in clean if unicodedata.category(c) == "Cc"} - {"\n", "\t"}
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff") & set(clean)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("  增设\u3000公共长椅 \n", "增设 公共长椅"),
        ("e\u0301te\u0301", "été"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("\x00公\x07园\ud800", "公园"),
        ("👨‍👩‍👧 a", "👨‍👩‍👧 a"),
    ],
)
def test_one_line(typed: str, clean: str) -> None:
    assert one_line(typed, field="title", limit=40) == clean


def test_multiline_keeps_paragraphs() -> None:
    assert multiline("一\r\n二  \n\n\n\n\n\n三\n\n", field="body", limit=99) == "一\n二\n\n\n三"


@pytest.mark.parametrize("nothing", ["", " ", "\u200b\u200d", "\u3164", "\u2800 \n", "\ufeff", "\u202e"])
def test_what_nobody_can_see_is_empty(nothing: str) -> None:
    assert is_blank(normalise(nothing))
    assert one_line(nothing, field="note", limit=5, least=0) == ""
    with pytest.raises(InvalidInput) as refusal:
        one_line(nothing, field="title", limit=5)
    assert (refusal.value.reason, refusal.value.field) == ("empty", "title")


@pytest.mark.parametrize(("text", "reason"), [("ab", "too_short"), ("x" * 11, "too_long")])
def test_lengths(text: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        multiline(text, field="body", limit=10, least=3)
    assert refusal.value.reason == reason
    assert multiline("x" * 10, field="body", limit=10, least=3) == "x" * 10


@given(texts, st.integers(1, 50))
def test_previews_are_short(text: str, length: int) -> None:
    assert len(preview(text, length)) <= length and "\n" not in preview(text, length)


def test_commitment_is_what_its_description_says() -> None:
    text = "公园里的长椅".encode()
    fields = (b"civic/commitment/v1", SALT, text)
    by_hand = sha256(b"".join(len(f).to_bytes(8, "big") + f for f in fields)).hexdigest()
    assert commitments.commit(SALT, "公园里的长椅") == by_hand


@given(texts, texts, st.binary(min_size=16, max_size=32), st.binary(min_size=16, max_size=32))
def test_commitments_bind_text_and_salt(one: str, other: str, salt: bytes, salt2: bytes) -> None:
    commitment = commitments.commit(salt, one)
    assert commitments.opens(commitment, salt, one)
    assert commitments.opens(commitment, salt2, other) is ((salt, one) == (salt2, other))


def test_fields_do_not_run_together() -> None:
    assert commitments.domain_hash("d", b"ab", b"c") != commitments.domain_hash("d", b"a", b"bc")
    assert commitments.domain_hash("d", b"") != commitments.domain_hash("d")
    assert commitments.commit_fields(SALT, {"a": "1", "b": "2"}) == commitments.commit_fields(
        SALT, {"b": "2", "a": "1"}
    )
    with pytest.raises(ValueError):
        commitments.commit(b"short", "x")


@given(
    st.sampled_from(["yes", "no", "abstain"]), st.sampled_from(["yes", "no", "abstain"]), st.integers(1, 9)
)
def test_a_receipt_opens_to_its_choice_only(one: str, other: str, version: int) -> None:
    commitment = receipts.receipt_commitment("7", "k3v", version, one, SALT)
    assert receipts.opens_receipt(commitment, "7", "k3v", version, other, SALT) is (one == other)
    assert not receipts.opens_receipt(commitment, "7", "k3v", version + 1, one, SALT)
    body = receipts.receipt_bytes("7", "k3v", version, commitment)
    assert body.startswith(b'{"ballot":"7","commitment":"') and b"yes" not in body
    with pytest.raises(ValueError):
        receipts.receipt_commitment("7", "k3v", 1, one, b"")


def test_everything_that_is_frozen_changes_what_is_hashed() -> None:
    ballot = {
        "title": "t",
        "question": "q",
        "method": "single",
        "passing": "majority",
        "quorum": (1, 3),
        "max_choices": None,
        "secret": True,
        "area": "310101",
        "opens_at": "2026-03-18T02:00:00Z",
        "closes_at": "2026-03-28T02:00:00Z",
        "options": [{"key": "1", "label": "甲"}],
    }
    other = {**dict.fromkeys(ballot, "x"), "quorum": (1, 2), "max_choices": 2, "secret": False, "options": []}
    texts = {receipts.frozen_bytes(**{**ballot, name: other[name]}) for name in ballot}  # type: ignore[arg-type]
    texts.add(receipts.frozen_bytes(**ballot))  # type: ignore[arg-type]
    assert len(texts) == len(ballot) + 1


# Codes that were published and are not made by our own arithmetic.
REAL = ["91110000802100433B", "91350100M000100Y43", "91440300708461136T"]


@pytest.mark.parametrize("code", REAL)
def test_real_credit_codes(code: str) -> None:
    assert credit_code.is_valid(code)
    assert credit_code.clean(f" {code[:8].lower()} {code[8:]}") == code


@given(st.text(credit_code.ALPHABET, min_size=9, max_size=9), st.integers(0, 999999), st.data())
def test_one_wrong_character_is_always_found(body: str, area: int, data: st.DataObject) -> None:
    first = f"91{area:06}{body}"
    code = first + credit_code.check_character(first)
    assert credit_code.is_valid(code)
    place = data.draw(st.integers(0, 17))
    wrong = data.draw(st.sampled_from(credit_code.ALPHABET).filter(lambda c: c != code[place]))
    assert not credit_code.is_valid(code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize("code", ["", "911100", "91110000802100433C", "9111000080210043IB", "９" * 18 + "1"])
def test_bad_credit_codes(code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        credit_code.clean(code)
    assert (refusal.value.reason, refusal.value.field) == ("credit_code", "credit_code")


def test_the_standards_own_example() -> None:
    # GB 11643-1999, annex A.
    assert person_key.resident_check("11010519491231002") == "X"
    assert person_key.resident_check("44052418800101001") == "4"


def resident(born: date, area: int, order: int) -> str:
    first = f"{area:06}{born:%Y%m%d}{order:03}"
    return first + person_key.resident_check(first)


@given(
    st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(110000, 659999), st.integers(0, 999), st.data()
)
def test_wrong_resident_numbers_are_found(born: date, area: int, order: int, data: st.DataObject) -> None:
    number = resident(born, area, order)
    assert person_key.is_resident_number(number)
    place = data.draw(st.integers(0, 16))
    wrong = data.draw(st.sampled_from("0123456789").filter(lambda c: c != number[place]))
    assert not person_key.is_resident_number(number[:place] + wrong + number[place + 1 :])


def test_one_number_one_key_however_it_is_typed() -> None:
    key = person_key.person_key(b"pepper", "11010519491231002X")
    assert len(key) == 64
    assert person_key.person_key(b"pepper", " 110105-19491231-002x ") == key
    assert person_key.person_key(b"pepper", "１１０１０５１９４９１２３１００２Ｘ") == key
    assert person_key.person_key(b"other", "11010519491231002X") != key
    assert person_key.person_key(b"pepper", "E12345678") != key


@pytest.mark.parametrize(
    "number", ["", "12", "110105194912310021", "110105194913310028", "E1234567八", "x" * 30]
)
def test_impossible_numbers_are_refused_and_not_repeated(number: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        person_key.person_key(b"pepper", number)
    assert refusal.value.reason == "document_number"
    assert refusal.value.details == {}
