"""Accounts, tokens, residence, areas."""

from secrets import token_hex

from civic.acts import areas, people, residencies
from civic.models import AccessToken, Residency
from civic.rules.area_files import AreaLine
from tests.support.permissions import PEOPLE, ROLES, Attempt, Cast, row
from tests.support.world import person

OFFICIALS = ("host", "host_clerk")


@row("person.sign_up", *ROLES)
async def _(cast: Cast) -> Attempt:
    given = {"name": "新", "email": f"{token_hex(4)}@example.org", "password_hash": None, "language": "en"}
    return lambda actor: people._sign_up(actor, **given)


@row("person.link_provider", *ROLES)
async def _(cast: Cast) -> Attempt:
    return lambda actor: people._link(actor, issuer="i", subject=token_hex(4), email=None, name="新")


@row("person.edit", *PEOPLE)
async def _(cast: Cast) -> Attempt:
    return lambda actor: people.edit(actor, name="新名", language="en")


LAST_MANAGERS = ("manager", "host", "official_elsewhere")


@row("person.delete", *(role for role in PEOPLE if role not in LAST_MANAGERS), not_now=LAST_MANAGERS)
async def _(cast: Cast) -> Attempt:
    return lambda actor: people.delete(actor)


@row("person.make_steward", "steward", "system")
async def _(cast: Cast) -> Attempt:
    somebody = await person("新管理员")
    return lambda actor: people.make_steward(actor, somebody.id)


@row("token.create", *PEOPLE)
async def _(cast: Cast) -> Attempt:
    return lambda actor: people.create_token(actor, label="脚本", scopes=["read"], hash=token_hex(32))


async def token(cast: Cast) -> AccessToken:
    return await people.create_token(cast["resident"], label="脚本", scopes=["read"], hash=token_hex(32))


@row("token.revoke", "resident")
async def _(cast: Cast) -> Attempt:
    key = (await token(cast)).id
    return lambda actor: people.revoke_token(actor, key)


HOUSED = ("resident", "resident_elsewhere")


@row("residency.claim", *(role for role in PEOPLE if role not in HOUSED), not_now=HOUSED)
async def _(cast: Cast) -> Attempt:
    return lambda actor: residencies.claim(actor, area=cast.world.community.code)


async def claim(cast: Cast) -> Residency:
    return await residencies.claim(cast["unverified"], area=cast.world.community.code)


@row("residency.verify", *OFFICIALS)
async def _(cast: Cast) -> Attempt:
    claimed = await claim(cast)
    number = token_hex(5).upper()
    return lambda actor: residencies.verify(actor, claimed.id, document_number=number)


@row("residency.reject", *OFFICIALS)
async def _(cast: Cast) -> Attempt:
    claimed = await claim(cast)
    return lambda actor: residencies.reject(actor, claimed.id, reason="证件不符")


@row("residency.revoke", *OFFICIALS)
async def _(cast: Cast) -> Attempt:
    verified = await Residency.get(person_id=cast.person("resident").id)
    return lambda actor: residencies.revoke(actor, verified.id, reason="已迁出")


@row("residency.expire", "system")
async def _(cast: Cast) -> Attempt:
    verified = await Residency.get(person_id=cast.person("resident").id)
    return lambda actor: residencies.expire(actor, verified.id)


@row("area.import", "steward", "system")
async def _(cast: Cast) -> Attempt:
    line = AreaLine(1, token_hex(3), "新社区", "community", cast.world.street.code)
    return lambda actor: areas.import_areas(actor, lines=[line])


@row("area.set_threshold", "steward", *OFFICIALS)
async def _(cast: Cast) -> Attempt:
    return lambda actor: areas.set_threshold(actor, cast.world.community.id, supports=20)
