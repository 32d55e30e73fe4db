"""Voting on paper. The department hosts; the resident is on the roll; two clerks of the department enter sheets."""

from datetime import timedelta

from civic import clock
from civic.acts import ballots, paper_ballots
from civic.acts.core import SYSTEM
from civic.models import Ballot, PaperBatch
from tests.acts.permission_rows.ballots import announced, later
from tests.support.permissions import Attempt, Cast, row

CLERKS = ("host", "host_clerk")


async def polling(cast: Cast, *, handed: bool = False) -> Ballot:
    """An open ballot with paper; ``handed``: the resident has a sheet."""
    ballot = await announced(cast)
    await paper_ballots.offer(cast["host"], ballot)
    with clock.shift(timedelta(hours=2)):
        await ballots.open_(SYSTEM, ballot)
        if handed:
            await paper_ballots.hand_out(cast["host_clerk"], ballot, voter=cast.person("resident"))
    return ballot


async def batch(cast: Cast, *readings: str) -> PaperBatch:
    """A batch of one sheet, with what clerks read."""
    ballot = await polling(cast, handed=True)
    with clock.shift(timedelta(hours=30)):
        made = await paper_ballots.open_batch(cast["host"], ballot, sheets=1)
        for number, typed in enumerate(readings):
            await paper_ballots.enter(cast[CLERKS[number % 2]], made, typed={1: typed})
    return made


@row("ballot.offer_paper", "host")
async def _(cast: Cast) -> Attempt:
    key = (await announced(cast)).id
    return lambda actor: paper_ballots.offer(actor, key)


@row("ballot.hand_out_sheet", *CLERKS)
async def _(cast: Cast) -> Attempt:
    key, voter = (await polling(cast)).id, cast.person("resident")
    return later(2, lambda actor: paper_ballots.hand_out(actor, key, voter=voter))


@row("ballot.replace_sheet", *CLERKS)
async def _(cast: Cast) -> Attempt:
    key, voter = (await polling(cast, handed=True)).id, cast.person("resident")
    return later(2, lambda actor: paper_ballots.replace(actor, key, voter=voter))


@row("ballot.take_back_sheet", *CLERKS)
async def _(cast: Cast) -> Attempt:
    key, voter = (await polling(cast, handed=True)).id, cast.person("resident")
    return later(2, lambda actor: paper_ballots.take_back(actor, key, voter=voter))


@row("ballot.open_batch", *CLERKS)
async def _(cast: Cast) -> Attempt:
    key = (await polling(cast, handed=True)).id
    return later(30, lambda actor: paper_ballots.open_batch(actor, key, sheets=1))


@row("ballot.enter_batch", *CLERKS)
async def _(cast: Cast) -> Attempt:
    key = (await batch(cast)).id
    return later(30, lambda actor: paper_ballots.enter(actor, key, typed={1: "1"}))


@row("ballot.settle_batch", "manager")
async def _(cast: Cast) -> Attempt:
    made = await batch(cast, "1", "2")
    who = {"person": cast.person("manager"), "party": cast.party("manager")}
    await ballots.name_scrutineer(cast["host"], made.ballot_id, **who)
    return later(30, lambda actor: paper_ballots.settle(actor, made.id, typed={1: "1"}, reason="看清了"))


@row("ballot.discard_batch", "host")
async def _(cast: Cast) -> Attempt:
    key = (await batch(cast)).id
    return later(30, lambda actor: paper_ballots.discard(actor, key, reason="张数有误"))


@row("ballot.complete_paper", "host")
async def _(cast: Cast) -> Attempt:
    key = (await batch(cast, "1", "1")).ballot_id
    return later(30, lambda actor: paper_ballots.complete(actor, key))
