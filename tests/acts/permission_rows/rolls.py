"""Uploaded rolls. The department hosts; an objection is anybody's who is signed in."""

from civic.acts import ballots
from civic.models import Ballot
from tests.acts.permission_rows.ballots import draft
from tests.support.permissions import Attempt, Cast, row
from tests.support.rolls import document, table


async def announced(cast: Cast) -> Ballot:
    made = await draft(cast, electorate="roll")
    await ballots.upload(cast["host"], made, file=await ballots.examine(table([[document(1)]], "证件号码")))
    return await ballots.announce(cast["host"], made)


@row("ballot.upload_roll", "host", "system")
async def _(cast: Cast) -> Attempt:
    key = (await draft(cast, electorate="roll")).id
    file = await ballots.examine(table([[document(1)]], "证件号码"))
    return lambda actor: ballots.upload(actor, key, file=file)


@row("ballot.correct_roll", "host")
async def _(cast: Cast) -> Attempt:
    key = (await announced(cast)).id
    return lambda actor: ballots.correct(actor, key, document_number=document(2))


@row(
    "ballot.challenge_roll",
    *("unverified", "resident", "resident_elsewhere", "manager", "delegate", "clerk"),
    *("host", "host_clerk", "official_elsewhere", "steward", "chair", "secretary"),
)
async def _(cast: Cast) -> Attempt:
    key = (await announced(cast)).id
    return lambda actor: ballots.challenge(actor, key, about="other", text="有人不应当在册")


@row("ballot.decide_challenge", "host")
async def _(cast: Cast) -> Attempt:
    ballot = await announced(cast)
    said = await ballots.challenge(cast["resident"], ballot, about="other", text="有人不应当在册")
    return lambda actor: ballots.decide(actor, ballot.id, challenge=said.id, accept=False, answer="查无此事")
