"""Real files of areas and proposals: all rows in, the same file twice changes nothing, every refusal named."""

from pathlib import Path
from typing import Any

import pytest

from civic.acts import ballots
from civic.errors import CivicError, InvalidInput, NotAllowed, NotFound
from civic.importing import import_areas, import_proposals, import_roll
from civic.ledger import sequencer
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.models import Area, AreaWithin, Deadline, LedgerEntry, Proposal, Response, RollLine
from tests.acts.test_ballots import terms
from tests.support.rolls import document, table
from tests.support.server import ROOT
from tests.support.world import World

pytestmark = pytest.mark.anyio
DATA = ROOT.parent / "shared" / "data"
real = pytest.mark.skipif(not DATA.exists(), reason="needs ../shared/data, which is not part of the project")


@real
async def test_all_areas_of_china_and_shanghai_in_five_levels(connected: str) -> None:
    """ "area.import" """
    file = DATA / "areas" / "china-pcas-code.json"
    dry = await import_areas(file, dry_run=True)
    assert (dry.rows, dry.taken, dry.refused) == (44_703, 44_703, [])
    assert await Area.all().count() == 0
    done = []
    assert (await import_areas(file, progress=lambda i, n: done.append((i, n)))).taken == 44_703
    assert done[-1] == (44_703, 44_703) and len(done) > 10
    xuhui = await Area.get(code="310104")
    assert await AreaWithin.filter(ancestor_id=xuhui.id, depth=1).count() == 14
    assert await AreaWithin.filter(ancestor__code="31").count() > 200
    entries = await LedgerEntry.all().count()
    again = await import_areas(file)
    assert (again.taken, again.known) == (0, 44_703)
    assert await LedgerEntry.all().count() == entries
    deep = await import_areas(DATA / "areas" / "shanghai_5level.csv")
    assert deep.rows == 6_440 and deep.taken + deep.known + len(deep.refused) == 6_440
    assert deep.taken > 6_000 and await AreaWithin.filter(descendant__level="community", depth=4).exists()


@real
@pytest.mark.parametrize(
    ("file", "rows", "supports", "answers"),
    [
        ("messages-cn/messages_with_support_counts.csv", 4326, True, 0),
        ("messages-cn/messages_with_answers.csv", 2816, False, 2816),
        ("proposals-madrid/proposals.csv", 2738, True, 0),
    ],
)
async def test_real_proposals(
    connected: str, world: World, tmp_path: Path, file: str, rows: int, supports: bool, answers: int
) -> None:
    """ "proposal.import" """
    path, place = DATA / file, world.district.code
    dry = await import_proposals(path, area=place, dry_run=True)
    assert (dry.rows, dry.taken, await Proposal.all().count()) == (rows, rows, 0)
    done = await import_proposals(path, area=place)
    assert (done.taken, done.refused, await Proposal.all().count()) == (rows, [], rows)
    assert await Proposal.filter(imported_supports__gt=0).exists() is supports
    assert await Response.all().count() == await Deadline.all().count() == answers
    again = await import_proposals(path, area=place)
    assert (again.taken, again.known) == (0, rows)
    assert len(await world.recorded("proposal.import")) == rows
    await sequencer.seal()
    await export(tmp_path / "out")
    assert verify(str(tmp_path / "out")).ok


async def taken(tmp_path: Path, text: str | bytes, **options: Any) -> Any:
    path = tmp_path / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return await import_proposals(path, area="310104", **options)


async def test_bad_rows_are_named_and_good_ones_taken(connected: str, world: World, tmp_path: Path) -> None:
    report = await taken(
        tmp_path,
        "id;title;description;cached_votes_up;created_at;retired_at\n"
        '1;Good;"<p>One &amp; two</p><ul><li>a</li></ul><script>x()</script>";3;01/02/2024;\n'
        "1;Again;b;3;01/02/2024;\n2;;b;3;01/02/2024;\n3;No day;b;3;soon;\n4;No number;b;many;01/02/2024;\n"
        "5;Retired;;0;01/02/2024;02/02/2024\n",
    )
    assert report.taken == 2 and report.source == "consul"
    assert [(r.line, r.error.field, r.error.reason) for r in report.refused] == [
        (3, "id", "twice"), (4, "title", "empty"), (5, "created_at", "time"), (6, "supports", "number"),
    ]  # fmt: skip
    good = await Proposal.get(source_id="1")
    assert good.body == "One & two\n\n- a" and good.imported_supports == 3 and good.language == "es"
    assert (await Proposal.get(source_id="5")).state == "withdrawn"


async def test_other_tables(connected: str, world: World, tmp_path: Path) -> None:
    decidim = (
        "id,title/ca,body/ca,published_at,endorsements/total_count\n7,Títol,Cos,2024-02-01 10:00:00 UTC,4\n"
    )
    report = await taken(tmp_path, "\ufeff" + decidim)
    assert report.taken == 1 and (await Proposal.get(source="decidim")).language == "ca"
    own = "编号,题目,何时\n1,加一张长椅,2024-02-01\n".encode("gb18030")
    with pytest.raises(InvalidInput) as caught:
        await taken(tmp_path, own)
    assert caught.value.reason == "unknown_columns"
    changes = {"source": "own", "id": "编号", "title": "题目", "created_at": "何时"}
    assert (await taken(tmp_path, own, changes=changes)).taken == 1
    for wrong, reason in (({"titel": "题目"}, "unknown_field"), ({**changes, "title": "名"}, "no_column")):
        with pytest.raises(CivicError) as refused:
            await taken(tmp_path, own, changes=changes | wrong)
        assert refused.value.reason == reason


async def test_bad_areas(connected: str, world: World, tmp_path: Path) -> None:
    """ "area.set_threshold" """
    path = tmp_path / "areas.csv"
    path.write_text(
        "code,name,level,parent_code\n310104,徐汇,district,310000\n9,x,planet,\n8,,district,\n7,x,street,6\n"
        "310104003,别处,street,310101\n310104003001001,第一网格（示例）,grid,310104003001\n"
    )
    report = await import_areas(path)
    reasons = [(r.line, r.error.reason) for r in report.refused]
    assert report.taken == 2, reasons
    assert [reason for _, reason in reasons] == ["level", "empty", "no_parent", "other_parent"]
    assert (await Area.get(code="310104")).name == "徐汇"
    assert await AreaWithin.filter(descendant__code="310104003001001").count() == 5
    from civic.acts import areas

    with pytest.raises(NotAllowed):
        await areas.import_areas(world.as_official, lines=[])
    assert (await areas.set_threshold(world.as_official, world.street, supports=3)).support_threshold == 3
    with pytest.raises(NotAllowed):
        await areas.set_threshold(world.as_official, world.elsewhere, supports=3)
    with pytest.raises(InvalidInput):
        await areas.set_threshold(world.as_steward, world.street, supports=0)


async def test_a_roll_is_taken_over_whole_or_not_at_all(connected: str, world: World, tmp_path: Path) -> None:
    draft = await ballots.create(world.as_official, **terms(world, electorate="roll"))
    path = tmp_path / "roll.csv"
    path.write_bytes(table([[document(n), "60.5"] for n in range(12_000)]))
    dry = await import_roll(path, ballot=draft.id, dry_run=True)
    assert (dry.rows, dry.taken, await RollLine.all().count()) == (12_000, 12_000, 0)
    said: list[tuple[int, int]] = []
    done = await import_roll(path, ballot=draft.id, progress=lambda i, n: said.append((i, n)))
    assert (done.taken, done.refused, await RollLine.all().count()) == (12_000, [], 12_000)
    assert said[-1] == (12_000, 12_000) and len(said) >= 4
    path.write_bytes(table([[document(1), "60"], [document(2), "?"]]))
    bad = await import_roll(path, ballot=draft.id)
    assert (bad.taken, [r.line for r in bad.refused], await RollLine.all().count()) == (0, [3], 12_000)
    with pytest.raises(NotFound):
        await import_roll(path, ballot=draft.id + 1)
