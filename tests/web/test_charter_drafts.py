"""A draft of a charter is its convener's alone: no page, list, search, feed, file, calendar or ledger entry tells of it.

The parties that it names are not told either: they read it from the day on which its negotiation opens.
"""

import re
from typing import Any

import pytest

from civic.acts import charters
from civic.acts.core import Actor
from civic.ledger import sequencer
from civic.models import LedgerEntry
from civic.schema.core.ids import encode
from tests.support.charters import Three
from tests.support.world import World, member
from tests.web.test_desk_pages import Reader

pytestmark = pytest.mark.anyio
MARK = "绝不外传的草案"
PAGES = ("", "/edit", "/negotiation", "/sign", "/versions", "/matrix", "/text")


async def somebody(app: Any, name: str, actor: Actor | None) -> Reader:
    """At a browser, signed in; a manager of the actor's party."""
    reader = Reader(app, "zh-Hans")
    person = await reader.sign_up(name, f"{name}@example.org")
    if actor is not None and actor.party is not None:
        await member(actor.party, person, "manager")
    return reader


async def test_nobody_but_the_convener_learns_of_a_draft(app: Any, client: Any, world: World) -> None:
    three = await Three.make(world)
    guest = Reader(app, "zh-Hans")
    named, convener = await somebody(app, "firm", three.firm), await somebody(app, "office", three.office)
    draft = await three.draft(title=MARK, purpose=MARK)
    await charters.add_clause(three.office, draft, clause=three.duty(three.firm, three.residents, MARK))
    ended = await three.draft(title=MARK, purpose=MARK)
    await charters.end(three.office, ended, reason="不谈了")
    await sequencer.seal()
    # The record says that there is a draft and who convened it, and nothing of what it says.
    entries = await LedgerEntry.filter(kind="charter")
    assert entries and not any(MARK in entry.payload for entry in entries)
    assert three.firm.party is not None
    lists = [
        "/", "/charters", "/charters?state=draft", "/charters?state=ended", f"/charters?q={MARK}", "/obligations?view=ALL",
        f"/search?q={MARK}", f"/parties/{three.firm.party.id}", f"/areas/{world.district.code}", "/scenarios",
        "/ledger", f"/ledger?kind=charter&subject={draft.id}", "/feeds/proposals.atom", "/feeds/answers.atom",
        "/open-days.ics", f"/ledger/charters/{draft.id}-0.json",
        f"/ledger/charters/{draft.id}-1.json",
    ]  # fmt: skip
    signed_in = ["/desk", "/desk/obligations", "/notifications", "/charters/new"]
    for reader, more in ((guest, []), (named, signed_in)):
        for path in [*lists, *more]:
            answer = await reader.http.get(path, follow_redirects=True)
            typed = rf'value="[^"]*"|"q": "[^"]*"|<title>(搜索：|Search: ){MARK} '  # what one typed oneself
            shown = re.sub(typed, "", answer.text)
            assert answer.status_code in (200, 404) and MARK not in shown.replace(f"“{MARK}”", ""), path
        for key in (draft.id, ended.id):
            for page in PAGES:
                answer = await reader.http.get(f"/charters/{key}{page}")
                asked_in = reader is guest and answer.is_redirect and "/sign-in" in answer.headers["location"]
                assert asked_in or answer.status_code == 404, (page, answer.status_code)
                assert MARK not in answer.text, page
    # Whoever writes a form by hand learns no more.
    html = await named.open("/charters/new")
    assert MARK not in html
    ids = encode("Charter", draft.id)
    ask = "query Q($id: ID!) { charter(id: $id) { title } node(id: $id) { id } charters(first: 50) { nodes { title } } }"
    for token in (None, await world.token(three.firm.person), await world.token(world.steward)):  # type: ignore[arg-type]
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = await client.post("/graphql", json={"query": ask, "variables": {"id": ids}}, headers=headers)
        assert answer.json()["data"] == {"charter": None, "node": None, "charters": {"nodes": []}}
    # The convener's people see it, on the page and in their list.
    assert MARK in await convener.open("/charters") and MARK in await convener.open(f"/charters/{draft.id}")
    # From the opening on everybody does.
    await charters.open_(three.office, draft)
    for reader in (guest, named):
        assert MARK in await reader.open(f"/charters/{draft.id}/matrix")
