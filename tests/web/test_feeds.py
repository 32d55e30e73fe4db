"""Feeds, read back by a feed reader that is not ours."""

from typing import Any

import feedparser
import pytest

from civic.acts import proposals, responses
from civic.acts.core import Actor
from civic.models import Deadline
from civic.settings import settings
from tests.acts.test_proposals import published
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_proposals_and_answers_as_atom(app: Any, client: Any, world: World) -> None:
    author = await world.resident("示例<居民>")
    draft = await proposals.create(Actor(author), title="草稿", body="看不到", area=world.community.code)
    shown = await published(world, author, "增设 <b>长椅</b> & 花坛")
    hidden = await published(world, author, "坏的")
    await proposals.hide(world.as_steward, hidden, reason="广告")
    answer = await client.get("/feeds/proposals.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = feedparser.parse(answer.content)
    assert not feed.bozo, feed.get("bozo_exception")
    (entry,) = feed.entries
    assert entry.title == "增设 <b>长椅</b> & 花坛" or "长椅" in entry.title
    assert entry.link == f"{settings().origin}/proposals/{shown.id}"
    assert entry.author == "示例<居民>" and entry.id.startswith("tag:")
    assert "老人需要歇脚" in entry.content[0].value and str(draft.id) != entry.id
    again = await client.get("/feeds/proposals.atom", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    elsewhere = feedparser.parse(
        (await client.get(f"/feeds/proposals.atom?area={world.elsewhere.code}")).content
    )
    assert not elsewhere.bozo and elsewhere.entries == []

    await proposals.sponsor(await world.delegate(), shown)
    deadline = await Deadline.get(subject_id=shown.id)
    await responses.publish(
        world.as_official, deadline, verdict="accepted", reasons="**同意**<script>alert(1)</script>"
    )
    english = await client.get("/feeds/answers.atom", headers={"Accept-Language": "en"})
    feed = feedparser.parse(english.content)
    assert not feed.bozo and feed.feed.title.endswith("official answers")
    (entry,) = feed.entries
    assert entry.title.startswith("Accepted: ") and entry.link.endswith(f"/responses/{deadline.id}")
    assert "<strong>同意</strong>" in entry.content[0].value and "<script>" not in english.text
    assert (await client.get("/feeds/answers.atom?department=nothing")).status_code == 404


async def test_an_empty_feed_is_a_feed(app: Any, client: Any, world: World) -> None:
    feed = feedparser.parse((await client.get("/feeds/answers.atom")).content)
    assert not feed.bozo and feed.entries == [] and feed.feed.updated
