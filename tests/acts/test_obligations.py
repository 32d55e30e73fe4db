"""How obligations are kept, broken, overdue, waived, confirmed by silence, and fall due again; on both databases."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from civic import clock, jobs, storage
from civic.acts import charters, obligations, proposals, responses
from civic.acts.core import SYSTEM, Actor
from civic.acts.obligations import Report
from civic.acts.responses import Commitment
from civic.errors import CivicError, InvalidInput, InvalidState, NotAllowed
from civic.models import (
    Attachment,
    Charter,
    Deadline,
    Evidence,
    LedgerEntry,
    Notification,
    Obligation,
    ObligationStep,
)
from civic.rules.charters import Due
from tests.support.charters import Three, day
from tests.support.world import World

pytestmark = pytest.mark.anyio


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (20, 10), "green").save(out, "PNG")
    return out.getvalue()


async def refusal(kind: type[CivicError], reason: str, work: Any) -> None:
    with pytest.raises(kind) as caught:
        await work
    assert caught.value.reason == reason


@pytest.fixture
async def three(connected: str, world: World) -> Three:
    return await Three.make(world)


async def test_reported_with_evidence_and_confirmed(three: Three) -> None:
    """ "obligation.create", "obligation.report", "obligation.confirm" """
    charter = await three.in_force()
    owed = await three.obligation(charter, 6)  # the firm to the office
    done = Report("已按图完工", ("https://example.org/acceptance",), (("验收.png", picture()),))
    await refusal(NotAllowed, "party_role", obligations.report(three.office, owed, done))
    await refusal(InvalidInput, "empty", obligations.report(three.firm, owed, Report("  ")))
    for link in ("javascript:alert(1)", "ftp://example.org", "https://"):
        await refusal(InvalidInput, "link", obligations.report(three.firm, owed, Report("x", (link,))))
    for name, content, reason in (
        ("账.exe", b"MZ\x90\x00" + b"\0" * 200, "file_type"),
        ("页.html", b"<html><script>alert(1)</script></html>", "file_type"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_type"),
        ("空.pdf", b"", "file_empty"),
        ("大.txt", b"a" * (10 * 1024 * 1024 + 1), "file_too_large"),
    ):
        attempt = obligations.report(three.firm, owed, Report("x", (), ((name, content),)))
        await refusal(InvalidInput, reason, attempt)
    await refusal(
        InvalidInput,
        "too_many",
        obligations.report(three.firm, owed, Report("x", ("https://a.example",) * 6)),
    )
    assert await Evidence.all().count() == 0 and (await Obligation.get(id=owed.id)).state == "pending"
    reported = await obligations.report(three.firm, owed, done)
    assert reported.state == "reported" and reported.confirm_by is not None
    assert [e.kind for e in await Evidence.all().order_by("id")] == ["link", "file"]
    attached = await Attachment.get(kind="obligation", subject_id=owed.id).select_related("file")
    assert storage.place(attached.file.sha256).is_file() and attached.file.media_type == "image/png"
    await refusal(InvalidState, "wrong_state", obligations.report(three.firm, owed, done))
    await refusal(NotAllowed, "own_duty", obligations.confirm(three.firm, owed))
    await refusal(NotAllowed, "party_role", obligations.confirm(three.committee, owed))
    confirmed = await obligations.confirm(three.office, owed, remark="验收合格")
    assert (confirmed.state, confirmed.by_silence) == ("confirmed", False) and confirmed.settled_at
    await refusal(InvalidState, "wrong_state", obligations.confirm(three.office, owed))
    everything = "".join([e.payload for e in await LedgerEntry.all()])
    assert not any(word in everything for word in ("按图", "example.org", "验收", attached.file.sha256))
    payload = (await three.world.recorded("obligation.report"))[0]["payload"]
    assert payload["state"] == "reported" and [e["kind"] for e in payload["evidence"]] == ["link", "file"]
    await refusal(
        NotAllowed, "system",
        obligations.create(
            three.firm, party=1, to=three.residents, text="x", due_on=day(1), source=obligations.Source("charter", 1)
        ),
    )  # fmt: skip


async def test_nobody_confirms_their_own_duty_even_with_another_hat(three: Three) -> None:
    """Who manages both sides speaks for neither when it comes to confirming."""
    from tests.support.world import member

    charter = await three.in_force()
    owed = await three.obligation(charter, 6)
    await obligations.report(three.firm, owed, Report("完工"))
    assert three.firm.person is not None
    await member(three.world.department, three.firm.person, "manager")
    both = Actor(three.firm.person, party=three.world.department)
    for attempt in (
        obligations.confirm(both, owed),
        obligations.dispute(both, owed, reason="x"),
        obligations.waive(both, owed, reason="x"),
    ):
        await refusal(NotAllowed, "own_duty", attempt)


async def test_those_who_owe_are_reminded_once_before_the_day(three: Three) -> None:
    """ "obligation.remind" """
    charter = await three.in_force()
    owed, done = await three.obligation(charter, 6), await three.obligation(charter, 2)
    await obligations.report(three.office, done, Report("已公布"))
    await refusal(NotAllowed, "system", obligations.remind(three.firm, owed))
    await refusal(InvalidState, "not_yet", obligations.remind(SYSTEM, owed))
    assert three.firm.person is not None and three.office.person is not None
    for days, times in ((26, 0), (27, 1), (28, 1), (30, 1)):
        with clock.shift(timedelta(days=days)):
            await jobs.run_once()
        reminders = Notification.filter(kind="obligation.soon")
        assert await reminders.filter(person_id=three.firm.person.id).count() == times, days
        assert not await reminders.filter(person_id=three.office.person.id).exists(), (
            "what is reported is not due"
        )
    with clock.shift(timedelta(days=28)):
        await refusal(InvalidState, "wrong_state", obligations.remind(SYSTEM, owed))
    with clock.shift(timedelta(days=31)):
        await refusal(InvalidState, "not_yet", obligations.remind(SYSTEM, owed))
    assert (await Obligation.get(id=owed.id)).state == "pending"
    assert await ObligationStep.filter(obligation_id=owed.id).values_list("kind", flat=True) == ["reminded"]
    assert await LedgerEntry.filter(act="obligation.remind", subject_id=str(owed.id)).count() == 1


async def test_silence_confirms_and_says_so(three: Three) -> None:
    """ "obligation.confirm_by_silence" """
    owed = await three.obligation(await three.in_force(), 6)
    await obligations.report(three.firm, owed, Report("完工"))
    await refusal(InvalidState, "not_yet", obligations.confirm_by_silence(SYSTEM, owed))
    await refusal(NotAllowed, "system", obligations.confirm_by_silence(three.firm, owed))
    with clock.shift(timedelta(days=9)):
        await jobs.run_once()
    assert (await Obligation.get(id=owed.id)).state == "reported"
    with clock.shift(timedelta(days=29)):
        await jobs.run_once()
    silent = await Obligation.get(id=owed.id)
    assert (silent.state, silent.by_silence) == ("confirmed", True)
    assert [s.kind for s in await ObligationStep.filter(obligation_id=owed.id).order_by("id")] == [
        "reported",
        "silence",
    ]


async def test_a_dispute_is_settled_by_somebody_on_neither_side(three: Three) -> None:
    """ "obligation.dispute", "obligation.settle" """
    charter = await three.in_force()
    owed = await three.obligation(charter, 4)  # the committee to the firm; the office convened
    await refusal(InvalidState, "wrong_state", obligations.dispute(three.firm, owed, reason="没来"))
    await obligations.report(three.committee, owed, Report("维持了秩序"))
    await refusal(InvalidState, "wrong_state", obligations.settle(three.office, owed, kept=True, reason="x"))
    await refusal(InvalidInput, "empty", obligations.dispute(three.firm, owed, reason=""))
    assert (await obligations.dispute(three.firm, owed, reason="三天没人来")).state == "disputed"
    await refusal(InvalidState, "wrong_state", obligations.confirm(three.firm, owed))
    await refusal(NotAllowed, "own_duty", obligations.settle(three.committee, owed, kept=True, reason="x"))
    await refusal(NotAllowed, "partial", obligations.settle(three.firm, owed, kept=False, reason="x"))
    settled = await obligations.settle(three.office, owed, kept=False, reason="签到表缺三天")
    assert settled.state == "broken"
    # Where the convener is on a side, a steward mediates.
    other = await three.obligation(charter, 6)
    await obligations.report(three.firm, other, Report("完工"))
    await obligations.dispute(three.office, other, reason="缺一盏灯")
    await refusal(NotAllowed, "partial", obligations.settle(three.office, other, kept=False, reason="x"))
    done = await obligations.settle(three.world.as_steward, other, kept=True, reason="灯已补装")
    assert done.state == "confirmed" and done.confirmed_at is not None
    payloads = [e["payload"] for e in await three.world.recorded("obligation.settle")]
    assert [(p["state"], p["kept"]) for p in payloads] == [("broken", False), ("confirmed", True)]


async def test_overdue_is_never_hidden_and_can_still_be_reported_or_waived(three: Three) -> None:
    """ "obligation.fall_due", "obligation.waive" """
    charter = await three.in_force()
    late, waived = await three.obligation(charter, 2), await three.obligation(charter, 4)
    await refusal(InvalidState, "not_yet", obligations.fall_due(SYSTEM, late))
    await refusal(NotAllowed, "system", obligations.fall_due(three.office, late))
    await refusal(NotAllowed, "party_role", obligations.waive(three.office, waived, reason="x"))
    await refusal(NotAllowed, "own_duty", obligations.waive(three.committee, waived, reason="x"))
    with clock.shift(timedelta(days=30)):
        await jobs.run_once()  # the day itself still belongs to who owes
    assert (await Obligation.get(id=late.id)).state == "pending"
    with clock.shift(timedelta(days=31)):
        await jobs.run_once()
        await jobs.run_once()
        assert (await Obligation.get(id=late.id)).state == "overdue"
        assert (await obligations.waive(three.firm, waived, reason="工期改了")).state == "waived"
        done = await obligations.report(three.office, late, Report("补公布了"))
        done = await obligations.confirm(three.committee, done)
    assert done.state == "confirmed" and done.overdue_at is not None  # kept, but late: both stay
    assert len(await three.world.recorded("obligation.fall_due")) == 3


async def test_a_recurring_duty_falls_due_again_until_its_rule_ends(three: Three) -> None:
    """ "obligation.recur" """
    charter = await three.draft()
    due = Due("recurrence", day(1), "FREQ=WEEKLY;COUNT=3")
    await charters.add_clause(
        three.office, charter, clause=three.duty(three.office, three.committee, "每周通报", 1, due=due)
    )
    await charters.open_(three.office, charter)
    await charters.start_signing(three.office, charter)
    await three.sign_all(charter)
    first = await three.obligation(charter, 7)
    assert (first.due_on, first.again_on) == (day(1), day(1))
    await refusal(InvalidState, "not_yet", obligations.recur(SYSTEM, first))
    await refusal(NotAllowed, "system", obligations.recur(three.office, first))
    for days in (1, 2, 8, 9, 15, 22, 29):
        with clock.shift(timedelta(days=days)):
            await jobs.run_once()
    rows = await Obligation.filter(clause_id=first.clause_id).order_by("occurrence")
    assert [(o.occurrence, o.due_on, o.state) for o in rows] == [
        (1, day(1), "overdue"), (2, day(8), "overdue"), (3, day(15), "overdue"),
    ]  # fmt: skip
    assert all(o.again_on is None for o in rows)
    assert [e["payload"]["next"] for e in await three.world.recorded("obligation.recur")] == [
        day(8).isoformat(), day(15).isoformat(), None,
    ]  # fmt: skip


async def test_promises_in_answers_are_obligations_to_the_residents(three: Three) -> None:
    world = three.world
    author, supporter = await world.residents(2)
    draft = await proposals.create(Actor(author), title="长椅", body="歇脚", area=world.community.code)
    await proposals.publish(Actor(author), draft)
    await proposals.support(Actor(supporter), draft)
    await proposals.sponsor(await world.delegate(), draft)
    deadline = await Deadline.get(kind="proposal", subject_id=draft.id)
    await responses.publish(
        world.as_official, deadline, verdict="accepted", reasons="同意",
        commitments=[Commitment("安装长椅", date(2027, 3, 1)), Commitment("安装路灯", date(2027, 3, 1))],
    )  # fmt: skip
    owed, lamp = await Obligation.filter(source_kind="response").order_by("id")
    assert (owed.counterpart_bloc, owed.counterpart_area_id) == ("residents", world.community.id)
    for one in (owed, lamp):
        await obligations.report(world.as_official, one, Report("装好了"))
    neighbour, foreigner = await world.resident(), await world.resident(where=world.elsewhere)
    await refusal(NotAllowed, "counterpart", obligations.confirm(Actor(supporter), owed))
    await refusal(NotAllowed, "counterpart", obligations.confirm(Actor(neighbour), owed))
    await refusal(NotAllowed, "own_duty", obligations.confirm(world.as_official, owed))
    assert (await obligations.confirm(Actor(author), owed)).state == "confirmed"
    # Praise is narrow, complaint is wide.
    await refusal(NotAllowed, "counterpart", obligations.dispute(Actor(foreigner), lamp, reason="不亮"))
    assert (await obligations.dispute(Actor(neighbour), lamp, reason="不亮")).state == "disputed"
    await refusal(NotAllowed, "steward", obligations.settle(three.firm, lamp, kept=True, reason="亮"))
    assert (await obligations.settle(world.as_steward, lamp, kept=True, reason="已亮")).state == "confirmed"


async def test_a_bloc_is_spoken_for_by_a_party_of_it_in_the_area(three: Three) -> None:
    charter = await three.draft()
    await charters.add_clause(
        three.office, charter, clause=three.duty(three.firm, three.residents, "夜里停工")
    )
    await charters.open_(three.office, charter)
    await charters.start_signing(three.office, charter)
    await three.sign_all(charter)
    assert (await Charter.get(id=charter.id)).state == "in_force"
    owed = await three.obligation(charter, 7)
    await obligations.report(three.firm, owed, Report("停了"))
    await refusal(
        NotAllowed, "counterpart", obligations.confirm(await three.world.delegate("association"), owed)
    )
    assert (await obligations.confirm(three.committee, owed)).state == "confirmed"


async def test_who_is_told_of_what_happens(three: Three) -> None:
    async def told(actor: Actor) -> list[str]:
        assert actor.person is not None
        rows = Notification.filter(person_id=actor.person.id).order_by("id")
        return [str(kind) for kind in await rows.values_list("kind", flat=True)]

    charter = await three.in_force()
    owed = await three.obligation(charter, 4)  # the committee to the firm; the office convened
    await obligations.report(three.committee, owed, Report("维持了秩序"))
    await obligations.dispute(three.firm, owed, reason="三天没人来")
    await obligations.settle(three.office, owed, kept=False, reason="签到表缺三天")
    with clock.shift(timedelta(days=31)):
        await jobs.run_once()
    began = ["charter.opened", "charter.signing", "charter.in_force"]
    assert await told(three.office) == ["charter.in_force", "obligation.to_settle", *sorted(
        ["obligation.overdue", "obligation.owed_late"]
    )]  # fmt: skip
    assert await told(three.firm) == [
        *began,
        "obligation.reported",
        "obligation.settled",
        "obligation.overdue",
    ]
    assert await told(three.committee) == [
        *began, "obligation.disputed", "obligation.settled", "obligation.owed_late",
    ]  # fmt: skip
