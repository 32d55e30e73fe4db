"""A department's time for an answer, the answer, and what those who asked think of it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

import strawberry
from tortoise.expressions import Q

from civic import clock, db
from civic.acts.permissions import OFFICIAL_ROLES
from civic.models import Ballot as BallotRow
from civic.models import Deadline as DeadlineRow
from civic.models import Escalation as EscalationRow
from civic.models import MeetingProposal, Membership, Rating, Seat, Support
from civic.models import Obligation as ObligationRow
from civic.models import OpenDayQuestion as QuestionRow
from civic.models import Party as PartyRow
from civic.models import Proposal as ProposalRow
from civic.models import Resolution as ResolutionRow
from civic.models import Response as ResponseRow
from civic.models import ResponseVersion as VersionRow
from civic.rules.responses import share_used
from civic.rules.text import preview
from civic.rules.working_days import working_days_left
from civic.schema.core.context import Context
from civic.schema.core.ids import Node, encode
from civic.schema.core.lookahead import Selection
from civic.schema.obligations.types import RELATED, Obligation
from civic.schema.people import Party
from civic.settings import settings

# Where the pages of what is answered are.
PATHS = {"proposal": "/proposals/%s", "ballot": "/ballots/%s"}
TYPES = {"question": "OpenDayQuestion"}


@strawberry.type(description="How many of those who asked gave a number of stars.")
class StarCount:
    stars: int
    count: int


@strawberry.type(description="An answer as it stood.")
class AnswerVersion:
    number: int
    verdict: str
    reasons: str = strawberry.field(description="Markdown.")
    cost: str
    reason: str = strawberry.field(description="Of the change.")
    at: datetime


@strawberry.type(description="That those who asked take an answer to a joint meeting, and why.")
class Escalation:
    reason: str
    at: datetime
    meeting: strawberry.ID | None = strawberry.field(
        description="The joint meeting that took it up: the first convened on its proposal since."
    )
    meeting_title: str


@strawberry.type(description="A department's time for an answer, and the answer.")
class Answer(Node):
    id: strawberry.ID
    department: Party
    started_at: datetime
    due_at: datetime
    working_days: int
    days_left: int = strawberry.field(description="Working days until it is due; negative when late.")
    used: int = strawberry.field(description="Per cent of the working days that are over.")
    overdue: bool = strawberry.field(description="Not answered, and the time is over.")
    ended: str = strawberry.field(
        description="Why no answer is owed any more: withdrawn, merged, hidden; or empty."
    )
    answered_at: datetime | None
    provisional: bool = strawberry.field(description="The calendar of that year is not announced yet.")
    extended_at: datetime | None
    extension_reason: str
    kind: str = strawberry.field(description="What is answered: proposal, ballot, question, resolution.")
    subject: strawberry.ID = strawberry.field(description="What awaits it.")
    path: str = strawberry.field(description="The page of what is answered.")
    title: str = strawberry.field(description="Empty for what is hidden.")
    verdict: str | None = strawberry.field(
        description="accepted, partly, declined, studying, transferred, replied."
    )
    reasons: str | None = strawberry.field(description="Markdown.")
    cost: str | None
    version: int | None
    response: strawberry.ID | None
    transferred_to: Party | None
    commitments: list[Obligation]
    ratings: list[StarCount] = strawberry.field(description="From one star to five.")
    escalation: Escalation | None
    versions: list[AnswerVersion] = strawberry.field(description="The newest first.")
    asked: bool = strawberry.field(description="Whether the viewer is among those who asked.")
    my_rating: int | None
    may_answer: bool = strawberry.field(description="Whether the viewer acts for the department.")

    @classmethod
    async def of_many(cls, context: Context, rows: list[DeadlineRow], wanted: Selection) -> list[Answer]:
        """All of them, with what is ``wanted``: one query for each kind of thing, whatever their number."""
        around = await Around.of(context, rows, wanted)
        return [cls._of(context, row, around) for row in rows]

    @classmethod
    def _of(cls, context: Context, row: DeadlineRow, around: Around) -> Answer:
        response = around.responses.get(row.id)
        key = response.id if response else 0
        left = working_days_left(row.answered_at or context.now, row.due_at, settings().zone)
        return cls(
            id=encode("Deadline", row.id), department=Party.of(row.department), started_at=row.started_at,
            due_at=row.due_at, working_days=row.working_days, days_left=left,
            used=share_used(row.working_days, left),
            overdue=row.answered_at is None and not row.ended and row.due_at < context.now,
            ended=row.ended, answered_at=row.answered_at, provisional=row.provisional,
            extended_at=row.extended_at, extension_reason=row.extension_reason, kind=row.kind,
            subject=encode(TYPES.get(row.kind, row.kind.capitalize()), row.subject_id),
            path=around.path(row),
            title=around.titles.get((row.kind, row.subject_id), ""),
            verdict=response.verdict if response else None,
            reasons=response.reasons if response else None, cost=response.cost if response else None,
            version=response.version if response else None,
            response=encode("Response", key) if response else None,
            transferred_to=around.received.get(response.transferred_to_id) if response else None,
            commitments=around.promises.get(key, []),
            ratings=[StarCount(stars=n, count=around.stars.get((key, n), 0)) for n in range(1, 6)],
            escalation=around.escalations.get(key), versions=around.versions.get(key, []),
            asked=(row.kind, row.subject_id) in around.asked,
            my_rating=around.mine.get(key), may_answer=row.department_id in around.departments,
        )  # fmt: skip


class Around:
    """What belongs to some deadlines, each kind fetched by one query, and only when it is wanted."""

    def __init__(self) -> None:
        self.responses: dict[int, ResponseRow] = {}
        self.titles: dict[tuple[str, int], str] = {}
        self.days: dict[int, int] = {}  # of a question: its open day
        self.motions: dict[int, tuple[int, int]] = {}  # of a resolution: meeting, number of the motion
        self.promises: dict[int, list[Obligation]] = defaultdict(list)
        self.received: dict[int | None, Party] = {}
        self.stars: dict[tuple[int, int], int] = {}
        self.escalations: dict[int, Escalation] = {}
        self.versions: dict[int, list[AnswerVersion]] = defaultdict(list)
        self.asked: set[tuple[str, int]] = set()
        self.mine: dict[int, int] = {}
        self.departments: set[int] = set()

    def path(self, row: DeadlineRow) -> str:
        """The page of what is answered."""
        if row.kind == "question":
            return f"/open-days/{self.days.get(row.subject_id, 0)}#q-{row.subject_id}"
        if row.kind == "resolution":
            meeting, motion = self.motions.get(row.subject_id, (0, 0))
            return f"/meetings/{meeting}#motion-{motion}"
        return str(PATHS.get(row.kind, "/responses/%s") % row.subject_id)

    @classmethod
    async def of(cls, context: Context, rows: list[DeadlineRow], wanted: Selection) -> Around:
        self = cls()
        if not rows:
            return self
        answered = [row.id for row in rows if row.answered_at]
        found = await ResponseRow.filter(deadline_id__in=answered) if answered else []
        self.responses = {r.deadline_id: r for r in found}
        keys = [r.id for r in found]
        subjects = [row.subject_id for row in rows if row.kind == "proposal"]
        if "title" in wanted and subjects:
            shown = ProposalRow.filter(id__in=subjects).exclude(state="hidden")
            self.titles = {("proposal", int(k)): str(t) for k, t in await shown.values_list("id", "title")}
        votes = [row.subject_id for row in rows if row.kind == "ballot"]
        if "title" in wanted and votes:
            named = BallotRow.filter(id__in=votes)
            self.titles |= {("ballot", int(k)): str(t) for k, t in await named.values_list("id", "title")}
        asked = [row.subject_id for row in rows if row.kind == "question"]
        if asked:
            for question in await QuestionRow.filter(id__in=asked):
                if question.state != "hidden":
                    self.titles["question", question.id] = preview(question.body)
                self.days[question.id] = question.open_day_id
        adopted = [row.subject_id for row in rows if row.kind == "resolution"]
        if adopted:
            for decided in await ResolutionRow.filter(motion_id__in=adopted).select_related("motion"):
                self.titles["resolution", decided.motion_id] = preview(decided.text)
                self.motions[decided.motion_id] = decided.meeting_id, decided.motion.number
        if keys:
            await self.of_answers(keys, wanted)
        receivers = [r.transferred_to_id for r in found if r.transferred_to_id]
        if receivers and "transferredTo" in wanted:
            self.received = {p.id: Party.of(p) for p in await PartyRow.filter(id__in=receivers)}
        if context.viewer is not None:
            await self.of_viewer(context.viewer, keys, subjects, adopted, wanted)
        return self

    async def of_answers(self, keys: list[int], wanted: Selection) -> None:
        if "commitments" in wanted:
            kept = ObligationRow.filter(response_id__in=keys).select_related(*RELATED)
            for promise in await Obligation.of_many(await kept.order_by("id")):
                self.promises[promise.row.response_id or 0].append(promise)
        if "ratings" in wanted:
            places = ", ".join("?" for _ in keys)
            sql = (
                "SELECT response_id, stars, count(*) AS n FROM rating WHERE response_id IN (%s) "
                "GROUP BY response_id, stars"
            )
            for counted in await db.fetch(sql % places, *keys):
                self.stars[counted["response_id"], counted["stars"]] = int(counted["n"])
        if "escalation" in wanted:
            taken = EscalationRow.filter(response_id__in=keys).select_related("response__deadline")
            rows = list(await taken)
            meetings = await _meetings_on([row.response.deadline for row in rows])
            for row in rows:
                later = [
                    m for m in meetings.get(row.response.deadline.subject_id, []) if m.convened_at >= row.at
                ]
                self.escalations[row.response_id] = Escalation(
                    reason=row.reason, at=row.at, meeting=encode("JointMeeting", later[0].id) if later else None,
                    meeting_title=later[0].title if later else "",
                )  # fmt: skip
        if "versions" in wanted:
            for text in await VersionRow.filter(response_id__in=keys).order_by("-number"):
                self.versions[text.response_id].append(
                    AnswerVersion(
                        number=text.number,
                        verdict=text.verdict,
                        reasons=text.reasons,
                        cost=text.cost,
                        reason=text.reason,
                        at=text.at,
                    )
                )

    async def of_viewer(
        self, viewer: Any, keys: list[int], subjects: list[int], adopted: list[int], wanted: Selection
    ) -> None:
        if "asked" in wanted:
            own = ProposalRow.filter(id__in=subjects, author_id=viewer.id).values_list("id", flat=True)
            backed = Support.filter(proposal_id__in=subjects, person_id=viewer.id)
            both = [*await own, *await backed.values_list("proposal_id", flat=True)]
            self.asked = {("proposal", int(str(key))) for key in both}
            if adopted:
                seats = Seat.filter(person_id=viewer.id, state="confirmed")
                sat = seats.filter(meeting__resolutions__motion_id__in=adopted)
                decided = await sat.values_list("meeting__resolutions__motion_id", flat=True)
                self.asked |= {("resolution", int(str(key))) for key in decided}
        if "myRating" in wanted and keys:
            mine = Rating.filter(response_id__in=keys, person_id=viewer.id)
            self.mine = dict(await mine.values_list("response_id", "stars"))
        if "mayAnswer" in wanted:
            self.departments = await departments_of(viewer)


async def _meetings_on(deadlines: list[DeadlineRow]) -> dict[int, list[Any]]:
    """Meetings that were convened on the proposals of some deadlines, by proposal, the first one first."""
    keys = [row.subject_id for row in deadlines if row.kind == "proposal"]
    found: dict[int, list[Any]] = defaultdict(list)
    if keys:
        rows = MeetingProposal.filter(proposal_id__in=keys, meeting__convened_at__isnull=False)
        rows = rows.exclude(meeting__state="cancelled").select_related("meeting")
        for row in await rows.order_by("meeting__convened_at", "meeting_id"):
            found[row.proposal_id].append(row.meeting)
    return found


async def departments_of(viewer: Any) -> set[int]:
    """The active departments for which somebody may answer today."""

    today = clock.today()
    rows = Membership.filter(
        Q(until_day__isnull=True) | Q(until_day__gte=today), person_id=viewer.id, from_day__lte=today,
        role__in=OFFICIAL_ROLES, party__kind="government", party__state="active",
    )  # fmt: skip
    return set(await rows.values_list("party_id", flat=True))  # type: ignore[arg-type]
