"""Parties come to be, act, are changed, suspended and closed; on both databases."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from civic.acts import parties, proposals
from civic.acts.core import Actor
from civic.errors import CivicError, Conflict, InvalidInput, InvalidState, NotAllowed, NotSignedIn, TooMany
from civic.models import Membership, Notification, Party
from civic.rules.credit_code import check_character
from tests.support.world import World

pytestmark = pytest.mark.anyio


def code(number: int) -> str:
    """A well-formed social credit code."""
    first = f"91310104MA1{number:06d}"
    return first + check_character(first)


async def refused(kind: type[CivicError], reason: str, work: Awaitable[Any]) -> CivicError:
    with pytest.raises(kind) as caught:
        await work
    assert caught.value.reason == reason
    return caught.value


async def applied(world: World, number: int = 1, **changes: Any) -> tuple[Actor, Party]:
    person = await world.guest("示例经理")
    given = {
        "kind": "enterprise",
        "name": "示例餐饮公司",
        "area": world.street.code,
        "credit_code": code(number),
    }
    return Actor(person), await parties.apply(Actor(person), **{**given, **changes})


async def test_an_enterprise_applies_and_is_approved(connected: str, world: World) -> None:
    """ "party.apply", "party.approve" """
    applicant, party = await applied(world, credit_code=" 9131-" + code(1)[4:].lower())
    assert (party.state, party.credit_code, party.approved_at) == ("applied", code(1), None)
    acting = Actor(applicant.person, party=party)
    await refused(
        NotAllowed,
        "party_inactive",
        proposals.create(acting, title="一个提案", body="正文", area=world.street.code),
    )
    await refused(NotAllowed, "steward", parties.approve(applicant, party))
    await refused(NotAllowed, "steward", parties.approve(world.as_official, party))
    assert (await parties.approve(world.as_steward, party)).state == "active"
    await refused(InvalidState, "wrong_state", parties.approve(world.as_steward, party))
    acting = Actor(applicant.person, party=await Party.get(id=party.id))
    assert (await proposals.create(acting, title="一个提案", body="正文", area=world.street.code)).party_id
    told = await Notification.get(person=applicant.person)
    assert (told.kind, told.subject, told.subject_id) == ("party.approve", "party", party.id)
    entries = await world.recorded("party.apply")
    assert entries[0]["payload"] == {"kind": "enterprise", "state": "applied", "area": world.street.code}
    assert "示例" not in str(entries) + str(await world.recorded("party.approve"))


async def test_what_an_application_must_be(connected: str, world: World) -> None:
    await refused(NotSignedIn, "sign_in", parties.apply(Actor(), kind="enterprise", name="甲公司", area="1"))
    for changes, reason in (
        ({"kind": "government"}, "kind"),
        ({"kind": "party"}, "kind"),
        ({"name": " "}, "empty"),
        ({"name": "甲"}, "too_short"),
        ({"name": "长" * 121}, "too_long"),
        ({"area": "000000"}, "unknown_area"),
        ({"credit_code": ""}, "credit_code"),
        ({"credit_code": code(1)[:-1] + "I"}, "credit_code"),
        ({"kind": "association", "credit_code": ""}, "credit_code"),
        ({"kind": "institution", "credit_code": ""}, "credit_code"),
        ({"about": "长" * 5001}, "too_long"),
    ):
        await refused(InvalidInput, reason, applied(world, **changes))
    assert await Party.all().count() == 1


async def test_one_code_one_party_at_the_same_instant(connected: str, world: World) -> None:
    people = [await world.guest(f"经理{i}") for i in range(8)]
    given = {"kind": "association", "name": "示例协会", "area": world.street.code, "credit_code": code(7)}
    results = await asyncio.gather(
        *(parties.apply(Actor(p), **given) for p in people), return_exceptions=True
    )
    assert sum(isinstance(r, Party) for r in results) == 1
    assert sum(isinstance(r, Conflict) and r.reason == "code_taken" for r in results) == 7
    assert await Membership.filter(party__kind="association").count() == 1


async def test_residents_apply_where_they_live(connected: str, world: World) -> None:
    group = {"kind": "residents", "name": "示例业主小组", "area": world.community.code}
    await refused(NotAllowed, "not_verified", parties.apply(Actor(await world.guest()), **group))
    stranger = await world.resident(where=world.elsewhere)
    await refused(NotAllowed, "other_area", parties.apply(Actor(stranger), **group))
    resident = Actor(await world.resident())
    await refused(InvalidInput, "no_code", parties.apply(resident, **group, credit_code=code(2)))
    assert (await parties.apply(resident, **group)).credit_code is None


async def test_applications_are_few_at_a_time(connected: str, world: World) -> None:
    actor = Actor(await world.guest())
    for number in range(5):
        await parties.apply(
            actor, kind="enterprise", name="示例公司", area=world.street.code, credit_code=code(number)
        )
    await refused(
        TooMany,
        "applications",
        parties.apply(actor, kind="enterprise", name="示例公司", area=world.street.code, credit_code=code(9)),
    )


async def test_a_rejected_application_can_be_made_again(connected: str, world: World) -> None:
    """ "party.reject" """
    actor, party = await applied(world)
    await refused(InvalidInput, "empty", parties.reject(world.as_steward, party, reason=" "))
    await refused(NotAllowed, "steward", parties.reject(actor, party, reason="不"))
    done = await parties.reject(world.as_steward, party, reason="请提交营业执照上的全称")
    assert (done.state, done.reason, done.credit_code) == ("closed", "请提交营业执照上的全称", None)
    await refused(InvalidState, "wrong_state", parties.approve(world.as_steward, party))
    assert (await applied(world))[1].credit_code == code(1)


async def test_a_department_is_registered(connected: str, world: World) -> None:
    """ "party.register" """
    chief = await world.guest("示例科长")
    given = {"name": "示例交通委", "area": world.district.code}
    await refused(
        NotAllowed, "steward", parties.register(world.as_official, manager=chief.pseudonym, **given)
    )
    await refused(
        InvalidInput, "unknown_account", parties.register(world.as_steward, manager="nobody", **given)
    )
    party = await parties.register(world.as_steward, manager=f" {chief.pseudonym.upper()} ", **given)
    assert (party.kind, party.state, party.credit_code) == ("government", "active", None)
    assert (await Membership.get(party=party)).person_id == chief.id


async def test_a_party_is_changed(connected: str, world: World) -> None:
    """ "party.edit" """
    actor, party = await applied(world)
    changed = await parties.edit(actor, party, about="经营早餐店。", name="示例早餐公司", credit_code=code(3))
    assert (changed.name, changed.credit_code) == ("示例早餐公司", code(3))
    stranger = Actor(await world.guest())
    await refused(NotAllowed, "steward", parties.edit(stranger, party, about="x"))
    await parties.approve(world.as_steward, party)
    assert (await parties.edit(actor, party, about="经营两家早餐店。")).about == "经营两家早餐店。"
    for changes in ({"name": "别的公司"}, {"area": world.district.code}, {"credit_code": code(4)}):
        await refused(NotAllowed, "steward_only", parties.edit(actor, party, about="x", **changes))
    assert (await parties.edit(world.as_steward, party, about="", name="新名公司")).name == "新名公司"
    other = (await applied(world, 5))[1]
    await refused(
        Conflict, "code_taken", parties.edit(world.as_steward, other, about="", credit_code=code(3))
    )
    assert (await Party.get(id=party.id)).about == ""


async def test_suspended_and_closed(connected: str, world: World) -> None:
    """ "party.suspend", "party.reinstate", "party.close" """
    actor, party = await applied(world)
    await refused(InvalidState, "wrong_state", parties.suspend(world.as_steward, party, reason="x"))
    await parties.approve(world.as_steward, party)
    await refused(NotAllowed, "steward", parties.suspend(actor, party, reason="x"))
    assert (await parties.suspend(world.as_steward, party, reason="证照过期")).reason == "证照过期"
    await refused(InvalidState, "wrong_state", parties.edit(actor, party, about="x"))
    await refused(NotAllowed, "steward", parties.reinstate(actor, party))
    assert (await parties.reinstate(world.as_steward, party)).state == "active"
    await refused(NotAllowed, "steward", parties.close(Actor(await world.guest()), party, reason="x"))
    assert (await parties.close(actor, party, reason="公司注销")).state == "closed"
    for work in (parties.reinstate, parties.approve):
        await refused(InvalidState, "wrong_state", work(world.as_steward, party))


async def test_texts_that_are_far_too_long_are_refused_not_crashes(connected: str, world: World) -> None:
    long = "9" * 5000
    await refused(InvalidInput, "unknown_area", applied(world, area=long))
    await refused(InvalidInput, "credit_code", applied(world, credit_code=long))
    given = {"name": "示例部门", "area": world.district.code, "manager": long}
    await refused(InvalidInput, "unknown_account", parties.register(world.as_steward, **given))
