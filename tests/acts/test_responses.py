"""The response clock: warnings, correction, passing on, taking further."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from civic import clock, jobs
from civic.acts import proposals, responses
from civic.acts.core import SYSTEM, Actor
from civic.acts.responses import Commitment
from civic.errors import Conflict, InvalidInput, InvalidState, NotAllowed
from civic.models import Deadline, Escalation, Notification, Proposal, Response, ResponseVersion
from civic.rules import working_days
from civic.settings import settings
from tests.acts.test_proposals import published, refusal, told
from tests.support.world import World, member, party, person

pytestmark = pytest.mark.anyio


async def asked(world: World, author: Any) -> Deadline:
    """A sponsored proposal's deadline."""
    proposal = await proposals.sponsor(await world.delegate("association"), await published(world, author))
    return await Deadline.get(kind="proposal", subject_id=proposal.id)


async def test_warnings_at_half_four_fifths_and_the_end(
    connected: str, frozen_clock: Any, world: World
) -> None:
    """ "response.warn" """
    author = await world.resident()
    deadline = await asked(world, author)
    half, most, end = working_days.warning_points(deadline.started_at, deadline.working_days, settings().zone)
    assert (deadline.warn_at, deadline.due_at, deadline.warned) == (half, end, 0)
    await refusal(InvalidState, "wrong_state", responses.warn(SYSTEM, deadline))
    for level, point in enumerate((half, most, end), 1):
        with frozen_clock(point + timedelta(minutes=1)):
            await jobs.run_once()
            await jobs.run_once()
            row = await Deadline.get(id=deadline.id)
            assert row.warned == level
    assert row.warn_at is None
    official = [k for k in await told(world.official) if k.startswith("response.")]
    assert official == ["response.started", "response.half", "response.most", "response.late"]
    assert "response.overdue" in await told(author)
    levels = [entry["payload"]["warned"] for entry in await world.recorded("response.warn")]
    assert levels == [1, 2, 3]


async def test_an_extension_moves_the_warnings_and_is_told(
    connected: str, frozen_clock: Any, world: World
) -> None:
    author = await world.resident()
    deadline = await asked(world, author)
    with frozen_clock(deadline.warn_at + timedelta(hours=1)):  # type: ignore[operator]
        await jobs.run_once()
        await refusal(InvalidInput, "empty", responses.extend(world.as_official, deadline, reason=""))
        extended = await responses.extend(world.as_official, deadline, reason="需要会商")
    assert extended.warned == 0 and extended.warn_at is not None
    zone = settings().zone
    assert extended.due_at == working_days.deadline(extended.started_at, extended.working_days, zone)
    assert (await Proposal.get(id=deadline.subject_id)).due_at == extended.due_at
    assert "response.extended" in await told(author)


async def test_a_provisional_day_is_put_right_when_the_calendar_is_announced(
    connected: str, frozen_clock: Any, world: World
) -> None:
    """ "response.correct" """
    author = await world.resident()
    known = working_days.announced

    def unknown(year: int) -> bool:
        return False if year >= 2026 else known(year)

    # Ten in the morning, four working days before the Labour Day holidays of 2026.
    with frozen_clock(datetime(2026, 4, 20, 2, 0, tzinfo=UTC)):
        with patch.object(working_days, "announced", unknown):
            working_days._counts.cache_clear()
            deadline = await asked(world, author)
            await jobs.run_once()
        assert (await Deadline.get(id=deadline.id)).provisional
        before = deadline.due_at
        working_days._counts.cache_clear()
        await jobs.run_once()
    corrected = await Deadline.get(id=deadline.id)
    zone = settings().zone
    assert not corrected.provisional and corrected.due_at > before
    assert corrected.due_at == working_days.deadline(corrected.started_at, corrected.working_days, zone)
    assert (await Proposal.get(id=deadline.subject_id)).due_at == corrected.due_at
    (entry,) = await world.recorded("response.correct")
    assert entry["payload"]["was"] == before.isoformat() and entry["payload"]["calendar"]
    assert "response.corrected" in await told(world.official)
    await refusal(InvalidState, "wrong_state", responses.correct(SYSTEM, deadline))


async def test_what_is_not_ours_is_passed_on_once(connected: str, world: World) -> None:
    author = await world.resident()
    deadline = await asked(world, author)
    other = await party("government", "测试交通委", world.city)
    driver = await person("交通委办事员")
    await member(other, driver, "clerk")
    given: dict[str, Any] = {"verdict": "transferred", "reasons": "属于交通委。"}
    publish = responses.publish
    await refusal(InvalidInput, "department", publish(world.as_official, deadline, **given))
    itself = world.department.id
    await refusal(
        InvalidInput, "department", publish(world.as_official, deadline, **given, transfer_to=itself)
    )
    company = (await world.delegate()).party
    assert company is not None
    await refusal(
        InvalidInput, "department", publish(world.as_official, deadline, **given, transfer_to=company.id)
    )
    passed = await publish(world.as_official, deadline, **given, transfer_to=other.id)
    proposal = await Proposal.get(id=deadline.subject_id)
    second = await Deadline.get(subject_id=proposal.id, department_id=other.id)
    assert (proposal.state, proposal.answered_at, proposal.due_at) == ("qualified", None, second.due_at)
    assert "response.started" in await told(driver)
    await refusal(InvalidState, "transferred", responses.rate(Actor(author), passed, stars=1))
    await refusal(
        InvalidState, "transferred",
        responses.edit(world.as_official, passed, verdict="accepted", reasons="x", reason="y"),
    )  # fmt: skip
    acting = Actor(driver, party=other)
    await refusal(Conflict, "asked", publish(acting, second, **given, transfer_to=world.department.id))
    await publish(acting, second, verdict="declined", reasons="道路太窄。")
    done = await Proposal.get(id=proposal.id)
    assert (done.state, done.decision, done.due_at) == ("decided", "declined", None)
    assert done.answered_at is not None


async def test_an_answer_with_promises_changes_as_versions(connected: str, world: World) -> None:
    author = await world.resident()
    deadline = await asked(world, author)
    publish = responses.publish
    past = [Commitment("昨天就做", clock.today() - timedelta(days=1))]
    given: dict[str, Any] = {"verdict": "studying", "reasons": "正在研究。"}
    await refusal(InvalidInput, "past", publish(world.as_official, deadline, **given, commitments=past))
    many = [Commitment("做", date(2100, 1, 1))] * 21
    await refusal(InvalidInput, "too_many", publish(world.as_official, deadline, **given, commitments=many))
    await refusal(InvalidInput, "verdict", publish(world.as_official, deadline, verdict="maybe", reasons="x"))
    await refusal(
        InvalidInput, "empty", publish(world.as_official, deadline, verdict="accepted", reasons=" ")
    )
    assert await Response.all().count() == 0
    response = await publish(world.as_official, deadline, **given, cost="约十万元")
    assert (await Proposal.get(id=deadline.subject_id)).state == "deliberating"
    edit = {"verdict": "accepted", "reasons": "同意。", "reason": "研究完了"}
    await responses.edit(world.as_official, response, **edit, cost="八万元")
    decided = await Proposal.get(id=deadline.subject_id)
    assert (decided.state, decided.decision) == ("decided", "accepted")
    await responses.edit(
        world.as_official, response, verdict="declined", reasons="不行。", reason="预算没有批"
    )
    assert (await Proposal.get(id=deadline.subject_id)).decision == "declined"
    versions = await ResponseVersion.filter(response_id=response.id).order_by("number")
    assert [(v.verdict, v.cost) for v in versions] == [
        ("studying", "约十万元"), ("accepted", "八万元"), ("declined", "八万元"),
    ]  # fmt: skip
    kinds = [k for k in await told(author) if k.startswith("response.")]
    assert kinds == ["response.published", "response.edited", "response.edited"]


async def test_those_who_asked_rate_and_take_it_further_once(connected: str, world: World) -> None:
    """ "response.escalate" """
    author, supporter, stranger = await world.residents(3)
    deadline = await asked(world, author)
    await proposals.support(Actor(supporter), deadline.subject_id)
    response = await responses.publish(world.as_official, deadline, verdict="partly", reasons="一半。")
    await refusal(NotAllowed, "not_asked", responses.escalate(Actor(stranger), response, reason="不满"))
    await refusal(InvalidInput, "empty", responses.escalate(Actor(author), response, reason=""))
    await responses.rate(Actor(supporter), response, stars=2)
    await refusal(InvalidInput, "stars", responses.rate(Actor(author), response, stars=6))
    await responses.escalate(Actor(supporter), response, reason="没有说期限")
    await refusal(Conflict, "escalated", responses.escalate(Actor(author), response, reason="再来"))
    made = await Escalation.get(response_id=response.id)
    assert made.reason == "没有说期限"
    assert "没有说期限" not in str(await world.recorded("response.escalate"))
    assert "response.escalated" in await told(world.official)


async def test_a_withdrawn_question_is_not_answered(connected: str, world: World) -> None:
    author = await world.resident()
    deadline = await asked(world, author)
    await proposals.withdraw(Actor(author), deadline.subject_id)
    await refusal(
        InvalidState, "ended", responses.publish(world.as_official, deadline, verdict="accepted", reasons="x")
    )
    await refusal(InvalidState, "ended", responses.extend(world.as_official, deadline, reason="x"))
    with clock.shift(timedelta(days=90)):
        await jobs.run_once()
    assert (await Deadline.get(id=deadline.id)).warned == 0
    assert await Notification.filter(kind="response.late").count() == 0
