"""Accounts, tokens, residence, areas."""

from secrets import token_hex

from civic.acts import accounts, areas, letters, people, residencies
from civic.models import AccessToken, Residency
from civic.rules.area_files import AreaLine
from tests.support.permissions import PEOPLE, ROLES, Attempt, Cast, row
from tests.support.world import person

OFFICIALS = ("host", "host_clerk")


@row("person.sign_up", *ROLES)
async def _(cast: Cast) -> Attempt:
    given = {"name": "新", "email": f"{token_hex(4)}@example.org", "password_hash": None, "language": "en"}
    return lambda actor: people._sign_up(actor, **given)


@row("person.sign_up_with_provider", *ROLES)
async def _(cast: Cast) -> Attempt:
    given = {"issuer": "i", "email": None, "name": "新"}
    return lambda actor: people._sign_up_with_provider(actor, subject=token_hex(4), **given)


@row("person.connect_provider", *PEOPLE)
async def _(cast: Cast) -> Attempt:
    return lambda actor: accounts.connect_provider(actor, issuer="i", subject=token_hex(4))


@row("person.disconnect_provider", "resident")
async def _(cast: Cast) -> Attempt:
    for subject in ("1", "2"):
        made = await accounts.connect_provider(cast["resident"], issuer="i", subject=subject + token_hex(4))
    return lambda actor: accounts.disconnect_provider(actor, made.id)


@row("person.set_password", *PEOPLE)
async def _(cast: Cast) -> Attempt:
    return lambda actor: accounts._set_password(actor, password_hash="x")


@row("person.change_email", *PEOPLE)
async def _(cast: Cast) -> Attempt:
    return lambda actor: accounts.change_email(actor, email=f"{token_hex(4)}@example.org")


@row("person.edit", *PEOPLE)
async def _(cast: Cast) -> Attempt:
    return lambda actor: people.edit(actor, name="新名", language="en")


LAST_ONES = ("manager", "host", "official_elsewhere", "steward")


@row("person.delete", *(role for role in PEOPLE if role not in LAST_ONES), not_now=LAST_ONES)
async def _(cast: Cast) -> Attempt:
    return lambda actor: people.delete(actor)


@row("person.make_steward", "steward", "system")
async def _(cast: Cast) -> Attempt:
    somebody = await person("新管理员")
    return lambda actor: people.make_steward(actor, somebody.id)


@row("person.end_steward", "steward")
async def _(cast: Cast) -> Attempt:
    somebody = await person("另一位管理员", steward=True)
    return lambda actor: people.end_steward(actor, somebody.id)


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


@row("residency.give_up", "resident")
async def _(cast: Cast) -> Attempt:
    verified = await Residency.get(person_id=cast.person("resident").id)
    return lambda actor: residencies.give_up(actor, verified.id)


@row("residency.make_codes", *OFFICIALS)
async def _(cast: Cast) -> Attempt:
    return lambda actor: letters.make(actor, cast.world.street.id, document_numbers=["E12345678"])


MOVED = ("resident", "resident_elsewhere")


@row("residency.verify_by_code", *(role for role in PEOPLE if role not in MOVED), not_now=MOVED)
async def _(cast: Cast) -> Attempt:
    made = await letters.make(cast["host"], cast.world.street.id, document_numbers=[token_hex(5)])
    return lambda actor: letters.verify_by_code(actor, code=made[0].code)


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
