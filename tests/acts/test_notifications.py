"""People are told as they chose: on their page, by mail at once or once a day, or not at all."""

import asyncio
import email
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email import policy
from typing import Any

import aiosmtplib
import pytest
import structlog
from aiosmtpd.controller import Controller

from civic import clock, db, jobs, mail
from civic.acts import comments, notifications, proposals
from civic.acts.core import Actor
from civic.errors import InvalidInput
from civic.models import Mail, Notification, NotificationChoice, Person
from civic.rules.notifications import KINDS, PATHS, TOPICS
from civic.settings import settings
from tests.acts.test_proposals import published, refusal
from tests.support.server import free_port
from tests.support.world import World

pytestmark = pytest.mark.anyio
EVENING = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)  # six in the evening in Shanghai


async def edited(world: World, author: Any, supporter: Any) -> Any:
    proposal = await published(world, author)
    await proposals.support(Actor(supporter), proposal)
    return await proposals.edit(Actor(author), proposal, title="增设长椅", body="改了", reason="更短")


async def test_each_is_told_as_they_chose(connected: str, world: World) -> None:
    author, daily, at_once, never = await world.residents(4)
    await notifications.choose(
        at_once, {("supported", "platform"): "never", ("supported", "mail"): "at_once"}
    )
    await notifications.choose(never, {("supported", c): "never" for c in ("platform", "mail")})
    proposal = await published(world, author)
    for person in (daily, at_once, never):
        await proposals.support(Actor(person), proposal)
    await proposals.edit(Actor(author), proposal, title="增设长椅", body="改了", reason="更短")
    (told,) = await Notification.filter(kind="proposal.edited")
    assert (told.person_id, told.shown, told.digest) == (daily.id, True, True)
    (letter,) = await Mail.all()
    assert letter.person_id == at_once.id and "增设长椅" in letter.subject and "更短" in letter.body
    assert f"{settings().origin}/proposals/{proposal.id}" in letter.body
    assert f"{settings().origin}/notifications/choices" in letter.body
    assert not await Notification.filter(person_id=author.id).exists()


async def test_a_choice_is_checked_and_kept_once(connected: str, world: World) -> None:
    person = await world.guest()
    for bad in (("nothing", "mail", "daily"), ("supported", "pigeon", "daily"),
                ("supported", "mail", "hourly"), ("supported", "platform", "daily")):  # fmt: skip
        await refusal(InvalidInput, "choice", notifications.choose(person, {bad[:2]: bad[2]}))
    for often in ("never", "daily", "never"):
        await notifications.choose(person, {("answers", "mail"): often})
    assert (await NotificationChoice.get(person_id=person.id)).often == "never"


async def test_marking_as_read_is_one_s_own(connected: str, world: World) -> None:
    author, supporter = await world.residents(2)
    proposal = await edited(world, author, supporter)
    await comments.create(Actor(supporter), proposal, body="好")
    news = await Notification.get(person_id=supporter.id)
    assert await notifications.mark_read(author, [news.id]) == 0
    assert await notifications.mark_read(supporter, [news.id]) == 1
    assert await notifications.mark_read(supporter) == 0
    assert await notifications.mark_read(author) == 1


async def test_the_digest_goes_out_once_a_day_in_the_reader_s_language(
    connected: str, frozen_clock: Any, world: World
) -> None:
    author, supporter = await world.residents(2)

    async def english() -> None:
        await Person.filter(id=supporter.id).update(language="en")

    await db.write(english)
    with frozen_clock(EVENING):
        proposal = await edited(world, author, supporter)
        await proposals.edit(Actor(author), proposal, title="增设长椅", body="再改", reason="第二次")
        await jobs.run_once()
        assert await Mail.filter(person_id=supporter.id).count() == 0
    with frozen_clock(EVENING + timedelta(hours=15)):
        await jobs.run_once()
        await jobs.run_once()
    (letter,) = await Mail.filter(person_id=supporter.id)
    assert letter.subject.endswith("your news of the day")
    assert letter.body.count("which you support, was changed") == 2 and "第二次" in letter.body
    assert not await Notification.filter(digest=True, person_id=supporter.id).exists()


async def test_somebody_without_an_address_gets_no_mail(connected: str, world: World) -> None:
    author, supporter = await world.residents(2)

    async def no_address() -> None:
        await Person.filter(id=supporter.id).update(email=None)

    await db.write(no_address)
    await notifications.choose(supporter, {("supported", "mail"): "at_once"})
    await edited(world, author, supporter)
    assert await Mail.all().count() == 0
    assert await Notification.filter(person_id=supporter.id).count() == 1


class Post:
    """A mail server that keeps what it is given, or refuses it with ``answer``."""

    def __init__(self) -> None:
        self.kept: list[Any] = []
        self.answer = ""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.kept.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
async def post(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Post]:
    post, port = Post(), free_port()
    monkeypatch.setenv("CIVIC_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("CIVIC_SMTP_PORT", str(port))
    settings.cache_clear()
    server = Controller(post, hostname="127.0.0.1", port=port)
    await asyncio.to_thread(server.start)
    yield post
    await asyncio.to_thread(server.stop)


async def queued(world: World) -> Mail:
    author, supporter = await world.residents(2)
    await notifications.choose(supporter, {("supported", "mail"): "at_once"})
    await edited(world, author, supporter)
    return await Mail.get()


async def test_mail_is_delivered_once(connected: str, post: Post, world: World) -> None:
    letter = await queued(world)
    done = await asyncio.gather(mail.run_once(), mail.run_once())
    assert sum(done) == 1 and len(post.kept) == 1
    (got,) = post.kept
    assert got["To"] == letter.to and "增设长椅" in str(got["Subject"])
    assert "/notifications/choices" in got.get_content() and got["Auto-Submitted"] == "auto-generated"
    sent = await Mail.get()
    assert sent.sent_at is not None and sent.body == ""
    assert await mail.run_once() == 0
    with clock.shift(timedelta(days=8)):
        await mail.run_once()
    assert await Mail.all().count() == 0


async def test_a_busy_server_is_asked_again_and_a_refusal_is_final(
    connected: str, post: Post, world: World
) -> None:
    letter = await queued(world)
    post.answer = "451 busy"
    with structlog.testing.capture_logs() as logs:
        assert await mail.run_once() == 0
        waiting = await Mail.get()
        assert (waiting.failures, waiting.failed) == (1, "") and waiting.next_at is not None
        assert await mail.run_once() == 0  # not before its time
        assert (await Mail.get()).failures == 1
        with clock.shift(timedelta(minutes=2)):
            post.answer = "550 no such user"
            assert await mail.run_once() == 0
    given_up = await Mail.get()
    assert given_up.failures == 2 and given_up.failed and given_up.body == ""
    assert len(logs) == 2 and letter.to not in str(logs) and "长椅" not in str(logs)


async def test_nothing_is_sent_without_a_server(connected: str, world: World) -> None:
    await queued(world)
    assert await mail.run_once() == 0 and (await Mail.get()).failures == 0


async def test_a_server_that_is_not_there(connected: str, world: World, monkeypatch: Any) -> None:
    monkeypatch.setenv("CIVIC_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("CIVIC_SMTP_PORT", str(free_port()))
    settings.cache_clear()
    await queued(world)
    for minutes in (0, 2, 10, 60, 240, 720, 1600, 4000):
        with clock.shift(timedelta(minutes=minutes)):
            await mail.run_once()
    given_up = await Mail.get()
    assert given_up.failed == "SMTPConnectError" and given_up.failures == 8


def test_every_kind_has_a_topic_and_a_place() -> None:
    assert {topic for topic, _ in KINDS.values()} == set(TOPICS)
    for kind, (_, template) in KINDS.items():
        assert set(re.findall(r"%\((\w+)\)s", template)) <= {"title", "detail"}, kind
    assert set(PATHS) >= {"proposal", "response", "moderation"}
    assert mail.permanent(ValueError()) and not mail.permanent(aiosmtplib.SMTPServerDisconnected("x"))
