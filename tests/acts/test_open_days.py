"""Open days, from the series to the host's account of the day."""

from datetime import date, timedelta
from typing import Any

import pytest

from civic import clock, jobs
from civic.acts import responses
from civic.acts.core import SYSTEM, Actor
from civic.acts.open_days import door, editions, places, questions, reports, series
from civic.acts.open_days.editions import Words
from civic.acts.responses.answering import Commitment
from civic.errors import CivicError, Conflict, InvalidInput, InvalidState, NotAllowed, NotFound, TooMany
from civic.ledger import sequencer
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.models import (
    Deadline,
    LedgerEntry,
    Mail,
    Notification,
    Obligation,
    OpenDay,
    OpenDayQuestion,
    OpenDaySlot,
    Registration,
)
from civic.rules.open_days import Pattern, Slot
from tests.support import open_days as made
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def refused(work: Any) -> CivicError:
    with pytest.raises(CivicError) as caught:
        await work
    return caught.value


async def test_from_series_to_follow_up(connected: str, world: World, tmp_path: Any) -> None:
    """The whole story: "open_day.plan_series", "open_day.make_edition", "open_day.announce", "open_day.register",
    "open_day.leave", "open_day.register_for", "open_day.check_in", "open_day.ask", "open_day.support_question",
    "open_day.answer_question", "open_day.carry_question", "open_day.hold", "open_day.rate", "open_day.report".
    """
    host = world.as_official
    first = clock.today() + timedelta(days=10)
    plan = await series.plan(
        host, title="养老服务开放日（测试）", area=world.community.code, place="三楼", rule="FREQ=MONTHLY;COUNT=6",
        first_on=first, slots=[Pattern(14 * 60, 90, 30), Pattern(16 * 60, 90, 30)], announce_days=21,
    )  # fmt: skip
    await jobs.run_once()
    await jobs.run_once()
    drafts = await OpenDay.filter(series_id=plan.id).order_by("starts_at")
    assert len(drafts) in (2, 3) and drafts[0].state == "draft", "one a month for two months ahead, each once"
    day = await editions.announce(host, drafts[0])
    slot, _ = await made.slots_of(day)
    people = await world.residents(8)
    groups = [await places.register(Actor(p), slot, companions=4) for p in people[:6]]
    assert [g.state for g in groups] == ["confirmed"] * 6
    late = await places.register(Actor(people[6]), slot)
    later = await places.register(Actor(people[7]), slot, companions=4)
    assert (late.state, later.state) == ("waitlisted", "waitlisted")
    await places.leave(Actor(people[0]), slot, registration=groups[0].id)
    assert {r.id: r.state for r in await Registration.filter(id__in=[late.id, later.id])} == {
        late.id: "confirmed", later.id: "waitlisted",
    }  # fmt: skip
    told = await Notification.filter(person_id=people[6].id, kind="open_day.promoted")
    assert len(told) == 1
    (mail,) = await Mail.filter(person_id=people[6].id)
    assert day.title in mail.subject and f"/open-days/{day.id}" in mail.body, "told by mail too"
    counter = await places.register_for(host, slot, name="王奶奶（测试）", companions=3)
    assert (
        counter.state == "confirmed" and counter.person_id is None and counter.clerk_id == world.official.id
    )
    await slot.refresh_from_db()
    assert (slot.taken, slot.waiting, slot.capacity) == (30, 5, 30)

    question = await questions.ask(Actor(people[1]), day, body="周末能不能送餐？")
    await questions.support(Actor(people[2]), question)
    deadline = await Deadline.get(kind="question", subject_id=question.id)
    assert deadline.department_id == world.department.id and deadline.answered_at is None
    await questions.answer(host, question, body="**可以**，从下月起。")
    await deadline.refresh_from_db()
    assert deadline.answered_at is not None
    proposal = await questions.carry(Actor(people[1]), question, title="周末送餐")
    assert proposal.state == "draft" and "送餐" in proposal.body
    assert (await OpenDayQuestion.get(id=question.id)).proposal_id == proposal.id

    with clock.travel(slot.starts_at + timedelta(minutes=5)):
        first_time = await door.check_in(host, day, code=groups[1].code.lower(), attempt="scan 1")
        second_time = await door.check_in(host, day, code=groups[1].code, attempt="scan 1")
        came, again = first_time.registration, second_time.registration
        assert (first_time.again, second_time.again) == (False, True)
        assert came.state == again.state == "attended" and came.checked_in_at == again.checked_in_at
        await door.check_in(host, day, code=counter.code)
    with clock.travel(day.ends_at + timedelta(minutes=1)):
        await jobs.run_once()
        await day.refresh_from_db()
        assert (day.state, day.attended) == ("held", 9)
        await reports.rate(Actor(people[1]), came, stars=4, text="很清楚")
        follow = [Commitment("每周六送餐", date(2026, 12, 1))]
        await reports.report(host, day, text="来了九位，问了一个问题。", follow_ups=follow)
        await jobs.run_once()
    await day.refresh_from_db()
    assert day.state == "reported" and (await Registration.get(id=late.id)).state == "no_show"
    owed = await Obligation.get(source_kind="open_day", source_id=day.id)
    assert owed.party_id == world.department.id and owed.counterpart_bloc == "residents"
    for entry in await LedgerEntry.filter(kind="open_day"):
        assert not any(word in entry.payload for word in ("王奶奶", groups[1].code, "送餐", "很清楚"))
    anonymous = await world.recorded("open_day.register")
    assert all(e["actor"] is None and len(e["time"]) == 10 for e in anonymous)
    await sequencer.seal()
    await export(tmp_path / "out")
    report = verify(str(tmp_path / "out"))
    assert report.ok, report.wrong
    assert any("no slot overbooked" in line for line in report.good)


async def test_registering_is_refused_with_the_reason(connected: str, world: World) -> None:
    host, person = world.as_official, Actor(await world.resident())
    draft = await made.draft(host, world.community, 3)
    slot = (await made.slots_of(draft))[0]
    assert (await refused(places.register(person, slot))).reason == "wrong_state"
    day = await editions.announce(host, draft)
    assert (await refused(places.register(person, slot, companions=5))).reason == "companions"
    await places.register(person, slot)
    twice = await refused(places.register(person, slot))
    assert isinstance(twice, Conflict) and twice.reason == "registered"
    with clock.travel(day.opens_at - timedelta(minutes=1)):
        assert (await refused(places.register(Actor(await world.resident()), slot))).reason == "not_open"
    with clock.travel(day.closes_at):
        assert (
            await refused(places.register(Actor(await world.resident()), slot))
        ).reason == "registration_closed"
    with clock.travel(slot.ends_at):
        assert (await refused(places.register_for(host, slot, name="王"))).reason == "past"
    delegation = await places.register(await world.delegate(role="delegate"), slot, companions=19)
    assert (delegation.size, delegation.state) == (20, "waitlisted") and delegation.party_id
    await editions.cancel(host, day, reason="台风")
    assert (await refused(places.register(Actor(await world.resident()), slot))).reason == "wrong_state"
    assert await Registration.filter(open_day_id=day.id).exclude(state="cancelled").count() == 0
    assert await Notification.filter(kind="open_day.cancelled").count() == 2
    await slot.refresh_from_db()
    assert slot.taken == 0


async def test_the_door_refuses(connected: str, world: World) -> None:
    host = world.as_official
    day = await made.announced(host, world.community, 2)
    other = await made.announced(host, world.community, 2)
    slot, elsewhere = (await made.slots_of(day))[0], (await made.slots_of(other))[0]
    first = await places.register(Actor(await world.resident()), slot, companions=1)
    waits = await places.register(Actor(await world.resident()), slot)
    foreign = await places.register(Actor(await world.resident()), elsewhere)
    assert isinstance(await refused(door.check_in(host, day, code="00000-00000")), NotFound)
    assert (await refused(door.check_in(host, day, code="nonsense"))).reason == "code"
    assert (await refused(door.check_in(host, day, code=foreign.code))).reason == "other_day"
    assert (await refused(door.check_in(host, day, code=waits.code))).reason == "waitlisted"
    await door.check_in(host, other, code=foreign.code, attempt="scan 1")
    for attempt in ("", "scan 2"):
        used = await refused(door.check_in(host, other, code=foreign.code, attempt=attempt))
        assert isinstance(used, Conflict) and used.reason == "used" and used.field == "code"
        assert used.details["name"] == foreign.name and ":" in str(used.details["at"])
    assert (await OpenDay.get(id=other.id)).attended == 1, "a second scan lets nobody in"
    assert (await refused(door.check_in(host, other, code=foreign.code, attempt="x" * 41))).field == "attempt"
    await places.leave(Actor(await first.person), slot, registration=first.id)
    assert (await refused(door.check_in(host, day, code=first.code))).reason == "cancelled"
    stranger = await world.delegate()
    assert isinstance(await refused(door.check_in(stranger, day, code=waits.code)), NotAllowed)
    await waits.refresh_from_db()
    assert waits.state == "confirmed", "moved up when the first gave their places back"


async def test_a_draft_that_is_dropped_is_never_public(connected: str, world: World) -> None:
    draft = await made.draft(world.as_official, world.community, 3)
    dropped = await editions.cancel(world.as_official, draft, reason="不办了")
    assert dropped.state == "discarded"
    assert isinstance(await refused(editions.announce(world.as_official, draft)), InvalidState)


async def test_a_co_host_answers_and_opens_the_door_but_does_not_manage(connected: str, world: World) -> None:
    partner = await world.delegate("enterprise")
    assert partner.party is not None
    day = await made.announced(world.as_official, world.community, 5, co_hosts=(partner.party.id,))
    slot = (await made.slots_of(day))[0]
    await places.register_for(partner, slot, name="李爷爷（测试）")
    question = await questions.ask(Actor(await world.resident()), day, body="问")
    await questions.answer(partner, question, body="答")
    assert isinstance(await refused(editions.cancel(partner, day, reason="不办了")), NotAllowed)


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"words": Words(title="", place="三楼")}, "title", "empty"),
        (
            {"words": Words(title="甲", place="三楼", online_url="javascript:alert(1)")},
            "online_url",
            "address",
        ),
        ({"words": Words(title="甲", place="三楼", latitude=91_000_000, longitude=0)}, "latitude", "point"),
        ({"words": Words(title="甲", place="三楼", latitude=1)}, "latitude", "point"),
        ({"area": "999999"}, "area", "unknown_area"),
        ({"co_hosts": [10**6]}, "co_hosts", "co_host"),
        ({"scenario": 10**6}, "scenario", "unknown_scenario"),
        ({"slots": "past"}, "slots", "past"),
        ({"closes_at": "late"}, "closes_at", "window"),
    ],
)
async def test_what_an_edition_cannot_be(
    connected: str, world: World, change: dict[str, Any], field: str, reason: str
) -> None:
    """Acts: "open_day.create", "open_day.edit"."""
    now = clock.now()
    given: dict[str, Any] = {
        "words": made.WORDS, "area": world.community.code, "opens_at": now, "closes_at": now + timedelta(days=1),
        "slots": [Slot(now + timedelta(days=1), now + timedelta(days=1, hours=1), 3)],
    }  # fmt: skip
    given |= change
    if given["slots"] == "past":
        given["slots"] = [Slot(now - timedelta(hours=1), now + timedelta(days=2), 3)]
    if given["closes_at"] == "late":
        given["closes_at"] = now + timedelta(days=3)
    error = await refused(editions.create(world.as_official, **given))
    assert isinstance(error, InvalidInput) and (error.field, error.reason) == (field, reason)
    assert await OpenDay.all().count() == 0


async def test_capacity_and_words_change(connected: str, world: World) -> None:
    """Acts: "open_day.set_capacity", "open_day.edit", "open_day.cancel"."""
    host = world.as_official
    day = await made.announced(host, world.community, 2)
    slot = (await made.slots_of(day))[0]
    person = await world.resident()
    await places.register(Actor(person), slot, companions=1)
    waits = await places.register(Actor(await world.resident()), slot)
    assert (await refused(editions.set_capacity(host, day, position=1, capacity=1))).reason == "capacity"
    assert (await refused(editions.set_capacity(host, day, position=9, capacity=5))).reason == "unknown_slot"
    await editions.set_capacity(host, day, position=1, capacity=3)
    await waits.refresh_from_db()
    assert waits.state == "confirmed"
    await editions.edit(host, day, words=Words(title="改名", place="四楼"))
    assert await Notification.filter(person_id=person.id, kind="open_day.changed").exists()
    await day.refresh_from_db()
    assert (day.title, day.revision) == ("改名", 1)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("FREQ=DAILY", "endless"),
        ("FREQ=DAILY;COUNT=1000000", "too_many_dates"),
        ("FREQ=SECONDLY;COUNT=3", "frequency"),
        ("soon", "rule"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", "no_dates"),
    ],
)
async def test_a_rule_that_makes_no_series(connected: str, world: World, rule: str, reason: str) -> None:
    error = await refused(
        series.plan(
            world.as_official, title="甲", area=world.community.code, place="三楼", rule=rule,
            first_on=clock.today() + timedelta(days=1), slots=[Pattern(600, 60, 5)],
        )
    )  # fmt: skip
    assert (error.field, error.reason) == ("rule", reason)


async def test_a_series_ends(connected: str, world: World) -> None:
    """Act: "open_day.end_series"."""
    plan = await series.plan(
        world.as_official, title="甲", area=world.community.code, place="三楼", rule="FREQ=WEEKLY;COUNT=9",
        first_on=clock.today() + timedelta(days=1), slots=[Pattern(600, 60, 5)],
    )  # fmt: skip
    on = series.due(plan)[0]
    await series.make_edition(SYSTEM, plan, on=on)
    assert (await refused(series.make_edition(SYSTEM, plan, on=on))).reason == "exists"
    await series.end(world.as_official, plan)
    await jobs.run_once()
    assert await OpenDay.filter(series_id=plan.id).count() == 1
    assert isinstance(await refused(series.end(world.as_official, plan)), InvalidState)


async def test_questions_have_their_limits(connected: str, world: World) -> None:
    """Act: "open_day.hide_question"."""
    day = await made.announced(world.as_official, world.community, 5)
    person = Actor(await world.resident())
    asked = [await questions.ask(person, day, body=f"问题 {i}") for i in range(questions.MOST_A_PERSON)]
    assert isinstance(await refused(questions.ask(person, day, body="再问")), TooMany)
    await questions.support(person, asked[0])
    assert isinstance(await refused(questions.support(person, asked[0])), Conflict)
    await questions.hide(world.as_steward, asked[1], reason="含有他人电话")
    assert isinstance(await refused(questions.answer(world.as_official, asked[1], body="答")), InvalidState)
    assert not await Deadline.filter(kind="question", subject_id=asked[1].id).exists()
    await questions.carry(person, asked[2], title="提案")
    assert (await refused(questions.carry(person, asked[2], title="提案"))).reason == "carried"
    with clock.travel(day.ends_at):
        assert (
            await refused(questions.ask(Actor(await world.resident()), day, body="晚了"))
        ).reason == "past"


async def test_a_question_is_answered_from_the_desk_too(connected: str, world: World) -> None:
    day = await made.announced(world.as_official, world.community, 5)
    question = await questions.ask(Actor(await world.resident()), day, body="几点开？")
    deadline = await Deadline.get(kind="question", subject_id=question.id)
    promise = [Commitment("张贴开放时间", date(2027, 1, 8))]
    await responses.publish(
        world.as_official, deadline, verdict="accepted", reasons="七点。", commitments=promise
    )
    await question.refresh_from_db()
    assert (question.state, question.answer, question.answered_by_id) == (
        "answered",
        "七点。",
        world.department.id,
    )
    assert await Obligation.filter(party_id=world.department.id, counterpart_bloc="residents").exists()


async def test_only_those_who_came_rate(connected: str, world: World) -> None:
    day = await made.announced(world.as_official, world.community, 5)
    slot = (await made.slots_of(day))[0]
    came, stayed = await world.resident(), await world.resident()
    one = await places.register(Actor(came), slot)
    two = await places.register(Actor(stayed), slot)
    await door.check_in(world.as_official, day, code=one.code)
    assert (await refused(reports.rate(Actor(came), one, stars=5))).reason == "wrong_state"
    await editions.hold(SYSTEM, day)
    assert (await refused(reports.rate(Actor(stayed), two, stars=5))).reason == "not_there"
    assert (await refused(reports.rate(Actor(came), one, stars=6))).reason == "stars"
    await reports.rate(Actor(came), one, stars=2)
    await reports.rate(Actor(came), one, stars=5, text="改主意了")
    assert isinstance(await refused(places.leave(Actor(stayed), slot, registration=two.id)), InvalidState)
    assert await OpenDaySlot.filter(id=slot.id, taken=2).exists()
