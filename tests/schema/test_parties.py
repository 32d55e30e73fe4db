"""Parties through the API: what is public, what only managers and stewards see, and acting."""

from typing import Any

import pytest

from tests.acts.test_parties import code
from tests.support.statements import statements
from tests.support.world import World, party

pytestmark = pytest.mark.anyio

APPLY = "mutation($i: ApplyAsPartyInput!) { applyAsParty(input: $i) { party state } }"
APPROVE = "mutation($i: PartyInput!) { approveParty(input: $i) { state } }"
SEE = """query($id: ID!) { party(id: $id) { name state kind creditCode myRoles area { name }
  spokespeople { role person { name } } members { id role person { name } } invitations { id person { pseudonym } } } }"""
INVITE = "mutation($i: InviteMemberInput!) { inviteMember(input: $i) { id } }"


async def test_from_application_to_delegate(app: Any, world: World, graphql: Any) -> None:
    manager, colleague = await world.guest("示例经理"), await world.guest("示例代表")
    token, second, steward = [await world.token(p) for p in (manager, colleague, world.steward)]
    given = {"kind": "enterprise", "name": "示例公司", "area": world.street.code, "creditCode": code(1)}
    wrong = await graphql(APPLY, {"i": {**given, "creditCode": "1" * 18}}, token)
    assert wrong["errors"][0]["extensions"]["field"] == "creditCode"
    done = (await graphql(APPLY, {"i": given}, token))["data"]["applyAsParty"]
    assert done["state"] == "applied"
    see = {"id": done["party"]}
    assert (await graphql(SEE, see))["data"]["party"] is None
    assert (await graphql(SEE, see, second))["data"]["party"] is None
    assert (await graphql(SEE, see, token))["data"]["party"]["myRoles"] == ["manager"]
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert (await graphql(node, see))["data"]["node"] is None
    refused = await graphql(APPROVE, {"i": {"party": done["party"]}}, token)
    assert refused["errors"][0]["extensions"]["reason"] == "steward"
    await graphql(APPROVE, {"i": {"party": done["party"]}}, steward)
    assert (await graphql(SEE, see))["data"]["party"]["area"]["name"] == world.street.name
    asked = {"party": done["party"], "accountCode": colleague.pseudonym, "role": "delegate"}
    made = (await graphql(INVITE, {"i": asked}, token))["data"]["inviteMember"]["id"]
    shown = (await graphql(SEE, see, token))["data"]["party"]
    assert shown["invitations"][0]["person"]["pseudonym"] == colleague.pseudonym
    take = "mutation($i: InvitationInput!) { acceptInvitation(input: $i) { id } }"
    role = (await graphql(take, {"i": {"invitation": made}}, second))["data"]["acceptInvitation"]["id"]
    public = (await graphql(SEE, see))["data"]["party"]
    assert {(m["role"], m["person"]["name"]) for m in public["spokespeople"]} == {
        ("manager", "示例经理"),
        ("delegate", "示例代表"),
    }
    assert public["members"] is None and public["invitations"] is None
    end = "mutation($i: EndMembershipInput!) { endMembership(input: $i) { id } }"
    assert "errors" not in await graphql(end, {"i": {"membership": role}}, second)
    assert len((await graphql(SEE, see))["data"]["party"]["spokespeople"]) == 1


async def test_the_list_is_filtered_and_costs_the_same_at_any_length(
    app: Any, world: World, graphql: Any
) -> None:
    for number in range(12):
        kind = "enterprise" if number % 2 else "association"
        await party(kind, f"示例主体{number}", world.street, "applied" if number == 0 else "active")
    query = """query($n: Int, $k: String, $q: String, $a: String) {
      parties(first: $n, kind: $k, q: $q, area: $a) { totalCount nodes { name kind area { name } } } }"""
    everything = (await graphql(query))["data"]["parties"]
    assert everything["totalCount"] == 12 and len(everything["nodes"]) == 12  # the department and eleven
    one = (await graphql(query, {"k": "enterprise", "q": "主体1", "a": world.district.code}))["data"][
        "parties"
    ]
    assert {n["name"] for n in one["nodes"]} == {"示例主体1", "示例主体11"}
    assert (await graphql(query, {"a": world.elsewhere.code}))["data"]["parties"]["nodes"] == []
    assert (await graphql(query, {"q": "' OR 1=1 --"}))["data"]["parties"]["nodes"] == []

    counted: list[int] = []
    for n in (2, 12):
        with statements() as ran:
            await graphql(query, {"n": n})
        counted.append(len(ran))
    assert 0 < counted[0] == counted[1] <= 3
