"""Joint meetings, from the call to the published minutes.

Every act but a vote is on the meeting itself, so that they queue on its row: what the ledger says of one meeting is in
the order in which it happened, and anybody can follow it entry by entry.
"""

from civic.acts.joint_meetings import (
    agenda,
    clauses,
    due,
    minutes,
    motions,
    planning,
    seats,
    session,
    sortition,
    votes,
)

__all__ = [
    "agenda",
    "clauses",
    "due",
    "minutes",
    "motions",
    "planning",
    "seats",
    "session",
    "sortition",
    "votes",
]
