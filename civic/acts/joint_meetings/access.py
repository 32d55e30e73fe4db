"""Who may do what in a joint meeting, and what its acts share."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from civic.acts import notifications
from civic.acts.core import Actor, Record, note
from civic.acts.permissions import require_role, roles_in, the_party, the_person
from civic.errors import N_, Conflict, InvalidInput, InvalidState, NotAllowed, NotFound
from civic.models import JointMeeting, MeetingBloc, Motion, Party, Person, Seat
from civic.rules.joint_meetings import Bloc, Presence
from civic.rules.joint_meetings.quorum import presences
from civic.settings import settings


def record(meeting: JointMeeting, **payload: object) -> None:
    """Put it on the record of the meeting."""
    note(Record("joint_meeting", meeting.id, payload))


async def may_convene(actor: Actor, subject: object) -> None:
    """a manager or delegate of a party of a bloc that may convene (by default: of a department)"""
    party = the_party(actor)
    if party.kind not in settings().convening_blocs.split(","):
        raise NotAllowed(N_("A party of this bloc cannot convene a joint meeting."), reason="no_right")
    await require_role(actor, party, "manager", "delegate")


async def convener(actor: Actor, meeting: JointMeeting) -> None:
    """a manager or delegate of the party that convenes it"""
    await require_role(actor, await Party.get(id=meeting.convener_id), "manager", "delegate")


async def chair(actor: Actor, meeting: JointMeeting) -> None:
    """the chair"""
    if the_person(actor).id != meeting.chair_id:
        raise NotAllowed(N_("Only the chair of the meeting may do this."), reason="chair")


async def officer(actor: Actor, meeting: JointMeeting) -> None:
    """the chair or the secretary"""
    if the_person(actor).id not in (meeting.chair_id, meeting.secretary_id):
        raise NotAllowed(N_("Only the chair or the secretary of the meeting may do this."), reason="officer")


async def seated(actor: Actor, meeting: JointMeeting) -> None:
    """a delegate with a seat"""
    await seat_of(actor, meeting)


async def seat_of(actor: Actor, meeting: JointMeeting) -> Seat:
    """The seat of whoever acts. Raises NotSignedIn, NotAllowed ``not_seated``."""
    seat = await Seat.get_or_none(meeting_id=meeting.id, person_id=the_person(actor).id)
    if seat is None:
        raise NotAllowed(
            N_(
                "You have no seat in this meeting. Its delegates do this; you can follow it on the meeting's page."
            ),
            reason="not_seated",
        )
    return seat


async def present_seat(actor: Actor, meeting: JointMeeting) -> Seat:
    """The confirmed seat of whoever acts, who is there. Raises also InvalidState ``not_confirmed``, ``absent``."""
    seat = await seat_of(actor, meeting)
    if seat.state != "confirmed":
        raise InvalidState(N_("Confirm your seat first."), reason="not_confirmed")
    if not seat.present:
        raise InvalidState(N_("You are not checked in. Check in first."), reason="absent")
    return seat


async def find_seat(meeting: JointMeeting, number: int) -> Seat:
    """A seat by its number. Raises NotFound."""
    seat = await Seat.get_or_none(meeting_id=meeting.id, number=number)
    if seat is None:
        raise NotFound(N_("This meeting has no seat with this number."), field="seat", reason="unknown_seat")
    return seat


async def find_motion(meeting: JointMeeting, number: int) -> Motion:
    """A motion by its number. Raises NotFound."""
    motion = await Motion.get_or_none(meeting_id=meeting.id, number=number)
    if motion is None:
        raise NotFound(
            N_("This meeting has no motion with this number."), field="motion", reason="unknown_motion"
        )
    return motion


async def find_person(pseudonym: str, field: str) -> Person:
    """Somebody by their public pseudonym. Raises InvalidInput."""
    person = await Person.get_or_none(pseudonym=pseudonym.strip().lower(), deleted_at=None)
    if person is None:
        raise InvalidInput(
            N_("Nobody has this pseudonym. It stands on the person's own desk."),
            field=field,
            reason="unknown_person",
        )
    return person


async def take_seat(meeting: JointMeeting, seat: Seat, person: Person, field: str) -> None:
    """Invite somebody to a seat. Raises Conflict when they have one in this meeting."""
    if await Seat.filter(meeting_id=meeting.id, person_id=person.id).exclude(id=seat.id).exists():
        raise Conflict(N_("This person has a seat in this meeting already."), field=field, reason="seated")
    seat.person_id = person.id
    await seat.save()
    await tell([person.id], "joint_meeting.invited", meeting)


async def member(party_id: int | None, person: Person, *roles: str) -> bool:
    """Whether somebody has a role (any, or one of these) in a party today."""
    found = await roles_in(person, party_id) if party_id else set()
    return bool(found & set(roles)) if roles else bool(found)


async def blocs_of(meeting: JointMeeting) -> list[Bloc]:
    """The required blocs with their shares."""
    rows = await MeetingBloc.filter(meeting_id=meeting.id).order_by("id")
    return [Bloc(row.bloc, row.numerator, row.denominator) for row in rows]


async def quorum(meeting: JointMeeting) -> list[Presence]:
    """How each bloc stands now."""
    seats = await Seat.filter(meeting_id=meeting.id).values_list("bloc", "present")
    return presences(await blocs_of(meeting), [(str(bloc), bool(here)) for bloc, here in seats])


async def tell(people: Iterable[UUID | None], kind: str, meeting: JointMeeting, detail: str = "") -> None:
    """Tell people of it, each as they have chosen."""
    await notifications.tell(
        people, kind, subject="joint_meeting", subject_id=meeting.id, title=meeting.title, detail=detail
    )
