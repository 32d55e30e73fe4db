"""Ballots. The department hosts them; the resident is on the roll; manager and unverified are scrutineers."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from civic import clock, jobs
from civic.acts import ballots
from civic.acts.core import SYSTEM, Actor
from civic.models import Ballot
from tests.support import world
from tests.support.permissions import Attempt, Cast, row


def given(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "title": "要不要加长椅", "question": "是否增设长椅？", "area": cast.world.community.code,
        "opens_at": clock.now() + timedelta(hours=1), "closes_at": clock.now() + timedelta(hours=25), **changes,
    }  # fmt: skip


async def draft(cast: Cast, **changes: Any) -> Ballot:
    return await ballots.create(cast["host"], **given(cast, **changes))


async def announced(cast: Cast, **changes: Any) -> Ballot:
    return await ballots.announce(cast["host"], await draft(cast, **changes))


async def closed(cast: Cast) -> Ballot:
    ballot = await announced(cast)
    with clock.shift(timedelta(hours=2)):
        await ballots.open_(SYSTEM, ballot)
    with clock.shift(timedelta(hours=30)):
        return await ballots.close(SYSTEM, ballot)


def later(hours: int, attempt: Callable[[Actor], Awaitable[Any]]) -> Attempt:
    """The attempt, made when so many hours have passed."""

    async def run(actor: Actor) -> Any:
        with clock.shift(timedelta(hours=hours)):
            return await attempt(actor)

    return run


@row("ballot.create", "host")
async def _(cast: Cast) -> Attempt:
    return lambda actor: ballots.create(actor, **given(cast))


@row("ballot.edit", "host")
async def _(cast: Cast) -> Attempt:
    key = (await draft(cast)).id
    return lambda actor: ballots.edit(actor, key, **given(cast, title="要不要加两条长椅"))


@row("ballot.announce", "host")
async def _(cast: Cast) -> Attempt:
    key = (await draft(cast)).id
    return lambda actor: ballots.announce(actor, key)


@row("ballot.open", "system")
async def _(cast: Cast) -> Attempt:
    key = (await announced(cast)).id
    return later(2, lambda actor: ballots.open_(actor, key))


@row("ballot.cast", "resident")
async def _(cast: Cast) -> Attempt:
    key = (await announced(cast)).id
    with clock.shift(timedelta(hours=2)):
        await jobs.run_once()
    return later(2, lambda actor: ballots.cast(actor, key, chosen=["yes"]))


@row("ballot.close", "system")
async def _(cast: Cast) -> Attempt:
    ballot = await announced(cast)
    await ballots.open_(SYSTEM, ballot)
    return later(30, lambda actor: ballots.close(actor, ballot.id))


@row("ballot.tally", "system")
async def _(cast: Cast) -> Attempt:
    key = (await closed(cast)).id
    return lambda actor: ballots.tally(actor, key)


@row("ballot.name_scrutineer", "host")
async def _(cast: Cast) -> Attempt:
    key = (await announced(cast)).id
    who = {"person": cast.person("manager"), "party": cast.party("manager")}
    return lambda actor: ballots.name_scrutineer(actor, key, **who)


@row("ballot.certify", "manager", "unverified")
async def _(cast: Cast) -> Attempt:
    group = await world.party("residents", "测试居民代表", cast.world.district)
    await world.member(group, cast.person("unverified"), "delegate")
    ballot = await closed(cast)
    await ballots.tally(SYSTEM, ballot)
    for person, party in (
        (cast.person("manager"), cast.party("manager")),
        (cast.person("unverified"), group),
    ):
        await ballots.name_scrutineer(cast["host"], ballot, person=person, party=party)
    return lambda actor: ballots.certify(actor, ballot.id)


@row("ballot.void", "host", "steward")
async def _(cast: Cast) -> Attempt:
    key = (await announced(cast)).id
    return lambda actor: ballots.void(actor, key, reason="题目有误")


@row("ballot.void", "steward")
async def _(cast: Cast) -> Attempt:
    ballot = await announced(cast)
    await ballots.open_(SYSTEM, ballot)
    return lambda actor: ballots.void(actor, ballot.id, reason="题目有误")


async def counted(cast: Cast) -> Ballot:
    return await ballots.tally(SYSTEM, await closed(cast))


@row("ballot.complain", "resident", "manager", "delegate", "host")
async def _(cast: Cast) -> Attempt:
    key = (await counted(cast)).id
    return lambda actor: ballots.complain(actor, key, reason="名册有误")


@row("ballot.answer_complaint", "host")
async def _(cast: Cast) -> Attempt:
    ballot = await counted(cast)
    await ballots.complain(cast["resident"], ballot, reason="名册有误")
    return lambda actor: ballots.answer_complaint(actor, ballot.id, number=1, upheld=False, text="名册无误")


@row("ballot.finish", "system")
async def _(cast: Cast) -> Attempt:
    ballot = await counted(cast)
    for kind in ("enterprise", "residents"):
        signer = await cast.world.delegate(kind)
        await ballots.name_scrutineer(cast["host"], ballot, person=signer.person, party=signer.party)
        await ballots.certify(signer, ballot)
    return later(24 * 40, lambda actor: ballots.finish(actor, ballot.id))


@row("ballot.rerun", "host")
async def _(cast: Cast) -> Attempt:
    ballot = await announced(cast)
    await ballots.void(cast["steward"], ballot, reason="题目有误")
    when = {"opens_at": clock.now() + timedelta(days=1), "closes_at": clock.now() + timedelta(days=2)}
    return lambda actor: ballots.rerun(actor, ballot.id, **when)
