"""What a ballot's pages say before, while and after one votes: pictures of the methods, exact shares, where it stands."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from civic import clock, db, jobs
from civic.acts import ballots, paper_ballots
from civic.acts.ballots import NewOption
from civic.acts.core import Actor
from civic.models import Ballot
from tests.support.kinds import TERMS
from tests.support.world import World
from tests.web.test_ballot_pages import fields, open_ballot, signed_in

pytestmark = pytest.mark.anyio
ENGLISH = {"Accept-Language": "en"}


async def test_each_method_is_pictured_before_one_votes(client: Any, world: World) -> None:
    await signed_in(client, await world.resident())
    keys = [
        (await open_ballot(world, **{"options": None, **terms, "method": method})).id
        for method, terms in TERMS.items()
    ]
    for path in (f"/ballots/{key}{page}" for key in keys for page in ("", "/vote")):
        page = (await client.get(path, headers=ENGLISH)).text
        found = re.search(r'<figure class="chart method".*?</figure>', page, re.S)
        assert found and "<svg" in found[0] and found[0].count("<li>") >= 2, path


async def test_two_thirds_stay_two_thirds(client: Any, world: World) -> None:
    await signed_in(client, world.official)
    form = {
        **fields((await client.get("/ballots/new")).text), "title": "夜间公交", "question": "延长吗？",
        "opensAt": (clock.now() + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M"),
        "closesAt": (clock.now() + timedelta(hours=99)).strftime("%Y-%m-%dT%H:%M"),
        "area": world.district.code, "method": "yes_no", "passing": "majority", "quorum": "2/3", "secret": "true",
    }  # fmt: skip
    made = await client.post("/ballots/new", data=form)
    assert made.status_code == 303, made.text
    ballot = await Ballot.get()
    edit = (await client.get(f"/ballots/{ballot.id}/edit")).text
    kept = re.search(r'name="quorum"[^>]* value="([^"]*)"', edit)
    assert kept and kept[1] == "2/3"
    changed = await client.post(
        f"/ballots/{ballot.id}/edit", data={**form, **fields(edit), "quorum": kept[1]}
    )
    assert changed.status_code == 303
    ballot = await Ballot.get()
    assert (ballot.quorum_numerator, ballot.quorum_denominator) == (2, 3)
    edit = (await client.get(f"/ballots/{ballot.id}/edit")).text
    refused = await client.post(f"/ballots/{ballot.id}/edit", data={**form, **fields(edit), "quorum": "most"})
    assert refused.status_code == 422 and 'href="#f-quorum"' in refused.text


async def test_two_of_three_reach_two_thirds_and_the_page_says_so(client: Any, world: World) -> None:
    voters = await world.residents(3)
    ballot = await open_ballot(world, method="yes_no", passing="two_thirds", quorum=(2, 3), options=None)
    page = f"/ballots/{ballot.id}"
    with clock.shift(timedelta(minutes=2)):
        await ballots.cast(Actor(voters[0]), ballot.id, chosen=["yes"])
        before = (await client.get(page, headers=ENGLISH)).text
        assert "The quorum is two thirds, which is 2: 1 more vote is needed." in before
        await ballots.cast(Actor(voters[1]), ballot.id, chosen=["yes"])
    after = (await client.get(page, headers=ENGLISH)).text
    assert "The quorum of two thirds is reached: 2 votes were needed." in after
    assert "66.7%<small>2 of 3 voters" in after and ">67%" not in after


async def test_a_vote_whose_sheets_are_being_entered_is_not_called_open(client: Any, world: World) -> None:
    voter = await world.resident()
    draft = await ballots.create(
        world.as_official, title="种什么树", question="请选一种。", area=world.district.code,
        opens_at=clock.now() + timedelta(seconds=1), closes_at=clock.now() + timedelta(hours=9),
    )  # fmt: skip
    ballot = await ballots.announce(world.as_official, draft)
    await paper_ballots.offer(world.as_official, ballot)
    with clock.shift(timedelta(minutes=1)):
        await jobs.run_once()
        assert "种什么树" in (await client.get("/ballots?state=open", headers=ENGLISH)).text
        await paper_ballots.hand_out(world.as_official, ballot.id, voter=voter)
    with clock.shift(timedelta(hours=10)):
        await jobs.run_once()
        page = (await client.get(f"/ballots/{ballot.id}?now", headers=ENGLISH)).text
        now = re.search(r'<li class="step step-now".*?</li>', page, re.S)
        assert now and "Sheets being entered" in now[0] and "Open for voting" in page[: now.start()]
        listed = (await client.get("/ballots?now", headers=ENGLISH)).text
        assert "Sheets being entered" in listed and "Open for voting" not in listed
        assert "种什么树" not in (await client.get("/ballots?state=open&now", headers=ENGLISH)).text
        # Kept pages are told once for each end, not for each number: a database that is used again has the same numbers.
        for end in (clock.now() - timedelta(minutes=2), clock.now() - timedelta(minutes=1)):
            await db.write(lambda end=end: Ballot.filter(id=ballot.id).update(closes_at=end))
            before = db.versions["ballot"]
            await jobs.run_to_the_second()
            told = db.versions["ballot"]
            await jobs.run_to_the_second()
            assert before < told == db.versions["ballot"]


async def test_a_budget_says_who_paid_for_what(client: Any, world: World) -> None:
    voters = await world.residents(5)
    options = [NewOption("长椅", cost=60_00), NewOption("路灯", cost=40_00), NewOption("树池", cost=50_00)]
    ballot = await open_ballot(
        world, method="budget_shares", passing="plurality", budget=100_00, options=options
    )
    with clock.shift(timedelta(minutes=2)):
        for voter, chosen in zip(voters, [["1"], ["1"], ["1", "3"], ["2"], ["2"]], strict=True):
            await ballots.cast(Actor(voter), ballot.id, chosen=chosen)
    with clock.shift(timedelta(hours=30)):
        await jobs.run_once()
    page = (await client.get(f"/ballots/{ballot.id}", headers=ENGLISH)).text
    # ¥100 for five voters is ¥20 each: three pay for the bench, two for the lamp; nothing is left for the third.
    assert "3 supporters pay ¥20 each." in page and "2 supporters pay ¥20 each." in page
    assert "¥100<small>of ¥100 is spent" in page and "not funded" in page


async def counted(client: Any, world: World, votes: list[list[str]], **terms: Any) -> str:
    """The text of the English page of a ballot that was voted on so, closed and counted."""
    voters = await world.residents(len(votes))
    ballot = await open_ballot(world, passing="plurality", **terms)
    with clock.shift(timedelta(minutes=2)):
        for voter, chosen in zip(voters, votes, strict=True):
            await ballots.cast(Actor(voter), ballot.id, chosen=chosen)
    with clock.shift(timedelta(hours=30)):
        await jobs.run_once()
    page = (await client.get(f"/ballots/{ballot.id}", headers=ENGLISH)).text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


async def test_a_circle_of_preferences_is_told_by_its_chains(client: Any, world: World) -> None:
    options = [NewOption("Elm"), NewOption("Oak"), NewOption("Fir")]
    votes = [["1", "2", "3"]] * 4 + [["2", "3", "1"]] * 3 + [["3", "1", "2"]] * 2
    page = await counted(client, world, votes, method="schulze", options=options)
    # Elm before Oak 6 : 3, Oak before Fir 7 : 2, Fir before Elm 5 : 4.
    assert "against Oak 6 : 3" in page and "against Fir 4 : 5" in page
    assert "No option wins every pair" in page
    assert (
        "“Elm” does not win its pair with “Fir”. But a chain leads there: “Elm” before “Oak” (6), “Oak” before “Fir” "
        "(7). Its strength is 6. The strongest chain back has a strength of 5. So “Elm” is ahead."
    ) in page


async def test_who_wins_every_pair_needs_no_chains(client: Any, world: World) -> None:
    options = [NewOption("Elm"), NewOption("Oak"), NewOption("Fir")]
    page = await counted(client, world, [["2", "1"]] * 3 + [["1"]], method="schulze", options=options)
    assert "More people place “Oak” higher in every pair, so it wins." in page
    assert "against Elm 3 : 1" in page and "chain leads" not in page


async def test_a_surplus_is_told_round_by_round(client: Any, world: World) -> None:
    options = [NewOption("Elm"), NewOption("Oak & <Ash>"), NewOption("Fir")]
    votes = [["1", "2"]] * 7 + [["3"]] * 2
    page = await counted(client, world, votes, method="stv", seats=2, options=options)
    # Nine papers, two seats: four are needed. Elm has 7, and 3 pass on to Oak.
    assert (
        "Round 1 Elected: “Elm”. “Elm” has more votes than needed, and what is too much passes on. Passed on: "
        "2.99999 to “Oak & <Ash>”, 0.00001 to nobody."
    ) in page, page
    assert "1 · 7" in page and "1 · 4" in page and "2 · 3" in page, "votes stand beside the bars"


async def test_a_budget_by_votes_says_why_a_project_gets_nothing(client: Any, world: World) -> None:
    costs = {"Bench": 60_00, "Lamp": 50_00, "Tree": 40_00, "Kiosk": 1_00}
    options = [NewOption(name, cost=cost) for name, cost in costs.items()]
    votes = [["1"], ["1"], ["1", "2"], ["2"], ["3"]]
    page = await counted(client, world, votes, method="budget_greedy", budget=100_00, options=options)
    assert "1. Bench ¥60 3 votes; then ¥40 is left." in page
    assert "Not funded: “Lamp” (costs ¥50, and only ¥0 is left); “Kiosk” (nobody wanted it)." in page
