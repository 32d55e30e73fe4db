"""A vote that is held again, because it is void or decided nothing. Each of the two names the other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from civic import clock
from civic.acts.ballots.drafting import check_times
from civic.acts.ballots.who import host
from civic.acts.core import Actor, Record, act_on, note
from civic.acts.permissions import the_person
from civic.errors import N_, Conflict, InvalidState
from civic.models import Ballot, Option

# What makes a vote the same vote. An uploaded roll is not among it: it is uploaded anew, as it is then.
SAME = (
    "title", "question", "method", "passing", "quorum_numerator", "quorum_denominator", "max_choices", "secret",
    "area_id", "host_id", "proposal_id", "details", "electorate", "blocs", "weighted", "shuffled",
    "anonymous",
)  # fmt: skip


def check_again(ballot: Ballot) -> None:
    """Raises InvalidState unless a vote may be held again: it is void, or final without a decision."""
    result: Any = ballot.result
    undecided = ballot.state == "certified" and ballot.final_at is not None and not result["passed"]
    if ballot.state != "void" and not undecided:
        raise InvalidState(
            N_("Only a vote that is void, or whose final result decides nothing, is held again."),
            reason="decided",
        )


@act_on(Ballot, "ballot.rerun", may=host)
async def rerun(actor: Actor, ballot: Ballot, *, opens_at: datetime, closes_at: datetime) -> Ballot:
    """Draft a vote anew that is void or decided nothing, with the same terms; the two name each other."""
    check_again(ballot)
    check_times(opens_at, closes_at)
    if await Ballot.filter(rerun_of_id=ballot.id).exclude(state="void").exists():
        raise Conflict(N_("This vote is being held again already."), reason="rerun")
    again = await Ballot.create(
        **{name: getattr(ballot, name) for name in SAME}, rerun_of_id=ballot.id, author=the_person(actor),
        opens_at=opens_at, closes_at=closes_at, created_at=clock.now(),
    )  # fmt: skip
    options = await Option.filter(ballot_id=ballot.id).values("key", "position", "label", "about")
    await Option.bulk_create([Option(ballot=again, **option) for option in options])
    note(Record("ballot", again.id, {"state": "draft", "rerun_of": str(ballot.id)}))
    note(Record("ballot", ballot.id, {"state": ballot.state, "rerun": str(again.id)}))
    return again
