"""Joint meetings through the pages without a browser: what is refused says what to do, and what was typed is kept."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from civic.acts.core import Actor
from civic.acts.joint_meetings import agenda, minutes, session, votes
from civic.schema.core.ids import encode
from tests.support.meetings import ALL_YES, Room
from tests.support.world import World
from tests.web.test_ballot_pages import signed_in

pytestmark = pytest.mark.anyio
Graphql = Callable[..., Awaitable[dict[str, Any]]]
Given = dict[str, Any]


@dataclass(frozen=True)
class Refused:
    """Who is refused, at which page with which operation and mutation, and what they are told."""

    who: Actor
    page: str
    op: str
    mutation: str
    input: str
    given: Given
    code: str
    reason: str
    zh: str
    en: str


VOTE = ("/seat", "Vote", "castSeatVote", "SeatVoteInput", {"motion": 1, "choice": "yes"})


async def same_bloc(room: Room) -> Refused:
    """A motion seconded by the bloc of its mover."""
    await room.moved(mover=3, seconder=None)
    return Refused(
        room.delegates[4], "/seat", "Second", "secondMotion", "MotionInput", {"motion": 1}, "NOT_ALLOWED", "same_bloc",
        "请另一方的代表附议", "Ask a delegate of another bloc",
    )  # fmt: skip


async def no_quorum(room: Room) -> Refused:
    """A vote without a quorum."""
    await room.moved()
    for number in (7, 8):
        await session.check_out(room.delegates[number], room.meeting)
    return Refused(
        room.chair, "/chair", "OpenVote", "openMotionVote", "MotionInput", {"motion": 1}, "INVALID_STATE", "no_quorum",
        "请查看签到情况", "See which in the attendance",
    )  # fmt: skip


async def not_seated(room: Room) -> Refused:
    """A vote by somebody without a seat, though they convened the meeting."""
    await room.moved()
    await votes.open_vote(room.chair, room.meeting, 1)
    who = room.world.as_official
    return Refused(
        who, *VOTE, "NOT_ALLOWED", "not_seated", "可以在会议页面查看全过程", "follow it on the meeting"
    )


async def absent(room: Room) -> Refused:
    """A vote for a delegate who is not there."""
    await room.moved()
    await session.check_out(room.delegates[2], room.meeting)
    await votes.open_vote(room.chair, room.meeting, 1)
    return Refused(room.delegates[2], *VOTE, "INVALID_STATE", "absent", "请先签到", "Check in first")


async def closed(room: Room) -> Refused:
    """A vote after the vote was closed."""
    await room.moved()
    await room.roll(1, {n: "yes" for n in ALL_YES if n != 6})
    return Refused(
        room.delegates[6], *VOTE, "INVALID_STATE", "closed", "结果见会议页面", "result is on the meeting"
    )


async def published(room: Room) -> Refused:
    """Sections of the minutes put into another order after they were published."""
    await room.submitted()
    for delegate in room.delegates.values():
        await minutes.sign(delegate, room.meeting, 1)
    await minutes.publish(room.secretary, room.meeting)
    sections = [dict(part) for part in (await minutes.newest(await room.fresh())).sections]
    return Refused(
        room.secretary, "/minutes/edit", "Revise", "reviseMinutes", "ReviseMinutesInput",
        {"sections": sections[::-1], "reason": "调整次序"}, "INVALID_STATE", "published",
        "请在下次会议上提出", "Bring a correction up at the next meeting",
    )  # fmt: skip


STATUS = {"NOT_ALLOWED": 403, "INVALID_STATE": 409}
CASES = (same_bloc, no_quorum, not_seated, absent, closed, published)


def typed(given: Given) -> dict[str, str]:
    """An input as a form sends it."""
    flat: dict[str, str] = {}
    for name, value in given.items():
        if isinstance(value, list):
            flat |= {f"{name}.{i}.{key}": text for i, part in enumerate(value) for key, text in part.items()}
        else:
            flat[name] = str(value)
    return flat


async def tokens(client: Any) -> dict[str, str]:
    """What every form of this reader carries; some have no form on the page in question, and send one all the same."""
    html = (await client.get("/proposals/new")).text
    return {name: re.findall(f'name="{name}" value="([^"]+)"', html)[0] for name in ("_csrf", "_once")}


@pytest.mark.parametrize("case", CASES, ids=[case.__name__ for case in CASES])
async def test_what_is_refused_says_what_to_do(
    client: Any, world: World, graphql: Graphql, case: Callable[[Room], Awaitable[Refused]]
) -> None:
    room = await Room.in_session(world)
    refused = await case(room)
    person = refused.who.person
    assert person is not None
    before = len(await world.recorded("joint_meeting.vote"))

    # Through the API: a code, a reason, a sentence in the reader's language.
    query = f"mutation($i: {refused.input}!) {{ {refused.mutation}(input: $i) {{ number }} }}"
    given = {"meeting": encode("JointMeeting", room.meeting.id), **refused.given}
    token = await world.token(person)
    for language, told in (("zh-Hans", refused.zh), ("en", refused.en)):
        answer = await graphql(query, {"i": given}, token=token, language=language)
        (error,) = answer["errors"]
        assert (error["extensions"]["code"], error["extensions"]["reason"]) == (refused.code, refused.reason)
        assert told in error["message"]

    # Through the page: the same sentence, above the form, with the status that fits.
    await signed_in(client, person)
    address = f"/meetings/{room.meeting.id}{refused.page}"
    for language, told in (("zh-Hans", refused.zh), ("en", refused.en)):
        client.cookies.set("civic_lang", language)
        form = {**await tokens(client), "_op": refused.op, **typed(given)}
        answer = await client.post(address, data=form)
        assert answer.status_code == STATUS[refused.code], answer.text
        (summary,) = re.findall(r'class="error-summary".*?</div>', answer.text, re.S)
        assert told.replace("'", "&#39;") in summary
    assert len(await world.recorded("joint_meeting.vote")) == before


async def test_what_a_delegate_typed_is_kept_when_it_is_refused(client: Any, world: World) -> None:
    """An amendment whose words are not in the motion, beside another motion's form of the same kind."""
    room = await Room.in_session(world)
    await room.moved("甲处开放。")
    await room.moved("乙处开放。", mover=1)
    person = room.delegates[7].person
    assert person is not None
    await signed_in(client, person)
    address = f"/meetings/{room.meeting.id}/seat"
    given = {
        "meeting": encode("JointMeeting", room.meeting.id),
        "motion": 2,
        "strike": "丙处",
        "insert": "乙、丙两处",
    }
    form = {**await tokens(client), "_op": "Amend", **typed(given)}
    answer = await client.post(address, data=form)
    assert answer.status_code == 409 and "引长一些" in answer.text
    assert re.search(r'<textarea[^>]* id="insert-2"[^>]*>\s*乙、丙两处</textarea>', answer.text)
    assert re.search(r'<textarea[^>]* id="insert-1"[^>]*>\s*</textarea>', answer.text)
    assert answer.text.count('<details class="more" open>') == 1
    empty = {**await tokens(client), "_op": "Amend", **typed({**given, "strike": "", "insert": ""})}
    answer = await client.post(address, data=empty)
    assert (
        answer.status_code == 422
        and 'id="e-insert-2"' in answer.text
        and 'id="e-insert-1"' not in answer.text
    )


async def test_the_chair_sees_what_parties_ask_for(client: Any, world: World) -> None:
    room = await Room.convened(world)
    await agenda.request_item(room.delegates[3], room.meeting, title="车位地锁 <b>")
    address = f"/meetings/{room.meeting.id}/chair"
    for actor, seen in ((room.chair, True), (room.secretary, False)):
        assert actor.person is not None
        await signed_in(client, actor.person)
        assert ("车位地锁 &lt;b&gt;" in (await client.get(address)).text) is seen
