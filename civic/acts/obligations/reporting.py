"""Those who owe a duty report that it was kept, and show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from civic import clock
from civic.acts.core import Actor, act_on
from civic.acts.files import Stored, store
from civic.acts.obligations.creating import record, step
from civic.acts.obligations.telling import tell_counterpart
from civic.acts.obligations.who import debtor
from civic.acts.permissions import the_person
from civic.errors import N_, InvalidInput
from civic.models import Attachment, Evidence, File, Obligation
from civic.rules import lifecycles
from civic.rules import obligations as rules
from civic.rules.commitments import commit
from civic.rules.text import multiline, one_line
from civic.settings import settings

ACCOUNT = 5000


@dataclass(frozen=True, slots=True)
class Report:
    """That a duty was kept: an account, and what shows it. ``files``: (name, bytes)."""

    account: str
    links: tuple[str, ...] = ()
    files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)


MOST_LINKS, MOST_FILES, LINK = 5, 5, 500


def link(text: str, *, name: str = "links") -> str:
    """A web address as it may be shown. Raises InvalidInput."""
    clean = one_line(text, field=name, limit=LINK)
    parts = urlsplit(clean)
    if parts.scheme not in ("http", "https") or not parts.netloc or " " in clean:
        raise InvalidInput(N_("A link begins with https:// or http://."), field=name, reason="link")
    return clean


async def report(actor: Actor, obligation: int | Obligation, report: Report) -> Obligation:
    """Check and keep the files, then perform the act ``obligation.report``."""
    if len(report.files) > MOST_FILES or len(report.links) > MOST_LINKS:
        raise InvalidInput(
            N_("At most %(most)s files and as many links, please."),
            field="file",
            reason="too_many",
            most=MOST_FILES,
        )
    multiline(report.account, field="account", limit=ACCOUNT)
    links = [link(text) for text in report.links]
    kept = [await store(name, content) for name, content in report.files]
    return await _report(actor, obligation, account=report.account, links=links, kept=kept)


@act_on(Obligation, "obligation.report", may=debtor)
async def _report(
    actor: Actor,
    obligation: Obligation,
    *,
    account: str,
    links: list[str],
    kept: list[Stored],
) -> Obligation:
    """Report that a duty was kept, with evidence: words, links, files. The time to confirm begins."""
    obligation.state = lifecycles.move("obligation", obligation.state, "report")
    now = clock.now()
    obligation.reported_at = now
    obligation.confirm_by = rules.confirm_by(now, settings().confirmation_working_days, settings().zone)
    written, words = await step(
        actor, obligation, "reported", multiline(account, field="account", limit=ACCOUNT)
    )
    shown = []
    for url in links:
        await Evidence.create(step=written, kind="link", url=url)
        shown.append({"kind": "link", "text": commit(bytes(written.salt), url)})
    for content in kept:
        file = await File.create(
            sha256=content.sha256, name=content.name, media_type=content.media_type, size=content.size,
            owner=the_person(actor), at=now,
        )  # fmt: skip
        await Attachment.create(file=file, kind="obligation", subject_id=obligation.id)
        await Evidence.create(step=written, kind="file", file=file)
        shown.append({"kind": "file", "text": commit(bytes(written.salt), content.sha256)})
    record(
        obligation,
        {
            "text": words,
            "evidence": shown,
            "confirm_by": obligation.confirm_by.strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
    )
    await tell_counterpart(actor, obligation, "obligation.reported")
    return obligation
