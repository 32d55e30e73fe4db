"""A meeting is drafted: what it is about, who sits in it, who is in the chair; then convened, or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from secrets import token_bytes

from civic import clock
from civic.acts import search
from civic.acts.core import Actor, act, act_on
from civic.acts.joint_meetings.access import blocs_of, convener, find_person, may_convene, record, tell
from civic.acts.permissions import the_party, the_person, within
from civic.acts.proposals import area_of
from civic.errors import N_, InvalidInput, InvalidState, NotAllowed
from civic.models import (
    AgendaItem,
    JointMeeting,
    MeetingBloc,
    MeetingProposal,
    Membership,
    Party,
    Proposal,
    Scenario,
    Seat,
)
from civic.rules import lifecycles
from civic.rules.commitments import commit_fields
from civic.rules.joint_meetings import RULES, Bloc
from civic.rules.joint_meetings.quorum import check_blocs
from civic.rules.text import multiline, one_line

TITLE, ABOUT, REASON = 200, 20_000, 500
MOST_SEATS = 2000
FILLED_BY = ("nomination", "ballot", "sortition")


@dataclass(frozen=True, slots=True)
class Seats:
    """``count`` seats of a party; or, without one, of residents, filled by one of FILLED_BY."""

    count: int
    party: int | None = None
    filled_by: str = "party"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a meeting is about, where and when. ``items_until``: parties may ask for items so long."""

    title: str
    about: str
    place: str
    starts_at: datetime
    link: str = ""
    items_until: datetime | None = None
    scenario: int | None = None
    proposals: tuple[int, ...] = ()
    rule: str = "concurrent"
    live_choices: bool = False
    review_days: int = 7


@act("joint_meeting.create", may=may_convene)
async def create(actor: Actor, *, area: str, plan: Plan, language: str = "zh-Hans") -> JointMeeting:
    """Begin to plan a joint meeting."""
    party, place = the_party(actor), await area_of(area)
    if not await within(place.id, party.area_id):
        raise NotAllowed(N_("This area is not covered by your party."), field="area", reason="other_area")
    meeting = JointMeeting(
        area=place, convener=party, author=the_person(actor), secretary=the_person(actor), salt=token_bytes(16),
        language=language, created_at=clock.now(),
    )  # fmt: skip
    await _fill(meeting, plan)
    record(meeting, state="draft")
    return meeting


@act_on(JointMeeting, "joint_meeting.edit", may=convener)
async def edit(actor: Actor, meeting: JointMeeting, *, plan: Plan) -> JointMeeting:
    """Change what the meeting is about, where and when, while it is a draft."""
    lifecycles.move("joint_meeting", meeting.state, "edit")
    await _fill(meeting, plan)
    record(meeting, state=meeting.state)
    return meeting


async def _fill(meeting: JointMeeting, plan: Plan) -> None:
    if plan.starts_at <= clock.now():
        raise InvalidInput(N_("Choose a time in the future."), field="starts_at", reason="past")
    items_until = plan.items_until or max(clock.now(), plan.starts_at - timedelta(days=1))
    if items_until > plan.starts_at:
        raise InvalidInput(
            N_("Items can be asked for until the meeting begins, not later."),
            field="items_until",
            reason="times",
        )
    if plan.rule not in RULES:
        raise InvalidInput(N_("There is no such decision rule."), field="rule", reason="unknown_rule")
    if not 1 <= plan.review_days <= 60:
        raise InvalidInput(
            N_("The seats have 1 to 60 days for the minutes."), field="review_days", reason="review_days"
        )
    if plan.scenario is not None and not await Scenario.filter(id=plan.scenario).exists():
        raise InvalidInput(N_("There is no such scenario."), field="scenario", reason="unknown_scenario")
    if await Proposal.filter(id__in=plan.proposals or (-1,)).count() != len(set(plan.proposals)):
        raise InvalidInput(N_("There is no such proposal."), field="proposals", reason="unknown_proposal")
    meeting.title = one_line(plan.title, field="title", limit=TITLE)
    meeting.about = multiline(plan.about, field="about", limit=ABOUT)
    meeting.place = one_line(plan.place, field="place", limit=200)
    meeting.link = _link(plan.link)
    meeting.starts_at, meeting.items_until = plan.starts_at, items_until
    meeting.scenario_id, meeting.rule = plan.scenario, plan.rule
    meeting.live_choices, meeting.review_days = plan.live_choices, plan.review_days
    await meeting.save()
    await MeetingProposal.filter(meeting_id=meeting.id).delete()
    for proposal in dict.fromkeys(plan.proposals):
        await MeetingProposal.create(meeting_id=meeting.id, proposal_id=proposal)


def _link(text: str) -> str:
    link = one_line(text, field="link", limit=500, least=0)
    if link and not link.startswith(("https://", "http://")):
        raise InvalidInput(N_("A link begins with https:// or http://."), field="link", reason="not_a_link")
    return link


@act_on(JointMeeting, "joint_meeting.set_seats", may=convener)
async def set_seats(
    actor: Actor, meeting: JointMeeting, *, blocs: Sequence[Bloc], seats: Sequence[Seats]
) -> JointMeeting:
    """Say which blocs must be there with which share of their seats, and how many seats each party has."""
    lifecycles.move("joint_meeting", meeting.state, "edit")
    check_blocs(blocs)
    if not all(s.count > 0 for s in seats) or sum(s.count for s in seats) > MOST_SEATS:
        raise InvalidInput(
            N_("A meeting has at least one seat for each that is named, and at most %(limit)s in all."),
            field="seats",
            reason="seats",
            limit=MOST_SEATS,
        )
    rows = await _seat_rows(meeting, seats)
    without = {b.bloc for b in blocs} - {row.bloc for row in rows}
    if without:
        raise InvalidInput(
            N_("A bloc that must be present needs at least one seat."),
            field="blocs",
            reason="bloc_without_seat",
        )
    await Seat.filter(meeting_id=meeting.id).delete()
    await MeetingBloc.filter(meeting_id=meeting.id).delete()
    await Seat.bulk_create(rows)
    for bloc in blocs:
        await MeetingBloc.create(
            meeting=meeting, bloc=bloc.bloc, numerator=bloc.numerator, denominator=bloc.denominator
        )
    record(meeting, seats=len(rows))
    return meeting


async def _seat_rows(meeting: JointMeeting, seats: Sequence[Seats]) -> list[Seat]:
    kinds = dict(
        await Party.filter(id__in=[s.party for s in seats if s.party] or [-1], state="active").values_list(
            "id", "kind"
        )
    )
    rows: list[Seat] = []
    for group in seats:
        if group.party is not None and group.party not in kinds:
            raise InvalidInput(N_("Only active parties have seats."), field="seats", reason="party_inactive")
        if group.party is None and group.filled_by not in FILLED_BY:
            raise InvalidInput(
                N_("Residents' seats are filled by nomination, by ballot or by sortition."),
                field="seats",
                reason="filled_by",
            )
        bloc = kinds[group.party] if group.party is not None else "residents"
        how = "party" if group.party is not None else group.filled_by
        rows += [
            Seat(meeting=meeting, number=len(rows) + i, bloc=bloc, party_id=group.party, filled_by=how)
            for i in range(1, group.count + 1)
        ]
    return rows


@act_on(JointMeeting, "joint_meeting.name_officers", may=convener)
async def name_officers(actor: Actor, meeting: JointMeeting, *, chair: str, secretary: str) -> JointMeeting:
    """Name the chair and the secretary, by their pseudonyms."""
    lifecycles.move("joint_meeting", meeting.state, "plan")
    one, two = await find_person(chair, "chair"), await find_person(secretary, "secretary")
    meeting.chair_id, meeting.secretary_id = one.id, two.id
    await meeting.save()
    await tell([one.id, two.id], "joint_meeting.officer", meeting)
    record(meeting, chair=one.pseudonym, secretary=two.pseudonym)
    return meeting


@act_on(JointMeeting, "joint_meeting.convene", may=convener)
async def convene(actor: Actor, meeting: JointMeeting) -> JointMeeting:
    """Convene the meeting: seats, quorum and decision rule stand from now on."""
    meeting.state = lifecycles.move("joint_meeting", meeting.state, "convene")
    blocs, seats = await blocs_of(meeting), await Seat.filter(meeting_id=meeting.id).order_by("number")
    if meeting.starts_at <= clock.now():
        raise InvalidInput(N_("Choose a time in the future."), field="starts_at", reason="past")
    missing = (
        (not seats or not blocs, "seats"),
        (meeting.chair_id is None or meeting.secretary_id is None, "officers"),
        (not await AgendaItem.filter(meeting_id=meeting.id, state="accepted").exists(), "agenda"),
    )
    for lacking, reason in missing:
        if lacking:
            raise InvalidState(
                N_("Before it is convened, a meeting needs seats, a chair, a secretary and an agenda."),
                reason=f"no_{reason}",
            )
    meeting.convened_at = clock.now()
    await meeting.save()
    await search.index("meeting", meeting.id, meeting.title, meeting.about)
    parties = {seat.party_id for seat in seats if seat.party_id}
    managers = await Membership.filter(
        party_id__in=list(parties) or [-1], role="manager", until_day=None
    ).values_list("person_id", flat=True)
    await tell(list(managers), "joint_meeting.convened", meeting)  # type: ignore[arg-type]
    record(
        meeting,
        state=meeting.state,
        text=commit_fields(bytes(meeting.salt), {"title": meeting.title, "about": meeting.about}),
        starts=meeting.starts_at.isoformat(),
        rule=meeting.rule,
        blocs={b.bloc: [b.numerator, b.denominator] for b in blocs},
        seats=_ranges(seats),
    )
    return meeting


def _ranges(seats: list[Seat]) -> list[list[object]]:
    """Seats as the ledger says them: first number, last number, bloc, party, how they are filled."""
    found: list[list[object]] = []
    for (bloc, party, how), group in groupby(seats, key=lambda s: (s.bloc, s.party_id, s.filled_by)):
        numbers = [seat.number for seat in group]
        found.append([numbers[0], numbers[-1], bloc, party, how])
    return found


@act_on(JointMeeting, "joint_meeting.cancel", may=convener)
async def cancel(actor: Actor, meeting: JointMeeting, *, reason: str) -> JointMeeting:
    """Cancel a meeting before it opens, with a public reason."""
    meeting.state = lifecycles.move("joint_meeting", meeting.state, "cancel")
    meeting.cancel_reason = one_line(reason, field="reason", limit=REASON)
    await meeting.save()
    invited = await Seat.filter(meeting_id=meeting.id, person_id__isnull=False).values_list(
        "person_id", flat=True
    )
    await tell(list(invited), "joint_meeting.cancelled", meeting, meeting.cancel_reason)  # type: ignore[arg-type]
    record(meeting, state=meeting.state)
    return meeting
