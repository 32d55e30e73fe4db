"""A joint meeting through the API: what each reader sees, what delegates and the chair do, the room live."""

import asyncio
from datetime import timedelta
from typing import Any

import orjson
import pytest
import websockets

from civic import clock
from civic.acts.joint_meetings import agenda, clauses, minutes, planning, session, votes
from civic.models import JointMeeting
from civic.schema.core.ids import encode
from civic.web import graphql_ws
from civic.web.files import public_item
from tests.support.meeting_api import Ask, MeetingApi
from tests.support.meetings import ALL_YES, Room
from tests.support.statements import statements
from tests.support.world import World
from tests.web.test_graphql import serving

pytestmark = pytest.mark.anyio


class Api(MeetingApi):
    """Asks about a room as different people."""

    def __init__(self, graphql: Ask, room: Room) -> None:
        super().__init__(graphql, room.world, encode("JointMeeting", room.meeting.id))
        self.room = room


@pytest.fixture
async def in_session(app: Any, world: World, graphql: Ask) -> Api:
    return Api(graphql, await Room.in_session(world))


async def test_delegates_and_the_chair_run_a_meeting(in_session: Api) -> None:
    api, room = in_session, in_session.room
    one, company, resident = room.delegates[1], room.delegates[3], room.delegates[7]
    assert await api.do(None, "askToSpeak") == "sign_in"
    assert await api.do(room.secretary, "askToSpeak") == "not_seated"
    assert (await api.do(resident, "askToSpeak"))["state"] == "waiting"
    assert (await api.do(room.chair, "giveFloor", "SeatInput"))["state"] == "speaking"
    assert (await api.do(resident, "endSpeech"))["state"] == "done"
    moved = await api.do(company, "moveMotion", "MoveMotionInput", text="试行一年。")
    assert (moved["number"], moved["state"]) == (1, "moved")
    same = await api.do(room.delegates[4], "secondMotion", "MotionInput", motion=1)
    assert same == "same_bloc"
    assert (await api.do(resident, "secondMotion", "MotionInput", motion=1))["state"] == "seconded"
    change = await api.do(one, "moveAmendment", "AmendInput", motion=1, strike="一年", insert="半年")
    assert change["number"] == 2
    await api.do(resident, "secondMotion", "MotionInput", motion=2)
    assert await api.do(room.chair, "openMotionVote", "MotionInput", motion=1) == "amendments_first"
    seen = await api.read(room.chair)
    assert (seen["nextStep"], seen["motions"][1]["becomes"]) == ("open_vote", "试行半年。")
    assert (await api.do(room.chair, "openMotionVote", "MotionInput", motion=2))["state"] == "open"
    recused = await api.do(
        room.delegates[5], "recuseFromMotion", "RecuseInput", motion=2, interest="会员单位"
    )
    assert recused["number"] == 2
    for number in (1, 3, 6, 7):
        given = {"motion": 2, "choice": "yes"}
        assert (await api.do(room.delegates[number], "castSeatVote", "SeatVoteInput", **given))["number"] == 1
    open_now = (await api.read())["motions"][1]["votes"][0]
    assert (open_now["cast"], open_now["counts"], open_now["roll"]) == (5, None, [])
    assert (await api.do(room.chair, "closeMotionVote"))["state"] == "closed"
    seen = await api.read()
    (vote,) = seen["motions"][1]["votes"]
    assert vote["passed"] and {b["bloc"]: b["counts"]["yes"] for b in vote["blocs"]}["association"] == 1
    assert [r["choice"] for r in vote["roll"] if r["who"]["seat"] == 5] == ["recused"]
    assert seen["motions"][0]["text"] == "试行半年。" and seen["motions"][0]["version"] == 2
    assert (await api.do(room.chair, "adjournJointMeeting"))["state"] == "adjourned"
    assert (await api.do(room.secretary, "draftMinutes"))["number"] == 1
    assert (await api.read(room.secretary))["nextStep"] == "submit_minutes"
    assert (await api.read())["minutes"] == [] == (await api.read(resident))["minutes"]
    assert (await api.do(room.secretary, "submitMinutes"))["number"] == 1
    assert (await api.read())["minutes"] == []
    objected = await api.do(resident, "signMinutes", "SignMinutesInput", version=1, objection="缺我的发言")
    assert objected["state"] == "objected"
    (version,) = (await api.read(resident))["minutes"]
    assert version["standing"] == {"signed": 0, "objected": 1, "deemed": 0, "awaiting": 7}
    assert await api.do(room.secretary, "publishMinutes") == "awaiting"
    with clock.shift(timedelta(days=8)):
        assert (await api.do(room.secretary, "publishMinutes"))["state"] == "closed"
        late = {
            "sections": [{"key": s["key"], "zh": s["zh"], "en": s["en"]} for s in version["sections"][::-1]]
        }
        assert (
            await api.do(room.secretary, "reviseMinutes", "ReviseMinutesInput", **late, reason="顺序")
            == "published"
        )
        published = await api.read()
    assert published["minutes"][0]["replies"][0]["text"] == "缺我的发言"
    assert all(a["leftAt"] for a in published["attendance"]) and len(published["attendance"]) == 8


async def test_drafts_and_invitations_are_not_public(app: Any, world: World, graphql: Ask) -> None:
    room = await Room.draft(world)
    api = Api(graphql, room)
    assert await api.read() is None and await api.read(room.delegates[3]) is None
    assert (await api.read(world.as_official))["isConvener"]
    department = encode("Party", world.department.id)
    assert (await api.do(world.as_official, "conveneJointMeeting", asParty=department)) is not None
    seen = await api.read()
    assert seen["state"] == "convened" and seen["mySeat"] is None
    given = {
        "seat": 3,
        "person": room.delegates[3].person.pseudonym,
        "asParty": encode("Party", room.delegates[3].party.id),
    }  # type: ignore[union-attr]
    assert (await api.do(room.delegates[3], "nameDelegate", "NameDelegateInput", **given))[
        "state"
    ] == "invited"
    assert (await api.read())["seats"][2]["delegate"] is None
    assert (await api.read(room.delegates[3]))["seats"][2]["mine"]
    assert (await api.do(room.delegates[3], "confirmSeat"))["number"] == 3
    assert (await api.read())["seats"][2]["delegate"]["name"] == "enterprise代表3"
    listed = await graphql("{ jointMeetings { totalCount nodes { title state } } }")
    assert listed["data"]["jointMeetings"]["totalCount"] == 1
    mine = await graphql("{ myJointMeetings { title } }", token=await api.token(room.delegates[3]))
    assert [m["title"] for m in mine["data"]["myJointMeetings"]] == ["错时停车联席会议"]


async def test_a_draft_that_was_cancelled_has_never_been_public(app: Any, world: World, graphql: Ask) -> None:
    """Not in any list, not by its id, not as a room; neither are the documents of its agenda."""
    room = await Room.draft(world)
    await planning.cancel(world.as_official, room.meeting, reason="内部原因")
    api = Api(graphql, room)
    assert (await api.read(world.as_official))["state"] == "cancelled"
    for actor in (None, room.delegates[3]):
        token = await api.token(actor)
        assert await api.read(actor) is None
        for asked in (
            "{ jointMeetings { totalCount } }",
            '{ jointMeetings(state: "cancelled") { totalCount } }',
        ):
            assert (await graphql(asked, token=token))["data"]["jointMeetings"]["totalCount"] == 0
        both = "query($id: ID!) { node(id: $id) { id } jointMeetingRoom(id: $id) { title } }"
        found = (await graphql(both, {"id": api.id}, token=token))["data"]
        assert found == {"node": None, "jointMeetingRoom": None}
    assert not await public_item((await agenda.find_item(room.meeting, 1)).id)


async def test_planning_through_the_api(app: Any, world: World, graphql: Ask) -> None:
    company = await world.delegate("enterprise")
    assert company.party is not None
    token, party = await world.token(world.official), encode("Party", world.department.id)

    async def run(name: str, kind: str, fields: str = "{ id state }", **input: Any) -> Any:
        query = f"mutation($i: {kind}!) {{ {name}(input: $i) {fields} }}"
        answer = await graphql(query, {"i": {"asParty": party, **input}}, token=token)
        return answer["data"][name] if answer.get("data") else answer["errors"][0]["extensions"]

    starts = (clock.now() + timedelta(days=3)).isoformat()
    plan = {"title": "垃圾分类", "about": "讨论投放时间。", "place": "会议室", "startsAt": starts}
    made = await run("createJointMeeting", "CreateJointMeetingInput", area=world.district.code, **plan)
    meeting = made["id"]
    wrong = await run("createJointMeeting", "CreateJointMeetingInput", area="999", **plan)
    assert (wrong["reason"], wrong["field"]) == ("unknown_area", "area")
    await run("editJointMeeting", "EditJointMeetingInput", meeting=meeting, **{**plan, "title": "垃圾分类会"})
    seats = {
        "blocs": [{"bloc": "enterprise"}, {"bloc": "residents", "numerator": 2, "denominator": 3}],
        "parties": [{"party": encode("Party", company.party.id), "seats": 2}],
        "residents": [{"filledBy": "sortition", "seats": 3}, {"filledBy": "ballot", "seats": 0}],
    }
    await run("setMeetingSeats", "SetMeetingSeatsInput", meeting=meeting, **seats)
    code = world.official.pseudonym
    await run("nameMeetingOfficers", "NameOfficersInput", meeting=meeting, chair=code, secretary=code)
    item = await run("addAgendaItem", "AgendaItemInput", "{ number }", meeting=meeting, title="投放时间")
    assert item == {"number": 1}
    assert (await run("conveneJointMeeting", "MeetingInput", meeting=meeting))["state"] == "convened"
    closes = (clock.now() + timedelta(days=1)).isoformat()
    called = await run("callVolunteers", "CallVolunteersInput", meeting=meeting, closesAt=closes)
    assert called["state"] == "open"
    resident = await world.resident()
    answer = await graphql(
        "mutation($i: MeetingInput!) { volunteerForSeat(input: $i) { state } }", {"i": {"meeting": meeting}},
        token=await world.token(resident),
    )  # fmt: skip
    assert answer["data"]["volunteerForSeat"]["state"] == "open"
    found = await graphql(
        "query($id: ID!) { jointMeeting(id: $id) { title sortition { state count seats volunteers { pseudonym } } } }",
        {"id": meeting},
    )
    assert found["data"]["jointMeeting"] == {
        "title": "垃圾分类会", "sortition": {"state": "open", "count": 1, "seats": 3, "volunteers": []},
    }  # fmt: skip
    row = await JointMeeting.get(title="垃圾分类会")
    assert (row.rule, row.secretary_id) == ("concurrent", world.official.id)


async def test_a_meeting_is_read_in_as_many_statements_whatever_its_size(in_session: Api) -> None:
    api, room = in_session, in_session.room
    await api.read()  # the first one may have to open a connection
    counts, office, soon = [], room.delegates[1].party, clock.today() + timedelta(days=30)
    assert office is not None
    for more in (1, 6):
        for _ in range(more):
            motion = await room.moved()
            await clauses.name_clause(
                room.chair, room.meeting, motion.number, party=office.id, text="答复", due_on=soon
            )
            await room.roll(motion.number, ALL_YES)
            await session.ask_to_speak(room.delegates[1], room.meeting)
            await session.give_floor(room.chair, room.meeting)
            await session.end_speech(room.chair, room.meeting)
        with statements() as ran:
            await api.read()
        counts.append(len(ran))
    assert counts[0] == counts[1] <= 24, counts


async def test_the_room_is_followed_live_and_again_after_a_lost_line(app: Any, in_session: Api) -> None:
    """Attendance, quorum, speaker and the figures of a vote; a burst of news gathers; a new line starts with now."""
    api, room = in_session, in_session.room
    query = """subscription($id: ID!) { jointMeetingRoom(id: $id) { state quorate item speaker { name }
      waiting { seat } blocs { bloc present } vote { motion cast state passed counts { yes } against } } }"""

    async def hear(ws: Any) -> Any:
        message = orjson.loads(await asyncio.wait_for(ws.recv(), 5))
        return message["payload"]["data"]["jointMeetingRoom"]

    async def subscribe(ws: Any) -> Any:
        await ws.send('{"type":"connection_init"}')
        assert orjson.loads(await ws.recv())["type"] == "connection_ack"
        payload = {"query": query, "variables": {"id": api.id}}
        await ws.send(orjson.dumps({"type": "subscribe", "id": "1", "payload": payload}).decode())
        return await hear(ws)

    async with serving(app) as port:
        url = f"ws://127.0.0.1:{port}/graphql"
        async with websockets.connect(url, subprotocols=[graphql_ws.PROTOCOL]) as ws:  # type: ignore[list-item]
            first = await subscribe(ws)
            assert first["quorate"] and first["item"] == "试点方案" and first["vote"] is None
            await session.ask_to_speak(room.delegates[7], room.meeting)
            assert [w["seat"] for w in (await hear(ws))["waiting"]] == [7]
            await session.give_floor(room.chair, room.meeting)
            assert (await hear(ws))["speaker"]["name"] == "居民代表7"
            for number in (7, 8):
                await session.check_out(room.secretary, room.meeting, number)
            here = await hear(ws)
            while here["quorate"]:
                here = await hear(ws)
            assert {b["bloc"]: b["present"] for b in here["blocs"]}["residents"] == 0
        for number in (7, 8):
            await session.check_in(room.secretary, room.meeting, number)
        motion = (await room.moved()).number
        await votes.open_vote(room.chair, room.meeting, motion)
        async with websockets.connect(url, subprotocols=[graphql_ws.PROTOCOL]) as ws:  # type: ignore[list-item]
            again = await subscribe(ws)
            assert again["quorate"] and again["vote"]["cast"] == 0 and again["vote"]["counts"] is None
            await asyncio.gather(
                *(votes.vote(d, room.meeting.id, motion, choice="yes") for d in room.delegates.values())
            )
            heard = []
            while not heard or heard[-1]["vote"]["cast"] < 8:
                heard.append(await hear(ws))
            assert len(heard) <= 3, "a burst is gathered"
            await votes.close_vote(room.chair, room.meeting)
            last = await hear(ws)
            assert (
                last["vote"]["passed"]
                and last["vote"]["counts"]["yes"] == 8
                and last["vote"]["against"] == []
            )


async def test_an_objection_stays_attached(in_session: Api) -> None:
    api, room = in_session, in_session.room
    await room.submitted()
    await minutes.sign(room.delegates[7], room.meeting, 1, objection="缺我的发言")
    version = await minutes.newest(room.meeting)
    parts = [minutes.Section(**s) for s in version.sections]
    await minutes.revise(room.secretary, room.meeting, sections=parts[::-1], reason="次序")
    await minutes.submit(room.secretary, room.meeting)
    for delegate in room.delegates.values():
        await minutes.sign(delegate, room.meeting, 2)
    await minutes.publish(room.secretary, room.meeting)
    found = (await api.read())["minutes"]
    assert [v["number"] for v in found] == [2, 1]
    assert found[1]["replies"] == [{"answer": "objected", "text": "缺我的发言", "who": {"seat": 7}}]
    assert found[0]["standing"] == {"signed": 8, "objected": 0, "deemed": 0, "awaiting": 0}
