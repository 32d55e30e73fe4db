"""Open days through the API: the whole story, a crowd at the same instant, and every refusal with what to do."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from civic import clock, db, jobs
from civic.acts.core import Actor
from civic.acts.open_days import editions, places
from civic.ledger import sequencer
from civic.ledger.export import export
from civic.models import OpenDay, Registration
from civic.rules import open_days as rules
from civic.schema.core.ids import encode
from tests.support import open_days as made
from tests.support.open_days import consistent
from tests.support.permissions import Cast
from tests.support.statements import statements
from tests.support.world import World

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]

PLAN = "mutation($input: PlanSeriesInput!) { planOpenDaySeries(input: $input) { id state } }"
ANNOUNCE = "mutation($input: OpenDayInput!) { announceOpenDay(input: $input) { id state } }"
REGISTER = """mutation($input: RegisterInput!) { registerForOpenDay(input: $input) {
  registration { id state code qr size ahead slot { free waiting } } } }"""
REGISTER_FOR = """mutation($input: RegisterForInput!) { registerSomebodyForOpenDay(input: $input) {
  registration { id state code atCounter } } }"""
LEAVE = "mutation($input: LeaveInput!) { leaveOpenDay(input: $input) { registration { state } } }"
CHECK_IN = "mutation($input: CheckInInput!) { checkIn(input: $input) { again attended registration { state name size } } }"
ASK = "mutation($input: AskInput!) { askOpenDay(input: $input) { id supports } }"
SUPPORT = "mutation($input: QuestionInput!) { supportQuestion(input: $input) { supports } }"
ANSWER = "mutation($input: AnswerQuestionInput!) { answerQuestion(input: $input) { id } }"
CARRY = "mutation($input: CarryQuestionInput!) { carryQuestion(input: $input) { proposal } }"
RATE = "mutation($input: RateOpenDayInput!) { rateOpenDay(input: $input) { state } }"
REPORT = "mutation($input: ReportOpenDayInput!) { reportOpenDay(input: $input) { state } }"
DAY = """query($id: ID!) { openDay(id: $id) { title state registered waiting attended registrationOpen underWay
  slots { id capacity taken waiting free } mine { state ahead } rights { manage door answer }
  registrations { name state ahead } questions { body answer supports proposal dueAt } rating { count stars words }
  report followUps { id text state } } }"""
TOLD = "{ notifications(first: 9) { nodes { text } } }"


async def done(graphql: Any, query: str, token: str = "", **input_: Any) -> Any:
    answer = await graphql(query, {"input": input_}, token)
    assert "errors" not in answer, answer
    (value,) = answer["data"].values()
    return value


async def look(graphql: Any, id: str, token: str = "") -> Any:
    return (await graphql(DAY, {"id": id}, token))["data"]["openDay"]


async def test_the_whole_story(app: Any, world: World, graphql: Any) -> None:
    host, street = await world.token(world.official), encode("Party", world.department.id)
    people = await world.residents(9)
    tokens = [await world.token(person) for person in people]
    first = (clock.today() + timedelta(days=10)).isoformat()
    dates = "query($rule: String!, $on: Date!) { recurrenceDates(rule: $rule, firstOn: $on) }"
    rule = "FREQ=MONTHLY;BYDAY=2SA;COUNT=4"
    shown = (await graphql(dates, {"rule": rule, "on": first}))["data"]["recurrenceDates"]
    assert len(shown) == 4
    series = await done(
        graphql, PLAN, host, asParty=street, title="养老服务开放日（测试）", area=world.community.code, place="三楼",
        rule=rule, firstOn=first, announceDays=60,
        slots=[{"at": "14:00", "minutes": 60, "capacity": 30}, {"at": "16:00", "minutes": 60, "capacity": 30}],
    )  # fmt: skip
    await jobs.run_once()
    whole = """query($id: ID!) { oneOpenDaySeries(id: $id) { nextDates slots { at } }
      openDays(series: $id) { totalCount } openDayDrafts { id } }"""
    found = (await graphql(whole, {"id": series["id"]}, host))["data"]
    assert found["oneOpenDaySeries"] == {"nextDates": shown, "slots": [{"at": "14:00"}, {"at": "16:00"}]}
    assert found["openDays"]["totalCount"] == 0, "drafts are not public"
    day = found["openDayDrafts"][0]["id"]
    assert await look(graphql, day) is None and (await look(graphql, day, host))["state"] == "draft"
    await done(graphql, ANNOUNCE, host, openDay=day, asParty=street)

    # Thirty places: six groups of five, then one alone and one of three who wait.
    slot = (await look(graphql, day))["slots"][0]["id"]
    groups = [await done(graphql, REGISTER, token, slot=slot, companions=4) for token in tokens[:6]]
    assert {g["registration"]["state"] for g in groups} == {"confirmed"}
    assert groups[0]["registration"]["qr"].startswith("<svg")
    large = await done(graphql, REGISTER, tokens[6], slot=slot, companions=4)
    small = await done(graphql, REGISTER, tokens[7], slot=slot)
    assert large["registration"]["state"] == small["registration"]["state"] == "waitlisted"
    assert (await look(graphql, day, tokens[7]))["mine"] == {"state": "waitlisted", "ahead": 1}
    full = (await look(graphql, day))["slots"][0]
    assert (full["free"], full["waiting"]) == (0, 6)
    # A place more does not hold the first group of the line, so the second moves up; then five places hold the first.
    await editions.set_capacity(
        world.as_official,
        await OpenDay.get(title="养老服务开放日（测试）", state="announced"),
        position=1,
        capacity=31,
    )
    assert (await look(graphql, day, tokens[7]))["mine"]["state"] == "confirmed"
    assert (await look(graphql, day, tokens[6]))["mine"] == {"state": "waitlisted", "ahead": 0}
    gone = groups[0]["registration"]["id"]
    await done(graphql, LEAVE, tokens[0], registration=gone)
    assert (await look(graphql, day, tokens[6]))["mine"]["state"] == "confirmed"
    told = (await graphql(TOLD, {}, tokens[6]))["data"]["notifications"]["nodes"]
    assert any("养老服务开放日" in one["text"] for one in told)
    elder = await done(
        graphql,
        REGISTER_FOR,
        host,
        slot=(await look(graphql, day))["slots"][1]["id"],
        asParty=street,
        name="王奶奶（测试）",
        companions=1,
    )
    assert elder["registration"]["atCounter"] and elder["registration"]["state"] == "confirmed"
    assert (await look(graphql, day))["registrations"] == [], "names are for the hosts only"
    assert len((await look(graphql, day, host))["registrations"]) == 8

    question = await done(graphql, ASK, tokens[1], openDay=day, body="周末能不能送餐？")
    assert (await done(graphql, SUPPORT, tokens[2], question=question["id"]))["supports"] == 1
    await done(graphql, ANSWER, host, question=question["id"], asParty=street, body="可以。")
    carried = await done(graphql, CARRY, tokens[1], question=question["id"], title="周末送餐")
    assert carried["proposal"]

    began = (await OpenDay.get(state="announced")).starts_at
    with clock.travel(began + timedelta(minutes=5)):
        assert (await look(graphql, day))["underWay"]
        during = await done(graphql, ASK, tokens[3], openDay=day, body="楼梯有扶手吗？")
        ticket = groups[1]["registration"]["code"]
        entered = await done(graphql, CHECK_IN, host, openDay=day, asParty=street, code=ticket, attempt="a")
        assert entered == {
            "again": False,
            "attended": 5,
            "registration": {"state": "attended", "name": people[1].name, "size": 5},
        }
        again = await done(graphql, CHECK_IN, host, openDay=day, asParty=street, code=ticket, attempt="a")
        assert (again["again"], again["attended"]) == (True, 5)
    ended = (await OpenDay.get(state="announced")).ends_at
    with clock.travel(ended + timedelta(minutes=1)):
        await jobs.run_once()
        mine = groups[1]["registration"]["id"]
        assert (await done(graphql, RATE, tokens[1], registration=mine, stars=5, text="清楚"))[
            "state"
        ] == "held"
        stayed = await graphql(
            RATE, {"input": {"registration": groups[2]["registration"]["id"], "stars": 1}}, tokens[2]
        )
        assert stayed["errors"][0]["extensions"]["reason"] == "not_there"
        due = (clock.today() + timedelta(days=30)).isoformat()
        closed = await done(
            graphql,
            REPORT,
            host,
            openDay=day,
            asParty=street,
            text="来了五位。",
            followUps=[{"text": "装扶手", "dueOn": due}],
        )
        assert closed == {"state": "reported"}
        end = await look(graphql, day)
    assert (end["registered"], end["attended"], end["rating"]["count"]) == (33, 5, 1)
    assert [one["text"] for one in end["followUps"]] == ["装扶手"] and end["followUps"][0]["id"]
    assert {q["body"]: bool(q["answer"]) for q in end["questions"]} == {
        "周末能不能送餐？": True,
        "楼梯有扶手吗？": False,
    }
    assert during["id"] and sum(bool(q["proposal"]) for q in end["questions"]) == 1


async def test_five_hundred_requests_at_the_same_instant_for_thirty_places(
    app: Any, world: World, graphql: Any
) -> None:
    day = await made.announced(world.as_official, world.community, 30)
    slot = (await made.slots_of(day))[0]
    tokens = [await world.token(person) for person in await world.residents(500)]
    key = encode("OpenDaySlot", slot.id)
    answers = await asyncio.gather(
        *(graphql(REGISTER, {"input": {"slot": key, "companions": 0}}, token) for token in tokens)
    )
    assert not [answer for answer in answers if "errors" in answer]
    states = [answer["data"]["registerForOpenDay"]["registration"]["state"] for answer in answers]
    assert (states.count("confirmed"), states.count("waitlisted")) == (30, 470)
    rows = await Registration.filter(slot_id=slot.id).order_by("id")
    assert [row.state for row in rows] == ["confirmed"] * 30 + ["waitlisted"] * 470
    told = {
        answer["data"]["registerForOpenDay"]["registration"]["id"]: state
        for answer, state in zip(answers, states, strict=True)
    }
    assert told == {encode("OpenDayRegistration", row.id): row.state for row in rows}, (
        "each was told the truth"
    )
    await consistent(slot.id)


async def test_every_refusal_says_what_to_do(app: Any, world: World, graphql: Any) -> None:
    """Registering twice, for the past, beyond four companions, for a cancelled edition; somebody else's, a used, a forged
    ticket; a rule that never ends or makes a million dates. Typed, in the reader's language."""
    host, street = await world.token(world.official), encode("Party", world.department.id)
    day = await made.announced(world.as_official, world.community, 9)
    other = await made.announced(world.as_official, world.community, 9)
    stopped = await made.announced(world.as_official, world.community, 9)
    slots = {
        key: (await made.slots_of(one))[0]
        for key, one in (("day", day), ("other", other), ("stopped", stopped))
    }
    await editions.cancel(world.as_official, stopped, reason="台风")
    mine, foreign, outsider, spare = await world.residents(4)
    mine_token, outsider_token, spare_token = [await world.token(p) for p in (mine, outsider, spare)]
    used = await places.register(Actor(mine), slots["day"])
    elsewhere = await places.register(Actor(foreign), slots["other"])
    key = encode("OpenDay", day.id)
    await done(graphql, CHECK_IN, host, openDay=key, asParty=street, code=used.code)
    plan = {
        "asParty": street, "title": "甲", "area": world.community.code, "place": "三楼",
        "firstOn": (clock.today() + timedelta(days=3)).isoformat(), "slots": [{"at": "14:00", "minutes": 60, "capacity": 3}],
    }  # fmt: skip
    at_slot = {name: encode("OpenDaySlot", slot.id) for name, slot in slots.items()}
    door = {"openDay": key, "asParty": street}
    refused: list[tuple[str, str, dict[str, Any], str, str, str | None, str]] = [
        (REGISTER, mine_token, {"slot": at_slot["day"]}, "CONFLICT", "registered", None, "退还名额"),
        (
            REGISTER,
            outsider_token,
            {"slot": at_slot["day"], "companions": 5},
            "INVALID_INPUT",
            "companions",
            "companions",
            "最多",
        ),
        (
            REGISTER,
            outsider_token,
            {"slot": at_slot["stopped"]},
            "INVALID_STATE",
            "wrong_state",
            None,
            "状态",
        ),
        (CHECK_IN, host, door | {"code": used.code}, "CONFLICT", "used", "code", "核对名单"),
        (CHECK_IN, host, door | {"code": elsewhere.code}, "CONFLICT", "other_day", "code", "券面"),
        (CHECK_IN, host, door | {"code": "00000-00000"}, "NOT_FOUND", "unknown_ticket", "code", "名单"),
        (
            CHECK_IN,
            host,
            door | {"code": "https://forged.example/?code=1"},
            "INVALID_INPUT",
            "code",
            "code",
            "十",
        ),
        (CHECK_IN, spare_token, door | {"code": used.code}, "NOT_ALLOWED", "", None, ""),
        (PLAN, host, plan | {"rule": "FREQ=DAILY"}, "INVALID_INPUT", "endless", "rule", "COUNT"),
        (
            PLAN,
            host,
            plan | {"rule": "FREQ=DAILY;COUNT=1000000"},
            "INVALID_INPUT",
            "too_many_dates",
            "rule",
            "",
        ),
    ]
    for query, token, input_, code, reason, field, hint in refused:
        said: list[str] = []
        for language in ("zh-Hans", "en"):
            answer = await graphql(query, {"input": input_}, token, language=language)
            error = answer["errors"][0]
            assert error["extensions"]["code"] == code, (input_, error)
            assert not reason or error["extensions"]["reason"] == reason, (input_, error)
            assert field is None or error["extensions"]["field"] == field, (input_, error)
            said.append(error["message"])
        assert hint in said[0] and any("\u4e00" <= sign <= "\u9fff" for sign in said[0]), said
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in said[1].replace(mine.name, "")), said
        assert len(said[1].split()) > 5, "a sentence that says what to do"
    # For the past: the window is over, then the slot itself.
    for when, reason in ((other.closes_at, "registration_closed"), (other.ends_at, "registration_closed")):
        with clock.travel(when):
            answer = await graphql(REGISTER, {"input": {"slot": at_slot["other"]}}, outsider_token)
            assert answer["errors"][0]["extensions"]["reason"] == reason
    with clock.travel(other.ends_at):
        late = {"slot": at_slot["other"], "asParty": street, "name": "王"}
        answer = await graphql(REGISTER_FOR, {"input": late}, host)
        assert answer["errors"][0]["extensions"]["reason"] == "past"
    assert await Registration.all().count() == 2, "nothing of all this left a trace"


async def test_what_is_private_is_told_on_no_way(
    app: Any, client: Any, world: World, graphql: Any, tmp_path: Path
) -> None:
    """Lists, nodes, search, feeds, calendars, pages, the ledger: no draft, no hidden question, no name, no ticket."""
    cast = await Cast.make(world)
    hidden = await made.private(cast)
    marks: dict[str, set[str]] = {}

    def mark(name: str, *who: str) -> str:
        marks[f"MARK{len(marks)}{name}"] = set(who)
        return [*marks][-1]

    await db.write(lambda: made.mark(hidden, mark))
    await sequencer.seal()
    ids = [encode(kind, key) for kind, keys in hidden.keys().items() for key in keys]
    told: list[str] = []
    for token in ("", await world.token(cast.person("resident_elsewhere"))):
        for word in [*marks, "含有他人电话", "窗口登记"]:
            query = "query($q: String!) { openDays(q: $q) { nodes { title } } }"
            told.append(str(await graphql(query, {"q": word}, token)))
        for id in ids:
            told.append(
                str(await graphql("query($id: ID!) { node(id: $id) { id __typename } }", {"id": id}, token))
            )
            told.append(str(await graphql(DAY, {"id": id}, token)))
        one = "query($d: ID!, $r: ID!) { openDay(id: $d) { registration(id: $r) { name code } } }"
        for row in (hidden.own, hidden.elder):
            key = {"d": encode("OpenDay", row.open_day_id), "r": encode("OpenDayRegistration", row.id)}
            found = await graphql(one, key, token)
            assert found["data"]["openDay"] == {"registration": None}
        asked = "{ responses(first: 50, state: ANSWERED) { nodes { title } } answers(open: false) { title } }"
        told.append(str(await graphql(asked, {}, token)))
    drafts = [f"/open-days/{day.id}" for day in hidden.drafts]
    inner = [
        f"/open-days/{hidden.public.id}/{page}"
        for page in ("door", "list", "manage", f"tickets/{hidden.own.id}")
    ]
    paths = [
        "/",
        "/open-days",
        "/open-days.ics",
        f"/open-days/{hidden.public.id}",
        f"/open-days/{hidden.public.id}.ics",
        *inner,
    ]
    for path in [
        *paths,
        *drafts,
        *(f"{draft}.ics" for draft in drafts),
        "/responses",
        "/ledger?kind=open_day",
    ]:
        answer = await client.get(path)
        assert path not in drafts or answer.status_code == 404, path
        told.append(answer.text)
    told.append((await client.get("/feeds/answers.atom")).text)
    await export(tmp_path / "out")
    told += [file.read_text("utf-8", "replace") for file in (tmp_path / "out").rglob("*") if file.is_file()]
    codes = [hidden.own.code, rules.shown_code(hidden.own.code), hidden.elder.code]
    whole = "\n".join(told)
    words = ("含有他人电话的问题", "答复里也有电话", "窗口登记的人")
    assert [word for word in (*marks, *codes, *words) if word in whole] == []
    host = await world.token(cast.person("host"))
    seen = str([await graphql(DAY, {"id": id}, host) for id in ids])
    assert all(
        name in seen
        for name, who in marks.items()
        if "host" in who and "why" not in name and "about" not in name
    )


async def test_a_long_list_costs_as_many_statements_as_a_short_one(
    app: Any, world: World, graphql: Any
) -> None:
    query = "{ openDays(first: 20) { totalCount nodes { title host { name } area { name } slots { free waiting over } } } }"
    counts = []
    for more in (2, 6):
        for _ in range(more):
            await made.announced(world.as_official, world.community, 5, 5)
        with statements() as seen:
            answer = await graphql(query)
        counts.append(len(seen))
        assert all(len(node["slots"]) == 2 for node in answer["data"]["openDays"]["nodes"])
    assert answer["data"]["openDays"]["totalCount"] == 8
    assert counts[0] == counts[1] <= 6, counts
