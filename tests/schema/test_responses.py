"""Answers through the API: by the clock, in pages, scored; and what the departments' people see."""

from datetime import timedelta
from typing import Any

import pytest

from civic import clock
from civic.acts import proposals, responses
from civic.acts.core import Actor
from civic.acts.joint_meetings import planning
from civic.schema.core.ids import encode
from civic.schema.responses.queries import exact
from tests.acts.test_proposals import published
from tests.acts.test_responses import asked
from tests.support.meetings import Room
from tests.support.statements import statements
from tests.support.world import World, member, party, person

pytestmark = pytest.mark.anyio

LIST = """query($state: AnswerState! = AWAITING, $mine: Boolean! = false, $department: ID, $first: Int, $after: String) {
  responses(state: $state, mine: $mine, department: $department, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id title path daysLeft used overdue verdict department { name } commitments { text } } } }"""
ONE = """query($id: ID!) { response(id: $id) { title verdict cost version asked myRating mayAnswer overdue response
  transferredTo { name } commitments { text dueOn state } ratings { stars count } escalation { reason }
  versions { number verdict reason } } }"""
ANSWER = "mutation($i: PublishResponseInput!) { publishResponse(input: $i) { id } }"


async def test_from_the_question_to_the_rating(app: Any, world: World, graphql: Any) -> None:
    author, stranger = await world.residents(2)
    deadline = await asked(world, author)
    key, office = encode("Deadline", deadline.id), encode("Party", world.department.id)
    official, asker, other = [await world.token(p) for p in (world.official, author, stranger)]
    (node,) = (await graphql(LIST, {"mine": True}, official))["data"]["responses"]["nodes"]
    assert node["title"] == "增设长椅" and node["path"] == f"/proposals/{deadline.subject_id}"
    assert (node["daysLeft"], node["used"], node["overdue"]) == (deadline.working_days, 0, False)
    assert (await graphql(LIST, {"mine": True}, asker))["data"]["responses"]["totalCount"] == 0
    assert (await graphql(LIST, {"mine": True}))["errors"][0]["extensions"]["code"] == "NOT_SIGNED_IN"
    see = {"id": key}
    assert (await graphql(ONE, see, official))["data"]["response"]["mayAnswer"]
    later = (clock.today() + timedelta(days=30)).isoformat()
    given = {
        "answer": key, "asParty": office, "verdict": "partly", "reasons": "**一半**", "cost": "十万元",
        "commitments": [{"text": "甲", "dueOn": later}, {"text": " ", "dueOn": later}, {"text": "乙", "dueOn": later}],
    }  # fmt: skip
    refused = await graphql(ANSWER, {"i": given}, other)
    assert refused["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"
    made = (await graphql(ANSWER, {"i": given}, official))["data"]["publishResponse"]["id"]
    rate = "mutation($i: RateResponseInput!) { rateResponse(input: $i) { id } }"
    assert "errors" not in await graphql(rate, {"i": {"response": made, "stars": 4}}, asker)
    assert (await graphql(rate, {"i": {"response": made, "stars": 1}}, other))["errors"]
    edit = "mutation($i: EditResponseInput!) { editResponse(input: $i) { id } }"
    change = {
        "response": made,
        "asParty": office,
        "verdict": "accepted",
        "reasons": "全部",
        "reason": "预算有了",
    }
    assert "errors" not in await graphql(edit, {"i": change}, official)
    further = "mutation($i: EscalateResponseInput!) { escalateResponse(input: $i) { id } }"
    assert "errors" not in await graphql(further, {"i": {"response": made, "reason": "太慢"}}, asker)
    seen = (await graphql(ONE, see, asker))["data"]["response"]
    assert (seen["verdict"], seen["cost"], seen["version"]) == ("accepted", "十万元", 2)
    assert [c["text"] for c in seen["commitments"]] == ["甲", "乙"]
    assert seen["ratings"][3] == {"stars": 4, "count": 1} and seen["myRating"] == 4 and seen["asked"]
    assert seen["escalation"]["reason"] == "太慢"
    assert [(v["number"], v["reason"]) for v in seen["versions"]] == [(2, "预算有了"), (1, "")]
    public = (await graphql(ONE, see))["data"]["response"]
    assert (public["asked"], public["myRating"], public["mayAnswer"]) == (False, None, False)
    node = "query($id: ID!) { node(id: $id) { ... on Answer { title verdict } } }"
    assert (await graphql(node, see))["data"]["node"] == {"title": "增设长椅", "verdict": "accepted"}
    for state, count in (("AWAITING", 0), ("ANSWERED", 1), ("ESCALATED", 1), ("OVERDUE", 0)):
        assert (await graphql(LIST, {"state": state}))["data"]["responses"]["totalCount"] == count
    board = """{ scoreboard { department { name } answered awaiting overdue onTime { part whole } medianDays
      escalated { part whole } satisfaction ratings kept { part whole } } }"""
    (line,) = (await graphql(board))["data"]["scoreboard"]
    assert line["department"]["name"] == world.department.name and line["medianDays"] == "0"
    assert line["onTime"] == line["escalated"] == {"part": 1, "whole": 1}
    assert (line["satisfaction"], line["ratings"], line["kept"]) == ("4", 1, {"part": 0, "whole": 0})


async def test_overdue_leads_and_is_never_hidden(app: Any, world: World, graphql: Any) -> None:
    author = await world.resident()
    late = await asked(world, author)
    with clock.shift(timedelta(days=90)):
        fresh = await asked(world, author)
        page = (await graphql(LIST, {}))["data"]["responses"]["nodes"]
        assert [n["id"] for n in page] == [encode("Deadline", late.id), encode("Deadline", fresh.id)]
        assert page[0]["overdue"] and page[0]["daysLeft"] < 0 and page[0]["used"] > 100
        assert not page[1]["overdue"]
        await proposals.hide(world.as_steward, late.subject_id, reason="误判")
        assert [n["id"] for n in (await graphql(LIST, {"first": 5}))["data"]["responses"]["nodes"]] == [
            page[1]["id"]
        ]


async def test_passing_on_names_the_other_department(app: Any, world: World, graphql: Any) -> None:
    author = await world.resident()
    deadline = await asked(world, author)
    other = await party("government", "测试交通委", world.city)
    await member(other, await person("办事员"), "clerk")
    given = {
        "answer": encode("Deadline", deadline.id), "asParty": encode("Party", world.department.id),
        "verdict": "transferred", "reasons": "属于交通委。", "transferTo": encode("Party", other.id),
    }  # fmt: skip
    token = await world.token(world.official)
    wrong = await graphql(ANSWER, {"i": {**given, "transferTo": None}}, token)
    assert wrong["errors"][0]["extensions"]["field"] == "transferTo"
    assert "errors" not in await graphql(ANSWER, {"i": given}, token)
    seen = (await graphql(ONE, {"id": given["answer"]}))["data"]["response"]
    assert seen["transferredTo"]["name"] == "测试交通委"
    names = (await graphql("{ departments { name } }"))["data"]["departments"]
    assert {"name": "测试交通委"} in names
    (open_,) = (await graphql(LIST, {}))["data"]["responses"]["nodes"]
    assert open_["department"]["name"] == "测试交通委"


async def test_lists_cost_the_same_at_any_length(app: Any, world: World, graphql: Any) -> None:
    author = await world.resident()
    everything = """{ responses(first: %d, state: ANSWERED) { nodes { title verdict asked myRating mayAnswer
      transferredTo { name } commitments { text } ratings { count } escalation { reason } versions { number } } } }"""
    token = await world.token(author)
    await graphql("{ viewer { name } }", {}, token)  # whose token it is, is remembered for some seconds
    counts = []
    for number in (1, 6):
        for _ in range(number):
            deadline = await asked(world, author)
            response = await responses.publish(
                world.as_official, deadline, verdict="declined", reasons="不行"
            )
            await responses.rate(Actor(author), response, stars=3)
        with statements() as ran:
            page = (await graphql(everything % 50, {}, token))["data"]["responses"]["nodes"]
        assert all(n["asked"] and n["myRating"] == 3 for n in page)
        counts.append(len(ran))
    assert counts[0] == counts[1], counts


async def test_an_answer_that_was_taken_further_leads_to_the_meeting(
    app: Any, world: World, graphql: Any
) -> None:
    author = await world.resident()
    deadline = await asked(world, author)
    room = await Room.draft(world, title="早先的会", proposals=(deadline.subject_id,))
    await planning.convene(world.as_official, room.meeting)
    response = await responses.publish(world.as_official, deadline, verdict="declined", reasons="不行")
    with clock.shift(timedelta(minutes=1)):
        await responses.escalate(Actor(author), response, reason="没有回答问题")
    query = "query($id: ID!) { response(id: $id) { escalation { reason meeting meetingTitle } } }"
    one = {"id": encode("Deadline", deadline.id)}
    found = (await graphql(query, one))["data"]["response"]["escalation"]
    assert (found["meeting"], found["meetingTitle"]) == (None, ""), "a meeting before it took nothing up"
    with clock.shift(timedelta(minutes=2)):
        draft = await Room.draft(world, title="补答的会", proposals=(deadline.subject_id,))
        found = (await graphql(query, one))["data"]["response"]["escalation"]
        assert found["meeting"] is None, "a draft is nobody's business"
        await planning.convene(world.as_official, draft.meeting)
    found = (await graphql(query, one))["data"]["response"]["escalation"]
    assert (found["meeting"], found["meetingTitle"]) == (encode("JointMeeting", draft.meeting.id), "补答的会")


def test_fractions_are_written_out() -> None:
    from fractions import Fraction

    values = [None, Fraction(4), Fraction(11, 2), Fraction(10, 3), Fraction(1, 20), Fraction(999, 1000)]
    assert [exact(v) for v in values] == [None, "4", "5.5", "3.3", "0.1", "1.0"]


async def test_a_question_about_a_hidden_proposal_has_no_title(app: Any, world: World, graphql: Any) -> None:
    author = await world.resident()
    proposal = await published(world, author, "不该看到的题目")
    await proposals.sponsor(await world.delegate(), proposal)
    await proposals.hide(world.as_steward, proposal, reason="含个人信息")
    query = "query($id: ID!) { proposal(id: $id) { answers { id title ended } } }"
    (answer,) = (await graphql(query, {"id": encode("Proposal", proposal.id)}))["data"]["proposal"]["answers"]
    assert (answer["title"], answer["ended"]) == ("", "hidden")
