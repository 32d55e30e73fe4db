"""Parties and who acts for them. The enterprise's manager manages the party of each row."""

from random import randrange

from civic.acts import memberships, parties
from civic.models import Membership, Party
from tests.acts.test_parties import code
from tests.support.permissions import PEOPLE, Attempt, Cast, row


async def application(cast: Cast, role: str = "manager") -> Party:
    area = cast.world.street.code
    return await parties.apply(
        cast[role], kind="enterprise", name="申请中的公司", area=area, credit_code=code(randrange(10**6))
    )


@row("party.apply", *PEOPLE)
async def _(cast: Cast) -> Attempt:
    given = {"kind": "enterprise", "name": "新公司", "credit_code": code(randrange(10**6))}
    return lambda actor: parties.apply(actor, area=cast.world.street.code, **given)


@row("party.apply", "resident")
async def _(cast: Cast) -> Attempt:
    area = cast.world.community.code
    return lambda actor: parties.apply(actor, kind="residents", name="新小组", area=area)


@row("party.register", "steward")
async def _(cast: Cast) -> Attempt:
    chief = cast.person("unverified").pseudonym
    area = cast.world.district.code
    return lambda actor: parties.register(actor, name="新部门", area=area, manager=chief)


@row("party.approve", "steward")
async def _(cast: Cast) -> Attempt:
    key = (await application(cast)).id
    return lambda actor: parties.approve(actor, key)


@row("party.reject", "steward")
async def _(cast: Cast) -> Attempt:
    key = (await application(cast)).id
    return lambda actor: parties.reject(actor, key, reason="材料不全")


@row("party.edit", "manager", "steward")
async def _(cast: Cast) -> Attempt:
    return lambda actor: parties.edit(actor, cast.party("manager").id, about="新介绍")


@row("party.edit", "unverified", "steward")
async def _(cast: Cast) -> Attempt:
    key = (await application(cast, "unverified")).id
    return lambda actor: parties.edit(actor, key, about="新介绍", name="更正的名称")


@row("party.suspend", "steward")
async def _(cast: Cast) -> Attempt:
    return lambda actor: parties.suspend(actor, cast.party("manager").id, reason="核查")


@row("party.reinstate", "steward")
async def _(cast: Cast) -> Attempt:
    key = cast.party("manager").id
    await parties.suspend(cast["steward"], key, reason="核查")
    return lambda actor: parties.reinstate(actor, key)


@row("party.close", "manager", "steward")
async def _(cast: Cast) -> Attempt:
    return lambda actor: parties.close(actor, cast.party("manager").id, reason="注销")


@row("membership.invite", "manager", "steward")
async def _(cast: Cast) -> Attempt:
    given = {"account_code": cast.person("unverified").pseudonym, "role": "delegate"}
    return lambda actor: memberships.invite(actor, cast.party("manager").id, **given)


async def invitation(cast: Cast) -> int:
    given = {"account_code": cast.person("unverified").pseudonym, "role": "delegate"}
    return (await memberships.invite(cast["manager"], cast.party("manager").id, **given)).id


@row("membership.accept", "unverified")
async def _(cast: Cast) -> Attempt:
    key = await invitation(cast)
    return lambda actor: memberships.accept(actor, key)


@row("membership.decline", "unverified")
async def _(cast: Cast) -> Attempt:
    key = await invitation(cast)
    return lambda actor: memberships.decline(actor, key)


@row("membership.withdraw", "manager", "steward")
async def _(cast: Cast) -> Attempt:
    key = await invitation(cast)
    return lambda actor: memberships.withdraw(actor, key)


@row("membership.end", "manager", "delegate", "steward")
async def _(cast: Cast) -> Attempt:
    role = await Membership.get(person_id=cast.person("delegate").id)
    return lambda actor: memberships.end(actor, role.id)
