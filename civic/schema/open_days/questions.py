"""What a question to the hosts looks like."""

from __future__ import annotations

from datetime import datetime

import strawberry

from civic.models import Deadline, QuestionSupport
from civic.models import OpenDayQuestion as QuestionRow
from civic.schema.core.context import Context
from civic.schema.core.ids import encode
from civic.schema.parties import Party
from civic.schema.people import Person

Info = strawberry.Info[Context, None]


@strawberry.type(description="A question to the hosts.")
class OpenDayQuestion:
    id: strawberry.ID
    author: Person | None
    body: str = strawberry.field(description="Empty when hidden, as are the author and the answer then.")
    state: str = strawberry.field(description="open, answered or hidden.")
    supports: int
    supported: bool = strawberry.field(description="Whether the viewer supports it.")
    mine: bool
    answer: str = strawberry.field(description="Markdown.")
    answered_at: datetime | None
    answered_by: Party | None
    due_at: datetime | None = strawberry.field(description="Until when the hosts owe an answer.")
    hidden_reason: str
    proposal: strawberry.ID | None = strawberry.field(description="The proposal that it was carried into.")
    at: datetime


async def shown(info: Info, rows: list[QuestionRow]) -> list[OpenDayQuestion]:
    """These questions as the viewer may see them: of a hidden one only why it was hidden."""
    viewer = info.context.viewer
    keys = [row.id for row in rows]
    supported: set[int] = set()
    if viewer is not None and keys:
        found = QuestionSupport.filter(person_id=viewer.id, question_id__in=keys)
        supported = set(await found.values_list("question_id", flat=True))  # type: ignore[arg-type]
    deadlines = Deadline.filter(kind="question", subject_id__in=keys) if keys else None
    due = dict(await deadlines.values_list("subject_id", "due_at")) if deadlines else {}
    return [
        _one(row, supported=row.id in supported, mine=viewer is not None and row.author_id == viewer.id, due=due.get(row.id))
        for row in rows
    ]  # fmt: skip


def _one(row: QuestionRow, *, supported: bool, mine: bool, due: datetime | None) -> OpenDayQuestion:
    """A question; a hidden one without its author, its words and the answer, which may repeat them."""
    hidden = row.state == "hidden"
    return OpenDayQuestion(
        id=encode("OpenDayQuestion", row.id), author=Person.of(row.author) if row.author and not hidden else None,
        body="" if hidden else row.body, state=row.state, supports=row.supports, supported=supported, mine=mine,
        answer="" if hidden else row.answer, answered_at=row.answered_at,
        answered_by=Party.of(row.answered_by) if row.answered_by else None, due_at=None if hidden else due,
        hidden_reason=row.hidden_reason,
        proposal=encode("Proposal", row.proposal_id) if row.proposal_id and not hidden else None, at=row.at,
    )  # fmt: skip
