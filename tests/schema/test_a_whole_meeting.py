"""A whole joint meeting through GraphQL alone, as another program would hold it: from the call to what came of it.

Only people and parties are there beforehand. Everything else is a mutation with somebody's token, and what is true is
what a reader who is not signed in is told; in the end a stranger verifies the export.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from civic import clock
from civic.acts.core import Actor
from civic.ledger import sequencer
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.models import Party
from civic.schema.core.ids import encode
from tests.support import world as rows
from tests.support.meeting_api import Ask, MeetingApi
from tests.support.world import World

pytestmark = pytest.mark.anyio
MOTION = "自四月起夜间开放车位，试行一年。"
BLOCS = ("government", "enterprise", "association", "residents")


def party_id(actor: Actor | Party) -> str:
    party = actor.party if isinstance(actor, Actor) else actor
    assert party is not None
    return encode("Party", party.id)


def code(actor: Actor) -> str:
    assert actor.person is not None
    return str(actor.person.pseudonym)


class Meeting(MeetingApi):
    """The people of the story: ``host`` convenes and presides, ``seated`` sit by the number of their seat."""

    host: Actor
    secretary: Actor
    member: Actor
    seated: dict[int, Actor]

    @classmethod
    async def of(cls, graphql: Ask, world: World) -> "Meeting":
        made = cls(graphql, world)
        made.host, made.secretary = world.as_official, Actor(await rows.person("吴秘书"))
        firm, union = await world.delegate("enterprise"), await world.delegate("association")
        assert firm.party is not None and union.party is not None
        second, member = await rows.person("孙代表"), await rows.person("钱会员")
        await rows.member(firm.party, second, "delegate")
        await rows.member(union.party, member, "delegate")
        made.member = Actor(member, party=union.party)
        residents = [Actor(person) for person in await world.residents(3)]
        people = [made.host, firm, Actor(second, party=firm.party), union, *residents]
        made.seated = dict(enumerate(people, 1))
        return made

    async def state(self, actor: Actor | None, name: str, **input: Any) -> str:
        found = await self.do(actor, name, **input)
        return str(found if isinstance(found, str) else found["state"])

    async def ask(self, actor: Actor | None, query: str, **given: Any) -> Any:
        answer = await self.graphql(query, given, token=await self.token(actor))
        return answer["data"] if "errors" not in answer else answer["errors"][0]["extensions"]["reason"]

    async def roll(self, motion: int, said: dict[int, str]) -> Any:
        """Vote on a motion; the vote as everybody sees it afterwards."""
        assert (await self.do(self.host, "openMotionVote", "MotionInput", motion=motion))["state"] == "open"
        for number, choice in said.items():
            given = {"motion": motion, "choice": choice}
            assert "number" in await self.do(self.seated[number], "castSeatVote", "SeatVoteInput", **given)
        open_now = (await self.read())["motions"][motion - 1]["votes"][-1]
        assert (open_now["cast"], open_now["counts"], open_now["roll"]) == (len(said), None, [])
        assert (await self.do(self.host, "closeMotionVote"))["state"] == "closed"
        return (await self.read())["motions"][motion - 1]["votes"][-1]


async def test_a_meeting_from_the_call_to_what_came_of_it(
    app: Any, world: World, graphql: Ask, tmp_path: Path
) -> None:
    meeting = await Meeting.of(graphql, world)
    await the_call(meeting)
    await the_seats(meeting)
    with clock.shift(timedelta(days=3, minutes=5)):
        await the_opening(meeting)
        await the_vote_that_fails(meeting)
        await the_vote_that_passes(meeting)
        await the_minutes(meeting)
        await the_follow_up(meeting)
    await sequencer.seal()
    await export(tmp_path / "out")
    # The parties are rows of the test's, so the record knows nothing of them; all else holds.
    assert [
        bad for bad in verify(str(tmp_path / "out")).wrong if not bad.endswith("nothing is on record")
    ] == []


async def the_call(meeting: Meeting) -> None:
    host, mine = meeting.host, party_id(meeting.host)
    plan = {
        "title": "错时停车联席会议", "about": "讨论单位车位夜间向居民开放。", "place": "街道会议室",
        "startsAt": (clock.now() + timedelta(days=3)).isoformat(), "area": meeting.world.district.code,
    }  # fmt: skip
    create = "mutation($i: CreateJointMeetingInput!) { createJointMeeting(input: $i) { id state } }"
    made = (await meeting.ask(host, create, i={"asParty": mine, **plan}))["createJointMeeting"]
    assert made["state"] == "draft"
    meeting.id = made["id"]
    set_seats = "mutation($i: SetMeetingSeatsInput!) { setMeetingSeats(input: $i) { state } }"
    seats = {
        "blocs": [{"bloc": bloc, "numerator": 1, "denominator": 2} for bloc in BLOCS],
        "parties": [
            {"party": party_id(meeting.seated[number]), "seats": seats}
            for number, seats in ((1, 1), (2, 2), (4, 1))
        ],
        "residents": [{"filledBy": "nomination", "seats": 3}],
    }
    assert await meeting.ask(host, set_seats, i={"meeting": meeting.id, "asParty": mine, **seats})
    name = "mutation($i: NameOfficersInput!) { nameMeetingOfficers(input: $i) { state } }"
    officers = {"chair": code(host), "secretary": code(meeting.secretary)}
    assert await meeting.ask(host, name, i={"meeting": meeting.id, "asParty": mine, **officers})
    item = await meeting.do(host, "addAgendaItem", "AgendaItemInput", title="试点方案", asParty=mine)
    assert item["number"] == 1 and await meeting.read() is None
    assert await meeting.do(meeting.seated[2], "conveneJointMeeting", asParty=mine) == "party_role"
    assert await meeting.state(host, "conveneJointMeeting", asParty=mine) == "convened"
    seen = await meeting.read()
    assert [seat["bloc"] for seat in seen["seats"]] == [BLOCS[0], *[BLOCS[1]] * 2, BLOCS[2], *[BLOCS[3]] * 3]
    assert {b["bloc"] for b in seen["requiredBlocs"]} == set(BLOCS) and not seen["quorate"]


async def the_seats(meeting: Meeting) -> None:
    """Parties name delegates, one of whom declines; the host nominates residents; an association asks for an item."""
    host, union, member = meeting.host, meeting.seated[4], meeting.member

    async def name(by: Actor, seat: int, who: Actor) -> None:
        given = {"seat": seat, "person": code(who), "asParty": party_id(by)}
        assert (await meeting.do(by, "nameDelegate", "NameDelegateInput", **given))["state"] == "invited"

    await name(union, 4, member)
    assert (await meeting.do(member, "declineSeat"))["state"] == "vacant"
    namers = {1: host, 2: meeting.seated[2], 3: meeting.seated[2], 4: union, 5: host, 6: host, 7: host}
    for number, by in namers.items():
        await name(by, number, meeting.seated[number])
        assert (await meeting.read())["seats"][number - 1]["delegate"] is None
        assert (await meeting.do(meeting.seated[number], "confirmSeat"))["number"] == number
    asked = {"title": "收费标准", "body": "先说清收费由谁定。", "asParty": party_id(union)}
    item = await meeting.do(union, "requestAgendaItem", "AgendaItemInput", **asked)
    accept = {"item": item["number"], "accept": True}
    assert await meeting.do(union, "decideAgendaItem", "DecideItemInput", **accept) == "chair"
    assert "number" in await meeting.do(host, "decideAgendaItem", "DecideItemInput", **accept)
    seen = await meeting.read()
    assert [i["title"] for i in seen["agenda"]] == ["试点方案", "收费标准"]
    assert {seat["state"] for seat in seen["seats"]} == {"confirmed"} and all(
        s["delegate"] for s in seen["seats"]
    )


async def the_opening(meeting: Meeting) -> None:
    """The roll is called: every bloc comes, one resident stays away; who wants to speaks."""
    present = (1, 2, 3, 4, 5)
    for number in present:
        who = meeting.seated[number] if number % 2 else meeting.secretary
        given = {} if number % 2 else {"seat": number}
        assert (await meeting.do(who, "checkInSeat", "SeatInput", **given))["number"] == number
    assert await meeting.state(meeting.host, "openSession") == "in_session"
    assert "number" in await meeting.do(meeting.host, "callAgendaItem", "ItemInput")
    seen = await meeting.read()
    assert not seen["quorate"] and {b["bloc"]: b["met"] for b in seen["blocs"]}["residents"] is False
    assert "number" in await meeting.do(meeting.seated[6], "checkInSeat", "SeatInput")
    seen = await meeting.read()
    assert seen["quorate"] and [a["who"]["seat"] for a in seen["attendance"]] == [*present, 6]
    assert await meeting.do(meeting.seated[7], "askToSpeak") == "absent"
    assert await meeting.state(meeting.seated[5], "askToSpeak") == "waiting"
    assert (await meeting.do(meeting.host, "giveFloor", "SeatInput"))["state"] == "speaking"
    assert await meeting.state(meeting.seated[5], "endSpeech") == "done"


async def the_vote_that_fails(meeting: Meeting) -> None:
    """More than half are for it, but not of the residents."""
    moved = await meeting.do(meeting.seated[2], "moveMotion", "MoveMotionInput", text=MOTION)
    assert (moved["number"], moved["state"]) == (1, "moved")
    assert await meeting.do(meeting.seated[3], "secondMotion", "MotionInput", motion=1) == "same_bloc"
    assert (await meeting.do(meeting.seated[5], "secondMotion", "MotionInput", motion=1))[
        "state"
    ] == "seconded"
    due = (clock.today() + timedelta(days=60)).isoformat()
    for number, counterpart, text in ((2, 1, "安排夜间安保"), (1, None, "公布试点地块")):
        clause: dict[str, Any] = {"motion": 1, "text": text, "dueOn": due}
        clause["party"] = party_id(meeting.seated[number])
        clause["counterpart"] = party_id(meeting.seated[counterpart]) if counterpart else None
        assert "number" in await meeting.do(meeting.host, "nameClause", "NameClauseInput", **clause)
    vote = await meeting.roll(1, {**dict.fromkeys((1, 2, 3, 4), "yes"), 5: "no", 6: "no"})
    assert not vote["passed"] and vote["counts"] == {"yes": 4, "no": 2}
    assert {b["bloc"]: b["majority"] for b in vote["blocs"]} == {b: b != "residents" for b in BLOCS}
    assert {v["who"]["seat"]: v["choice"] for v in vote["roll"]}[6] == "no"
    assert (await meeting.read())["resolutions"] == []


async def the_vote_that_passes(meeting: Meeting) -> None:
    """An amendment by a resident brings it back, and every bloc is for it."""
    change = {"motion": 1, "strike": "一年", "insert": "半年", "why": "先试。"}
    amended = await meeting.do(meeting.seated[5], "moveAmendment", "AmendInput", **change)
    assert amended["number"] == 2
    assert "number" in await meeting.do(meeting.seated[4], "secondMotion", "MotionInput", motion=2)
    assert await meeting.do(meeting.host, "openMotionVote", "MotionInput", motion=1) == "wrong_state"
    everybody = dict.fromkeys(range(1, 7), "yes")
    assert (await meeting.roll(2, everybody))["passed"]
    assert (await meeting.read())["motions"][0]["text"] == MOTION.replace("一年", "半年")
    vote = await meeting.roll(1, {**everybody, 2: "abstain"})
    assert vote["passed"] and {b["bloc"] for b in vote["blocs"] if b["majority"]} == set(BLOCS)
    (resolution,) = (await meeting.read())["resolutions"]
    assert "试行半年" in resolution["text"]


async def the_minutes(meeting: Meeting) -> None:
    """Drafted from what is known, objected to, revised, signed by every seat, published."""
    secretary, objector = meeting.secretary, meeting.seated[6]
    assert await meeting.state(meeting.host, "adjournJointMeeting") == "adjourned"
    assert (await meeting.do(secretary, "draftMinutes"))["number"] == 1
    assert (await meeting.read())["minutes"] == []
    assert (await meeting.do(secretary, "submitMinutes"))["number"] == 1
    objection = {"version": 1, "objection": "缺我的发言。"}
    assert (await meeting.do(objector, "signMinutes", "SignMinutesInput", **objection))["state"] == "objected"
    sections = (await meeting.read(secretary))["minutes"][0]["sections"]
    sections[-1]["zh"] += "\n\n居民代表要求公示名单。"
    revised = {"sections": sections, "reason": "补充发言"}
    assert (await meeting.do(secretary, "reviseMinutes", "ReviseMinutesInput", **revised))["number"] == 2
    assert (await meeting.do(secretary, "submitMinutes"))["number"] == 2
    assert await meeting.do(secretary, "publishMinutes") == "awaiting"
    for number, who in meeting.seated.items():
        signed = await meeting.do(who, "signMinutes", "SignMinutesInput", version=2)
        assert signed["state"] == "signed", number
    assert await meeting.state(secretary, "publishMinutes") == "closed"
    newest, first = (await meeting.read())["minutes"]
    assert newest["standing"] == {"signed": 7, "objected": 0, "deemed": 0, "awaiting": 0}
    assert "公示名单" in newest["sections"][-1]["zh"]
    assert [(r["who"]["seat"], r["text"]) for r in first["replies"]] == [(6, "缺我的发言。")]


async def the_follow_up(meeting: Meeting) -> None:
    """The firm's duty is reported and confirmed; the department answers, and a delegate rates it."""
    read = """query($id: ID!) { jointMeeting(id: $id) { resolutions { answers { id verdict } }
      motions { clauses { text state obligation } } } }"""

    async def now() -> tuple[dict[str, Any], list[Any]]:
        """The clauses of the resolution by their texts, and what departments have to answer."""
        found = (await meeting.ask(None, read, id=meeting.id))["jointMeeting"]
        return {c["text"]: c for c in found["motions"][0]["clauses"]}, found["resolutions"][0]["answers"]

    clauses, (answer,) = await now()
    duties = {text: clause["obligation"] for text, clause in clauses.items()}
    assert set(duties) == {"安排夜间安保", "公布试点地块"} and all(duties.values())
    report = "mutation($i: ReportObligationInput!) { reportObligation(input: $i) { state } }"
    done = {
        "obligation": duties["安排夜间安保"],
        "account": "排班表已公示。",
        "links": ["https://example.org/a"],
    }
    firm, host = meeting.seated[2], meeting.host
    assert await meeting.ask(host, report, i={**done, "asParty": party_id(host)}) == "party_role"
    found = await meeting.ask(firm, report, i={**done, "asParty": party_id(firm)})
    assert found["reportObligation"]["state"] == "reported"
    confirm = "mutation($i: ConfirmObligationInput!) { confirmObligation(input: $i) { state } }"
    kept = {"obligation": duties["安排夜间安保"], "asParty": party_id(host), "remark": "已到场查看。"}
    assert (await meeting.ask(host, confirm, i=kept))["confirmObligation"]["state"] == "confirmed"

    publish = "mutation($i: PublishResponseInput!) { publishResponse(input: $i) { id } }"
    given = {
        "answer": answer["id"],
        "asParty": party_id(host),
        "verdict": "accepted",
        "reasons": "本周公布。",
    }
    made = (await meeting.ask(host, publish, i=given))["publishResponse"]["id"]
    rate = "mutation($i: RateResponseInput!) { rateResponse(input: $i) { id } }"
    assert (await meeting.ask(meeting.seated[6], rate, i={"response": made, "stars": 4}))["rateResponse"]
    assert await meeting.ask(meeting.member, rate, i={"response": made, "stars": 1}) == "not_asked"
    clauses, answers = await now()
    assert [a["verdict"] for a in answers] == ["accepted"]
    assert clauses["安排夜间安保"]["state"] == "confirmed" and clauses["公布试点地块"]["state"] == "pending"
