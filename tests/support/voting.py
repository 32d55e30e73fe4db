"""A ballot from announcement to count, for tests about what comes after."""

from datetime import timedelta

from civic import clock, jobs
from civic.acts import ballots
from civic.acts.box import Receipt
from civic.acts.core import Actor
from civic.models import Ballot
from tests.support.world import World


async def open_ballot(world: World, choices: list[str]) -> tuple[Ballot, list[Receipt]]:
    """A yes/no ballot in which a new resident made each choice; it is open still."""
    voters = await world.residents(len(choices))
    draft = await ballots.create(
        world.as_official,
        title="要不要加长椅",
        question="是否增设长椅？",
        area=world.district.code,
        opens_at=clock.now() + timedelta(hours=1),
        closes_at=clock.now() + timedelta(hours=25),
    )
    ballot = await ballots.announce(world.as_official, draft)
    with clock.shift(timedelta(hours=2)):
        await jobs.run_once()
        receipts = [
            await ballots.cast(Actor(voter), ballot.id, chosen=[choice])
            for voter, choice in zip(voters, choices, strict=True)
        ]
    return ballot, receipts


async def count(ballot: Ballot) -> Ballot:
    """Let the clock close and count it."""
    with clock.shift(timedelta(hours=30)):
        await jobs.run_once()
    return await Ballot.get(id=ballot.id)


async def closed_ballot(world: World, choices: list[str]) -> Ballot:
    """A yes/no ballot, voted on, closed and counted."""
    ballot, _ = await open_ballot(world, choices)
    return await count(ballot)
