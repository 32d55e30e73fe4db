"""What people can do from the opening of a joint meeting to its published minutes."""

from __future__ import annotations

import strawberry

from civic.acts.joint_meetings import clauses, minutes, motions, session, votes
from civic.rules.joint_meetings.minutes import Section
from civic.schema.core.ids import decode_int
from civic.schema.joint_meetings import inputs as i
from civic.schema.joint_meetings.inputs import JointMeetingPayload, NumberPayload, key_of, numbered
from civic.schema.parties import Info


@strawberry.type
class Sitting:
    @strawberry.mutation(description="Open the session, as the chair.")
    async def open_session(self, info: Info, input: i.MeetingInput) -> JointMeetingPayload:
        return JointMeetingPayload.of(await session.open_(await info.context.actor(), key_of(input.meeting)))

    @strawberry.mutation(description="Note that a delegate is there; without a seat: oneself.")
    async def check_in_seat(self, info: Info, input: i.SeatInput) -> NumberPayload:
        row = await session.check_in(await info.context.actor(), key_of(input.meeting), input.seat)
        return numbered(input.meeting, row.number, row.state)

    @strawberry.mutation(description="Note that a delegate has left; without a seat: oneself.")
    async def check_out_seat(self, info: Info, input: i.SeatInput) -> NumberPayload:
        row = await session.check_out(await info.context.actor(), key_of(input.meeting), input.seat)
        return numbered(input.meeting, row.number, row.state)

    @strawberry.mutation(description="Call the next item, or the one named.")
    async def call_agenda_item(self, info: Info, input: i.ItemInput) -> NumberPayload:
        row = await session.call_item(await info.context.actor(), key_of(input.meeting), input.item)
        return numbered(input.meeting, row.position, row.state)

    @strawberry.mutation(description="Put oneself on the speakers' list.")
    async def ask_to_speak(self, info: Info, input: i.MeetingInput) -> JointMeetingPayload:
        row = await session.ask_to_speak(await info.context.actor(), key_of(input.meeting))
        return JointMeetingPayload(id=input.meeting, state=row.state)

    @strawberry.mutation(description="Take oneself off the speakers' list.")
    async def leave_speakers(self, info: Info, input: i.MeetingInput) -> JointMeetingPayload:
        row = await session.leave_speakers(await info.context.actor(), key_of(input.meeting))
        return JointMeetingPayload.of(row)

    @strawberry.mutation(description="Give the floor to the next on the list, or to the seat named.")
    async def give_floor(self, info: Info, input: i.SeatInput) -> JointMeetingPayload:
        row = await session.give_floor(await info.context.actor(), key_of(input.meeting), input.seat)
        return JointMeetingPayload(id=input.meeting, state=row.state)

    @strawberry.mutation(description="End a speech, as its speaker or the chair.")
    async def end_speech(self, info: Info, input: i.MeetingInput) -> JointMeetingPayload:
        row = await session.end_speech(await info.context.actor(), key_of(input.meeting))
        return JointMeetingPayload(id=input.meeting, state=row.state)

    @strawberry.mutation(description="Move something on the item under discussion.")
    async def move_motion(self, info: Info, input: i.MoveMotionInput) -> NumberPayload:
        row = await motions.move(await info.context.actor(), key_of(input.meeting), text=input.text)
        return numbered(input.meeting, row.number, row.state)

    @strawberry.mutation(description="Move an amendment: words that go, words that come.")
    async def move_amendment(self, info: Info, input: i.AmendInput) -> NumberPayload:
        row = await motions.amend_(
            await info.context.actor(), key_of(input.meeting), input.motion, strike=input.strike,
            insert=input.insert, why=input.why,
        )  # fmt: skip
        return numbered(input.meeting, row.number, row.state)

    @strawberry.mutation(description="Second a motion, from another bloc than its mover's.")
    async def second_motion(self, info: Info, input: i.MotionInput) -> NumberPayload:
        row = await motions.second(await info.context.actor(), key_of(input.meeting), input.motion)
        return numbered(input.meeting, row.number, row.state)

    @strawberry.mutation(description="Withdraw one's motion before it is voted on.")
    async def withdraw_motion(self, info: Info, input: i.MotionInput) -> NumberPayload:
        row = await motions.withdraw(await info.context.actor(), key_of(input.meeting), input.motion)
        return numbered(input.meeting, row.number, row.state)

    @strawberry.mutation(description="Fix another decision rule for a motion, before its first vote.")
    async def fix_decision_rule(self, info: Info, input: i.FixRuleInput) -> NumberPayload:
        row = await motions.fix_rule(
            await info.context.actor(), key_of(input.meeting), input.motion, rule=input.rule
        )
        return numbered(input.meeting, row.number, row.state)

    @strawberry.mutation(description="Name a duty in a motion: an obligation once it is adopted.")
    async def name_clause(self, info: Info, input: i.NameClauseInput) -> NumberPayload:
        party = decode_int(input.party, "Party", field="party")
        to = decode_int(input.counterpart, "Party", field="counterpart") if input.counterpart else None
        row = await clauses.name_clause(
            await info.context.actor(), key_of(input.meeting), input.motion, party=party, counterpart=to,
            text=input.text, due_on=input.due_on, evidence=input.evidence,
        )  # fmt: skip
        return numbered(input.meeting, row.number)

    @strawberry.mutation(description="Declare an interest and take no part in a motion.")
    async def recuse_from_motion(self, info: Info, input: i.RecuseInput) -> NumberPayload:
        await motions.recuse(
            await info.context.actor(), key_of(input.meeting), input.motion, interest=input.interest
        )
        return numbered(input.meeting, input.motion)

    @strawberry.mutation(description="Open the vote on a motion.")
    async def open_motion_vote(self, info: Info, input: i.MotionInput) -> NumberPayload:
        row = await votes.open_vote(await info.context.actor(), key_of(input.meeting), input.motion)
        return numbered(input.meeting, row.number, row.state)

    @strawberry.mutation(description="Vote on the motion whose vote is open, for one's seat.")
    async def cast_seat_vote(self, info: Info, input: i.SeatVoteInput) -> NumberPayload:
        version = await votes.vote(
            await info.context.actor(), key_of(input.meeting), input.motion, choice=input.choice,
            reasons=input.reasons,
        )  # fmt: skip
        return numbered(input.meeting, version, input.choice)

    @strawberry.mutation(description="Close the vote that is open, and say its result.")
    async def close_motion_vote(self, info: Info, input: i.MeetingInput) -> NumberPayload:
        row = await votes.close_vote(await info.context.actor(), key_of(input.meeting))
        return numbered(input.meeting, row.number, row.state)

    @strawberry.mutation(description="Put the reasons of one's no on the record.")
    async def record_dissent(self, info: Info, input: i.DissentInput) -> NumberPayload:
        await votes.dissent(
            await info.context.actor(), key_of(input.meeting), input.motion, reasons=input.reasons
        )
        return numbered(input.meeting, input.motion)

    @strawberry.mutation(description="End the session.")
    async def adjourn_joint_meeting(self, info: Info, input: i.MeetingInput) -> JointMeetingPayload:
        return JointMeetingPayload.of(
            await session.adjourn(await info.context.actor(), key_of(input.meeting))
        )

    @strawberry.mutation(description="Draft the minutes from what the platform knows.")
    async def draft_minutes(self, info: Info, input: i.MeetingInput) -> NumberPayload:
        row = await minutes.draft(await info.context.actor(), key_of(input.meeting))
        return numbered(input.meeting, row.number)

    @strawberry.mutation(description="Write a new version of the minutes, with a reason.")
    async def revise_minutes(self, info: Info, input: i.ReviseMinutesInput) -> NumberPayload:
        sections = [Section(s.key, s.zh, s.en) for s in input.sections]
        actor = await info.context.actor()
        row = await minutes.revise(actor, key_of(input.meeting), sections=sections, reason=input.reason)
        return numbered(input.meeting, row.number)

    @strawberry.mutation(description="Ask every seat to sign the newest version, or to object.")
    async def submit_minutes(self, info: Info, input: i.MeetingInput) -> NumberPayload:
        row = await minutes.submit(await info.context.actor(), key_of(input.meeting))
        return numbered(input.meeting, row.number)

    @strawberry.mutation(description="Sign the minutes for one's seat, or object.")
    async def sign_minutes(self, info: Info, input: i.SignMinutesInput) -> NumberPayload:
        row = await minutes.sign(
            await info.context.actor(), key_of(input.meeting), input.version, objection=input.objection
        )
        return numbered(input.meeting, input.version, row.answer)

    @strawberry.mutation(description="Publish the minutes when every seat has answered.")
    async def publish_minutes(self, info: Info, input: i.MeetingInput) -> JointMeetingPayload:
        return JointMeetingPayload.of(
            await minutes.publish(await info.context.actor(), key_of(input.meeting))
        )
