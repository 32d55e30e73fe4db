"""The pages of proposals, answers, moderation and notifications, as a browser without a script sends them."""

import re
from datetime import timedelta
from secrets import token_hex
from typing import Any

import pytest

from civic import clock
from civic.acts import amendments, comments
from civic.acts.core import Actor
from civic.models import (
    Amendment,
    Attachment,
    Deadline,
    Notification,
    NotificationChoice,
    Obligation,
    Proposal,
)
from civic.schema.core.ids import encode
from civic.web.sessions import digest
from tests.acts.test_proposals import published
from tests.acts.test_responses import asked
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def enter(app: Any, client: Any, person: Any, language: str = "en") -> None:
    """Be signed in as this person."""
    token = token_hex(8)
    await app.state.sessions.store.start(person, digest(token), clock.now() + timedelta(days=1))
    client.cookies.clear()
    client.cookies.set("civic_session", token)
    client.cookies.set("civic_lang", language)


async def send(client: Any, path: str, op: str, files: Any = None, **fields: Any) -> Any:
    """Fetch the page, and send one of its forms; the names of fields have __ for a dot."""
    html = (await client.get(path)).text
    hidden = dict(re.findall(r'name="(_csrf|_once)" value="([^"]*)"', html))
    data = {k.replace("__", "."): v for k, v in fields.items()}
    return await client.post(path, data={"_op": op, **hidden, **data}, files=files)


async def test_a_proposal_from_preview_to_publication(app: Any, client: Any, world: World) -> None:
    author = await world.resident()
    await published(world, await world.resident(), "增设公共长椅")
    await enter(app, client, author)
    text = {
        "title": "增设长椅",
        "body": "**老人**要歇脚",
        "language": "zh-Hans",
        "area": world.community.code,
    }
    preview = await send(client, "/proposals/new", "Preview", **text)
    assert preview.status_code == 200 and "<strong>老人</strong>" in preview.text
    assert "**老人**要歇脚</textarea>" in preview.text and "增设公共长椅" in preview.text
    assert await Proposal.filter(title="增设长椅").count() == 0
    wrong = await send(client, "/proposals/new", "Create", **{**text, "title": "", "otherArea": "没有这里"})
    assert (
        wrong.status_code == 422
        and "**老人**要歇脚</textarea>" in wrong.text
        and 'id="e-otherArea"' in wrong.text
    )
    made = await send(client, "/proposals/new", "Create", **text)
    draft = await Proposal.get(title="增设长椅")
    assert (made.status_code, made.headers["location"]) == (303, f"/proposals/{draft.id}")
    edit = f"/proposals/{draft.id}/edit"
    bad = await send(
        client, edit, "Attach", files={"file": ("a.png", b"<script>", "image/png")}, proposal=encode("Proposal", draft.id)
    )  # fmt: skip
    assert bad.status_code == 422 and "Files of this kind are not accepted" in bad.text
    none = await send(
        client, edit, "Attach", files={"file": ("", b"", "image/png")}, proposal=encode("Proposal", draft.id)
    )
    assert none.status_code == 422
    good = await send(
        client, edit, "Attach", files={"file": ("说明.txt", "请看".encode(), "text/plain")},
        proposal=encode("Proposal", draft.id),
    )  # fmt: skip
    assert good.status_code == 303 and await Attachment.all().count() == 1
    before = (await client.get(f"/proposals/{draft.id}/publish")).text
    assert "Support that instead" in before and "<strong>老人</strong>" in before and "说明.txt" in before
    done = await send(
        client, f"/proposals/{draft.id}/publish", "Publish", proposal=encode("Proposal", draft.id)
    )
    assert done.headers["location"] == f"/proposals/{draft.id}"
    client.cookies.clear()
    public = (await client.get(f"/proposals/{draft.id}", headers={"Accept-Language": "zh-CN"})).text
    assert "<strong>老人</strong>" in public and "说明.txt" in public and "请先登录" in public


async def test_versions_amendments_and_comments(app: Any, client: Any, world: World) -> None:
    author, other = await world.residents(2)
    proposal = await published(world, author)
    key = encode("Proposal", proposal.id)
    await enter(app, client, author)
    edit = f"/proposals/{proposal.id}/edit"
    changed = {"proposal": key, "title": "增设长椅", "body": "老人和孩子需要歇脚。", "language": "zh-Hans"}
    shown = await send(client, edit, "Preview", **changed, reason="补充")
    assert "<ins>" in shown.text and 'value="补充"' in shown.text
    refused = await send(client, edit, "Edit", **changed, reason="")
    assert refused.status_code == 422 and "老人和孩子" in refused.text and 'id="e-reason"' in refused.text
    assert (await send(client, edit, "Edit", **changed, reason="补充")).status_code == 303
    versions = (await client.get(f"/proposals/{proposal.id}/versions?old=1&new=2")).text
    assert "<ins>" in versions and "[added]" in versions and "补充" in versions
    assert (await client.get(f"/proposals/{proposal.id}/versions/1")).status_code == 200
    assert (await client.get(f"/proposals/{proposal.id}/versions/9")).status_code == 404
    await enter(app, client, other)
    amend = f"/proposals/{proposal.id}/amend"
    text = {"proposal": key, "title": "增设长椅", "body": "再改", "reason": "短些"}
    assert (await send(client, amend, "Amend", **text)).status_code == 303
    page = f"/proposals/{proposal.id}"
    spoken = await send(client, page, "Comment", proposal=key, stance="for", body="支持 <script>")
    assert spoken.headers["location"] == f"{page}#comments"
    shown = (await client.get(page)).text
    assert "支持" in shown and "&lt;script&gt;" in shown and "短些" in shown
    assert "支持" not in (await client.get(f"{page}?stance=AGAINST")).text.split('id="comments"')[1]
    await enter(app, client, author)
    amendment = encode("Amendment", (await Amendment.get()).id)
    assert (await send(client, page, "Accept", amendment=amendment)).status_code == 303
    assert (await Proposal.get(id=proposal.id)).version == 3


async def test_an_official_writes_and_publishes_on_one_page(app: Any, client: Any, world: World) -> None:
    author = await world.resident()
    deadline = await asked(world, author)
    await enter(app, client, world.official)
    desk = (await client.get("/desk/answers")).text
    assert "增设长椅" in desk and "working days left (" in desk
    page = f"/responses/{deadline.id}"
    fields = {"answer": encode("Deadline", deadline.id), "asParty": encode("Party", world.department.id)}
    late = clock.today() + timedelta(days=40)
    given = {
        "verdict": "accepted", "cost": "", "transferTo": "", "commitments__0__text": "安装十张",
        "commitments__0__dueOn": late.isoformat(), "commitments__1__text": "", "commitments__1__dueOn": "",
        "commitments__2__text": "每年检查", "commitments__2__dueOn": late.isoformat(),
    }  # fmt: skip
    empty = await send(client, page, "Answer", **fields, **given, reasons="")
    assert empty.status_code == 422 and 'value="安装十张"' in empty.text
    done = await send(client, page, "Answer", **fields, **given, reasons="同意。")
    assert done.status_code == 303, re.findall(r'class="errors">.*?</ul>', done.text)
    assert [o.text for o in await Obligation.all().order_by("id")] == ["安装十张", "每年检查"]
    await enter(app, client, author, "zh-Hans")
    shown = (await client.get(page)).text
    assert "同意。" in shown and "安装十张" in shown and "这是您问的" in shown
    assert (await client.get("/responses?state=ANSWERED")).text.count("增设长椅") == 1
    assert "100%" in (await client.get("/responses/scoreboard")).text
    assert (await client.get(f"{page}/versions")).status_code == 200


async def test_notifications_are_read_and_chosen(app: Any, client: Any, world: World) -> None:
    author, other = await world.residents(2)
    proposal = await published(world, author)
    await comments.create(Actor(other), proposal, body="好")
    await amendments.propose(Actor(other), proposal, title="甲", body="乙", reason="丙")
    await enter(app, client, author, "zh-Hans")
    shown = (await client.get("/notifications")).text
    assert "有人对您的提案“增设长椅”发表了意见" in shown and f'href="/proposals/{proposal.id}"' in shown
    one = await Notification.filter(person_id=author.id).order_by("id").first()
    assert one is not None
    await send(client, "/notifications", "Read", notifications=encode("Notification", one.id))
    assert await Notification.filter(person_id=author.id, read_at=None).count() == 1
    await send(client, "/notifications", "ReadAll")
    assert await Notification.filter(person_id=author.id, read_at=None).count() == 0
    fields = {
        "choices__0__topic": "proposals",
        "choices__0__platform": "at_once",
        "choices__0__mail": "never",
    }
    assert (await send(client, "/notifications/choices", "Choose", **fields)).status_code == 303
    assert await NotificationChoice.filter(person_id=author.id, channel="mail", often="never").count() == 1
    client.cookies.clear()
    assert (await client.get("/notifications")).headers["location"].startswith("/sign-in")


async def test_a_report_is_settled_in_public(app: Any, client: Any, world: World) -> None:
    author, other = await world.residents(2)
    proposal = await published(world, author)
    await enter(app, client, other)
    path = f"/moderation/report?subject={encode('Proposal', proposal.id)}"
    assert (await client.get(path)).status_code == 200
    sent = await send(client, path, "Report", subject=encode("Proposal", proposal.id), reason="有电话号码")
    assert sent.headers["location"] == "/moderation"
    assert (await client.get("/moderation?steward=true")).status_code == 403
    await enter(app, client, world.steward)
    board = (await client.get("/moderation?steward=true")).text
    report = re.search(r'name="report" value="([^"]+)"', board)
    assert report and "有电话号码" in board
    settle = {"report": report[1], "outcome": "hidden", "reason": "含个人信息"}
    assert (await send(client, "/moderation?steward=true", "Settle", **settle)).status_code == 303
    client.cookies.clear()
    public = (await client.get("/moderation")).text
    assert "含个人信息" in public and "有电话号码" not in public
    hidden = (await client.get(f"/proposals/{proposal.id}")).text
    assert "含个人信息" in hidden and "增设长椅" not in hidden and "歇脚" not in hidden


async def test_empty_lists_say_how_to_begin(app: Any, client: Any, world: World) -> None:
    for path, words in (
        ("/proposals", "Write the first one"), ("/proposals?q=长椅", "No proposal matches"),
        ("/responses", "Nothing awaits an answer"), ("/responses?state=OVERDUE", "Nothing is overdue"),
        ("/responses/scoreboard", "Nothing to count yet"), ("/moderation", "Nothing is hidden"),
    ):  # fmt: skip
        assert words in (await client.get(path, headers={"Accept-Language": "en"})).text, path
    assert (await client.get("/responses/999")).status_code == 404


async def test_withdrawn_ends_the_answer_s_page_too(app: Any, client: Any, world: World) -> None:
    author = await world.resident()
    deadline = await asked(world, author)
    await enter(app, client, author)
    path = f"/proposals/{deadline.subject_id}/manage"
    done = await send(client, path, "Withdraw", proposal=encode("Proposal", deadline.subject_id))
    assert done.status_code == 303
    shown = (await client.get(f"/responses/{deadline.id}")).text
    assert "No answer is owed: the proposal was withdrawn." in shown
    assert (await Deadline.get(id=deadline.id)).ended == "withdrawn"
