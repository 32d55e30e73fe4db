"""A stranger plays an open day again from the export alone: its line, its states, its numbers; and finds each lie."""

import copy
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from civic import clock, db, jobs
from civic.acts.core import Actor
from civic.acts.open_days import door, editions, places, questions, reports
from civic.acts.responses.answering import Commitment
from civic.ledger import sequencer
from civic.ledger.checks import Entry, Finding
from civic.ledger.checks import open_days as check
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.models import LedgerEntry, OpenDay
from tests.support import open_days as made
from tests.support.world import World

pytestmark = pytest.mark.anyio
Bodies = list[dict[str, Any]]


async def story(world: World) -> OpenDay:
    """Places for five: two groups inside, three in line; one leaves, the room grows; then the day, its door, its account."""
    host = world.as_official
    day = await made.announced(host, world.community, 5, 3)
    slot, second = await made.slots_of(day)
    people = await world.residents(7)
    first = await places.register(Actor(people[0]), slot, companions=2)
    inside = await places.register(Actor(people[1]), slot, companions=1)
    for person, companions in zip(people[2:5], (3, 1, 0), strict=True):
        await places.register(Actor(person), slot, companions=companions)
    await places.leave(
        Actor(people[0]), slot, registration=first.id
    )  # the second and third of the line move up
    await editions.set_capacity(host, day, position=1, capacity=9)  # and now the first
    await places.register(Actor(people[5]), second)
    asked = await questions.ask(Actor(people[6]), day, body="几点开始？")
    await questions.ask(Actor(people[6]), day, body="在哪里停车？")
    await questions.answer(host, asked, body="两点。")
    await door.check_in(host, day, code=inside.code)
    with clock.travel(day.ends_at + timedelta(minutes=1)):
        await jobs.run_once()
        await reports.rate(Actor(people[1]), inside, stars=5)
        await reports.report(
            host, day, text="来了两位。", follow_ups=[Commitment("装扶手", date(2026, 6, 1))]
        )
        await jobs.run_once()
    await made.draft(host, world.community, 4)
    dropped = await made.draft(host, world.community, 4)
    await editions.cancel(host, dropped, reason="不办了")
    stopped = await made.announced(host, world.community, 1)
    for person in people[:2]:
        await places.register(Actor(person), (await made.slots_of(stopped))[0])
    await editions.cancel(host, stopped, reason="台风")
    return day


async def bodies() -> Bodies:
    return [json.loads(e.payload) for e in await LedgerEntry.all().order_by("id")]


def judged(found: Bodies) -> list[Finding]:
    one = check.Check()
    for seq, body in enumerate(found):
        if body["act"] in check.ACTS:
            one.see(Entry.of(seq, body))
    return list(one.conclude(None))  # type: ignore[arg-type]


def of(found: Bodies, act: str, nth: int = 0) -> dict[str, Any]:
    return [body for body in found if body["act"] == act][nth]


def put(act: str, nth: int = 0, /, **changes: Any) -> Callable[[Bodies], None]:
    return lambda found: of(found, act, nth)["payload"].update(changes)


def drop(act: str, nth: int = 0) -> Callable[[Bodies], None]:
    return lambda found: found.remove(of(found, act, nth))


def numbers(registered: int, attended: int, questions: int, answered: int) -> Callable[[Bodies], None]:
    names = ("registered", "attended", "questions", "answered")
    return put(
        "open_day.report", numbers=dict(zip(names, (registered, attended, questions, answered), strict=True))
    )


def swap(found: Bodies) -> None:
    """The two that moved up when the first group left change their turns."""
    one, two = [of(found, "open_day.leave", n)["payload"] for n in (1, 2)]
    one["turn"], two["turn"] = two["turn"], one["turn"]


LIES: list[tuple[Callable[[Bodies], None], str]] = [
    # The line.
    (put("open_day.register", 2, state="confirmed"), "it follows that it is waitlisted"),
    (put("open_day.register", 0, state="waitlisted"), "it follows that it is confirmed"),
    (put("open_day.register", 1, size=4), "gives registration 2 another slot or size"),
    (swap, "stood first and fits, but registration"),
    (drop("open_day.leave", 1), "one is left out"),
    (drop("open_day.leave", 0), "one is left out"),
    (drop("open_day.register", 3), "one is left out"),
    (put("open_day.leave", 1, turn=1), "both claim turn 1"),
    (put("open_day.leave", 1, registration=3, size=4), "stood first and fits"),
    (put("open_day.set_capacity", 0, capacity=4), "have places"),
    (put("open_day.set_capacity", 0, capacity=5), "though it was not its turn"),
    (put("open_day.register", 5, slot=7), "which was never announced"),
    # States.
    (drop("open_day.announce", 0), "was never announced"),
    (drop("open_day.hold", 0), "it is said to be reported, but was never held"),
    (put("open_day.cancel", 1, state="held"), "to which open_day.cancel does not lead"),
    (put("open_day.cancel", 1, state="discarded"), "but was announced"),
    # What the host says of the day.
    (numbers(10, 2, 2, 2), "answered=2; the record has 1"),
    (numbers(10, 3, 2, 1), "attended=3; the record has 2"),
    (numbers(8, 2, 2, 1), "registered=8; the record has 10"),
    (drop("open_day.ask", 1), "questions=2; the record has 1"),
    (drop("open_day.check_in", 0), "attended=2; the record has 0"),
    (drop("obligation.create", 0), "promises 1 follow-ups; the record has 0 obligations"),
]  # fmt: skip


async def test_everything_is_derived_again_and_every_lie_is_found(
    connected: str, world: World, tmp_path: Path
) -> None:
    day = await story(world)
    await sequencer.seal()
    await export(tmp_path / "out")
    report = verify(str(tmp_path / "out"))
    assert report.ok, report.wrong
    said = "\n".join(report.good)
    assert f"open day {day.id} (reported): 6 registrations played again, no slot overbooked" in said
    assert "(cancelled): 2 registrations" in said and "2 drafts of open days" in said
    truth = await bodies()
    assert all(finding.ok for finding in judged(truth))
    missed: list[tuple[int, str, list[str]]] = []
    for number, (lie, expected) in enumerate(LIES):
        told = copy.deepcopy(truth)
        lie(told)
        wrong = [finding.text for finding in judged(told) if not finding.ok]
        if not any(expected in text for text in wrong):
            missed.append((number, expected, wrong))
    assert missed == []


@pytest.mark.parametrize("number", [0, 16])
async def test_a_ledger_that_was_signed_with_a_lie_in_it_is_found_out(
    connected: str, world: World, tmp_path: Path, number: int
) -> None:
    """Tree and signatures are in order; the record contradicts itself."""
    day = await story(world)
    lie, expected = LIES[number]
    told = await bodies()
    lie(told)
    rows = await LedgerEntry.all().order_by("id")

    async def write() -> None:
        for row, body in zip(rows, told, strict=True):
            row.payload = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            await row.save()

    await db.write(write)
    await sequencer.seal()
    await export(tmp_path / "out")
    report = verify(str(tmp_path / "out"))
    assert not report.ok
    assert report.wrong and all(f"open day {day.id}: " in line for line in report.wrong), report.wrong
    assert any(expected in line for line in report.wrong)
