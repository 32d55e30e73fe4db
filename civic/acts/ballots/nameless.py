"""Casting votes that come with tokens: who sends them is not asked, and not looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civic.acts import tokens
from civic.acts.box import Receipt
from civic.acts.core import Record
from civic.acts.together import Done, Outcome
from civic.acts.tokens import TokenVote
from civic.errors import N_, CivicError, InvalidInput, InvalidState
from civic.rules.tallies import clean_choice
from civic.rules.tokens import Token

if TYPE_CHECKING:
    from civic.acts.ballots.voting import Booth


async def cast_nameless(
    ballot_id: int, booth: Booth, keys: list[str], votes: dict[int, TokenVote]
) -> dict[int, Outcome[Receipt]]:
    """Cast these votes, each with its token."""
    outcomes: dict[int, Outcome[Receipt]] = {}
    ready: list[tuple[int, Token, TokenVote]] = []
    for place, vote in votes.items():
        try:
            if not booth.anonymous:
                raise InvalidState(
                    N_("In this ballot one votes by signing in, not with a voting pass."), reason="by_name"
                )
            token = tokens.checked(ballot_id, booth.token_key, vote)
            clean = clean_choice(
                booth.method, keys, vote.choice, booth.max_choices, booth.details, field="choice"
            )
            if clean != vote.choice:
                raise InvalidInput(
                    N_("This choice is not written as the box writes it. Load the page again."),
                    field="choice",
                    reason="not_canonical",
                )
            ready.append((place, token, vote))
        except CivicError as error:
            outcomes[place] = error
    try:
        receipts = await tokens.put(ballot_id, [one[1:] for one in ready], keys) if ready else []
    except CivicError as error:
        return outcomes | dict.fromkeys([place for place, _, _ in ready], error)
    for (place, _, _), receipt in zip(ready, receipts, strict=True):
        if isinstance(receipt, CivicError):
            outcomes[place] = receipt
        else:
            payload = {"ballot": str(ballot_id), "commitment": receipt.commitment}
            outcomes[place] = Done(receipt, Record("ballot", ballot_id, payload, anonymous=True))
    return outcomes
