"""Counting votes: exact, deterministic, repeatable by anybody from the published box.

`choices` says what a vote looks like, `counting` counts, `passing` decides, `recount` does it all from a box.
"""

from civic.rules.tallies.choices import ABSTAIN, METHODS, YES_NO, canonical, check_definition, clean_choice
from civic.rules.tallies.counting import count, tally
from civic.rules.tallies.passing import PASSING, break_tie, quorum_needed
from civic.rules.tallies.recount import box_bytes, recount

__all__ = [
    "ABSTAIN",
    "METHODS",
    "PASSING",
    "YES_NO",
    "box_bytes",
    "break_tie",
    "canonical",
    "check_definition",
    "clean_choice",
    "count",
    "quorum_needed",
    "recount",
    "tally",
]
