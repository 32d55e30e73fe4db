"""Voting through the pages, without a script: choose, read over, cast, keep the receipt, check it."""

import re
from base64 import urlsafe_b64encode
from datetime import timedelta
from html import unescape
from typing import Any

import orjson
import pytest

from civic import clock, db, jobs
from civic.acts import ballots, proposals
from civic.acts.ballots import NewOption
from civic.acts.core import Actor
from civic.ledger import sequencer
from civic.models import Ballot, BoxEntry, Person, Session
from civic.schema.core.ids import encode
from civic.web.sessions import cookie_name, digest
from tests.support.world import World, member

pytestmark = pytest.mark.anyio


async def signed_in(client: Any, person: Person) -> None:
    token = urlsafe_b64encode(str(person.id).encode()).decode()
    now = clock.now()

    async def write() -> None:
        if not await Session.filter(hash=digest(token)).exists():
            await Session.create(
                hash=digest(token),
                person=person,
                started_at=now,
                seen_at=now,
                ends_at=now + timedelta(days=9),
            )

    await db.write(write)
    client.cookies.set(cookie_name(), token)


async def open_ballot(world: World, **changes: Any) -> Ballot:
    terms: dict[str, Any] = {
        "title": "种什么树",
        "question": "请选一种。",
        "area": world.district.code,
        "opens_at": clock.now() + timedelta(seconds=1),
        "closes_at": clock.now() + timedelta(hours=9),
        "method": "single",
        "passing": "plurality",
        "options": [NewOption("梧桐", "本地树种"), NewOption("香樟 <b>")],
        **changes,
    }
    ballot = await ballots.announce(world.as_official, await ballots.create(world.as_official, **terms))
    with clock.shift(timedelta(minutes=1)):
        await jobs.run_once()
    return ballot


def fields(html: str) -> dict[str, Any]:
    """The hidden fields of the first form with a secret."""
    start = html.rindex("<form", 0, html.index('name="_csrf"'))
    form = html[start : html.index("</form>", start)]
    return {
        name: unescape(value)
        for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    }


def receipt_of(html: str) -> str:
    found = re.search(r'id="receipt-text">([^<]+)<', html)
    assert found, html
    return unescape(found[1])


async def cast(client: Any, address: str, choice: str) -> Any:
    form = fields((await client.get(address)).text)
    review = await client.post(address, data={**form, "choices": choice})
    assert review.status_code == 200, review.text
    return await client.post(address, data={**fields(review.text), "_op": "Cast", "choices": choice})


async def test_a_vote_through_the_pages(client: Any, world: World) -> None:
    voter = await world.resident()
    ballot = await open_ballot(world)
    address = f"/ballots/{ballot.id}/vote"
    front = (await client.get("/")).text
    assert f'href="/ballots/{ballot.id}"' in front, "the front page leads to it"
    assert 'href="/sign-in?next=/ballots' in (await client.get(f"/ballots/{ballot.id}")).text
    await signed_in(client, voter)
    assert f'href="{address}"' in (await client.get(f"/ballots/{ballot.id}")).text
    empty = await client.post(address, data=fields((await client.get(address)).text))
    assert empty.status_code == 422 and "error-summary" in empty.text
    form = fields((await client.get(address)).text)
    review = await client.post(address, data={**form, "choices": "2"})
    assert "香樟 &lt;b&gt;" in review.text and await BoxEntry.all().count() == 0
    change = await client.post(
        address, data={**fields(review.text), "_op": "Review", "choices": "2", "_again": "1"}
    )
    assert re.search(r'value="2" checked', change.text)
    sent = {**fields(review.text), "_op": "Cast", "choices": "2"}
    done = await client.post(address, data=sent)
    receipt = orjson.loads(receipt_of(done.text))
    assert done.status_code == 200 and done.headers["cache-control"] == "private, no-store"
    assert "<svg" in done.text and receipt["version"] == 1
    replayed = await client.post(address, data=sent)
    assert receipt_of(replayed.text) == receipt_of(done.text), (
        "the same form counts once and shows the same receipt"
    )
    second = orjson.loads(receipt_of((await cast(client, address, "1")).text))
    assert (second["tracker"], second["version"]) == (receipt["tracker"], 2)
    assert await BoxEntry.all().count() == 1


async def test_no_address_holds_anything_of_a_vote(client: Any, world: World) -> None:
    """Addresses end up in histories and in the logs of proxies, beside who asked and when."""
    voter = await world.resident()
    ballot = await open_ballot(world)
    await signed_in(client, voter)
    address = f"/ballots/{ballot.id}/vote"
    done = await cast(client, address, "2")
    assert done.status_code == 200 and "location" not in done.headers
    assert str(done.url).endswith(address) and not done.url.query
    forms = re.findall(r"<form[^>]*>", (await client.get(address)).text)
    assert all('method="post"' in form for form in forms if 'class="form"' in form)


async def test_a_receipt_is_checked_on_its_page(client: Any, world: World) -> None:
    voter = await world.resident()
    ballot = await open_ballot(world)
    await signed_in(client, voter)
    text = receipt_of((await cast(client, f"/ballots/{ballot.id}/vote", "2")).text)
    client.cookies.clear()

    async def check(receipt: str) -> Any:
        form = fields((await client.get("/receipts")).text)
        return await client.post(
            "/receipts", data={**form, "receipt": receipt}, headers={"Accept-Language": "en"}
        )

    assert "Your vote is recorded" in (await check(text)).text
    await sequencer.seal()
    assert "Sealed in the ledger as entry" in (await check(text)).text
    for altered in (
        text.replace('"version":1', '"version":2'),
        text.replace('"ballot":"', '"ballot":"9'),
        text.replace('"tracker":"', '"tracker":"0'),
    ):
        answer = await check(altered)
        assert answer.status_code == 422 and "was altered" in answer.text
    for nonsense in ("", "hello", "[]", '{"ballot":1}', text[:-40], "{" * 1000):
        answer = await check(nonsense)
        assert answer.status_code == 422 and "not a whole receipt" in answer.text
    other = orjson.loads(text)
    other["key"], other["signature"] = "A" * 43 + "=", "A" * 86 + "=="
    assert "another platform" in (await check(orjson.dumps(other).decode())).text
    with clock.shift(timedelta(hours=10)):
        await jobs.run_once()
        assert "Your vote was counted" in (await check(text)).text


async def test_the_host_prepares_and_announces_through_the_pages(client: Any, world: World) -> None:
    await signed_in(client, world.official)
    zone_times = {
        "opensAt": (clock.now() + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M"),
        "closesAt": (clock.now() + timedelta(hours=99)).strftime("%Y-%m-%dT%H:%M"),
    }
    form = {
        **fields((await client.get("/ballots/new")).text),
        **zone_times,
        "title": "夜间公交",
        "question": "延长吗？",
        "area": world.district.code,
        "method": "approval",
        "passing": "plurality",
        "options.0.label": "甲",
        "options.1.label": "乙",
        "options.2.label": "",
        "maxChoices": "1",
        "quorumPercent": "20",
        "secret": "true",
    }
    made = await client.post("/ballots/new", data=form)
    assert made.status_code == 303, made.text
    ballot = await Ballot.get()
    assert made.headers["location"] == f"/ballots/{ballot.id}/manage"
    assert (ballot.method, ballot.max_choices, ballot.quorum_numerator, ballot.secret) == (
        "approval",
        1,
        20,
        True,
    )
    edit = (await client.get(f"/ballots/{ballot.id}/edit")).text
    assert zone_times["opensAt"] not in form["title"] and f'value="{zone_times["opensAt"]}"' in edit
    changed = await client.post(
        f"/ballots/{ballot.id}/edit", data={**form, **fields(edit), "title": "夜间公交二", "secret": "false"}
    )
    assert changed.status_code == 303
    page = (await client.get(f"/ballots/{ballot.id}/manage")).text
    announce = {"_op": "Announce", **{k: v for k, v in fields(page).items() if k in ("_csrf", "_once")}}
    announce |= dict(re.findall(r'name="(ballot|asParty)" value="([^"]+)"', page))
    assert (await client.post(f"/ballots/{ballot.id}/manage", data=announce)).status_code == 303
    await ballot.refresh_from_db()
    assert (ballot.state, ballot.title, ballot.secret) == ("announced", "夜间公交二", False)
    terms = re.search(r"<code>(\{.*?\})</code>", (await client.get(f"/ballots/{ballot.id}/manage")).text)
    assert terms and orjson.loads(unescape(terms[1]))["title"] == "夜间公交二"


async def test_a_draft_is_for_its_host_only(client: Any, world: World) -> None:
    draft = await ballots.create(
        world.as_official, title="草稿", question="？", area=world.district.code,
        opens_at=clock.now() + timedelta(hours=1), closes_at=clock.now() + timedelta(hours=2),
    )  # fmt: skip
    assert (await client.get(f"/ballots/{draft.id}")).status_code == 404
    outsider = await world.resident()
    await member(world.department, outsider, "clerk")
    await signed_in(client, outsider)
    for page in ("", "/manage", "/edit", "/vote", "/certify"):
        assert (await client.get(f"/ballots/{draft.id}{page}")).status_code == 404
    assert "草稿" not in (await client.get("/ballots")).text
    await signed_in(client, world.official)
    assert (await client.get(f"/ballots/{draft.id}")).status_code == 200


async def test_a_scrutineer_sees_the_recount_and_signs(client: Any, world: World) -> None:
    voter = await world.resident()
    ballot = await open_ballot(world)
    signer = await world.delegate("residents")
    await ballots.name_scrutineer(world.as_official, ballot, person=signer.person, party=signer.party)
    with clock.shift(timedelta(minutes=1)):
        await ballots.cast(Actor(voter), ballot.id, chosen=["1"])
    with clock.shift(timedelta(hours=10)):
        await jobs.run_once()
    assert signer.person is not None
    await signed_in(client, signer.person)
    address = f"/ballots/{ballot.id}/certify"
    page = (await client.get(address)).text
    assert "结果一致" in page
    signed = await client.post(address, data={**fields(page)})
    assert signed.status_code == 303 and signed.headers["location"] == f"/ballots/{ballot.id}"
    assert "只有已指定且尚未签署的监票人" in (await client.get(address)).text


async def test_an_open_vote_shows_who_voted_how_only_after_closing(client: Any, world: World) -> None:
    voters = await world.residents(3)
    ballot = await open_ballot(world, secret=False)
    address = f"/ballots/{ballot.id}"
    await signed_in(client, voters[0])
    assert "记名投票" in (await client.get(f"{address}/vote")).text, "it is said before one votes"
    for voter in voters:
        await ballots.cast(Actor(voter), ballot.id, chosen=["1"])
    assert "居民2" not in (await client.get(address)).text
    with clock.shift(timedelta(hours=10)):
        await jobs.run_once()
    page = (await client.get(address)).text
    assert all(voter.name in page for voter in voters)
    client.cookies.clear()
    second = (await client.get(f"{address}?voters=2")).text
    assert "居民2" in second and "居民1" not in second


async def test_a_ballot_hangs_on_a_proposal_and_its_result_awaits_an_answer(
    client: Any, world: World
) -> None:
    author = await world.resident()
    draft = await proposals.create(
        Actor(author), title="口袋公园长椅", body="加。", area=world.community.code
    )
    await proposals.publish(Actor(author), draft)
    await signed_in(client, world.official)
    page = (await client.get(f"/ballots/new?proposal={encode('Proposal', draft.id)}")).text
    assert "口袋公园长椅" in page
    ballot = await open_ballot(world, proposal=draft.id)
    assert f'href="/ballots/{ballot.id}"' in (await client.get(f"/proposals/{draft.id}")).text
    assert f'href="/proposals/{draft.id}"' in (await client.get(f"/ballots/{ballot.id}")).text
    signers = [await world.delegate(kind) for kind in ("enterprise", "residents")]
    for signer in signers:
        assert signer.party is not None
        address = f"/ballots/{ballot.id}/manage"
        page = (await client.get(f"{address}?party={encode('Party', signer.party.id)}")).text
        chosen = re.search(r'name="membership" value="([^"]+)"', page)
        form = re.search(r'name="_op" value="Name">(.*?)</form>', page, re.S)
        assert chosen and form
        sent = {**dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form[1])), "_op": "Name"}
        named = await client.post(address, data={**sent, "membership": chosen[1]})
        assert named.status_code == 303, named.text
    with clock.shift(timedelta(hours=10)):
        await jobs.run_once()
        for signer in signers:
            await ballots.certify(signer, ballot)
        answered = (await client.get(f"/ballots/{ballot.id}")).text
    assert 'href="/responses/' in answered and "核定" in answered


async def test_a_ranking_by_tapping_needs_no_script(client: Any, world: World) -> None:
    voter = await world.resident()
    ballot = await open_ballot(
        world,
        method="runoff",
        options=[NewOption("梧桐"), NewOption("香樟"), NewOption("银杏")],
        shuffled=True,
    )
    await signed_in(client, voter)
    address = f"/ballots/{ballot.id}/vote"

    def forms(html: str) -> list[tuple[list[tuple[str, str]], str]]:
        found = re.findall(r'<form method="post"[^>]*>(.*?)</form>', html, re.S)
        return [(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form), form) for form in found]

    def with_choices(pairs: list[tuple[str, str]], *more: tuple[str, str]) -> dict[str, Any]:
        every = [*pairs, *more]
        return {name: [v for n, v in every if n == name] for name, _ in every}

    page = (await client.get(address)).text
    for key in ("3", "1"):
        pairs = next(
            pairs
            for pairs, form in forms(page)
            if f'name="choices" value="{key}"' in form and "choice-tap" in form
        )
        page = (await client.post(address, data=with_choices(pairs, ("choices", key)))).text
    ranked = re.findall(r"<li><b>\d</b> <span>([^<]+)</span>", page)
    assert ranked == ["银杏", "梧桐"] and await BoxEntry.all().count() == 0
    pairs = next(pairs for pairs, form in forms(page) if "↑" in form)
    page = (await client.post(address, data=with_choices(pairs, ("_again", "1")))).text
    assert re.findall(r"<li><b>\d</b> <span>([^<]+)</span>", page) == ["梧桐", "银杏"]
    pairs = next(pairs for pairs, form in forms(page) if "button-primary" in form)
    review = await client.post(address, data=with_choices(pairs))
    pairs = next(pairs for pairs, form in forms(review.text) if 'value="Cast"' in form)
    done = await client.post(address, data=with_choices(pairs, ("_op", "Cast")))
    assert receipt_of(done.text)
    with clock.shift(timedelta(hours=10)):
        await jobs.run_once()
    await ballot.refresh_from_db()
    assert ballot.result["winners"] == ["1"]
    assert "第 1 轮" in (await client.get(f"/ballots/{ballot.id}")).text
