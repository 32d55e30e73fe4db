"""Who acts for a party: invited, taken, ended, and never nobody."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest

from civic import clock
from civic.acts import memberships, parties, people
from civic.acts.core import Actor
from civic.acts.permissions import roles_in
from civic.errors import CivicError, Conflict, InvalidInput, InvalidState, NotAllowed
from civic.models import Invitation, Membership, Notification
from tests.support.world import World

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)


async def refused(kind: type[CivicError], reason: str, work: Awaitable[Any]) -> None:
    with pytest.raises(kind) as caught:
        await work
    assert caught.value.reason == reason


async def test_a_delegate_is_invited_and_takes_it(connected: str, world: World) -> None:
    """ "membership.invite", "membership.accept" """
    manager = await world.delegate()
    party, colleague = manager.party, await world.guest("示例同事")
    assert party is not None
    given = {"account_code": colleague.pseudonym, "role": "delegate"}
    await refused(NotAllowed, "steward", memberships.invite(Actor(colleague), party, **given))
    await refused(InvalidInput, "role", memberships.invite(manager, party, **{**given, "role": "chief"}))
    await refused(
        InvalidInput,
        "unknown_account",
        memberships.invite(manager, party, **{**given, "account_code": "a@example.org"}),
    )
    today = clock.today()
    await refused(InvalidInput, "past", memberships.invite(manager, party, **given, from_day=today - DAY))
    await refused(InvalidInput, "order", memberships.invite(manager, party, **given, until_day=today - DAY))
    invitation = await memberships.invite(manager, party, **given, until_day=today + 30 * DAY)
    assert await roles_in(colleague, party.id) == set()
    assert (await Notification.get(person=colleague)).kind == "membership.invite"
    await refused(NotAllowed, "owner", memberships.accept(manager, invitation))
    taken = await memberships.accept(Actor(colleague), invitation)
    assert (taken.from_day, taken.until_day) == (today, today + 30 * DAY)
    assert await roles_in(colleague, party.id) == {"delegate"}
    with pytest.raises(CivicError):
        await memberships.accept(Actor(colleague), invitation)
    await refused(Conflict, "has_role", memberships.invite(manager, party, **given))
    with clock.shift(31 * DAY):
        assert await roles_in(colleague, party.id) == set()
    entry = (await world.recorded("membership.accept"))[0]
    assert entry["payload"]["member"] == colleague.pseudonym and "示例同事" not in str(entry)


async def test_invitations_end_untaken(connected: str, world: World) -> None:
    """ "membership.decline", "membership.withdraw" """
    manager = await world.delegate()
    colleague = await world.guest()
    given = {"account_code": colleague.pseudonym, "role": "clerk"}
    assert manager.party is not None
    first = await memberships.invite(manager, manager.party, **given)
    again = await memberships.invite(manager, manager.party, **given)
    assert await Invitation.all().count() == 1 and first.id != again.id
    await refused(NotAllowed, "owner", memberships.decline(manager, again))
    await memberships.decline(Actor(colleague), again)
    third = await memberships.invite(manager, manager.party, **given)
    await refused(NotAllowed, "steward", memberships.withdraw(Actor(colleague), third))
    await memberships.withdraw(manager, third)
    fourth = await memberships.invite(manager, manager.party, **given)
    with clock.shift(31 * DAY):
        await refused(InvalidState, "invitation_expired", memberships.accept(Actor(colleague), fourth))
    short = await memberships.invite(manager, manager.party, **given, until_day=clock.today())
    with clock.shift(2 * DAY):
        await refused(InvalidState, "invitation_expired", memberships.accept(Actor(colleague), short))
    await parties.suspend(world.as_steward, manager.party, reason="核查")
    await refused(InvalidState, "party_inactive", memberships.invite(manager, manager.party, **given))


async def test_a_role_that_begins_later(connected: str, world: World) -> None:
    manager, colleague = await world.delegate(), await world.guest()
    assert manager.party is not None
    begins = clock.today() + 7 * DAY
    invitation = await memberships.invite(
        manager, manager.party, account_code=colleague.pseudonym, role="clerk", from_day=begins
    )
    await memberships.accept(Actor(colleague), invitation)
    assert await roles_in(colleague, manager.party.id) == set()
    with clock.shift(7 * DAY):
        assert await roles_in(colleague, manager.party.id) == {"clerk"}


async def second_manager(manager: Actor, world: World) -> Membership:
    colleague = await world.guest("第二位经理")
    assert manager.party is not None
    invitation = await memberships.invite(
        manager, manager.party, account_code=colleague.pseudonym, role="manager"
    )
    return await memberships.accept(Actor(colleague), invitation)


async def test_the_last_manager_stays(connected: str, world: World) -> None:
    """ "membership.end" """
    manager = await world.delegate()
    assert manager.party is not None and manager.person is not None
    mine = await Membership.get(party=manager.party)
    await refused(InvalidState, "last_manager", memberships.end(manager, mine))
    await refused(InvalidState, "last_manager", memberships.end(world.as_steward, mine))
    await refused(InvalidState, "last_manager", people.delete(manager))
    theirs = await second_manager(manager, world)
    await refused(NotAllowed, "steward", memberships.end(Actor(await world.guest()), theirs))
    await refused(InvalidInput, "past", memberships.end(manager, mine, last_day=clock.today() - DAY))
    await memberships.end(manager, mine)
    assert await roles_in(manager.person, manager.party.id) == set()
    await refused(InvalidState, "ended", memberships.end(manager, mine))
    await refused(NotAllowed, "steward", memberships.end(manager, theirs))
    await people.delete(manager)


async def test_two_last_managers_leave_at_the_same_instant(connected: str, world: World) -> None:
    manager = await world.delegate()
    mine = await Membership.get(party=manager.party)
    theirs = await second_manager(manager, world)
    results = await asyncio.gather(
        memberships.end(manager, mine),
        memberships.end(Actor(await theirs.person), theirs),
        return_exceptions=True,
    )
    assert sum(isinstance(r, Membership) for r in results) == 1
    assert sum(isinstance(r, InvalidState) and r.reason == "last_manager" for r in results) == 1


async def test_who_leaves_the_platform_acts_for_nobody(connected: str, world: World) -> None:
    manager = await world.delegate()
    theirs = await second_manager(manager, world)
    leaving = await theirs.person
    await people.delete(Actor(leaving))
    assert manager.party is not None and await roles_in(leaving, manager.party.id) == set()
    mine = await Membership.get(party=manager.party, person=manager.person)
    await refused(InvalidState, "last_manager", memberships.end(manager, mine))
