"""Reading what awaits an answer, what was answered, and how well."""

from __future__ import annotations

from collections import defaultdict
from enum import Enum
from fractions import Fraction

import strawberry

from civic import db
from civic.models import Deadline as DeadlineRow
from civic.models import Escalation as EscalationRow
from civic.models import Obligation as ObligationRow
from civic.models import Party as PartyRow
from civic.models import Response as ResponseRow
from civic.rules.responses import Asked, score
from civic.schema.core.connections import Connection, page_of
from civic.schema.core.context import Context
from civic.schema.core.ids import decode_int, register_node, whole
from civic.schema.core.lookahead import Everything, selection
from civic.schema.people import Info, Party
from civic.schema.responses.types import Answer, departments_of
from civic.settings import settings


@strawberry.enum(
    description="AWAITING: the nearest day first, so what is overdue leads. ANSWERED: the newest first."
)
class AnswerState(Enum):
    AWAITING = "awaiting"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    ESCALATED = "escalated"


@strawberry.type(description="A part of a whole, in whole numbers.")
class Part:
    part: int
    whole: int


@strawberry.type(description="How a department answers.")
class DepartmentScore:
    department: Party
    answered: int
    awaiting: int
    overdue: int
    on_time: Part = strawberry.field(
        description="Of all that was answered or is overdue: answered by its day."
    )
    median_days: str | None = strawberry.field(description="Working days to an answer: 12, or 12.5.")
    escalated: Part = strawberry.field(description="Answers that those who asked took to a joint meeting.")
    satisfaction: str | None = strawberry.field(description="Mean of the stars, with one digit: 3.7.")
    ratings: int
    kept: Part = strawberry.field(description="Promises kept, of those that were due.")


def exact(value: Fraction | None, digits: int = 1) -> str | None:
    """A fraction with a digit, rounded half up; whole numbers without."""
    if value is None:
        return None
    if value.denominator == 1:
        return str(value.numerator)
    scaled = (value * 10**digits * 2 + 1) // 2
    return f"{scaled // 10**digits}.{scaled % 10**digits:0{digits}d}"


async def one(info: Info, key: int) -> Answer | None:
    row = await DeadlineRow.get_or_none(id=key).select_related("department")
    return (await Answer.of_many(info.context, [row], selection(info)))[0] if row else None


async def _load(context: Context, key: str) -> Answer | None:
    row = await DeadlineRow.get_or_none(id=whole(key)).select_related("department")
    if row is None:
        return None
    return (await Answer.of_many(context, [row], Everything()))[0]


register_node("Deadline", _load)


@strawberry.type
class Query:
    @strawberry.field(description="One deadline with its answer.")
    async def response(self, info: Info, id: strawberry.ID) -> Answer | None:
        return await one(info, decode_int(id, "Deadline"))

    @strawberry.field(
        description="What departments have to answer, or answered. `mine`: of the viewer's departments only."
    )
    async def responses(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        state: AnswerState = AnswerState.AWAITING,
        department: strawberry.ID | None = None,
        mine: bool = False,
    ) -> Connection[Answer]:
        rows = DeadlineRow.filter(answered_at__isnull=state in (AnswerState.AWAITING, AnswerState.OVERDUE))
        order = [("answered_at", "desc"), ("id", "desc")]
        if state in (AnswerState.AWAITING, AnswerState.OVERDUE):
            rows, order = rows.filter(ended=""), [("due_at", "asc"), ("id", "asc")]
        if state is AnswerState.OVERDUE:
            rows = rows.filter(due_at__lt=info.context.now)
        if state is AnswerState.ESCALATED:
            rows = rows.filter(response__escalation__id__isnull=False)
        if department:
            rows = rows.filter(department_id=decode_int(department, "Party", field="department"))
        if mine:
            rows = rows.filter(department_id__in=await departments_of(info.context.signed_in()) or [-1])
        page = page_of(first, after, last, before)
        found = await page.rows(rows.select_related("department"), order)
        answers = await Answer.of_many(info.context, found.rows, selection(info).nodes)
        nodes = {row.id: answer for row, answer in zip(found.rows, answers, strict=True)}
        return found.connection(lambda row: nodes[row.id], total=rows.count)

    @strawberry.field(
        description="The fifty nearest that departments have to answer, or (`open: false`) newest that they answered."
    )
    async def answers(
        self, info: Info, open: bool = True, department: strawberry.ID | None = None
    ) -> list[Answer]:
        rows = DeadlineRow.filter(answered_at__isnull=open, ended="")
        if department:
            rows = rows.filter(department_id=decode_int(department, "Party", field="department"))
        rows = rows.select_related("department").order_by("due_at" if open else "-answered_at")
        return await Answer.of_many(info.context, await rows.limit(50), selection(info))

    @strawberry.field(description="Active departments, by name: to whom a question can be passed on.")
    async def departments(self) -> list[Party]:
        rows = PartyRow.filter(kind="government", state="active").order_by("name", "id")
        return [Party.of(row) for row in await rows.limit(500)]

    @strawberry.field(description="How departments answer, the one with most to answer first.")
    async def scoreboard(self, info: Info) -> list[DepartmentScore]:
        items = await _items()
        promises: dict[int, list[tuple[str, object]]] = defaultdict(list)
        for party, state, day in await ObligationRow.filter(response_id__isnull=False).values_list(
            "party_id", "state", "due_on"
        ):
            promises[party].append((state, day))
        parties = await PartyRow.filter(id__in=list(items)) if items else []
        scores = [
            (party, score(items[party.id], promises[party.id], info.context.now, settings().zone))  # type: ignore[arg-type]
            for party in parties
        ]
        scores.sort(key=lambda pair: (-(pair[1].answered + pair[1].awaiting), pair[0].id))
        return [
            DepartmentScore(
                department=Party.of(party), answered=s.answered, awaiting=s.awaiting, overdue=s.overdue,
                on_time=Part(part=s.on_time[0], whole=s.on_time[1]), median_days=exact(s.median_days),
                escalated=Part(part=s.escalated[0], whole=s.escalated[1]), satisfaction=exact(s.satisfaction),
                ratings=s.ratings, kept=Part(part=s.kept[0], whole=s.kept[1]),
            )
            for party, s in scores
        ]  # fmt: skip


async def _items() -> dict[int, list[Asked]]:
    """All that departments were asked, by department: four statements."""
    taken = set(await EscalationRow.all().values_list("response_id", flat=True))
    stars: dict[int, list[int]] = defaultdict(list)
    for row in await db.fetch("SELECT response_id, stars FROM rating"):
        stars[row["response_id"]].append(row["stars"])
    answers = {
        deadline: (key, verdict)
        for deadline, key, verdict in await ResponseRow.all().values_list("deadline_id", "id", "verdict")
    }
    found: dict[int, list[Asked]] = defaultdict(list)
    rows = DeadlineRow.filter(ended="").values_list(
        "id", "department_id", "started_at", "due_at", "answered_at"
    )
    for key, department, started, due, answered in await rows:
        response, verdict = answers.get(key, (0, ""))
        found[department].append(
            Asked(
                started, due, answered, verdict == "transferred", response in taken, stars.get(response, ())
            )
        )
    return found
