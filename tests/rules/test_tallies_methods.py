"""Scores, rankings, budgets, weights: the choices, and counts worked by hand."""

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.errors import InvalidInput
from civic.rules.tallies import (
    APPROVING,
    METHODS,
    RANKED,
    YES_NO,
    check_definition,
    clean_choice,
    count,
    recount,
    tally,
)  # fmt: skip
from civic.rules.tallies.lots import Undecided, draw, first, look_back
from civic.rules.tallies.papers import checker
from civic.rules.tallies.ranked import instant_runoff
from civic.rules.tallies.results import Details
from civic.rules.tallies.schulze import chain, schulze
from civic.rules.tallies.stv import SCALE, single_transferable_vote

OPTIONS = ["1", "2", "3", "4"]
MONEY: Details = {"budget": 100, "costs": {"1": 60, "2": 50, "3": 40, "4": 10}}


@pytest.mark.parametrize(
    ("method", "chosen", "text", "details"),
    [
        ("score", ["4:2", "1:5", "2:0"], "1:5,4:2", {"max_score": 5}),
        ("score", "1:05", "1:5", {"max_score": 5}),
        ("score", "abstain", "abstain", {"max_score": 5}),
        ("runoff", ["3", "1"], "3>1", {}),
        ("stv", "3>1>2", "3>1>2", {"seats": 2}),
        ("schulze", "abstain", "abstain", {}),
        ("budget_shares", ["4", "1"], "1,4", MONEY),
    ],
)
def test_canonical_choices(method: str, chosen: Any, text: str, details: Details) -> None:
    assert clean_choice(method, OPTIONS, chosen, details=details) == text
    assert clean_choice(method, OPTIONS, text, details=details) == text


@pytest.mark.parametrize(
    ("method", "chosen", "reason", "details"),
    [
        ("score", ["1:6"], "score", {"max_score": 5}),
        ("score", ["1"], "score", {"max_score": 5}),
        ("score", ["1:-1"], "score", {"max_score": 5}),
        ("score", ["1:２"], "score", {"max_score": 5}),
        ("score", ["1:0"], "empty", {"max_score": 5}),
        ("score", ["1:1", "1:2"], "duplicate", {"max_score": 5}),
        ("runoff", ["1", "1"], "duplicate", {}),
        ("runoff", ["1", "abstain"], "abstain_alone", {}),
        ("runoff", "1>9", "unknown_option", {}),
        ("budget_greedy", [], "empty", MONEY),
    ],
)
def test_refused_choices(method: str, chosen: Any, reason: str, details: Details) -> None:
    with pytest.raises(InvalidInput) as refused:
        clean_choice(method, OPTIONS, chosen, details=details)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("method", "passing", "details", "reason"),
    [
        ("runoff", "majority", {}, "passing"),
        ("stv", "plurality", {}, "seats"),
        ("stv", "plurality", {"seats": 4}, "seats"),
        ("score", "plurality", {"max_score": 0}, "max_score"),
        ("score", "plurality", {"max_score": 101}, "max_score"),
        ("budget_greedy", "plurality", {"costs": MONEY["costs"]}, "budget"),
        ("budget_greedy", "plurality", {"budget": 5, "costs": {"1": 3}}, "costs"),
        ("budget_greedy", "plurality", {**MONEY, "costs": {**MONEY["costs"], "4": 0}}, "costs"),
        ("budget_shares", "plurality", {**MONEY, "limits": {"绿化": 5}}, "categories"),
        ("budget_shares", "plurality", {**MONEY, "completion": "luck"}, "completion"),
    ],
)
def test_refused_definitions(method: str, passing: str, details: Details, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_definition(method, passing, OPTIONS, details=details)
    assert refused.value.reason == reason


def test_scores_are_added() -> None:
    votes = {"1:5,2:3": 2, "2:4": 2, "abstain": 1}
    result = tally("score", "plurality", OPTIONS, votes, eligible=9, details={"max_score": 5})
    assert [c["count"] for c in result["counts"]] == [10, 14, 0, 0, 1] and result["winners"] == ["2"]


def test_a_runoff_moves_the_votes_of_the_last() -> None:
    votes = {"1": 4, "2>1": 3, "3>2": 2, "abstain": 9}
    result = tally("runoff", "plurality", ["1", "2", "3"], votes, eligible=30)
    assert result["winners"] == ["2"] and result["base"] == 9
    first_, second = result["rounds"]
    assert first_["excluded"] == ["3"] and first_["transfers"] == [{"from": "3", "to": "2", "count": 2}]
    assert [c["count"] for c in second["counts"]] == [4, 5]


def test_ties_look_back_then_draw_or_wait() -> None:
    assert look_back(["1", "2"], [{"1": 3, "2": 4}, {"1": 5, "2": 5}], min) == ["1"]
    assert look_back(["1", "2"], [{"1": 3, "2": 3}], min) == ["1", "2"]
    with pytest.raises(Undecided):
        first(["1", "2"], draw(OPTIONS, b""))
    open_ = tally("runoff", "plurality", ["1", "2"], {"1": 1, "2": 1}, eligible=9)
    assert open_["why"] == "tied" and open_["tie"] == {
        "options": ["1", "2"],
        "broken_by": "none",
        "chosen": None,
    }
    drawn = tally("runoff", "plurality", ["1", "2"], {"1": 1, "2": 1}, eligible=9, seed=b"x")
    assert drawn["passed"] and drawn["winners"] == [first(["1", "2"], draw(["1", "2"], b"x"))]


def test_a_surplus_moves_at_its_value() -> None:
    """Quota 4 of 11 for two seats; the surplus of 2 over 6 papers moves at 0.33333 each."""
    ballots = {("1", "2"): 4, ("1", "3"): 2, ("2",): 2, ("3",): 3}
    elected, rounds = single_transferable_vote(["1", "2", "3"], ballots, 2, {"1": 0, "2": 1, "3": 2})
    assert rounds[0]["quota"] == 4 * SCALE and rounds[0]["surplus_of"] == "1"
    assert rounds[0]["transfers"] == [
        {"from": "1", "to": "2", "count": 133_332},
        {"from": "1", "to": "3", "count": 66_666},
        {"from": "1", "to": None, "count": 2},
    ]
    assert elected == ["1", "3"]


def test_budgets_fund_what_fits_and_say_by_what() -> None:
    votes = {"1": 5, "2": 3, "3,4": 2, "4": 1}
    greedy = tally("budget_greedy", "plurality", OPTIONS, votes, eligible=20, details=MONEY)
    assert greedy["winners"] == ["1", "4"] and greedy["spent"] == 70
    assert [step["left"] for step in greedy["rounds"]] == [40, 30]
    tied = {"1": 1, "2": 1}
    assert tally("budget_greedy", "plurality", OPTIONS, tied, eligible=20, details=MONEY)["why"] == "tied"
    drawn = tally("budget_greedy", "plurality", OPTIONS, tied, eligible=20, seed=b"s", details=MONEY)
    assert drawn["winners"] == [first(["1", "2"], draw(OPTIONS, b"s"))]
    shares = tally("budget_shares", "plurality", OPTIONS, votes, eligible=20, seed=b"s", details=MONEY)
    assert {step["by"] for step in shares["rounds"]} <= {"shares", "votes"}
    assert shares["rounds"][0]["option"] == "4" and shares["rounds"][0]["pays"] == 10_000 // 3


def test_a_category_has_its_limit() -> None:
    details: Details = {**MONEY, "categories": {"1": "绿化", "3": "绿化"}, "limits": {"绿化": 60}}
    votes = {"1": 5, "3": 4, "4": 3}
    for method in ("budget_greedy", "budget_shares"):
        result = tally(method, "plurality", OPTIONS, votes, eligible=20, details=details)
        assert sorted(result["winners"]) == ["1", "4"]


def owners(passing: str, heads: dict[str, int], area: dict[str, int]) -> Any:
    return tally(
        "yes_no", passing, ("yes", "no", "abstain"), heads, eligible=90, eligible_weight=9000,
        quorum={"numerator": 2, "denominator": 3}, weights=area,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("passing", "heads", "area", "why"),
    [
        ("dual_majority", {"yes": 31, "no": 29}, {"yes": 3001, "no": 2999}, "passed"),
        ("dual_majority", {"yes": 31, "no": 29}, {"yes": 3000, "no": 3000}, "not_enough"),
        ("dual_majority", {"yes": 30, "no": 29, "abstain": 1}, {"yes": 5000, "no": 1000}, "not_enough"),
        ("dual_majority", {"yes": 31, "no": 28}, {"yes": 5000, "no": 1000}, "no_quorum"),
        ("dual_majority", {"yes": 50, "no": 10}, {"yes": 5000, "no": 999}, "no_quorum"),
        ("dual_three_quarters", {"yes": 45, "no": 15}, {"yes": 4500, "no": 1500}, "passed"),
        ("dual_three_quarters", {"yes": 45, "no": 15}, {"yes": 4499, "no": 1501}, "not_enough"),
        ("majority", {"yes": 20, "no": 40}, {"yes": 3001, "no": 2999}, "passed"),
    ],
)
def test_owners_decide_by_heads_and_by_area(passing: str, heads: Any, area: Any, why: str) -> None:
    result = owners(passing, heads, area)
    assert result["why"] == why and result["weights"]["eligible"] == 9000


def test_a_box_with_details_and_weights_recounts() -> None:
    box: Any = {
        "ballot": "7", "method": "runoff", "passing": "plurality", "quorum": None, "eligible": 3, "max_choices": None,
        "seed": "", "options": [{"id": k, "label": k} for k in OPTIONS], "details": {}, "eligible_weight": 9,
        "ballots": [
            {"tracker": "a", "version": 1, "choice": "1>2", "weight": 5},
            {"tracker": "b", "version": 1, "choice": "2", "weight": 2},
            {"tracker": "c", "version": 1, "choice": "2", "weight": 2},
        ],
    }  # fmt: skip
    assert recount(box)["winners"] == ["1"] and recount(box)["weights"]["cast"] == 9
    box["ballots"][0]["weight"] = 6
    with pytest.raises(InvalidInput):
        recount(box)
    box["ballots"][0]["weight"], box["ballots"][0]["choice"] = 5, "2"
    assert recount(box, seed="ff")["seed"] == "ff"


ranked = st.dictionaries(
    st.permutations(OPTIONS).flatmap(lambda order: st.integers(1, 4).map(lambda k: tuple(order[:k]))),
    st.integers(1, 9),
    min_size=1,
    max_size=12,
)


@given(ranked, st.binary(min_size=1, max_size=4))
def test_ranked_counts_lose_no_vote(ballots: dict[tuple[str, ...], int], seed: bytes) -> None:
    lots = draw(OPTIONS, seed)
    winner, rounds = instant_runoff(OPTIONS, ballots, lots)
    total = sum(ballots.values())
    assert winner in OPTIONS and all(step["base"] + step["exhausted"] == total for step in rounds)
    for seats in (1, 2, 3):
        elected, stages = single_transferable_vote(OPTIONS, ballots, seats, lots)
        assert len(set(elected)) == len(elected) == seats
        assert all(step["base"] + step["exhausted"] == SCALE * total for step in stages)


@given(
    st.lists(st.sets(st.sampled_from(OPTIONS), min_size=1).map(lambda s: ",".join(sorted(s))), max_size=20)
)
def test_budgets_never_spend_more_than_there_is(votes: list[str]) -> None:
    for method in ("budget_greedy", "budget_shares"):
        result = tally(method, "plurality", OPTIONS, Counter(votes), eligible=50, seed=b"s", details=MONEY)
        assert result["spent"] <= MONEY["budget"]
        assert result["spent"] == sum(MONEY["costs"][key] for key in result["leading"])
        left = [step["left"] for step in result["rounds"]]
        assert left == sorted(left, reverse=True)


@given(st.lists(st.permutations(["1", "2", "3", "4", "5"]), min_size=1, max_size=12), st.integers(1, 5))
def test_a_chain_is_as_strong_as_the_strongest(papers: list[list[str]], cut: int) -> None:
    """From each option to each other one: its smallest number is what the count says, and each step is a majority."""
    options = ["1", "2", "3", "4", "5"]
    _, table, paths = schulze(options, Counter(tuple(paper[:cut]) for paper in papers))
    for i in range(5):
        for j in range(5):
            found = chain(table, i, j, paths[i][j]) if i != j else []
            if not found:
                assert i == j or paths[i][j] == 0
                continue
            steps = list(pairwise(found))
            assert found[0] == i and found[-1] == j
            assert all(table[a][b] > table[b][a] for a, b in steps)
            assert min(table[a][b] for a, b in steps) == paths[i][j]


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[str], int | None, Details, str]:
    """A ballot and a text that is nearly a choice of it."""
    method = draw(st.sampled_from(METHODS))
    options = list(YES_NO) if method == "yes_no" else draw(st.sampled_from([OPTIONS, [*OPTIONS, "abstain"]]))
    most = draw(st.sampled_from([None, 1, 2, 3])) if method in (*APPROVING, *RANKED) else None
    keys = st.sampled_from([*options, "abstain", "9", "", " 1", "1 ", "yes", "(blank)"])
    scores = st.sampled_from(["", ":1", ":5", ":6", ":0", ":05", ":-1", ":٣", ": 1", ":", ":1:1"])
    part = st.builds(str.__add__, keys, scores) if method == "score" else keys
    joint = draw(st.sampled_from([",", ">"] if draw(st.booleans()) else [">" if method in RANKED else ","]))
    return method, options, most, {"max_score": 5}, joint.join(draw(st.lists(part, max_size=4)))


@settings(max_examples=1500)
@given(texts())
def test_the_quick_check_holds_for_what_stays_as_it_is_when_cleaned(ballot: Any) -> None:
    method, options, most, details, text = ballot
    try:
        unchanged = clean_choice(method, options, text, most, details) == text
    except InvalidInput:
        unchanged = False
    assert checker(method, options, most, details)(text) is unchanged


def test_an_abstention_with_points_is_none() -> None:
    """It would count as many abstentions as it has points."""
    with pytest.raises(InvalidInput) as refused:
        clean_choice("score", OPTIONS, ["abstain:3"], details={"max_score": 5})
    assert refused.value.reason == "abstain_alone"
    found = count("score", OPTIONS, {"abstain:3": 1, "abstain": 2, "1:5": 4}, None, {"max_score": 5})
    assert (found.valid, found.invalid, found.abstentions) == (6, 1, 2)
