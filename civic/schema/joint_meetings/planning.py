"""What people can do before a joint meeting opens."""

from __future__ import annotations

from typing import cast

import strawberry
from starlette.datastructures import UploadFile

from civic.acts import files
from civic.acts.joint_meetings import agenda, planning, seats, sortition
from civic.rules.joint_meetings import Bloc
from civic.schema.core.ids import decode_int
from civic.schema.joint_meetings import inputs as i
from civic.schema.joint_meetings.inputs import JointMeetingPayload, NumberPayload, key_of, numbered
from civic.schema.parties import Info


def _plan(given: i.MeetingPlanInput) -> planning.Plan:
    scenario = decode_int(given.scenario, "Scenario", field="scenario") if given.scenario else None
    return planning.Plan(
        title=given.title, about=given.about, place=given.place, starts_at=given.starts_at, link=given.link,
        items_until=given.items_until, scenario=scenario,
        proposals=tuple(decode_int(p, "Proposal", field="proposals") for p in given.proposals if p),
        rule=given.rule, live_choices=given.live_choices, review_days=given.review_days,
    )  # fmt: skip


@strawberry.type
class Planning:
    @strawberry.mutation(description="Begin to plan a joint meeting, for a party that may convene one.")
    async def create_joint_meeting(self, info: Info, input: i.CreateJointMeetingInput) -> JointMeetingPayload:
        actor = await info.context.actor(input.as_party)
        row = await planning.create(actor, area=input.area, plan=_plan(input), language=info.context.language)
        return JointMeetingPayload.of(row)

    @strawberry.mutation(description="Change the plan of a meeting that is a draft.")
    async def edit_joint_meeting(self, info: Info, input: i.EditJointMeetingInput) -> JointMeetingPayload:
        actor = await info.context.actor(input.as_party)
        return JointMeetingPayload.of(await planning.edit(actor, key_of(input.meeting), plan=_plan(input)))

    @strawberry.mutation(description="Say which blocs must be there, and who has how many seats.")
    async def set_meeting_seats(self, info: Info, input: i.SetMeetingSeatsInput) -> JointMeetingPayload:
        parties = [
            planning.Seats(p.seats, decode_int(p.party, "Party", field="seats"))
            for p in input.parties
            if p.seats
        ]
        residents = [planning.Seats(r.seats, filled_by=r.filled_by) for r in input.residents if r.seats]
        blocs = [Bloc(b.bloc, b.numerator, b.denominator) for b in input.blocs if b.numerator]
        actor = await info.context.actor(input.as_party)
        row = await planning.set_seats(
            actor, key_of(input.meeting), blocs=blocs, seats=[*parties, *residents]
        )
        return JointMeetingPayload.of(row)

    @strawberry.mutation(description="Name the chair and the secretary.")
    async def name_meeting_officers(self, info: Info, input: i.NameOfficersInput) -> JointMeetingPayload:
        actor = await info.context.actor(input.as_party)
        row = await planning.name_officers(
            actor, key_of(input.meeting), chair=input.chair, secretary=input.secretary
        )
        return JointMeetingPayload.of(row)

    @strawberry.mutation(description="Convene the meeting; seats, quorum and rule stand from now on.")
    async def convene_joint_meeting(self, info: Info, input: i.MeetingInput) -> JointMeetingPayload:
        actor = await info.context.actor(input.as_party)
        return JointMeetingPayload.of(await planning.convene(actor, key_of(input.meeting)))

    @strawberry.mutation(description="Cancel a meeting before it opens.")
    async def cancel_joint_meeting(self, info: Info, input: i.ReasonInput) -> JointMeetingPayload:
        actor = await info.context.actor(input.as_party)
        return JointMeetingPayload.of(
            await planning.cancel(actor, key_of(input.meeting), reason=input.reason)
        )

    @strawberry.mutation(description="Put an item on the agenda, as convener or chair.")
    async def add_agenda_item(self, info: Info, input: i.AgendaItemInput) -> NumberPayload:
        actor = await info.context.actor(input.as_party)
        row = await agenda.add_item(actor, key_of(input.meeting), title=input.title, body=input.body)
        return numbered(input.meeting, row.position, row.state)

    @strawberry.mutation(description="Attach a document to an item, as convener or chair.")
    async def attach_to_item(self, info: Info, input: i.AttachToItemInput) -> NumberPayload:
        actor, sent = await info.context.actor(input.as_party), cast("UploadFile", input.file)
        file = await files.store(sent.filename or "", await sent.read())
        await agenda.attach(actor, key_of(input.meeting), input.item, file=file)
        return numbered(input.meeting, input.item)

    @strawberry.mutation(description="Give an item another place.")
    async def move_agenda_item(self, info: Info, input: i.MoveItemInput) -> NumberPayload:
        actor = await info.context.actor(input.as_party)
        row = await agenda.move_item(actor, key_of(input.meeting), input.item, to=input.to)
        return numbered(input.meeting, row.position, row.state)

    @strawberry.mutation(description="Ask for an item, for a seated party, until the cut-off.")
    async def request_agenda_item(self, info: Info, input: i.AgendaItemInput) -> NumberPayload:
        actor = await info.context.actor(input.as_party)
        row = await agenda.request_item(actor, key_of(input.meeting), title=input.title, body=input.body)
        return numbered(input.meeting, row.position, row.state)

    @strawberry.mutation(description="Accept or refuse an item that a party asks for.")
    async def decide_agenda_item(self, info: Info, input: i.DecideItemInput) -> NumberPayload:
        row = await agenda.decide_item(
            await info.context.actor(),
            key_of(input.meeting),
            input.item,
            accept=input.accept,
            reason=input.reason,
        )
        return numbered(input.meeting, row.position, row.state)

    @strawberry.mutation(description="Name the delegate of a seat.")
    async def name_delegate(self, info: Info, input: i.NameDelegateInput) -> NumberPayload:
        actor = await info.context.actor(input.as_party)
        row = await seats.name_delegate(actor, key_of(input.meeting), input.seat, person=input.person)
        return numbered(input.meeting, row.number, row.state)

    @strawberry.mutation(description="Seat somebody whom a certified ballot has elected.")
    async def seat_elected(self, info: Info, input: i.SeatElectedInput) -> NumberPayload:
        ballot = decode_int(input.ballot, "Ballot", field="ballot")
        row = await seats.seat_elected(
            await info.context.actor(input.as_party), key_of(input.meeting), input.seat, ballot=ballot,
            option=input.option, person=input.person,
        )  # fmt: skip
        return numbered(input.meeting, row.number, row.state)

    @strawberry.mutation(description="Confirm that one takes one's seat.")
    async def confirm_seat(self, info: Info, input: i.MeetingInput) -> NumberPayload:
        row = await seats.confirm(await info.context.actor(), key_of(input.meeting))
        return numbered(input.meeting, row.number, row.state)

    @strawberry.mutation(description="Give one's seat back.")
    async def decline_seat(self, info: Info, input: i.MeetingInput) -> NumberPayload:
        row = await seats.decline(await info.context.actor(), key_of(input.meeting))
        return numbered(input.meeting, row.number, row.state)

    @strawberry.mutation(description="Send somebody else of the party instead.")
    async def send_substitute(self, info: Info, input: i.NameDelegateInput) -> NumberPayload:
        actor = await info.context.actor(input.as_party)
        row = await seats.substitute(actor, key_of(input.meeting), input.seat, person=input.person)
        return numbered(input.meeting, row.number, row.state)

    @strawberry.mutation(description="Call for residents who want to be drawn for a seat.")
    async def call_volunteers(self, info: Info, input: i.CallVolunteersInput) -> JointMeetingPayload:
        actor = await info.context.actor(input.as_party)
        row = await sortition.call_volunteers(
            actor, key_of(input.meeting), closes_at=input.closes_at, area=input.area
        )
        return JointMeetingPayload(id=input.meeting, state=row.state)

    @strawberry.mutation(description="Put one's name into the draw.")
    async def volunteer_for_seat(self, info: Info, input: i.MeetingInput) -> JointMeetingPayload:
        await sortition.volunteer(await info.context.actor(), key_of(input.meeting))
        return JointMeetingPayload(id=input.meeting, state="open")

    @strawberry.mutation(description="Take one's name out of the draw.")
    async def withdraw_volunteer(self, info: Info, input: i.MeetingInput) -> JointMeetingPayload:
        await sortition.withdraw(await info.context.actor(), key_of(input.meeting))
        return JointMeetingPayload(id=input.meeting, state="open")
