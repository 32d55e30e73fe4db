"""What clerks type, when they agree, and how sheets add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.errors import InvalidInput
from civic.rules import paper_ballots as rules
from civic.rules.paper_ballots import BLANK, SPOILT, Reading
from civic.rules.tallies import METHODS
from civic.rules.tallies.counting import count
from civic.rules.tallies.papers import checker

FOUR = ["1", "2", "3", "4"]
YES_NO = ["yes", "no", "abstain"]
DETAILS = {"max_score": 9, "seats": 2, "budget": 10, "costs": dict.fromkeys(FOUR, 3)}


@pytest.mark.parametrize(
    ("method", "typed", "choice"),
    [
        ("yes_no", "1", "yes"), ("yes_no", "2", "no"), ("yes_no", " ３ ", "abstain"), ("yes_no", "#", "abstain"),
        ("single", "4", "4"), ("single", "弃", "abstain"), ("approval", "4 1", "1,4"), ("approval", "4，1", "1,4"),
        ("approval", "1、2、4", "1,2,4"), ("runoff", "3 1 2", "3>1>2"), ("stv", "2>4", "2>4"), ("schulze", "4", "4"),
        ("score", "4=2 1=5", "1:5,4:2"), ("score", "1:5，4：2", "1:5,4:2"), ("budget_shares", "2 3", "2,3"),
        ("budget_greedy", "3", "3"), ("single", "0", BLANK), ("runoff", "空", BLANK), ("score", "*", SPOILT),
        ("yes_no", "X", SPOILT), ("approval", "废票", SPOILT),
    ],
)  # fmt: skip
def test_what_a_clerk_types_is_one_choice(method: str, typed: str, choice: str) -> None:
    options = YES_NO if method == "yes_no" else FOUR
    read = rules.read_sheet(method, options, typed, None, DETAILS)  # type: ignore[arg-type]
    assert read == choice
    again = rules.shown(method, options, read)
    assert rules.read_sheet(method, options, again, None, DETAILS) == choice  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "typed", "reason"),
    [
        ("yes_no", "4", "not_read"), ("yes_no", "yes", "not_read"),
        ("single", "1 2", "one_only"), ("single", "5", "not_read"),
        ("single", "１２３４", "not_read"), ("runoff", "1 1", "duplicate"),
        ("score", "1=10", "score"), ("score", "1", "score"),
        ("single", "", "empty"), ("approval", "-1", "not_read"), ("approval", "1 2 3", "too_many_choices"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(method: str, typed: str, reason: str) -> None:
    most = 2 if method == "approval" else None
    with pytest.raises(InvalidInput) as caught:
        rules.read_sheet(method, YES_NO if method == "yes_no" else FOUR, typed, most, DETAILS)  # type: ignore[arg-type]
    assert caught.value.reason == reason


@pytest.mark.parametrize("method", METHODS)
def test_blank_and_spoilt_sheets_count_as_invalid_by_every_method(method: str) -> None:
    options = YES_NO if method == "yes_no" else FOUR
    for text in (BLANK, SPOILT, rules.INVALID):
        assert not checker(method, options, None, DETAILS)(text)  # type: ignore[arg-type]
    counted = count(method, options, {BLANK: 2, SPOILT: 3, "abstain": 1}, None, DETAILS)  # type: ignore[arg-type]
    assert (counted.valid, counted.invalid, counted.abstentions) == (1, 5, 1)


def test_two_clerks_agree_or_read_again() -> None:
    first, second = (
        Reading("甲", {1: "yes", 2: "no", 3: BLANK}),
        Reading("乙", {1: "yes", 2: "yes", 3: BLANK}),
    )
    found = rules.compare(3, [first, second])
    assert (found.settled, found.disputed, found.exhausted) == ({1: "yes", 3: BLANK}, [2], False)
    assert rules.outcome(1, rules.compare(3, [first])) == "read_once"
    assert rules.outcome(2, found) == "differ"
    third = rules.compare(3, [first, second, Reading("丙", {2: "no"})])
    assert third.settled[2] == "no" and rules.outcome(3, third) == "agree"


def test_nobody_agrees_with_themself() -> None:
    found = rules.compare(1, [Reading("甲", {1: "yes"}), Reading("甲", {1: "yes"})])
    assert found.disputed == [1]


def test_after_three_disagreements_in_a_row_a_scrutineer_rules() -> None:
    read = [Reading("甲", {1: "yes"}), Reading("乙", {1: "no"}), Reading("丙", {1: BLANK})]
    assert rules.outcome(3, rules.compare(1, read)) == "differ"
    read.append(Reading("丁", {1: SPOILT}))
    assert rules.outcome(4, rules.compare(1, read)) == "refer"
    ruled = rules.compare(1, [*read, Reading("监票人", {1: "yes"}, True)])
    assert ruled.settled == {1: "yes"} and not ruled.disputed and not ruled.exhausted


CHOICES = st.sampled_from(["yes", "no", "abstain", BLANK, SPOILT])
READINGS = st.lists(
    st.builds(
        Reading, st.sampled_from("甲乙丙丁"), st.dictionaries(st.integers(1, 4), CHOICES), st.just(False)
    ),
    max_size=7,
)


@given(READINGS)
def test_a_sheet_is_settled_by_two_people_and_stays_so(readings: list[Reading]) -> None:
    before: dict[int, str] = {}
    for end in range(len(readings) + 1):
        found = rules.compare(4, readings[:end])
        assert before.items() <= found.settled.items(), "what is settled never changes"
        assert sorted([*found.settled, *found.disputed]) == [1, 2, 3, 4]
        for number, choice in found.settled.items():
            assert len({r.clerk for r in readings[:end] if r.choices.get(number) == choice}) >= 2
        before = found.settled


def test_sheets_add_up() -> None:
    rules.check_sheets(3, 7, 10)
    with pytest.raises(InvalidInput) as caught:
        rules.check_sheets(4, 7, 10)
    assert caught.value.reason == "too_many_sheets"
    rules.check_complete([1, 2], {1: "yes", 2: "no"})
    for read, reason in (({1: "yes"}, "sheet_missing"), ({1: "yes", 2: "no", 3: "no"}, "sheet_unknown")):
        with pytest.raises(InvalidInput) as caught:
            rules.check_complete([1, 2], read)
        assert caught.value.reason == reason


def test_channels_are_told_apart_only_when_both_are_big() -> None:
    assert rules.broken_down(5, 5, 5)
    assert (
        not rules.broken_down(4, 5, 5) and not rules.broken_down(5, 4, 5) and not rules.broken_down(100, 0, 5)
    )
