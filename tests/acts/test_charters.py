"""A charter from draft to force and end, on both databases."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from civic import clock, jobs
from civic.acts import charters
from civic.acts.core import SYSTEM
from civic.errors import CivicError, Conflict, InvalidInput, InvalidState, NotAllowed, NotFound
from civic.models import Charter, CharterVersion, Clause, LedgerEntry, Obligation, Scenario, Signature
from civic.rules import charters as rules
from civic.rules.charters import Due
from tests.support.charters import Three, day
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def refusal(kind: type[CivicError], reason: str, work: Any) -> CivicError:
    with pytest.raises(kind) as caught:
        await work
    assert caught.value.reason == reason
    return caught.value


@pytest.fixture
async def three(connected: str, world: World) -> Three:
    return await Three.make(world)


async def test_a_draft_belongs_to_its_convener(three: Three) -> None:
    """ "charter.create", "charter.edit", "charter.add_clause", "charter.change_clause", "charter.remove_clause" """
    await refusal(InvalidInput, "unknown_area", charters.create(three.office, title="甲", area="000000"))
    await refusal(
        InvalidInput,
        "unknown_subject",
        charters.create(three.office, title="甲", area=three.world.city.code, subject=("scenario", 99)),
    )
    draft = await three.draft()
    assert (draft.state, draft.version, draft.text_hash) == ("draft", 0, "")
    await charters.edit(three.office, draft, title="口袋公园共治清单（示例）", purpose="改过")
    await refusal(NotAllowed, "party_role", charters.edit(three.firm, draft, title="乙"))
    more = three.duty(
        three.office, three.firm, "按月通报", due=Due("recurrence", day(3), "FREQ=MONTHLY;COUNT=3")
    )
    row = await charters.add_clause(three.office, draft, clause=more)
    assert (row.number, row.rule, row.revision) == (7, "FREQ=MONTHLY;COUNT=3", 1)
    await refusal(
        InvalidInput, "endless",
        charters.change_clause(
            three.office, draft, number=7,
            clause=three.duty(three.office, three.firm, "x", due=Due("recurrence", day(3), "FREQ=DAILY")),
        ),
    )  # fmt: skip
    await refusal(
        InvalidInput, "too_many_dates",
        charters.add_clause(
            three.office, draft,
            clause=three.duty(three.office, three.firm, "x", due=Due("recurrence", day(3), "FREQ=DAILY;COUNT=1000000")),
        ),
    )  # fmt: skip
    await refusal(
        InvalidInput, "not_a_right",
        charters.add_clause(three.office, draft, clause=three.duty(three.office, three.firm, "x", 2)),
    )  # fmt: skip
    changed = await charters.change_clause(
        three.office, draft, number=7, clause=three.duty(three.office, three.firm, "按季通报", 3)
    )
    assert (changed.text, changed.due_kind, changed.revision) == ("按季通报", "day", 2)
    assert [c.answers for c in await charters.read(draft.id)][6] == (3,)
    await charters.remove_clause(three.office, draft, number=7)
    await refusal(NotFound, "no_clause", charters.remove_clause(three.office, draft, number=7))
    again = await charters.add_clause(three.office, draft, clause=three.right(three.firm, "取得答复的权利"))
    assert again.number == 8  # a number is not given twice
    recorded = await three.world.recorded("charter.add_clause")
    assert recorded[-1]["payload"] == {"state": "draft", "clause": 8}
    everything = "".join([e.payload for e in await LedgerEntry.all()])
    assert "口袋公园" not in everything and "取得答复" not in everything


async def test_an_incomplete_charter_cannot_be_signed(three: Three) -> None:
    """ "charter.open", "charter.start_signing" """
    empty = await charters.create(three.office, title="空", area=three.world.district.code)
    await refusal(InvalidInput, "empty", charters.open_(three.office, empty))
    draft = await three.draft()
    await charters.add_clause(three.office, draft, clause=three.right(three.residents, "安静的权利"))
    await charters.add_clause(
        three.office, draft, clause=three.duty(three.firm, three.residents, "夜里停工", evidence="")
    )
    await refusal(InvalidState, "wrong_state", charters.start_signing(three.office, draft))
    opened = await charters.open_(three.office, draft)
    assert (opened.state, opened.version, len(opened.text_hash)) == ("negotiation", 1, 64)
    await refusal(InvalidState, "wrong_state", charters.edit(three.office, draft, title="晚了"))
    refused = await refusal(InvalidState, "incomplete", charters.start_signing(three.office, draft))
    assert refused.details["codes"] == "right_unanswered,duty_without_evidence"
    assert refused.details["clause"] == 7
    found = rules.findings(await charters.read(draft.id), clock.today())
    assert [(f.code, f.clause) for f in found] == [("right_unanswered", 7), ("duty_without_evidence", 8)]
    assert (await Charter.get(id=draft.id)).state == "negotiation"


async def test_parties_negotiate_clause_by_clause(three: Three) -> None:
    """ "charter.propose_change", "charter.accept_change", "charter.decline_change", "charter.withdraw_change" """
    charter = await three.negotiated()
    stranger = await three.world.delegate("association")
    better = three.duty(three.firm, three.office, "按图施工，夜间停工", 5)
    await refusal(
        NotAllowed, "not_named",
        charters.propose_change(stranger, charter, number=6, clause=better, reason="吵"),
    )  # fmt: skip
    await refusal(
        NotFound, "no_clause",
        charters.propose_change(three.committee, charter, number=60, clause=better, reason="吵"),
    )  # fmt: skip
    await refusal(InvalidInput, "nothing", charters.propose_change(three.committee, charter, reason="吵"))
    same = three.duty(three.firm, three.office, "按图施工", 5)
    await refusal(
        InvalidInput, "no_change",
        charters.propose_change(three.committee, charter, number=6, clause=same, reason="吵"),
    )  # fmt: skip
    change = await charters.propose_change(
        three.committee, charter, number=6, clause=better, reason="夜里要睡觉"
    )
    rival = await charters.propose_change(three.firm, charter, number=6, clause=None, reason="不想做")
    await refusal(NotAllowed, "party_role", charters.accept_change(three.committee, change))
    await refusal(NotAllowed, "party_role", charters.withdraw_change(three.firm, change))
    accepted = await charters.accept_change(three.office, change)
    assert accepted.state == "accepted"
    await refusal(InvalidState, "wrong_state", charters.accept_change(three.office, change))
    await refusal(Conflict, "stale", charters.accept_change(three.office, rival))
    assert (await charters.decline_change(three.office, rival, answer="合同已写明")).state == "declined"
    charter = await Charter.get(id=charter.id)
    versions = await CharterVersion.filter(charter_id=charter.id).order_by("number")
    assert (charter.version, [v.reason for v in versions]) == (2, ["", "夜里要睡觉"])
    found = rules.compare(rules.clauses_of(versions[0].text), rules.clauses_of(versions[1].text))
    assert [d.number for d in found if d.op != "same"] == [6]
    withdrawn = await charters.propose_change(
        three.firm, charter, clause=three.right(three.firm, "x"), reason="y"
    )
    await charters.withdraw_change(three.firm, withdrawn)
    own = await charters.propose_change(three.office, charter, number=2, clause=None, reason="做不到")
    await refusal(NotAllowed, "own_change", charters.accept_change(three.office, own))
    await refusal(NotAllowed, "own_change", charters.accept_change(three.firm, own))
    await charters.accept_change(three.committee, own)  # to whom clause 2 was owed
    assert not await Clause.filter(charter_id=charter.id, number=2).exists()
    payloads = [e["payload"] for e in await three.world.recorded("charter.accept_change")]
    assert [(p.get("op"), p.get("version")) for p in payloads] == [
        (None, 2),
        ("change", 2),
        (None, 3),
        ("remove", 3),
    ]
    assert payloads[0]["text"] == versions[1].hash and len(payloads[0]["parties"]) == 3


async def test_one_exact_text_is_signed(three: Three) -> None:
    """ "charter.sign", "charter.enter_into_force", "charter.reopen" """
    charter = await three.signing()
    first = charter.text_hash
    stranger = await three.world.delegate("association")
    await refusal(NotAllowed, "not_named", charters.sign(stranger, charter, text_hash=first))
    await refusal(Conflict, "old_version", charters.sign(three.firm, charter, text_hash="0" * 64))
    await charters.sign(three.firm, charter, text_hash=first, reservation="台风天顺延")
    await refusal(Conflict, "signed", charters.sign(three.firm, charter, text_hash=first))
    clause = three.duty(three.office, three.committee, "提前三日公布施工安排", 1)
    change = await charters.propose_change(
        three.committee, charter, number=2, clause=clause, reason="来得及准备"
    )
    hole = await charters.propose_change(three.firm, charter, number=4, clause=None, reason="用不着")
    await refusal(InvalidState, "incomplete", charters.accept_change(three.office, hole))
    await charters.accept_change(three.office, change)
    charter = await Charter.get(id=charter.id)
    assert (charter.state, charter.version) == ("signing", 2) and charter.text_hash != first
    # What was signed no longer stands, and cannot be signed any more.
    await refusal(Conflict, "old_version", charters.sign(three.office, charter, text_hash=first))
    assert await Signature.filter(version__number=2).count() == 0
    charter = await charters.reopen(three.office, charter)
    await refusal(
        InvalidState, "wrong_state", charters.sign(three.firm, charter, text_hash=charter.text_hash)
    )
    await charters.start_signing(three.office, charter)
    await charters.sign(three.firm, charter, text_hash=charter.text_hash, reservation="台风天顺延")
    await charters.sign(three.office, charter, text_hash=charter.text_hash)
    assert not await Obligation.all().exists()
    done = await charters.sign(three.committee, charter, text_hash=charter.text_hash)
    assert done.state == "in_force" and done.in_force_at is not None
    made = await Obligation.all().order_by("id")
    assert [(o.text, o.state, o.due_on) for o in made] == [
        ("提前三日公布施工安排", "pending", day(30)),
        ("配合施工并维持秩序", "pending", day(30)),
        ("按图施工", "pending", day(30)),
    ]
    assert "台风" not in "".join([e.payload for e in await LedgerEntry.all()])
    signed = await three.world.recorded("charter.sign")
    assert ["reservation" in s["payload"] for s in signed] == [True, True, False, False]
    await refusal(NotAllowed, "system", charters.enter_into_force(three.office, charter))


async def test_all_sign_at_the_same_instant(three: Three) -> None:
    charter = await three.signing()
    actors = (three.office, three.firm, three.committee)
    work = [charters.sign(a, charter.id, text_hash=charter.text_hash) for a in actors for _ in range(3)]
    results = await asyncio.gather(*work, return_exceptions=True)
    assert sum(isinstance(r, Charter) for r in results) == 3
    assert {getattr(r, "reason", "") for r in results if isinstance(r, Exception)} <= {
        "signed",
        "wrong_state",
    }
    assert (await Charter.get(id=charter.id)).state == "in_force"
    assert await Obligation.all().count() == 3
    assert len(await three.world.recorded("charter.enter_into_force")) == 1


async def test_a_text_that_time_has_overtaken_is_not_signed(three: Three) -> None:
    charter = await three.signing()
    await charters.sign(three.firm, charter, text_hash=charter.text_hash)
    with clock.shift(timedelta(days=40)):
        refused = await refusal(
            InvalidState, "incomplete", charters.sign(three.office, charter, text_hash=charter.text_hash)
        )
    assert set(str(refused.details["codes"]).split(",")) == {"duty_past"}


async def test_a_declared_trigger_makes_a_duty_due(three: Three) -> None:
    """ "charter.declare_trigger" """
    charter = await three.draft()
    due = Due("trigger", trigger="发生渗漏", declarer=three.side(three.committee), days=3, roll=True)
    await charters.add_clause(
        three.office, charter, clause=three.duty(three.firm, three.committee, "抢修", due=due)
    )
    await charters.open_(three.office, charter)
    await charters.start_signing(three.office, charter)
    clause = await Clause.get(charter_id=charter.id, number=7)
    given = {"happened_on": day(-1), "account": "三号楼地下室进水"}
    await refusal(InvalidState, "wrong_state", charters.declare_trigger(three.committee, clause, **given))
    await three.sign_all(charter)
    assert not await Obligation.filter(clause_id=clause.id).exists()
    await refusal(NotAllowed, "party_role", charters.declare_trigger(three.firm, clause, **given))
    await refusal(
        InvalidInput, "range",
        charters.declare_trigger(three.committee, clause, happened_on=day(1), account="明天"),
    )  # fmt: skip
    plain = await Clause.get(charter_id=charter.id, number=2)
    await refusal(NotAllowed, "not_named", charters.declare_trigger(three.committee, plain, **given))
    made = await charters.declare_trigger(three.committee, clause, **given)
    assert made.due_on == rules.schedule.due_after_trigger(due, day(0)) and made.state == "pending"
    assert made.declared == "三号楼地下室进水"
    await refusal(Conflict, "declared", charters.declare_trigger(three.committee, clause, **given))
    with clock.shift(timedelta(days=9)):
        again = await charters.declare_trigger(three.committee, clause, happened_on=day(0), account="又渗了")
    assert again.occurrence == 2


async def test_a_charter_ends_and_another_takes_its_place(three: Three) -> None:
    """ "charter.end", "charter.supersede" """
    recurring = three.duty(
        three.office, three.committee, "按月通报", due=Due("recurrence", day(1), "FREQ=DAILY;COUNT=9")
    )
    old = await three.draft()
    await charters.add_clause(three.office, old, clause=recurring)
    await charters.open_(three.office, old)
    await charters.start_signing(three.office, old)
    await three.sign_all(old)
    await refusal(
        InvalidInput, "not_in_force",
        charters.create(three.firm, title="新", area=three.world.district.code, supersedes=old.id),
    )  # fmt: skip
    new = await three.in_force(title="新的清单（示例）", supersedes=old.id)
    old = await Charter.get(id=old.id)
    assert (old.state, new.state) == ("superseded", "in_force")
    assert await Obligation.filter(charter_id=old.id, state="pending").count() == 4
    with clock.shift(timedelta(days=3)):
        await jobs.run_once()
    # What was due stays, and is overdue; what would recur does not.
    assert await Obligation.filter(charter_id=old.id).count() == 4
    assert await Obligation.filter(charter_id=old.id, state="overdue").count() == 1
    await refusal(NotAllowed, "party_role", charters.end(three.firm, new, reason="不要了"))
    await refusal(InvalidInput, "empty", charters.end(three.office, new, reason=" "))
    ended = await charters.end(three.office, new, reason="公园已建成")
    assert (ended.state, ended.over_reason) == ("ended", "公园已建成")
    await refusal(InvalidState, "wrong_state", charters.end(three.office, new, reason="再来"))
    await refusal(NotAllowed, "system", charters.supersede(three.office, new, by=1))
    await refusal(InvalidState, "wrong_state", charters.supersede(SYSTEM, new, by=1))


async def test_a_charter_of_a_scenario(three: Three) -> None:
    from civic import db

    async def write() -> Scenario:
        return await Scenario.create(
            title="口袋公园（示例）",
            area=three.world.district,
            lead=three.world.department,
            created_at=clock.now(),
        )

    scenario = await db.write(write)
    charter = await three.draft(subject=("scenario", scenario.id))
    opened = await charters.open_(three.office, charter)
    text = (await CharterVersion.get(charter_id=opened.id)).text
    assert f'"subject":"scenario:{scenario.id}"' in text


async def test_a_charter_of_a_joint_meeting(three: Three) -> None:
    from civic import db
    from civic.models import JointMeeting

    async def write() -> JointMeeting:
        return await JointMeeting.create(**given)

    given: dict[str, Any] = {
        "title": "口袋公园联席会议（示例）", "about": "谁来管", "salt": b"s" * 16, "area": three.world.district,
        "convener": three.world.department, "author": three.world.official, "place": "街道会议室",
        "starts_at": clock.now(), "items_until": clock.now(), "created_at": clock.now(),
    }  # fmt: skip
    meeting = await db.write(write)
    opened = await charters.open_(three.office, await three.draft(subject=("meeting", meeting.id)))
    text = (await CharterVersion.get(charter_id=opened.id)).text
    assert f'"subject":"meeting:{meeting.id}"' in text
