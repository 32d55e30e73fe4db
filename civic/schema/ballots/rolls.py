"""Uploaded rolls in the API: taken over, shown, objected to and corrected; and how the viewer stands to a vote."""

from __future__ import annotations

from datetime import datetime
from typing import cast

import strawberry
from starlette.datastructures import UploadFile
from strawberry.file_uploads import Upload

from civic.acts import ballots
from civic.acts.permissions import roles_in
from civic.i18n import render
from civic.models import Ballot as BallotRow
from civic.models import Roll as RollRow
from civic.models import RollChallenge
from civic.rules.rolls import RollFile, plain_weight
from civic.schema.core.context import Context
from civic.schema.core.ids import decode_int, encode
from civic.schema.people import Info

HOSTS = {"manager", "delegate"}
SHOWN = 50


@strawberry.input
class RollFileInput:
    ballot: strawberry.ID
    as_party: strawberry.ID
    file: Upload = strawberry.field(
        description="CSV in UTF-8 with the column 证件号码 (document_number) and, if wanted, 权重 (weight)."
    )


@strawberry.input
class CorrectRollInput:
    ballot: strawberry.ID
    as_party: strawberry.ID
    document_number: str
    weight: str = strawberry.field(default="", description="As a decimal, where the roll has weights.")
    remove: bool = False


@strawberry.input
class ChallengeRollInput:
    ballot: strawberry.ID
    about: str = strawberry.field(description="missing, weight or other.")
    text: str = strawberry.field(description="Read by the host only; the record holds a salted hash.")


@strawberry.input
class DecideChallengeInput:
    ballot: strawberry.ID
    as_party: strawberry.ID
    challenge: strawberry.ID
    accept: bool
    answer: str
    weight: str = strawberry.field(
        default="", description="Of whoever is missing or has a wrong weight, when it is accepted."
    )


@strawberry.type(description="A line of a file that cannot be taken over. What stood in it is not repeated.")
class RefusedLine:
    line: int
    message: str


@strawberry.type(description="What a file holds. Nothing of it is kept.")
class RollReport:
    lines: int
    weight: str | None = strawberry.field(description="Of all good lines together; null without weights.")
    wrong: int = strawberry.field(description="Lines that are wrong; with one of them nothing is taken over.")
    refused: list[RefusedLine] = strawberry.field(description="The first fifty of them.")

    @classmethod
    def of(cls, file: RollFile, language: str) -> RollReport:
        return cls(
            lines=file.rows, weight=plain_weight(file.weight) if file.weighted else None, wrong=file.wrong,
            refused=[RefusedLine(line=r.line, message=render(r.error, language)) for r in file.refused[:SHOWN]],
        )  # fmt: skip


@strawberry.type(description="What somebody says against a roll. Shown to them and to the host.")
class RollObjection:
    id: strawberry.ID
    about: str
    text: str
    state: str = strawberry.field(
        description="open, accepted, rejected, or lapsed: voting opened before it was decided."
    )
    answer: str
    at: datetime
    person: str = strawberry.field(description="The name of who says so.")


@strawberry.type(description="The uploaded roll of a ballot as a whole. Its lines are shown to nobody.")
class BallotRoll:
    lines: int
    weight: str | None = strawberry.field(description="Of all together; null without weights.")
    sha256: str = strawberry.field(
        description="Of the roll as it is now; on the record with each correction and at the opening."
    )
    announced: str = strawberry.field(description="Of the roll as it was announced; empty before.")
    corrections: int
    objections: int
    undecided: int = strawberry.field(description="Objections that are open, or that nobody decided in time.")
    row: strawberry.Private[BallotRow]

    @strawberry.field(
        description="Objections: the viewer's own, and all of them for the host; the oldest first."
    )
    async def challenges(self, info: Info) -> list[RollObjection]:
        viewer = info.context.viewer
        if viewer is None:
            return []
        rows = RollChallenge.filter(ballot_id=self.row.id).select_related("person")
        if not await roles_in(viewer, self.row.host_id) & HOSTS:
            rows = rows.filter(person_id=viewer.id)
        return [
            RollObjection(
                id=encode("RollChallenge", r.id), about=r.about, text=r.text, state=r.state, answer=r.answer,
                at=r.at, person=r.person.name,
            )
            for r in await rows.order_by("id").limit(200)
        ]  # fmt: skip


@strawberry.type(description="Whether the viewer may vote once it is open, and with which weight.")
class BallotStanding:
    lacks: str | None = strawberry.field(description="Why not; null when they may.")
    reason: str | None = strawberry.field(description="The same as a stable code.")
    weight: str | None = strawberry.field(description="Of the viewer's vote; null without weights.")
    shared_by: int | None = strawberry.field(
        description="How many on the roll have this weight, the viewer among them. Papers are published with weights."
    )


async def _visible(key: strawberry.ID, context: Context) -> BallotRow | None:
    row = await BallotRow.get_or_none(id=decode_int(key, "Ballot"))
    if row is not None and row.state == "draft":
        viewer = context.viewer
        if viewer is None or not await roles_in(viewer, row.host_id) & HOSTS:
            return None
    return row


@strawberry.type
class RollQuery:
    @strawberry.field(description="The uploaded roll of a ballot; null where it has none.")
    async def ballot_roll(self, info: Info, ballot: strawberry.ID) -> BallotRoll | None:
        row = await _visible(ballot, info.context)
        roll = await RollRow.get_or_none(ballot_id=row.id) if row else None
        if row is None or roll is None:
            return None
        said = RollChallenge.filter(ballot_id=row.id)
        return BallotRoll(
            lines=roll.lines, weight=plain_weight(roll.weight) if row.weighted else None, sha256=roll.sha256,
            announced=roll.announced, corrections=roll.corrections, objections=await said.count(),
            undecided=await said.filter(state__in=["open", "lapsed"]).count(), row=row,
        )  # fmt: skip

    @strawberry.field(
        description="How the viewer stands to a ballot that is announced or open; null to guests and else."
    )
    async def ballot_standing(self, info: Info, ballot: strawberry.ID) -> BallotStanding | None:
        row, viewer = await _visible(ballot, info.context), info.context.viewer
        if row is None or viewer is None or row.state not in ("announced", "open"):
            return None
        found = await ballots.standing(row, viewer)
        return BallotStanding(
            lacks=render(found.lacks, info.context.language) if found.lacks else None,
            reason=found.lacks.reason if found.lacks else None,
            weight=plain_weight(found.weight) if found.weight is not None else None, shared_by=found.shared_by,
        )  # fmt: skip


async def _examined(info: Info, input: RollFileInput) -> tuple[int, RollFile]:
    """The ballot, and what the file holds, read only for who may upload it."""
    key, actor = decode_int(input.ballot, "Ballot", field="ballot"), await info.context.actor(input.as_party)
    sent = cast("UploadFile", input.file)
    return key, await ballots.preview(actor, key, await sent.read())


@strawberry.type
class RollPayload:
    id: strawberry.ID
    lines: int


@strawberry.type
class RollMutation:
    @strawberry.mutation(
        description="Read the file of a roll and say what is wrong with it. Nothing is kept."
    )
    async def check_roll(self, info: Info, input: RollFileInput) -> RollReport:
        _, file = await _examined(info, input)
        return RollReport.of(file, info.context.language)

    @strawberry.mutation(
        description="Take over the roll of a draft from a file, whole or not at all; it replaces an earlier one."
    )
    async def upload_roll(self, info: Info, input: RollFileInput) -> RollPayload:
        key, file = await _examined(info, input)
        roll = await ballots.upload(await info.context.actor(input.as_party), key, file=file)
        return RollPayload(id=input.ballot, lines=roll.lines)

    @strawberry.mutation(description="Correct one line of an announced roll before voting opens.")
    async def correct_roll(self, info: Info, input: CorrectRollInput) -> RollPayload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        roll = await ballots.correct(
            await info.context.actor(input.as_party), key, document_number=input.document_number,
            weight=input.weight, remove=input.remove,
        )  # fmt: skip
        return RollPayload(id=input.ballot, lines=roll.lines)

    @strawberry.mutation(description="Object to an announced roll before voting opens.")
    async def challenge_roll(self, info: Info, input: ChallengeRollInput) -> RollObjectionPayload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        row = await ballots.challenge(await info.context.actor(), key, about=input.about, text=input.text)
        return RollObjectionPayload(id=encode("RollChallenge", row.id), state=row.state)

    @strawberry.mutation(description="Decide on an objection to a roll, as its host.")
    async def decide_challenge(self, info: Info, input: DecideChallengeInput) -> RollObjectionPayload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        row = await ballots.decide(
            await info.context.actor(input.as_party), key, accept=input.accept, answer=input.answer, weight=input.weight,
            challenge=decode_int(input.challenge, "RollChallenge", field="challenge"),
        )  # fmt: skip
        return RollObjectionPayload(id=input.challenge, state=row.state)


@strawberry.type
class RollObjectionPayload:
    id: strawberry.ID
    state: str
