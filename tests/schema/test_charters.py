"""A charter through the API: drafted, refused, negotiated, signed, in force, kept; who sees what; how much it costs."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from civic import clock, db
from civic.acts import charters, obligations
from civic.acts.core import Actor
from civic.acts.obligations import Report
from civic.models import Charter, LedgerEntry
from civic.schema.core.ids import encode
from tests.support.charters import Three, day
from tests.support.statements import statements
from tests.support.world import World

pytestmark = pytest.mark.anyio
Ask = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def three(app: Any, world: World) -> Three:
    return await Three.make(world)


async def token(three: Three, actor: Actor) -> str:
    assert actor.person is not None
    return await three.world.token(actor.person)


def as_party(actor: Actor) -> str:
    assert actor.party is not None
    return encode("Party", actor.party.id)


async def do(
    graphql: Ask, three: Three, actor: Actor, field: str, type_: str, /, **given: Any
) -> dict[str, Any]:
    """Run one mutation for a party; gives the whole answer."""
    returned = (
        "id state" if "Obligation" in type_ or "Trigger" in type_ or "Change" in type_ else "id state version"
    )
    if type_ in ("AddClauseInput", "ChangeClauseInput"):
        returned = "id state version clause"
    query = f"mutation M($input: {type_}!) {{ {field}(input: $input) {{ {returned} }} }}"
    variables = {"input": {"asParty": as_party(actor), **given}}
    return await graphql(query, variables, token=await token(three, actor))


def reason(answer: dict[str, Any]) -> str:
    return str(answer["errors"][0]["extensions"]["reason"])


async def test_a_charter_through_the_api(three: Three, graphql: Ask) -> None:
    office, firm, committee = three.office, three.firm, three.committee
    made = await do(
        graphql, three, office, "createCharter", "CreateCharterInput",
        title="示例清单", area=three.world.district.code, purpose="谁做什么。",
    )  # fmt: skip
    charter = made["data"]["createCharter"]["id"]
    residents = encode("Bloc", f"residents:{three.world.district.code}")
    texts: list[dict[str, Any]] = [
        {"kind": "right", "holder": as_party(committee), "text": "了解施工安排的权利"},
        {"kind": "duty", "holder": as_party(office), "counterpart": as_party(committee), "text": "每月公布施工安排",
         "answers": [1], "dueKind": "recurrence", "dueOn": day(5).isoformat(), "every": "monthly", "times": 3,
         "evidence": "公告链接"},
        {"kind": "interest", "holder": as_party(firm), "text": "施工不受阻"},
        {"kind": "duty", "holder": as_party(firm), "counterpart": residents, "text": "夜里停工",
         "dueKind": "day", "dueOn": day(9).isoformat(), "evidence": "值班表"},
        {"kind": "interest", "holder": as_party(office), "text": "信访减少"},
    ]  # fmt: skip
    for text in texts:
        answer = await do(graphql, three, office, "addClause", "AddClauseInput", charter=charter, **text)
        assert "errors" not in answer, answer
    endless = {**texts[1], "every": "", "rule": "FREQ=DAILY"}
    assert (
        reason(await do(graphql, three, office, "addClause", "AddClauseInput", charter=charter, **endless))
        == "endless"
    )
    bare = {"kind": "right", "holder": None, "text": "x"}
    assert (
        reason(await do(graphql, three, office, "addClause", "AddClauseInput", charter=charter, **bare))
        == "side"
    )
    query = """query Q($id: ID!) { charter(id: $id) { state version findings { code message clause party { name } }
        clauses { number kind holder { name kind isBloc } due { kind rule next last } answers answeredBy }
        parties { party { name isBloc } rights duties interests signs } takingPart { convener named roles } } }"""
    assert (await graphql(query, {"id": charter}))["data"]["charter"] is None  # a draft is its convener's
    assert (await graphql(query, {"id": charter}, token=await token(three, firm)))["data"]["charter"] is None
    seen = (await graphql(query, {"id": charter}, token=await token(three, office)))["data"]["charter"]
    assert [f["code"] for f in seen["findings"]] == ["party_without_duty"]
    assert (
        seen["clauses"][1]["due"]["rule"] == "FREQ=MONTHLY;COUNT=3"
        and len(seen["clauses"][1]["due"]["next"]) == 3
    )
    assert seen["clauses"][0]["answeredBy"] == [2]
    assert [p["signs"] for p in seen["parties"]] == [True, True, True, False]
    await do(graphql, three, office, "openCharter", "CharterInput", charter=charter)
    refused = await do(graphql, three, office, "startSigning", "CharterInput", charter=charter)
    assert reason(refused) == "incomplete" and "missing: 1" in refused["errors"][0]["message"]
    change = await do(
        graphql, three, committee, "proposeChange", "ProposeChangeInput", charter=charter, reason="我们也出力",
        kind="duty", holder=as_party(committee), counterpart=as_party(firm), text="配合并维持秩序",
        dueKind="day", dueOn=day(20).isoformat(), evidence="签到表",
    )  # fmt: skip
    key = change["data"]["proposeChange"]["id"]
    changes = """query Q($id: ID!) { charter(id: $id) { changes { op state reason by { name } stale
        difference { op number changes { op text } } decideAs { id } } } }"""
    shown = (await graphql(changes, {"id": charter}, token=await token(three, office)))["data"]["charter"]
    assert shown["changes"][0]["decideAs"]["id"] == as_party(office)
    assert shown["changes"][0]["difference"] == {
        "op": "added", "number": 6, "changes": [{"op": "add", "text": "配合并维持秩序"}],
    }  # fmt: skip
    await do(graphql, three, office, "acceptChange", "DecideChangeInput", change=key)
    started = await do(graphql, three, office, "startSigning", "CharterInput", charter=charter)
    assert started["data"]["startSigning"]["state"] == "signing"
    versions = "query Q($id: ID!) { charter(id: $id) { textHash versions { number hash text } comparison { number op } } }"
    text = (await graphql(versions, {"id": charter}))["data"]["charter"]
    assert [d["op"] for d in text["comparison"]] == ["same"] * 5 + ["added"]
    old = text["versions"][1]["hash"]
    sign = ("signCharter", "SignCharterInput")
    assert reason(await do(graphql, three, firm, *sign, charter=charter, textHash=old)) == "old_version"
    for actor, reservation in ((firm, "台风天顺延"), (committee, ""), (office, "")):
        await do(
            graphql, three, actor, *sign, charter=charter, textHash=text["textHash"], reservation=reservation
        )
    whole = """query Q($id: ID!) { charter(id: $id) { state inForceAt progress { due kept }
        parties { signature { reservation at } } } obligations(charter: $id) { totalCount nodes {
        id text state dueOn recurs counterpart { name isBloc } source { kind title clause } possible { act } } } }"""
    done = (await graphql(whole, {"id": charter}))["data"]
    assert done["charter"]["state"] == "in_force" and done["charter"]["progress"] == {"due": 3, "kept": 0}
    assert sorted(p["signature"]["reservation"] for p in done["charter"]["parties"] if p["signature"]) == [
        "", "", "台风天顺延",
    ]  # fmt: skip
    assert done["obligations"]["totalCount"] == 3
    monthly = next(o for o in done["obligations"]["nodes"] if o["recurs"])
    assert (
        monthly["source"] == {"kind": "charter", "title": "示例清单", "clause": 2}
        and monthly["possible"] == []
    )
    desk = "query { obligationDesk { owedByUs { id possible { act asParty { id } } } owedToUs { id } toConfirm { id } } }"
    ours = (await graphql(desk, token=await token(three, office)))["data"]["obligationDesk"]
    assert ours["owedByUs"][0]["possible"] == [{"act": "report", "asParty": {"id": as_party(office)}}]
    report = ("reportObligation", "ReportObligationInput")
    reported = await do(graphql, three, office, *report, obligation=monthly["id"], account="已公布")
    assert reported["data"]["reportObligation"]["state"] == "reported"
    confirm = ("confirmObligation", "ConfirmObligationInput")
    assert reason(await do(graphql, three, office, *confirm, obligation=monthly["id"])) == "own_duty"
    theirs = (await graphql(desk, token=await token(three, committee)))["data"]["obligationDesk"]
    assert [o["id"] for o in theirs["toConfirm"]] == [monthly["id"]]
    assert len(theirs["owedToUs"]) == 1  # the firm's to the residents, for whom the committee speaks
    kept = await do(graphql, three, committee, *confirm, obligation=monthly["id"])
    assert kept["data"]["confirmObligation"]["state"] == "confirmed"


async def test_a_file_is_handed_in_and_a_forbidden_one_refused(three: Three, client: Any) -> None:
    charter = await three.in_force()
    owed = await three.obligation(charter, 6)
    query = "mutation M($input: ReportObligationInput!) { reportObligation(input: $input) { state } }"

    async def send(name: str, content: bytes) -> Any:
        given = {
            "obligation": encode("Obligation", owed.id),
            "asParty": as_party(three.firm),
            "account": "完工",
        }
        body = {"query": query, "variables": {"input": {**given, "file": None}}}
        answer = await client.post(
            "/graphql",
            data={"operations": json.dumps(body), "map": json.dumps({"0": ["variables.input.file"]})},
            files={"0": (name, content)},
            headers={
                "Authorization": f"Bearer {await token(three, three.firm)}",
                "X-CSRF": "1",
                "Origin": str(client.base_url),
            },
        )
        return answer.json()

    assert reason(await send("账.exe", b"MZ" + b"\0" * 99)) == "file_type"
    assert reason(await send("大.txt", b"a" * (10 * 1024 * 1024 + 1))) == "file_too_large"
    assert (await send("说明.txt", "按图完工。".encode()))["data"]["reportObligation"]["state"] == "reported"
    ask = "query Q($id: ID!) { obligation(id: $id) { steps { kind text evidence { kind href name size } } } }"
    shown = await client.post(
        "/graphql", json={"query": ask, "variables": {"id": encode("Obligation", owed.id)}}
    )
    evidence = shown.json()["data"]["obligation"]["steps"][0]["evidence"][0]
    assert (evidence["kind"], evidence["name"]) == ("file", "说明.txt")
    assert (await client.get(evidence["href"])).text == "按图完工。"


@pytest.mark.parametrize(
    ("language", "old", "own", "kind", "size", "missing"),
    [
        ("zh-Hans", "请先阅读第 1 版", "须由相对方办理", "可以上传图片、PDF", "最大 10 MB", "还缺 1 处"),
        ("en", "Read version 1, then sign that one", "its counterpart does", "Pictures, PDF", "at most 10 MB",
         "Points still missing: 1"),
    ],
)  # fmt: skip
async def test_refusals_say_what_to_do_in_the_readers_language(
    three: Three,
    graphql: Ask,
    client: Any,
    language: str,
    old: str,
    own: str,
    kind: str,
    size: str,
    missing: str,
) -> None:
    """An old text, one's own duty, evidence of a forbidden kind or size, a charter that lacks something."""
    signing, charter = await three.signing(), await three.in_force()
    owed = await three.obligation(charter, 6)
    bare = await three.draft()
    await charters.add_clause(three.office, bare, clause=three.right(three.firm, "无人落实的权利"))
    await charters.open_(three.office, bare)

    async def refused(
        actor: Actor, field: str, type_: str, file: tuple[str, bytes] | None = None, **given: Any
    ) -> Any:
        query = f"mutation M($input: {type_}!) {{ {field}(input: $input) {{ id }} }}"
        variables: dict[str, Any] = {"input": {"asParty": as_party(actor), **given}}
        headers = {"Authorization": f"Bearer {await token(three, actor)}", "Accept-Language": language}
        if file is None:
            answer = await client.post(
                "/graphql", json={"query": query, "variables": variables}, headers=headers
            )
        else:
            variables["input"]["file"] = None
            body = {"operations": json.dumps({"query": query, "variables": variables}),
                    "map": json.dumps({"0": ["variables.input.file"]})}  # fmt: skip
            headers |= {"X-CSRF": "1", "Origin": str(client.base_url)}
            answer = await client.post("/graphql", data=body, files={"0": file}, headers=headers)
        (error,) = answer.json()["errors"]
        return error

    report = {"obligation": encode("Obligation", owed.id), "account": "完工"}
    sign = {"charter": encode("Charter", signing.id), "textHash": "0" * 64}
    before = await LedgerEntry.all().count()
    for code, reason_, words, error in (
        ("CONFLICT", "old_version", old, await refused(three.firm, "signCharter", "SignCharterInput", **sign)),
        ("INVALID_INPUT", "file_type", kind, await refused(
            three.firm, "reportObligation", "ReportObligationInput", ("账.exe", b"MZ" + b"\0" * 99), **report)),
        ("INVALID_INPUT", "file_too_large", size, await refused(
            three.firm, "reportObligation", "ReportObligationInput", ("大.txt", b"a" * (10 * 2**20 + 1)), **report)),
        ("INVALID_STATE", "incomplete", missing, await refused(
            three.office, "startSigning", "CharterInput", charter=encode("Charter", bare.id))),
    ):  # fmt: skip
        assert (error["extensions"]["code"], error["extensions"]["reason"]) == (code, reason_)
        assert words in error["message"], error["message"]
    assert await LedgerEntry.all().count() == before, "a refusal left a record"
    await obligations.report(three.firm, owed, Report("完工"))
    error = await refused(
        three.firm, "confirmObligation", "ConfirmObligationInput", obligation=report["obligation"]
    )
    assert (error["extensions"]["code"], error["extensions"]["reason"]) == ("NOT_ALLOWED", "own_duty")
    assert own in error["message"], error["message"]


async def test_what_one_party_may_demand_must_do_and_gains(three: Three, graphql: Ask) -> None:
    charter = await three.in_force()
    owed = await three.obligation(charter, 6)
    await obligations.report(three.firm, owed, Report("完工"))
    await obligations.confirm(three.office, owed)
    query = """query Q($id: ID!) { register(party: $id) { owes { text state } isOwed { text party { name } }
        counts { kept pending overdue } keptOverTime { day due kept } }
        heldClauses(party: $id) {
        kind text answeredBy owedBy { number holder { name } } title } charters(party: $id) { totalCount } }"""
    with clock.travel(clock.now()):
        found = (await graphql(query, {"id": as_party(three.firm)}))["data"]
    assert [o["state"] for o in found["register"]["owes"]] == ["confirmed"]
    assert [o["text"] for o in found["register"]["isOwed"]] == ["配合施工并维持秩序"]
    assert found["register"]["counts"] == {"kept": 1, "pending": 0, "overdue": 0}
    assert [(c["kind"], c["answeredBy"]) for c in found["heldClauses"]] == [("right", [4]), ("duty", [])]
    assert found["heldClauses"][0]["owedBy"] == [{"number": 4, "holder": {"name": "测试residents"}}]
    assert found["charters"]["totalCount"] == 1


async def test_lists_cost_a_handful_of_statements(three: Three, graphql: Ask) -> None:
    await three.in_force()
    lists = """query Q { charters(first: 50) { totalCount nodes { id title state area { name } convener { name }
        progress { due kept } } } obligations(first: 50) { totalCount nodes { text state party { name }
        counterpart { name } source { title } } } obligationCounts { pending } }"""

    async def cost(extra: int) -> int:
        for _ in range(extra):
            await three.in_force()
        with statements() as ran:
            await graphql(lists.replace("query Q", f"query Q{extra}"))
        return len(ran)

    few = await cost(0)
    many = await cost(3)
    assert few > 0 and abs(many - few) <= 2 and few < 15, (few, many)
    assert await Charter.all().count() == 4 and db.started()
    assert charters.SUBJECTS
