"""Minutes and what each seat says to them, as types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import strawberry

from civic.acts.joint_meetings.minutes import standing
from civic.models import JointMeeting as MeetingRow
from civic.models import Minutes as MinutesRow
from civic.models import MinutesReply as ReplyRow
from civic.models import Seat as SeatRow
from civic.rules.diffs import diff
from civic.schema.joint_meetings.parts import Delegate
from civic.schema.parties import Info
from civic.schema.people import Person
from civic.schema.proposals import Change


@strawberry.type(description="A section of the minutes, in both languages, as Markdown.")
class MinutesSection:
    key: str
    zh: str
    en: str


@strawberry.type(description="What changed in a section, in the reader's language.")
class SectionChanges:
    key: str
    changes: list[Change]


@strawberry.type(description="What a seat says to a version of the minutes.")
class MinutesReply:
    who: Delegate
    answer: str = strawberry.field(description="signed or objected.")
    text: str
    at: datetime


@strawberry.type(description="How many seats stand how to a version.")
class MinutesStanding:
    signed: int
    objected: int
    deemed: int = strawberry.field(description="Silent until the window was over, which accepts.")
    awaiting: int


@strawberry.type(description="A version of the minutes.")
class Minutes:
    number: int
    sections: list[MinutesSection]
    reason: str
    at: datetime
    author: Person
    submitted_at: datetime | None
    until: datetime | None
    replies: list[MinutesReply]
    before: strawberry.Private[list[dict[str, str]] | None]
    standing: MinutesStanding | None = strawberry.field(
        description="Of the newest version that was submitted."
    )

    @strawberry.field(description="Sections that changed since the version before.")
    def changes(self, info: Info) -> list[SectionChanges]:
        name = "en" if info.context.language == "en" else "zh"
        old = {s["key"]: s[name] for s in self.before or []}
        return [
            SectionChanges(
                key=s.key,
                changes=[Change(op=c["op"], text=c["text"]) for c in diff(old[s.key], getattr(s, name))],
            )
            for s in self.sections
            if s.key in old and old[s.key] != getattr(s, name)
        ]


async def minutes_of(meeting: MeetingRow, seats: Mapping[int, SeatRow], drafts: bool) -> list[Minutes]:
    """All versions, the newest first; without ``drafts`` only those that were submitted."""
    rows = MinutesRow.filter(meeting_id=meeting.id).order_by("-number").select_related("author")
    versions = list(await (rows if drafts else rows.filter(submitted_at__isnull=False)))
    replies: dict[int, list[MinutesReply]] = {}
    said = ReplyRow.filter(minutes_id__in=[v.id for v in versions] or [-1]).select_related("person")
    for reply in await said.order_by("id"):
        seat = seats[reply.seat_id]
        replies.setdefault(reply.minutes_id, []).append(
            MinutesReply(
                who=Delegate.of(seat, reply.person), answer=reply.answer, text=reply.text, at=reply.at
            )
        )  # fmt: skip
    before = {v.number: v.sections for v in versions}
    current = next((v for v in versions if v.submitted_at is not None), None)
    stands = None
    if current is not None:
        counted = Counter((await standing(meeting, current)).values())
        stands = MinutesStanding(
            signed=counted["signed"], objected=counted["objected"], deemed=counted["deemed"],
            awaiting=counted["awaiting"],
        )  # fmt: skip
    return [
        Minutes(
            number=v.number, sections=[MinutesSection(key=s["key"], zh=s["zh"], en=s["en"]) for s in v.sections],
            reason=v.reason, at=v.at, author=Person.of(v.author), submitted_at=v.submitted_at, until=v.until,
            replies=replies.get(v.id, []), standing=stands if v is current else None, before=before.get(v.number - 1),
        )
        for v in versions
    ]  # fmt: skip
