"""A vote of owners through the pages: the roll uploaded, objected to and corrected; votes weighed; the result shown."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from civic import clock, db, jobs
from civic.acts import ballots
from civic.acts.core import Actor
from civic.models import Ballot, Roll, RollChallenge, RollLine, RollUpload
from civic.schema.core.ids import encode
from tests.acts.test_ballots import terms
from tests.support.rolls import document, give_document, table
from tests.support.world import World
from tests.web.test_ballot_pages import fields, signed_in

pytestmark = pytest.mark.anyio


async def send(client: Any, path: str, op: str, file: bytes | None = None, **data: str) -> Any:
    secrets = {k: v for k, v in fields((await client.get(path)).text).items() if k.startswith("_")}
    files = {"file": ("roll.csv", file, "text/csv")} if file is not None else None
    return await client.post(path, data={**secrets, **data, "_op": op}, files=files)


async def test_owners_vote_through_the_pages(client: Any, world: World) -> None:
    client.cookies.set("civic_lang", "en")
    owners = [await give_document(await world.guest(f"业主{n}"), n) for n in range(4)]
    draft = await ballots.create(
        world.as_official, **terms(world, electorate="roll", passing="dual_majority", secret=False)
    )
    page, ids = f"/ballots/{draft.id}/roll", {"ballot": encode("Ballot", draft.id)}
    hosting = {**ids, "asParty": encode("Party", world.department.id)}
    await signed_in(client, world.official)
    manage = await client.get(f"/ballots/{draft.id}/manage")
    assert f'href="{page}"' in manage.text and "Announce the vote" not in manage.text
    wrong = await send(client, page, "Check", table([[document(1), "60"], ["=1+1", "60"]]), **hosting)
    assert wrong.status_code == 200 and "Line 3" in wrong.text and "formula" in wrong.text
    refused = await send(client, page, "Upload", table([[document(1), "60"], ["=1+1", "60"]]), **hosting)
    assert refused.status_code == 422 and "1 of 2 lines are wrong" in refused.text
    other = await send(client, page, "Check", table([["王", "60"]], "姓名,权重"), **hosting)
    assert other.status_code == 422 and "姓名" in other.text
    good = table([[document(n), w] for n, w in enumerate(["300", "60.5", "60.5"])])
    checked = await send(client, page, "Check", good, **hosting)
    assert "The file can be taken over" in checked.text and "421" in checked.text
    assert await RollLine.all().count() == 0
    assert (await send(client, page, "Upload", good, **hosting)).status_code == 303
    assert await RollLine.all().count() == 3
    assert "3 people" in (await client.get(f"/ballots/{draft.id}/manage")).text
    announced = await send(client, f"/ballots/{draft.id}/manage", "Announce", **hosting)
    assert announced.status_code == 303

    await signed_in(client, owners[3])
    assert "You are not on the roll" in (await client.get(f"/ballots/{draft.id}")).text
    said = await send(client, page, "Challenge", **ids, about="missing", text="我家在 3 号楼 <b>")
    assert said.status_code == 303
    mine = (await client.get(page)).text
    assert "3 号楼" in mine and "&lt;b&gt;" in mine and "not decided yet" in mine
    await signed_in(client, owners[0])
    other_page = (await client.get(page)).text
    assert "3 号楼" not in other_page and "Your weight is 300; nobody else" in other_page

    await signed_in(client, world.official)
    assert "1 objection to the roll waits" in (await client.get(f"/ballots/{draft.id}/manage")).text
    challenge = {**hosting, "challenge": encode("RollChallenge", (await RollChallenge.get()).id)}
    bad = await send(client, page, "Decide", **challenge, accept="true", answer="补上", weight="x")
    assert bad.status_code == 422 and "89.50" in bad.text
    done = await send(client, page, "Decide", **challenge, accept="true", answer="补上", weight="79")
    assert done.status_code == 303
    fixed = await send(client, page, "Correct", **hosting, documentNumber=document(1), weight="61")
    assert fixed.status_code == 303 and "As announced" in (await client.get(page)).text

    with clock.shift(timedelta(hours=2)):
        await jobs.run_once()
        await signed_in(client, owners[3])
        booth = (await client.get(f"/ballots/{draft.id}/vote")).text
        assert "by heads and by weight" in booth and "Your weight is 79" in booth
        for owner, choice in ((owners[0], "no"), (owners[1], "yes"), (owners[3], "yes")):
            await ballots.cast(Actor(owner), draft.id, chosen=[choice])
    with clock.shift(timedelta(hours=30)):
        await jobs.run_once()
        result = (await client.get(f"/ballots/{draft.id}")).text
    assert "By weight: 140 of 440 for yes." in result and "The quorum by weight is met: 440" in result
    assert (await Ballot.get(id=draft.id)).result["winners"] == []  # type: ignore[index]


async def test_others_neither_check_nor_upload_nor_see_the_draft(client: Any, world: World) -> None:
    draft = await ballots.create(world.as_official, **terms(world, electorate="roll"))
    await signed_in(client, await world.resident())
    assert (await client.get(f"/ballots/{draft.id}/roll")).status_code == 404
    query = "query($b: ID!) { ballotRoll(ballot: $b) { lines } ballotStanding(ballot: $b) { lacks } }"
    answer = await client.post(
        "/graphql", json={"query": query, "variables": {"b": encode("Ballot", draft.id)}}
    )
    assert answer.json()["data"] == {"ballotRoll": None, "ballotStanding": None}


async def test_a_change_through_the_api_that_does_not_name_the_electorate_keeps_the_roll(
    graphql: Any, world: World
) -> None:
    draft = await ballots.create(world.as_official, **terms(world, electorate="roll"))
    file = await ballots.examine(table([[document(1), "60"], [document(2), "60"]]))
    await ballots.upload(world.as_official, draft, file=file)
    edit = "mutation($input: EditBallotInput!) { editBallot(input: $input) { state } }"
    given = {
        "ballot": encode("Ballot", draft.id), "asParty": encode("Party", world.department.id), "title": "另一个题目",
        "question": "？", "area": world.district.code, "opensAt": draft.opens_at.isoformat(),
        "closesAt": draft.closes_at.isoformat(),
    }  # fmt: skip
    token = await world.token(world.official)

    async def changed(**more: Any) -> Ballot:
        answer = await graphql(edit, {"input": {**given, **more}}, token)
        assert answer.get("data"), answer
        return await Ballot.get(id=draft.id)

    kept = await changed()
    assert (kept.title, kept.electorate, kept.weighted) == ("另一个题目", "roll", True)
    assert await RollLine.filter(ballot_id=draft.id).count() == 2
    blocs = await changed(electorate="blocs", blocs=["enterprise"])
    assert (blocs.electorate, blocs.weighted) == ("blocs", False) and not await Roll.all().exists()
    kept = await changed()
    assert (kept.electorate, kept.blocs) == ("blocs", ["enterprise"])
    assert (await changed(blocs=["institution"])).blocs == ["institution"]
    assert (await changed(electorate="residents")).blocs == []


async def test_a_roll_is_read_in_the_background_and_come_back_to(client: Any, world: World) -> None:
    client.cookies.set("civic_lang", "en")
    draft = await ballots.create(world.as_official, **terms(world, electorate="roll"))
    page = f"/ballots/{draft.id}/roll"
    hosting = {"ballot": encode("Ballot", draft.id), "asParty": encode("Party", world.department.id)}
    await signed_in(client, world.official)
    assert "Read it in the background" in (await client.get(page)).text

    async def sent(content: bytes) -> str:
        answer = await send(client, page, "Send", content, **hosting)
        assert answer.status_code == 303 and answer.headers["location"].endswith(page)
        while await RollUpload.filter(state__in=["reading", "writing"]).exists():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        return str((await client.get(page)).text)

    wrong = await sent(table([[document(1), "60"], ["=1+1", "60"]]))
    assert "Line 3" in wrong and "formula" in wrong and "1 line is wrong" in wrong
    failed = await sent("证件号码\n".encode("gb18030"))
    assert "The file was not taken over" in failed and "GB 18030" in failed
    ready = await sent(table([[document(n), "60"] for n in range(3)]))
    assert "3 people are on it" in ready and "Their weights together are 180" in ready
    assert not await Roll.all().exists()
    upload = encode("RollUpload", (await RollUpload.get(state="ready")).id)
    assert f'value="{upload}"' in ready
    # Under way, it shows how far it is; others see nothing of it.
    await db.write(lambda: RollUpload.filter(state="ready").update(state="writing", done=2))
    writing = (await client.get(page)).text
    assert '<progress max="3" value="2"' in writing and 'name="file"' not in writing
    await signed_in(client, await world.resident())
    query = "query($b: ID!) { rollUpload(ballot: $b) { state } }"
    answer = await client.post("/graphql", json={"query": query, "variables": {"b": hosting["ballot"]}})
    assert answer.json()["data"] == {"rollUpload": None}
    await db.write(lambda: RollUpload.filter(state="writing").update(state="ready"))
    await signed_in(client, world.official)
    taken = await send(client, page, "Take", **hosting, upload=upload)
    assert taken.status_code == 303 and (await Roll.get(ballot_id=draft.id)).lines == 3
    assert "The roll is there" in (await client.get(page)).text
