"""The ledger in the API: words, filters, both directions, proofs."""

from typing import Any

import pytest

from civic import clock, db
from civic.acts import proposals
from civic.acts.core import Actor
from civic.db import tables
from civic.ledger import entries, sequencer
from civic.models import LedgerCheckpoint
from civic.rules import merkle
from civic.schema.core.ids import encode
from tests.support.records import append
from tests.support.statements import statements
from tests.support.voting import closed_ballot
from tests.support.world import World

pytestmark = pytest.mark.anyio
LIST = """query($act: String, $kind: String, $subject: String, $party: ID, $day: Date, $first: Int, $after: String,
  $last: Int, $before: String) {
  ledger(act: $act, kind: $kind, subject: $subject, party: $party, day: $day, first: $first, after: $after, last: $last,
  before: $before) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { seq act title time actor party { name kind } kind subject } } }"""


async def sealed() -> None:
    while await sequencer.seal():
        pass


async def test_each_entry_is_in_words_of_both_languages(app: Any, world: World, graphql: Any) -> None:
    ballot = await closed_ballot(world, ["yes"])
    await sealed()

    async def titles(language: str) -> dict[str, str]:
        answer = await graphql(LIST, {"kind": "ballot", "subject": str(ballot.id)}, language=language)
        return {node["act"]: node["title"] for node in answer["data"]["ledger"]["nodes"]}

    assert (await titles("en"))["ballot.announce"] == "Announce a ballot"
    assert (await titles("zh-Hans"))["ballot.announce"] == "公告投票"
    nodes = (await graphql(LIST, {"kind": "ballot", "subject": str(ballot.id)}))["data"]["ledger"]["nodes"]
    assert [n["seq"] for n in nodes] == sorted((n["seq"] for n in nodes), reverse=True)
    by = {node["act"]: node for node in nodes}
    assert by["ballot.create"]["party"] == {"name": world.department.name, "kind": "government"}
    assert by["ballot.create"]["actor"] == world.official.pseudonym
    assert (by["ballot.cast"]["actor"], by["ballot.cast"]["party"], len(by["ballot.cast"]["time"])) == (
        None,
        None,
        10,
    )


async def test_filters(app: Any, world: World, graphql: Any) -> None:
    author = (await world.residents(1))[0]
    draft = await proposals.create(Actor(author), title="甲", body="乙", area=world.community.code)
    await proposals.publish(Actor(author), draft)
    await closed_ballot(world, ["yes", "no"])

    async def old() -> None:
        await entries.append(
            "test.act", at=clock.now().replace(year=2020), actor=None, party=None, kind="t", subject="1", payload={}
        )  # fmt: skip

    await db.write(old)
    await sealed()

    async def found(**filters: Any) -> list[str]:
        answer = await graphql(LIST, {"first": 100, **filters})
        assert "errors" not in answer, answer
        assert answer["data"]["ledger"]["totalCount"] == len(answer["data"]["ledger"]["nodes"])
        return [node["act"] for node in answer["data"]["ledger"]["nodes"]]

    assert await found(kind="proposal", subject=str(draft.id)) == ["proposal.publish", "proposal.create"]
    assert await found(act="ballot.cast") == ["ballot.cast"] * 2
    assert set(await found(party=encode("Party", world.department.id))) == {
        "ballot.create",
        "ballot.announce",
    }
    assert await found(day=clock.now().replace(year=2020).strftime("%Y-%m-%d")) == ["test.act"]
    assert await found(kind="nothing") == []


async def test_pages_lead_both_ways(app: Any, graphql: Any) -> None:
    await append(7)
    await sealed()

    async def page(**given: Any) -> tuple[list[int], dict[str, Any]]:
        answer = (await graphql(LIST, given))["data"]["ledger"]
        return [node["seq"] for node in answer["nodes"]], answer["pageInfo"]

    first, info = await page(first=3)
    second, info2 = await page(first=3, after=info["endCursor"])
    assert (first, second) == ([6, 5, 4], [3, 2, 1]) and info2["hasPreviousPage"] and info2["hasNextPage"]
    back, _ = await page(last=3, before=info2["startCursor"])
    assert back == first


async def test_proofs_of_growth(app: Any, graphql: Any) -> None:
    await append(5)
    await sealed()
    await append(9, 5)
    await sealed()
    old, new = await LedgerCheckpoint.all().order_by("size")
    query = "query($f: Int!, $t: Int) { consistencyProof(from: $f, to: $t) }"
    hashes = (await graphql(query, {"f": 5}))["data"]["consistencyProof"]
    roots = bytes.fromhex(old.root), bytes.fromhex(new.root)
    merkle.verify_consistency(5, 14, *roots, [bytes.fromhex(h) for h in hashes])
    for sizes in ({"f": 0}, {"f": 6, "t": 5}, {"f": 1, "t": 15}, {"f": -1}):
        answer = await graphql(query, sizes)
        assert answer["errors"][0]["extensions"]["reason"] == "sizes"


async def test_the_number_of_statements_does_not_grow(app: Any, world: World, graphql: Any) -> None:
    await append(80)
    await closed_ballot(world, ["yes"] * 10)
    await sealed()
    numbers = []
    for first in (15, 100):
        tables.bump_all()
        with statements() as ran:
            await graphql(LIST, {"first": first})
        numbers.append(len(ran))
    assert numbers[0] == numbers[1] <= 4, numbers


async def test_pages_show_it(client: Any, world: World) -> None:
    ballot = await closed_ballot(world, ["yes"])
    await sealed()
    seen = {
        "zh-Hans": ("公告投票", "秘密投票", "如何自己核验"),
        "en": ("Announce a ballot", "secret", "How to verify this yourself"),
    }
    for language, words in seen.items():
        headers = {"Accept-Language": language}
        listed = (await client.get(f"/ledger?kind=ballot&subject={ballot.id}", headers=headers)).text
        assert words[0] in listed and words[1] in listed and f"/ballots/{ballot.id}" in listed
        entry = (await client.get("/ledger/entries/0", headers=headers)).text
        assert words[2] in entry
        assert (await client.get("/ledger/verify", headers=headers)).status_code == 200
    party = await client.get(f"/ledger?party={encode('Party', world.department.id)}")
    assert party.status_code == 200 and "公告投票" in party.text
    for wrong in ("/ledger/entries/999", "/ledger/entries/x", "/ledger/entries/-1"):
        assert (await client.get(wrong)).status_code == 404
    assert (await client.get("/ledger?day=yesterday")).status_code == 400
    assert (await client.get("/ledger?after=%3Cscript%3E")).status_code in (400, 422)
