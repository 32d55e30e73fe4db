"""Complaints through the pages: a voter complains, the host answers, a steward voids, the host holds the vote again."""

import asyncio
import re
from datetime import timedelta
from html import unescape
from typing import Any

import orjson
import pytest
import websockets

from civic import clock
from civic.acts import ballots
from civic.acts.core import Actor
from civic.models import Ballot, Complaint
from civic.schema.core.ids import encode
from civic.web import graphql_ws
from tests.acts.test_complaints import certified, voter_of
from tests.support.voting import open_ballot
from tests.support.world import World
from tests.web.test_ballot_pages import signed_in
from tests.web.test_graphql import serving

pytestmark = pytest.mark.anyio


def form_of(html: str, op: str) -> dict[str, str]:
    """The hidden fields of the form of an operation."""
    (form,) = (f for f in re.findall(r"<form[^>]*>.*?</form>", html, re.S) if f'name="_op" value="{op}"' in f)
    pairs = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in pairs}


def at_form(html: str, address: str) -> dict[str, str]:
    """The hidden fields of the form that posts to an address."""
    (form,) = (f for f in re.findall(r"<form[^>]*>.*?</form>", html, re.S) if f'action="{address}"' in f)
    pairs = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in pairs}


async def test_from_a_complaint_to_a_vote_held_again(client: Any, world: World) -> None:
    ballot = await certified(world, ["yes", "no", "no"])
    address = f"/ballots/{ballot.id}"
    assert "可提出异议" in (await client.get(address)).text
    assert 'href="/sign-in?next=' in (await client.get(f"{address}/complaints")).text
    voter = (await voter_of(ballot)).person
    assert voter is not None
    await signed_in(client, voter)
    form = form_of((await client.get(f"{address}/complaints")).text, "File")
    empty = await client.post(f"{address}/complaints", data={**form, "reason": " "})
    assert empty.status_code == 422 and "error-summary" in empty.text
    sent = await client.post(f"{address}/complaints", data={**form, "reason": "名册漏了 <b>一栋楼</b>"})
    assert sent.status_code == 303, sent.text
    page = (await client.get(f"{address}/complaints")).text
    assert (
        "&lt;b&gt;" in page and "<b>一栋楼" not in page and "等待答复" in page and 'value="File"' not in page
    )
    assert "1 项异议" in (await client.get(address)).text
    await signed_in(client, world.official)
    form = form_of((await client.get(f"{address}/complaints")).text, "Answer")
    refused = await client.post(f"{address}/complaints", data={**form, "upheld": "true", "text": ""})
    assert refused.status_code == 422 and 'value="true" required checked' in refused.text
    answered = await client.post(f"{address}/complaints", data={**form, "upheld": "true", "text": "属实"})
    assert answered.status_code == 303 and (await Complaint.get()).upheld is True
    assert 'value="Void"' not in (await client.get(f"{address}/manage")).text
    await signed_in(client, world.steward)
    form = form_of((await client.get(f"{address}/manage")).text, "Void")
    assert (await client.post(f"{address}/manage", data={**form, "reason": "名册有误"})).status_code == 303
    await signed_in(client, world.official)
    assert f'href="{address}/rerun"' in (await client.get(address)).text
    form = form_of((await client.get(f"{address}/rerun")).text, "Rerun")
    times = {
        name: (clock.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")
        for name, days in (("opensAt", 2), ("closesAt", 3))
    }
    made = await client.post(f"{address}/rerun", data={**form, **times})
    again = await Ballot.get(rerun_of_id=ballot.id)
    assert made.status_code == 303 and made.headers["location"] == f"/ballots/{again.id}/manage", made.text
    assert "Rerun" not in (await client.get(f"{address}/rerun")).text
    await ballots.announce(world.as_official, again)
    client.cookies.clear()
    assert "Upheld" in (await client.get(f"{address}/complaints", headers={"Accept-Language": "en"})).text
    assert f'href="/ballots/{again.id}"' in (await client.get(address)).text
    assert f'href="{address}"' in (await client.get(f"/ballots/{again.id}")).text
    assert (await client.get(f"{address}/rerun")).status_code in (303, 404)


async def test_the_api_tells_of_complaints_and_of_both_votes(app: Any, world: World, graphql: Any) -> None:
    ballot = await certified(world, ["no", "yes"])
    voter = await voter_of(ballot)
    assert voter.person is not None
    token = await world.token(voter.person)
    file = "mutation($i: FileComplaintInput!) { fileComplaint(input: $i) { id state } }"
    given = {"i": {"ballot": encode("Ballot", ballot.id), "reason": "理由"}}
    done = await graphql(file, given, token=token)
    assert done["data"]["fileComplaint"]["state"] == "certified"
    twice = await graphql(file, given, token=token)
    assert twice["errors"][0]["extensions"]["reason"] == "complained"
    query = """query($id: ID!) { ballot(id: $id) { aftermath { complaintsUntil finalAt complaintCount ownComplaint
      whyNoComplaint complaints { number reason late upheld } files { kind path } rerunOf { id } reruns { id } } } }"""
    found = (await graphql(query, {"id": encode("Ballot", ballot.id)}, token=token))["data"]["ballot"][
        "aftermath"
    ]
    assert found["complaints"] == [{"number": 1, "reason": "理由", "late": False, "upheld": None}]
    assert (found["complaintCount"], found["ownComplaint"], found["finalAt"]) == (1, True, None)
    assert "complained" in found["whyNoComplaint"] or "异议" in found["whyNoComplaint"]
    assert found["files"] == [{"kind": "csv", "path": f"/ballots/{ballot.id}.csv"}]
    await ballots.void(world.as_steward, ballot, reason="名册有误")
    again = await ballots.rerun(
        world.as_official,
        ballot,
        opens_at=clock.now() + timedelta(days=1),
        closes_at=clock.now() + timedelta(days=2),
    )
    old = (await graphql(query, {"id": encode("Ballot", ballot.id)}))["data"]["ballot"]["aftermath"]
    assert old["reruns"] == [], "a draft is its host's"
    await ballots.announce(world.as_official, again)
    old = (await graphql(query, {"id": encode("Ballot", ballot.id)}))["data"]["ballot"]["aftermath"]
    new = (await graphql(query, {"id": encode("Ballot", again.id)}))["data"]["ballot"]["aftermath"]
    assert old["reruns"] == [{"id": encode("Ballot", again.id)}]
    assert new["rerunOf"] == {"id": encode("Ballot", ballot.id)}


async def test_turnout_is_followed_live(app: Any, world: World) -> None:
    """The subscription tells the number at once, again when somebody votes, and not when a vote is replaced."""
    ballot, _ = await open_ballot(world, ["yes"])
    voters = [Actor(row.person) for row in await ballot.roll.all().select_related("person")]
    late = Actor(await world.resident("不在名册"))

    async def hear(ws: Any) -> int:
        message = orjson.loads(await asyncio.wait_for(ws.recv(), 5))
        assert message["type"] == "next", message
        return int(message["payload"]["data"]["ballotTurnout"])

    async def subscribe(ws: Any, key: object) -> None:
        await ws.send('{"type":"connection_init"}')
        assert orjson.loads(await ws.recv())["type"] == "connection_ack"
        query = "subscription($id: ID!) { ballotTurnout(id: $id) }"
        payload = {"query": query, "variables": {"id": encode("Ballot", key)}}
        await ws.send(orjson.dumps({"type": "subscribe", "id": "1", "payload": payload}).decode())

    assert late.person is not None and len(voters) == 1
    more, _ = await open_ballot(world, ["yes", "no"])  # four on its roll, two have voted
    rest = [Actor(row.person) for row in await more.roll.all().select_related("person").order_by("id")]
    async with serving(app) as port:
        url = f"ws://127.0.0.1:{port}/graphql"
        with clock.shift(timedelta(hours=3)):
            async with websockets.connect(url, subprotocols=[graphql_ws.PROTOCOL]) as ws:  # type: ignore[list-item]
                await subscribe(ws, more.id)
                assert await hear(ws) == 2
                for voter in rest:
                    await ballots.cast(voter, more.id, chosen=["no"])
                assert await hear(ws) == len(rest) > 2, "a burst is told once"
                await ballots.cast(rest[0], more.id, chosen=["yes"])
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(ws.recv(), 1.5)
        draft = await ballots.create(
            world.as_official, title="草稿", question="？", area=world.district.code,
            opens_at=clock.now() + timedelta(hours=1), closes_at=clock.now() + timedelta(hours=2),
        )  # fmt: skip
        for hidden in (draft.id, 999):
            async with websockets.connect(url, subprotocols=[graphql_ws.PROTOCOL]) as ws:  # type: ignore[list-item]
                await subscribe(ws, hidden)
                assert orjson.loads(await asyncio.wait_for(ws.recv(), 5))["type"] == "complete"
