"""The right to an anonymous vote: one blind signature for each voter."""

from __future__ import annotations

from hashlib import sha256

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from civic import db
from civic.acts import tokens
from civic.acts.ballots.electorates import listed, why_not
from civic.acts.ballots.voting import booth_of, hold_shared
from civic.acts.core import Actor, Record, act, note
from civic.acts.permissions import signed_in, the_person
from civic.errors import N_, Conflict, InvalidState
from civic.models import Ballot, Person, TokenIssue
from civic.rules.tokens import decode


async def issue_token(actor: Actor, ballot_id: int, *, blinded: str) -> bytes:
    """Sign what a voter's device has blinded, once. The same again gets the same answer, should it have been lost.

    blinded: base64url. Raises NotAllowed (not on the roll), InvalidState, InvalidInput, Conflict ``second_token``.
    """
    person = the_person(actor)
    try:
        number = decode(blinded)
    except ValueError:
        raise tokens.not_blinded() from None
    digest = sha256(number).hexdigest()
    if await _same(ballot_id, person, digest):
        await booth_of(ballot_id)
        return await tokens.blind_sign(ballot_id, number)
    try:
        await _issue(actor, ballot_id, number, digest)
    except Conflict:
        # The same request may have been faster by another way. Asked within a transaction, so that the answer waits until
        # that one's is durable.
        if await db.write(lambda: _same(ballot_id, person, digest)):
            return await tokens.blind_sign(ballot_id, number)
        raise
    return await tokens.blind_sign(
        ballot_id, number
    )  # now that it is durable, and holds up nobody's transaction


async def _same(ballot_id: int, person: Person, digest: str) -> bool:
    return bool(await TokenIssue.filter(ballot_id=ballot_id, person_id=person.id, blinded=digest).exists())


@act("ballot.issue_token", may=signed_in)
async def _issue(actor: Actor, ballot_id: int, number: bytes, digest: str) -> None:
    """Give a voter their voting pass: a blind signature, once."""
    person = the_person(actor)
    await hold_shared(ballot_id)
    booth = await booth_of(ballot_id)
    if not booth.anonymous:
        raise InvalidState(
            N_("In this ballot one votes by signing in, not with a voting pass."), reason="by_name"
        )
    if not await listed(ballot_id, [person], by_roll=booth.electorate == "roll"):
        raise await why_not(await Ballot.get(id=ballot_id), person)
    tokens.check_blinded(booth.token_key, number)
    try:
        async with in_transaction("default"):
            await TokenIssue.create(ballot_id=ballot_id, person=person, blinded=digest)
    except IntegrityError:
        raise Conflict(
            N_(
                "You were given your voting pass for this ballot already, and there is only one. Open the ballot on the "
                "device that got it."
            ),
            reason="second_token",
        ) from None
    # Neither who nor when: the number of passes is all that the record has to show.
    note(Record("ballot", ballot_id, {"ballot": str(ballot_id)}, anonymous=True))
