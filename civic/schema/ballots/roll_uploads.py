"""A roll that is read in the background: sent, followed, and taken over when it is ready."""

from __future__ import annotations

from typing import Any, cast

import strawberry
from starlette.datastructures import UploadFile
from strawberry.file_uploads import Upload

from civic.acts import ballots
from civic.acts.permissions import roles_in
from civic.errors import InvalidInput
from civic.i18n import render
from civic.models import Ballot as BallotRow
from civic.models import RollUpload as UploadRow
from civic.rules.rolls import plain_weight
from civic.schema.ballots.rolls import HOSTS, RefusedLine, RollPayload
from civic.schema.core.ids import decode_int, encode
from civic.schema.people import Info

SHOWN = ("reading", "writing", "ready", "wrong", "failed", "lost")


@strawberry.input
class SendRollInput:
    ballot: strawberry.ID
    as_party: strawberry.ID
    file: Upload = strawberry.field(description="As for `uploadRoll`.")
    take_over: bool = strawberry.field(
        default=False, description="Take it over as soon as it is read and nothing is wrong with it."
    )


@strawberry.input
class TakeRollInput:
    ballot: strawberry.ID
    as_party: strawberry.ID
    upload: strawberry.ID


def _said(error: Any, language: str) -> str:
    return render(InvalidInput(error["message"], reason=error["reason"], **error["details"]), language)


@strawberry.type(
    description="A file on its way to become the roll of a draft. Until then nobody votes by it."
)
class RollUpload:
    id: strawberry.ID
    state: str = strawberry.field(
        description="reading, writing, ready (to be taken over), wrong (lines), failed, or lost: the platform was "
        "stopped meanwhile, and nothing is left of it."
    )
    done: int = strawberry.field(description="Lines that are read, then lines that are written.")
    lines: int = strawberry.field(description="In all; while it is read about so many.")
    weight: str | None = strawberry.field(description="Of all good lines together; null without weights.")
    wrong: int
    row: strawberry.Private[UploadRow]

    @classmethod
    def of(cls, row: UploadRow) -> RollUpload:
        return cls(
            id=encode("RollUpload", row.id), state=row.state, done=row.done, lines=row.rows, wrong=row.wrong,
            weight=plain_weight(row.weight) if row.weighted else None, row=row,
        )  # fmt: skip

    @strawberry.field(description="The first fifty wrong lines.")
    def refused(self, info: Info) -> list[RefusedLine]:
        language = info.context.language
        return [RefusedLine(line=r["line"], message=_said(r["error"], language)) for r in self.row.refused]

    @strawberry.field(
        description="Why nothing came of the file; null unless it failed for a reason that is known."
    )
    def error(self, info: Info) -> str | None:
        return _said(self.row.error, info.context.language) if self.row.error else None


@strawberry.type
class RollUploadQuery:
    @strawberry.field(
        description="For the host: the newest file that was sent for a draft, until it is taken over; null without one."
    )
    async def roll_upload(self, info: Info, ballot: strawberry.ID) -> RollUpload | None:
        row = await BallotRow.get_or_none(id=decode_int(ballot, "Ballot"))
        viewer = info.context.viewer
        if row is None or row.state != "draft" or viewer is None:
            return None
        if not await roles_in(viewer, row.host_id) & HOSTS:
            return None
        newest = await UploadRow.filter(ballot_id=row.id).order_by("-id").first()
        return RollUpload.of(newest) if newest is not None and newest.state in SHOWN else None


@strawberry.type
class RollUploadMutation:
    @strawberry.mutation(
        description="Read the file of a roll in the background; `rollUpload` says how far it is. Whole or not at all."
    )
    async def send_roll(self, info: Info, input: SendRollInput) -> RollUpload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        content = await cast("UploadFile", input.file).read()
        actor = await info.context.actor(input.as_party)
        return RollUpload.of(await ballots.send(actor, key, content, take_over=input.take_over))

    @strawberry.mutation(description="Take over a roll that was read in the background and is ready.")
    async def take_roll(self, info: Info, input: TakeRollInput) -> RollPayload:
        key = decode_int(input.ballot, "Ballot", field="ballot")
        upload = decode_int(input.upload, "RollUpload", field="upload")
        roll = await ballots.take(await info.context.actor(input.as_party), key, upload=upload)
        return RollPayload(id=input.ballot, lines=roll.lines)
