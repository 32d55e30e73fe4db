"""Voting passes on the pages: chosen in the draft, told before one votes, and no choice ever beside a name."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from civic import clock, jobs
from civic.models import Ballot
from civic.schema.core.ids import encode
from tests.support.devices import Device
from tests.support.world import World
from tests.web.test_ballot_pages import fields, open_ballot, signed_in

pytestmark = pytest.mark.anyio
CAST = """mutation Cast($input: CastWithTokenInput!) { castWithToken(input: $input) {
  receipt { ballot tracker version text } } }"""


async def test_the_host_chooses_passes_in_the_draft(client: Any, world: World) -> None:
    client.cookies.set("civic_lang", "en")
    await signed_in(client, world.official)
    form = {
        **fields((await client.get("/ballots/new")).text),
        "opensAt": (clock.now() + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M"),
        "closesAt": (clock.now() + timedelta(hours=99)).strftime("%Y-%m-%dT%H:%M"),
        "title": "夜间公交", "question": "延长吗？", "area": world.district.code, "method": "yes_no",
        "passing": "majority", "quorumPercent": "0", "anonymous": "true",
    }  # fmt: skip
    refused = await client.post("/ballots/new", data={**form, "secret": "false"})
    assert refused.status_code == 422 and 'id="e-anonymous"' in refused.text and not await Ballot.exists()
    made = await client.post("/ballots/new", data={**form, "secret": "true"})
    assert made.status_code == 303, made.text
    ballot = await Ballot.get()
    assert ballot.anonymous and ballot.secret
    manage = (await client.get(f"/ballots/{ballot.id}/manage")).text
    assert "Without names: your device gets a voting pass" in unescape(manage)
    edit = (await client.get(f"/ballots/{ballot.id}/edit")).text
    assert re.search(r'name="anonymous" value="true" checked', edit)
    changed = {**form, **fields(edit), "secret": "true"}
    del changed["anonymous"]
    assert (await client.post(f"/ballots/{ballot.id}/edit", data=changed)).status_code == 303
    await ballot.refresh_from_db()
    assert not ballot.anonymous, "an empty box takes it back"


async def test_what_each_reader_is_told(client: Any, world: World) -> None:
    client.cookies.set("civic_lang", "en")
    voter, early = await world.residents(2)
    ballot = await open_ballot(world, anonymous=True)
    named = await open_ballot(world)
    path = f"/ballots/{ballot.id}/pass"
    with clock.shift(timedelta(minutes=2)):
        await Device(ballot).get_token(early)
        guest = (await client.get(path)).text
        assert "/sign-in?next=" in guest and "Get my voting pass" not in guest and "js/pass" in guest
        assert "1 voting pass was given out." in (await client.get(f"/ballots/{ballot.id}")).text
        await signed_in(client, await world.guest())
        assert "Your residence is not verified yet." in (await client.get(path)).text
        await signed_in(client, early)
        assert (
            "You were given your voting pass already, and there is only one." in (await client.get(path)).text
        )
        await signed_in(client, voter)
        page = (await client.get(path)).text
        assert "Get my voting pass" in page and ballot.token_key in unescape(page)
        assert "needs JavaScript" in page
        # The page of votes by name sends there, and its form, sent all the same, is refused before it is read over.
        vote = (await client.get(f"/ballots/{ballot.id}/vote")).text
        assert f'href="{path}"' in vote and 'name="choices"' not in vote
        form = fields((await client.get(f"/ballots/{named.id}/vote")).text)
        form |= {"ballot": encode("Ballot", ballot.id), "choices": "1"}
        for op in ("Review", "Cast"):
            refused = await client.post(f"/ballots/{ballot.id}/vote", data={**form, "_op": op})
            assert refused.status_code == 409, refused.text
        other = (await client.get(f"/ballots/{named.id}/pass")).text
        assert "not with a voting pass" in other and "js/pass" not in other
    with clock.shift(timedelta(hours=10)):
        await jobs.run_once()
        closed = (await client.get(path)).text
        assert "js/pass" not in closed and "Voting is over." in closed


async def test_the_api_takes_a_vote_from_nobody(client: Any, world: World) -> None:
    """Without a cookie; and with somebody else's, which plays no part."""
    voter, other = await world.residents(2)
    ballot = await open_ballot(world, anonymous=True)
    with clock.shift(timedelta(minutes=2)):
        device = await Device(ballot).get_token(voter)

        async def send(version: int, **changes: Any) -> dict[str, Any]:
            vote = device.vote("2", version)._asdict() | {"ballot": encode("Ballot", ballot.id)} | changes
            answer = await client.post("/graphql", json={"query": CAST, "variables": {"input": vote}})
            found: dict[str, Any] = answer.json()
            return found

        done = await send(1)
        assert done["data"]["castWithToken"]["receipt"]["version"] == 1, done
        assert (await send(1))["errors"][0]["extensions"]["reason"] == "replayed"
        await signed_in(client, other)
        again = (await send(2))["data"]["castWithToken"]["receipt"]
        assert again["tracker"] == done["data"]["castWithToken"]["receipt"]["tracker"]
        assert (await send(3, choice="1"))["errors"][0]["extensions"]["reason"] == "bad_vote"
    for payload in await world.recorded("ballot.cast"):
        assert payload["actor"] is None
