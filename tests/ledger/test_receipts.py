"""A voter checks a receipt from outside, before and after closing."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from civic import db
from civic.acts.box import Receipt
from civic.errors import InvalidInput
from civic.ledger import sequencer
from civic.ledger.export import export
from civic.ledger.receipts import ACTS, Check, parse
from civic.ledger.verify import Report, verify
from civic.models import BoxEntry, Paper
from tests.ledger.test_verify import civic
from tests.support.voting import count, open_ballot
from tests.support.world import World

pytestmark = pytest.mark.anyio


def checked(out: Path, receipt: Receipt, choice: str = "") -> Report:
    return verify(str(out), also=[(ACTS, Check(parse(json.dumps(asdict(receipt)).encode(), choice)))])


async def test_a_receipt_is_followed_from_the_record_into_the_box(
    connected: str, world: World, tmp_path: Path
) -> None:
    ballot, (mine, other) = await open_ballot(world, ["yes", "no"])
    await sequencer.seal()
    out = tmp_path / "out"
    await export(out)
    report = checked(out, mine, "yes")
    assert report.ok, report
    assert any("on the record as entry" in line for line in report.good)
    assert any("not closed yet" in line for line in report.good)
    await count(ballot)
    await sequencer.seal()
    await export(out)
    report = checked(out, mine)
    assert report.ok and any("counted as “yes”" in line for line in report.good), report
    assert any("counted as “no”" in line for line in checked(out, other, "no").good)

    lies: list[tuple[Receipt, str, str]] = [
        (mine, "no", "does not stand for the choice"),
        (replace(mine, version=2), "", "not signed by the platform"),
        (replace(mine, tracker=other.tracker), "", "not signed by the platform"),
        (replace(mine, commitment="0" * 64), "", "no vote with this commitment"),
        (replace(mine, signature=other.signature), "", "not signed by the platform"),
        (replace(mine, signature="%%"), "", "not signed by the platform"),
        (replace(mine, salt="00" * 16), "", "the box holds another choice"),
        (replace(mine, salt=""), "yes", "has no salt"),
    ]
    for receipt, choice, said in lies:
        report = checked(out, receipt, choice)
        assert any(said in line for line in report.wrong), (said, report)


async def test_a_vote_that_the_box_lost_is_missed(connected: str, world: World, tmp_path: Path) -> None:
    """The platform signs and records a vote, but closes a box without it, all hashes right."""
    ballot, receipts = await open_ballot(world, ["yes", "no"])

    async def lose() -> None:
        row = await BoxEntry.filter(ballot_id=ballot.id).first()
        assert row is not None
        await row.delete()

    await db.write(lose)
    await count(ballot)
    (left,) = await Paper.filter(ballot_id=ballot.id).values_list("tracker", flat=True)
    (mine,) = (receipt for receipt in receipts if receipt.tracker != left)
    await sequencer.seal()
    await export(tmp_path / "out")
    assert verify(str(tmp_path / "out")).ok  # nobody else can know
    report = checked(tmp_path / "out", mine)
    assert report.wrong == [f"the box of ballot {ballot.id} does not hold this vote"]


async def test_the_command(connected: str, world: World, tmp_path: Path) -> None:
    _, (mine,) = await open_ballot(world, ["yes"])
    await sequencer.seal()
    await export(tmp_path / "out")
    file = tmp_path / "receipt.json"
    camel: dict[str, Any] = {"data": {"castVote": {"receipt": asdict(mine)}}}
    file.write_text(json.dumps(camel))
    status, said = civic("check-receipt", str(file), str(tmp_path / "out"), "--choice", "yes")
    assert status == 0 and "The receipt holds." in said, said
    status, said = civic("check-receipt", str(file), str(tmp_path / "out"), "--choice", "no")
    assert status == 1 and "NOT hold" in said
    file.write_text("[]")
    status, said = civic("check-receipt", str(file), str(tmp_path / "out"))
    assert status == 2 and "This is not a receipt" in said


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"7", b'{"ballot": 1, "tracker": "a"}', b"\xff"])
def test_what_is_no_receipt_is_said(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        parse(data)
