"""A stranger derives a charter's coming into force and every obligation's state from the export alone, and finds lies."""

import copy
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from civic import clock, jobs
from civic.acts import charters, obligations
from civic.acts.obligations import Report
from civic.ledger import sequencer
from civic.ledger.checks import Entry, Finding
from civic.ledger.checks import charters as charter_check
from civic.ledger.checks import obligations as obligation_check
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.models import LedgerEntry
from civic.rules.charters import Due
from tests.support.charters import Three, day
from tests.support.world import World

pytestmark = pytest.mark.anyio
Bodies = list[dict[str, Any]]


async def story(world: World) -> Three:
    """Signed after a change; one kept, one by silence, one disputed and broken, one overdue, one waived, one recurring."""
    three = await Three.on_record(world)
    draft = await three.draft()
    for text in ("公布账目", "清扫", "让路"):
        await charters.add_clause(three.office, draft, clause=three.duty(three.firm, three.committee, text))
    weekly = Due("recurrence", day(2), "FREQ=WEEKLY;COUNT=4", roll=True)
    await charters.add_clause(
        three.office, draft, clause=three.duty(three.office, three.residents, "每周通报", due=weekly)
    )
    await charters.open_(three.office, draft)
    await charters.start_signing(three.office, draft)
    first = (await charters.reopen(three.office, draft)).text_hash
    await charters.start_signing(three.office, draft)
    await charters.sign(three.firm, draft, text_hash=first)
    change = await charters.propose_change(
        three.committee,
        draft,
        number=2,
        reason="早些",
        clause=three.duty(three.office, three.committee, "早些公布", 1),
    )
    await charters.accept_change(three.office, change)
    with clock.shift(timedelta(minutes=5)):
        charter = await three.sign_all(draft)
    kept, silent, broken, late, waived = [await three.obligation(charter, n) for n in (6, 7, 4, 2, 9)]
    with clock.shift(timedelta(days=1)):
        await obligations.report(
            three.firm, kept, Report("完工", ("https://example.org",), (("说明.txt", b"ok"),))
        )
        await obligations.confirm(three.office, kept)
        await obligations.report(three.firm, silent, Report("已公布"))
        await obligations.report(three.committee, broken, Report("已配合"))
        await obligations.dispute(three.firm, broken, reason="没有")
        await obligations.settle(three.office, broken, kept=False, reason="确实没有")
        await obligations.waive(three.committee, waived, reason="不必了")
    for days in (4, 12, 19, 26, 28, 33):
        with clock.shift(timedelta(days=days)):
            await jobs.run_once()
            await jobs.run_once()
    assert (await three.obligation(charter, 2)).state == "overdue" and late.state == "pending"
    return three


async def bodies() -> Bodies:
    return [json.loads(e.payload) for e in await LedgerEntry.all().order_by("id")]


class Papers:
    """A ledger's documents, for a check that is asked alone."""

    size, receipt_key = 0, b""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, name: str) -> bytes | None:
        path = self.folder / "ledger" / name
        return path.read_bytes() if path.is_file() else None

    def root_at(self, size: int) -> bytes:
        raise NotImplementedError


def judged(found: Bodies, papers: Papers) -> list[Finding]:
    said: list[Finding] = []
    for module in (charter_check, obligation_check):
        check = module.Check()
        for seq, body in enumerate(found):
            if body["act"] in module.ACTS:
                check.see(Entry.of(seq, body))
        said += check.conclude(papers)
    return said


def of(found: Bodies, act: str, nth: int = 0) -> dict[str, Any]:
    return [body for body in found if body["act"] == act][nth]


async def test_everything_is_derived_again_and_every_lie_is_found(
    connected: str, world: World, tmp_path: Path
) -> None:
    three = await story(world)
    await sequencer.seal()
    await export(tmp_path / "out")
    report = verify(str(tmp_path / "out"))
    assert report.ok, report.wrong
    said = "\n".join(report.good)
    entered = of(await bodies(), "charter.enter_into_force")["time"]
    assert f"charter 1: in force since {entered}, when the last of 3 parties signed version 2" in said
    assert "10 obligations derived again" in said
    for count in ("2 confirmed", "1 broken", "1 waived", "overdue"):
        assert count in said
    firm, office = three.firm.party, three.office.party
    assert firm is not None and office is not None

    def put(act: str, nth: int = 0, /, **changes: Any) -> Callable[[Bodies], None]:
        def lie(found: Bodies) -> None:
            body = of(found, act, nth)
            for name, value in changes.items():
                whole = name in ("time", "party")
                (body if whole else body["payload"])[name.removeprefix("said_")] = value

        return lie

    def drop(act: str, nth: int = 0) -> Callable[[Bodies], None]:
        return lambda found: found.remove(of(found, act, nth))

    lies: list[tuple[Callable[[Bodies], None], str]] = [
        # Charters.
        (drop("charter.sign", 3), "without the signature"),
        (put("charter.sign", 1, text="0" * 64), "signs another text"),
        (put("charter.sign", 1, party=999), "which has none to give"),
        (put("charter.sign", 2, party=office.id), "which has none to give"),
        (put("charter.enter_into_force", time="2020-01-01T00:00:00Z"), "the last signature is of"),
        (drop("charter.enter_into_force"), "though it did not come into force"),
        (put("charter.open", text="0" * 64), "is not the text on record"),
        (put("charter.open", parties=[1]), "names parties"),
        (put("charter.start_signing", state="in_force"), "the record leads to signing"),
        (drop("charter.reopen"), "is not possible while it is"),
        # Obligations and the text that they follow from.
        (put("obligation.create", said_party=999), "another holder or counterpart"),
        (put("obligation.create", to={"party": 999}), "another holder or counterpart"),
        (put("obligation.create", due="2020-01-01"), "which the text does not say"),
        (drop("obligation.create"), "no obligation was made of it"),
        (put("obligation.recur", next="2030-01-01"), "due again on"),
        # What was done, by whom, when.
        (put("obligation.confirm", state="broken"), "the record leads to confirmed"),
        (put("obligation.confirm", party=firm.id), "by another party than its counterpart"),
        (put("obligation.confirm", party=999), "by another party than its counterpart"),
        (put("obligation.report", party=office.id), "another party than the one that owes it"),
        (put("obligation.report", confirm_by="2020-01-01T00:00:00Z"), "leaves no time"),
        (put("obligation.settle", party=firm.id), "on a side"),
        (put("obligation.settle", kept=True), "says broken; the record leads to confirmed"),
        (put("obligation.waive", party=office.id), "by another party than its counterpart"),
        (put("obligation.confirm_by_silence", time="2020-01-01T00:00:00Z"), "before the time was over"),
        (put("obligation.fall_due", time="2020-01-01T00:00:00Z"), "before the day had passed"),
        (drop("obligation.report"), "is not possible while it is pending"),
        (put("obligation.remind", state="overdue"), "the record leads to"),
        # What is left out.
        (drop("obligation.fall_due"), "is not said to be overdue"),
        (drop("obligation.confirm_by_silence"), "which is not said"),
    ]
    papers, truth = Papers(tmp_path / "out"), await bodies()
    assert all(finding.ok for finding in judged(truth, papers))
    missed: list[tuple[int, str, list[str]]] = []
    for number, (lie, expected) in enumerate(lies):
        told = copy.deepcopy(truth)
        lie(told)
        wrong = [finding.text for finding in judged(told, papers) if not finding.ok]
        if not any(expected in text for text in wrong):
            missed.append((number, expected, wrong))
    assert missed == []


async def test_one_changed_letter_of_a_signed_text_is_found(
    connected: str, world: World, tmp_path: Path
) -> None:
    three = await Three.on_record(world)
    charter = await three.in_force()
    await sequencer.seal()
    await export(tmp_path / "out")
    path = tmp_path / "out" / "ledger" / "charters" / f"{charter.id}-1.json"
    assert path.read_text("utf-8").count("按图施工") == 2
    path.write_text(path.read_text("utf-8").replace("公布施工安排", "公布施工时间"), "utf-8")
    report = verify(str(tmp_path / "out"))
    assert report.wrong == [f"charter {charter.id}: charters/{charter.id}-1.json is not the text on record"]
    path.unlink()
    assert any("is missing" in line for line in verify(str(tmp_path / "out")).wrong)
