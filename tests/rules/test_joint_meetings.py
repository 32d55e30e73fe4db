"""The rules of a joint meeting, by properties and against figures worked out by hand."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from itertools import permutations
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.errors import CivicError, InvalidInput, InvalidState, NotAllowed
from civic.rules import lifecycles
from civic.rules.joint_meetings import (
    BLOCS,
    CHOICES,
    RULES,
    Bloc,
    amend,
    check_seconder,
    decide,
    draw_order,
    list_hash,
    needed,
    quorate,
)
from civic.rules.joint_meetings.decisions import Voice
from civic.rules.joint_meetings.minutes import (
    ItemFacts,
    MeetingFacts,
    MotionFacts,
    VoteFacts,
    answered,
    check_order,
    draft,
    standing,
)
from civic.rules.joint_meetings.motions import check_amendment, check_amendments_first
from civic.rules.joint_meetings.phrases import PHRASES
from civic.rules.joint_meetings.quorum import as_record, check_blocs, presences
from civic.rules.joint_meetings.steps import Facts, next_step

blocs = st.sampled_from(BLOCS)
voices = st.lists(st.builds(Voice, blocs, st.sampled_from(CHOICES), st.booleans()), max_size=60)
required = st.sets(blocs, min_size=1)
shares = st.integers(1, 1000).flatmap(lambda d: st.tuples(st.integers(1, d), st.just(d)))


def refused(kind: type[CivicError], reason: str, work: object) -> None:
    with pytest.raises(kind) as caught:
        work()  # type: ignore[operator]
    assert caught.value.reason == reason


# Quorum


@given(st.integers(0, 3000), shares)
def test_the_needed_seats_are_the_share_rounded_up_and_never_none(seats: int, share: tuple[int, int]) -> None:
    least = needed(seats, *share)
    assert least == max(1, ceil(Fraction(seats * share[0], share[1])))
    assert seats == 0 or least <= seats
    assert least == 1 or Fraction(least - 1, seats) < Fraction(*share) <= Fraction(least, seats)


@given(st.lists(st.tuples(blocs, st.booleans()), max_size=80), required, shares)
def test_quorum_is_met_when_each_required_bloc_is_there(
    seats: list[tuple[str, bool]], wanted: set[str], share: tuple[int, int]
) -> None:
    found = presences([Bloc(b, *share) for b in wanted], seats)
    by_hand = all(
        sum(1 for bloc, here in seats if bloc == b and here)
        >= needed(sum(1 for bloc, _ in seats if bloc == b), *share)
        for b in wanted
    )
    assert quorate(found) == by_hand
    assert set(as_record(found)) == wanted
    if quorate(found):  # more who come never break it
        assert quorate(presences([Bloc(b, *share) for b in wanted], [(b, True) for b, _ in seats]))


def test_a_bloc_without_seats_is_never_there() -> None:
    assert not quorate(presences([Bloc("residents", 1, 2)], [("government", True)]))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ([], "no_blocs"),
        ([Bloc("residents", 1, 2), Bloc("residents", 1, 3)], "blocs"),
        ([Bloc("aliens", 1, 2)], "blocs"),
        ([Bloc("residents", 0, 2)], "share"),
        ([Bloc("residents", 3, 2)], "share"),
    ],
)
def test_senseless_quorums_are_refused(given: list[Bloc], reason: str) -> None:
    refused(InvalidInput, reason, lambda: check_blocs(given))


# Decisions


def roll(**blocs: tuple[int, int, int]) -> list[Voice]:
    return [
        Voice(bloc, choice)
        for bloc, counts in blocs.items()
        for choice, n in zip(CHOICES, counts, strict=False)
        for _ in range(n)
    ]


@pytest.mark.parametrize(
    ("rule", "voices", "passed", "why"),
    [
        ("simple", roll(government=(3, 2, 4)), True, "passed"),
        ("simple", roll(government=(2, 2, 0)), False, "not_enough"),
        ("simple", roll(government=(0, 0, 9)), False, "no_votes"),
        ("two_thirds", roll(government=(4, 2, 5)), True, "passed"),
        ("two_thirds", roll(government=(5, 3, 0)), False, "not_enough"),
        ("concurrent", roll(government=(5, 0, 0), residents=(2, 1, 0)), True, "passed"),
        ("concurrent", roll(government=(50, 0, 0), residents=(1, 2, 0)), False, "blocs_against"),
        ("concurrent", roll(government=(50, 0, 0), residents=(1, 1, 0)), False, "blocs_against"),
        ("concurrent", roll(government=(50, 0, 0)), False, "blocs_against"),
        ("consensus", roll(government=(1, 0, 5)), True, "passed"),
        ("consensus", roll(government=(1, 3, 0)), True, "passed"),
        ("consensus", [*roll(government=(9, 0, 0)), Voice("residents", "no", True)], False, "objection"),
        ("consensus", roll(government=(0, 0, 3)), False, "no_votes"),
    ],
)
def test_decisions_worked_out_by_hand(rule: str, voices: list[Voice], passed: bool, why: str) -> None:
    outcome = decide(rule, voices, {"government", "residents"})
    assert (outcome.passed, outcome.why) == (passed, why)


@given(st.sampled_from(RULES), voices, required, st.randoms())
def test_every_voice_counts_once_whatever_the_order(
    rule: str, said: list[Voice], wanted: set[str], random: object
) -> None:
    outcome = decide(rule, said, wanted)
    assert sum(outcome.counts) == len(said) == sum(sum(c) for c in outcome.blocs.values())
    assert outcome.passed == (outcome.why == "passed")
    shuffled = list(said)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert decide(rule, shuffled, wanted) == outcome


@given(st.sampled_from(RULES), voices, required)
def test_who_abstains_or_is_recused_does_not_decide(rule: str, said: list[Voice], wanted: set[str]) -> None:
    spoke = [v for v in said if v.choice in ("yes", "no")]
    one, two = decide(rule, said, wanted), decide(rule, spoke, wanted)
    assert (one.passed, one.why) == (two.passed, two.why)


@given(st.sampled_from(RULES), voices, required, blocs)
def test_a_yes_more_never_defeats(rule: str, said: list[Voice], wanted: set[str], bloc: str) -> None:
    if decide(rule, said, wanted).passed:
        assert decide(rule, [*said, Voice(bloc, "yes")], wanted).passed


@given(voices, required)
def test_a_concurrent_majority_is_a_majority_in_each_required_bloc(
    said: list[Voice], wanted: set[str]
) -> None:
    outcome = decide("concurrent", said, wanted)
    each = {b: decide("simple", [v for v in said if v.bloc == b], {b}).passed for b in wanted}
    assert outcome.passed == all(each.values())
    assert set(outcome.against) == {b for b, passed in each.items() if not passed}


@given(voices, required)
def test_two_thirds_is_harder_than_a_majority(said: list[Voice], wanted: set[str]) -> None:
    if decide("two_thirds", said, wanted).passed:
        assert decide("simple", said, wanted).passed


# Sortition

pseudonyms = st.text("0123456789abcdef", min_size=16, max_size=16)


@given(st.binary(min_size=32, max_size=32), st.sets(pseudonyms, max_size=40), st.randoms())
def test_a_draw_can_be_repeated_from_the_seed_and_the_list(
    seed: bytes, ids: set[str], random: object
) -> None:
    order = draw_order(seed, ids)
    assert sorted(order) == sorted(ids)
    shuffled = list(ids)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert draw_order(seed, shuffled + shuffled) == order
    assert list_hash(shuffled) == list_hash(ids)
    # A stranger's own few lines.
    assert order == [
        id for _, id in sorted((sha256(seed + b"\0" + id.encode()).hexdigest(), id) for id in ids)
    ]
    # Taking one out leaves the order of the others as it was.
    for gone in order[:3]:
        assert draw_order(seed, ids - {gone}) == [id for id in order if id != gone]


def test_a_draw_is_fair_over_seeds() -> None:
    """Each of 10 is among the first 3 of 3,000 draws about 900 times (five standard deviations allowed)."""
    ids = [f"{i:016x}" for i in range(10)]
    times = dict.fromkeys(ids, 0)
    for i in range(3000):
        for id in draw_order(sha256(str(i).encode()).digest(), ids)[:3]:
            times[id] += 1
    assert all(abs(n - 900) < 5 * 25.1 for n in times.values())


@given(st.sets(pseudonyms, min_size=1, max_size=10), pseudonyms)
def test_the_fingerprint_of_a_list_changes_with_it(ids: set[str], other: str) -> None:
    assert (list_hash(ids | {other}) == list_hash(ids)) == (other in ids)


# Motions


@pytest.mark.parametrize(("mover", "seconder"), list(permutations(BLOCS, 2)))
def test_another_bloc_may_second(mover: str, seconder: str) -> None:
    check_seconder(mover, seconder)
    refused(NotAllowed, "same_bloc", lambda: check_seconder(mover, mover))


@given(st.text("甲乙丙丁", max_size=20), st.text("甲乙", max_size=4), st.text("戊己", max_size=4))
def test_an_amendment_changes_just_its_words(text: str, strike: str, insert: str) -> None:
    if strike and text.count(strike) != 1:
        refused(InvalidState, "passage_gone", lambda: amend(text, strike, insert))
        return
    after = amend(text, strike, insert)
    if not strike:
        assert after.startswith(text) and after.endswith(insert)
        return
    before, behind = text.split(strike)
    assert after == before + insert + behind


def test_senseless_amendments_are_refused() -> None:
    refused(InvalidInput, "empty", lambda: check_amendment("", ""))
    refused(InvalidInput, "no_change", lambda: check_amendment("三年", "三年"))
    check_amendment("三年", "")


@given(
    st.lists(st.sampled_from(["moved", "seconded", "voting", "adopted", "rejected", "withdrawn", "lapsed"]))
)
def test_amendments_come_first(states: list[str]) -> None:
    if {"seconded", "voting"} & set(states):
        refused(InvalidState, "amendments_first", lambda: check_amendments_first(states))
    else:
        check_amendments_first(states)


# Minutes

NOON = datetime(2026, 3, 18, 4, 0, tzinfo=UTC)


@given(
    st.dictionaries(st.integers(1, 40), st.sampled_from(["signed", "objected"])),
    st.sets(st.integers(1, 40)),
    st.integers(-100, 100),
)
def test_silence_is_acceptance_only_after_the_window(
    replies: dict[int, str], seats: set[int], hours: int
) -> None:
    found = standing(replies, sorted(seats), NOON + timedelta(hours=hours), NOON)
    assert set(found) == seats
    for seat, how in found.items():
        assert how == (replies.get(seat) or ("deemed" if hours >= 0 else "awaiting"))
    assert answered(found) == (hours >= 0 or seats <= set(replies))


@given(st.lists(st.text("abc", min_size=1), unique=True, max_size=6), st.randoms())
def test_a_version_keeps_every_section(keys: list[str], random: object) -> None:
    other = list(keys)
    random.shuffle(other)  # type: ignore[attr-defined]
    check_order(keys, other)
    refused(InvalidInput, "sections", lambda: check_order(keys, [*keys, "new"]))
    if keys:
        refused(InvalidInput, "sections", lambda: check_order(keys, keys[1:]))


def test_the_draft_says_what_happened_in_both_languages() -> None:
    vote = VoteFacts(
        1, "concurrent", "blocs_against", {"government": (2, 0, 0, 0), "residents": (0, 2, 1, 1)},
        [("李代表", "价格未说明")],
    )  # fmt: skip
    motion = MotionFacts("1", False, "延长一年", "乙", "李代表", "rejected", ["丙"], [vote])
    facts = MeetingFacts(
        "停车共享", "3月18日10:00", "3月18日12:00", "社区中心", "张主席", "王秘书",
        {"government": ["甲", "乙"], "residents": []}, {"government": [2, 1, 2]},
        [
            ItemFacts(1, "试点方案", ["甲"], [motion]),
            ItemFacts(2, "其他"),
        ],
        [(1, "延长一年")],
    )  # fmt: skip
    sections = draft(facts)
    assert [s.key for s in sections] == [
        "opening",
        "attendance",
        "item-1",
        "item-2",
        "resolutions",
        "closing",
    ]
    for part in ("停车共享", "社区中心", "张主席"):
        assert part in sections[0].zh and part in sections[0].en
    item = sections[2]
    assert (
        "居民代表：赞成0，反对2，弃权1，回避1" in item.zh and "0 yes, 2 no, 1 abstained, 1 recused" in item.en
    )
    assert "李代表的不同意见：价格未说明" in item.zh and "Dissent of 李代表" in item.en
    assert "回避：丙" in item.zh and "{" not in "".join(s.zh + s.en for s in sections)
    assert "未提出动议" in sections[3].zh and "决议1" in sections[4].zh and "nobody" in sections[1].en


def test_minutes_quote_an_amendment_and_keep_its_result_apart() -> None:
    vote = VoteFacts(1, "concurrent", "passed", {"residents": (2, 0, 0, 0)})
    change = MotionFacts("2", True, "", "乙", "丙", "adopted", (), [vote], "一年", "半年\n期满再议")
    facts = MeetingFacts(
        "停车共享", "", "", "", "", "", {}, {}, [ItemFacts(1, "试点", (), [change])], []
    )  # fmt: skip
    item = next(s for s in draft(facts) if s.key == "item-1")
    assert "> 删去：一年\n> 加入：半年\n> 期满再议\n" in item.zh
    assert "> Words that go: 一年\n> Words that come: 半年\n" in item.en
    assert "回避0\n\n表决结果：通过。" in item.zh  # else Markdown would put the result into the list


def test_both_languages_have_the_same_sentences() -> None:
    assert set(PHRASES["zh-Hans"]) == set(PHRASES["en"])


# What the chair does next


STATES = lifecycles.states("joint_meeting")
flags = st.booleans()
few = st.integers(0, 3)


@given(st.builds(Facts, st.sampled_from(STATES), flags, flags, few, few, flags, flags, flags))
def test_the_next_step_fits_the_state(facts: Facts) -> None:
    fits = {
        "convened": {"open"},
        "in_session": {"close_vote", "next_item", "give_floor", "open_vote", "adjourn"},
        "adjourned": {"draft_minutes", "submit_minutes"},
        "minutes_review": {"wait", "publish_minutes", "submit_minutes"},
    }
    step = next_step(facts)
    assert step in fits.get(facts.state, {"none"})
    if facts.state == "in_session":
        assert (step == "close_vote") == facts.voting
        assert step != "adjourn" or not (facts.voting or facts.items_left)
