"""A box as a stream gives what it gives whole, however it is cut; and files of other tools are read as we write them."""

import random
from collections import Counter
from typing import Any

import pytest

from civic.errors import CivicError
from civic.rules.tallies import recount, streams
from civic.rules.tallies.formats import Sheet, blt, pabulib, preflib
from civic.rules.tallies.reading import read
from civic.rules.tallies.recount import Box, box_bytes
from civic.rules.tallies.words import told


def box(ballots: list[dict[str, Any]], **changes: Any) -> Box:
    options = [{"id": key, "label": label} for key, label in (("1", "甲"), ("2", "乙}]{"), ("3", '丙"'))]
    return {  # type: ignore[return-value]
        "ballot": "7", "method": "runoff", "passing": "plurality", "quorum": None, "options": options, "eligible": 900,
        "max_choices": None, "seed": "ab", "ballots": ballots, **changes,
    }  # fmt: skip


def papers(rng: random.Random, number: int) -> list[dict[str, Any]]:
    choices = ["1>2", "2", "3>1>2", "abstain", "nonsense"]
    found = []
    for n in range(number):
        for version in range(1, rng.randint(1, 2) + 1):
            found.append({"tracker": f"{n:04x}", "version": version, "choice": rng.choice(choices)})
    return found


@pytest.mark.parametrize("size", [1, 2, 7, 64, 10**6])
def test_however_it_is_cut(size: int) -> None:
    rng = random.Random(size)
    for number in (0, 1, 2, 50):
        whole = box(papers(rng, number))
        data = box_bytes(whole)
        found = streams.read(data[i : i + size] for i in range(0, len(data), size))
        assert found.result() == recount(whole)
        assert (found.papers, found.counted) == (len(whole["ballots"]), number)
        assert "ballots" in found.head and found.head["ballots"] == []


def test_weights_and_the_papers_themselves() -> None:
    weighed = [
        {"tracker": f"{n}", "version": 1, "choice": "1" if n < 3 else "2", "weight": n} for n in range(5)
    ]
    whole = box(weighed, method="single", eligible_weight=10, seed="")
    heard: list[dict[str, Any]] = []
    found = streams.read([box_bytes(whole)], heard.extend)
    assert found.result() == recount(whole) and heard == weighed
    with pytest.raises(CivicError, match="more weight"):
        streams.read([box_bytes(box(weighed, eligible_weight=9, seed=""))]).result()


def test_what_is_no_box_is_refused() -> None:
    good = box_bytes(box(papers(random.Random(1), 4)))
    twice = box([{"tracker": "a", "version": 1, "choice": "1"}] * 2)
    with pytest.raises(CivicError, match="twice"):
        streams.read([box_bytes(twice)])
    a, b = b'{"choice":"1","tracker":"a","version":1}', b'{"choice":"1","tracker":"b","version":1}'
    swapped = box_bytes(box([])).replace(b'"ballots":[]', b'"ballots":[' + b + b"," + a + b"]")
    for bad in (
        b"",
        b"{}",
        b"[]",
        good[:-1],
        good[:200],
        good + b"}",
        good.replace(b"version", b"age"),
        swapped,
    ):
        with pytest.raises((ValueError, KeyError, TypeError)):
            streams.read([bad])
    endless = [good[:30], *([b" " * 2**20] * 8)]
    with pytest.raises(ValueError, match=r"end|cut|box"):
        streams.read(endless)
    with pytest.raises(CivicError, match="more ballots"):
        streams.read([box_bytes(box(papers(random.Random(1), 4), eligible=3))]).result()


def sheet(choices: dict[str, int], **details: Any) -> Sheet:
    return Sheet("投票", {"1": "长椅; 一", "2": 'Bench "two"', "3": "Drei"}, choices, details, 2026)  # type: ignore[arg-type]


def test_our_files_are_read_again() -> None:
    ranked = {"1>2>3": 5, "2": 3, "3>2>1": 1}
    for text, kind, method in (
        (blt(sheet(ranked)), "blt", "runoff"),
        (blt(sheet(ranked, seats=2)), "blt", "stv"),
        (preflib(sheet(ranked)), "soi", "schulze"),
    ):
        election = read(kind, text)
        assert (election.choices, election.method) == (Counter(ranked), method)
        assert election.labels["3"] == "Drei"
    assert read("blt", blt(sheet(ranked))).result("schulze")["winners"] == ["1"]
    costs: dict[str, Any] = {
        "budget": 10, "costs": {"1": 5, "2": 5, "3": 1}, "categories": {"1": "绿", "2": "绿"}, "limits": {"绿": 5},
        "completion": "none",
    }  # fmt: skip
    text = pabulib(sheet({"1,2": 3, "3": 1}, **costs), ["1", "3"], "equalshares", "ab")
    election = read("pb", text)
    assert election.details == costs and election.choices == Counter({"1,2": 3, "3": 1})
    assert (election.method, election.seed, sorted(election.funded or [])) == (
        "budget_shares",
        "ab",
        ["1", "3"],
    )


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("pb", ""), ("pb", "META\nkey;value\nvote_type;ordinal"), ("pb", "META\nkey;value\nvote_type;approval"),
        ("blt", ""), ("blt", "2 1\n1 1 0"), ("blt", '2 1\n1 1=2 0\n0\n"a"\n"b"\n"t"'), ("blt", "2 1\n-1\n0\na\nb"),
        ("blt", '2 1\n1 3 0\n0\n"a"\n"b"'), ("soi", ""), ("soi", "# NUMBER ALTERNATIVES: 2\n1: 1,1"),
        ("soi", "# NUMBER ALTERNATIVES: 2\n1: {1,2}"), ("soc", "# NUMBER ALTERNATIVES: two\n"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read(kind, text)


def test_rounds_in_words() -> None:
    """What was elected, who is out, and where votes went."""
    result = read("blt", blt(sheet({"1>2": 4, "2": 3, "3>2": 2}))).result()
    lines = list(told(result, {"1": "甲", "2": "乙", "3": "丙"}))
    assert any("out, with the fewest: 3 “丙”" in line and "2 to 2 “乙”" in line for line in lines), lines
    assert lines[-1] == "result: 2 “乙”"
