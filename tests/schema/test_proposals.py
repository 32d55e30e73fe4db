"""Proposals through the API: lists, filters, paging, writing, files, what others may not see."""

from typing import Any

import pytest

from civic import db
from civic.acts import amendments, comments, imports, proposals
from civic.acts.core import SYSTEM, Actor
from civic.models import Person, Proposal
from civic.rules.proposal_files import ProposalLine
from civic.schema.core.ids import encode
from tests.acts.test_journey import low_threshold
from tests.acts.test_proposals import published
from tests.support.statements import statements
from tests.support.world import World

pytestmark = pytest.mark.anyio

LIST = """query($q: String, $area: String, $within: Boolean! = true, $state: String, $answered: Boolean, $by: ProposalBy,
  $sort: ProposalOrder! = NEWEST, $first: Int, $after: String, $last: Int, $before: String) {
  proposals(q: $q, area: $area, within: $within, state: $state, answered: $answered, by: $by, sort: $sort,
            first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { id title supports commentCount author { name } party { name } area { name }
            publishedAt dueAt supported mine } } }"""


async def titles(graphql: Any, token: str = "", **variables: Any) -> list[str]:
    answer = await graphql(LIST, variables, token)
    assert "errors" not in answer, answer
    page = answer["data"]["proposals"]
    if "first" not in variables and "last" not in variables:
        assert page["totalCount"] == len(page["nodes"])
    return [node["title"] for node in page["nodes"]]


async def test_filters_and_orders(app: Any, world: World, graphql: Any) -> None:
    await low_threshold(world, 2)
    one, two, three = await world.residents(3)
    bench = await published(world, one, "增设公共长椅")
    light = await published(world, two, "Better street lights")
    party = await world.delegate("association")
    made = await proposals.create(party, title="协会提案", body="乙", area=world.street.code)
    await proposals.publish(party, made)
    far = await world.resident(where=world.elsewhere)
    await published(world, far, "别处的长椅", world.elsewhere)
    await proposals.create(Actor(one), title="草稿长椅", body="乙", area=world.community.code)
    for person in (two, three):
        await proposals.support(Actor(person), bench)
    await comments.create(Actor(one), light, body="好")
    assert await titles(graphql) == ["别处的长椅", "协会提案", "Better street lights", "增设公共长椅"]
    assert await titles(graphql, q="长椅") == ["别处的长椅", "增设公共长椅"]
    assert await titles(graphql, q="light") == ["Better street lights"]
    assert await titles(graphql, q="长灯") == [] and await titles(graphql, q="'\" OR 1=1 --") == []
    assert await titles(graphql, area=world.district.code) == [
        "协会提案",
        "Better street lights",
        "增设公共长椅",
    ]
    assert await titles(graphql, area=world.street.code, within=False) == ["协会提案"]
    assert await titles(graphql, area=world.elsewhere.name) == ["别处的长椅"]
    assert await titles(graphql, area="没有这里") == []
    assert await titles(graphql, state="qualified") == ["增设公共长椅"]
    assert len(await titles(graphql, state="draft")) == 4  # not a public state: as if none were named
    assert (
        await titles(graphql, by="PARTIES") == ["协会提案"]
        and len(await titles(graphql, by="RESIDENTS")) == 3
    )
    assert await titles(graphql, answered=True) == [] and len(await titles(graphql, answered=False)) == 4
    assert (await titles(graphql, sort="SUPPORTS"))[0] == "增设公共长椅"
    assert (await titles(graphql, sort="COMMENTS"))[0] == "Better street lights"
    assert await titles(graphql, sort="DUE") == ["增设公共长椅"]
    token = await world.token(two)
    mine = (await graphql(LIST, {"area": world.community.code}, token))["data"]["proposals"]["nodes"]
    assert [(n["supported"], n["mine"]) for n in mine] == [(False, True), (True, False)]


async def test_imported_supports_count_in_the_order(app: Any, world: World, graphql: Any) -> None:
    from datetime import UTC, datetime

    line = ProposalLine(1, "7", "外来的提案", "正文", datetime(2020, 1, 2, tzinfo=UTC), supports=500)
    await imports.import_proposals(SYSTEM, source="consul", lines=[line], area=world.district, threshold=1000)
    author, other = await world.residents(2)
    near = await published(world, author)
    await proposals.support(Actor(other), near)
    page = (await graphql(LIST, {"sort": "SUPPORTS"}))["data"]["proposals"]["nodes"]
    assert [(n["title"], n["supports"]) for n in page] == [("外来的提案", 500), ("增设长椅", 1)]


@pytest.mark.parametrize("sort", ["NEWEST", "SUPPORTS", "COMMENTS"])
async def test_pages_go_both_ways_without_gaps(app: Any, world: World, graphql: Any, sort: str) -> None:
    author = await world.resident()
    for number in range(7):
        await published(world, author, f"第{number}")
    whole = await titles(graphql, sort=sort)
    forwards: list[str] = []
    after = None
    while True:
        page = (await graphql(LIST, {"first": 3, "after": after, "sort": sort}))["data"]["proposals"]
        forwards += [n["title"] for n in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert forwards == whole and len(whole) == 7
    start = page["pageInfo"]["startCursor"]
    back = (await graphql(LIST, {"last": 3, "before": start, "sort": sort}))["data"]["proposals"]
    assert [n["title"] for n in back["nodes"]] == whole[3:6]
    assert back["pageInfo"]["hasPreviousPage"] and back["pageInfo"]["hasNextPage"]
    bad = await graphql(LIST, {"after": "nonsense", "sort": sort})
    assert bad["errors"][0]["extensions"]["reason"] == "bad_cursor"


async def test_a_list_is_one_statement(app: Any, world: World, graphql: Any) -> None:
    query = "{ proposals(first: 20) { nodes { id title supports author { name } area { name code } commentCount } } }"
    author = await world.resident()
    for number in range(3):
        await published(world, author, f"第{number}")
    with statements() as ran:
        assert len((await graphql(query))["data"]["proposals"]["nodes"]) == 3
    assert len(ran) == 1, ran


CREATE = "mutation($i: CreateProposalInput!) { createProposal(input: $i) { id state } }"
ONE = "query($id: ID!) { proposal(id: $id) { title body state mine whyNot similar { title kind } files { name path } } }"


async def test_written_previewed_compared_published(app: Any, world: World, graphql: Any) -> None:
    author, other = await world.residents(2)
    there = await published(world, other, "增设公共长椅")
    token, second = await world.token(author), await world.token(other)
    given = {"title": "增设长椅", "body": "**请**", "otherArea": world.community.name}
    preview = "mutation($i: PreviewProposalInput!) { previewProposal(input: $i) { title body similar { id kind } } }"
    shown = (await graphql(preview, {"i": {"title": " 增设长椅 ", "body": "**请**"}}, token))["data"][
        "previewProposal"
    ]
    assert shown["title"] == "增设长椅" and shown["similar"][0]["id"] == encode("Proposal", there.id)
    assert await Proposal.all().count() == 1
    nowhere = await graphql(CREATE, {"i": {**given, "otherArea": "没有"}}, token)
    assert nowhere["errors"][0]["extensions"]["field"] == "otherArea"
    made = (await graphql(CREATE, {"i": given}, token))["data"]["createProposal"]
    see = {"id": made["id"]}
    assert (await graphql(ONE, see))["data"]["proposal"] is None
    assert (await graphql(ONE, see, second))["data"]["proposal"] is None
    mine = (await graphql(ONE, see, token))["data"]["proposal"]
    assert mine["mine"] and mine["similar"] == [{"title": "增设公共长椅", "kind": "proposal"}]
    publish = "mutation($i: ProposalInput!) { publishProposal(input: $i) { state } }"
    assert (await graphql(publish, {"i": {"proposal": made["id"]}}, token))["data"]["publishProposal"][
        "state"
    ] == "published"
    edit = "mutation($i: EditProposalInput!) { editProposal(input: $i) { id } }"
    changed = {"proposal": made["id"], "title": "增设长椅", "body": "**请您**", "reason": "更客气"}
    assert "errors" not in await graphql(edit, {"i": changed}, token)
    compare = """query($id: ID!, $old: Int) { proposal(id: $id) { version versions { number reason }
      comparison(old: $old) { old { number } new { number } body { op text } } versionOf(number: 1) { body } } }"""
    seen = (await graphql(compare, see))["data"]["proposal"]
    assert seen["comparison"]["body"] == [
        {"op": "same", "text": "**请"}, {"op": "add", "text": "您"}, {"op": "same", "text": "**"},
    ]  # fmt: skip
    assert seen["versionOf"]["body"] == "**请**" and seen["versions"][0]["reason"] == "更客气"
    assert (await graphql(compare, {**see, "old": 9}))["data"]["proposal"]["comparison"] is None
    assert (await graphql(ONE, see))["data"]["proposal"]["whyNot"] == "Please sign in first."
    assert (await graphql(ONE, see, second))["data"]["proposal"]["whyNot"] is None


async def test_areas_of_one_name_are_told_apart(app: Any, world: World, graphql: Any) -> None:
    from tests.support.world import area

    await area("310101001", "同名社区", "street", world.elsewhere)
    await area("310104009", "同名社区", "street", world.district)
    token = await world.token(await world.guest())
    told = await graphql(CREATE, {"i": {"title": "甲", "body": "乙", "otherArea": "同名社区"}}, token)
    error = told["errors"][0]
    assert error["extensions"]["reason"] == "ambiguous" and "310101001, 310104009" in error["message"]


async def upload(client: Any, token: str, proposal: str, name: str, content: bytes) -> dict[str, Any]:
    """The GraphQL multipart request specification."""
    import orjson

    query = "mutation($i: AttachFileInput!) { attachFile(input: $i) { id } }"
    operations = orjson.dumps(
        {"query": query, "variables": {"i": {"proposal": proposal, "file": None}}}
    ).decode()
    answer = await client.post(
        "/graphql", data={"operations": operations, "map": '{"0": ["variables.i.file"]}'},
        files={"0": (name, content, "image/png")},
        headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"},
    )  # fmt: skip
    result: dict[str, Any] = answer.json()
    return result


async def test_files_by_multipart(app: Any, client: Any, world: World, graphql: Any) -> None:
    author = await world.resident()
    proposal = await published(world, author)
    key, token = encode("Proposal", proposal.id), await world.token(author)
    for name, content, reason in (
        ("a.png", b"", "file_empty"), ("a.png", b"<script>alert(1)</script>", "file_type"),
        ("a.png", b"\x89PNG\r\n\x1a\n cut", "file_broken"), ("a.txt", b"x" * (10 * 1024 * 1024 + 1), "file_too_large"),
    ):  # fmt: skip
        refused = (await upload(client, token, key, name, content))["errors"][0]["extensions"]
        assert (refused["code"], refused["reason"], refused["field"]) == ("INVALID_INPUT", reason, "file")
    assert "errors" not in await upload(client, token, key, "说明.md", "# 说明".encode())
    (file,) = (await graphql(ONE, {"id": key}))["data"]["proposal"]["files"]
    assert file["name"] == "说明.md"
    assert (await client.get(file["path"])).content == "# 说明".encode()
    other = await world.token(await world.guest())
    stranger = await upload(client, other, key, "a.txt", b"x")
    assert stranger["errors"][0]["extensions"]["reason"] == "author"


async def test_a_hidden_proposal_shows_only_why(app: Any, world: World, graphql: Any) -> None:
    author, other = await world.residents(2)
    proposal = await published(world, author, "不该看到的题目")
    await amendments.propose(Actor(other), proposal, title="不该看到的修正", body="乙", reason="丙")
    await comments.create(Actor(other), proposal, body="不该看到的意见")
    await proposals.hide(world.as_steward, proposal, reason="含个人信息")
    query = """query($id: ID!) { proposal(id: $id) { title body state hiddenReason versions { title } files { name }
      amendments { title } comparison { old { title } } comments { nodes { body } } }
      node(id: $id) { ... on Proposal { title versionOf(number: 1) { title } } } }"""
    key = {"id": encode("Proposal", proposal.id)}
    for token in ("", await world.token(other)):
        answer = await graphql(query, key, token)
        assert "不该看到" not in str(answer) and answer["data"]["proposal"]["hiddenReason"] == "含个人信息"
    for person in (author, world.steward):
        assert "不该看到的题目" in str(await graphql(query, key, await world.token(person)))
    assert await titles(graphql, q="不该") == []


async def test_a_discussion_is_paged_and_filtered(app: Any, world: World, graphql: Any) -> None:
    author, other = await world.residents(2)
    proposal = await published(world, author)
    first = await comments.create(Actor(other), proposal, body="第一", stance="for")
    for number in range(5):
        await comments.create(Actor(author), proposal, body=f"答{number}", parent=first.id)
    for number in range(4):
        await comments.create(Actor(other), proposal, body=f"反对{number}", stance="against")
    query = """query($id: ID!, $stance: Stance, $order: CommentOrder! = NEWEST, $first: Int = 20, $after: String) {
      proposal(id: $id) { commentCount comments(stance: $stance, order: $order, first: $first, after: $after) {
        totalCount pageInfo { endCursor hasNextPage } nodes { id body answerCount replies { body } } } } }"""
    see = {"id": encode("Proposal", proposal.id)}

    async def bodies(**more: Any) -> list[str]:
        page = (await graphql(query, {**see, **more}))["data"]["proposal"]["comments"]
        return [node["body"] for node in page["nodes"]]

    assert await bodies() == ["反对3", "反对2", "反对1", "反对0", "第一"]
    assert await bodies(order="ANSWERS", first=1) == ["第一"] and await bodies(stance="FOR") == ["第一"]
    assert await bodies(order="OLDEST", first=2) == ["第一", "反对0"]
    page = (await graphql(query, {**see, "order": "ANSWERS", "first": 1}))["data"]["proposal"]["comments"]
    assert page["totalCount"] == 5 and page["pageInfo"]["hasNextPage"]
    (top,) = page["nodes"]
    assert top["answerCount"] == 5 and [r["body"] for r in top["replies"]] == ["答0", "答1", "答2"]
    every = "query($id: ID!) { comment(id: $id) { answers(first: 4) { totalCount nodes { body } } } }"
    answers = (await graphql(every, {"id": top["id"]}))["data"]["comment"]["answers"]
    assert answers["totalCount"] == 5 and len(answers["nodes"]) == 4
    with statements() as ran:
        await bodies(first=19)  # not asked before, so it is not kept
    few = len(ran)
    for _ in range(6):
        more = await comments.create(Actor(other), proposal, body="又", stance="neutral")
        await comments.create(Actor(author), proposal, body="再答", parent=more.id)
    with statements() as ran:
        await bodies(first=19)
    assert len(ran) == few == 5


async def test_the_list_agrees_with_the_models(app: Any, world: World, graphql: Any) -> None:
    """The statement written by hand and the ORM see the same."""
    author = await world.resident()
    made = [await published(world, author, f"第{n}") for n in range(3)]

    async def leave() -> None:
        await Person.filter(id=author.id).update(name="")

    await db.write(leave)
    nodes = (await graphql(LIST, {}))["data"]["proposals"]["nodes"]
    for node, row in zip(nodes, reversed(made), strict=True):
        fresh = await Proposal.get(id=row.id).select_related("author", "area")
        assert (
            node["id"] == encode("Proposal", fresh.id)
            and node["publishedAt"] == fresh.published_at.isoformat()
        )
        assert node["author"]["name"] == fresh.author.pseudonym and node["area"]["name"] == fresh.area.name
