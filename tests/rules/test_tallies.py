"""Counting: against cases worked by hand, and against what must hold of every count."""

import time
from collections import Counter
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.errors import InvalidInput
from civic.rules.tallies import (
    PASSING,
    YES_NO,
    box_bytes,
    break_tie,
    canonical,
    check_definition,
    clean_choice,
    quorum_needed,
    recount,
    tally,
)

OPTIONS = ["1", "2", "3", "4"]


def yes_no(passing: str, yes: int, no: int, abstain: int = 0, **more: Any) -> Any:
    more.setdefault("eligible", 1000)
    return tally("yes_no", passing, YES_NO, {"yes": yes, "no": no, "abstain": abstain}, **more)


@pytest.mark.parametrize(
    ("passing", "yes", "no", "abstain", "why"),
    [
        ("majority", 51, 49, 0, "passed"),
        ("majority", 50, 50, 0, "tied"),
        ("majority", 2, 1, 500, "passed"),
        ("majority", 49, 51, 0, "not_enough"),
        ("plurality", 2, 1, 0, "passed"),
        ("plurality", 1, 2, 0, "not_enough"),
        ("two_thirds", 2, 1, 0, "passed"),
        ("two_thirds", 66, 34, 0, "not_enough"),
        ("two_thirds", 67, 33, 100, "passed"),
        ("majority", 0, 0, 7, "no_votes"),
        ("majority", 0, 0, 0, "no_votes"),
    ],
)
def test_yes_or_no(passing: str, yes: int, no: int, abstain: int, why: str) -> None:
    result = yes_no(passing, yes, no, abstain)
    assert result["why"] == why
    assert result["passed"] is (why == "passed")
    assert result["winners"] == (["yes"] if why == "passed" else [])


def test_a_tied_motion_is_rejected_and_says_so() -> None:
    assert yes_no("majority", 5, 5, seed=b"x")["tie"] == {
        "options": ["yes", "no"],
        "broken_by": "rejected",
        "chosen": None,
    }


@pytest.mark.parametrize(("cast", "met"), [(333, False), (334, True)])
def test_quorum_is_rounded_up(cast: int, met: bool) -> None:
    result = yes_no("majority", cast, 0, quorum={"numerator": 1, "denominator": 3})
    assert result["quorum"] == {"numerator": 1, "denominator": 3, "needed": 334, "met": met}
    assert result["why"] == ("passed" if met else "no_quorum")
    assert result["turnout"] == {"numerator": cast, "denominator": 1000}


def test_abstentions_are_present_but_do_not_decide() -> None:
    result = yes_no("majority", 2, 1, 497, quorum={"numerator": 1, "denominator": 2})
    assert result["passed"] and result["cast"] == 500 and result["base"] == 3 and result["abstentions"] == 497


def test_single_choice() -> None:
    votes = {"1": 40, "2": 35, "3": 25}
    assert tally("single", "plurality", OPTIONS, votes, eligible=100)["winners"] == ["1"]
    lost = tally("single", "majority", OPTIONS, votes, eligible=100)
    assert (lost["winners"], lost["leading"], lost["why"]) == ([], ["1"], "not_enough")


def test_approval_is_a_share_of_the_ballots_not_of_the_approvals() -> None:
    votes = {"1,2": 4, "2": 2, "3": 1, "abstain": 5}
    result = tally("approval", "majority", OPTIONS, votes, eligible=20)
    assert result["winners"] == ["2"] and result["base"] == 7 and result["cast"] == 12
    assert [c["count"] for c in result["counts"]] == [4, 6, 1, 0, 5]


def test_a_tie_is_broken_by_the_published_rule_or_not_at_all() -> None:
    votes = {"1": 3, "2": 3, "3": 1}
    open_ = tally("single", "plurality", OPTIONS, votes, eligible=9)
    assert (open_["why"], open_["leading"], open_["winners"]) == ("tied", ["1", "2"], [])
    seed = b"checkpoint"
    wanted = min(("1", "2"), key=lambda key: sha256(seed + b"\0" + key.encode()).hexdigest())
    drawn = tally("single", "plurality", OPTIONS, votes, eligible=9, seed=seed)
    assert drawn["winners"] == [wanted] and drawn["seed"] == seed.hex()
    assert drawn["tie"] == {"options": ["1", "2"], "broken_by": "seed", "chosen": wanted}
    assert drawn["rounds"][0]["leading"] == ["1", "2"]


def test_a_drawn_tie_favours_nobody() -> None:
    won = Counter(break_tie(["1", "2", "3"], bytes([a, b])) for a in range(30) for b in range(30))
    assert all(250 < n < 350 for n in won.values()) and len(won) == 3


def test_what_is_no_choice_is_counted_as_invalid() -> None:
    votes = {"1": 2, "9": 1, "2,1": 1, "": 1, "1,1": 1, "1,2": 3}
    result = tally("approval", "plurality", OPTIONS, votes, eligible=50)
    assert (result["valid"], result["invalid"], result["cast"]) == (5, 4, 9)
    assert tally("single", "plurality", OPTIONS, votes, eligible=50)["valid"] == 2


CHOICES = {
    "yes_no": st.sampled_from(YES_NO),
    "single": st.sampled_from([*OPTIONS, "abstain"]),
    "approval": st.one_of(
        st.just("abstain"),
        st.sets(st.sampled_from(OPTIONS), min_size=1).map(lambda s: canonical("approval", OPTIONS, s)),
    ),
}


@st.composite
def elections(draw: st.DrawFn) -> tuple[str, str, list[str], list[str]]:
    method = draw(st.sampled_from(sorted(CHOICES)))
    passing = draw(st.sampled_from(PASSING))
    votes = draw(st.lists(CHOICES[method], max_size=60))
    return method, passing, list(YES_NO) if method == "yes_no" else OPTIONS, votes


def make_box(election: tuple[str, str, list[str], list[str]], seed: bytes = b"s") -> Any:
    method, passing, options, votes = election
    return {
        "ballot": "7",
        "method": method,
        "passing": passing,
        "quorum": None,
        "options": [{"id": key, "label": f"选项 {key}"} for key in options],
        "eligible": 100,
        "max_choices": None,
        "seed": seed.hex(),
        "ballots": [{"tracker": f"t{i:03}", "version": 1, "choice": v} for i, v in enumerate(votes)],
    }


@given(elections(), st.randoms(use_true_random=False))
def test_order_changes_nothing_and_counts_add_up(election: Any, random: Any) -> None:
    method, passing, options, votes = election
    result = tally(method, passing, options, Counter(votes), eligible=100, seed=b"s")
    box = make_box(election)
    bytes_ = box_bytes(box)
    random.shuffle(box["ballots"])
    assert recount(box) == result
    assert box_bytes(box) == bytes_
    assert result["cast"] == len(votes) == result["valid"]
    decisive = 0 if passing.startswith("dual") else result["abstentions"]
    assert result["base"] + decisive == result["valid"]
    total = sum(c["count"] for c in result["counts"])
    assert total == result["cast"] if method != "approval" else total >= result["cast"]
    assert bool(result["winners"]) is result["passed"]


@given(elections(), st.data())
def test_one_more_vote_never_hurts_its_option(election: Any, data: st.DataObject) -> None:
    method, passing, options, votes = election
    before = tally(method, passing, options, Counter(votes), eligible=100, seed=b"s")
    for winner in before["winners"]:
        after = tally(method, passing, options, Counter([*votes, winner]), eligible=100, seed=b"s")
        assert after["winners"] == [winner]


@given(elections())
def test_stricter_rules_pass_less(election: Any) -> None:
    method, _, options, votes = election
    passed = [
        tally(method, passing, options, Counter(votes), eligible=100, seed=b"s")["passed"]
        for passing in ("plurality", "majority", "two_thirds")
    ]
    assert passed == sorted(passed, reverse=True)


def test_the_newest_version_counts_and_copies_are_refused() -> None:
    box = make_box(("yes_no", "majority", list(YES_NO), ["yes", "no"]))
    box["ballots"].append({"tracker": "t001", "version": 2, "choice": "yes"})
    assert recount(box)["counts"][0] == {"option": "yes", "count": 2}
    box["ballots"].append(box["ballots"][0])
    with pytest.raises(InvalidInput):
        recount(box)
    overfull = make_box(("yes_no", "majority", list(YES_NO), ["yes", "no"]))
    overfull["eligible"] = 1
    with pytest.raises(InvalidInput):
        recount(overfull)


@pytest.mark.parametrize(
    ("method", "chosen", "text"),
    [
        ("yes_no", "yes", "yes"),
        ("single", ["3"], "3"),
        ("approval", ["4", "1"], "1,4"),
        ("approval", "4, 1", "1,4"),
        ("approval", ["abstain"], "abstain"),
        ("single", "abstain", "abstain"),
    ],
)
def test_choices_have_one_text(method: str, chosen: Any, text: str) -> None:
    assert clean_choice(method, YES_NO if method == "yes_no" else OPTIONS, chosen) == text


@pytest.mark.parametrize(
    ("method", "chosen", "reason"),
    [
        ("yes_no", "maybe", "unknown_option"),
        ("yes_no", "yes,no", "one_only"),
        ("single", "", "empty"),
        ("single", "1,2", "one_only"),
        ("single", "yes", "unknown_option"),
        ("approval", [], "empty"),
        ("approval", "1,1", "duplicate"),
        ("approval", "1,abstain", "abstain_alone"),
        ("approval", "1,2,3", "too_many_choices"),
    ],
)
def test_bad_choices_say_why(method: str, chosen: Any, reason: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        clean_choice(method, YES_NO if method == "yes_no" else OPTIONS, chosen, 2)
    assert refusal.value.reason == reason and refusal.value.field == "choice"


@pytest.mark.parametrize(
    ("method", "passing", "options", "most"),
    [
        ("lottery", "majority", OPTIONS, None),
        ("single", "everybody", OPTIONS, None),
        ("single", "majority", ["1"], None),
        ("single", "majority", ["1", "1"], None),
        ("single", "majority", ["1", "a,b"], None),
        ("yes_no", "majority", ["no", "yes"], None),
        ("approval", "majority", OPTIONS, 0),
        ("approval", "majority", OPTIONS, 5),
        ("single", "majority", OPTIONS, 2),
    ],
)
def test_what_cannot_be_counted_is_refused(method: str, passing: str, options: Any, most: Any) -> None:
    with pytest.raises(InvalidInput):
        check_definition(method, passing, options, most)


@given(st.integers(0, 10**9), st.integers(0, 100), st.integers(1, 100))
def test_the_quorum_is_the_least_that_suffices(eligible: int, numerator: int, denominator: int) -> None:
    needed = quorum_needed(eligible, {"numerator": numerator, "denominator": denominator})
    assert needed * denominator >= eligible * numerator
    assert needed == 0 or (needed - 1) * denominator < eligible * numerator


def test_a_million_ballots_take_a_moment() -> None:
    keys = [str(i) for i in range(1, 13)]
    votes = {
        canonical("approval", keys, {k for i, k in enumerate(keys) if bits >> i & 1}): 250
        for bits in range(1, 4096)
    }
    started = time.perf_counter()
    result = tally("approval", "majority", keys, votes, eligible=2_000_000)
    assert result["cast"] == 4095 * 250 and time.perf_counter() - started < 2
