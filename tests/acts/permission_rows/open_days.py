"""Open days. The host is the department; the resident registers and asks."""

from datetime import date, timedelta

from civic import clock
from civic.acts.core import SYSTEM
from civic.acts.open_days import door, editions, places, questions, reports, series
from civic.models import OpenDay, OpenDayQuestion, OpenDaySeries, Registration
from civic.rules.open_days import Pattern
from tests.support import open_days as made
from tests.support.permissions import PEOPLE, Attempt, Cast, row

# Those who may plan one: whoever speaks for a party; a department only where it is in charge.
SPEAKERS = ("manager", "delegate", "host")
HOSTS = ("host", "host_clerk")


async def day(cast: Cast) -> OpenDay:
    return await made.announced(cast["host"], cast.world.community)


async def places_of(cast: Cast) -> Registration:
    slot = (await made.slots_of(await day(cast)))[0]
    return await places.register(cast["resident"], slot)


async def question(cast: Cast) -> OpenDayQuestion:
    return await questions.ask(cast["resident"], await day(cast), body="食堂几点开？")


async def planned(cast: Cast) -> OpenDaySeries:
    return await series.plan(
        cast["host"], title="每月开放日", area=cast.world.community.code, place="三楼",
        rule="FREQ=MONTHLY;COUNT=3", first_on=clock.today() + timedelta(days=5), slots=[Pattern(600, 90, 30)],
    )  # fmt: skip


async def held(cast: Cast) -> Registration:
    """Somebody came, and the day is over."""
    registration = await places_of(cast)
    await door.check_in(cast["host"], registration.open_day_id, code=registration.code)
    await editions.hold(SYSTEM, registration.open_day_id)
    return registration


@row("open_day.create", *SPEAKERS)
async def _(cast: Cast) -> Attempt:
    area = cast.world.community
    return lambda actor: made.draft(actor, area)


@row("open_day.edit", "host")
async def _(cast: Cast) -> Attempt:
    key = (await day(cast)).id
    return lambda actor: editions.edit(actor, key, words=made.WORDS)


@row("open_day.announce", "host")
async def _(cast: Cast) -> Attempt:
    key = (await made.draft(cast["host"], cast.world.community)).id
    return lambda actor: editions.announce(actor, key)


@row("open_day.set_capacity", "host")
async def _(cast: Cast) -> Attempt:
    key = (await day(cast)).id
    return lambda actor: editions.set_capacity(actor, key, position=1, capacity=40)


@row("open_day.cancel", "host")
async def _(cast: Cast) -> Attempt:
    key = (await day(cast)).id
    return lambda actor: editions.cancel(actor, key, reason="台风")


@row("open_day.hold", "system")
async def _(cast: Cast) -> Attempt:
    key = (await day(cast)).id
    return lambda actor: editions.hold(actor, key)


@row("open_day.plan_series", *SPEAKERS)
async def _(cast: Cast) -> Attempt:
    code = cast.world.community.code
    first = clock.today() + timedelta(days=5)
    return lambda actor: series.plan(
        actor, title="每月", area=code, place="三楼", rule="FREQ=MONTHLY;COUNT=3", first_on=first,
        slots=[Pattern(600, 90, 30)],
    )  # fmt: skip


@row("open_day.end_series", "host")
async def _(cast: Cast) -> Attempt:
    key = (await planned(cast)).id
    return lambda actor: series.end(actor, key)


@row("open_day.make_edition", "system")
async def _(cast: Cast) -> Attempt:
    planned_ = await planned(cast)
    on: date = series.due(planned_)[0]
    return lambda actor: series.make_edition(actor, planned_, on=on)


# A party's clerk registers no delegation, but may come for themself.
@row("open_day.register", *(role for role in PEOPLE if not role.endswith("clerk")))
async def _(cast: Cast) -> Attempt:
    key = (await made.slots_of(await day(cast)))[0].id
    return lambda actor: places.register(actor, key)


@row("open_day.register_for", *HOSTS)
async def _(cast: Cast) -> Attempt:
    key = (await made.slots_of(await day(cast)))[0].id
    return lambda actor: places.register_for(actor, key, name="王奶奶（测试）")


@row("open_day.leave", "resident", *HOSTS)
async def _(cast: Cast) -> Attempt:
    registration = await places_of(cast)
    return lambda actor: places.leave(actor, registration.slot_id, registration=registration.id)


@row("open_day.check_in", *HOSTS)
async def _(cast: Cast) -> Attempt:
    registration = await places_of(cast)
    return lambda actor: door.check_in(actor, registration.open_day_id, code=registration.code)


@row("open_day.ask", *PEOPLE)
async def _(cast: Cast) -> Attempt:
    key = (await day(cast)).id
    return lambda actor: questions.ask(actor, key, body="几点开？")


@row("open_day.support_question", *PEOPLE)
async def _(cast: Cast) -> Attempt:
    key = (await question(cast)).id
    return lambda actor: questions.support(actor, key)


@row("open_day.answer_question", "host")
async def _(cast: Cast) -> Attempt:
    key = (await question(cast)).id
    return lambda actor: questions.answer(actor, key, body="七点。")


@row("open_day.carry_question", "resident")
async def _(cast: Cast) -> Attempt:
    key = (await question(cast)).id
    return lambda actor: questions.carry(actor, key, title="食堂早点开门")


@row("open_day.hide_question", "steward")
async def _(cast: Cast) -> Attempt:
    key = (await question(cast)).id
    return lambda actor: questions.hide(actor, key, reason="泄露他人隐私")


@row("open_day.rate", "resident")
async def _(cast: Cast) -> Attempt:
    registration = await held(cast)
    return lambda actor: reports.rate(actor, registration.id, stars=5)


@row("open_day.report", "host")
async def _(cast: Cast) -> Attempt:
    key = (await held(cast)).open_day_id
    return lambda actor: reports.report(actor, key, text="来了不少人。")
