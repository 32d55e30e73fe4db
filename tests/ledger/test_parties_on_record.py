"""A stranger follows every party from application to closing, and who acted for it as what; lies signed by the operator
are named.

Each lie is told in a whole export whose tree is grown anew over it and signed with the platform's own key, so that
nothing but what the entries say can give it away.
"""

import copy
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from civic import clock, jobs
from civic.acts import charters, memberships, obligations, parties, people
from civic.acts.core import Actor
from civic.acts.obligations import Report
from civic.ledger import sequencer
from civic.ledger.checks import charters as charter_check
from civic.ledger.checks import obligations as obligation_check
from civic.ledger.checks import parties as party_check
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.rules.charters import Due
from tests.support.charters import Three, day
from tests.support.forging import Bodies, bodies, forge
from tests.support.world import World

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(400)]
Lie = Callable[[Bodies], None]


async def of_parties(three: Three) -> None:
    """One application refused, one party suspended, let in again and closed; roles given, declined, taken back, ended."""
    world, steward = three.world, Actor(three.world.steward)
    firm = three.firm.party
    assert firm is not None
    area = world.community.code
    refused = await parties.apply(Actor(three.committee.person), kind="residents", name="另一小组", area=area)
    await parties.reject(steward, refused, reason="重复")
    await parties.edit(three.firm, firm, about="园林施工")
    guests = [await world.guest(name) for name in ("甲", "乙", "丙", "丁")]

    async def invite(number: int, role: str) -> Any:
        code = guests[number].pseudonym
        return await memberships.invite(three.firm, firm.id, account_code=code, role=role)

    one = await memberships.accept(Actor(guests[0]), await invite(0, "delegate"))
    await memberships.decline(Actor(guests[1]), await invite(1, "clerk"))
    await memberships.withdraw(three.firm, await invite(2, "clerk"))
    await memberships.accept(Actor(guests[3]), await invite(3, "clerk"))
    await memberships.end(three.firm, one)
    await people.delete(Actor(guests[3]))
    other = await people.make_steward(steward, guests[2])
    await people.end_steward(steward, other)
    closed = await parties.apply(Actor(three.committee.person), kind="residents", name="第三小组", area=area)
    await parties.approve(steward, closed)
    await parties.suspend(steward, closed, reason="核查")
    await parties.reinstate(steward, closed)
    await parties.close(Actor(three.committee.person), closed, reason="解散")


async def of_charters(three: Three) -> None:
    """Every act about charters and obligations at least once."""
    office, firm, committee = three.office, three.firm, three.committee
    draft = await three.draft()
    await charters.edit(office, draft, title="口袋公园清单（示例）")
    for text in ("公布账目", "清扫", "让路", "多余"):
        await charters.add_clause(office, draft, clause=three.duty(firm, committee, text))
    await charters.change_clause(office, draft, number=9, clause=three.duty(firm, committee, "让出通道"))
    await charters.remove_clause(office, draft, number=10)
    weekly = Due("recurrence", day(2), "FREQ=WEEKLY;COUNT=3")
    await charters.add_clause(office, draft, clause=three.duty(office, three.residents, "通报", due=weekly))
    fire = Due("trigger", trigger="着火", declarer=three.side(committee), days=3)
    await charters.add_clause(office, draft, clause=three.duty(firm, office, "报告火情", due=fire))
    await charters.open_(office, draft)
    changes = [
        await charters.propose_change(
            committee, draft, number=2, reason=why, clause=three.duty(office, committee, why, 1)
        )
        for why in ("早些公布", "晚些公布", "不公布")
    ]
    await charters.withdraw_change(committee, changes[2])
    await charters.decline_change(office, changes[1], answer="不行")
    await charters.accept_change(office, changes[0])
    await charters.start_signing(office, draft)
    await charters.reopen(office, draft)
    await charters.start_signing(office, draft)
    await three.sign_all(draft)
    clause = next(c for c, text in await charters.read_rows(draft.id) if text.text == "报告火情")
    await charters.declare_trigger(committee, clause, happened_on=day(0), account="垃圾桶起火")
    kept, silent, broken, late, waived = [await three.obligation(draft, n) for n in (6, 7, 4, 2, 9)]
    with clock.shift(timedelta(days=1)):
        await obligations.report(firm, kept, Report("完工", (), (("说明.txt", b"ok"),)))
        await obligations.confirm(office, kept)
        await obligations.report(firm, silent, Report("已公布"))
        await obligations.report(committee, broken, Report("已配合"))
        await obligations.dispute(firm, broken, reason="没有")
        await obligations.settle(office, broken, kept=False, reason="确实没有")
        await obligations.waive(committee, waived, reason="不必了")
    for days in (3, 10, 17, 28, 33):
        with clock.shift(timedelta(days=days)):
            await jobs.run_once()
            await jobs.run_once()
    assert late.state == "pending"
    with clock.shift(timedelta(days=40)):
        anew = await three.in_force(supersedes=draft.id)
        await charters.end(office, anew, reason="改建")


def put(act: str, where: str, value: Any, nth: int = 0) -> Lie:
    """Another value in the ``nth`` entry of an act: of the entry itself (``party``, ``actor``, ``time``) or its payload."""

    def lie(told: Bodies) -> None:
        body = [b for b in told if b["act"] == act][nth]
        (body if where in ("party", "actor", "time") else body["payload"])[where] = value

    return lie


def drop(act: str, nth: int = 0) -> Lie:
    return lambda told: told.remove([b for b in told if b["act"] == act][nth])


LATER = "2031-01-01T00:00:00Z"
NO = "0" * 16
LIES: list[tuple[Lie, str]] = [
    (put("party.apply", "state", "active"), "says active; the record leads to applied"),
    (drop("party.apply"), "of which nothing is on record"),
    (put("party.register", "actor", NO), "is party.register by nobody who was a steward"),
    (put("party.register", "manager", NO), "by nobody who was its manager or delegate that day"),
    (put("party.approve", "actor", NO), "is party.approve by nobody who was a steward"),
    (drop("party.approve"), "is for a party that is applied"),
    (put("party.reject", "state", "active"), "says active; the record leads to closed"),
    (put("party.edit", "actor", NO), "is party.edit by nobody who was its manager or a steward"),
    (drop("party.suspend"), "is party.reinstate, which is not possible while it is active"),
    (put("party.suspend", "actor", NO), "is party.suspend by nobody who was a steward"),
    (put("party.reinstate", "state", "suspended"), "says suspended; the record leads to active"),
    (put("party.close", "actor", NO), "is party.close by nobody who was its manager or a steward"),
    (put("party.close", "state", "active"), "says active; the record leads to closed"),
    (drop("membership.invite"), "of an invitation that is not on record"),
    (put("membership.invite", "actor", NO), "is membership.invite by nobody who was its manager"),
    (put("membership.accept", "member", NO), "of an invitation that is not on record"),
    (put("membership.accept", "role", "manager"), "of an invitation that is not on record"),
    (put("membership.accept", "actor", NO), "by somebody else than who was invited"),
    (put("membership.decline", "actor", NO), "by somebody else than who was invited"),
    (put("membership.withdraw", "actor", NO), "is membership.withdraw by nobody who was its manager"),
    (put("membership.end", "actor", NO), "by neither themself, a manager nor a steward"),
    (put("membership.end", "role", "manager"), "ends what nobody had: manager"),
    (put("person.make_steward", "actor", NO), "makes a steward and is by nobody who is one"),
    (drop("person.make_steward"), "by nobody who was a steward"),
    (put("charter.sign", "actor", NO), "(charter.sign) is by nobody who was its manager that day"),
    (put("charter.sign", "party", 999), "which has none to give"),
    (put("charter.sign", "text", NO), "signs another text"),
    (drop("charter.sign"), "without the signature"),
    (put("charter.create", "actor", NO), "(charter.create) is by nobody who was its manager or delegate"),
    (put("charter.edit", "state", "ended"), "says ended; the record leads to draft"),
    (put("charter.add_clause", "party", 999), "is for a party of which nothing is on record"),
    (put("charter.change_clause", "actor", NO), "(charter.change_clause) is by nobody"),
    (put("charter.remove_clause", "state", "signing"), "says signing; the record leads to draft"),
    (put("charter.open", "text", NO), "is not the text on record"),
    (put("charter.open", "parties", [1]), "names parties"),
    (drop("charter.propose_change"), "which nobody proposed"),
    (put("charter.propose_change", "actor", NO), "(charter.propose_change) is by nobody"),
    (put("charter.withdraw_change", "change", 1), "which was withdrawn"),
    (
        put("charter.decline_change", "change_state", "accepted"),
        "says accepted; the record leads to declined",
    ),
    (put("charter.accept_change", "text", NO), "is not the text on record"),
    (put("charter.accept_change", "change", 99, 1), "which nobody proposed"),
    (put("charter.start_signing", "state", "in_force"), "the record leads to signing"),
    (drop("charter.reopen"), "charter.start_signing is not possible while it is signing"),
    (put("charter.enter_into_force", "time", LATER), "the last signature is of"),
    (drop("charter.enter_into_force"), "did not come into force"),
    (put("charter.declare_trigger", "state", "ended"), "says ended; the record leads to in_force"),
    (put("charter.supersede", "state", "ended"), "says ended; the record leads to superseded"),
    (put("charter.end", "state", "superseded"), "says superseded; the record leads to ended"),
    (put("obligation.create", "to", {"party": 999}), "another holder or counterpart"),
    (put("obligation.create", "due", "2020-01-01"), "which the text does not say"),
    (drop("obligation.create"), "no obligation was made of it"),
    (
        put("obligation.report", "actor", NO),
        "(obligation.report) is by nobody who was its manager or delegate",
    ),
    (put("obligation.report", "party", 999), "another party than the one that owes it"),
    (put("obligation.confirm", "state", "broken"), "says broken; the record leads to confirmed"),
    (put("obligation.confirm", "party", 999), "by another party than its counterpart"),
    (put("obligation.confirm_by_silence", "time", "2020-01-01T00:00:00Z"), "before the time was over"),
    (drop("obligation.confirm_by_silence"), "which is not said"),
    (put("obligation.dispute", "state", "reported"), "says reported; the record leads to disputed"),
    (put("obligation.settle", "kept", True), "says broken; the record leads to confirmed"),
    (put("obligation.waive", "actor", NO), "(obligation.waive) is by nobody who was its manager or delegate"),
    (put("obligation.fall_due", "time", "2020-01-01T00:00:00Z"), "before the day had passed"),
    (drop("obligation.fall_due"), "is not said to be overdue"),
    (put("obligation.recur", "next", "2030-01-01"), "due again on"),
    (put("obligation.remind", "state", "overdue"), "says overdue; the record leads to pending"),
    (put("person.end_steward", "actor", NO), "ends a stewardship and is by nobody who is a steward"),
    (put("person.delete", "actor", NO), "is the leaving of an account by somebody else"),
]


async def test_every_kind_of_entry_that_an_operator_forges_is_named(
    connected: str, world: World, tmp_path: Path
) -> None:
    three = await Three.on_record(world)
    await of_parties(three)
    await of_charters(three)
    await sequencer.seal()
    out = tmp_path / "out"
    await export(out)
    report = verify(str(out))
    assert report.ok, report.wrong
    (line,) = [line for line in report.good if "parties derived again" in line]
    assert line.startswith("5 parties derived again: 3 active, 2 closed; "), line
    truth = bodies(out)
    forge(out, truth)
    assert verify(str(out)).ok  # what the forger makes is whole: only lies give it away
    heard = {act for check in (charter_check, obligation_check, party_check) for act in check.ACTS}
    assert heard == {body["act"] for body in truth} & heard, "an act that the story does not play"
    missed = []
    for lie, expected in LIES:
        told = copy.deepcopy(truth)
        lie(told)
        forge(out, told)
        wrong = verify(str(out)).wrong
        if not any(expected in text for text in wrong):
            missed.append((expected, wrong[:5]))
    assert missed == []
    shutil.rmtree(out)


def test_there_is_a_lie_about_every_kind_of_entry() -> None:
    told: set[str] = set()
    heard = {act for check in (charter_check, obligation_check, party_check) for act in check.ACTS}
    for act in heard:
        entries: Bodies = [{"act": act, "payload": {}} for _ in range(2)]
        for lie, _ in LIES:
            before = copy.deepcopy(entries)
            try:
                lie(before)
            except IndexError:
                continue
            if before != entries:
                told.add(act)
    assert heard - told == set()


async def test_who_acts_for_a_party_after_its_end_is_named(
    connected: str, world: World, tmp_path: Path
) -> None:
    """Roles that are over, and a party that is suspended: in each the last signature has none behind it."""
    three = await Three.on_record(world)
    signing = await three.signing()
    with clock.shift(timedelta(days=5)):
        await three.sign_all(signing)
    await sequencer.seal()
    await export(tmp_path / "out")
    truth = bodies(tmp_path / "out")
    assert verify(str(tmp_path / "out")).ok
    firm, person = three.firm.party, three.firm.person
    assert firm is not None and person is not None
    before = next(i for i, body in enumerate(truth) if body["act"] == "charter.sign")
    told = {"v": 1, "time": truth[before - 1]["time"], "party": None}
    subject = {"kind": "party", "id": str(firm.id)}
    until = clock.today().isoformat()
    stories: list[tuple[dict[str, Any], str]] = [
        (
            {"act": "membership.end", "actor": person.pseudonym, "subject": subject,
             "payload": {"member": person.pseudonym, "role": "manager", "until": until}},
            f"party {firm.id}: entry {before + 2} (charter.sign) is by nobody who was its manager that day",
        ),
        (
            {"act": "party.suspend", "actor": world.steward.pseudonym, "subject": subject,
             "payload": {"kind": "enterprise", "state": "suspended"}},
            f"party {firm.id}: entry {before + 2} (charter.sign) is for a party that is suspended",
        ),
        (
            {"act": "person.delete", "actor": person.pseudonym,
             "subject": {"kind": "person", "id": person.pseudonym}, "payload": {}},
            f"party {firm.id}: entry {before + 2} (charter.sign) is by nobody who was its manager that day",
        ),
    ]  # fmt: skip
    for body, expected in stories:
        forge(tmp_path / "out", [*truth[:before], {**told, **body}, *truth[before:]])
        assert expected in verify(str(tmp_path / "out")).wrong, expected
