"""A charter drafted from a resolution: its duties begin the draft, and what is signed as decided is not owed twice."""

import copy
from pathlib import Path

import pytest

from civic.acts import charters, obligations
from civic.acts.charters import resolutions
from civic.acts.obligations import Report
from civic.errors import InvalidInput
from civic.ledger import sequencer
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.models import Obligation
from tests.support.charters import Three
from tests.support.forging import bodies, forge
from tests.support.meetings import refusal
from tests.support.world import World

pytestmark = pytest.mark.anyio


@pytest.fixture
async def three(connected: str, world: World) -> Three:
    return await Three.on_record(world)


async def test_a_charter_is_drafted_from_a_resolution_and_owes_nothing_twice(
    three: Three, tmp_path: Path
) -> None:
    """What the resolution named begins the draft; the duty that stays as it was runs on, the changed one is a new one."""
    office, firm, committee = three.office, three.firm, three.committee
    decided = await three.resolution(
        (office, committee, "公布施工安排", ""), (firm, office, "按图施工", "竣工照片"),
        (committee, None, "开放日带路", "照片")
    )  # fmt: skip
    kept = await Obligation.get(source_kind="resolution", source_id=decided, text="按图施工")
    await obligations.report(firm, kept, Report("提前完工"))
    area = three.world.district.code
    await refusal(
        InvalidInput, "unknown_subject",
        charters.create(office, title="甲", area=area, subject=("resolution", decided + 99)),
    )  # fmt: skip
    draft = await charters.create(office, title="清单（示例）", area=area, subject=("resolution", decided))
    drawn = await charters.read(draft.id)
    assert [(c.number, c.text, c.evidence) for c in drawn] == [
        (1, "公布施工安排", ""), (2, "按图施工", "竣工照片"), (3, "开放日带路", "照片"),
    ]  # fmt: skip
    assert {c.basis for c in drawn} == {"口袋公园联席会议（示例） · 决议 1"}
    assert drawn[2].counterpart == three.residents
    made = (await three.world.recorded("charter.create"))[0]["payload"]
    assert (made["resolution"], made["clauses"]) == (decided, [1, 2, 3])
    for holder in (office, firm, committee):
        await charters.add_clause(office, draft, clause=three.right(holder, "知情"))
    await charters.change_clause(
        office, draft, number=1, clause=three.duty(office, committee, "每周公布施工安排", 5, 6)
    )
    clause = three.duty(firm, office, "公布账目", 4)
    await charters.add_clause(office, draft, clause=clause)
    await charters.open_(office, draft)
    await charters.start_signing(office, draft)
    await three.sign_all(draft)
    entered = (await three.world.recorded("charter.enter_into_force"))[0]["payload"]
    assert set(entered["running"]) == {"2", "3"} and entered["running"]["2"] == kept.id
    rows = await Obligation.filter(charter_id=draft.id).order_by("clause__number").select_related("clause")
    assert [(o.clause.number, o.text, o.source_kind, o.state) for o in rows] == [
        (1, "每周公布施工安排", "charter", "pending"), (2, "按图施工", "resolution", "reported"),
        (3, "开放日带路", "resolution", "pending"), (7, "公布账目", "charter", "pending"),
    ]  # fmt: skip
    assert await Obligation.all().count() == 5  # and the resolution's own of the clause that was changed
    # For a second charter from the same resolution only what runs under no charter is left.
    again = await charters.create(office, title="又一份", area=area, subject=("resolution", decided))
    assert set(await resolutions.running(again, await charters.read(again.id))) == {1}
    # A stranger sees which obligations of the resolution run on under the charter, and finds lies about it.
    await sequencer.seal()
    await export(tmp_path)
    report = verify(str(tmp_path))
    assert report.ok, report.wrong
    assert any(
        "2 obligations follow from its text, 2 run on from a resolution" in line for line in report.good
    )
    truth = bodies(tmp_path)
    for act, key, value, expected in (
        ("charter.enter_into_force", "running", {"3": rows[2].id}, "clause 2 fell due by its text"),
        ("charter.enter_into_force", "running", {"2": rows[2].id, "3": kept.id}, "which says something else"),
        (
            "charter.enter_into_force",
            "running",
            {"2": 999, "3": rows[2].id},
            "which is none of its resolution",
        ),
        ("charter.create", "resolution", 999, "which is none of its resolution"),
    ):
        told = copy.deepcopy(truth)
        next(body for body in told if body["act"] == act)["payload"][key] = value
        forge(tmp_path, told)
        wrong = verify(str(tmp_path)).wrong
        assert any(expected in line for line in wrong), (expected, wrong)
