"""The front page: what one can do now first, two presses from there to a vote, and something to say when empty."""

import re
from datetime import timedelta
from typing import Any

import pytest

from civic import clock
from civic.acts import ballots
from tests.support.world import World

pytestmark = pytest.mark.anyio
ENGLISH = {"Accept-Language": "en"}


async def opened(world: World, title: str, hours: int) -> int:
    draft = await ballots.create(
        world.as_official, title=title, question="？", area=world.street.code,
        opens_at=clock.now() + timedelta(hours=1), closes_at=clock.now() + timedelta(hours=hours),
    )  # fmt: skip
    ballot = await ballots.announce(world.as_official, draft)
    from civic import jobs

    with clock.shift(timedelta(hours=2)):
        await jobs.run_once()
    return int(ballot.id)


async def test_an_empty_platform_says_how_to_begin(client: Any) -> None:
    page = (await client.get("/", headers=ENGLISH)).text
    assert "Nothing has begun here yet" in page and 'href="/proposals/new"' in page
    assert "Promised, and when it falls due" not in page


async def test_the_vote_that_closes_first_leads(client: Any, world: World) -> None:
    await world.residents(2)
    later, sooner = await opened(world, "后结束的", 90), await opened(world, "先结束的", 30)
    page = (await client.get("/", headers=ENGLISH)).text
    lead = re.search(r'<article class="story">(.*?)</article>', page, re.S)
    assert lead and f'href="/ballots/{sooner}"' in lead[1] and "先结束的" in lead[1]
    assert page.count("button-primary") == 1
    assert f'href="/ballots/{later}"' in page.split("</article>")[1]
    order = [page.index(words) for words in ("What you can do now", "Promised", ">Answered<", "What is next")]
    assert order == sorted(order)


async def test_the_two_presses(client: Any, world: World) -> None:
    await world.resident()
    ballot = await opened(world, "要不要长椅", 30)
    first = await client.get("/", headers=ENGLISH)
    target = re.search(r'class="button button-primary" href="([^"]+)"', first.text)
    assert target and target[1] == f"/ballots/{ballot}"
    assert (await client.get(target[1])).status_code == 200


async def test_how_long_is_left_is_made_anew_each_day(client: Any, world: World) -> None:
    await world.resident()
    await opened(world, "要不要长椅", 24 * 6)
    assert "6 days left" in (await client.get("/", headers=ENGLISH)).text
    with clock.shift(timedelta(days=1)):
        assert "5 days left" in (await client.get("/", headers=ENGLISH)).text
