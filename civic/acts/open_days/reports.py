"""After the day: what those who came think of it, and the host's account, which closes it."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_bytes

from civic import clock
from civic.acts.core import SYSTEM, Actor, Record, act_on, note
from civic.acts.obligations.creating import Source, create
from civic.acts.open_days.hosts import host, the_day
from civic.acts.permissions import the_person
from civic.acts.responses.answering import Commitment
from civic.errors import N_, InvalidInput, NotAllowed
from civic.models import Area, OpenDay, OpenDayFeedback, OpenDayQuestion, Registration
from civic.rules import lifecycles
from civic.rules.charters import Side
from civic.rules.commitments import commit
from civic.rules.text import multiline

REPORT, WORD = 20_000, 1000
MOST_FOLLOW_UPS = 20


async def attended(actor: Actor, subject: Registration) -> None:
    """somebody who was there"""
    if subject.person_id is None or the_person(actor).id != subject.person_id or subject.state != "attended":
        raise NotAllowed(N_("Those who were there say what they think of the day."), reason="not_there")


@act_on(Registration, "open_day.rate", may=attended)
async def rate(actor: Actor, registration: Registration, *, stars: int, text: str = "") -> OpenDayFeedback:
    """Say what one thinks of the day; saying it again replaces it."""
    day = await the_day(registration)
    lifecycles.move("open_day", day.state, "rate")
    if not 1 <= stars <= 5:
        raise InvalidInput(N_("Give one to five stars."), field="stars", reason="stars")
    text = multiline(text, field="text", limit=WORD, least=0)
    row = await OpenDayFeedback.get_or_none(registration_id=registration.id) or OpenDayFeedback(
        registration=registration, open_day=day, salt=token_bytes(16)
    )
    row.stars, row.text, row.at = stars, text, clock.now()
    await row.save()
    note(Record("open_day", day.id, {"stars": stars}, anonymous=True))
    return row


@act_on(OpenDay, "open_day.report", may=host)
async def report(actor: Actor, day: OpenDay, *, text: str, follow_ups: Sequence[Commitment] = ()) -> OpenDay:
    """Close an open day with the host's account: numbers, answers, and what follows as obligations."""
    day.state = lifecycles.move("open_day", day.state, "report")
    day.report = multiline(text, field="text", limit=REPORT)
    day.reported_at = clock.now()
    if len(follow_ups) > MOST_FOLLOW_UPS:
        raise InvalidInput(
            N_("At most %(limit)s follow-ups."), field="follow_ups", reason="too_many", limit=MOST_FOLLOW_UPS
        )
    await Registration.filter(open_day_id=day.id, state="confirmed").update(state="no_show", current=None)
    await day.save()
    for follow_up in follow_ups:
        await _promise(day, follow_up)
    questions = OpenDayQuestion.filter(open_day_id=day.id)
    numbers = {
        "registered": day.registered,
        "attended": day.attended,
        "questions": await questions.exclude(state="hidden").count(),
        "answered": await questions.filter(state="answered").count(),
    }
    note(
        Record(
            "open_day", day.id,
            {
                "state": day.state, "text": commit(bytes(day.salt), day.report), "numbers": numbers,
                "follow_ups": len(follow_ups),
            },
        )
    )  # fmt: skip
    return day


async def _promise(day: OpenDay, follow_up: Commitment) -> None:
    """What follows is owed to the residents of the area."""
    area = await Area.get(id=day.area_id)
    await create(
        SYSTEM, party=day.host_id, to=Side(0, "residents", area.code, area.name), text=follow_up.text,
        due_on=follow_up.due_on, source=Source("open_day", day.id),
    )  # fmt: skip
