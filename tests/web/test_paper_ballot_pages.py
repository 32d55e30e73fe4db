"""Paper through the pages, without a script: look up, hand out, make a batch, enter it twice, settle, close."""

import re
from datetime import timedelta
from typing import Any

import pytest

from civic import clock, db, jobs
from civic.acts import ballots, paper_ballots
from civic.acts.residencies import pepper
from civic.models import Ballot, PaperBatch, Person
from civic.rules.person_key import person_key
from tests.acts.test_paper_ballots import clerks, with_paper
from tests.support.world import World
from tests.web.test_ballot_pages import fields, signed_in

pytestmark = pytest.mark.anyio
DOCUMENT = "11010519491231002X"


def form(html: str, op: str) -> dict[str, Any]:
    """The hidden fields of the form that runs this operation."""
    for part in re.findall(r"<form.*?</form>", html, re.S):
        if f'name="_op" value="{op}"' in part:
            return fields(part)
    raise AssertionError(f"no form {op} in {html}")


async def test_a_polling_place_by_its_pages(connected: str, world: World, client: Any) -> None:
    """From the announcement to the count, by a host, two clerks and a voter."""
    voter = await world.resident("投票人")

    async def verify() -> None:
        await Person.filter(id=voter.id).update(person_key=person_key(pepper(), DOCUMENT))

    await db.write(verify)
    one, two = await clerks(world)
    ballot = await ballots.announce(
        world.as_official,
        await ballots.create(
            world.as_official, title="种什么树", question="请选一种。", area=world.district.code,
            opens_at=clock.now() + timedelta(hours=1), closes_at=clock.now() + timedelta(hours=25),
        ),
    )  # fmt: skip
    here = f"/ballots/{ballot.id}/paper"
    await signed_in(client, world.official)
    page = (await client.get(here)).text
    assert (await client.post(here, data=form(page, "Offer"))).status_code == 303
    sheets = (await client.get(here + "/sheet?copies=3")).text
    copies = re.findall(r'<section class="ballot-sheet".*?</section>', sheets, re.S)
    assert len(copies) == 3 and len(set(copies)) == 1, "all sheets are alike"
    assert world.official.name not in copies[0]
    with clock.shift(timedelta(hours=2)):
        await jobs.run_once()
        await signed_in(client, one.person)
        page = (await client.get(here)).text
        wrong = await client.post(here, data={**form(page, "Find"), "voter": "11010519491231003X"})
        assert wrong.status_code == 422
        shown = await client.post(here, data={**form(page, "Find"), "voter": DOCUMENT})
        assert shown.status_code == 200 and "投票人" in shown.text and DOCUMENT not in shown.text
        assert (await client.post(here, data=form(shown.text, "HandOut"))).status_code == 303
        again = await client.post(here, data={**form(page, "Find"), "voter": DOCUMENT})
        assert form(again.text, "Replace") and form(again.text, "TakeBack")
        await signed_in(client, voter)
        assert "您已领取纸质选票" in (await client.get(f"/ballots/{ballot.id}")).text
    with clock.shift(timedelta(hours=30)):
        await jobs.run_once()
        assert "录入全部纸质选票后开始计票" in (await client.get(f"/ballots/{ballot.id}")).text
        await signed_in(client, one.person)
        page = (await client.get(here)).text
        done = await client.post(here, data={**form(page, "OpenBatch"), "sheets": "1"})
        assert done.headers["location"].startswith(here + "/1")
        batch = here + "/1"
        enter = form((await client.get(batch)).text, "Enter")
        empty = await client.post(batch, data={**enter, "sheets.0.text": ""})
        assert empty.status_code == 422 and "空白票请输入 0" in empty.text
        odd = await client.post(batch, data={**enter, "sheets.0.text": "七"})
        assert odd.status_code == 422 and 'href="#f-sheets.0.text"' in odd.text and 'value="七"' in odd.text
        assert (await client.post(batch, data={**enter, "sheets.0.text": "1"})).status_code == 303
        assert 'name="_op" value="Enter"' not in (await client.get(batch)).text, "another clerk's turn"
        await signed_in(client, two.person)
        page = (await client.get(batch)).text
        assert (
            await client.post(batch, data={**form(page, "Enter"), "sheets.0.text": "2"})
        ).status_code == 303
        page = (await client.get(batch)).text
        assert "录入员0" in page and "录入员1" in page, "differences side by side"
        assert (
            await client.post(batch, data={**form(page, "Enter"), "sheets.0.text": "1"})
        ).status_code == 303
        assert (await PaperBatch.get(ballot_id=ballot.id)).state == "settled"
        await signed_in(client, world.official)
        page = (await client.get(here)).text
        assert (await client.post(here, data=form(page, "Complete"))).status_code == 303
        await jobs.run_once()
        assert (await Ballot.get(id=ballot.id)).state == "tallied"
        page = (await client.get(here)).text
        assert "不分开公布" in page


async def test_guests_see_numbers_and_nothing_of_sheets(connected: str, world: World, client: Any) -> None:
    voters = await world.residents(1)
    ballot = await with_paper(world)
    one, two = await clerks(world)
    with clock.shift(timedelta(hours=2)):
        await jobs.run_once()
        await paper_ballots.hand_out(one, ballot.id, voter=voters[0])
    with clock.shift(timedelta(hours=30)):
        batch = await paper_ballots.open_batch(one, ballot.id, sheets=1)
        await paper_ballots.enter(one, batch, typed={1: "1"})
        await paper_ballots.enter(two, batch, typed={1: "2"})
        page = (await client.get(f"/ballots/{ballot.id}/paper/1")).text
        assert "录入员0" not in page and "<form" in page and 'value="Enter"' not in page
        query = (
            "query($b: ID!) { paperBatch(ballot: $b, number: 1) { state disputed { readings } clerks { name } "
            "toEnter toSettle } paperPolling(ballot: $b) { handedOut clerk channels { papers } } }"
        )
        from civic.schema.core.ids import encode

        answer = await client.post(
            "/graphql", json={"query": query, "variables": {"b": encode("Ballot", ballot.id)}}
        )
        data = answer.json()["data"]
        assert data["paperBatch"] == {
            "state": "differing", "disputed": [], "clerks": [], "toEnter": [], "toSettle": [],
        }  # fmt: skip
        assert data["paperPolling"] == {"handedOut": 1, "clerk": False, "channels": None}
        find = "query($i: FindPaperVoterInput!) { findPaperVoter(input: $i) { name votes } }"
        given = {
            "ballot": encode("Ballot", ballot.id),
            "asParty": encode("Party", world.department.id),
            "voter": DOCUMENT,
        }
        refused = await client.post("/graphql", json={"query": find, "variables": {"i": given}})
        assert refused.json()["errors"][0]["extensions"]["code"] in ("NOT_SIGNED_IN", "NOT_ALLOWED")
