"""Tells people of acts, in the act's own transaction. Helpers of acts, not acts.

What a person reads and how they want to be told is theirs alone, so it is on no public record: `mark_read` and
`choose` are not acts either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from tortoise.expressions import Q

from civic import clock, db, i18n
from civic.errors import N_, InvalidInput, fill
from civic.models import Mail, Membership, Notification, NotificationChoice, Person, Proposal, Support
from civic.rules import notifications as rules
from civic.settings import settings

PIECE = 2000
MOST_IN_DIGEST = 100
SUBJECT = N_("%(site)s: %(text)s")
FOOTER = N_("You choose what you are told, and how often, at %(url)s")
DIGEST_SUBJECT = N_("%(site)s: your news of the day")
DIGEST_MORE = N_("There is more at %(url)s")


async def tell(
    people: Iterable[UUID | None],
    kind: str,
    *,
    subject: str,
    subject_id: int,
    title: str,
    detail: str = "",
    but: Person | None = None,
) -> None:
    """Tell people of ``kind`` as each has chosen. ``but``, who did it, is not told. Within an act only."""
    wanted = list({p for p in people if p is not None and (but is None or p != but.id)})
    for start in range(0, len(wanted), PIECE):
        await _tell(wanted[start : start + PIECE], kind, subject, subject_id, title[:200], detail[:500])


async def _tell(
    people: list[UUID], kind: str, subject: str, subject_id: int, title: str, detail: str
) -> None:
    topic = rules.topic_of(kind)
    chosen: dict[UUID, dict[str, str]] = defaultdict(dict)
    for row in await NotificationChoice.filter(person_id__in=people, topic=topic):
        chosen[row.person_id][row.channel] = row.often
    now = clock.now()
    rows: list[Notification] = []
    mailed: list[UUID] = []
    for person in people:
        often = {c: chosen[person].get(c) or rules.default(topic, c) for c in rules.CHANNELS}
        shown, digest = often["platform"] != "never", often["mail"] == "daily"
        if often["mail"] == "at_once":
            mailed.append(person)
        if shown or digest:
            rows.append(
                Notification(
                    person_id=person,
                    kind=kind,
                    subject=subject,
                    subject_id=subject_id,
                    title=title,
                    detail=detail,
                    at=now,
                    shown=shown,
                    digest=digest,
                )
            )
    await Notification.bulk_create(rows, batch_size=500)
    await _mail(mailed, kind, subject, subject_id, title, detail)


def sentence(kind: str, title: str, detail: str, language: str | None = None) -> str:
    """What a notification says, in ``language`` or the reader's."""
    template = rules.KINDS[kind][1] if kind in rules.KINDS else "%(title)s"
    return fill(i18n.gettext(template, language), {"title": title, "detail": detail})


def address(path: str) -> str:
    return settings().origin.rstrip("/") + path


async def _mail(
    people: list[UUID], kind: str, subject: str, subject_id: int, title: str, detail: str
) -> None:
    if not people:
        return
    readers = await Person.filter(id__in=people, deleted_at=None, email__isnull=False)
    mails = []
    for reader in readers:
        text = sentence(kind, title, detail, reader.language)
        body = f"{text}\n\n{address(rules.path_of(subject, subject_id))}\n"
        mails.append(letter(reader, SUBJECT, body, text=text))
    await Mail.bulk_create(mails, batch_size=500)


def letter(reader: Person, subject: str, body: str, **values: str) -> Mail:
    """A message for the outbox, in the reader's language, its footer added."""
    says = fill(i18n.gettext(subject, reader.language), {"site": settings().name, **values})
    footer = fill(i18n.gettext(FOOTER, reader.language), {"url": address("/notifications/choices")})
    return Mail(
        person_id=reader.id, to=reader.email, subject=" ".join(says.split())[:200],
        body=f"{body}\n-- \n{footer}\n", queued_at=clock.now(),
    )  # fmt: skip


async def members(party_id: int) -> list[UUID]:
    """Everybody who acts for a party today."""
    today = clock.today()
    rows = Membership.filter(
        Q(until_day__isnull=True) | Q(until_day__gte=today), party_id=party_id, from_day__lte=today
    )
    return list(await rows.values_list("person_id", flat=True))  # type: ignore[arg-type]


async def supporters(proposal_id: int) -> list[UUID]:
    """Everybody who supports a proposal."""
    return list(await Support.filter(proposal_id=proposal_id).values_list("person_id", flat=True))  # type: ignore[arg-type]


async def asked_for(proposal: Proposal) -> list[UUID | None]:
    """Those who ask for what a proposal says: its author and its supporters."""
    return [proposal.author_id, *await supporters(proposal.id)]


async def stewards() -> list[UUID]:
    return list(await Person.filter(steward=True, deleted_at=None).values_list("id", flat=True))  # type: ignore[arg-type]


async def mark_read(person: Person, ids: list[int] | None = None) -> int:
    """Mark these notifications of a person, or all, as read. How many were."""

    async def write() -> int:
        rows = Notification.filter(person_id=person.id, read_at=None)
        return await (rows if ids is None else rows.filter(id__in=ids)).update(read_at=clock.now())

    return await db.write(write)


async def choose(person: Person, choices: dict[tuple[str, str], str]) -> None:
    """Keep how often a person is told, by topic and channel. Raises InvalidInput."""
    for (topic, channel), often in choices.items():
        known = topic in rules.TOPICS and channel in rules.CHANNELS and often in rules.OFTEN
        if not known or (channel == "platform" and often == "daily"):
            raise InvalidInput(N_("Please choose one of the options."), field="choices", reason="choice")

    async def write() -> None:
        for (topic, channel), often in choices.items():
            row = NotificationChoice.filter(person_id=person.id, topic=topic, channel=channel)
            if not await row.update(often=often):
                await NotificationChoice.create(
                    person_id=person.id, topic=topic, channel=channel, often=often
                )

    await db.write(write)


async def send_digests() -> int:
    """Put the digests that are due into the outbox; how many people get one."""
    boundary = rules.digest_boundary(clock.now(), settings().zone)
    waiting = (
        await Notification.filter(digest=True, at__lt=boundary).distinct().limit(200).values("person_id")
    )
    for row in waiting:
        await db.write(lambda key=row["person_id"]: _digest(key, boundary))  # type: ignore[misc]
    return len(waiting)


async def _digest(person_id: UUID, boundary: object) -> None:
    rows = Notification.filter(person_id=person_id, digest=True, at__lt=boundary)
    news = await rows.order_by("id").limit(MOST_IN_DIGEST + 1)
    if not news:
        return  # another worker was first
    await rows.update(digest=False)
    reader = await Person.get_or_none(id=person_id, deleted_at=None, email__isnull=False)
    if reader is None:
        return
    lines = [
        f"{sentence(n.kind, n.title, n.detail, reader.language)}\n"
        f"{address(rules.path_of(n.subject, n.subject_id))}\n"
        for n in news[:MOST_IN_DIGEST]
    ]
    if len(news) > MOST_IN_DIGEST:
        lines.append(fill(i18n.gettext(DIGEST_MORE, reader.language), {"url": address("/notifications")}))
    await letter(reader, DIGEST_SUBJECT, "\n".join(lines)).save()
