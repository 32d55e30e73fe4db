"""What a stranger finds wrong with paper ballots, from the record alone: each lie is told."""

from hashlib import sha256
from typing import Any

import pytest

from civic.ledger.checks import Entry
from civic.ledger.checks.ballots import Check as BoxCheck
from civic.ledger.checks.paper_ballots import Check
from civic.rules.tallies import box_bytes, recount

Said = tuple[str, str | None, dict[str, Any]]
BACK: Said = ("ballot.take_back_sheet", None, {})
HANDED: list[Said] = [("ballot.hand_out_sheet", None, {})] * 3
BATCH: list[Said] = [
    ("ballot.open_batch", "甲", {"batch": 1, "sheets": 2}),
    ("ballot.enter_batch", "甲", {"batch": 1, "state": "entered"}),
    ("ballot.enter_batch", "乙", {"batch": 1, "state": "settled"}),
]
DONE: list[Said] = [("ballot.complete_paper", "丙", {"sheets": 2})]


def entries(said: list[Said]) -> list[Entry]:
    return [
        Entry(n, act, "", actor, 1, "ballot", "7", payload) for n, (act, actor, payload) in enumerate(said)
    ]


def found(said: list[Said]) -> list[tuple[bool, str]]:
    check = Check()
    for entry in entries(said):
        check.see(entry)
    return [(f.ok, f.text) for f in check.conclude(None)]  # type: ignore[arg-type]


def test_a_true_record_is_right() -> None:
    assert found([*HANDED, *BATCH, *DONE]) == [(True, "ballot 7: 2 sheets of paper in 1 settled batches")]
    assert found([*HANDED, *BATCH]) == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([*HANDED[:1], *BATCH, *DONE], "only 1 voters have one"),
        ([*HANDED, BACK, BACK, *BATCH, *DONE], "only 1 voters"),
        ([*HANDED, *BATCH, ("ballot.complete_paper", "丙", {"sheets": 3})], "2 lie in settled batches"),
        ([*HANDED, BATCH[0], BATCH[1], ("ballot.enter_batch", "甲", {"batch": 1, "state": "settled"}), *DONE], "two people"),
        ([*HANDED, *BATCH[:2], ("ballot.enter_batch", "乙", {"batch": 1, "state": "differing"}),
          ("ballot.settle_batch", "乙", {"batch": 1, "state": "settled"}), *DONE], "somebody who had read it"),
    ],
)  # fmt: skip
def test_each_lie_is_told(said: list[Said], told: str) -> None:
    lines = found(said)
    assert len(lines) == 1 and not lines[0][0] and told in lines[0][1], lines


class Published:
    """A ledger whose only document is a box."""

    size, receipt_key = 99, b""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def pieces(self, name: str) -> Any:
        return iter([self.data])

    def file(self, name: str) -> bytes:
        return self.data


def box(sheets: int, channels: list[str]) -> dict[str, Any]:
    papers = [
        {"tracker": f"T{n}", "version": 1, "choice": "yes", **({"channel": c} if c else {})}
        for n, c in enumerate(channels)
    ]
    return {
        "ballot": "7", "method": "yes_no", "passing": "majority", "quorum": None, "eligible": 20, "max_choices": None,
        "seed": "", "options": [{"id": key, "label": key} for key in ("yes", "no", "abstain")],
        "paper": {"sheets": sheets}, "ballots": papers,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sheets", "channels", "told"),
    [
        (2, ["", "", "", ""], "recounted, same result"),
        (2, ["paper", "paper", "online", "online"], "recounted, same result"),
        (1, ["", "", "", ""], "does not say that 2 sheets"),
        (2, ["paper", "online", "online", "online"], "holds 1 papers that came as sheets"),
        (2, ["", "", "", "", ""], "only 2 were cast on the record and 2 sheets entered"),
    ],
)
def test_a_box_holds_the_sheets_of_the_record(sheets: int, channels: list[str], told: str) -> None:
    content = box(sheets, channels)
    data = box_bytes(content)  # type: ignore[arg-type]
    check = BoxCheck()
    closing = {"box": sha256(data).hexdigest(), "count": len(channels)}
    said: list[Said] = [
        ("ballot.announce", None, {"frozen": ""}), ("ballot.open", None, {"eligible": 20}),
        *HANDED, *[("ballot.cast", None, {})] * 2, *DONE,
        ("ballot.close", None, closing), ("ballot.tally", None, {"result": recount(content)}),  # type: ignore[arg-type,list-item]
    ]  # fmt: skip
    for entry in entries(said):
        check.see(entry)
    texts = [f.text for f in check.conclude(Published(data))]  # type: ignore[arg-type]
    assert len(texts) == 1 and told in texts[0], texts
