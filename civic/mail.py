"""Delivers the outbox: its own loop beside the requests, with patience, and nothing personal in the log."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit

import aiosmtplib
import structlog
from tortoise.expressions import Q

from civic import clock, db
from civic.models import Mail
from civic.rules.notifications import retry_after
from civic.settings import settings

PERIOD = 5.0
AT_A_TIME = 50
CLAIMED = timedelta(minutes=10)  # another worker leaves a message alone for so long
KEPT = timedelta(days=7)  # a delivered message is removed after this
log = structlog.get_logger("civic.mail")


def message(mail: Mail) -> EmailMessage:
    """A row of the outbox as a message."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = settings().mail_from, mail.to, mail.subject
    made["Date"] = format_datetime(mail.queued_at)
    made["Message-ID"] = make_msgid(f"mail{mail.id}", urlsplit(settings().origin).hostname or "localhost")
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(mail.body)
    return made


async def run_once() -> int:
    """Deliver what is due now; how many were delivered. Without a mail server nothing is."""
    if not settings().smtp_host:
        return 0
    now = clock.now()
    due = Mail.filter(Q(next_at__isnull=True) | Q(next_at__lte=now), sent_at=None, failed="")
    sent = 0
    for mail in await due.order_by("id").limit(AT_A_TIME):
        if await db.write(lambda mail=mail: _claim(mail)):  # type: ignore[misc]
            sent += await _deliver(mail)
    await db.write(lambda: Mail.filter(sent_at__lt=now - KEPT).delete())
    return sent


async def _claim(mail: Mail) -> int:
    """1 when this worker has the message to itself."""
    free = Mail.filter(id=mail.id, sent_at=None, next_at=mail.next_at)
    return await free.update(next_at=clock.now() + CLAIMED)


async def _deliver(mail: Mail) -> int:
    chosen = settings()
    try:
        await aiosmtplib.send(
            message(mail), hostname=chosen.smtp_host, port=chosen.smtp_port, timeout=30,
            username=chosen.smtp_user or None, password=chosen.smtp_password or None,
            use_tls=chosen.smtp_tls == "tls", start_tls=None if chosen.smtp_tls == "auto" else False,
        )  # fmt: skip
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        failure = error
    else:
        await db.write(lambda: Mail.filter(id=mail.id).update(sent_at=clock.now(), body="", next_at=None))
        return 1
    await db.write(lambda: _failed(mail, failure))
    return 0


async def _failed(mail: Mail, error: Exception) -> None:
    """Try again later, or give up: after the last wait, or when the server says that it is no use."""
    failures = mail.failures + 1
    wait = None if permanent(error) else retry_after(failures)
    kind = type(error).__name__
    log.warning("mail not delivered", mail=mail.id, kind=kind, failures=failures, given_up=wait is None)
    if wait is None:
        await Mail.filter(id=mail.id).update(failures=failures, failed=kind[:40], body="", next_at=None)
    else:
        await Mail.filter(id=mail.id).update(failures=failures, next_at=clock.now() + wait)


def permanent(error: Exception) -> bool:
    """Whether the server refused for good (5xx, RFC 5321 4.2.1), or the address cannot be one."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(500 <= one.code < 600 for one in error.recipients)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return 500 <= error.code < 600
    return isinstance(error, ValueError)


async def run() -> None:
    """Look every few seconds, for as long as the process serves."""
    while True:
        if await run_once() < AT_A_TIME:
            await asyncio.sleep(PERIOD)
