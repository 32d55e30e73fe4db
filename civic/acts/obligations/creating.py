"""How an obligation comes to be, and how each step of it is written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from secrets import token_bytes

from civic import clock
from civic.acts.core import Actor, Record, act, note
from civic.acts.permissions import system
from civic.models import Area, Ballot, Obligation, ObligationStep, OpenDayQuestion, Proposal, Resolution
from civic.rules.charters import Side
from civic.rules.commitments import commit
from civic.rules.text import multiline, one_line

TEXT, WANTED = 2000, 500


@dataclass(frozen=True, slots=True)
class Source:
    """What an obligation comes from: ``kind`` (response, charter, resolution, open_day) and its number there."""

    kind: str
    id: int
    response: int | None = None
    charter: int | None = None
    clause: int | None = None
    number: int = 0  # of the clause
    occurrence: int = 0
    again: bool = False  # the next one is made when this one's day has come


@act("obligation.create", may=system)
async def create(
    actor: Actor, *, party: int, to: Side, text: str, due_on: date, source: Source, wanted: str = ""
) -> Obligation:
    """Note a duty that falls due once: who owes it to whom, by when. Other acts call this."""
    area = await Area.get(code=to.area) if to.area else None
    obligation = await Obligation.create(
        party_id=party,
        counterpart_id=to.party or None,
        counterpart_bloc=to.bloc,
        counterpart_area=area,
        response_id=source.response,
        charter_id=source.charter,
        clause_id=source.clause,
        source_kind=source.kind,
        source_id=source.id,
        occurrence=source.occurrence,
        text=multiline(text, field="text", limit=TEXT),
        salt=token_bytes(16),
        wanted=one_line(wanted, field="evidence", limit=WANTED, least=0),
        due_on=due_on,
        created_at=clock.now(),
        again_on=due_on if source.again else None,
    )
    came: dict[str, object] = {"kind": source.kind, "id": source.id}
    if source.number:
        came |= {"clause": source.number, "occurrence": source.occurrence}
    record(
        obligation,
        {
            "party": party,
            "to": {"party": to.party} if to.party else {"bloc": to.bloc, "area": to.area},
            "due": due_on.isoformat(),
            "source": came,
            "text": commit(bytes(obligation.salt or b""), obligation.text),
        },
    )
    return obligation


def record(obligation: Obligation, payload: dict[str, object]) -> None:
    note(Record("obligation", obligation.id, {"state": obligation.state, **payload}))


async def step(actor: Actor, obligation: Obligation, kind: str, text: str = "") -> tuple[ObligationStep, str]:
    """Write down what happened, and save. Gives the step and the commitment to its words."""
    step = await ObligationStep.create(
        obligation=obligation,
        kind=kind,
        party=actor.party,
        person=actor.person,
        text=text,
        salt=token_bytes(16),
        at=clock.now(),
    )
    await obligation.save()
    return step, commit(bytes(step.salt), text)


async def residents_of(kind: str, subject_id: int) -> Side:
    """To whom a promise about a proposal, a ballot, a question or a resolution is owed: the residents of its area."""
    if kind == "resolution":
        area = (await Resolution.get(motion_id=subject_id).select_related("meeting__area")).meeting.area
        return Side(0, "residents", area.code, area.name)
    if kind == "question":
        question = await OpenDayQuestion.get(id=subject_id).select_related("open_day__area")
        area = question.open_day.area
        return Side(0, "residents", area.code, area.name)
    subject = await (Proposal if kind == "proposal" else Ballot).get(id=subject_id).select_related("area")
    return Side(0, "residents", subject.area.code, subject.area.name)
