"""Minutes: drafted from what the platform knows, revised, signed or objected to by every seat, published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from secrets import token_bytes

from civic import clock
from civic.acts.core import Actor, act_on
from civic.acts.joint_meetings.access import officer, record, seat_of, seated, tell
from civic.acts.joint_meetings.facts import facts_of
from civic.acts.permissions import any_of, system, the_person
from civic.errors import N_, Conflict, InvalidInput, InvalidState
from civic.models import JointMeeting, Minutes, MinutesReply, Seat
from civic.rules import lifecycles
from civic.rules.commitments import commit, commit_fields
from civic.rules.joint_meetings import minutes as rules
from civic.rules.joint_meetings.minutes import Section
from civic.rules.text import multiline, one_line

SECTION, OBJECTION = 20_000, 4000


async def newest(meeting: JointMeeting, *, submitted: bool = False) -> Minutes:
    """The newest version, or the newest that the seats were asked to sign. Raises InvalidState ``no_minutes``."""
    rows = Minutes.filter(meeting_id=meeting.id).order_by("-number")
    found = await (rows.filter(submitted_at__isnull=False) if submitted else rows).first()
    if found is None:
        raise InvalidState(N_("There are no minutes yet."), reason="no_minutes")
    return found


def _not_published(meeting: JointMeeting) -> None:
    if meeting.state == "closed":
        raise InvalidState(
            N_(
                "The minutes are published; neither their text nor their order changes any more. "
                "Bring a correction up at the next meeting."
            ),
            reason="published",
        )


async def _write(
    actor: Actor, meeting: JointMeeting, number: int, sections: Sequence[Section], reason: str
) -> Minutes:
    salt = token_bytes(16)
    row = await Minutes.create(
        meeting=meeting, number=number, sections=[{"key": s.key, "zh": s.zh, "en": s.en} for s in sections],
        salt=salt, reason=reason, author=the_person(actor), at=clock.now(),
    )  # fmt: skip
    text = commit_fields(salt, {f"{i}.{s.key}": f"{s.zh}\n\n{s.en}" for i, s in enumerate(sections)})
    record(meeting, minutes=number, text=text)
    return row


@act_on(JointMeeting, "joint_meeting.draft_minutes", may=officer)
async def draft(actor: Actor, meeting: JointMeeting) -> Minutes:
    """Draft the minutes from what the platform knows."""
    _not_published(meeting)
    lifecycles.move("joint_meeting", meeting.state, "write")
    if await Minutes.filter(meeting_id=meeting.id).exists():
        raise Conflict(N_("The minutes are drafted already. Revise them."), reason="drafted")
    return await _write(actor, meeting, 1, rules.draft(await facts_of(meeting)), "")


@act_on(JointMeeting, "joint_meeting.revise_minutes", may=officer)
async def revise(actor: Actor, meeting: JointMeeting, *, sections: Sequence[Section], reason: str) -> Minutes:
    """Write a new version of the minutes, with a reason: other words, or another order of the sections."""
    _not_published(meeting)
    lifecycles.move("joint_meeting", meeting.state, "write")
    before = await newest(meeting)
    rules.check_order([s["key"] for s in before.sections], [s.key for s in sections])
    clean = [
        Section(
            s.key,
            multiline(s.zh, field="sections", limit=SECTION),
            multiline(s.en, field="sections", limit=SECTION),
        )
        for s in sections
    ]
    why = one_line(reason, field="reason", limit=500)
    if before.sections == [{"key": s.key, "zh": s.zh, "en": s.en} for s in clean]:
        raise InvalidInput(N_("This changes nothing."), field="sections", reason="no_change")
    return await _write(actor, meeting, before.number + 1, clean, why)


@act_on(JointMeeting, "joint_meeting.submit_minutes", may=officer)
async def submit(actor: Actor, meeting: JointMeeting) -> Minutes:
    """Ask every seat to sign the newest version, or to object, within the window."""
    _not_published(meeting)
    meeting.state = lifecycles.move("joint_meeting", meeting.state, "submit")
    row = await newest(meeting)
    if row.submitted_at is not None:
        raise InvalidState(
            N_("The seats have this version already. Write a new one first."), reason="submitted"
        )
    row.submitted_at = clock.now()
    row.until = meeting.review_until = clock.now() + timedelta(days=meeting.review_days)
    await row.save()
    await meeting.save()
    people = await Seat.filter(meeting_id=meeting.id, state="confirmed").values_list("person_id", flat=True)
    await tell(list(people), "joint_meeting.minutes", meeting)  # type: ignore[arg-type]
    record(
        meeting,
        state=meeting.state,
        minutes=row.number,
        until=row.until.isoformat(),
        seats=await signers(meeting),
    )
    return row


async def signers(meeting: JointMeeting) -> list[int]:
    """The numbers of the seats whose answer counts: all that are confirmed."""
    numbers = (
        await Seat.filter(meeting_id=meeting.id, state="confirmed")
        .order_by("number")
        .values_list("number", flat=True)
    )
    return [int(n) for n in numbers]  # type: ignore[call-overload]


async def standing(meeting: JointMeeting, version: Minutes) -> dict[int, str]:
    """How each seat stands to a version that was submitted."""
    replies = await MinutesReply.filter(minutes_id=version.id).values_list("seat__number", "answer")
    until = version.until or clock.now() + timedelta(days=1)
    return rules.standing(dict(replies), await signers(meeting), clock.now(), until)


@act_on(JointMeeting, "joint_meeting.sign_minutes", may=seated)
async def sign(actor: Actor, meeting: JointMeeting, version: int, *, objection: str = "") -> MinutesReply:
    """Sign the minutes for one's seat, or object to them; an objection stays attached."""
    _not_published(meeting)
    lifecycles.move("joint_meeting", meeting.state, "sign")
    seat = await seat_of(actor, meeting)
    if seat.state != "confirmed":
        raise InvalidState(N_("Confirm your seat first."), reason="not_confirmed")
    current = await newest(meeting, submitted=True)
    if current.number != version:
        raise InvalidState(
            N_("Another version is to be signed now. Read it, then answer."), reason="old_version"
        )
    if current.until is not None and clock.now() >= current.until:
        raise InvalidState(N_("The time to answer is over."), reason="window_over")
    if await MinutesReply.filter(minutes_id=current.id, seat_id=seat.id).exists():
        raise Conflict(N_("You have answered this version already."), reason="answered")
    text, salt = multiline(objection, field="objection", limit=OBJECTION, least=0), token_bytes(16)
    answer = "objected" if text else "signed"
    reply = await MinutesReply.create(
        minutes=current,
        seat=seat,
        person_id=seat.person_id,
        answer=answer,
        text=text,
        salt=salt,
        at=clock.now(),
    )
    said: dict[str, object] = {"text": commit(salt, text)} if text else {}
    record(meeting, minutes=version, seat=seat.number, answer=answer, **said)
    return reply


@act_on(JointMeeting, "joint_meeting.publish_minutes", may=any_of(officer, system))
async def publish(actor: Actor, meeting: JointMeeting) -> JointMeeting:
    """Publish the minutes when every seat has answered, or its silence has; that closes the meeting."""
    _not_published(meeting)
    meeting.state = lifecycles.move("joint_meeting", meeting.state, "publish")
    version = await newest(meeting, submitted=True)
    found = await standing(meeting, version)
    if not rules.answered(found):
        raise InvalidState(N_("Not every seat has answered, and the time is not over."), reason="awaiting")
    meeting.closed_at = clock.now()
    await meeting.save()
    how = {
        answer: [n for n, a in found.items() if a == answer] for answer in ("signed", "objected", "deemed")
    }
    record(meeting, state=meeting.state, minutes=version.number, **how)
    return meeting
